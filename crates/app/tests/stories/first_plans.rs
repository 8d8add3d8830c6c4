//! Two who apply a first plan where there is no ledger yet: whoever comes second changes the plan of the first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use throughline_app::{ApplyOptions, Ctx, Progress, apply_plan};
use throughline_core::FrozenClock;
use throughline_ledger::{DatabaseUrl, Ledger, Location, PlanClock};
use throughline_model::Kind;
use throughline_model::text::PlanFile;
use throughline_testkit::chance::fill_anew;
use throughline_testkit::postgres::Database;

use crate::bench::{self, administrator, block_on, folder};

const NOW: &str = "2013-07-01T12:00:00Z";

/// A plan in which only a name is somebody's own.
fn plan(name: &str) -> Vec<PlanFile> {
    let text = format!(
        "organisation: {{ key: o, name: O, time_zone: UTC }}
units: [{{ key: harbour, name: {name} }}]
people: [{{ key: ann, name: Ann }}]
"
    );
    bench::files([("organisation.yaml", text)])
}

async fn open(location: &Location) -> Ctx {
    let ctx = bench::open(location.clone(), administrator(), NOW).await;
    ctx.acting_as(Some("ann".to_owned()))
}

/// Somebody who is quicker: applies a plan once the ledger is made, and before anything is written to it.
struct Quicker {
    location: Location,
    has_come: AtomicBool,
}

impl Progress for Quicker {
    fn step(&self, what: &str) {
        if what != "Writing the plan" || self.has_come.swap(true, Ordering::Relaxed) {
            return;
        }
        let location = self.location.clone();
        let applied = std::thread::spawn(move || {
            block_on(async {
                let ctx = open(&location).await;
                let options = ApplyOptions::default();
                let applied = apply_plan(&ctx, &plan("First"), &options).await;
                assert!(!applied.expect("a plan").is_new_ledger);
                ctx.close().await;
            });
        });
        applied.join().expect("the quicker one applies");
    }
}

fn check(location: Location) {
    block_on(async {
        let quicker = Arc::new(Quicker {
            location: location.clone(),
            has_come: AtomicBool::new(false),
        });
        let ctx = open(&location).await.with_progress(quicker.clone());
        let options = ApplyOptions::default();
        let applied = apply_plan(&ctx, &plan("Second"), &options)
            .await
            .expect("a plan");
        assert!(quicker.has_come.load(Ordering::Relaxed));
        assert_eq!(applied.differences.len(), 1, "{:?}", applied.differences);

        let clock = Arc::new(FrozenClock(NOW.parse().expect("a timestamp")));
        let ledger = Ledger::open(&location, clock, Arc::new(fill_anew));
        let ledger = ledger.await.expect("a ledger");
        let model = ledger.model(PlanClock::Newest).await.expect("a plan");
        for kind in [Kind::Organisation, Kind::Unit, Kind::Person] {
            assert_eq!(model.records(kind).len(), 1, "{kind}");
        }
        let harbour = model.units().by_key("harbour").expect("a unit");
        assert_eq!(harbour.name, "Second");
        let ann = model.people().by_key("ann").map(|person| person.id());
        let commits = ledger.commits(..).await.expect("commits");
        assert_eq!(commits.len(), 2);
        for commit in commits {
            assert_eq!(commit.author, ann, "commit {}", commit.number);
        }
        ledger.close().await;
        ctx.close().await;
    });
}

#[test]
fn the_second_first_plan_in_a_folder_changes_the_first() {
    let folder = folder("first-plans");
    check(Location::Folder(folder));
}

#[test]
fn the_second_first_plan_in_a_database_changes_the_first() {
    if let Some(database) = Database::new() {
        let url = DatabaseUrl::parse(&database.url()).expect("an address");
        check(url.into());
    }
}
