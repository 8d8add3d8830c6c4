//! A backup is restored under a server that stays on: what it answers from is that of the restored ledger, also where that
//! has as many commits as the one that it has replaced.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use throughline_app::{ApplyOptions, Ctx, apply_plan, back_up, restore};
use throughline_core::{Actor, FrozenClock, Origin, Role, Scope};
use throughline_ledger::{DatabaseUrl, Location, RestoreOptions};
use throughline_model::text::PlanFile;
use throughline_testkit::chance::fill_anew;
use throughline_testkit::postgres::Database;

/// A plan with one unit.
fn plan(unit: &str) -> Vec<PlanFile> {
    let text = format!(
        "organisation: {{ key: o, name: O, time_zone: UTC }}
units: [{{ key: {unit}, name: A unit }}]
"
    );
    vec![PlanFile {
        path: "organisation.yaml".to_owned(),
        bytes: text.into_bytes(),
    }]
}

async fn open(location: &Location) -> Ctx {
    let actor = Actor {
        person: None,
        role: Role::Administrator,
        scope: Scope::Organisation,
        origin: Origin::CommandLine,
    };
    let clock = FrozenClock("2013-07-01T12:00:00Z".parse().expect("a timestamp"));
    let opened = Ctx::open(
        location.clone(),
        actor,
        Arc::new(clock),
        Arc::new(fill_anew),
    );
    opened.await.expect("a context")
}

async fn apply(ctx: &Ctx, unit: &str) {
    let applied = apply_plan(ctx, &plan(unit), &ApplyOptions::default()).await;
    applied.expect("a plan");
}

fn set(units: &[&str]) -> BTreeSet<String> {
    units.iter().map(|unit| (*unit).to_owned()).collect()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(future)
}

#[test]
fn a_live_state_is_that_of_the_ledger_that_was_restored_under_it() {
    let Some(database) = Database::new() else {
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replaced");
    let _ = std::fs::remove_dir_all(&folder);
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
