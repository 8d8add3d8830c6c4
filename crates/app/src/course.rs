//! How a measure went and where it is to go: its readings period by period, with the year before, and the targets of
//! the periods that are still to come.

use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{MeasureReading, View};

use crate::trend::{TREND_PERIODS, last_of};

/// For how many periods to come the target is shown.
const AHEAD: i32 = 6;

/// The periods of a measure at a unit, the oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Course {
    /// The periods up to the one that is shown.
    pub so_far: Vec<CoursePoint>,
    /// Those to come, with their targets; none where a later period has a value already.
    pub to_come: Vec<CoursePoint>,
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

impl Course {
    pub(crate) fn of(view: &View, measure: MeasureId, unit: UnitId, shown: Period) -> Course {
        let calendar = view.plan.calendar();
        let Some(frequency) = view.plan.measures().get(measure).map(|of| of.frequency) else {
            return Course::default();
        };
        let (frequency, last) = last_of(calendar, frequency, &shown);
        let year = in_a_year(calendar, frequency, &shown);
        let first = last - TREND_PERIODS + 1;
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
        Course {
            so_far: (first..=last).filter_map(point).collect(),
            to_come: ahead.filter(|_| is_latest).filter_map(point).collect(),
        }
    }
}

/// How many periods of a frequency a year has.
fn in_a_year(calendar: &Calendar, frequency: Frequency, shown: &Period) -> i32 {
    let year = calendar.containing(Frequency::Year, shown.middle());
    let fiscal = calendar.containing(Frequency::FiscalYear, shown.middle());
    let count = |year| i32::try_from(calendar.parts(&year, frequency).count()).unwrap_or(1);
    count(year).max(count(fiscal)).max(1)
}
