//! A review keeps the figures that were known when it was frozen, and the next one lists what was corrected since.

mod golden;
mod leading;
mod moved;
mod noted;
mod presence;

use std::path::{Path, PathBuf};

use throughline_app::review::{
    NewAction, NewLesson, NewReview, Recorded, Step, act_of, actions, finish_action, record,
    review, schedule, step, undo, withdraw,
};
use throughline_app::{AppError, Ctx, Selection, plan_records};
use throughline_core::{Actor, Origin, PersonId, Role, Scope};
use throughline_model::Kind;
use throughline_model::observation::CommitNumber;
use throughline_model::records::ReviewState;

use crate::bench::{self, administrator, folder, load};

const PLAN: [(&str, &str); 4] = [
    (
        "organisation.yaml",
        "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: p, name: Pat }]
",
    ),
    (
        "strategy.yaml",
        "strategy: { key: s, name: S, from: 2013, to: 2017 }\n",
    ),
    (
        "measures.yaml",
        "measures: [{ key: m, name: M, kind: level, frequency: month, better: higher }]\n",
    ),
    (
        "governance.yaml",
        "bodies: [{ key: b, name: Board, unit: top, members: [{ person: p, role: chair }] }]\n",
    ),
];

/// What somebody does who may do everything, at an instant.
async fn at(folder: &Path, instant: &str) -> Ctx {
    bench::open(folder, administrator(), instant).await
}

/// The folder of a ledger with the plan and nothing observed.
async fn with_plan(name: &str) -> PathBuf {
    let folder = folder(name);
    let files = bench::files(PLAN);
    let ctx = at(&folder, "2013-07-01T12:00:00Z").await;
    bench::apply(&ctx, &files).await;
    folder
}

fn review_of(period: &str, on: &str) -> NewReview {
    NewReview {
        body: "b".to_owned(),
        period: period.to_owned(),
        on: on.parse().expect("a day"),
        at: None,
    }
}

#[tokio::test]
async fn a_correction_after_the_freeze_stands_in_the_next_review() {
    let folder = with_plan("a-correction-after-the-freeze").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,81.3\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    assert_eq!(made.expect("a review").key, "b-2013-07-09");

    let ctx = at(&folder, "2013-07-08T12:00:00Z").await;
    let frozen = step(&ctx, "b-2013-07-09", Step::Freeze, &[]).await;
    frozen.expect("the next step");
    let again = step(&ctx, "b-2013-07-09", Step::Freeze, &[]).await;
    assert!(
        matches!(again, Err(AppError::BadRequest { .. })),
        "{again:?}"
    );

    let ctx = at(&folder, "2013-07-20T12:00:00Z").await;
    let ctx = ctx.with_reason(Some("29 late job sheets".to_owned()));
    load(&ctx, "m,top,2013-06,80.9\nm,top,2013-07,82\n").await;
    let second = schedule(&ctx, &review_of("2013-07", "2013-08-13")).await;
    let second = second.expect("a review").key;
    let value = async |key: &str| {
        let read = review(&ctx, key).await.expect("a review");
        read.read.scorecard.measures[0].value
    };
    assert_eq!(value("b-2013-07-09").await, Some(81.3));
    assert_eq!(value(&second).await, Some(82.0));
    let since = review(&ctx, &second).await.expect("a review").since;
    let since = since.expect("a review before");
    let moved: Vec<_> = since
        .values
        .iter()
        .map(|one| (one.before, one.after))
        .collect();
    assert_eq!(moved, [(Some(81.3), Some(80.9))]);
    assert_eq!(since.targets, []);
    let because = since
        .because
        .iter()
        .map(|(_, told)| told.commit.reason.as_ref());
    let because: Vec<_> = because.map(|reason| reason.map(String::as_str)).collect();
    assert_eq!(because, [Some("29 late job sheets")]);
}

#[tokio::test]
async fn a_freeze_has_what_was_committed_last_where_the_clock_went_back() {
    let folder = with_plan("clock-went-back").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,81.3\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let key = made.expect("a review").key;
    let ctx = at(&folder, "2013-07-02T11:59:00Z").await;
    step(&ctx, &key, Step::Freeze, &[]).await.expect("a step");
    let read = review(&ctx, &key).await.expect("a review");
    assert_eq!(read.read.scorecard.measures[0].value, Some(81.3));
}

#[tokio::test]
async fn what_is_recorded_is_made_once_done_and_taken_back() {
    let folder = with_plan("recorded-once").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let key = made.expect("a review").key;
    let action = Recorded::Action(NewAction {
        what: "Mend the gate".to_owned(),
        who: "p".to_owned(),
        due: "2013-07-20".parse().expect("a day"),
    });
    let ctx = ctx.with_idempotency_key(Some("once".to_owned()));
    let first = record(&ctx, &key, Some("measure/m"), &action).await;
    let first = first.expect("recorded");
    let second = record(&ctx, &key, Some("measure/m"), &action).await;
    assert_eq!(second.expect("the first answer"), first);
    assert_eq!((first.kind, first.key.as_str()), (Kind::Action, "a-1"));

    let ctx = ctx.with_idempotency_key(None);
    let read = review(&ctx, &key).await.expect("a review");
    assert_eq!(read.model.actions().len(), 1);
    let agreed = read.model.actions().by_key("a-1").expect("an action");
    let measure = read.model.measures().by_key("m").expect("a measure");
    assert_eq!(agreed.measure, Some(measure.id()));

    finish_action(&ctx, "a-1", true).await.expect("done");
    let read = review(&ctx, &key).await.expect("a review");
    let done = read.model.actions().by_key("a-1").and_then(|one| one.done);
    assert_eq!(done, Some("2013-07-02".parse().expect("a day")));

    withdraw(&ctx, &key, Kind::Action, "a-1")
        .await
        .expect("withdrawn");
    let read = review(&ctx, &key).await.expect("a review");
    assert!(read.model.actions().is_empty());
    // A key that was used once is not used again.
    let next = record(&ctx, &key, None, &action).await.expect("recorded");
    assert_eq!(next.key, "a-2");
    let nobody = Recorded::Action(NewAction {
        what: "Mend it".to_owned(),
        who: "q".to_owned(),
        due: "2013-07-20".parse().expect("a day"),
    });
    let refused = record(&ctx, &key, None, &nobody).await;
    assert!(
        matches!(refused, Err(AppError::NotFound { .. })),
        "{refused:?}"
    );
}

/// The only person of the plan.
async fn pat(ctx: &Ctx, key: &str) -> PersonId {
    let model = review(ctx, key).await.expect("a review").model;
    model.people().by_key("p").expect("a person").id()
}

#[tokio::test]
async fn what_a_closed_review_has_stays() {
    let folder = with_plan("closed-review").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let key = made.expect("a review").key;
    let lesson = Recorded::Lesson(NewLesson {
        what: "Ask the crews first".to_owned(),
    });
    let ctx = ctx.with_idempotency_key(Some("lesson".to_owned()));
    let first = record(&ctx, &key, None, &lesson).await.expect("recorded");
    let ctx = ctx.with_idempotency_key(None);
    let pat = [pat(&ctx, &key).await];
    for next in [Step::Freeze, Step::Open, Step::Close] {
        step(&ctx, &key, next, &pat).await.expect("the next step");
    }
    let refused = record(&ctx, &key, None, &lesson).await;
    assert!(
        matches!(refused, Err(AppError::BadRequest { .. })),
        "{refused:?}"
    );
    let refused = withdraw(&ctx, &key, Kind::Lesson, &first.key).await;
    assert!(
        matches!(refused, Err(AppError::BadRequest { .. })),
        "{refused:?}"
    );
    let read = review(&ctx, &key).await.expect("a review");
    assert_eq!(read.model.lessons().len(), 1);
    // Who did not hear the answer before it was closed gets it now.
    let ctx = ctx.with_idempotency_key(Some("lesson".to_owned()));
    let again = record(&ctx, &key, None, &lesson).await;
    assert_eq!(again.expect("the first answer"), first);
}

#[tokio::test]
async fn what_is_recorded_is_on_something_and_is_taken_back_where_it_stands() {
    let folder = with_plan("recorded-where").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let first = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let first = first.expect("a review").key;
    let other = schedule(&ctx, &review_of("2013-07", "2013-08-13")).await;
    let other = other.expect("a review").key;
    let lesson = Recorded::Lesson(NewLesson {
        what: "Ask the crews first".to_owned(),
    });
    for item in ["measure/none", "measure", "unit/top", "link/a>b", "x"] {
        let refused = record(&ctx, &first, Some(item), &lesson).await;
        assert!(
            matches!(refused, Err(AppError::BadRequest { .. })),
            "{item}"
        );
    }
    let made = record(&ctx, &first, Some("measure/m"), &lesson).await;
    let made = made.expect("recorded").key;
    for wrong in [other.as_str(), "none"] {
        let refused = withdraw(&ctx, wrong, Kind::Lesson, &made).await;
        assert!(matches!(refused, Err(AppError::NotFound { .. })), "{wrong}");
    }
    let taken = withdraw(&ctx, &first, Kind::Lesson, &made).await;
    taken.expect("withdrawn");
}

#[tokio::test]
async fn a_review_that_was_skipped_hides_no_correction() {
    let folder = with_plan("skipped").await;
    let ctx = at(&folder, "2013-07-08T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,81.3\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let first = made.expect("a review").key;
    step(&ctx, &first, Step::Freeze, &[])
        .await
        .expect("the next step");
    let made = schedule(&ctx, &review_of("2013-07", "2013-08-13")).await;
    made.expect("a review that nobody holds");
    let ctx = at(&folder, "2013-09-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,80.9\n").await;
    let made = schedule(&ctx, &review_of("2013-08", "2013-09-10")).await;
    let third = made.expect("a review").key;
    let since = review(&ctx, &third).await.expect("a review").since;
    let since = since.expect("the review that was held");
    assert_eq!(since.review.key.to_string(), first);
    assert_eq!(since.values.len(), 1);
}

/// The plan with another file in the place of one of its own, applied by somebody at an instant.
async fn change_plan(ctx: &Ctx, changed: &[(&str, &str)]) {
    let files = PLAN.map(|(path, text)| {
        let other = changed.iter().find(|(name, _)| *name == path);
        (path, other.map_or(text, |(_, other)| other))
    });
    bench::apply(ctx, &bench::files(files)).await;
}

/// The key of a review of June 2013 that is scheduled once the plan has these people and this body.
async fn review_of_body(ctx: &Ctx, people: &str, body: &str) -> String {
    let files = [("organisation.yaml", people), ("governance.yaml", body)];
    change_plan(ctx, &files).await;
    let made = schedule(ctx, &review_of("2013-06", "2013-07-09")).await;
    made.expect("a review").key
}

#[tokio::test]
async fn a_frozen_review_keeps_its_body_and_its_agenda() {
    let folder = with_plan("frozen-agenda").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\nm,top,2013-05,1\n").await;
    let made = schedule(&ctx, &review_of("2013-05", "2013-06-11")).await;
    let earlier = made.expect("a review").key;
    let action = Recorded::Action(NewAction {
        what: "Mend the gate".to_owned(),
        who: "p".to_owned(),
        due: "2013-07-01".parse().expect("a day"),
    });
    record(&ctx, &earlier, None, &action)
        .await
        .expect("recorded");
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let key = made.expect("a review").key;
    let ctx = at(&folder, "2013-07-08T12:00:00Z").await;
    step(&ctx, &key, Step::Freeze, &[]).await.expect("a step");

    // The action is done, and the body moves to a unit that there was not yet.
    let ctx = at(&folder, "2013-07-20T12:00:00Z").await;
    finish_action(&ctx, "a-1", true).await.expect("done");
    let units = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: new, name: New, parent: top }]
people: [{ key: p, name: Pat }]
";
    let moved =
        "bodies: [{ key: b, name: Council, unit: new, members: [{ person: p, role: chair }] }]\n";
    change_plan(
        &ctx,
        &[("organisation.yaml", units), ("governance.yaml", moved)],
    )
    .await;
    let read = review(&ctx, &key).await.expect("it can be read still");
    assert_eq!(read.body.name, "Board");
    assert_eq!(read.read.selected.unit_name(), "Top");
    assert_eq!(read.agenda.items.len(), 1);
    assert_eq!(read.agenda.items[0].subject.group(), "Overdue actions");
    // The next one is of the new unit, and tells nothing of targets that it had not.
    let made = schedule(&ctx, &review_of("2013-07", "2013-08-13")).await;
    let next = made.expect("a review").key;
    let read = review(&ctx, &next).await.expect("a review");
    assert_eq!(read.read.selected.unit_name(), "New");
    assert_eq!(read.agenda.items.len(), 0);
    assert_eq!(read.since.expect("the one before").targets, []);
}

#[tokio::test]
async fn each_act_is_undone_until_something_is_built_on_it() {
    let folder = with_plan("undone").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let new = review_of("2013-06", "2013-07-09");
    let made = schedule(&ctx, &new).await.expect("a review");
    let gone = undo(&ctx, &made.key, made.commit).await.expect("undone");
    assert!(gone.is_retired);
    // On the same day again, under a key of its own.
    let made = schedule(&ctx, &new).await.expect("a review");
    assert_eq!(made.key, "b-2013-07-09-2");
    let key = made.key.as_str();
    let lesson = Recorded::Lesson(NewLesson {
        what: "Ask the crews first".to_owned(),
    });
    let recorded = record(&ctx, key, None, &lesson).await.expect("recorded");
    let act = act_of(&ctx, key, recorded.commit).await.expect("a ledger");
    assert_eq!(act.expect("an act").words(), "Lesson l-1 is recorded.");
    let refused = undo(&ctx, key, made.commit).await;
    assert!(
        matches!(refused, Err(AppError::BadRequest { .. })),
        "{refused:?}"
    );
    undo(&ctx, key, recorded.commit).await.expect("undone");
    let lessons = async || {
        let read = review(&ctx, key).await.expect("a review");
        read.model.lessons().len()
    };
    assert_eq!(lessons().await, 0);
    let recorded = record(&ctx, key, None, &lesson).await.expect("recorded");
    let withdrawn = withdraw(&ctx, key, Kind::Lesson, &recorded.key).await;
    let withdrawn = withdrawn.expect("withdrawn");
    assert_eq!(lessons().await, 0);
    let back = undo(&ctx, key, withdrawn.commit).await.expect("undone");
    assert_eq!((lessons().await, back.key), (1, recorded.key));

    let state = async || review(&ctx, key).await.expect("a review").review.state();
    let frozen = step(&ctx, key, Step::Freeze, &[]).await.expect("a step");
    undo(&ctx, key, frozen.commit).await.expect("undone");
    assert_eq!(state().await, ReviewState::Prepared);
    let frozen = step(&ctx, key, Step::Freeze, &[]).await.expect("a step");
    let pat = [pat(&ctx, key).await];
    let opened = step(&ctx, key, Step::Open, &pat).await.expect("a step");
    let refused = undo(&ctx, key, frozen.commit).await;
    assert!(
        matches!(refused, Err(AppError::BadRequest { .. })),
        "{refused:?}"
    );
    let closed = step(&ctx, key, Step::Close, &[]).await.expect("a step");
    undo(&ctx, key, closed.commit).await.expect("undone");
    assert_eq!(state().await, ReviewState::InSession);
    // What happened long ago, elsewhere or never is not undone.
    let later = at(&folder, "2013-07-02T13:01:00Z").await;
    let late = undo(&later, key, opened.commit).await;
    assert!(matches!(late, Err(AppError::BadRequest { .. })), "{late:?}");
    for commit in [0, 1, 2, 999] {
        let other = undo(&ctx, key, CommitNumber(commit)).await;
        assert!(
            matches!(other, Err(AppError::BadRequest { .. })),
            "{commit}"
        );
    }
}

#[tokio::test]
async fn who_does_an_action_says_that_it_is_done_and_nobody_else_below_does() {
    let folder = with_plan("doer").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    let people = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: A, parent: top }, { key: b, name: B, parent: top }]
people: [{ key: p, name: Pat }, { key: q, name: Quin, unit: a }, { key: r, name: Ren, unit: a }]
";
    let body =
        "bodies: [{ key: b, name: Board, unit: b, members: [{ person: p, role: chair }] }]\n";
    let key = review_of_body(&ctx, people, body).await;
    let action = Recorded::Action(NewAction {
        what: "Mend the gate".to_owned(),
        who: "q".to_owned(),
        due: "2013-07-20".parse().expect("a day"),
    });
    record(&ctx, &key, None, &action).await.expect("recorded");
    let model = review(&ctx, &key).await.expect("a review").model;
    let unit = model.units().by_key("a").expect("a unit").id();
    let of_person = async |key: &str| {
        let person = model.people().by_key(key).expect("a person").id();
        let actor = Actor {
            person: Some(person),
            role: Role::Contributor,
            scope: Scope::Unit(unit),
            origin: Origin::Server,
        };
        bench::open(folder.as_path(), actor, "2013-07-03T12:00:00Z").await
    };
    let records = async |ctx: &Ctx| {
        let read = plan_records(ctx, &Selection::default())
            .await
            .expect("a plan");
        [Kind::Body, Kind::Review, Kind::Action].map(|kind| read.of_kind(kind).len())
    };
    let (doer, other) = (of_person("q").await, of_person("r").await);
    let refused = finish_action(&other, "a-1", true).await;
    assert!(
        matches!(refused, Err(AppError::NotFound { .. })),
        "{refused:?}"
    );
    // Programs get of reviews what stands on pages: nothing of another unit but one's own action.
    assert_eq!(records(&other).await, [0, 0, 0]);
    assert_eq!(records(&doer).await, [0, 0, 1]);
    assert_eq!(records(&ctx).await, [1, 1, 1]);
    // It is of the unit of who does it; whoever works nowhere has no unit's.
    let of_unit = async |ctx: &Ctx| {
        let listed = actions(ctx).await.expect("actions").actions;
        let of_unit: Vec<bool> = listed.iter().map(|one| one.is_of_my_unit).collect();
        of_unit
    };
    assert_eq!(of_unit(&doer).await, [true]);
    assert!(of_unit(&other).await.is_empty());
    assert_eq!(of_unit(&ctx).await, [false]);
    finish_action(&doer, "a-1", true).await.expect("done");
    let read = review(&ctx, &key).await.expect("a review");
    assert!(
        read.model
            .actions()
            .by_key("a-1")
            .is_some_and(|one| one.done.is_some())
    );
}
