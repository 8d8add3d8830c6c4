//! Workbooks brought in: all of one or nothing, once, onto no ledger and onto a plan that holds.

mod sundays;

use std::path::Path;
use std::sync::Arc;

use throughline_app::edit::take_back;
use throughline_app::{
    AppError, Ctx, LoadOptions, OpenedWorkbook, OutsideFile, PreparedImport, Recording,
    import_workbook, load_observations, open_workbook, prepare_import, read_mapping,
};
use throughline_core::{FrozenClock, Origin, Role};
use throughline_ledger::{CommitKind, Ledger, PlanClock};
use throughline_testkit::chance::fill_anew;
use throughline_workbook::Meaning;

use crate::bench::{self, acting, block_on, folder};

const AWKWARD: &[u8] = include_bytes!("../../../../examples/kpi-workbook/ops-kpis-v7.xlsx");

/// How many values the awkward workbook has; the others of its 864 cells are blank.
const VALUES: u64 = 852;

const JANUARY: &str = "KPI,Lead,Target,Jan-25,Feb-25\nBrightness,Ana,5,6,7\nComplaints,Jo,3,2,1\n";
const MARCH: &str = "KPI,Lead,Target,Feb-25,Mar-25\nBrightness,Ana,5,7.5,8\nComplaints,Jo,3,1,4\n";

async fn context(folder: &Path, role: Role) -> Ctx {
    bench::open(
        folder,
        acting(role, Origin::CommandLine),
        "2026-11-29T12:00:00Z",
    )
    .await
}

async fn ledger(folder: &Path) -> Ledger {
    let clock = FrozenClock("2026-11-29T12:00:00Z".parse().expect("a timestamp"));
    let opened = Ledger::open(folder, Arc::new(clock), Arc::new(fill_anew));
    opened.await.expect("a ledger")
}

/// Makes a plan the one that holds.
async fn apply(ctx: &Ctx, files: &[(&'static str, &str)]) {
    bench::apply(ctx, &bench::files(files.iter().copied())).await;
}

async fn open(ctx: &Ctx, name: &str, bytes: &[u8]) -> OpenedWorkbook {
    let file = OutsideFile {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    };
    open_workbook(ctx, vec![file]).await.expect("a workbook")
}

/// A ledger into which the workbook of January was brought, and the key of its unit.
async fn with_january(folder: &Path) -> (Ctx, String) {
    let ctx = context(folder, Role::Administrator).await;
    let first = open(&ctx, "kpis.csv", JANUARY.as_bytes()).await;
    let prepared = prepare_import(&ctx, &first, None).await.expect("prepared");
    let unit = prepared.understood.draft.observations[0].unit.clone();
    import_workbook(&ctx, &first, None).await.expect("imported");
    ctx.close().await;
    (context(folder, Role::Administrator).await, unit)
}

#[test]
fn the_awkward_workbook_comes_in_as_one_commit_and_once() {
    let folder = folder("import-once");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let ctx = ctx.with_idempotency_key(Some("october".to_owned()));
        let opened = open(&ctx, "ops-kpis-v7.xlsx", AWKWARD).await;
        let prepared = prepare_import(&ctx, &opened, None).await.expect("prepared");
        assert_eq!(prepared.effect.added, VALUES);
        assert!(!folder.exists(), "nothing is saved before it is confirmed");
        let first = import_workbook(&ctx, &opened, None)
            .await
            .expect("imported");
        ctx.close().await;
        assert_eq!(first.effect, prepared.effect);
        assert!(first.is_new_ledger);
        let commit = first.commit.expect("a commit");
        assert_eq!(commit.kind, CommitKind::Plan);
        assert_eq!(commit.observations, VALUES + first.effect.none);
        assert_eq!(commit.records, first.effect.records);
        assert_eq!(commit.reason.as_deref(), Some("Import of ops-kpis-v7.xlsx"));

        let ctx = context(&folder, Role::Administrator).await;
        let again = import_workbook(&ctx, &opened, None)
            .await
            .expect("imported");
        assert!(again.commit.is_none() && again.effect.is_nothing());
        assert_eq!(again.effect.unchanged, VALUES);
        // With its key the first answer comes again.
        let ctx = ctx.with_idempotency_key(Some("october".to_owned()));
        let repeated = import_workbook(&ctx, &opened, None)
            .await
            .expect("imported");
        assert_eq!(repeated.commit.expect("the commit").number, commit.number);
        let told = [repeated.effect.records, repeated.effect.added];
        assert_eq!(told, [first.effect.records, first.effect.added]);
        assert!(repeated.is_new_ledger);
        let another = open(&ctx, "other.csv", JANUARY.as_bytes()).await;
        let reused = import_workbook(&ctx, &another, None).await;
        assert!(matches!(reused, Err(AppError::KeyReused)));
        ctx.close().await;
        let ledger = ledger(&folder).await;
        assert_eq!(ledger.head().await.expect("a head").number, commit.number);
        ledger.close().await;
    });
}

/// Whoever takes an import back may have read their page before others recorded what rests on it.
#[test]
fn figures_that_came_after_a_snapshot_keep_an_import_from_being_taken_back() {
    let folder = folder("import-rests");
    block_on(async {
        let first = context(&folder, Role::Administrator).await;
        let opened = open(&first, "kpis.csv", JANUARY.as_bytes()).await;
        let imported = import_workbook(&first, &opened, None)
            .await
            .expect("imported");
        let number = imported.commit.expect("a commit").number;
        first.close().await;
        let ctx = context(&folder, Role::Administrator).await;
        let live = ctx.live().await.expect("a live state");
        let before = ctx.of_request(&live, *ctx.actor());
        let opened = open(&ctx, "kpis.csv", MARCH.as_bytes()).await;
        let later = import_workbook(&ctx, &opened, None)
            .await
            .expect("imported");
        let later = later.commit.expect("a commit").number;
        let refused = take_back(&before, number).await;
        let refused = refused.expect_err("something rests on it").to_string();
        assert!(
            refused.contains(&format!("commit {}", later.0)),
            "{refused}"
        );
        // Nothing was, and the newest state says so.
        assert!(live.catch_up().await.expect("a snapshot"));
        let left = live.snapshot();
        assert_eq!((left.position, left.model.measures().len()), (later, 2));
        ctx.close().await;
    });
}

#[test]
fn the_file_of_next_month_adds_what_is_new() {
    let folder = folder("import-next");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let first = open(&ctx, "kpis.csv", JANUARY.as_bytes()).await;
        let prepared = prepare_import(&ctx, &first, None).await.expect("prepared");
        let mut mapping = prepared.understood.mapping;
        mapping.measures[0].name = "Brightness of lamps".to_owned();
        mapping.measures[0].key = "lamps".to_owned();
        let kept = mapping.to_text();
        import_workbook(&ctx, &first, Some(&mapping))
            .await
            .expect("imported");
        ctx.close().await;

        let ctx = context(&folder, Role::Administrator).await;
        let mapping = read_mapping(kept.as_bytes()).expect("the mapping");
        let next = open(&ctx, "kpis-march.csv", MARCH.as_bytes()).await;
        let prepared = prepare_import(&ctx, &next, Some(&mapping))
            .await
            .expect("prepared");
        let plan = &prepared.plan;
        assert!(plan.is_empty(), "all of it stands: {plan:?}");
        let left_out = prepared.left_out();
        let why: Vec<(&str, usize)> = left_out
            .iter()
            .map(|group| (group.because, group.cells.len()))
            .collect();
        let kept = "another figure is recorded, which stays as it is";
        assert_eq!(why, [(kept, 1)], "its targets say what stands");
        assert_eq!(prepared.counts().targets, 2);
        let other = open(
            &ctx,
            "kpis-march.csv",
            MARCH.replace("Jo,3,", "Jo,2.5,").as_bytes(),
        )
        .await;
        let other = prepare_import(&ctx, &other, Some(&mapping))
            .await
            .expect("prepared");
        let left_out = other.left_out();
        let why: Vec<(&str, usize)> = left_out
            .iter()
            .map(|group| (group.because, group.cells.len()))
            .collect();
        let stays = "the plan has another target for it, which stays as it is";
        assert_eq!(why.len(), 2, "{why:?}");
        assert!(why.contains(&(stays, 1)) && why.contains(&(kept, 1)));
        let standing: Vec<&str> = prepared.standing.iter().map(String::as_str).collect();
        assert_eq!(standing, ["complaints", "lamps"]);
        let imported = import_workbook(&ctx, &next, Some(&mapping))
            .await
            .expect("imported");
        assert_eq!(imported.effect, prepared.effect);
        let effect = imported.effect;
        let counts = (
            effect.records,
            effect.added,
            effect.corrections,
            effect.unchanged,
        );
        assert_eq!(counts, (0, 2, 0, 1));
        let commit = imported.commit.expect("a commit");
        assert_eq!(
            (commit.kind, commit.observations),
            (CommitKind::Observations, 2)
        );
        ctx.close().await;
    });
}

/// Who made the workbook may not know what was corrected here since: it stays, is named with who recorded it, and gives way only
/// where somebody says so. What says the same keeps its comment.
#[test]
fn figures_that_are_recorded_otherwise_stay_unless_the_workbook_is_right() {
    let folder = folder("import-differing");
    block_on(async {
        let (ctx, unit) = with_january(&folder).await;
        let corrected = format!(
            "measure,unit,period,value,note\nbrightness,{unit},2025-02,7.4,cleaned\ncomplaints,{unit},2025-02,1,counted again\n"
        );
        let options = LoadOptions::default();
        let loaded = load_observations(&ctx, "o.csv", corrected.as_bytes(), options).await;
        loaded.expect("good observations");
        let next = open(&ctx, "kpis-march.csv", MARCH.as_bytes()).await;
        let prepared = prepare_import(&ctx, &next, None).await.expect("prepared");
        let told: Vec<[&str; 4]> = prepared
            .differing
            .iter()
            .map(|one| [&*one.measure, &*one.period, &*one.recorded, &*one.becomes])
            .collect();
        assert_eq!(told, [["Brightness", "Feb 2025", "7.4", "7.5"]]);
        assert!(prepared.differing[0].by.contains("29 Nov 2026"));
        let left_out = prepared.left_out();
        assert!(
            left_out
                .iter()
                .any(|group| group.because.contains("stays as it is"))
        );
        let kept = import_workbook(&ctx, &next, None).await.expect("imported");
        assert_eq!((kept.effect.added, kept.effect.corrections), (2, 0));
        let right = next.recorded_by(Recording {
            replaces: true,
            ..Recording::default()
        });
        let replaced = import_workbook(&ctx, &right, None).await.expect("imported");
        assert_eq!((replaced.effect.added, replaced.effect.corrections), (0, 1));
        let again = prepare_import(&ctx, &right, None).await.expect("prepared");
        assert!(again.differing.is_empty() && again.effect.is_nothing());
        ctx.close().await;
    });
}

/// Without a kept mapping, the plan says what its names stand for: no measure, unit or person is made a second time.
#[test]
fn what_the_plan_has_is_found_by_its_name() {
    let folder = folder("import-known");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let plan = "organisation: { key: o, name: Harbour, time_zone: UTC }
units: [{ key: top, name: Harbour }]
people: [{ key: a-lima, name: Ana }]
";
        let measures = "measures:
  - { key: lamps, name: Brightness, kind: mean, frequency: month, better: higher, owner: a-lima }
  - { key: grievances, name: Complaints, kind: sum, frequency: quarter, better: lower }
";
        apply(
            &ctx,
            &[("organisation.yaml", plan), ("measures.yaml", measures)],
        )
        .await;
        ctx.close().await;

        let ctx = context(&folder, Role::Administrator).await;
        let opened = open(&ctx, "kpis.csv", JANUARY.as_bytes()).await;
        let prepared = prepare_import(&ctx, &opened, None).await.expect("prepared");
        // Months are no quarters, which the plan asks for; that is said cell by cell, and the other measure comes in.
        let why: Vec<String> = left_out(&prepared, 'D'..='E');
        assert_eq!(why.len(), 2, "{why:?}");
        assert!(why[0].contains("is no quarter"), "{why:?}");
        assert_eq!(prepared.effect.added, 2);
        let imported = import_workbook(&ctx, &opened, None)
            .await
            .expect("imported");
        let model = throughline_app::current_plan(&ctx).await.expect("a plan");
        ctx.close().await;
        assert_eq!(imported.effect.added, 2);
        assert_eq!(model.measures().iter().count(), 2);
        // The owners of measures that stand are those of the plan.
        assert_eq!(model.people().iter().count(), 1);
        let ledger = ledger(&folder).await;
        let model = ledger.model(PlanClock::Newest).await.expect("a plan");
        assert_eq!(model.units().iter().count(), 1);
        ledger.close().await;
    });
}

/// Why cells of the third row are left out.
fn left_out(prepared: &PreparedImport, columns: std::ops::RangeInclusive<char>) -> Vec<String> {
    let cells = prepared.understood.cells.iter();
    let here = cells.filter(|cell| {
        let name = cell.cell.to_string();
        name.ends_with('3') && columns.contains(&name.chars().next().unwrap_or('?'))
    });
    here.filter_map(|cell| match &cell.meaning {
        Meaning::LeftOut { because, .. } => Some(because.clone()),
        _ => None,
    })
    .collect()
}

/// What the plan does not take is left out and told, and the rest comes in.
#[test]
fn what_the_plan_does_not_take_is_told_cell_by_cell() {
    let folder = folder("import-refused");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let plan = "organisation: { key: o, name: Harbour, time_zone: UTC }
units: [{ key: top, name: Harbour }]
";
        let measures = "measures:
  - { key: lamps, name: Brightness, kind: mean, frequency: month, better: higher, greatest: 6.5 }
";
        apply(
            &ctx,
            &[("organisation.yaml", plan), ("measures.yaml", measures)],
        )
        .await;
        ctx.close().await;

        let ctx = context(&folder, Role::Administrator).await;
        let opened = open(&ctx, "kpis.csv", JANUARY.as_bytes()).await;
        let prepared = prepare_import(&ctx, &opened, None).await.expect("prepared");
        assert_eq!((prepared.refused, prepared.effect.added), (1, 3));
        let cells = prepared.understood.cells.iter();
        let refused = cells.filter(|cell| cell.cell.to_string() == "E2");
        let why: Vec<&Meaning> = refused.map(|cell| &cell.meaning).collect();
        assert!(
            matches!(why.as_slice(), [Meaning::LeftOut { because, .. }] if because.contains("at most 6.5")),
            "{why:?}"
        );
        let imported = import_workbook(&ctx, &opened, None)
            .await
            .expect("imported");
        assert_eq!((imported.refused, imported.effect.added), (1, 3));
        ctx.close().await;
    });
}

/// A cell of which the workbook says that there is none is recorded so, and takes no figure away that is there.
#[test]
fn what_there_is_not_is_recorded_once_and_takes_nothing_away() {
    let folder = folder("import-none");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let text = "KPI,Jan-25,Feb-25,Mar-25\nBrightness,n/a,7,n/a\nComplaints,3,2,1\n";
        let opened = open(&ctx, "kpis.csv", text.as_bytes()).await;
        let imported = import_workbook(&ctx, &opened, None).await.expect("in");
        assert_eq!((imported.effect.added, imported.effect.none), (4, 2));
        ctx.close().await;
        let ctx = context(&folder, Role::Administrator).await;
        let other = "KPI,Jan-25,Feb-25,Mar-25\nBrightness,n/a,n/a,6\nComplaints,3,n/a,1\n";
        let opened = open(&ctx, "kpis.csv", other.as_bytes()).await;
        let prepared = prepare_import(&ctx, &opened, None).await.expect("prepared");
        assert_eq!(prepared.effect.added, 0);
        assert_eq!(
            prepared.effect.corrections, 1,
            "only March has a figure now"
        );
        // Nor does the table that is written for somebody to load.
        let table = String::from_utf8_lossy(&prepared.observations.bytes).into_owned();
        assert!(!table.contains(",2025-02,\n"), "{table}");
        ctx.close().await;
    });
}

#[test]
fn nothing_is_half_brought_in() {
    let folder = folder("import-nothing");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let half = &AWKWARD[..AWKWARD.len() / 2];
        let files = [
            ("a.xlsx", half),
            ("b.csv", b"".as_slice()),
            ("c.png", b"\x89PNG\0\0"),
        ];
        for (name, bytes) in files {
            let file = OutsideFile {
                name: name.to_owned(),
                bytes: bytes.to_vec(),
            };
            let opened = open_workbook(&ctx, vec![file]).await;
            let error = opened.expect_err(name);
            assert!(error.to_string().starts_with(name), "{error}");
            assert!(error.help().is_some(), "{error}");
        }
        // A mapping that makes a wrong plan: not even a ledger is made.
        let opened = open(&ctx, "kpis.csv", JANUARY.as_bytes()).await;
        let prepared = prepare_import(&ctx, &opened, None).await.expect("prepared");
        let mut mapping = prepared.understood.mapping;
        mapping.measures[1].name = String::new();
        let prepared = prepare_import(&ctx, &opened, Some(&mapping)).await;
        assert!(prepared.expect("prepared").remarks.errors() > 0);
        let imported = import_workbook(&ctx, &opened, Some(&mapping)).await;
        assert!(
            matches!(imported, Err(AppError::BadInput { .. })),
            "{imported:?}"
        );
        assert!(!folder.exists());
        ctx.close().await;
    });
}

#[test]
fn who_may_not_change_the_plan_brings_nothing_in() {
    let folder = folder("import-rights");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let opened = open(&ctx, "kpis.csv", JANUARY.as_bytes()).await;
        for (role, may) in [
            (Role::Viewer, false),
            (Role::Contributor, false),
            (Role::Steward, false),
            (Role::Strategist, true),
        ] {
            let ctx = context(&folder, role).await;
            let imported = import_workbook(&ctx, &opened, None).await;
            match imported {
                Ok(_) => assert!(may, "{role}"),
                Err(AppError::Forbidden { .. }) => assert!(!may, "{role}"),
                Err(error) => panic!("{role}: {error}"),
            }
            ctx.close().await;
        }
        ctx.close().await;
    });
}

/// What is new waits for the owners of measures of the plan where they are to see it first; what is known already does not.
#[test]
fn owners_see_the_figures_of_a_workbook_first_where_that_is_said() {
    let folder = folder("import-owners-first");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let first = open(&ctx, "kpis.csv", JANUARY.as_bytes()).await;
        let prepared = prepare_import(&ctx, &first, None).await.expect("prepared");
        assert_eq!(prepared.waiting.added, 0, "nobody answered for it yet");
        import_workbook(&ctx, &first, None).await.expect("imported");
        ctx.close().await;
        let ctx = context(&folder, Role::Administrator).await;
        let next = MARCH.replace("7.5", "7");
        let next = open(&ctx, "kpis-march.csv", next.as_bytes()).await;
        let next = next.recorded_by(Recording {
            owners_first: true,
            ..Recording::default()
        });
        let prepared = prepare_import(&ctx, &next, None).await.expect("prepared");
        assert_eq!((prepared.waiting.added, prepared.differing.len()), (2, 0));
        let imported = import_workbook(&ctx, &next, None).await.expect("imported");
        assert_eq!(imported.effect.added, 2);
        let live = ctx.live().await.expect("a live state");
        assert_eq!(live.snapshot().observations.held().len(), 2);
        // The same file once more leaves them to their owners.
        let again = prepare_import(&ctx, &next, None).await.expect("prepared");
        assert_eq!((again.differing.len(), again.effect.added), (2, 0));
        assert!(again.differing[0].recorded.contains("waits for its owner"));
        ctx.close().await;
    });
}

/// Whoever imports may have read their page before somebody corrected a figure: what is kept is what the ledger has.
#[test]
fn a_correction_that_came_after_a_snapshot_stays() {
    let folder = folder("import-behind");
    block_on(async {
        let (ctx, unit) = with_january(&folder).await;
        let live = ctx.live().await.expect("a live state");
        let before = ctx.of_request(&live, *ctx.actor());
        bench::load(&ctx, &format!("brightness,{unit},2025-02,7.4\n")).await;
        let next = open(&before, "kpis-march.csv", MARCH.as_bytes()).await;
        let prepared = prepare_import(&before, &next, None)
            .await
            .expect("prepared");
        assert_eq!(prepared.differing[0].recorded, "7.4");
        let imported = import_workbook(&before, &next, None).await.expect("in");
        assert_eq!((imported.effect.added, imported.effect.corrections), (2, 0));
        ctx.close().await;
    });
}
