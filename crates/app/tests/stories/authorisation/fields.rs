//! A canary in each field that not everybody may see, looked for in the answers of every use case that reads.

use throughline_app::{
    ApplyOptions, Ctx, FolderOptions, apply_plan, check_plan, current_plan, diff_plan, explain,
    export_plan, history, person, plan_records, scorecard,
};
use throughline_core::{Actor, Origin, PersonId, Role, Scope};
use throughline_model::Kind;
use throughline_model::text::PlanFile;

use super::{context, context_of};
use crate::bench::{block_on, folder};

/// What a canary stands in, and the text of it.
const CANARIES: [(&str, &str); 4] = [
    ("the address of ann, who leads bea", "ann@canary.example"),
    ("the address of bea, who works in a", "bea@canary.example"),
    ("the address of cem, who works in b", "cem@canary.example"),
    ("the budget of the organisation", "987654"),
];

const PEOPLE: &str = "people:
  - { key: ann, name: Ann, email: ann@canary.example, unit: top }
  - { key: bea, name: Bea, email: bea@canary.example, unit: a, reports_to: ann }
  - { key: cem, name: Cem, email: cem@canary.example, unit: b }
";

const INITIATIVE: &str =
    "initiatives: [{ key: i, name: I, budget: { amount: 987654, currency: EUR } }]
";

/// The plan of these tests, with these people alone.
fn with_people(people: &str) -> Vec<PlanFile> {
    let mut files = super::plan();
    let organisation = String::from_utf8_lossy(&files[0].bytes).into_owned();
    let others = organisation
        .lines()
        .filter(|line| !line.starts_with("people:"));
    let others: String = others.map(|line| format!("{line}\n")).collect();
    files[0].bytes = format!("{others}{people}").into_bytes();
    files
}

fn files(people: &str, initiative: &str) -> Vec<PlanFile> {
    let mut files = with_people(people);
    files[1].bytes.extend(initiative.as_bytes());
    files
}

fn text(files: &[PlanFile]) -> String {
    let texts = files
        .iter()
        .map(|file| String::from_utf8_lossy(&file.bytes));
    texts.collect::<Vec<_>>().concat()
}

/// A ledger in which every canary was written, and then changed, so that histories and differences have two versions.
async fn ledger(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    let mut ctx = context(&folder, Role::Administrator, Scope::Organisation).await;
    let before = files(
        &PEOPLE.replace("canary.example", "canary.example.org"),
        &INITIATIVE.replace("987654", "9876541"),
    );
    let some_days_ago = Some("2013-07-01".to_owned());
    for (files, recorded_at) in [(before, some_days_ago), (files(PEOPLE, INITIATIVE), None)] {
        let options = ApplyOptions {
            recorded_at,
            ..ApplyOptions::default()
        };
        apply_plan(&ctx, &files, &options).await.expect("a plan");
        ctx.close().await;
        ctx = context(&folder, Role::Administrator, Scope::Organisation).await;
    }
    let observations = super::OBSERVATIONS[0].as_bytes();
    let options = throughline_app::LoadOptions::default();
    throughline_app::load_observations(&ctx, "file", observations, options)
        .await
        .expect("observations");
    ctx.close().await;
    folder
}

/// Everything that the use cases which read answer, as text.
async fn answers(ctx: &Ctx) -> String {
    let mut told = Vec::new();
    let mut tell = |what: &str, text: String| told.push(format!("{what}: {text}"));
    let exported = export_plan(ctx).await.expect("an export");
    tell("export", text(&exported.files));
    tell("plan", format!("{:?}", current_plan(ctx).await));
    let other = files(&PEOPLE.replace("canary", "other"), "");
    tell(
        "diff",
        format!(
            "{:?}",
            diff_plan(ctx, &other, FolderOptions::default()).await
        ),
    );
    let stale = {
        let mut files = other;
        files[0].bytes.splice(0..0, *b"base: 1\n");
        files
    };
    tell(
        "diff of a stale folder",
        format!(
            "{:?}",
            diff_plan(ctx, &stale, FolderOptions::default()).await
        ),
    );
    tell(
        "check of a stale folder",
        format!("{:?}", check_plan(ctx, &stale).await),
    );
    for record in ["ann", "bea", "cem", "i"] {
        let history = history::record_history(ctx, record).await;
        tell("history", format!("{history:?}"));
        let filter = history::CommitFilter {
            record: Some(record.to_owned()),
            ..Default::default()
        };
        let commits = history::commit_page(ctx, &filter, None).await;
        tell("commits of a record", format!("{commits:?}"));
    }
    for number in 1..=3 {
        let commit = history::commit_changes(ctx, number, 0..10).await;
        tell("commit", format!("{commit:?}"));
    }
    let changes = history::plan_changes(ctx, "2013-07-02..2013-07-09").await;
    tell("changes", format!("{changes:?}"));
    let records = plan_records(ctx, &throughline_app::Selection::default()).await;
    let records = records.expect("the plan");
    let records = Kind::ALL.into_iter().map(|kind| records.of_kind(kind));
    tell("records", format!("{:?}", records.collect::<Vec<_>>()));
    tell(
        "commits",
        format!("{:?}", history::commits(ctx, 0..10).await),
    );
    tell(
        "drift",
        format!("{:?}", history::target_drift(ctx, None, None).await),
    );
    let at_a = throughline_app::Selection {
        unit: Some("a".to_owned()),
        period: Some("2013-01".to_owned()),
        ..Default::default()
    };
    for (known_at, plan_at) in [(None, None), (Some("2013-07-08"), Some("2013-07-08"))] {
        let asked = throughline_app::Selection {
            known_at: known_at.map(str::to_owned),
            plan_at: plan_at.map(str::to_owned),
            ..at_a.clone()
        };
        if let Ok(read) = scorecard(ctx, &asked).await {
            tell("scorecard", format!("{:?}", read.selected.model));
        }
        for key in ["ann", "bea", "cem"] {
            if let Ok(read) = person(ctx, key, &asked).await {
                tell("person", format!("{:?}", read.person));
            }
        }
        if let Ok(read) = explain(ctx, "m", &asked).await {
            tell(
                "explain",
                format!("{:?} {:?}", read.selected.model, read.explanation),
            );
        }
    }
    if let Ok(restated) = history::restatements(ctx, None, &at_a, "2013-07-07..2013-07-09").await {
        tell("restatements", format!("{:?}", restated.selected.model));
    }
    if let Some(snapshot) = ctx.snapshot() {
        tell("snapshot", format!("{:?}", snapshot.model));
    }
    told.join("\n")
}

/// Which canaries an actor sees, the same way in a process that asks once and in a server.
async fn seen(folder: &std::path::Path, actor: Actor) -> Vec<&'static str> {
    let ctx = context_of(folder, actor).await;
    let live = ctx.live().await.expect("a live state");
    let [once, served] = [
        answers(&ctx).await,
        answers(&ctx.of_request(&live, actor)).await,
    ];
    let of = |text: &str| -> Vec<&'static str> {
        let found = CANARIES.iter().filter(|(_, canary)| text.contains(canary));
        found.map(|(what, _)| *what).collect()
    };
    assert_eq!(of(&once), of(&served), "{actor:?}");
    drop(live);
    ctx.close().await;
    of(&once)
}

#[test]
fn each_actor_sees_the_fields_that_are_declared() {
    let told = block_on(async {
        let folder = ledger("fields").await;
        let ctx = context(&folder, Role::Administrator, Scope::Organisation).await;
        let model = current_plan(&ctx).await.expect("a plan");
        let person = |key: &str| model.people().by_key(key).map(|person| person.id());
        let a = Scope::Unit(model.units().by_key("a").expect("a unit").id());
        let mut told = String::new();
        let people: [(&str, Option<PersonId>); 3] = [
            ("nobody", None),
            ("ann", person("ann")),
            ("bea", person("bea")),
        ];
        for (name, person) in people {
            for (place, scope) in [
                ("of the whole", Scope::Organisation),
                ("of a", a),
                ("of nothing", Scope::Nowhere),
            ] {
                for role in Role::ALL {
                    let actor = Actor {
                        person,
                        role,
                        scope,
                        origin: Origin::Server,
                    };
                    told.push_str(&format!("{role} {place}, as {name}\n"));
                    for what in seen(&folder, actor).await {
                        told.push_str(&format!("  sees {what}\n"));
                    }
                }
            }
        }
        ctx.close().await;
        told
    });
    insta::assert_snapshot!(told);
}

/// Whoever does not see an address cannot lose it: neither by applying the own export, nor by having it applied.
#[test]
fn an_export_with_left_out_fields_loses_nothing() {
    block_on(async {
        let folder = ledger("left-out").await;
        let viewer = context(&folder, Role::Viewer, Scope::Organisation).await;
        let exported = export_plan(&viewer).await.expect("an export");
        let shown = text(&exported.files);
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("left_out: { people: [email] }"), "{shown}");
        viewer.close().await;

        let edited: Vec<PlanFile> = exported
            .files
            .into_iter()
            .map(|file| PlanFile {
                bytes: String::from_utf8_lossy(&file.bytes)
                    .replace("name: Bea", "name: Beatrix")
                    .into_bytes(),
                ..file
            })
            .collect();
        let administrator = context(&folder, Role::Administrator, Scope::Organisation).await;
        let applied = apply_plan(&administrator, &edited, &ApplyOptions::default()).await;
        let differences = applied.expect("a plan").differences;
        let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
        assert_eq!(differences, ["person bea: name \"Bea\" -> \"Beatrix\""]);
        for (what, canary) in &CANARIES[..3] {
            let all = text(&export_plan(&administrator).await.expect("an export").files);
            assert!(all.contains(canary), "{what}");
        }
        // The same line by hand, with an address that is to go: what is said in the folder holds.
        let gone = with_people("people: [{ key: bea, name: Beatrix, unit: a, reports_to: ann }]\n");
        let applied = apply_plan(&administrator, &gone, &ApplyOptions::default()).await;
        let differences = applied.expect("a plan").differences;
        let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
        assert_eq!(
            differences,
            ["person bea: email \"bea@canary.example\" removed"]
        );
        administrator.close().await;
    });
}

/// A folder in which nothing is said to be left out cannot delete what its writer does not see either.
#[test]
fn what_is_not_seen_is_not_deleted() {
    block_on(async {
        let folder = ledger("not-seen").await;
        let viewer = context(&folder, Role::Viewer, Scope::Organisation).await;
        let folder_without = files(
            "people: [{ key: cem, name: Cem, unit: b }]\n",
            "initiatives: [{ key: i, name: I }]\n",
        );
        let diff = diff_plan(&viewer, &folder_without, FolderOptions::default())
            .await
            .expect("a diff");
        let differences: Vec<String> = diff.differences.iter().map(ToString::to_string).collect();
        assert_eq!(
            differences,
            ["initiative i: budget amount 987654, currency EUR removed"]
        );
        viewer.close().await;
    });
}

/// Plans and versions of records reach an answer through the context alone, which takes out what is hidden.
#[test]
fn every_reading_use_case_goes_through_the_one_place() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    // These read whole plans on purpose: they look up rights, write, or put what is hidden back.
    let may = [
        "context.rs",
        "context/reading.rs",
        "live/snapshot.rs",
        "sight.rs",
        "apply_plan.rs",
        "import_workbook.rs",
        "plan_folder.rs",
        "diff_plan.rs",
        "check_plan.rs",
        "load_observations.rs",
        "erase_person.rs",
        "export_plan.rs",
        "access/rights.rs",
        "review/undo.rs",
        "edit/take_back.rs",
        // Only names of authors, and readings, come of these.
        "mod.rs",
        "restatements/past.rs",
    ];
    let mut looked_at = 0;
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            looked_at += 1;
            if !may.iter().any(|name| path.ends_with(name)) {
                assert!(!text.contains("ledger.model("), "{}", path.display());
                assert!(!text.contains("ledger.state("), "{}", path.display());
                assert!(!text.contains("snapshot.whole"), "{}", path.display());
            }
        }
    }
    assert!(looked_at > 20, "{looked_at}");
}
