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

    /// The points that are meant alone.
    pub(crate) fn only(&self, is_meant: impl Fn(&Point) -> bool) -> Series {
        let points = self.points.iter().copied();
        Series {
            points: points.filter(is_meant).collect(),
        }
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
mod tests {
    use proptest::prelude::*;
    use throughline_core::calendar::Calendar;
    use throughline_model::observation::Observation;
    use uuid::Uuid;

    use super::*;

    fn recorded((measure, unit, month, value): (u128, u128, u32, i32)) -> Recorded {
        let period = Calendar::default().parse_period(&format!("2020-{month:02}"));
        let cell = Cell {
            measure: MeasureId::from_uuid(Uuid::from_u128(measure)),
            unit: UnitId::from_uuid(Uuid::from_u128(unit)),
            period: period.expect("a month"),
        };
        let observation = Observation {
            cell,
            value: (!(-1..=0).contains(&value)).then_some(f64::from(value.abs())),
            weight: None,
            state: match value {
                i32::MIN..=-2 => Some(ObservationState::Held),
                -1 => Some(ObservationState::Withdrawn),
                _ => None,
            },
            note: None,
        };
        Recorded {
            observation,
            commit: CommitNumber(1),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    /// All that can be asked, in an order of its own.
    fn everything(observations: &Observations) -> String {
        let mut lines = Vec::new();
        for measure in (0..4).map(Uuid::from_u128).map(MeasureId::from_uuid) {
            let mut superseded = observations.superseded(measure).to_vec();
            superseded.sort_unstable();
            lines.push(format!("{measure} {superseded:?}"));
            for (unit, series) in observations.of_measure(measure).into_iter().flatten() {
                lines.push(format!("{measure} {unit} {:?}", series.points()));
                let at_unit = observations.at_unit(*unit);
                let found = at_unit.filter(|(of, _)| *of == measure).count();
                assert_eq!(found, 1, "{measure} is found once at {unit}");
            }
        }
        lines.sort();
        lines.push(format!("{:?}", observations.held()));
        let rows = (0..=observations.len()).map(|row| format!("{:?}", observations.recorded(row)));
        lines.extend(rows);
        lines.join("\n")
    }

    proptest! {
        /// However what was recorded is cut into pieces, it says the same, and so does what was known before.
        #[test]
        fn more_and_more_is_the_same_as_all_at_once(
            rows in prop::collection::vec((0..4_u128, 0..3_u128, 1..4_u32, -3..3_i32), 0..60),
            cuts in prop::collection::vec(0..60_usize, 0..12),
        ) {
            let rows: Vec<Recorded> = rows.into_iter().map(recorded).collect();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(rows.len())).collect();
            cuts.push(rows.len());
            cuts.sort_unstable();
            let mut known = Observations::default();
            let mut start = 0;
            for cut in cuts {
                let before = everything(&known);
                let after = known.with(rows[start..cut].to_vec());
                prop_assert_eq!(everything(&known), before);
                prop_assert_eq!(everything(&after), everything(&Observations::of(rows[..cut].to_vec())));
                (known, start) = (after, cut);
            }
        }

        #[test]
        fn commits_and_cells_are_found_in_what_was_recorded(
            rows in prop::collection::vec((1..3_u128, 1..3_u128, 1..3_u32, 0..9_i32), 0..40),
            sizes in prop::collection::vec(1..6_usize, 40),
        ) {
            let mut rows: Vec<Recorded> = rows.into_iter().map(recorded).collect();
            let mut start = 0;
            for (number, size) in (1..).zip(sizes) {
                let end = rows.len().min(start + size);
                for row in &mut rows[start..end] {
                    row.commit = CommitNumber(number);
                    // Two commits may bring history in as known at one instant.
                    row.at = Timestamp::from_second(number as i64 / 2).expect("an instant");
                }
                start = end;
            }
            let known = Observations::of(rows.clone());
            for number in 0..=41 {
                let at = Timestamp::from_second(number as i64 / 2).expect("an instant");
                let found = known.rows_of(CommitNumber(number), at);
                let found: Vec<_> = found.filter_map(|row| known.recorded(row)).collect();
                let of_commit = rows.iter().filter(|row| row.commit == CommitNumber(number));
                prop_assert_eq!(found, of_commit.collect::<Vec<_>>());
            }
            for row in &rows {
                let cell = row.observation.cell;
                let of_cell = rows.iter().filter(|row| row.observation.cell == cell);
                prop_assert_eq!(known.history(&cell), of_cell.collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_is_taken_back_was_never_said() {
        let known = Observations::of(vec![recorded((1, 1, 1, 5)), recorded((1, 1, 2, 6))]);
        let measure = MeasureId::from_uuid(Uuid::from_u128(1));
        let unit = UnitId::from_uuid(Uuid::from_u128(1));
        let of = |known: &Observations| {
            known
                .series(measure, unit)
                .map(|series| series.points().iter().map(|point| point.row).collect())
        };
        let less = known.with(vec![recorded((1, 1, 2, -1))]);
        assert_eq!(of(&less), Some(vec![0]));
        assert_eq!(less.superseded(measure), [1, 2]);
        let nothing = less.with(vec![recorded((1, 1, 1, -1))]);
        assert_eq!(of(&nothing), None);
        let again = nothing.with(vec![recorded((1, 1, 2, 7))]);
        assert_eq!(of(&again), Some(vec![4]));
        assert_eq!(again.at_unit(unit).count(), 1);
    }

    #[test]
    fn what_is_held_is_nowhere_until_it_is_recorded_for_all() {
        let held = Observations::of(vec![
            recorded((1, 1, 1, 5)),
            recorded((1, 1, 1, -7)),
            recorded((1, 1, 2, -8)),
            recorded((1, 1, 2, -9)),
        ]);
        let before = Observations::of(vec![recorded((1, 1, 1, 5))]);
        let measure = MeasureId::from_uuid(Uuid::from_u128(1));
        let unit = UnitId::from_uuid(Uuid::from_u128(1));
        let points = |known: &Observations| {
            known
                .series(measure, unit)
                .map(|series| series.points().to_vec())
        };
        assert_eq!(points(&held), points(&before));
        assert_eq!((held.len(), held.superseded(measure)), (1, [].as_slice()));
        let waiting = |known: &Observations| -> Vec<Vec<Option<f64>>> {
            let runs = known.held().values();
            runs.map(|run| run.iter().map(|one| one.observation.value).collect())
                .collect()
        };
        assert_eq!(
            waiting(&held),
            [vec![Some(7.0)], vec![Some(8.0), Some(9.0)]]
        );
        let published = held.with(vec![recorded((1, 1, 2, 9)), recorded((1, 1, 1, -1))]);
        assert!(published.held().is_empty());
        let cell = recorded((1, 1, 2, 9)).observation.cell;
        assert_eq!(published.history(&cell).len(), 1);
        assert_eq!(points(&published).map(|points| points.len()), Some(1));
    }

    #[test]
    fn many_small_pieces_are_put_together() {
        let mut known = Observations::default();
        for month in 0..1_000 {
            known = known.with(vec![recorded((1, 1, month % 12 + 1, 1))]);
        }
        assert_eq!(known.len(), 1_000);
        assert!(
            known.recorded.chunks.len() <= 10,
            "{}",
            known.recorded.chunks.len()
        );
    }
}
