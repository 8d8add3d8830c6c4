//! A measure over time: actual as a line with dots, target as a line in steps or as a band, the year before light, the
//! floor dotted. Gaps stay gaps. Behind it the natural limits, in front of it what is expected, within ranges of 50, 80 and
//! 95 of 100 cases; points that signal a change have a ring, and those that are unusual for their season a square. Notes stand above as letters, and below, where they are asked for,
//! the steps from period to period.

mod draw;
mod judged;
mod labels;
mod notes;
mod steps;
mod strokes;
mod unusual;

use throughline_core::UnitOfMeasure;

use crate::chart::{Chart, Width};
use crate::scale::finite;
use crate::words::{Numbers, count, listed};

/// The most periods that signal and are named one by one.
const NAMED_MAX: usize = 3;

/// What is known of one period.
#[derive(Clone, Debug, Default)]
pub struct TimePoint {
    /// The period's full name, such as "Oct 2026" or "week to 22 Nov 2026".
    pub period: String,
    /// Its name on the axis, such as "Oct"; empty where the axis stays silent.
    pub short: String,
    /// What comes above it on the axis, such as "2026".
    pub year: String,
    /// The value; none is a gap.
    pub actual: Option<f64>,
    /// The target; none where it is a range.
    pub target: Option<f64>,
    /// The lower and the upper edge of a target that is a range.
    pub target_range: Option<(f64, f64)>,
    /// The floor.
    pub floor: Option<f64>,
    /// The value of the same period one year before.
    pub year_before: Option<f64>,
    /// The natural limits: while nothing changes, values lie between them.
    pub limits: Option<NaturalLimits>,
    /// What the value signals.
    pub signal: Option<Signal>,
    /// That the value is unusual for its season, such as "low for a July".
    pub unusual: Option<String>,
    /// What is expected of a period to come.
    pub expected: Option<Expected>,
    /// How far the value moved from the one before.
    pub step: Option<Step>,
}

/// The natural limits of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NaturalLimits {
    /// Values below signal.
    pub lower: f64,
    /// The average.
    pub centre: f64,
    /// Values above signal.
    pub upper: f64,
}

/// What a value signals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// For better or worse; none where it cannot be said.
    pub is_better: Option<bool>,
    /// The same with its reason, such as "Worse: below the lower natural limit".
    pub words: String,
}

/// A note at a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The place of its period.
    pub place: usize,
    /// The letter by which it is found beside the chart.
    pub letter: char,
    /// What it says.
    pub words: String,
}

/// How far a value moved from the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The size, without its sign.
    pub size: f64,
    /// Above which steps are not routine; none where that is not known.
    pub limit: Option<f64>,
}

impl Step {
    /// Whether it is larger than routine steps are.
    fn is_large(self) -> bool {
        self.limit.is_some_and(|limit| self.size > limit)
    }
}

/// What is expected of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// The value that is as likely too high as too low.
    pub mean: f64,
    /// The ranges that hold it in 50, 80 and 95 of 100 cases, each from its lower to its upper end.
    pub ranges: [Option<(f64, f64)>; 3],
}

/// One measure over time.
#[derive(Clone, Debug, Default)]
pub struct TimeChart {
    /// The measure's name.
    pub name: String,
    /// The unit its values are shown in.
    pub unit: UnitOfMeasure,
    /// The decimals its values are shown with.
    pub decimals: u8,
    /// The periods, oldest first; those to come may have a target alone.
    pub points: Vec<TimePoint>,
    /// The places of the periods from which on the level is another.
    pub shifts: Vec<usize>,
    /// What somebody noted, the oldest period first.
    pub notes: Vec<Note>,
    /// Whether steps and limits are of values without what comes back each year.
    pub is_seasonal: bool,
}

/// One of the lines of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Actual,
    Target,
    Floor,
    YearBefore,
    Expected,
}

impl Line {
    const ALL: [Line; 5] = [
        Line::Actual,
        Line::Target,
        Line::Floor,
        Line::YearBefore,
        Line::Expected,
    ];

    fn word(self) -> &'static str {
        match self {
            Line::Actual => "Actual",
            Line::Target => "Target",
            Line::Floor => "Floor",
            Line::YearBefore => "Year before",
            Line::Expected => "Expected",
        }
    }

    fn of(self, point: &TimePoint) -> Option<f64> {
        finite(match self {
            Line::Actual => point.actual,
            Line::Target => point.target,
            Line::Floor => point.floor,
            Line::YearBefore => point.year_before,
            Line::Expected => point.expected.map(|expected| expected.mean),
        })
    }
}

/// The natural limits of a period, if they can be drawn.
fn limits(point: &TimePoint) -> Option<NaturalLimits> {
    let limits = point.limits?;
    let number = |value: f64| finite(Some(value));
    Some(NaturalLimits {
        lower: number(limits.lower.min(limits.upper))?,
        centre: number(limits.centre)?,
        upper: number(limits.upper.max(limits.lower))?,
    })
}

/// The range of a level that a period is expected in, if it can be drawn.
fn expected_range(point: &TimePoint, level: usize) -> Option<(f64, f64)> {
    let (low, high) = *point.expected?.ranges.get(level)?.as_ref()?;
    let (low, high) = (finite(Some(low))?, finite(Some(high))?);
    Some((low.min(high), low.max(high)))
}

/// The edges of a target that is a range, if it can be drawn.
fn range(point: &TimePoint) -> Option<(f64, f64)> {
    let (low, high) = point.target_range?;
    let (low, high) = (finite(Some(low))?, finite(Some(high))?);
    Some((low.min(high), low.max(high)))
}

impl TimeChart {
    fn numbers(&self) -> Numbers<'_> {
        Numbers {
            unit: &self.unit,
            decimals: self.decimals,
        }
    }

    /// The values of a line, one per period.
    fn values(&self, line: Line) -> impl Iterator<Item = Option<f64>> + '_ {
        self.points.iter().map(move |point| line.of(point))
    }

    /// The last period that has a value on the line, and the value.
    fn last(&self, line: Line) -> Option<(usize, f64)> {
        self.values(line)
            .enumerate()
            .filter_map(|(index, value)| Some((index, value?)))
            .last()
    }

    /// The first period that something is expected of.
    fn first_expected(&self) -> Option<usize> {
        self.values(Line::Expected)
            .position(|value| value.is_some())
    }

    /// The last value, if what is expected begins right after it.
    fn start_of_expected(&self) -> Option<(usize, f64)> {
        let first = self.first_expected()?;
        self.last(Line::Actual)
            .filter(|(index, _)| index + 1 == first)
    }

    /// The last period whose target is a range, and its edges.
    fn last_range(&self) -> Option<(usize, (f64, f64))> {
        let ranges = self.points.iter().enumerate();
        ranges
            .filter_map(|(index, point)| Some((index, range(point)?)))
            .next_back()
    }

    fn has(&self, line: Line) -> bool {
        self.last(line).is_some() || line == Line::Target && self.last_range().is_some()
    }

    /// "5.0% to 12.0%"
    fn range_in_words(&self, (low, high): (f64, f64)) -> String {
        let numbers = self.numbers();
        let [low, high] = [low, high].map(|edge| numbers.value(Some(edge)));
        format!("{low} to {high}")
    }

    /// What stands in the table for a line in a period.
    fn cell(&self, line: Line, point: &TimePoint) -> String {
        match (line, range(point)) {
            (Line::Target, Some(edges)) => self.range_in_words(edges),
            (Line::Expected, _) => match (line.of(point), expected_range(point, 1)) {
                (Some(mean), Some(range)) => format!(
                    "{} ({})",
                    self.numbers().value(Some(mean)),
                    self.range_in_words(range)
                ),
                (mean, _) => self.numbers().value(mean),
            },
            _ => self.numbers().value(line.of(point)),
        }
    }

    /// What there is to say of natural limits and of points that signal.
    fn signals_in_words(&self) -> String {
        let mut points = self.points.iter().rev();
        let newest = points.find_map(|point| Some((point, limits(point)?)));
        let mut text = newest.map_or_else(String::new, |(point, newest)| {
            let average = self.numbers().value(Some(newest.centre));
            let range = self.range_in_words((newest.lower, newest.upper));
            let of_season = match self.is_seasonal {
                true => format!(" of {}, with what comes back each year,", point.period),
                false => String::new(),
            };
            format!(" The natural limits{of_season} are {range}, the average {average}.")
        });
        let signals = self.points.iter().filter(|point| point.signal.is_some());
        let periods: Vec<String> = signals.map(|point| point.period.clone()).collect();
        match (periods.len(), newest) {
            (0, None) => {}
            (0, Some(_)) => text.push_str(" No value signals a change."),
            (1, _) => text.push_str(&format!(" {} signals a change.", periods[0])),
            (many, _) if many > NAMED_MAX => {
                let last = periods.last().map_or("", String::as_str);
                text.push_str(&format!(
                    " {many} values signal a change, the last in {last}."
                ));
            }
            _ => text.push_str(&format!(" {} signal a change.", listed(&periods))),
        }
        text
    }

    /// "Expected for Mar 2027 is 82.9%, in 80 of 100 cases 79.6% to 86.2%, in 95 of 100 cases 77.2% to 88.6%."
    fn expected_in_words(&self) -> Option<String> {
        let (index, mean) = self.last(Line::Expected)?;
        let point = &self.points[index];
        // The drawing may end before the wider one does.
        let ranges = [(1, 80), (2, 95)].into_iter().filter_map(|(level, cases)| {
            let range = self.range_in_words(expected_range(point, level)?);
            Some(format!(", in {cases} of 100 cases {range}"))
        });
        Some(format!(
            " Expected for {} is {}{}.",
            point.period,
            self.numbers().value(Some(mean)),
            ranges.collect::<String>()
        ))
    }

    /// "Note A, Aug 2026: Storm week." for each note.
    fn notes_in_words(&self) -> String {
        let notes = self.notes.iter().filter_map(|note| {
            let period = &self.points.get(note.place)?.period;
            let words = note.words.trim().trim_end_matches('.');
            Some(format!(" Note {}, {period}: {words}.", note.letter))
        });
        notes.collect()
    }

    /// The notes at a place, for the table: "A: Storm week; B: ...".
    fn notes_at(&self, place: usize) -> String {
        let notes = self.notes.iter().filter(|note| note.place == place);
        let notes = notes.map(|note| format!("{}: {}", note.letter, note.words.trim()));
        notes.collect::<Vec<_>>().join("; ")
    }

    /// "The largest step from one value to the next is ..., in May 2026; routine ones are at most ..."
    fn steps_in_words(&self) -> Option<String> {
        let steps = self.points.iter();
        let steps = steps.filter_map(|point| Some((point, steps::step(point)?)));
        let (point, largest) = steps.max_by(|one, other| one.1.size.total_cmp(&other.1.size))?;
        let routine = largest.limit.map_or_else(String::new, |limit| {
            format!("; routine steps are at most {}", self.step_in_words(limit))
        });
        Some(format!(
            " The largest step from one value to the next{} is {}, in {}{routine}.",
            match self.is_seasonal {
                true => ", with what comes back each year taken off,",
                false => "",
            },
            self.step_in_words(largest.size),
            point.period
        ))
    }

    /// A step with its unit; of percent in points.
    fn step_in_words(&self, size: f64) -> String {
        let words = self.numbers().beside(size, 0.0);
        match words.strip_suffix(" above") {
            Some(size) => size.to_owned(),
            None => self.numbers().value(Some(size)),
        }
    }

    /// "The target for Oct 2026 is 82.0%: the value is 0.7 points below it."
    fn against_target(&self, index: usize, actual: f64) -> Option<String> {
        let point = self.points.get(index)?;
        let numbers = self.numbers();
        if let Some((low, high)) = range(point) {
            let stands = match actual {
                below if below < low => format!("{} the lower edge", numbers.beside(below, low)),
                above if above > high => format!("{} the upper edge", numbers.beside(above, high)),
                _ => "inside".to_owned(),
            };
            let range = self.range_in_words((low, high));
            return Some(format!(
                " The target for {} is {range}: the value is {stands}.",
                point.period
            ));
        }
        let target = Line::Target.of(point)?;
        Some(format!(
            " The target for {} is {}: the value is {} it.",
            point.period,
            numbers.value(Some(target)),
            numbers.beside(actual, target)
        ))
    }
}

impl Chart for TimeChart {
    fn title(&self) -> String {
        match (self.points.first(), self.points.last()) {
            (Some(first), Some(last)) => {
                format!("{}, {} to {}", self.name, first.period, last.period)
            }
            _ => self.name.clone(),
        }
    }

    fn description(&self) -> String {
        let numbers = self.numbers();
        let known: Vec<(&TimePoint, f64)> = self
            .points
            .iter()
            .filter_map(|point| Some((point, Line::Actual.of(point)?)))
            .collect();
        let (Some((first, from)), Some((last, to)), Some((index, _))) =
            (known.first(), known.last(), self.last(Line::Actual))
        else {
            return "No period has a value.".to_owned();
        };
        let say = |value: f64| numbers.value(Some(value));
        let mut text = format!("{} in {}", say(*to), last.period);
        if known.len() > 1 {
            text.push_str(&format!(", from {} in {}", say(*from), first.period));
        }
        text.push('.');
        let lowest = known.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = known.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some((low_point, low)), Some((high_point, high))) = (lowest, highest)
            && low < high
        {
            text.push_str(&format!(
                " The lowest of {} is {} in {}, the highest {} in {}.",
                count(known.len(), "value"),
                say(*low),
                low_point.period,
                say(*high),
                high_point.period
            ));
        }
        text.extend(self.against_target(index, *to));
        let missing = self
            .points
            .iter()
            .take(index)
            .filter(|point| Line::Actual.of(point).is_none())
            .count();
        if missing > 0 {
            let have = if missing == 1 { "has" } else { "have" };
            text.push_str(&format!(
                " {} before it {have} no value.",
                count(missing, "period")
            ));
        }
        text.push_str(&self.signals_in_words());
        text.push_str(&self.unusual_in_words());
        text.extend(self.expected_in_words());
        text.push_str(&self.notes_in_words());
        text.extend(self.steps_in_words());
        text
    }

    fn table(&self) -> Vec<Vec<String>> {
        let lines: Vec<Line> = Line::ALL
            .into_iter()
            .filter(|line| *line == Line::Actual || self.has(*line))
            .collect();
        let widest = |point| expected_range(point, 2);
        let has_widest = self.points.iter().any(|point| widest(point).is_some());
        let has_limits = self.points.iter().any(|point| limits(point).is_some());
        let has_signals = self.points.iter().any(|point| point.signal.is_some());
        let is_any_unusual = self.points.iter().any(|point| point.unusual.is_some());
        let has_steps = self.points.iter().any(|point| steps::step(point).is_some());
        let heads = std::iter::once("Period".to_owned())
            .chain(lines.iter().map(|line| line.word().to_owned()))
            .chain(has_widest.then(|| "In 95 of 100 cases".to_owned()))
            .chain(has_limits.then(|| "Natural limits".to_owned()))
            .chain(has_signals.then(|| "Signal".to_owned()))
            .chain(is_any_unusual.then(|| "Unusual".to_owned()))
            .chain(has_steps.then(|| "Step".to_owned()))
            .chain((!self.notes.is_empty()).then(|| "Notes".to_owned()));
        let rows = self.points.iter().enumerate().map(|(place, point)| {
            let cells = lines.iter().map(|line| self.cell(*line, point));
            let of_limits = limits(point);
            let of_limits = of_limits.map(|one| self.range_in_words((one.lower, one.upper)));
            let signal = point.signal.as_ref().map(|signal| signal.words.clone());
            std::iter::once(point.period.clone())
                .chain(cells)
                .chain(has_widest.then(|| {
                    let range = widest(point).map(|range| self.range_in_words(range));
                    range.unwrap_or_default()
                }))
                .chain(has_limits.then(|| of_limits.unwrap_or_default()))
                .chain(has_signals.then(|| signal.unwrap_or_default()))
                .chain(is_any_unusual.then(|| point.unusual.clone().unwrap_or_default()))
                .chain(has_steps.then(|| {
                    let step = steps::step(point).map(|step| self.step_in_words(step.size));
                    step.unwrap_or_default()
                }))
                .chain((!self.notes.is_empty()).then(|| self.notes_at(place)))
                .collect()
        });
        std::iter::once(heads.collect()).chain(rows).collect()
    }

    fn widths(&self) -> &'static [Width] {
        &[Width::Wide, Width::Middle, Width::Narrow]
    }

    fn drawing(&self, width: Width) -> String {
        draw::draw(self, width)
    }
}
