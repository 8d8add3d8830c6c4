//! Who is there in a review, and what is asked for twice: a step and an undo get their first answer.

use throughline_app::review::{NewDecision, mark_present};

use super::*;

use crate::bench::load;

#[tokio::test]
async fn who_is_there_is_said_at_the_opening_and_changed_until_the_end() {
    let folder = with_plan("presence").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    let people = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: p, name: Pat }, { key: q, name: Quin }, { key: r, name: Ren }]
";
    let body = "bodies: [{ key: b, name: Board, unit: top, quorum: 2, members: [{ person: p, role: chair }, { person: q, role: member }] }]\n";
    let key = review_of_body(&ctx, people, body).await;
    let model = review(&ctx, &key).await.expect("a review").model;
    let [p, q, r] = ["p", "q", "r"].map(|key| model.people().by_key(key).expect("there").id());
    let refused = |answer: Result<_, AppError>| matches!(answer, Err(AppError::BadRequest { .. }));
    assert!(refused(mark_present(&ctx, &key, &[p]).await));
    step(&ctx, &key, Step::Freeze, &[]).await.expect("frozen");
    // A meeting of nobody is not opened.
    assert!(refused(step(&ctx, &key, Step::Open, &[]).await));
    step(&ctx, &key, Step::Open, &[p, p]).await.expect("opened");
    let read = async || review(&ctx, &key).await.expect("a review");
    assert_eq!(read().await.review.present, [p]);
    assert_eq!(read().await.quorum(), Some((2, false)));
    // Somebody comes late, with a guest who counts towards no quorum.
    let marked = mark_present(&ctx, &key, &[p, q, r]).await.expect("marked");
    assert_eq!(
        (read().await.members_there(), read().await.quorum()),
        (2, Some((2, true)))
    );
    let act = act_of(&ctx, &key, marked.commit).await.expect("a ledger");
    assert_eq!(act.expect("an act").words(), "Who is present is marked.");
    undo(&ctx, &key, marked.commit).await.expect("undone");
    assert_eq!(read().await.review.present, [p]);
    assert!(refused(mark_present(&ctx, &key, &[]).await));
    // The chair has gone: nobody decides in their place, and the record names nobody.
    mark_present(&ctx, &key, &[q]).await.expect("marked");
    let what = "Wait for the chair".to_owned();
    let decision = NewDecision {
        what,
        why: String::new(),
        decided_by: String::new(),
        effect: None,
    };
    let made = record(&ctx, &key, None, &Recorded::Decision(decision)).await;
    let made = made.expect("a decision").key;
    let model = read().await.model;
    let decision = model.decisions().by_key(&made).expect("there");
    assert_eq!(decision.decided_by, None);
    step(&ctx, &key, Step::Close, &[]).await.expect("closed");
    assert!(refused(mark_present(&ctx, &key, &[p, q]).await));
}

#[tokio::test]
async fn a_step_and_an_undo_that_are_asked_for_again_get_the_first_answer() {
    let folder = with_plan("review-again").await;
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    load(&ctx, "m,top,2013-06,1\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let key = made.expect("a review").key;
    let ctx = ctx.with_idempotency_key(Some("freeze".to_owned()));
    let frozen = step(&ctx, &key, Step::Freeze, &[]).await.expect("frozen");
    let again = step(&ctx, &key, Step::Freeze, &[]).await;
    assert_eq!(again.expect("the first answer"), frozen);
    let ctx = ctx.with_idempotency_key(Some("undo".to_owned()));
    let undone = undo(&ctx, &key, frozen.commit).await.expect("undone");
    let again = undo(&ctx, &key, frozen.commit).await;
    assert_eq!(again.expect("the first answer"), undone);
    let state = review(&ctx, &key).await.expect("a review").review.state();
    assert_eq!(state, ReviewState::Prepared);
}
