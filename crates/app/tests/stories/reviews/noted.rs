//! What is noted in a review, who decided what, and which actions of earlier reviews are still open.

use throughline_app::review::{NewDecision, NewRemark, minutes};

use super::*;

/// A note keeps the unit that its body had when it was made; who may not read the review may not read the note.
#[tokio::test]
async fn a_note_of_a_review_that_is_hidden_is_hidden_wherever_it_was_made() {
    let folder = with_plan("noted-hidden").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    let organisation = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: A, parent: top }, { key: b, name: B, parent: top }]
people: [{ key: p, name: Pat }]
";
    let of_unit = async |unit: &str| {
        let body = format!(
            "bodies: [{{ key: b, name: Board, unit: {unit}, members: [{{ person: p, role: chair }}] }}]\n"
        );
        let files = [
            ("organisation.yaml", organisation),
            ("governance.yaml", &*body),
        ];
        change_plan(&ctx, &files).await;
    };
    of_unit("a").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let key = made.expect("a review").key;
    let note = Recorded::Remark(NewRemark {
        what: "Ren could not come".to_owned(),
    });
    record(&ctx, &key, None, &note).await.expect("noted");
    let model = review(&ctx, &key).await.expect("a review").model;
    let actor = Actor {
        person: None,
        role: Role::Viewer,
        scope: Scope::Unit(model.units().by_key("a").expect("a unit").id()),
        origin: Origin::Server,
    };
    let seen = async || {
        let ctx = bench::open(folder.as_path(), actor, "2013-07-03T12:00:00Z").await;
        let read = plan_records(&ctx, &Selection::default()).await;
        let read = read.expect("a plan");
        [Kind::Review, Kind::Remark].map(|kind| read.of_kind(kind).len())
    };
    assert_eq!(seen().await, [1, 1]);
    of_unit("b").await;
    assert_eq!(seen().await, [0, 0]);
}

#[tokio::test]
async fn a_note_is_made_until_the_review_is_closed_and_stands_in_its_minutes() {
    let folder = with_plan("noted").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let key = made.expect("a review").key;
    let note = |what: &str| {
        Recorded::Remark(NewRemark {
            what: what.to_owned(),
        })
    };
    let refused = |answer: Result<_, AppError>| matches!(answer, Err(AppError::BadRequest { .. }));
    assert!(refused(record(&ctx, &key, None, &note("  ")).await));
    let before = note("The *crews* were\nasked");
    let before = record(&ctx, &key, Some("measure/m"), &before).await;
    let before = before.expect("noted");
    assert_eq!((before.kind, before.key.as_str()), (Kind::Remark, "r-1"));
    let act = act_of(&ctx, &key, before.commit).await.expect("a ledger");
    assert_eq!(act.expect("an act").words(), "Note r-1 is recorded.");

    let pat = [pat(&ctx, &key).await];
    step(&ctx, &key, Step::Freeze, &[]).await.expect("frozen");
    step(&ctx, &key, Step::Open, &pat).await.expect("open");
    let whole = record(&ctx, &key, None, &note("Ren could not come")).await;
    let whole = whole.expect("noted");
    let slip = record(&ctx, &key, None, &note("A slip")).await;
    let slip = slip.expect("noted");
    undo(&ctx, &key, slip.commit).await.expect("undone");
    let gone = withdraw(&ctx, &key, Kind::Remark, &whole.key).await;
    undo(&ctx, &key, gone.expect("withdrawn").commit)
        .await
        .expect("put back");

    let read = review(&ctx, &key).await.expect("a review");
    let noted = read.model.remarks();
    assert_eq!(noted.len(), 2);
    let on_item = noted.by_key("r-1").expect("a note");
    assert!(on_item.measure.is_some() && on_item.item.as_deref() == Some("measure/m"));
    assert_eq!(noted.by_key("r-2").expect("a note").item, None);
    // The plan of the frozen pack has what was noted before.
    assert_eq!(read.plan().remarks().len(), 1);
    let text = minutes(&read);
    let notes =
        "## Notes\n\n- **r-1** M: The \\*crews\\* were asked\n- **r-2** Ren could not come\n";
    assert!(text.contains(notes), "{text}");

    step(&ctx, &key, Step::Close, &pat).await.expect("closed");
    assert!(refused(record(&ctx, &key, None, &note("Too late")).await));
    let late = withdraw(&ctx, &key, Kind::Remark, "r-1").await;
    assert!(refused(late));
}

#[tokio::test]
async fn who_decided_is_somebody_who_is_there_or_the_body_together() {
    let folder = with_plan("who-decided").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    let people = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: p, name: Pat }, { key: q, name: Quin }, { key: r, name: Ren }]
";
    let body = "bodies: [{ key: b, name: Board, unit: top, members: [{ person: p, role: chair }, { person: q }] }]\n";
    let key = review_of_body(&ctx, people, body).await;
    let decided_by = async |who: &str| {
        let decision = NewDecision {
            what: "Mend the gate".to_owned(),
            decided_by: who.to_owned(),
            ..NewDecision::default()
        };
        let made = record(&ctx, &key, None, &Recorded::Decision(decision)).await?;
        let model = review(&ctx, &key).await.expect("a review").model;
        let decision = model.decisions().by_key(&made.key).expect("a decision");
        let who = decision.decided_by.and_then(|who| model.people().get(who));
        Ok::<_, AppError>(who.map(|who| who.name.clone()))
    };
    // Nobody decides anything before the review is open, the body together neither.
    let is_early = |answer| matches!(answer, Err(AppError::BadRequest { help: Some(help), .. }) if help.contains("open the review"));
    assert!(is_early(decided_by("").await));
    step(&ctx, &key, Step::Freeze, &[]).await.expect("frozen");
    assert!(is_early(decided_by("").await));
    let model = review(&ctx, &key).await.expect("a review").model;
    let there = ["q", "r"].map(|key| model.people().by_key(key).expect("there").id());
    step(&ctx, &key, Step::Open, &there).await.expect("open");
    assert_eq!(
        decided_by("r").await.expect("recorded").as_deref(),
        Some("Ren")
    );
    // The chair is not there, and decides nothing.
    assert!(matches!(
        decided_by("p").await,
        Err(AppError::BadRequest { .. })
    ));
    assert!(matches!(
        decided_by("nobody").await,
        Err(AppError::NotFound { .. })
    ));
    assert_eq!(decided_by("").await.expect("recorded"), None);
    let read = review(&ctx, &key).await.expect("a review");
    assert!(minutes(&read).contains("Decided by Ren."));
}

#[tokio::test]
async fn open_actions_of_earlier_reviews_stand_beside_those_that_are_late() {
    let folder = with_plan("open-actions").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let first = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let first = first.expect("a review").key;
    let action = |due: &str| {
        Recorded::Action(NewAction {
            what: "Mend the gate".to_owned(),
            who: "p".to_owned(),
            due: due.parse().expect("a day"),
        })
    };
    for due in ["2013-09-01", "2013-07-20", "2013-08-13", "2013-08-20"] {
        let made = record(&ctx, &first, None, &action(due)).await;
        made.expect("recorded");
    }
    finish_action(&ctx, "a-4", true).await.expect("done");
    let second = schedule(&ctx, &review_of("2013-07", "2013-08-13")).await;
    let second = second.expect("a review").key;
    let own = record(&ctx, &second, None, &action("2013-08-30")).await;
    own.expect("recorded");
    let agenda = async |key: &str| {
        let read = review(&ctx, key).await.expect("a review");
        let name = |id| read.model.actions().get(id).expect("there").key.to_string();
        let open = read.agenda.open.iter().map(|id| name(*id));
        (read.agenda.items.len(), open.collect::<Vec<_>>())
    };
    // Late on the day of the review is an item; open is what is due on it or later, the first due first; done and agreed
    // in the review itself is neither.
    let open = ["a-3", "a-1"].map(str::to_owned).to_vec();
    assert_eq!(agenda(&second).await, (1, open));
    assert_eq!(agenda(&first).await.1, ["a-5"]);
}
