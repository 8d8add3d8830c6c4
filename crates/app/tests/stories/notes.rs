//! A person notes on a chart, gives the cause for new limits where the points carry them, and everything that reads signals
//! follows; what the points do not carry is refused from a person and has no effect from a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use throughline_app::insight::{Depth, Verdict, insights, signals_in_words};
use throughline_app::{
    AppError, ApplyOptions, AtUnit, Ctx, FolderOptions, NewNote, Selection, Trend, add_note,
    apply_plan, export_plan, measure, plan_records, put_note_back, withdraw_note,
};
use throughline_core::{Actor, Role, Scope};
use throughline_insight::signals::State;
use throughline_model::Kind;
use throughline_model::text::PlanFile;

use crate::bench::{self, administrator, block_on, folder};

const ORGANISATION: &str = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
";
const MEASURES: &str =
    "measures: [{ key: m, name: M, kind: mean, better: higher, frequency: month }]
";

async fn on(folder: &Path, day: &str) -> Ctx {
    bench::open(folder, administrator(), &format!("{day}T12:00:00Z")).await
}

/// The plan, with these notes.
fn plan(notes: &str) -> Vec<PlanFile> {
    let files = [
        ("organisation.yaml", ORGANISATION),
        ("measures.yaml", MEASURES),
        ("governance.yaml", notes),
    ];
    let stated = files.into_iter().filter(|(_, text)| !text.is_empty());
    bench::files(stated)
}

/// Three years of values, which step up from about 50 to about 60 with September 2013.
async fn three_years(name: &str, notes: &str) -> PathBuf {
    let folder = folder(&format!("notes-{name}"));
    bench::apply(&on(&folder, "2015-01-10").await, &plan(notes)).await;
    let line = |month: i32| {
        let level = if month < 20 { 50.0 } else { 60.0 };
        let value = level + (f64::from(month * 5 % 7) - 3.0) / 2.0;
        let (year, month) = (2012 + month / 12, month % 12 + 1);
        format!("m,top,{year}-{month:02},{value}\n")
    };
    let lines: String = (0..36).map(line).collect();
    bench::load(&on(&folder, "2015-01-11").await, &lines).await;
    folder
}

fn december(plan_at: Option<&str>) -> Selection {
    Selection {
        period: Some("2014-12".to_owned()),
        known_at: plan_at.map(str::to_owned),
        ..Selection::default()
    }
}

async fn trend(ctx: &Ctx, asked: &Selection) -> Arc<Trend> {
    let read = insights(ctx, Some("m"), asked, Depth::Signals).await;
    Arc::clone(&read.expect("signals").measures[0].trend)
}

fn note(period: &str, baseline: bool) -> NewNote {
    NewNote {
        measure: "m".to_owned(),
        period: period.to_owned(),
        what: "A new kit in every van".to_owned(),
        baseline,
        right: None,
    }
}

#[test]
fn limits_begin_anew_where_a_person_gives_the_cause_and_the_points_carry_it() {
    block_on(async {
        let carried = three_years("carried", "").await;
        let ctx = on(&carried, "2015-01-12").await;
        let before = trend(&ctx, &december(None)).await;
        assert_eq!(before.signals.offered, Some(20));
        let old = before.signals.limits(35).expect("limits").centre;

        let refused = add_note(&ctx, &december(None), &note("2012-10", true)).await;
        let Err(AppError::BadRequest { message, help }) = refused else {
            panic!("{refused:?}");
        };
        assert!(message.contains("no 8 points in a row"), "{message}");
        assert!(
            help.is_some_and(|help| help.contains("September 2013") || help.contains("Sep 2013"))
        );

        let ctx = on(&carried, "2015-01-13").await;
        let written = add_note(&ctx, &december(None), &note("2013-09", true)).await;
        let key = written.expect("a note").key;
        let ctx = on(&carried, "2015-01-14").await;
        let after = trend(&ctx, &december(None)).await;
        assert_eq!(after.signals.baselines, [20]);
        let limits = |place: usize| after.signals.limits(place).expect("limits").centre;
        assert!((limits(19) - 50.0).abs() < 0.5 && (limits(35) - 60.0).abs() < 0.5);
        assert!((limits(35) - old).abs() > 1.0);
        let said = in_words(&ctx, &after).await;
        assert!(
            said.contains("Limits begin anew with Sep 2013: A new kit in every van."),
            "{said}"
        );
        let shown = december_2014();
        assert_eq!(after.verdict(&shown), Some(Verdict::Of(State::Steady)));

        // As it was known before, there was no note.
        let then = trend(&ctx, &december(Some("2015-01-12"))).await;
        assert_eq!((then.notes.len(), then.signals.baselines.len()), (0, 0));

        let exported = export_plan(&ctx).await.expect("an export");
        let governance = exported
            .files
            .iter()
            .find(|file| file.path == "governance.yaml");
        let text = String::from_utf8_lossy(&governance.expect("a file").bytes).into_owned();
        assert!(
            text.contains("baseline: true") && text.contains("A new kit"),
            "{text}"
        );

        // A second click is answered as the first one was.
        let ctx = ctx.with_idempotency_key(Some("take off".to_owned()));
        let taken = withdraw_note(&ctx, &key).await.expect("it is taken off");
        let again = withdraw_note(&ctx, &key).await;
        assert_eq!(again.expect("the first answer"), taken);
        let ctx = on(&carried, "2015-01-15").await;
        let gone = withdraw_note(&ctx, &key).await;
        assert!(matches!(gone, Err(AppError::NotFound { .. })), "{gone:?}");
        for period in ["2199-01", "1950-01"] {
            let refused = add_note(&ctx, &december(None), &note(period, false)).await;
            assert!(
                matches!(refused, Err(AppError::BadRequest { .. })),
                "{refused:?}"
            );
        }
        assert_eq!(trend(&ctx, &december(None)).await.signals, before.signals);
    });
}

/// What is said of a trend.
async fn in_words(ctx: &Ctx, trend: &Trend) -> String {
    let read = insights(ctx, Some("m"), &december(None), Depth::Signals).await;
    let model = read.expect("signals").selected.model;
    let measure = model.measures().by_key("m").expect("a measure");
    signals_in_words(trend, measure, model.calendar()).join(" ")
}

fn december_2014() -> throughline_core::Period {
    let calendar = throughline_core::Calendar::default();
    calendar.parse_period("2014-12").expect("a period")
}

/// Values around 15, one of which is ten times as great: all others lie below the average that this makes.
async fn one_far_away(name: &str) -> PathBuf {
    let folder = folder(&format!("notes-{name}"));
    bench::apply(&on(&folder, "2015-01-10").await, &plan("")).await;
    let values = [
        15.0, 16.0, 152.0, 15.0, 17.0, 15.0, 14.0, 16.0, 15.0, 14.0, 16.0, 15.0,
    ];
    let lines = values.iter().enumerate();
    let lines = lines.map(|(month, value)| format!("m,top,2014-{:02},{value}\n", month + 1));
    let lines: String = lines.collect();
    bench::load(&on(&folder, "2015-01-11").await, &lines).await;
    folder
}

#[test]
fn only_who_may_confirm_a_value_takes_that_back_or_puts_it_there_again() {
    block_on(async {
        let far = one_far_away("confirmed").await;
        let by = async |role, time: &str| {
            let actor = Actor {
                role,
                ..administrator()
            };
            bench::open(&far, actor, &format!("2015-01-14T{time}:00Z")).await
        };
        let right = |value: f64| NewNote {
            right: Some(value),
            ..note("2014-03", false)
        };
        fn is_refused<T: std::fmt::Debug>(answer: Result<T, AppError>) {
            assert!(
                matches!(answer, Err(AppError::BadRequest { .. })),
                "{answer:?}"
            );
        }
        let steward = by(Role::Steward, "10:00").await;
        for none in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            is_refused(add_note(&steward, &december(None), &right(none)).await);
        }
        let added = add_note(&steward, &december(None), &right(152.0)).await;
        let key = added.expect("a note").key;
        let collector = by(Role::Contributor, "10:10").await;
        is_refused(withdraw_note(&collector, &key).await);
        let taken = withdraw_note(&by(Role::Steward, "10:20").await, &key).await;
        let commit = taken.expect("it is taken off").commit;
        let collector = by(Role::Contributor, "10:30").await;
        is_refused(put_note_back(&collector, commit).await);
        let back = put_note_back(&by(Role::Steward, "10:40").await, commit).await;
        back.expect("it is put back");
    });
}

#[test]
fn a_value_in_doubt_counts_as_any_other_once_it_is_said_to_be_right() {
    block_on(async {
        let far = one_far_away("right").await;
        let ctx = on(&far, "2015-01-12").await;
        let right = |value: f64, period: &str| NewNote {
            right: Some(value),
            ..note(period, false)
        };
        // A mere note settles nothing: it may say that the value is wrong.
        let plain = add_note(&ctx, &december(None), &note("2014-03", false)).await;
        plain.expect("a note");
        let ctx = on(&far, "2015-01-13").await;
        let before = trend(&ctx, &december(None)).await;
        assert_eq!(before.rests_on().map(|(_, value)| value), Some(152.0));
        let shown = december_2014();
        assert_eq!(before.verdict(&shown), Some(Verdict::Doubtful));
        for wrong in [right(151.0, "2014-03"), right(16.0, "2014-02")] {
            let refused = add_note(&ctx, &december(None), &wrong).await;
            assert!(
                matches!(refused, Err(AppError::BadRequest { .. })),
                "{refused:?}"
            );
        }
        let collector = Actor {
            role: Role::Contributor,
            ..administrator()
        };
        let ctx = bench::open(&far, collector, "2015-01-14T12:00:00Z").await;
        let refused = add_note(&ctx, &december(None), &right(152.0, "2014-03")).await;
        assert!(
            matches!(refused, Err(AppError::BadRequest { .. })),
            "{refused:?}"
        );
        let steward = Actor {
            role: Role::Steward,
            ..administrator()
        };
        let ctx = bench::open(&far, steward, "2015-01-14T12:00:00Z").await;
        let written = add_note(&ctx, &december(None), &right(152.0, "2014-03")).await;
        written.expect("a note");
        let ctx = on(&far, "2015-01-15").await;
        let after = trend(&ctx, &december(None)).await;
        assert_eq!(after.rests_on(), None);
        assert_eq!(after.verdict(&shown), Some(Verdict::Of(State::Worsening)));
        let said = in_words(&ctx, &after).await;
        assert!(
            said.contains("in Mar 2014 is right, as is noted: A new kit in every van."),
            "{said}"
        );
        // The plan keeps it, and as it was known before nobody had said so.
        let exported = export_plan(&ctx).await.expect("an export");
        let mut files = exported.files.iter();
        let file = files.find(|file| file.path == "governance.yaml");
        let text = String::from_utf8_lossy(&file.expect("a file").bytes).into_owned();
        assert!(text.contains("right: 152"), "{text}");
        let then = trend(&ctx, &december(Some("2015-01-13"))).await;
        assert_eq!(then.verdict(&shown), Some(Verdict::Doubtful));
        // What was said to be right is another by now, and is to be checked anew.
        bench::load(&ctx, "m,top,2014-03,252\n").await;
        let ctx = on(&far, "2015-01-16").await;
        let again = trend(&ctx, &december(None)).await;
        assert_eq!(again.rests_on().map(|(_, value)| value), Some(252.0));
    });
}

#[test]
fn a_refusal_names_a_period_that_would_do() {
    block_on(async {
        let folder = folder("notes-would-do");
        bench::apply(&on(&folder, "2015-01-10").await, &plan("")).await;
        // Up with September 2013, and back down with July 2014: the newest points offer nothing.
        let line = |month: i32| {
            let level = if (20..30).contains(&month) {
                60.0
            } else {
                50.0
            };
            let value = level + (f64::from(month * 5 % 7) - 3.0) / 2.0;
            let (year, month) = (2012 + month / 12, month % 12 + 1);
            format!("m,top,{year}-{month:02},{value}\n")
        };
        let lines: String = (0..34).map(line).collect();
        bench::load(&on(&folder, "2015-01-11").await, &lines).await;
        let ctx = on(&folder, "2015-01-12").await;
        let asked = Selection {
            period: Some("2014-10".to_owned()),
            ..Selection::default()
        };
        let offered = trend(&ctx, &asked).await.signals.offered;
        assert_eq!(offered, None);
        let refused = add_note(&ctx, &asked, &note("2014-02", true)).await;
        let Err(AppError::BadRequest { help, .. }) = refused else {
            panic!("{refused:?}");
        };
        let help = help.expect("help");
        assert!(
            help.contains("they could begin anew with Nov 2013"),
            "{help}"
        );
        let written = add_note(&ctx, &asked, &note("2013-11", true)).await;
        written.expect("the period that was named would do");
    });
}

#[test]
fn a_plain_note_changes_no_limit_and_stands_at_its_period() {
    block_on(async {
        let plain = three_years("plain", "").await;
        let ctx = on(&plain, "2015-01-12").await;
        let before = trend(&ctx, &december(None)).await;
        let written = add_note(&ctx, &december(None), &note("2014-03", false)).await;
        written.expect("a note");
        let ctx = on(&plain, "2015-01-13").await;
        let after = trend(&ctx, &december(None)).await;
        assert_eq!(after.signals, before.signals);
        assert_eq!(after.place_of(&after.notes[0]), Some(26));
        let wrong = add_note(&ctx, &december(None), &note("2014-W03", false)).await;
        assert!(
            matches!(wrong, Err(AppError::BadRequest { .. })),
            "{wrong:?}"
        );
    });
}

#[test]
fn a_baseline_of_a_file_that_the_points_do_not_carry_has_no_effect_and_says_why() {
    block_on(async {
        let notes = "notes: [{ key: n, what: W, measure: m, unit: top, period: 2012-10, baseline: true }]\n";
        let file = three_years("file", notes).await;
        let none = three_years("none", "").await;
        let ctx = on(&file, "2015-01-12").await;
        let with = trend(&ctx, &december(None)).await;
        let without = trend(&on(&none, "2015-01-12").await, &december(None)).await;
        assert_eq!(with.signals.reading, without.signals.reading);
        let said = in_words(&ctx, &with).await;
        assert!(
            said.contains("Limits do not begin anew with Oct 2012"),
            "{said}"
        );
    });
}

#[test]
fn notes_of_units_that_one_may_not_read_are_in_no_list() {
    block_on(async {
        let notes = "notes:
  - { key: ours, what: A new kit, measure: m, unit: a, period: 2013-09 }
  - { key: theirs, what: A flood, measure: m, unit: b, period: 2013-09 }
";
        let folder = folder("notes-confined");
        let ctx = on(&folder, "2015-01-10").await;
        let units = "[{ key: top, name: Top }, { key: a, name: A, parent: top }, { key: b, name: B, parent: top }]";
        let organisation = ORGANISATION.replace("[{ key: top, name: Top }]", units);
        let files = bench::files([
            ("organisation.yaml", organisation.as_str()),
            ("measures.yaml", MEASURES),
            ("governance.yaml", notes),
        ]);
        bench::apply(&ctx, &files).await;
        let ctx = on(&folder, "2015-01-11").await;
        let live = ctx.live().await.expect("a live state");
        let a = live
            .snapshot()
            .model
            .units()
            .by_key("a")
            .expect("a unit")
            .id();
        let actor = Actor {
            role: Role::Viewer,
            scope: Scope::Unit(a),
            ..*ctx.actor()
        };
        let confined = ctx.of_request(&live, actor);
        let read = plan_records(&confined, &Selection::default()).await;
        let read = read.expect("records");
        let keys: Vec<String> = (read.of_kind(Kind::Note).iter())
            .map(|note| note.key(read.model()).to_string())
            .collect();
        assert_eq!(keys, ["ours"]);
        assert!(read.record(Kind::Note, "theirs").is_none());
    });
}

#[test]
fn a_note_is_of_the_commit_that_stated_what_it_says() {
    block_on(async {
        let notes = |what: &str, more: &str| {
            format!(
                "notes: [{{ key: n, what: {what}, measure: m, unit: top, period: 2014-03{more} }}]\n"
            )
        };
        let stated = three_years("stated", &notes("A storm", "")).await;
        let stated_by = async |day: &str, plan_at: Option<&str>| {
            let ctx = on(&stated, day).await;
            let read = measure(&ctx, "m", &december(plan_at), 0, None).await;
            let AtUnit::Read(read) = read.expect("a measure") else {
                panic!("it is read at the top");
            };
            let by = read.noted[0].by.as_ref().expect("a commit");
            by.commit.number.0
        };
        let apply = async |day: &str, notes: &str| {
            let files = plan(notes);
            let options = ApplyOptions {
                folder: FolderOptions {
                    folder_wins: true,
                    ..FolderOptions::default()
                },
                ..ApplyOptions::default()
            };
            let applied = apply_plan(&on(&stated, day).await, &files, &options).await;
            applied.expect("a plan");
        };
        assert_eq!(stated_by("2015-01-12", None).await, 1);
        apply("2015-01-13", &notes("Two storms", "")).await;
        assert_eq!(stated_by("2015-01-14", None).await, 3);
        // What moves it in the order of the plan, or silences a lint, states nothing.
        apply(
            "2015-01-15",
            &notes(
                "Two storms",
                ", silences: [{ lint: measure-without-validator, reason: R }]",
            ),
        )
        .await;
        assert_eq!(stated_by("2015-01-16", None).await, 3);
        assert_eq!(stated_by("2015-01-16", Some("2015-01-12")).await, 1);
    });
}

#[test]
fn a_note_on_a_value_in_doubt_does_not_say_that_it_is_right() {
    block_on(async {
        let folder = folder("notes-doubt");
        bench::apply(&on(&folder, "2014-01-10").await, &plan("")).await;
        let values = [15, 16, 152, 15, 17, 15, 14, 16, 15, 14, 16, 15];
        let line = |(month, value)| format!("m,top,2013-{month:02},{value}\n");
        let lines: String = (1..).zip(values).map(line).collect();
        bench::load(&on(&folder, "2014-01-11").await, &lines).await;
        let december = Selection {
            period: Some("2013-12".to_owned()),
            ..Selection::default()
        };
        let last = throughline_core::Calendar::default();
        let last = last.parse_period("2013-12").expect("a month");
        let ctx = on(&folder, "2014-01-12").await;
        let doubtful = Some(Verdict::Doubtful);
        assert_eq!(trend(&ctx, &december).await.verdict(&last), doubtful);
        // It may say that the value is wrong.
        let written = add_note(&ctx, &december, &note("2013-03", false)).await;
        written.expect("a note");
        let ctx = on(&folder, "2014-01-13").await;
        assert_eq!(trend(&ctx, &december).await.verdict(&last), doubtful);
        // A correction settles it.
        bench::load(&ctx, "m,top,2013-03,15.2\n").await;
        let after = trend(&on(&folder, "2014-01-14").await, &december).await;
        assert_eq!(after.verdict(&last), Some(Verdict::Of(State::Steady)));
    });
}
