//! A measure over time, drawn from its course with what its points say and what is to come, and with what is known of each
//! period in a line that can be read out.

use std::collections::BTreeSet;

use askama::Template;
use throughline_app::insight::{Expected, Mark, Outlook, marks_in_words, unusual_in_words};
use throughline_app::words::{self, numbers};
use throughline_app::{Course, CoursePoint, Noted, Trend};
use throughline_charts::{Chart, NaturalLimits, Note, Signal, Step, TimeChart, TimePoint};
use throughline_core::{Calendar, Frequency, Period};
use throughline_engine::Edge;
use throughline_insight::signals::State;
use throughline_model::records::Measure;

/// So many periods to come are drawn at least, with their targets.
const AHEAD_LEAST: usize = 6;

/// The chart.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/course_chart.html")]
pub struct CourseChart {
    /// What is drawn.
    pub chart: TimeChart,
    /// The lines that are there.
    pub lines: Vec<LegendLine>,
    /// Each period that is drawn, in words.
    pub readouts: Vec<Readout>,
    /// The place among them of the last period that has been.
    pub current: usize,
    /// Whether its legend leads to the table of the page; where the table follows at once, it says so itself.
    pub leads_to_table: bool,
}

/// What is drawn of a measure over time.
#[derive(Clone, Copy)]
pub struct Drawn<'a> {
    /// Its course.
    pub course: &'a Course,
    /// The measure.
    pub measure: &'a Measure,
    /// The calendar by which periods are named.
    pub calendar: &'a Calendar,
    /// What its points say.
    pub trend: &'a Trend,
    /// What is to come, if it is known.
    pub outlook: Option<&'a Outlook>,
    /// What somebody noted on it, the oldest period first.
    pub noted: &'a [Noted],
    /// Whether the steps from value to value are drawn below it.
    pub with_steps: bool,
}

/// What is known of one period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readout {
    /// The period.
    pub period: String,
    /// The value with its unit.
    pub value: String,
    /// How it stands to the target, the year before, and how much of what is owed is there.
    pub about: Vec<String>,
}

/// A line of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendLine {
    /// How it is drawn.
    pub mark: LegendMark,
    /// What it is.
    pub words: &'static str,
}

/// How a line of the legend is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegendMark {
    /// A line with a dot.
    Dotted(&'static str),
    /// A line.
    Plain(&'static str),
    /// An area between two edges.
    Band,
    /// An area between dashed edges, with a line between them.
    Limits,
    /// A ring around a dot.
    Ring,
    /// A square around a dot.
    Square,
    /// A dashed line with a fan around it.
    Fan,
}

impl CourseChart {
    /// The chart of a course; none where no period has a value. The inputs of the period that is shown are counted, where
    /// they are known.
    #[must_use]
    pub fn of(drawn: &Drawn<'_>, inputs: Option<(Period, String)>) -> Option<CourseChart> {
        let (course, measure) = (drawn.course, drawn.measure);
        let to_come = course.to_come.iter().take(drawn.periods_to_come());
        let all = || course.so_far.iter().chain(to_come.clone());
        let points: Vec<TimePoint> = all().map(|point| drawn.time_point(point)).collect();
        if points.iter().all(|point| point.actual.is_none()) {
            return None;
        }
        let readout = |point: &CoursePoint| {
            let counted = inputs.as_ref().filter(|(of, _)| *of == point.period);
            let counted = counted.map(|(_, words)| words.clone());
            drawn.readout(point, counted)
        };
        let signals = &drawn.trend.signals;
        let shifts = signals.shifts.iter().map(|shift| shift.index);
        let shifts: BTreeSet<usize> = shifts.chain(signals.baselines.iter().copied()).collect();
        let periods = shifts
            .into_iter()
            .filter_map(|place| drawn.trend.readings.get(place));
        let place = |of: &Period| all().position(|point| point.period == *of);
        let note = |(letter, noted): (char, &Noted)| {
            Some(Note {
                place: place(&noted.period)?,
                letter,
                words: noted.note.what.clone(),
            })
        };
        let chart = TimeChart {
            name: measure.name.clone(),
            unit: numbers::unit_of(measure),
            decimals: numbers::decimals_of(measure),
            points,
            shifts: periods.filter_map(|(period, _)| place(period)).collect(),
            notes: lettered(drawn.noted).filter_map(note).collect(),
            is_seasonal: !signals.season.is_empty(),
        };
        Some(CourseChart {
            lines: legend(&chart.points),
            chart,
            readouts: all().map(readout).collect(),
            current: course.so_far.len().saturating_sub(1),
            leads_to_table: true,
        })
    }

    /// The same where its table follows at once.
    #[must_use]
    pub fn beside_its_table(self) -> CourseChart {
        CourseChart {
            leads_to_table: false,
            ..self
        }
    }
}

/// Notes, each with the letter by which it is found on the chart.
pub fn lettered(noted: &[Noted]) -> impl Iterator<Item = (char, &Noted)> {
    ('A'..).zip(noted)
}

fn legend(points: &[TimePoint]) -> Vec<LegendLine> {
    let has = |of: fn(&TimePoint) -> bool| points.iter().any(of);
    let lines = [
        (true, LegendMark::Dotted("c-ac"), "Actual"),
        (
            has(|point| point.target.is_some()),
            LegendMark::Plain("c-tgt"),
            "Target",
        ),
        (
            has(|point| point.target_range.is_some()),
            LegendMark::Band,
            "Target, from edge to edge",
        ),
        (
            has(|point| point.floor.is_some()),
            LegendMark::Plain("c-floor"),
            "Floor",
        ),
        (
            has(|point| point.year_before.is_some()),
            LegendMark::Plain("c-py"),
            "Year before",
        ),
        (
            has(|point| point.limits.is_some()),
            LegendMark::Limits,
            "Natural limits and average",
        ),
        (
            has(|point| point.signal.is_some()),
            LegendMark::Ring,
            "Signals a change",
        ),
        (
            has(|point| point.unusual.is_some()),
            LegendMark::Square,
            "Unusual for its season",
        ),
        (
            has(|point| point.expected.is_some()),
            LegendMark::Fan,
            "Expected, 50, 80 and 95 of 100 cases",
        ),
    ];
    let lines = lines.into_iter().filter(|(is_there, ..)| *is_there);
    lines
        .map(|(_, mark, words)| LegendLine { mark, words })
        .collect()
}

impl Drawn<'_> {
    /// How many periods to come are drawn: as far as is looked ahead and something is noted, and where nothing later is known
    /// the next half-year of months at least.
    fn periods_to_come(&self) -> usize {
        let expected = self.outlook.map_or(0, |outlook| outlook.expected.len());
        let is_noted = |point: &CoursePoint| self.notes_at(&point.period).next().is_some();
        let noted = self.course.to_come.iter().rposition(is_noted);
        let least = noted.map_or(expected, |place| expected.max(place + 1));
        if self.course.is_latest {
            least.max(AHEAD_LEAST)
        } else {
            least
        }
    }

    /// The place of a period in the trend.
    fn place(&self, period: &Period) -> Option<usize> {
        let mut periods = self.trend.readings.iter();
        periods.position(|(known, _)| known == period)
    }

    fn mark(&self, period: &Period) -> Option<Mark> {
        self.trend.signals.mark(self.place(period)?)
    }

    fn expected(&self, period: &Period) -> Option<Expected> {
        let mut expected = self.outlook?.expected.iter();
        expected.find(|one| one.period == *period).copied()
    }

    fn readout(&self, point: &CoursePoint, counted: Option<String>) -> Readout {
        let (reading, measure) = (&point.reading, self.measure);
        let against = match (reading.value, reading.target) {
            (None, Some(target)) => {
                let target = numbers::target_in_words(target, measure);
                Some(format!("target {target}"))
            }
            (Some(_), Some(_)) => {
                Some(numbers::against_plan(reading.gap, measure)).filter(|gap| !gap.is_empty())
            }
            (_, None) => None,
        };
        let year_before = point.year_before.map(|value| {
            let value = numbers::value(Some(value), measure);
            format!("{value} the year before")
        });
        let share = reading.completeness.map(|share| {
            let share = numbers::share(Some(share));
            format!("{share} of values")
        });
        let inputs = counted.or(share).filter(|_| reading.value.is_some());
        let expected = self.expected(&point.period);
        let expected = expected.filter(|_| reading.value.is_none());
        Readout {
            period: words::period(&point.period, self.calendar),
            value: match (reading.value, expected) {
                (None, Some(expected)) => {
                    format!("{} expected", numbers::short(Some(expected.mean), measure))
                }
                (None, None) => "no value".to_owned(),
                (value, _) => numbers::value(value, measure),
            },
            about: [
                self.judged(point),
                expected.and_then(|expected| self.four_of_five(&expected)),
                against,
                year_before,
                inputs,
            ]
            .into_iter()
            .flatten()
            .chain(self.notes_at(&point.period))
            .collect(),
        }
    }

    /// What is noted at a period: `A: Storm week.`
    fn notes_at(&self, period: &Period) -> impl Iterator<Item = String> {
        let notes = lettered(self.noted).filter(move |(_, noted)| noted.period == *period);
        notes.map(|(letter, noted)| format!("{letter}: {}", noted.note.what))
    }

    /// Whether a value signals, or is routine; nothing where it has no limits.
    fn judged(&self, point: &CoursePoint) -> Option<String> {
        point.reading.value?;
        let place = self.place(&point.period)?;
        self.trend.signals.limits(place)?;
        let mark = self.trend.signals.mark(place);
        let judged = match mark {
            Some(mark) => marks_in_words(&mark),
            None => "routine".to_owned(),
        };
        Some(match unusual_in_words(self.trend, place) {
            Some(unusual) => format!("{judged}, but {unusual}"),
            None => judged,
        })
    }

    /// `80 of 100 cases 79.6% to 86.2%`
    fn four_of_five(&self, expected: &Expected) -> Option<String> {
        let (low, high) = expected.ranges[1]?;
        let [low, high] = [low, high].map(|edge| numbers::short(Some(edge), self.measure));
        Some(format!("in 80 of 100 cases {low} to {high}"))
    }

    fn time_point(&self, point: &CoursePoint) -> TimePoint {
        let (short, year) = on_the_axis(&point.period, self.calendar);
        let (target, target_range) = match point.reading.target {
            Some(Edge::Number(number)) => (Some(number), None),
            Some(Edge::Range(low, high)) => (None, Some((low, high))),
            None => (None, None),
        };
        let place = self.place(&point.period);
        let limits = place.and_then(|place| self.trend.signals.limits(place));
        let expected = self.expected(&point.period);
        TimePoint {
            period: words::period(&point.period, self.calendar),
            short,
            year,
            actual: point.reading.value,
            target,
            target_range,
            floor: match point.reading.floor {
                Some(Edge::Number(number)) => Some(number),
                // Where the target is a band, a floor on either side of it would be one line too many.
                Some(Edge::Range(..)) | None => None,
            },
            year_before: point.year_before,
            limits: limits.map(|limits| NaturalLimits {
                lower: limits.lower,
                centre: limits.centre,
                upper: limits.upper,
            }),
            signal: self.mark(&point.period).map(|mark| signal(&mark)),
            unusual: place.and_then(|place| unusual_in_words(self.trend, place)),
            step: place
                .filter(|_| self.with_steps)
                .and_then(|place| self.trend.signals.step(place))
                .map(|(size, limit)| Step { size, limit }),
            expected: expected.map(|expected| throughline_charts::Expected {
                mean: expected.mean,
                ranges: expected.ranges,
            }),
        }
    }
}

fn signal(mark: &Mark) -> Signal {
    Signal {
        is_better: match mark.state {
            State::Improving => Some(true),
            State::Worsening => Some(false),
            State::Moved | State::Steady => None,
        },
        words: words::sentence(&marks_in_words(mark)),
    }
}

/// `Jun` below `2013`, `Q2` below `2013`; a year stands alone.
fn on_the_axis(period: &Period, calendar: &Calendar) -> (String, String) {
    let name = words::period(period, calendar);
    match name.split_once(' ') {
        Some((short, year)) if period.frequency != Frequency::Week => {
            (short.to_owned(), year.to_owned())
        }
        _ => (name, String::new()),
    }
}
