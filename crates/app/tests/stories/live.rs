//! What a server answers from follows the ledger: what was recorded since is added, and where a backup is restored under a
//! server that stays on it is that of the restored ledger, also where that has as many commits as the one before.

use std::collections::BTreeSet;
use std::sync::Arc;

use throughline_app::{
    Ctx, Live, LoadOptions, Selection, back_up, load_observations, restore, restore_keys,
    scorecard, selected, trends,
};
use throughline_core::MeasureId;
use throughline_ledger::{DatabaseUrl, Location, RestoreOptions};
use throughline_model::text::PlanFile;
use throughline_testkit::postgres::Database;

use crate::bench::{self, administrator, block_on, folder};

/// A plan with one unit.
fn plan(unit: &str) -> Vec<PlanFile> {
    let text = format!(
        "organisation: {{ key: o, name: O, time_zone: UTC }}
units: [{{ key: {unit}, name: A unit }}]
"
    );
    bench::files([("organisation.yaml", text)])
}

async fn open(location: &Location) -> Ctx {
    bench::open(location.clone(), administrator(), "2013-07-01T12:00:00Z").await
}

async fn apply(ctx: &Ctx, unit: &str) {
    bench::apply(ctx, &plan(unit)).await;
}

fn set(units: &[&str]) -> BTreeSet<String> {
    units.iter().map(|unit| (*unit).to_owned()).collect()
}

/// Loads one value of a month.
async fn load(ctx: &Ctx, month: u32, value: f64) {
    let text = format!("measure,unit,period,value\nm,first,2012-{month:02},{value}\n");
    let loaded = load_observations(ctx, "o.csv", text.as_bytes(), LoadOptions::default()).await;
    assert_eq!(loaded.expect("observations").written, 1);
}

/// All observations, in the order in which they became known, and how they are indexed.
fn known(live: &Live) -> Vec<String> {
    let snapshot = live.snapshot();
    let observations = &snapshot.observations;
    let rows = (0..observations.len()).map(|row| format!("{:?}", observations.recorded(row)));
    let indexed = snapshot.model.measures().iter().map(|measure| {
        let mut superseded = observations.superseded(measure.id()).to_vec();
        superseded.sort_unstable();
        let series = observations.of_measure(measure.id());
        format!("{series:?} {superseded:?}")
    });
    rows.chain(indexed).collect()
}

/// What pages would say at the unit, which is remembered from then on.
async fn said(ctx: &Ctx, live: &Live) -> Vec<String> {
    let ctx = ctx.of_request(live, *ctx.actor());
    let mut said = Vec::new();
    let known_at = [None, Some("2013-07-01T12:00:00Z"), Some("2013-07-01")];
    for known_at in known_at.map(|at| at.map(str::to_owned)) {
        for period in [None, Some("2012-01"), Some("2012-Q1")].map(|one| one.map(str::to_owned)) {
            let asked = Selection {
                period,
                known_at: known_at.clone(),
                ..Selection::default()
            };
            let read = scorecard(&ctx, &asked).await.expect("a scorecard");
            let (selected, scorecard) = (&read.selected, &read.scorecard);
            said.push(format!(
                "{} {:?}",
                selected.period_name(),
                selected.why_period
            ));
            said.extend(scorecard.nodes.iter().map(|node| format!("{node:?}")));
            let measures = scorecard.measures.iter().map(|one| one.measure);
            let measures: Vec<MeasureId> = measures.collect();
            said.extend(
                scorecard
                    .measures
                    .iter()
                    .map(|reading| format!("{reading:?}")),
            );
            let trends = trends(&ctx, selected, &measures).await.expect("trends");
            said.extend(trends.iter().map(|trend| format!("{trend:?}")));
        }
    }
    said
}

#[test]
fn a_live_state_that_grew_is_the_one_that_is_read_anew() {
    let folder = folder("grown");
    block_on(async {
        let mut files = plan("first");
        let measures = "measures:
  - { key: m, name: M, kind: sum, frequency: month, better: higher }
  - { key: still, name: S, kind: sum, frequency: month, better: higher }
  - { key: twice, name: T, kind: formula, formula: m * 2, frequency: month, better: higher }
  - { key: four, name: F, kind: formula, formula: twice * 2, frequency: month, better: higher }
targets:
  - { measure: four, unit: first, points: [{ period: 2012-01, value: 9 }], floor: 5 }
";
        let objectives = "strategy: { key: s, name: S, from: 2012, to: 2013 }
objectives:
  - { key: o, name: O, measures: [four, still] }
  - { key: below, name: B, measures: [m], supports: [o] }
";
        files.extend(bench::files([
            ("measures.yaml", measures),
            ("strategy.yaml", objectives),
        ]));
        let location = Location::from(&folder);
        bench::apply(&open(&location).await, &files).await;
        let ctx = open(&location).await;
        let live = ctx.live().await.expect("a live state");
        let mut before = said(&ctx, &live).await;
        for (number, (month, value)) in
            (0..).zip([(1, 1.0), (2, 2.0), (1, 3.0), (1, 4.0), (3, 1.0)])
        {
            load(&ctx, month, value).await;
            assert!(live.catch_up().await.expect("a ledger"));
            let anew = ctx.live().await.expect("a live state");
            assert_eq!(known(&live), known(&anew));
            // Now and then nobody looks between two commits.
            if number != 2 {
                let after = said(&ctx, &live).await;
                assert_eq!(after, said(&ctx, &anew).await);
                assert_ne!(after, before);
                before = after;
            }
        }
        assert_eq!(live.snapshot().observations.len(), 5);
    });
}

#[test]
fn data_keys_that_are_restored_under_a_live_state_are_seen() {
    let folder = folder("keys");
    std::fs::create_dir_all(&folder).expect("a folder");
    let (backup, keys) = (folder.join("ledger.backup"), folder.join("ledger.keys"));
    block_on(async {
        let mut files = plan("first");
        let people = b"people: [{ key: p, name: Pat, unit: first }]\n";
        files[0].bytes.extend_from_slice(people);
        let from = open(&Location::from(&folder.join("from"))).await;
        bench::apply(&from, &files).await;
        let from = open(&Location::from(&folder.join("from"))).await;
        let written = back_up(&from, Some(&backup), Some(&keys)).await;
        written.expect("a backup");
        let location = Location::from(&folder.join("to"));
        let to = open(&location).await;
        let restored = restore(&to, &backup, None, RestoreOptions::default());
        restored.await.expect("a restored ledger");

        let live = open(&location).await.live().await.expect("a live state");
        let names = || {
            let model = Arc::clone(&live.snapshot().model);
            let names = model.people().iter().map(|person| person.name.clone());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(), ["Erased person"]);
        let restored = restore_keys(&open(&location).await, &keys).await;
        assert_eq!(restored.expect("restored keys").restored, 1);
        assert!(live.catch_up().await.expect("a ledger"));
        assert_eq!(names(), ["Pat"]);
        assert!(!live.catch_up().await.expect("a ledger"), "nothing is new");
    });
}

#[test]
fn a_live_state_is_that_of_the_ledger_that_was_restored_under_it() {
    let Some(database) = Database::new() else {
        return;
    };
    let folder = folder("replaced");
    std::fs::create_dir_all(&folder).expect("a folder");
    let backup = folder.join("ledger.backup");
    let url = DatabaseUrl::parse(&database.url()).expect("an address");
    let location = Location::from(url);
    block_on(async {
        apply(&open(&location).await, "first").await;
        let server = open(&location).await;
        back_up(&server, Some(&backup), None)
            .await
            .expect("a backup");
        apply(&server, "gone").await;
        let live = server.live().await.expect("a live state");
        let units = || {
            let model = Arc::clone(&live.snapshot().model);
            let units = model.units().iter().map(|unit| unit.key.to_string());
            units.collect::<BTreeSet<_>>()
        };
        assert_eq!(units(), set(&["first", "gone"]));
        assert!(!live.catch_up().await.expect("a ledger"), "nothing is new");

        let options = RestoreOptions { replace: true };
        restore(&server, &backup, None, options)
            .await
            .expect("a restored ledger");
        apply(&open(&location).await, "other").await;
        assert!(live.catch_up().await.expect("a ledger"));
        assert_eq!(live.snapshot().position.0, 2);
        assert_eq!(units(), set(&["first", "other"]));

        restore(&server, &backup, None, options)
            .await
            .expect("a restored ledger");
        assert!(live.catch_up().await.expect("a ledger"));
        assert_eq!(units(), set(&["first"]));
    });
}

/// Twelve measures, read by the month at three units below one, and one more that is read by the week.
fn plan_of_months() -> Vec<PlanFile> {
    let months = (1..=12).map(|number| {
        format!("  - {{ key: m{number}, name: M{number}, kind: sum, frequency: month, better: higher }}\n")
    });
    let units = "organisation: { key: o, name: O, time_zone: UTC }
units:
  - { key: all, name: All }
  - { key: north, name: North, parent: all }
  - { key: south, name: South, parent: all }
  - { key: west, name: West, parent: all, to: 2012-12-31 }
";
    let weekly =
        "  - { key: weekly, name: W, kind: sum, frequency: week, better: higher }\n".to_owned();
    let measures: String = std::iter::once("measures:\n".to_owned())
        .chain(months)
        .chain([weekly])
        .collect();
    let files = [
        ("organisation.yaml", units.to_owned()),
        ("measures.yaml", measures),
    ];
    bench::files(files)
}

/// The period that is chosen at a unit, and what is said of it and of what is newer.
async fn chosen(ctx: &Ctx, live: &Live, unit: &str) -> String {
    live.catch_up().await.expect("a snapshot");
    let ctx = ctx.of_request(live, *ctx.actor());
    let asked = Selection {
        unit: Some(unit.to_owned()),
        ..Selection::default()
    };
    let meant = selected(&ctx, &asked).await.expect("what is meant");
    let newer = meant
        .newer
        .as_ref()
        .map(|newer| newer.in_words(meant.model.calendar()));
    format!(
        "{}, {}; {}",
        meant.period_name(),
        meant.why_period.unwrap_or_default(),
        newer.unwrap_or_default()
    )
}

#[test]
fn a_few_newer_figures_move_no_page() {
    let folder = folder("newer");
    block_on(async {
        let location = Location::Folder(folder);
        let first = open(&location).await;
        bench::apply(&first, &plan_of_months()).await;
        let ctx = open(&location).await;
        let load = async |rows: String| bench::load(&ctx, &rows).await;
        let month = |month: &str, units: &[&str]| -> String {
            let rows = units.iter().flat_map(|unit| {
                (1..=12).map(move |number| format!("m{number},{unit},{month},{number}\n"))
            });
            rows.collect()
        };
        load(month("2012-11", &["north", "south", "west"])).await;
        load(month("2012-12", &["north", "south", "west"])).await;
        let live = ctx.live().await.expect("a live state");
        let complete = "2012-12, the latest complete month; ";
        assert_eq!(chosen(&ctx, &live, "all").await, complete);

        load("m1,north,2013-01,5\n".to_owned()).await;
        let few = "2012-12, the latest month with most of its figures; 1 newer figure, Jan 2013";
        assert_eq!(chosen(&ctx, &live, "all").await, few);

        load("m1,north,2013-02,5\nm2,south,2013-03,5\nweekly,south,2013-W10,5\n".to_owned()).await;
        let more =
            "2012-12, the latest month with most of its figures; 4 newer figures, to Mar 2013";
        assert_eq!(chosen(&ctx, &live, "all").await, more);
        let south = "2012-12, the latest month with most of its figures in this unit; 2 newer figures, Mar 2013";
        assert_eq!(chosen(&ctx, &live, "south").await, south);

        // Of 24 figures of those who are still there 12 are most, whatever there was before.
        load(month("2013-04", &["north"])).await;
        let half = "2013-04, the latest complete month; ";
        assert_eq!(chosen(&ctx, &live, "all").await, half);
        let own = "2012-12, the latest month with most of its figures in this unit; 2 newer figures, Mar 2013";
        assert_eq!(chosen(&ctx, &live, "south").await, own);
    });
}
