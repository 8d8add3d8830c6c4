//! How long readings take once plan and observations are in memory: one measure, the roll-up, a whole scorecard, at two
//! sizes, so that the growth shows. `cargo bench -p throughline-engine`.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::id::{MeasureId, SequentialIds, UnitId};
use throughline_core::period::Period;
use throughline_engine::{Cascade, Observations, View};
use throughline_model::observation::{CommitNumber, Recorded};
use throughline_model::text::{observations, read};
use throughline_model::{Change, Kind, Model};
use throughline_testkit::{LAST_PERIOD, NOW, Organisation};

/// Units; each has 10 measures and 500 observations.
const SIZES: [usize; 2] = [100, 1_000];

/// A hospital group, and what is asked of it.
struct Asked {
    view: View,
    unit: UnitId,
    /// A unit below which there is none.
    small: UnitId,
    measure: MeasureId,
    period: Period,
}

impl Asked {
    fn of_units(units: usize) -> Asked {
        let organisation = Organisation::of_units(units);
        let nothing = Model::default();
        let files = organisation.plan_files();
        let reading = read(&files, &nothing, &nothing, &mut SequentialIds::new());
        let plan = reading.plan.expect("a plan without errors");
        let model = Model::of(plan.records.into_iter().map(Change::Put));
        let at: Timestamp = NOW.parse().expect("an instant");
        let text = organisation.observations();
        let rows = observations::read(text.as_bytes(), "observations.csv", &model, None).rows;
        let recorded = rows.into_iter().map(|row| Recorded {
            observation: row.observation,
            commit: CommitNumber(1),
            at,
        });
        let known = Observations::of(recorded.collect());
        let id = |kind, key: &str| model.id_of(kind, key).expect("a key of the plan");
        Asked {
            unit: UnitId::from_uuid(id(Kind::Unit, &organisation.unit_key(0))),
            small: UnitId::from_uuid(id(Kind::Unit, &organisation.unit_key(units - 1))),
            measure: MeasureId::from_uuid(id(Kind::Measure, &organisation.measure_key(0, 2))),
            period: model
                .calendar()
                .parse_period(LAST_PERIOD)
                .expect("a period"),
            view: View::new(Arc::new(model), Arc::new(known), at),
        }
    }
}

fn main() {
    divan::main();
}

/// Every node and every measure at the topmost unit.
#[divan::bench(args = SIZES, sample_count = 10)]
fn scorecard(bencher: divan::Bencher, units: usize) {
    let asked = Asked::of_units(units);
    bencher.bench_local(|| asked.view.scorecard(asked.unit, asked.period));
}

/// The scorecard of a unit at the bottom, with the cascade of the plan.
#[divan::bench(args = SIZES, sample_count = 10)]
fn scorecard_of_a_small_unit(bencher: divan::Bencher, units: usize) {
    let asked = Asked::of_units(units);
    let cascade = Cascade::of(&asked.view.plan);
    bencher.bench_local(|| {
        asked
            .view
            .scorecard_along(&cascade, asked.small, asked.period)
    });
}

/// The scorecard of the topmost unit after one observation, from the one before.
#[divan::bench(args = SIZES, sample_count = 10)]
fn scorecard_after_one_observation(bencher: divan::Bencher, units: usize) {
    let asked = Asked::of_units(units);
    let cascade = Cascade::of(&asked.view.plan);
    let before = asked
        .view
        .scorecard_along(&cascade, asked.unit, asked.period);
    let mut more = asked.view.observations.recorded(0).cloned();
    if let Some(more) = &mut more {
        more.observation.value = more.observation.value.map(|value| value * 0.99);
    }
    let observed = more
        .iter()
        .map(|one| one.observation.cell.measure)
        .collect();
    let known = asked.view.observations.with(more.into_iter().collect());
    let view = View::new(
        Arc::clone(&asked.view.plan),
        Arc::new(known),
        asked.view.now,
    );
    bencher.bench_local(|| view.scorecard_after(&cascade, &before, &observed));
}

/// A ratio that is reported all over the organisation.
#[divan::bench(args = SIZES, sample_count = 20)]
fn one_measure(bencher: divan::Bencher, units: usize) {
    let asked = Asked::of_units(units);
    bencher.bench_local(|| asked.view.reading(asked.measure, asked.unit, asked.period));
}

/// The aggregates of observations by measure, unit and period, of which readings are made.
#[divan::bench(args = SIZES, sample_count = 10)]
fn index_of_observations(bencher: divan::Bencher, units: usize) {
    let asked = Asked::of_units(units);
    let known = &asked.view.observations;
    let recorded: Vec<Recorded> = (0..known.len())
        .filter_map(|row| known.recorded(row).cloned())
        .collect();
    bencher
        .with_inputs(|| recorded.clone())
        .bench_local_values(Observations::of);
}

/// What is known after ten observations more, from what was known before.
#[divan::bench(args = SIZES, sample_count = 10)]
fn ten_more_observations(bencher: divan::Bencher, units: usize) {
    let asked = Asked::of_units(units);
    let known = &asked.view.observations;
    let more: Vec<Recorded> = (0..10)
        .filter_map(|row| known.recorded(row).cloned())
        .collect();
    bencher
        .with_inputs(|| more.clone())
        .bench_local_values(|more| known.with(more));
}
