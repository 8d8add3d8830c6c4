//! However observations come, they say the same, and what is held says nothing.

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
