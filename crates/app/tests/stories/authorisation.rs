//! Every use case, asked by every role, confined and not: what it may, what it may not, and what is hidden from it.
//! Fields that are hidden are in none of the answers.

mod fields;

use std::future::Future;
use std::path::Path;

use throughline_app::insight::{Depth, insights};
use throughline_app::{
    AppError, ApplyOptions, Ctx, FolderOptions, Hidden, LoadOptions, NewNote, Selection, add_note,
    apply_plan, back_up, check_plan, checkpoint, corrections, current_plan, demo, diff_plan,
    erase_person, explain, export_plan, find, history, initiatives, line_of_sight,
    load_observations, new_signing_key, open_workbook, person, restore, restore_keys, scorecard,
    verify_ledger,
};
use throughline_core::{Actor, Origin, Role, Scope};
use throughline_ledger::RestoreOptions;
use throughline_model::text::PlanFile;

use crate::bench::{self, acting, block_on, folder};

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: A, parent: top }, { key: b, name: B, parent: top }]
people: [{ key: w, name: W, unit: b, email: w@o.example }]
strategy: { key: s, name: S, from: 2013, to: 2017 }
";

const MEASURES: &str = "measures: [{ key: m, name: M, kind: sum, frequency: month }]\n";

const OBSERVATIONS: [&str; 2] = [
    "measure,unit,period,value\nm,a,2013-01,1\n",
    "measure,unit,period,value\nm,b,2013-01,2\n",
];

fn plan() -> Vec<PlanFile> {
    let (organisation, strategy) =
        ORGANISATION.split_at(ORGANISATION.find("strategy:").expect("a strategy"));
    let files = [
        ("organisation.yaml", organisation),
        ("strategy.yaml", strategy),
        ("measures.yaml", MEASURES),
    ];
    bench::files(files)
}

async fn context(folder: &Path, role: Role, scope: Scope) -> Ctx {
    let actor = Actor {
        scope,
        ..acting(role, Origin::Server)
    };
    context_of(folder, actor).await
}

async fn context_of(folder: &Path, actor: Actor) -> Ctx {
    bench::open(folder, actor, "2013-07-08T12:00:00Z").await
}

/// What the policy answers: an error about what was asked for comes after the right to ask.
async fn answer<T>(asked: impl Future<Output = Result<T, AppError>>) -> &'static str {
    match asked.await {
        Ok(_) | Err(AppError::BadInput { .. }) => "may",
        Err(AppError::BadRequest { .. }) => "may",
        Err(AppError::NotFound { .. }) => "hidden",
        Err(AppError::Forbidden { .. }) => "may not",
        // Nothing stands where a file was named, which is looked at after the right to ask.
        Err(AppError::Failed { message, .. }) if message.contains("No such file") => "may",
        Err(error) => panic!("{error}"),
    }
}

async fn answers(ctx: &Ctx) -> Vec<(&'static str, &'static str)> {
    let at = |unit: &str| Selection {
        unit: Some(unit.to_owned()),
        period: Some("2013-01".to_owned()),
        ..Selection::default()
    };
    let january = || Selection {
        period: Some("2013-01".to_owned()),
        ..Selection::default()
    };
    let files = plan();
    let nowhere = Path::new("/nowhere/at/all");
    let options = ApplyOptions::default();
    let load = |which: usize| {
        load_observations(
            ctx,
            "file",
            OBSERVATIONS[which].as_bytes(),
            LoadOptions::default(),
        )
    };
    let note = NewNote {
        measure: "m".to_owned(),
        period: "2013-01".to_owned(),
        what: "It snowed".to_owned(),
        baseline: false,
        right: None,
    };
    vec![
        ("check a plan", answer(check_plan(ctx, &files)).await),
        (
            "diff a plan",
            answer(diff_plan(ctx, &files, FolderOptions::default())).await,
        ),
        ("export the plan", answer(export_plan(ctx)).await),
        ("read the plan", answer(current_plan(ctx)).await),
        (
            "apply a plan",
            answer(apply_plan(ctx, &files, &options)).await,
        ),
        (
            "import a workbook",
            answer(open_workbook(ctx, Vec::new())).await,
        ),
        ("load observations of a", answer(load(0)).await),
        ("load observations of b", answer(load(1)).await),
        (
            "read the scorecard of a",
            answer(scorecard(ctx, &at("a"))).await,
        ),
        (
            "read the scorecard of b",
            answer(scorecard(ctx, &at("b"))).await,
        ),
        (
            "read the scorecard of top",
            answer(scorecard(ctx, &at("top"))).await,
        ),
        (
            "read who w of b is",
            answer(person(ctx, "w", &january())).await,
        ),
        (
            "read how to reach w of b",
            answer(async {
                let read = person(ctx, "w", &january()).await?;
                let hidden = || AppError::not_found("no address");
                read.person.email.clone().ok_or_else(hidden)
            })
            .await,
        ),
        (
            "read the line of sight of w of b",
            answer(line_of_sight(ctx, Some("w"), &january())).await,
        ),
        ("find a record", answer(find(ctx, "m", 10)).await),
        (
            "read how the initiatives stand in a",
            answer(initiatives(ctx, &at("a"))).await,
        ),
        (
            "read forecasts of b",
            answer(insights(ctx, Some("m"), &at("b"), Depth::Forecasts)).await,
        ),
        (
            "read corrections of b",
            answer(corrections(ctx, "m", &at("b"), 0..10)).await,
        ),
        (
            "explain a number of b",
            answer(explain(ctx, "m", &at("b"))).await,
        ),
        (
            "note on a chart of a",
            answer(add_note(ctx, &at("a"), &note)).await,
        ),
        (
            "note on a chart of b",
            answer(add_note(ctx, &at("b"), &note)).await,
        ),
        (
            "see the commits",
            answer(history::commits(ctx, 0..10)).await,
        ),
        (
            "see a page of the commits",
            answer(history::commit_page(
                ctx,
                &history::CommitFilter::default(),
                None,
            ))
            .await,
        ),
        (
            "see a commit",
            answer(history::commit_changes(ctx, 1, 0..10)).await,
        ),
        (
            "see what changed between two days",
            answer(history::plan_changes(ctx, "2013-07-08..2013-07-09")).await,
        ),
        (
            "see the history of a record",
            answer(history::record_history(ctx, "m")).await,
        ),
        (
            "see the values of a",
            answer(history::cell_history(ctx, "m", "a", "2013-01")).await,
        ),
        (
            "see the values of b",
            answer(history::cell_history(ctx, "m", "b", "2013-01")).await,
        ),
        (
            "see restatements",
            answer(history::restatements(
                ctx,
                None,
                &at("a"),
                "2013-07-08..2013-07-09",
            ))
            .await,
        ),
        (
            "see target drift",
            answer(history::target_drift(ctx, None, None)).await,
        ),
        ("erase a person", answer(erase_person(ctx, "nobody")).await),
        (
            "verify the ledger",
            answer(verify_ledger(ctx, None, None)).await,
        ),
        (
            "back up the ledger",
            answer(back_up(ctx, Some(nowhere), None)).await,
        ),
        (
            "restore a backup",
            answer(restore(ctx, nowhere, None, RestoreOptions::default())).await,
        ),
        ("add data keys", answer(restore_keys(ctx, nowhere)).await),
        ("make a checkpoint", answer(checkpoint(ctx, None)).await),
        (
            "make a key for signing",
            answer(new_signing_key(ctx, nowhere, nowhere)).await,
        ),
        (
            "begin a demonstration",
            answer(demo(ctx, throughline_app::Example::NhsAe)).await,
        ),
    ]
}

#[test]
fn every_use_case_answers_every_role_as_declared() {
    let folder = folder("authorisation");
    let told = block_on(async {
        let administrator = context(&folder, Role::Administrator, Scope::Organisation).await;
        bench::apply(&administrator, &plan()).await;
        administrator.close().await;
        let administrator = context(&folder, Role::Administrator, Scope::Organisation).await;
        for text in OBSERVATIONS {
            let loaded = load_observations(
                &administrator,
                "file",
                text.as_bytes(),
                LoadOptions::default(),
            )
            .await;
            loaded.expect("observations");
        }
        let model = current_plan(&administrator).await.expect("a plan");
        let unit = model.units().by_key("a").expect("a unit").id();
        let mut told = String::new();
        let scopes = [
            (Scope::Organisation, "of the whole"),
            (Scope::Unit(unit), "of a"),
            (Scope::Nowhere, "of nowhere"),
        ];
        for (scope, where_) in scopes {
            for role in Role::ALL {
                let ctx = context(&folder, role, scope).await;
                told.push_str(&format!("{role} {where_}\n"));
                for (use_case, answer) in answers(&ctx).await {
                    told.push_str(&format!("  {answer:<8} {use_case}\n"));
                }
                ctx.close().await;
            }
        }
        told
    });
    insta::assert_snapshot!(told);
}

/// The number of a unit above is shared with everybody below it; what it is made of is not.
#[test]
fn an_explanation_above_tells_nothing_of_units_beside() {
    let folder = folder("explanation");
    block_on(async {
        let administrator = context(&folder, Role::Administrator, Scope::Organisation).await;
        bench::apply(&administrator, &plan()).await;
        administrator.close().await;
        let administrator = context(&folder, Role::Administrator, Scope::Organisation).await;
        for text in OBSERVATIONS {
            let options = LoadOptions::default();
            let loaded = load_observations(&administrator, "file", text.as_bytes(), options).await;
            loaded.expect("observations");
        }
        let model = current_plan(&administrator).await.expect("a plan");
        let unit = model.units().by_key("a").expect("a unit").id();
        let at_top = Selection {
            unit: Some("top".to_owned()),
            period: Some("2013-01".to_owned()),
            ..Selection::default()
        };
        let check = async |scope: Scope, lines: Vec<f64>, commits: usize, hidden: Hidden| {
            let ctx = context(&folder, Role::Contributor, scope).await;
            let read = explain(&ctx, "m", &at_top).await.expect("an explanation");
            assert_eq!(read.explanation.reading.value, Some(3.0));
            let inputs = read
                .explanation
                .periods
                .iter()
                .flat_map(|period| &period.inputs);
            let values: Vec<f64> = inputs.map(|line| line.value).collect();
            assert_eq!(values, lines, "{scope:?}");
            assert_eq!(read.commits.len(), commits, "{scope:?}");
            assert_eq!(read.hidden, hidden, "{scope:?}");
        };
        let one = Hidden {
            observations: 1,
            has_more: false,
        };
        check(Scope::Organisation, vec![1.0, 2.0], 2, Hidden::default()).await;
        check(Scope::Unit(unit), vec![1.0], 1, one).await;
        // In the month after, both owe: what is owed is no observation, and is not counted for whoever may not see it.
        let at_top = Selection {
            period: Some("2013-02".to_owned()),
            ..at_top.clone()
        };
        let check = async |scope: Scope, missing: usize, has_more: bool| {
            let ctx = context(&folder, Role::Contributor, scope).await;
            let read = explain(&ctx, "m", &at_top).await.expect("an explanation");
            let periods = read.explanation.periods.iter();
            let lines: usize = periods.map(|period| period.missing.len()).sum();
            assert_eq!(lines, missing, "{scope:?}");
            let hidden = Hidden {
                observations: 0,
                has_more,
            };
            assert_eq!(read.hidden, hidden, "{scope:?}");
        };
        check(Scope::Organisation, 2, false).await;
        check(Scope::Unit(unit), 1, true).await;
    });
}

/// A use case that did not ask the policy could not reach the ledger; this finds one that asks for something else's sake.
#[test]
fn every_use_case_asks_the_policy() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = 0;
    let folders = ["", "access", "entry", "history"].map(|folder| sources.join(folder));
    let files = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap());
    for file in files {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs")
            || path.ends_with("context.rs")
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for (start, _) in text.match_indices("\npub async fn ") {
            found += 1;
            let body = text.get(start..).unwrap_or_default();
            let end = body.find("\n}\n").unwrap_or(body.len());
            let body = body.get(..end).unwrap_or_default();
            let asks = body.contains("authorize::<")
                || body.contains("authorize_upkeep::<")
                || body.contains("select(ctx")
                || body.contains("scorecard(ctx")
                || body.contains("load_unless_moved(ctx");
            assert!(
                asks,
                "{}: {}",
                path.display(),
                body.lines().nth(1).unwrap_or_default()
            );
        }
    }
    assert!(found >= 15, "{found}");
}

#[tokio::test]
async fn who_writes_the_plan_gives_nobody_access() {
    let folder = folder("access");
    let administrator = context(&folder, Role::Administrator, Scope::Organisation).await;
    let options = ApplyOptions::default();
    apply_plan(&administrator, &plan(), &options)
        .await
        .expect("the plan is sound");
    administrator.close().await;
    let with = |access: &str| {
        let mut files = plan();
        let text =
            ORGANISATION.replace("email: w@o.example", &format!("email: w@o.example{access}"));
        let (organisation, _) = text.split_at(text.find("strategy:").expect("a strategy"));
        files[0].bytes = organisation.as_bytes().to_vec();
        files
    };
    let check = async |role: Role, access: &str, expected: &str| {
        let ctx = context(&folder, role, Scope::Organisation).await;
        let answered = answer(apply_plan(&ctx, &with(access), &options)).await;
        assert_eq!(answered, expected, "{role} {access}");
        ctx.close().await;
    };
    check(Role::Strategist, ", role: administrator", "may not").await;
    check(Role::Strategist, ", role: viewer, role_at: b", "may not").await;
    check(Role::Strategist, ", level: manager", "may").await;
    check(Role::Administrator, ", role: viewer, role_at: b", "may").await;
    // What was given stays with a folder that says the same, and is not widened or taken.
    check(
        Role::Strategist,
        ", level: manager, role: viewer, role_at: b",
        "may",
    )
    .await;
    check(
        Role::Strategist,
        ", level: manager, role: viewer",
        "may not",
    )
    .await;
}
