//! The observations as they were known at one instant: for each measure and unit the current value of each period.

use std::collections::HashMap;

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::observation::Recorded;

/// The current value of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// The value; `None` states that there is none.
    pub value: Option<f64>,
    /// The weight, where one was given.
    pub weight: Option<f64>,
    /// Which of the recorded observations this is.
    pub row: usize,
}

/// The current values of one measure at one unit, by period.
#[derive(Clone, Debug, Default)]
pub struct Series {
    points: Vec<Point>,
}

impl Series {
    /// The value of a period.
    pub fn at(&self, period: &Period) -> Option<&Point> {
        let found = self
            .points
            .binary_search_by(|point| point.period.cmp(period))
            .ok()?;
        self.points.get(found)
    }

    /// Every point, by period.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The points that are meant alone.
    pub(crate) fn only(&self, is_meant: impl Fn(&Point) -> bool) -> Series {
        let points = self.points.iter().copied();
        Series {
            points: points.filter(is_meant).collect(),
        }
    }

    /// The points before a period, the latest first.
    pub fn before(&self, period: &Period) -> impl Iterator<Item = &Point> {
        let end = self.points.partition_point(|point| point.period < *period);
        self.points.iter().take(end).rev()
    }
}

/// The observations that were known at one instant.
#[derive(Clone, Debug, Default)]
pub struct Observations {
    series: HashMap<MeasureId, HashMap<UnitId, Series>>,
    recorded: Vec<Recorded>,
    superseded: HashMap<MeasureId, Vec<usize>>,
}

impl Observations {
    /// Indexes what was recorded, in the order in which it became known: of one cell the last one counts.
    pub fn of(recorded: Vec<Recorded>) -> Observations {
        let mut series: HashMap<(MeasureId, UnitId), Vec<Point>> = HashMap::new();
        let mut rows = recorded.iter().enumerate().peekable();
        while let Some((_, first)) = rows.peek() {
            // Rows of one series mostly stand together, so that it is looked up once for all of them.
            let key = (first.observation.cell.measure, first.observation.cell.unit);
            let points = series.entry(key).or_default();
            let same = |(_, next): &(usize, &Recorded)| {
                (next.observation.cell.measure, next.observation.cell.unit) == key
            };
            while let Some((row, next)) = rows.next_if(same) {
                let observation = &next.observation;
                let point = Point {
                    period: observation.cell.period,
                    value: observation.value,
                    weight: observation.weight,
                    row,
                };
                points.push(point);
            }
        }
        let mut observations = Observations {
            series: HashMap::new(),
            recorded,
            superseded: HashMap::new(),
        };
        for ((measure, unit), mut points) in series {
            points.sort_by(|a, b| a.period.cmp(&b.period).then(b.row.cmp(&a.row)));
            points.dedup_by(|older, newest| {
                let is_superseded = older.period == newest.period;
                if is_superseded {
                    let rows = observations.superseded.entry(measure).or_default();
                    rows.push(older.row);
                }
                is_superseded
            });
            observations
                .series
                .entry(measure)
                .or_default()
                .insert(unit, Series { points });
        }
        observations
    }

    /// The series of a measure, by unit; `None` where nothing was ever observed.
    pub fn of_measure(&self, measure: MeasureId) -> Option<&HashMap<UnitId, Series>> {
        self.series.get(&measure)
    }

    /// The series of a measure at a unit.
    pub fn series(&self, measure: MeasureId, unit: UnitId) -> Option<&Series> {
        self.series.get(&measure)?.get(&unit)
    }

    /// The current values of all measures at a unit.
    pub fn at_unit(&self, unit: UnitId) -> impl Iterator<Item = &Point> {
        let series = self.series.values().filter_map(move |of| of.get(&unit));
        series.flat_map(Series::points)
    }

    /// The recorded observation that a point comes from.
    pub fn recorded(&self, row: usize) -> Option<&Recorded> {
        self.recorded.get(row)
    }

    /// The rows of a measure that do not count any more, because their cell was recorded again.
    pub fn superseded(&self, measure: MeasureId) -> &[usize] {
        self.superseded.get(&measure).map_or(&[], Vec::as_slice)
    }

    /// How many observations were recorded, corrections included.
    pub fn len(&self) -> usize {
        self.recorded.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.recorded.is_empty()
    }

    /// The latest period of each frequency that has a value, over all measures.
    pub fn latest_periods(&self) -> impl Iterator<Item = (MeasureId, Period)> {
        self.series.iter().filter_map(|(measure, units)| {
            let latest = units.values().filter_map(|series| {
                series
                    .points
                    .iter()
                    .rev()
                    .find(|point| point.value.is_some())
                    .map(|point| point.period)
            });
            latest.max().map(|period| (*measure, period))
        })
    }
}
