//! A ledger with a measure that has an owner, and who does what there at what time.

use std::future::Future;
use std::sync::Arc;

use throughline_app::entry::{Entered, HeldFigure, Publishing, TypedCell, enter, held_at};
use throughline_app::history::cell_history;
use throughline_app::{Ctx, Selection, scorecard};
use throughline_core::{Actor, Origin, Role};
use throughline_ledger::{DatabaseUrl, Location};
use throughline_model::Model;
use throughline_testkit::postgres::Database;

use crate::bench::{self, acting, administrator, folder};

const PLAN: &str = "units: [{ key: top, name: Top }, { key: a, name: A, parent: top }]
people:
  - { key: owner, name: Olga, unit: top }
  - { key: steward, name: Sam, unit: top }
  - { key: clerk, name: Bea, unit: a }
  - { key: boss, name: Carl, unit: top }
";
pub const MEASURES: &str = "measures:
  - { key: m, name: M, kind: level, frequency: month, better: higher, owner: owner, steward: steward, reported_by: [a] }
  - { key: free, name: Free, kind: level, frequency: month, better: higher, reported_by: [a] }
";

/// When the figures are entered.
pub const ENTERED: &str = "2014-02-10T12:00:00Z";

/// A ledger with the plan, and who opens it at what time.
pub struct Place(Location);

impl Place {
    async fn at(&self, time: &str, actor: Actor) -> Ctx {
        bench::open(self.0.clone(), actor, time).await
    }

    /// A request of somebody at a time; of whoever looks after the ledger, if nobody is named.
    pub async fn request(&self, time: &str, who: &str) -> Ctx {
        let nobody = acting(Role::Administrator, Origin::Server);
        let ctx = self.at(time, nobody).await;
        let live = ctx.live().await.expect("a live state");
        let snapshot = live.snapshot();
        let person = snapshot.model.people().by_key(who);
        let role = match who {
            "clerk" => Role::Contributor,
            "steward" => Role::Steward,
            _ => Role::Administrator,
        };
        let actor = Actor {
            person: person.map(|one| one.id()),
            role,
            ..nobody
        };
        ctx.of_request(&live, actor)
    }

    /// Sets for how long the owner is first.
    pub async fn apply(&self, time: &str, owner_first: &str) {
        let organisation =
            format!("organisation: {{ key: o, name: O, time_zone: UTC{owner_first} }}\n{PLAN}");
        let files = [
            ("organisation.yaml", organisation.as_str()),
            ("measures.yaml", MEASURES),
        ];
        let files = bench::files(files);
        let ctx = self.request_or_new(time).await;
        bench::apply(&ctx, &files).await;
    }

    pub async fn request_or_new(&self, time: &str) -> Ctx {
        self.at(time, administrator()).await
    }

    pub async fn load(&self, time: &str, rows: &str) {
        let ctx = self.request(time, "").await;
        bench::load(&ctx, rows).await;
    }

    /// What the scorecard says of the measure in January, to everybody.
    pub async fn published(&self, time: &str) -> Option<f64> {
        let ctx = self.request(time, "boss").await;
        let asked = Selection {
            unit: Some("a".to_owned()),
            period: Some("2014-01".to_owned()),
            ..Selection::default()
        };
        let read = scorecard(&ctx, &asked).await.expect("a scorecard");
        let key = |model: &Model| model.measures().by_key("m").map(|one| one.id());
        let measure = key(&read.selected.model).expect("the measure");
        let mut readings = read.scorecard.measures.iter();
        readings
            .find(|one| one.measure == measure)
            .and_then(|one| one.value)
    }

    /// What somebody sees waiting.
    pub async fn waiting(&self, time: &str, who: &str) -> Vec<HeldFigure> {
        let ctx = self.request(time, who).await;
        let model = Arc::clone(&ctx.snapshot().expect("a snapshot").model);
        let measure = model.measures().by_key("m").expect("the measure").id();
        let unit = model.units().by_key("a").expect("the unit").id();
        held_at(&ctx, measure, unit).await.expect("an answer")
    }

    /// Enters a value of January; what it says is routine.
    pub async fn enter(&self, time: &str, who: &str, value: &str, known: &str) -> Entered {
        let ctx = self.request(time, who).await;
        let typed = [typed("m", value, known)];
        enter(&ctx, &typed, Publishing::Now)
            .await
            .expect("an answer")
    }

    /// The values that somebody reads in the history of the cell.
    pub async fn history(&self, who: &str) -> Vec<Option<f64>> {
        let ctx = self.request("2014-03-01T12:00:00Z", who).await;
        let history = cell_history(&ctx, "m", "a", "2014-01").await;
        let values = history.expect("a history").values.into_iter();
        values.map(|one| one.recorded.observation.value).collect()
    }
}

pub fn typed(measure: &str, value: &str, known: &str) -> TypedCell {
    TypedCell {
        measure: measure.to_owned(),
        unit: "a".to_owned(),
        period: "2014-01".to_owned(),
        value: value.to_owned(),
        // Figures of these stories may be slips on purpose.
        right: value.to_owned(),
        known: known.to_owned(),
        is_routine: true,
        ..TypedCell::default()
    }
}

pub fn named(comment: &str) -> TypedCell {
    TypedCell {
        comment: comment.to_owned(),
        is_routine: false,
        ..typed("m", "", "")
    }
}

pub fn saved(entered: &Entered) -> (u64, usize) {
    match entered {
        Entered::Saved {
            commit, waiting, ..
        } => (commit.map_or(0, |one| one.0), *waiting),
        other => panic!("{other:?}"),
    }
}

/// Tells the same story in a folder and in a database.
pub fn on_both<F: Future<Output = ()>>(name: &str, story: impl Fn(Place) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let start = async |location: Location| {
        let place = Place(location);
        place.apply("2014-02-01T12:00:00Z", "").await;
        let months = (1..=12).map(|month| format!("m,a,2013-{month:02},80\n"));
        let months: String = months.collect();
        place.load("2014-02-01T12:00:00Z", &months).await;
        place
    };
    let folder = folder(&format!("owner-first-{name}"));
    runtime.block_on(async { story(start(Location::Folder(folder)).await).await });
    if let Some(database) = Database::new() {
        let url = DatabaseUrl::parse(&database.url()).expect("an address");
        runtime.block_on(async { story(start(Location::from(url)).await).await });
    }
}
