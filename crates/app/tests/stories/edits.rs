//! A record is changed by a form as by a folder: what others changed stays, what both changed is told, errors stand at
//! their fields, and a commit can be taken back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use throughline_app::edit::{
    NotSaved, REASON, RecordForm, problems_of, record_form, save_record, take_back,
};
use throughline_app::{AppError, Ctx, FolderOptions, current_plan, diff_plan};
use throughline_core::{FrozenClock, Origin, Role, Severity};
use throughline_ledger::{Ledger, NewCommit};
use throughline_model::observation::CommitNumber;
use throughline_model::{AnyRecord, Change, Kind, Model};
use throughline_testkit::chance::fill_anew;

use crate::bench::{self, acting, folder};

const PLAN: [(&str, &str); 3] = [
    (
        "organisation.yaml",
        "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: A, parent: top }]
people: [{ key: p, name: Pat, email: pat@o.example }, { key: q, name: Quinn }]
",
    ),
    (
        "strategy.yaml",
        "strategy: { key: s, name: S, from: 2013, to: 2017 }
objectives: [{ key: calm, name: Calm, measures: [m] }]
",
    ),
    (
        "measures.yaml",
        "measures: [{ key: m, name: M, kind: level, frequency: month, better: higher }]
targets: [{ measure: m, unit: top, floor: 60, points: [{ period: 2013, value: 80 }] }]
",
    ),
];

async fn as_role(folder: &Path, role: Role) -> Ctx {
    bench::open(folder, acting(role, Origin::Server), "2013-07-01T12:00:00Z").await
}

/// A strategist with a ledger that has the plan.
async fn with_plan(name: &str) -> (PathBuf, Ctx) {
    let folder = folder(name);
    let files = bench::files(PLAN);
    let first = as_role(&folder, Role::Administrator).await;
    bench::apply(&first, &files).await;
    let ctx = as_role(&folder, Role::Strategist).await;
    let ctx = ctx.with_reason(Some("as agreed".to_owned()));
    (folder, ctx)
}

fn sent(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let fields = fields.iter();
    fields
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

async fn form(ctx: &Ctx, kind: Kind, key: &str) -> RecordForm {
    record_form(ctx, kind, Some(key)).await.expect("a form")
}

async fn save(ctx: &Ctx, form: RecordForm, fields: &[(&str, &str)]) -> Result<u64, NotSaved> {
    let saved = save_record(ctx, &form.filled_with(&sent(fields))).await?;
    Ok(saved.commit.map_or(0, |commit| commit.number.0))
}

async fn plan(ctx: &Ctx) -> Arc<Model> {
    current_plan(ctx).await.expect("a plan")
}

#[tokio::test]
async fn what_two_people_change_at_once_is_both_there() {
    let (_, ctx) = with_plan("edit-two-people").await;
    let [mine, theirs] = [
        form(&ctx, Kind::Measure, "m").await,
        form(&ctx, Kind::Measure, "m").await,
    ];
    assert_eq!(save(&ctx, mine, &[("owner", "p")]).await.expect("saved"), 2);
    assert_eq!(
        save(&ctx, theirs, &[("steward", "q")])
            .await
            .expect("saved"),
        3
    );
    let model = plan(&ctx).await;
    let measure = model.measures().by_key("m").expect("the measure");
    let person = |key: &str| model.people().by_key(key).map(|person| person.id());
    assert_eq!((measure.owner, measure.steward), (person("p"), person("q")));

    // As it stands: nothing is committed.
    let same = form(&ctx, Kind::Measure, "m").await;
    assert_eq!(save(&ctx, same, &[]).await.expect("saved"), 0);
}

#[tokio::test]
async fn what_both_changed_is_told_at_its_field() {
    let (_, ctx) = with_plan("edit-both").await;
    let [mine, theirs] = [
        form(&ctx, Kind::Measure, "m").await,
        form(&ctx, Kind::Measure, "m").await,
    ];
    save(&ctx, theirs, &[("name", "Theirs")])
        .await
        .expect("saved");
    let mine = mine.filled_with(&sent(&[("name", "Mine")]));
    let Err(NotSaved::Refused(error @ AppError::Conflict { .. })) = save_record(&ctx, &mine).await
    else {
        panic!("both changed it");
    };
    let problems = problems_of(&mine, &error);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].field.as_deref(), Some("name"));
    assert!(problems[0].text.contains("Theirs"), "{}", problems[0].text);

    // Who has seen it and sends it again wins.
    let again = RecordForm { wins: true, ..mine };
    save_record(&ctx, &again).await.expect("saved");
    assert_eq!(
        plan(&ctx)
            .await
            .measures()
            .by_key("m")
            .expect("the measure")
            .name,
        "Mine"
    );
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_nothing_is_written() {
    let (_, ctx) = with_plan("edit-wrong").await;
    let check = async |fields: &[(&str, &str)], field: &str, said: &str| {
        let filled = form(&ctx, Kind::Measure, "m")
            .await
            .filled_with(&sent(fields));
        let problems = match save_record(&ctx, &filled).await {
            Err(NotSaved::Problems(problems)) => problems,
            Err(NotSaved::Refused(error)) => problems_of(&filled, &error),
            Ok(_) => panic!("{fields:?} was saved"),
        };
        let found = problems
            .iter()
            .find(|problem| problem.field.as_deref() == Some(field));
        let text = &found
            .unwrap_or_else(|| panic!("{fields:?}: {problems:?}"))
            .text;
        assert!(text.contains(said), "{text}");
    };
    check(
        &[("owner", "pp")],
        "owner",
        "There is no person `pp`. Did you mean `p`?",
    )
    .await;
    check(&[("decimals", "many")], "decimals", "many").await;
    check(&[("name", " ")], "name", "missing").await;
    check(&[("key", "Two Words")], "key", "two-words").await;
    check(&[("kind", "formula"), ("formula", "1 +")], "formula", "1 +").await;
    check(&[("source", "{ facts: ")], "source", "").await;
    check(&[("source", "a: *b")], "source", "").await;
    let model = plan(&ctx).await;
    assert_eq!(model.measures().by_key("m").expect("the measure").name, "M");
}

/// A form shows no warnings once it is saved: what was most likely a slip is told before, at its field.
#[tokio::test]
async fn a_target_that_was_meant_in_percent_is_not_saved() {
    let (_, ctx) = with_plan("edit-percent").await;
    let of_measure = form(&ctx, Kind::Measure, "m").await;
    let share = [("kind", "ratio"), ("shown_as", "%")];
    save(&ctx, of_measure, &share).await.expect("saved");
    let target = [
        ("floor", "0.6"),
        ("points.0.period", "2013"),
        ("points.0.value", "11"),
    ];
    let of_target = form(&ctx, Kind::Target, "m@top").await;
    match save(&ctx, of_target, &target).await {
        Err(NotSaved::Problems(problems)) => {
            let [one] = &problems[..] else {
                panic!("{problems:?}");
            };
            assert_eq!(one.field.as_deref(), Some("points"));
            assert!(
                one.text.contains("1100%") && one.text.contains("write 0.11"),
                "{}",
                one.text
            );
        }
        other => panic!("{other:?}"),
    }
    // A measure that can be that great says so.
    let of_measure = form(&ctx, Kind::Measure, "m").await;
    save(&ctx, of_measure, &[("greatest", "90")])
        .await
        .expect("saved");
    let of_target = form(&ctx, Kind::Target, "m@top").await;
    save(&ctx, of_target, &target).await.expect("saved");
}

#[tokio::test]
async fn a_target_moves_with_a_reason_alone() {
    let (_, ctx) = with_plan("edit-why").await;
    let lower = [("points.0.period", "2013"), ("points.0.value", "1")];
    let of_target = form(&ctx, Kind::Target, "m@top").await;
    let without = ctx.clone().with_reason(None);
    match save(&without, of_target.clone(), &lower).await {
        Err(NotSaved::Problems(problems)) => {
            let fields: Vec<_> = problems.iter().map(|one| one.field.as_deref()).collect();
            assert_eq!(fields, [Some(REASON)]);
        }
        other => panic!("{other:?}"),
    }
    save(&ctx, of_target, &lower).await.expect("saved");
    // What else is changed may go without one.
    let of_measure = form(&ctx, Kind::Measure, "m").await;
    let name = [("name", "Another name")];
    save(&without, of_measure, &name).await.expect("saved");
}

#[tokio::test]
async fn records_are_added_renamed_and_hidden_fields_stay() {
    let (folder, ctx) = with_plan("edit-added").await;
    let new = record_form(&ctx, Kind::Measure, None)
        .await
        .expect("a form");
    let fields = [
        ("name", "Calm evenings, on time"),
        ("kind", "sum"),
        ("frequency", "month"),
    ];
    save(&ctx, new, &fields).await.expect("saved");
    let id = plan(&ctx)
        .await
        .measures()
        .by_key("calm-evenings-on-time")
        .expect("a key of its name")
        .id();
    let renamed = form(&ctx, Kind::Measure, "calm-evenings-on-time").await;
    save(&ctx, renamed, &[("key", "evenings")])
        .await
        .expect("saved");
    assert_eq!(
        plan(&ctx)
            .await
            .measures()
            .by_key("evenings")
            .expect("the same")
            .id(),
        id
    );

    // Rows of a table: one is changed, one added, one left empty.
    let target = form(&ctx, Kind::Target, "m@top").await;
    let rows = [
        ("points.0.period", "2013"),
        ("points.0.value", "85"),
        ("points.1.period", ""),
        ("points.1.value", ""),
        ("points.2.period", "2014"),
        ("points.2.value", "90"),
        // What names the target stays.
        ("unit", "a"),
    ];
    save(&ctx, target, &rows).await.expect("saved");
    let model = plan(&ctx).await;
    let measure = model.measures().by_key("m").expect("the measure").id();
    let top = model.units().by_key("top").expect("the unit").id();
    let target = model.index().target(measure, top).expect("the target");
    let values: Vec<_> = target
        .points
        .iter()
        .filter_map(|point| point.value.number())
        .collect();
    assert_eq!(values, [85.0, 90.0]);
    assert!(target.floor.is_some(), "what was not sent stays");

    // The objective lists its measures, one a row.
    let objective = form(&ctx, Kind::Objective, "calm").await;
    let rows = [
        ("measures.0.measure", "m"),
        ("measures.1.measure", "evenings"),
        ("measures.1.weight", "2"),
    ];
    save(&ctx, objective, &rows).await.expect("saved");
    let model = plan(&ctx).await;
    let weights: Vec<_> = model
        .objectives()
        .by_key("calm")
        .expect("it")
        .measures
        .iter()
        .map(|one| one.weight.0)
        .collect();
    assert_eq!(weights, [1.0, 2.0]);

    let steward = as_role(&folder, Role::Steward).await;
    let refused = record_form(&steward, Kind::Measure, Some("m")).await;
    assert!(
        matches!(refused, Err(AppError::Forbidden { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_commit_is_taken_back_and_what_came_since_stays() {
    let (_, ctx) = with_plan("edit-taken-back").await;
    let lowered = form(&ctx, Kind::Target, "m@top").await;
    let lowered = save(&ctx, lowered, &[("floor", "10")])
        .await
        .expect("saved");
    let renamed = form(&ctx, Kind::Measure, "m").await;
    save(&ctx, renamed, &[("name", "Renamed")])
        .await
        .expect("saved");

    let taken = take_back(&ctx, CommitNumber(lowered))
        .await
        .expect("taken back");
    assert_eq!(taken.differences.len(), 1, "{:?}", taken.differences);
    let floor = form(&ctx, Kind::Target, "m@top").await.text("floor");
    assert_eq!(floor.as_deref(), Some("60"));
    assert_eq!(
        plan(&ctx).await.measures().by_key("m").expect("it").name,
        "Renamed"
    );

    // What was changed again is not taken back, nor what is not there.
    let again = form(&ctx, Kind::Target, "m@top").await;
    save(&ctx, again, &[("floor", "20")]).await.expect("saved");
    let refused = take_back(&ctx, CommitNumber(lowered)).await;
    assert!(
        matches!(refused, Err(AppError::Conflict { .. })),
        "{refused:?}"
    );
    let refused = take_back(&ctx, CommitNumber(99)).await;
    assert!(
        matches!(refused, Err(AppError::NotFound { .. })),
        "{refused:?}"
    );

    // Whoever was renamed since is still the same: a record that names them was not changed.
    let new = record_form(&ctx, Kind::Person, None).await.expect("a form");
    let new = save(&ctx, new, &[("name", "Lea"), ("reports_to", "p")])
        .await
        .expect("saved");
    let renamed = form(&ctx, Kind::Person, "p").await;
    save(&ctx, renamed, &[("key", "pat")]).await.expect("saved");
    take_back(&ctx, CommitNumber(new))
        .await
        .expect("taken back");
    assert!(plan(&ctx).await.people().by_key("lea").is_none());

    // A new record goes again; one on which others hang does not.
    let new = record_form(&ctx, Kind::Person, None).await.expect("a form");
    let new = save(&ctx, new, &[("name", "Robin")]).await.expect("saved");
    take_back(&ctx, CommitNumber(new))
        .await
        .expect("taken back");
    assert!(plan(&ctx).await.people().by_key("robin").is_none());
    let new = record_form(&ctx, Kind::Person, None).await.expect("a form");
    let new = save(&ctx, new, &[("name", "Sam")]).await.expect("saved");
    let owned = form(&ctx, Kind::Measure, "m").await;
    save(&ctx, owned, &[("owner", "sam")]).await.expect("saved");
    let refused = take_back(&ctx, CommitNumber(new)).await;
    assert!(
        matches!(refused, Err(AppError::BadInput { .. })),
        "{refused:?}"
    );
}

/// Names were not always looked at: what stands is to be mended, and keeps nothing else from being changed.
#[tokio::test]
async fn a_name_that_could_not_be_given_today_keeps_nothing_from_being_changed() {
    let (folder, ctx) = with_plan("edit-unseen-name").await;
    let clock = FrozenClock("2013-07-01T12:00:00Z".parse().expect("a timestamp"));
    let opened = Ledger::open(&folder, Arc::new(clock), Arc::new(fill_anew));
    let ledger = opened.await.expect("a ledger");
    let measure = Arc::clone(plan(&ctx).await.measures().by_key("m").expect("it"));
    let mut named = Arc::unwrap_or_clone(measure);
    named.record.name = "Wai\u{7}ting".to_owned();
    let named = Change::Put(AnyRecord::Measure(Arc::new(named)));
    let commit = NewCommit::new(None, Origin::Job, None).with_changes(vec![named]);
    let mut writer = ledger.write().await.expect("the pen");
    writer.append(commit).await.expect("a commit");
    writer.finish().await.expect("a commit");

    // Others of its kind, itself in other fields, a folder with all of the plan; and back again.
    let new = record_form(&ctx, Kind::Measure, None)
        .await
        .expect("a form");
    let fields = [("name", "N"), ("kind", "sum"), ("frequency", "month")];
    let new = save(&ctx, new, &fields).await.expect("saved");
    let of_measure = form(&ctx, Kind::Measure, "m").await;
    let owned = save(&ctx, of_measure, &[("owner", "p")])
        .await
        .expect("saved");
    for number in [owned, new] {
        let taken = take_back(&ctx, CommitNumber(number)).await;
        assert!(taken.is_ok_and(|taken| taken.commit.is_some()));
    }
    let problems = ledger.verify().await.expect("a report").problems;
    assert_eq!(problems, []);

    // It is said, with what to do; and no new name is like that.
    let mut files = bench::files(PLAN);
    files.retain(|file| file.path != "measures.yaml");
    let shown = diff_plan(&ctx, &files, FolderOptions::default()).await;
    let remarks = shown.expect("a plan").remarks;
    let said: Vec<_> = remarks
        .unplaced
        .iter()
        .filter(|finding| finding.code == "control-character")
        .map(|finding| (finding.severity, finding.help.as_deref()))
        .collect();
    let help = "write the name anew without it, in its form or in a plan folder";
    assert_eq!(said, [(Severity::Warning, Some(help))]);
    let of_measure = form(&ctx, Kind::Measure, "m").await;
    let refused = save(&ctx, of_measure, &[("name", "Wai\u{1b}ting")]).await;
    assert!(
        matches!(refused, Err(NotSaved::Refused(AppError::BadInput { .. }))),
        "{refused:?}"
    );
    let of_measure = form(&ctx, Kind::Measure, "m").await;
    let mended = save(&ctx, of_measure, &[("name", "Waiting")]).await;
    let mended = mended.expect("saved");
    // What somebody did about it is taken back as everything else.
    let taken = take_back(&ctx, CommitNumber(mended)).await;
    assert!(taken.is_ok_and(|taken| taken.commit.is_some()));
}

#[tokio::test]
async fn what_others_changed_stays_in_a_form_that_is_sent_again() {
    let (_, ctx) = with_plan("edit-sent-again").await;
    let mine = form(&ctx, Kind::Target, "m@top").await;
    let theirs = form(&ctx, Kind::Target, "m@top").await;
    save(&ctx, theirs, &[("floor", "40")]).await.expect("saved");
    // A slip, and then the same form again, with the floor as it was when the form was opened.
    let slipped = mine.filled_with(&sent(&[("floor", "60"), ("joined", "no such way")]));
    save_record(&ctx, &slipped).await.expect_err("a slip");
    let again = slipped.filled_with(&sent(&[("floor", "60"), ("joined", "line")]));
    save_record(&ctx, &again).await.expect("saved");
    let target = form(&ctx, Kind::Target, "m@top").await;
    assert_eq!(target.text("floor").as_deref(), Some("40"));
    assert_eq!(target.text("joined").as_deref(), Some("line"));
    let lost = RecordForm {
        base: String::new(),
        ..target
    };
    let refused = save_record(&ctx, &lost).await;
    assert!(matches!(
        refused,
        Err(NotSaved::Refused(AppError::BadRequest { .. }))
    ));
}

#[tokio::test]
async fn who_takes_a_commit_back_gives_nobody_a_role() {
    let (folder, _) = with_plan("edit-roles").await;
    let administrator = as_role(&folder, Role::Administrator).await;
    let raised = form(&administrator, Kind::Person, "p").await;
    save(&administrator, raised, &[("role", "administrator")])
        .await
        .expect("saved");
    let lowered = form(&administrator, Kind::Person, "p").await;
    let lowered = save(&administrator, lowered, &[("role", "strategist")])
        .await
        .expect("saved");
    for role in [Role::Strategist, Role::Administrator] {
        let ctx = as_role(&folder, role).await;
        let refused = take_back(&ctx, CommitNumber(lowered)).await;
        assert!(
            matches!(refused, Err(AppError::BadRequest { .. })),
            "{refused:?}"
        );
    }
}
