//! Figures of which the owner is first, taken back.

use throughline_app::entry::{due, publish, take_back};
use throughline_app::{LoadOptions, load_observations};
use throughline_model::observation::CommitNumber;

use super::place::{ENTERED, named, on_both, saved};

#[test]
fn what_is_published_is_not_taken_back_into_hiding() {
    on_both("kept", async |place| {
        let entered = place.enter(ENTERED, "owner", "82", "").await;
        let (own, waiting) = saved(&entered);
        assert_eq!(waiting, 0, "the owner publishes by entering");
        assert_eq!(place.published(ENTERED).await, Some(82.0));
        let ctx = place.request(ENTERED, "owner").await;
        take_back(&ctx, own).await.expect("taken back");
        assert_eq!(place.published(ENTERED).await, None);
        let entered = place.enter(ENTERED, "clerk", "81.3", "").await;
        let commit = saved(&entered).0;
        let ctx = place.request(ENTERED, "clerk").await;
        take_back(&ctx, commit).await.expect("taken back");
        assert!(place.waiting(ENTERED, "owner").await.is_empty());
        let found = due(&place.request(ENTERED, "clerk").await, &[]).await;
        let asked = found.expect("an answer").cells;
        assert!(!asked.is_empty(), "it is asked for again");
        let entered = place.enter(ENTERED, "clerk", "81.3", "").await;
        let commit = saved(&entered).0;
        let ctx = place.request(ENTERED, "owner").await;
        let published = publish(&ctx, &named(""), CommitNumber(commit)).await;
        let published = published.expect("an answer").expect("published");
        for (who, commit) in [("owner", published.0), ("clerk", commit)] {
            let ctx = place.request(ENTERED, who).await;
            let back = take_back(&ctx, commit).await.expect("an answer");
            assert_eq!((back.cells, back.kept), (0, 1), "{who}");
        }
        assert_eq!(place.published(ENTERED).await, Some(81.3));
    });
}

/// Somebody who may record and not see what waits puts another value over it and takes that back: what waited is neither shown to
/// them nor made theirs.
#[test]
fn taking_back_shows_nobody_what_waited() {
    on_both("peek", async |place| {
        place.enter(ENTERED, "clerk", "170", "").await;
        let ctx = place.request(ENTERED, "boss").await;
        let rows = "measure,unit,period,value\nm,a,2014-01,1\n";
        let loaded = load_observations(&ctx, "o.csv", rows.as_bytes(), LoadOptions::default());
        let commit = loaded.await.expect("good rows").commits[0].number;
        let ctx = place.request(ENTERED, "boss").await;
        let back = take_back(&ctx, commit.0).await.expect("taken back");
        assert_eq!((back.cells, back.kept), (1, 0));
        assert!(place.waiting(ENTERED, "boss").await.is_empty());
        assert_eq!(place.published(ENTERED).await, None);
    });
}

#[test]
fn what_was_published_over_it_gives_way_to_what_was_published_before() {
    on_both("published-before", async |place| {
        place.load(ENTERED, "m,a,2014-01,150\n").await;
        place.enter(ENTERED, "clerk", "170", "150").await;
        let over = saved(&place.enter(ENTERED, "owner", "160", "170").await).0;
        assert_eq!(place.published(ENTERED).await, Some(160.0));
        let ctx = place.request(ENTERED, "owner").await;
        take_back(&ctx, over).await.expect("taken back");
        assert_eq!(place.published(ENTERED).await, Some(150.0));
        assert!(place.waiting(ENTERED, "owner").await.is_empty());
    });
}
