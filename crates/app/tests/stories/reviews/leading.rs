//! Who may do what in a review: its members hold it, and whoever leads the body freezes, closes and takes either back; and a
//! review that is called off.

use throughline_app::review::{call_off, reviews};

use super::*;

/// What a contributor of no unit does, who is that person.
async fn as_person(folder: &Path, model: &throughline_model::Model, key: &str) -> Ctx {
    let person = model.people().by_key(key).expect("a person").id();
    let unit = model.units().by_key("top").expect("a unit").id();
    let actor = Actor {
        person: Some(person),
        role: Role::Contributor,
        scope: Scope::Unit(unit),
        origin: Origin::Server,
    };
    bench::open(folder, actor, "2013-07-08T12:00:00Z").await
}

/// A ledger in which Pat leads the body that Quin belongs to, with a prepared review.
async fn led(name: &str) -> (PathBuf, String) {
    let folder = with_plan(name).await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    let people = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: p, name: Pat }, { key: q, name: Quin }]
";
    let body = "bodies: [{ key: b, name: Board, unit: top, cadence: { rule: FREQ=MONTHLY;BYDAY=2TU, first: 2013-07-01, at: \"09:00\", minutes: 45 }, members: [{ person: p, role: chair }, { person: q }] }]\n";
    let changed = [("organisation.yaml", people), ("governance.yaml", body)];
    change_plan(&ctx, &changed).await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    (folder, made.expect("a review").key)
}

#[tokio::test]
async fn whoever_leads_the_body_freezes_closes_and_takes_either_back() {
    let (folder, key) = led("led").await;
    let model = review(&at(&folder, "2013-07-08T12:00:00Z").await, &key).await;
    let model = model.expect("a review").model;
    let chair = as_person(&folder, &model, "p").await;
    let member = as_person(&folder, &model, "q").await;
    let denied = |answer: Result<_, AppError>| matches!(answer, Err(AppError::Forbidden { .. }));
    let quin = [model.people().by_key("q").expect("a person").id()];

    let read = review(&member, &key).await.expect("a review");
    assert!(read.may_hold && !read.may_lead);
    assert!(review(&chair, &key).await.expect("a review").may_lead);
    assert!(denied(step(&member, &key, Step::Freeze, &[]).await));
    let frozen = step(&chair, &key, Step::Freeze, &[]).await.expect("frozen");
    assert!(denied(undo(&member, &key, frozen.commit).await));
    let offered = act_of(&member, &key, frozen.commit).await;
    assert!(offered.expect("a ledger").is_none());
    let offered = act_of(&chair, &key, frozen.commit).await;
    assert!(offered.expect("a ledger").is_some());
    // Members open it and record, as nobody waits for a chair who comes late.
    step(&member, &key, Step::Open, &quin)
        .await
        .expect("opened");
    let lesson = Recorded::Lesson(NewLesson {
        what: "Ask the crews first".to_owned(),
    });
    let lesson = record(&member, &key, None, &lesson).await.expect("written");
    undo(&member, &key, lesson.commit).await.expect("undone");
    assert!(denied(step(&member, &key, Step::Close, &[]).await));
    let closed = step(&chair, &key, Step::Close, &[]).await.expect("closed");
    assert!(denied(undo(&member, &key, closed.commit).await));
    let reopened = undo(&chair, &key, closed.commit).await;
    let reopened = reopened.expect("open again").commit;
    // To take back that it was taken back closes it.
    assert!(denied(undo(&member, &key, reopened).await));
}

#[tokio::test]
async fn a_review_that_is_called_off_is_due_no_more_and_stays_with_its_reason() {
    let (folder, key) = led("called-off").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    let ahead = async || {
        let read = reviews(&ctx).await.expect("the bodies");
        let days = read.bodies[0].next.iter().map(|one| one.on.to_string());
        days.take(2).collect::<Vec<_>>()
    };
    let refused = |answer: Result<_, AppError>| matches!(answer, Err(AppError::BadRequest { .. }));
    assert_eq!(ahead().await, ["2013-07-09", "2013-08-13"]);
    assert!(refused(call_off(&ctx, &key, "  ").await));
    let off = call_off(&ctx, &key, "Snow").await.expect("called off");
    assert_eq!(ahead().await, ["2013-08-13", "2013-09-10"]);
    let read = review(&ctx, &key).await.expect("a review").review;
    assert_eq!(read.state(), ReviewState::CalledOff);
    assert_eq!(
        read.called_off.as_ref().map(|off| off.why.as_str()),
        Some("Snow")
    );
    let lesson = Recorded::Lesson(NewLesson {
        what: "Ask the crews first".to_owned(),
    });
    assert!(refused(record(&ctx, &key, None, &lesson).await));
    assert!(refused(step(&ctx, &key, Step::Freeze, &[]).await));
    assert!(refused(call_off(&ctx, &key, "Ice").await));
    // It stays on the list, and another one is prepared for that day.
    assert_eq!(
        reviews(&ctx).await.expect("the bodies").bodies[0]
            .reviews
            .len(),
        1
    );
    let act = act_of(&ctx, &key, off.commit).await.expect("a ledger");
    assert_eq!(act.expect("an act").words(), "The review is called off.");
    let other = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let other = other.expect("another one");
    assert_eq!(other.key, "b-2013-07-09-2");
    undo(&ctx, &other.key, other.commit).await.expect("undone");
    undo(&ctx, &key, off.commit).await.expect("on again");
    assert_eq!(ahead().await, ["2013-07-09", "2013-08-13"]);
    let pat = [pat(&ctx, &key).await];
    step(&ctx, &key, Step::Freeze, &[]).await.expect("frozen");
    step(&ctx, &key, Step::Open, &pat).await.expect("opened");
    assert!(refused(call_off(&ctx, &key, "Late").await));
}
