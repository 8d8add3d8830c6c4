//! What moved since the review before is told with who moved it.

use super::*;

#[tokio::test]
async fn a_target_that_moved_is_told_with_who_moved_it_and_why() {
    let folder = with_plan("target-moved").await;
    let with_target = |value: u8| {
        format!(
            "{}targets:\n  - {{ measure: m, unit: top, points: [{{ period: 2013-01, value: {value} }}], joined: steps }}\n",
            PLAN[2].1
        )
    };
    let ctx = at(&folder, "2013-07-02T12:00:00Z").await;
    change_plan(&ctx, &[("measures.yaml", &with_target(80))]).await;
    load(&ctx, "m,top,2013-06,81.3\nm,top,2013-07,82\n").await;
    let made = schedule(&ctx, &review_of("2013-06", "2013-07-09")).await;
    let first = made.expect("a review").key;
    let ctx = at(&folder, "2013-07-08T12:00:00Z").await;
    step(&ctx, &first, Step::Freeze, &[]).await.expect("a step");
    let ctx = at(&folder, "2013-07-20T12:00:00Z").await;
    let ctx = ctx.with_reason(Some("The new dock is open".to_owned()));
    change_plan(&ctx, &[("measures.yaml", &with_target(85))]).await;
    let made = schedule(&ctx, &review_of("2013-07", "2013-08-13")).await;
    let second = made.expect("a review").key;
    let since = review(&ctx, &second).await.expect("a review").since;
    let since = since.expect("a review before");
    assert_eq!((since.values.len(), since.targets.len()), (0, 1));
    let why = since
        .set
        .iter()
        .map(|(_, told)| told.commit.reason.as_deref());
    assert_eq!(why.collect::<Vec<_>>(), [Some("The new dock is open")]);
    // What was frozen tells nothing that came afterwards.
    let ctx = at(&folder, "2013-08-12T12:00:00Z").await;
    step(&ctx, &second, Step::Freeze, &[])
        .await
        .expect("a step");
    let ctx = at(&folder, "2013-08-20T12:00:00Z").await;
    let ctx = ctx.with_reason(Some("Too easy".to_owned()));
    change_plan(&ctx, &[("measures.yaml", &with_target(90))]).await;
    let since = review(&ctx, &second).await.expect("a review").since;
    let since = since.expect("a review before");
    let why = since
        .set
        .iter()
        .map(|(_, told)| told.commit.reason.as_deref());
    assert_eq!(why.collect::<Vec<_>>(), [Some("The new dock is open")]);
}
