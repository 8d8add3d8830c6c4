//! The commits page by page and filtered, and single commits with what was there before.

use std::path::Path;

use throughline_app::edit::take_back;
use throughline_app::history::{
    COMMITS_ON_A_PAGE, CommitAbout, CommitFilter, commit_changes, commit_page, record_history,
};
use throughline_app::{ApplyOptions, Ctx, FolderOptions, apply_plan, erase_person};
use throughline_core::{Origin, Role};
use throughline_model::observation::CommitNumber;
use throughline_model::text::PlanFile;

use crate::bench::{self, acting, block_on, folder, load};

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: ann, name: Ann }, { key: bea, name: Bea }]
";

/// How many commits of observations the ledger has, after three of the plan; one that erases a person is the last.
const LOADS: usize = 55;

fn plan(measure: &str, target: &str) -> Vec<PlanFile> {
    let measures = format!(
        "measures: [{{ key: m, name: {measure}, better: higher, kind: sum, frequency: month }}, {{ key: n, name: N, kind: sum, frequency: month }}]
targets: [{{ measure: m, unit: top, points: [{{ period: 2013, value: {target} }}] }}]
"
    );
    let strategy = "strategy: { key: s, name: S, from: 2013, to: 2017 }\n";
    let files = [
        ("organisation.yaml", ORGANISATION),
        ("strategy.yaml", strategy),
        ("measures.yaml", &measures),
    ];
    bench::files(files)
}

async fn open(folder: &Path, day: u32) -> Ctx {
    let actor = acting(Role::Administrator, Origin::Server);
    bench::open(folder, actor, &format!("2013-07-{day:02}T12:00:00Z")).await
}

/// A ledger with a plan that was changed twice, then observations of one cell again and again.
async fn ledger() -> Ctx {
    let folder = folder("history-pages");
    for (day, who, measure, target) in [
        (1, None, "M", "100"),
        (2, Some("ann"), "M", "90"),
        (3, Some("bea"), "Called otherwise", "90"),
    ] {
        let ctx = open(&folder, day).await.acting_as(who.map(str::to_owned));
        bench::apply(&ctx, &plan(measure, target)).await;
        ctx.close().await;
    }
    let ctx = open(&folder, 4).await;
    for number in 0..LOADS {
        load(
            &ctx,
            &format!("m,top,2013-01,{number}\nn,top,2013-01,{number}\n"),
        )
        .await;
    }
    erase_person(&ctx, "bea").await.expect("an erasure");
    ctx.close().await;
    open(&folder, 5).await
}

/// A server may read two commits together, of which the second undoes what the first did: the plan is what it was, record for
/// record, and one of its records has two versions more.
#[test]
fn what_was_put_back_and_retired_again_is_in_the_history_of_a_server() {
    block_on(async {
        let folder = folder("history-put-back");
        let ctx = open(&folder, 1).await;
        bench::apply(&ctx, &plan("M", "100")).await;
        ctx.close().await;
        let ctx = open(&folder, 2).await;
        retire_n(&ctx).await;
        let live = ctx.live().await.expect("a live state");
        let versions = async || {
            let request = ctx.of_request(&live, *ctx.actor());
            let history = record_history(&request, "n").await.expect("a history");
            history.versions.len()
        };
        assert_eq!(versions().await, 2);
        take_back(&ctx, CommitNumber(2)).await.expect("taken back");
        retire_n(&ctx).await;
        live.catch_up().await.expect("a ledger");
        assert_eq!(versions().await, 4);
    });
}

/// Retires the measure `n`, which the plan no longer has then.
async fn retire_n(ctx: &Ctx) {
    let mut shorter = plan("M", "100");
    let text = "measures: [{ key: m, name: M, better: higher, kind: sum, frequency: month }]
targets: [{ measure: m, unit: top, points: [{ period: 2013, value: 100 }] }]
";
    shorter[2].bytes = text.as_bytes().to_vec();
    let options = ApplyOptions {
        folder: FolderOptions {
            retire: true,
            ..FolderOptions::default()
        },
        ..ApplyOptions::default()
    };
    let applied = apply_plan(ctx, &shorter, &options).await;
    assert_eq!(applied.expect("a plan").differences.len(), 1);
}

#[test]
fn commits_come_in_pages_and_filtered() {
    block_on(pages_and_filters());
}

async fn pages_and_filters() {
    let ctx = ledger().await;
    let last = 3 + LOADS as u64 + 1;
    let page = async |filter: &CommitFilter, before| {
        let read = commit_page(&ctx, filter, before).await.expect("a page");
        let numbers = read
            .commits
            .iter()
            .map(|commit| commit.told.commit.number.0);
        (numbers.collect::<Vec<_>>(), read.older)
    };
    let all = CommitFilter::default();
    let (first, older) = page(&all, None).await;
    let expected: Vec<u64> = (1..=last).rev().take(COMMITS_ON_A_PAGE).collect();
    assert_eq!(first, expected);
    let (second, older) = page(&all, older).await;
    let expected: Vec<u64> = (1..=last).rev().skip(COMMITS_ON_A_PAGE).collect();
    assert_eq!((second, older), (expected, None));

    let check = async |filter: CommitFilter, expected: &[u64]| {
        let (numbers, _) = page(&filter, None).await;
        assert_eq!(numbers, expected, "{filter:?}");
    };
    let said = |text: &str| Some(text.to_owned());
    let about = |about| CommitFilter {
        about: Some(about),
        ..CommitFilter::default()
    };
    check(about(CommitAbout::Plan), &[3, 2, 1]).await;
    check(about(CommitAbout::Erasure), &[last]).await;
    let of_record = |record: &str| CommitFilter {
        record: said(record),
        ..CommitFilter::default()
    };
    // The history of a measure has that of its targets.
    check(of_record("measure/m"), &[3, 2, 1]).await;
    check(of_record("m@top"), &[2, 1]).await;
    check(of_record("measure/n"), &[1]).await;
    let by_ann = CommitFilter {
        author: said("ann"),
        ..CommitFilter::default()
    };
    check(by_ann, &[2]).await;
    for (since, until, known_at, expected) in [
        (Some("2013-07-02"), Some("2013-07-03"), None, &[3, 2][..]),
        (None, Some("2013-07-03"), Some("2013-07-01"), &[1][..]),
        (None, Some("2013-07-01"), Some("2013-07-03"), &[1][..]),
        (Some("2013-07-05"), None, None, &[][..]),
    ] {
        let filter = CommitFilter {
            since: since.map(str::to_owned),
            until: until.map(str::to_owned),
            known_at: known_at.map(str::to_owned),
            ..CommitFilter::default()
        };
        check(filter, expected).await;
    }
    for filter in [of_record("nothing"), of_record("person/nobody")] {
        assert!(
            commit_page(&ctx, &filter, None).await.is_err(),
            "{filter:?}"
        );
    }

    let of_measure = commit_page(&ctx, &of_record("measure/m"), None).await;
    let of_measure = of_measure.expect("a page").commits;
    let told = of_measure.iter().flat_map(|commit| &commit.differences);
    let told: Vec<String> = told.map(ToString::to_string).collect();
    let expected = [
        "measure m: name \"M\" -> \"Called otherwise\"",
        "target of m for top, 2013: 100 -> 90",
    ];
    assert_eq!(told.get(..2), Some(&expected.map(str::to_owned)[..]));
    ctx.close().await;
}

#[test]
fn a_commit_says_what_was_there_before() {
    block_on(values_before());
}

async fn values_before() {
    let ctx = ledger_of_its_own("history-commits").await;
    let stated = async |number, stretch| {
        let read = commit_changes(&ctx, number, stretch)
            .await
            .expect("a commit");
        let values = read.observations.iter().map(|(now, before)| {
            let before = before.as_ref().and_then(|before| before.observation.value);
            (now.observation.value, before)
        });
        (values.collect::<Vec<_>>(), read.readable)
    };
    let both = |now, before| vec![(Some(now), before), (Some(now), before)];
    assert_eq!(stated(2, 0..10).await, (both(1.0, None), 2));
    assert_eq!(stated(3, 0..10).await, (both(2.0, Some(1.0)), 2));
    assert_eq!(stated(4, 0..10).await, (both(3.0, Some(2.0)), 2));
    assert_eq!(stated(4, 1..2).await, (vec![(Some(3.0), Some(2.0))], 2));
    assert_eq!(stated(4, 9..10).await, (Vec::new(), 2));
    let first = commit_changes(&ctx, 1, 0..10).await.expect("a commit");
    assert!(!first.differences.is_empty());
    for number in [0, 5, u64::MAX] {
        assert!(
            commit_changes(&ctx, number, 0..10).await.is_err(),
            "{number}"
        );
    }
    ctx.close().await;
}

#[test]
fn what_was_retired_since_is_named_as_it_was() {
    block_on(retired_since());
}

async fn retired_since() {
    let ctx = ledger_of_its_own("history-retired").await;
    retire_n(&ctx).await;
    let read = commit_changes(&ctx, 2, 0..10).await.expect("a commit");
    let names = read.observations.iter().map(|(recorded, _)| {
        let cell = &recorded.observation.cell;
        let measure = read.plan_of(cell).measures().get(cell.measure);
        measure.map_or_else(String::new, |measure| measure.name.clone())
    });
    assert_eq!(names.collect::<Vec<_>>(), ["M", "N"]);
    ctx.close().await;
}

/// A ledger with a plan and three values of two cells.
async fn ledger_of_its_own(name: &str) -> Ctx {
    let folder = folder(name);
    let ctx = open(&folder, 1).await;
    bench::apply(&ctx, &plan("M", "100")).await;
    ctx.close().await;
    let ctx = open(&folder, 2).await;
    for number in 1..=3 {
        load(
            &ctx,
            &format!("m,top,2013-01,{number}\nn,top,2013-01,{number}\n"),
        )
        .await;
    }
    ctx
}
