//! How a measure went and where it is to go: its readings period by period, with the year before, and the targets of
//! the periods that are still to come. It begins with the first period of which anything is known.

use std::collections::BTreeSet;

use jiff::civil::Date;
use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{Edge, MeasureReading, View};

use crate::insight::AHEAD_MAX;
use crate::trend::last_of;

/// For how many periods to come the target is shown.
pub(crate) const AHEAD: i32 = AHEAD_MAX as i32;

/// No course is longer than this: twenty years of months.
pub(crate) const PERIODS_MAX: i32 = 240;

/// A course of fewer periods than these shows no way that something went.
const PERIODS_LEAST: i32 = 6;

/// How far back a course goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The last year.
    OneYear,
    /// The last three years.
    ThreeYears,
    /// All that was observed, as far as a course goes.
    All,
}

impl Reach {
    /// Each of them, the shortest first.
    pub const EVERY: [Reach; 3] = [Reach::OneYear, Reach::ThreeYears, Reach::All];

    /// How many periods it has, of which a year has so many.
    fn periods(self, in_a_year: i32) -> i32 {
        match self {
            Reach::OneYear => in_a_year,
            Reach::ThreeYears => 3 * in_a_year,
            Reach::All => PERIODS_MAX,
        }
    }
}

/// The periods of a measure at a unit, the oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// How far back it goes.
    pub reach: Reach,
    /// How far back it could go: those that show a way.
    pub reaches: Vec<Reach>,
    /// The periods up to the one that is shown, from the first that has a value or a target.
    pub so_far: Vec<CoursePoint>,
    /// Those to come, with their targets and without the values that later ones may have.
    pub to_come: Vec<CoursePoint>,
    /// Whether no later period has a value yet.
    pub is_latest: bool,
    /// Whether something may be known of periods before the first.
    pub is_cut: bool,
}

/// One period.
#[derive(Debug, Clone, PartialEq)]
pub struct CoursePoint {
    /// The period.
    pub period: Period,
    /// How the measure is read in it.
    pub reading: MeasureReading,
    /// The value of the same period one year before.
    pub year_before: Option<f64>,
}

impl CoursePoint {
    /// The period as one to come.
    fn without_value(mut self) -> CoursePoint {
        let reading = &mut self.reading;
        (reading.value, reading.gap, reading.completeness) = (None, None, None);
        self
    }

    /// Whether it has a value, or a target that somebody set for a time: a range holds for ever.
    fn is_known(&self) -> bool {
        self.reading.value.is_some() || matches!(self.reading.target, Some(Edge::Number(_)))
    }
}

impl Course {
    /// The course of a measure; where no reach is asked for, three years, or all of it where these are too short to
    /// show a way.
    pub(crate) fn of(
        view: &View,
        measure: MeasureId,
        unit: UnitId,
        shown: Period,
        reach: Option<Reach>,
    ) -> Course {
        let calendar = view.plan.calendar();
        let own = view.plan.measures().get(measure).map(|of| of.frequency);
        let (frequency, last) = last_of(calendar, own.unwrap_or(Frequency::Year), &shown);
        let year = in_a_year(calendar, frequency, &shown);
        let shows_a_way = |reach: &Reach| reach.periods(year) >= PERIODS_LEAST;
        let reaches: Vec<Reach> = Reach::EVERY.into_iter().filter(shows_a_way).collect();
        let reach = reach.unwrap_or(if shows_a_way(&Reach::ThreeYears) {
            Reach::ThreeYears
        } else {
            Reach::All
        });
        let first = first_of(view, measure, calendar, frequency, last, (reach, year));
        let known = calendar.index_range(frequency);
        let indexes: Vec<i32> = ((first - year)..=(last + AHEAD))
            .filter(|index| known.contains(index))
            .collect();
        let periods: Vec<Period> = indexes
            .iter()
            .map(|index| calendar.period(frequency, *index))
            .collect();
        let read = view.trends(&[measure], unit, |_| periods.clone());
        let readings: Vec<MeasureReading> = read.into_iter().flatten().collect();
        let value_at = |index: i32| {
            let found = indexes.binary_search(&index).ok()?;
            readings.get(found)?.value
        };
        let point = |index: i32| {
            let found = indexes.binary_search(&index).ok()?;
            Some(CoursePoint {
                period: *periods.get(found)?,
                reading: readings.get(found)?.clone(),
                year_before: value_at(index - year),
            })
        };
        let ahead = (last + 1)..=(last + AHEAD);
        let is_latest = ahead.clone().all(|index| value_at(index).is_none());
        let so_far: Vec<CoursePoint> = (first..=last).filter_map(point).collect();
        let is_cut = so_far.first().is_some_and(CoursePoint::is_known);
        Course {
            reach,
            reaches,
            so_far: so_far
                .into_iter()
                .skip_while(|point| !point.is_known())
                .collect(),
            to_come: ahead
                .filter_map(point)
                .map(CoursePoint::without_value)
                .collect(),
            is_latest,
            is_cut,
        }
    }
}

/// The place of the first period to look at: as far back as was asked for, and no further than anything was observed
/// where that is all.
fn first_of(
    view: &View,
    measure: MeasureId,
    calendar: &Calendar,
    frequency: Frequency,
    last: i32,
    (reach, year): (Reach, i32),
) -> i32 {
    let first = last - reach.periods(year) + 1;
    if reach != Reach::All {
        return first;
    }
    let three_years = last - Reach::ThreeYears.periods(year) + 1;
    first_observed(view, measure).map_or(three_years, |day| {
        let observed = calendar.index_of(frequency, day);
        observed.min(three_years).max(first)
    })
}

/// The first day of which a measure, or one that its formula names, was ever observed.
pub(crate) fn first_observed(view: &View, measure: MeasureId) -> Option<Date> {
    let mut seen = BTreeSet::new();
    let mut to_see = vec![measure];
    let mut first: Option<Date> = None;
    while let Some(measure) = to_see.pop() {
        if !seen.insert(measure) {
            continue;
        }
        let series = view.observations.of_measure(measure);
        let days = series
            .into_iter()
            .flat_map(|units| units.values())
            .filter_map(|series| Some(series.points().first()?.period.middle()));
        first = days.chain(first).min();
        let formula = view.plan.measures().get(measure);
        let formula = formula.and_then(|measure| measure.formula.as_ref());
        to_see.extend(formula.into_iter().flat_map(|formula| formula.measures()));
    }
    first
}

/// How many periods of a frequency a year has.
pub(crate) fn in_a_year(calendar: &Calendar, frequency: Frequency, shown: &Period) -> i32 {
    let year = calendar.containing(Frequency::Year, shown.middle());
    let fiscal = calendar.containing(Frequency::FiscalYear, shown.middle());
    let count = |year| i32::try_from(calendar.parts(&year, frequency).count()).unwrap_or(1);
    count(year).max(count(fiscal)).max(1)
}
