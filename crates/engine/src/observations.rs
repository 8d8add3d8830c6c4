//! The observations as they were known at one instant: for each measure and unit the current value of each period.
//!
//! What is known later shares with what was known before whatever did not change, so that a few rows more cost what they
//! are and not what is there.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::hash::Map;
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::observation::{Cell, CommitNumber, ObservationState, Recorded};

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
    points: Arc<[Point]>,
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

    /// The series with more that was said, and the rows that do not count any more. What is taken back leaves no point.
    fn with(&self, mut said: Vec<Said>, superseded: &mut Vec<usize>) -> Series {
        said.extend(self.points().iter().map(|point| Said {
            point: *point,
            is_withdrawn: false,
        }));
        said.sort_by(|a, b| {
            let (a, b) = (&a.point, &b.point);
            a.period.cmp(&b.period).then(b.row.cmp(&a.row))
        });
        said.dedup_by(|older, newest| {
            let is_superseded = older.point.period == newest.point.period;
            if is_superseded {
                superseded.push(older.point.row);
            }
            is_superseded
        });
        superseded.extend(
            said.iter()
                .filter(|said| said.is_withdrawn)
                .map(|said| said.point.row),
        );
        let left = said.into_iter().filter(|said| !said.is_withdrawn);
        Series {
            points: left.map(|said| said.point).collect(),
        }
    }

    /// The points before a period, the latest first.
    pub fn before(&self, period: &Period) -> impl Iterator<Item = &Point> {
        let end = self.points.partition_point(|point| point.period < *period);
        self.points.iter().take(end).rev()
    }
}

/// What was recorded of one period.
struct Said {
    point: Point,
    is_withdrawn: bool,
}

/// The observations that were known at one instant.
#[derive(Clone, Debug, Default)]
pub struct Observations {
    measures: Map<MeasureId, Arc<OfMeasure>>,
    /// By unit, the measures that were ever observed there.
    at_units: Map<UnitId, Arc<Vec<MeasureId>>>,
    recorded: Rows,
    /// What is not published yet, apart from everything else: it is in no series, row or history.
    held: Arc<BTreeMap<Cell, Vec<Recorded>>>,
}

/// What is known of one measure.
#[derive(Clone, Debug, Default)]
struct OfMeasure {
    series: Map<UnitId, Series>,
    superseded: Vec<usize>,
}

/// What was recorded, in the order in which it became known.
#[derive(Clone, Debug, Default)]
struct Rows {
    /// Each with the row at which it begins; one is at most half as long as the one before it, so that there are few.
    chunks: Vec<(usize, Arc<Vec<Recorded>>)>,
}

impl Rows {
    fn len(&self) -> usize {
        let last = self.chunks.last();
        last.map_or(0, |(start, chunk)| start + chunk.len())
    }

    fn get(&self, row: usize) -> Option<&Recorded> {
        let after = self.chunks.partition_point(|(start, _)| *start <= row);
        let (start, chunk) = self.chunks.get(after.checked_sub(1)?)?;
        chunk.get(row - start)
    }

    fn push(&mut self, mut more: Vec<Recorded>) {
        if more.is_empty() {
            return;
        }
        // Of those that are put together each row is in one of twice the length afterwards: that happens to it seldom.
        while let Some((_, last)) = self.chunks.pop_if(|(_, last)| last.len() < 2 * more.len()) {
            let mut longer = Arc::unwrap_or_clone(last);
            longer.append(&mut more);
            more = longer;
        }
        self.chunks.push((self.len(), Arc::new(more)));
    }
}

impl Observations {
    /// Indexes what was recorded, in the order in which it became known: of one cell the last one counts.
    pub fn of(recorded: Vec<Recorded>) -> Observations {
        Observations::default().with(recorded)
    }

    /// What is known once more was recorded, after all that is here.
    #[must_use]
    pub fn with(&self, recorded: Vec<Recorded>) -> Observations {
        let mut after = self.clone();
        let recorded = after.without_held(recorded);
        for ((measure, unit), said) in said_by_series(&recorded, self.len()) {
            let of_measure = Arc::make_mut(after.measures.entry(measure).or_default());
            let known = of_measure.series.remove(&unit);
            let is_new = known.is_none();
            let series = known
                .unwrap_or_default()
                .with(said, &mut of_measure.superseded);
            // Who took back all that they said never reported.
            if series.points.is_empty() {
                continue;
            }
            of_measure.series.insert(unit, series);
            let at_unit = after.at_units.entry(unit).or_default();
            if is_new && !at_unit.contains(&measure) {
                Arc::make_mut(at_unit).push(measure);
            }
        }
        after.recorded.push(recorded);
        after
    }

    /// What is published of what was recorded. What is held is kept apart until something else is recorded in its cell.
    fn without_held(&mut self, recorded: Vec<Recorded>) -> Vec<Recorded> {
        let mut some = recorded.iter();
        if self.held.is_empty() && !some.any(|one| one.observation.is_held()) {
            return recorded;
        }
        let held = Arc::make_mut(&mut self.held);
        let mut published = Vec::with_capacity(recorded.len());
        for one in recorded {
            if one.observation.is_held() {
                held.entry(one.observation.cell).or_default().push(one);
            } else {
                held.remove(&one.observation.cell);
                published.push(one);
            }
        }
        published
    }

    /// The figures that wait to be published, by cell: each with those that it took the place of since anything else was
    /// recorded there, the newest last. Not everybody may see them.
    pub fn held(&self) -> &BTreeMap<Cell, Vec<Recorded>> {
        &self.held
    }

    /// The series of a measure, by unit; `None` where nothing was ever observed.
    pub fn of_measure(&self, measure: MeasureId) -> Option<&Map<UnitId, Series>> {
        let of_measure = self.measures.get(&measure)?;
        Some(&of_measure.series)
    }

    /// The series of a measure at a unit.
    pub fn series(&self, measure: MeasureId, unit: UnitId) -> Option<&Series> {
        self.of_measure(measure)?.get(&unit)
    }

    /// The series of all measures that were ever observed at a unit, in no order.
    pub fn at_unit(&self, unit: UnitId) -> impl Iterator<Item = (MeasureId, &Series)> {
        let measures = self.at_units.get(&unit).map(|measures| measures.iter());
        let measures = measures.into_iter().flatten();
        measures.filter_map(move |measure| Some((*measure, self.series(*measure, unit)?)))
    }

    /// The recorded observation that a point comes from.
    pub fn recorded(&self, row: usize) -> Option<&Recorded> {
        self.recorded.get(row)
    }

    /// The rows of a measure that do not count any more, because their cell was recorded again, in no order.
    pub fn superseded(&self, measure: MeasureId) -> &[usize] {
        let of_measure = self.measures.get(&measure);
        of_measure.map_or(&[], |of_measure| &of_measure.superseded)
    }

    /// The rows that a commit recorded, which became known at an instant: observations are known in that order.
    pub fn rows_of(&self, commit: CommitNumber, at: Timestamp) -> Range<usize> {
        let place = |row: usize| {
            let recorded = self.recorded(row)?;
            Some((recorded.at, recorded.commit))
        };
        let first = partition_point(self.len(), |row| place(row) < Some((at, commit)));
        let end = partition_point(self.len(), |row| place(row) <= Some((at, commit)));
        first..end
    }

    /// Each value that a cell ever had, in the order in which they became known.
    pub fn history(&self, cell: &Cell) -> Vec<&Recorded> {
        let series = self.series(cell.measure, cell.unit);
        let current = series.and_then(|series| series.at(&cell.period));
        let superseded = self.superseded(cell.measure).iter().copied();
        let mut rows: Vec<usize> = superseded
            .filter(|row| {
                let recorded = self.recorded(*row);
                recorded.is_some_and(|recorded| recorded.observation.cell == *cell)
            })
            .chain(current.map(|point| point.row))
            .collect();
        rows.sort_unstable();
        rows.into_iter()
            .filter_map(|row| self.recorded(row))
            .collect()
    }

    /// How many observations were recorded, corrections included, and what is not published left out.
    pub fn len(&self) -> usize {
        self.recorded.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The latest period of each frequency that has a value, over all measures.
    pub fn latest_periods(&self) -> impl Iterator<Item = (MeasureId, Period)> {
        self.measures.iter().filter_map(|(measure, of_measure)| {
            let latest = of_measure.series.values().filter_map(|series| {
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

/// The first of so many rows of which something does not hold that holds of all before it, and of none after it.
fn partition_point(rows: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, rows);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// What was recorded, of which the first stands in that row.
fn said_by_series(recorded: &[Recorded], first_row: usize) -> Map<(MeasureId, UnitId), Vec<Said>> {
    let mut series: Map<(MeasureId, UnitId), Vec<Said>> = Map::default();
    let mut rows = (first_row..).zip(recorded).peekable();
    while let Some((_, first)) = rows.peek() {
        // Rows of one series mostly stand together, so that it is looked up once for all of them.
        let key = (first.observation.cell.measure, first.observation.cell.unit);
        let said = series.entry(key).or_default();
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
            said.push(Said {
                point,
                is_withdrawn: observation.state == Some(ObservationState::Withdrawn),
            });
        }
    }
    series
}

#[cfg(test)]
mod tests;
