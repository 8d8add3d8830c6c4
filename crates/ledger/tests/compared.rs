//! What comes in is compared with what is current for its cell, in whatever blocks that stands; also in a ledger whose
//! blocks were written before they said what they can speak of.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::collections::BTreeMap;

use common::*;
use sqlx::{ConnectOptions, Connection};
use throughline_ledger::Tally;
use throughline_model::observation::{Cell, Observation};
use throughline_testkit::chance::Chance;

on_each_engine! {
    every_commit_is_compared_with_what_is_current
    a_ledger_of_the_first_format_is_brought_to_the_newest
}

/// Commits of chosen cells.
const COMMITS: usize = 60;

/// Some observations of cells of which there are few, so that they come again; each cell once.
fn drawn(chance: &mut Chance) -> Vec<Observation> {
    let mut drawn: BTreeMap<Cell, Observation> = BTreeMap::new();
    for _ in 0..=chance.below(5) {
        let measure = *chance.pick(&[MEASURE, OTHER_MEASURE]);
        let unit = *chance.pick(&[UNIT, UNIT + 1]);
        // A month and weeks that begin within it: of the same days, and other cells.
        let period = *chance.pick(&["2026-W01", "2026-W02", "2026-W03", "2026-W30", "2026-01"]);
        let one = observation(measure, unit, period, chance.below(3) as f64);
        drawn.insert(one.cell, one);
    }
    drawn.into_values().collect()
}

async fn every_commit_is_compared_with_what_is_current(engine: Store) {
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let mut chance = Chance::new("compared");
    let mut current: BTreeMap<Cell, Vec<Option<f64>>> = BTreeMap::new();
    for _ in 0..COMMITS {
        let observations = drawn(&mut chance);
        let mut expected = Tally::default();
        for one in &observations {
            let values = current.entry(one.cell).or_default();
            match values.last() {
                None => expected.added += 1,
                Some(value) if *value == one.value => {
                    expected.unchanged += 1;
                    continue;
                }
                Some(_) => expected.corrections += 1,
            }
            values.push(one.value);
        }
        let said = write(&ledger, observed(observations)).await.observations;
        assert_eq!(said, expected);
    }
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    for (cell, expected) in current {
        let history = ledger.observation_history(cell).await.unwrap();
        let history: Vec<Option<f64>> = history.iter().map(|one| one.observation.value).collect();
        assert_eq!(history, expected, "{cell:?}");
    }
    ledger.close().await;
}

/// Makes of the tables those of the first format.
const BACK_TO_THE_FIRST: &str = "drop index blocks_as_known;
    alter table observation_blocks drop column first_unit;
    alter table observation_blocks drop column last_unit;
    alter table observation_blocks drop column first_day;
    alter table observation_blocks drop column last_day;
    create index blocks_as_known on observation_blocks (recorded_at, number, ordinal);
    delete from schema_migrations where version > 1;";

async fn a_ledger_of_the_first_format_is_brought_to_the_newest(engine: Store) {
    let ledger = engine.create().await;
    fill(&ledger).await;
    ledger.close().await;
    match engine.url() {
        None => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(engine.file());
            let mut file = options.connect().await.unwrap();
            let done = sqlx::raw_sql(BACK_TO_THE_FIRST).execute(&mut file).await;
            done.unwrap();
            file.close().await.unwrap();
        }
        Some(url) => {
            let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
            let mut database = options.connect().await.unwrap();
            let done = sqlx::raw_sql(BACK_TO_THE_FIRST)
                .execute(&mut database)
                .await;
            done.unwrap();
            database.close().await.unwrap();
        }
    }
    let ledger = engine.open().await;
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    let again = observation(MEASURE, UNIT, "2026-W01", 0.6);
    let other = observation(MEASURE, UNIT + 1, "2026-W01", 0.8);
    let expected = Tally {
        added: 0,
        corrections: 1,
        unchanged: 1,
    };
    let said = write(&ledger, observed(vec![again, other])).await;
    assert_eq!(said.observations, expected);
    ledger.close().await;
}
