//! Entering figures that are due: what somebody recorded after the form was made is told, even where the one who enters has
//! not heard of it, and taking back has one effect.

use throughline_app::entry::{Entered, Publishing, TypedCell, enter, take_back};
use throughline_app::{Ctx, LoadOptions, load_observations};
use throughline_core::{Actor, Origin, Role};

use crate::bench::{self, acting, folder, load};

const ORGANISATION: &str = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: p, name: Pat, unit: top }]
";
const MEASURES: &str = "measures:
  - { key: m, name: M, kind: level, frequency: month, better: higher, steward: p }
  - { key: w, name: W, kind: mean, frequency: month, better: higher, steward: p }
";

/// An administrator with a ledger that has the plan, and a value of each month of last year.
async fn with_plan(name: &str) -> Ctx {
    let folder = folder(&format!("entry-{name}"));
    let actor = acting(Role::Administrator, Origin::Server);
    let open = async || bench::open(folder.as_path(), actor, "2014-02-10T12:00:00Z").await;
    let files = bench::files([
        ("organisation.yaml", ORGANISATION),
        ("measures.yaml", MEASURES),
    ]);
    let ctx = open().await;
    bench::apply(&ctx, &files).await;
    let ctx = open().await;
    let months = (1..=12).map(|month| format!("m,top,2013-{month:02},80\n"));
    load(&ctx, &months.collect::<String>()).await;
    ctx
}

fn typed(value: &str, known: &str) -> [TypedCell; 1] {
    [TypedCell {
        measure: "m".to_owned(),
        unit: "top".to_owned(),
        period: "2014-01".to_owned(),
        value: value.to_owned(),
        known: known.to_owned(),
        is_routine: true,
        ..TypedCell::default()
    }]
}

#[tokio::test]
async fn what_came_meanwhile_is_told_before_it_is_replaced() {
    let ctx = with_plan("meanwhile").await;
    let live = ctx.live().await.expect("a live state");
    // The request has its state, and then somebody else is first.
    let request = ctx.of_request(&live, *ctx.actor());
    load(&ctx, "m,top,2014-01,81\n").await;
    let entered = enter(&request, &typed("82", ""), Publishing::Now)
        .await
        .expect("an answer");
    let Entered::Wrong(wrong) = entered else {
        panic!("{entered:?}");
    };
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert_eq!(wrong[0].now.as_deref(), Some("81"), "{wrong:?}");
    assert!(
        wrong[0]
            .error
            .to_string()
            .contains("81 was recorded here meanwhile")
    );

    // Who has seen it and sends it again replaces it.
    let live = ctx.live().await.expect("a live state");
    let request = ctx.of_request(&live, *ctx.actor());
    let entered = enter(&request, &typed("82", "81"), Publishing::Now)
        .await
        .expect("an answer");
    assert!(
        matches!(
            entered,
            Entered::Saved {
                commit: Some(_),
                ..
            }
        ),
        "{entered:?}"
    );
}

#[tokio::test]
async fn what_came_meanwhile_is_told_by_its_exact_value_its_weight_and_that_it_is_gone() {
    let ctx = with_plan("exactly").await;
    let told = async |typed: &TypedCell| {
        let live = ctx.live().await.expect("a live state");
        let request = ctx.of_request(&live, *ctx.actor());
        let typed = std::slice::from_ref(typed);
        let entered = enter(&request, typed, Publishing::Now).await;
        match entered.expect("an answer") {
            Entered::Wrong(wrong) => wrong[0].now.clone(),
            Entered::Saved { .. } => None,
            Entered::Asked(says) => panic!("{says:?}"),
        }
    };
    // Both read 81 on the page.
    load(&ctx, "m,top,2014-01,81.34\n").await;
    let [value] = typed("82", "81.26");
    assert_eq!(told(&value).await.as_deref(), Some("81.34"));
    let text = "measure,unit,period,value,state\nm,top,2014-01,,withdrawn\n";
    let gone = load_observations(&ctx, "o.csv", text.as_bytes(), LoadOptions::default()).await;
    gone.expect("good rows");
    let [value] = typed("82", "81.34");
    assert_eq!(told(&value).await.as_deref(), Some(""));
    let text = "measure,unit,period,value,weight\nw,top,2014-01,5,40\n";
    let loaded = load_observations(&ctx, "o.csv", text.as_bytes(), LoadOptions::default()).await;
    loaded.expect("good rows");
    let [value] = typed("5", "");
    let weighed = TypedCell {
        measure: "w".to_owned(),
        weight: "50".to_owned(),
        ..value
    };
    assert_eq!(told(&weighed).await.as_deref(), Some("5 of 40"));
    let seen = TypedCell {
        known: "5 of 40".to_owned(),
        ..weighed
    };
    assert_eq!(told(&seen).await, None);
}

#[tokio::test]
async fn what_was_taken_back_twice_was_taken_back_once() {
    let ctx = with_plan("twice").await;
    let person = ctx
        .live()
        .await
        .expect("a live state")
        .snapshot()
        .model
        .people()
        .by_key("p")
        .map(|one| one.id());
    let actor = Actor {
        person,
        ..*ctx.actor()
    };
    let request = async |key: Option<&str>| {
        let live = ctx.live().await.expect("a live state");
        ctx.of_request(&live, actor)
            .with_idempotency_key(key.map(str::to_owned))
    };
    let entered = enter(&request(None).await, &typed("82", ""), Publishing::Now)
        .await
        .expect("an answer");
    let Entered::Saved {
        commit: Some(commit),
        ..
    } = entered
    else {
        panic!("{entered:?}");
    };
    let first = take_back(&request(Some("k")).await, commit.0)
        .await
        .expect("taken back");
    assert_eq!((first.cells, first.kept), (1, 0));
    let again = take_back(&request(Some("k")).await, commit.0)
        .await
        .expect("the first answer");
    assert_eq!(again, first);
    let other = take_back(&request(Some("l")).await, commit.0)
        .await
        .expect("nothing left");
    assert_eq!((other.commit, other.cells), (None, 0));
}
