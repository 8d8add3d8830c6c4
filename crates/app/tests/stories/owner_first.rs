//! Owner first: a figure that somebody enters is seen by its owner, its steward and whoever entered it, and by nobody else
//! before the owner publishes it or its time has come; on both engines, with several at once.

mod place;
mod taken_back;

use throughline_app::entry::{Entered, Publishing, due, enter, publish, publish_due, take_back};
use throughline_app::history::cell_history;
use throughline_app::{AppError, ApplyOptions, LoadOptions, apply_plan, load_observations};
use throughline_core::Origin;
use throughline_model::observation::CommitNumber;

use place::{ENTERED, MEASURES, named, on_both, saved, typed};

use crate::bench;

#[test]
fn the_owner_sees_it_first_and_publishes_it() {
    on_both("publishes", async |place| {
        let entered = place.enter(ENTERED, "clerk", "81.3", "").await;
        let (commit, waiting) = saved(&entered);
        assert_eq!(waiting, 1);
        let later = "2014-02-10T13:00:00Z";
        assert_eq!(place.published(later).await, None);
        for who in ["boss", "", "nobody"] {
            assert!(place.waiting(later, who).await.is_empty(), "{who}");
            assert_eq!(place.history(who).await, [], "{who}");
        }
        for (who, publishes) in [("owner", true), ("steward", false), ("clerk", false)] {
            let seen = place.waiting(later, who).await;
            assert_eq!(seen.len(), 1, "{who}");
            assert_eq!(seen[0].observation.value, Some(81.3));
            assert_eq!(seen[0].may_publish, publishes, "{who}");
            assert_eq!(seen[0].until.to_string(), "2014-02-11T12:00:00Z");
            assert_eq!(place.history(who).await, [Some(81.3)], "{who}");
        }
        // Nobody is asked for it again, and it is late with nobody.
        for who in ["owner", "steward", "clerk"] {
            let found = due(&place.request(later, who).await, &[]).await;
            let found = found.expect("an answer");
            let m = found.model.measures().by_key("m").map(|one| one.id());
            let asked = found.cells.iter().map(|one| one.cell);
            let late = found.late_with_others.iter().map(|one| one.cell);
            let mut of_m = asked.chain(late).filter(|cell| Some(cell.measure) == m);
            assert_eq!(of_m.next(), None, "{who}");
            assert_eq!(found.waiting.len(), 1, "{who}");
        }
        let publishes = async |who: &str, commit: u64| {
            let ctx = place.request(later, who).await;
            publish(&ctx, &named("Repaired since"), CommitNumber(commit)).await
        };
        for who in ["boss", "", "clerk"] {
            let refused = publishes(who, commit).await;
            assert!(matches!(refused, Err(AppError::NotFound { .. })), "{who}");
        }
        let refused = publishes("steward", commit).await;
        assert!(
            matches!(refused, Err(AppError::Forbidden { .. })),
            "{refused:?}"
        );
        let refused = publishes("owner", commit - 1).await;
        assert!(
            matches!(refused, Err(AppError::BadRequest { .. })),
            "{refused:?}"
        );
        let done = publishes("owner", commit).await.expect("published");
        assert!(done.is_some());
        assert_eq!(publishes("owner", commit).await.expect("once"), None);
        assert_eq!(place.published(later).await, Some(81.3));
        assert!(place.waiting(later, "owner").await.is_empty());
        let ctx = place.request(later, "boss").await;
        let told = cell_history(&ctx, "m", "a", "2014-01")
            .await
            .expect("a history");
        let [one] = told.values.as_slice() else {
            panic!("{:?}", told.values);
        };
        let commit = &one.told.as_ref().expect("a commit").commit;
        assert_eq!(commit.reason.as_deref(), Some("Published: Repaired since"));
        let owner = told.model.people().by_key("owner").map(|one| one.id());
        assert_eq!(commit.author, owner);
        assert_eq!(place.history("clerk").await, [Some(81.3), Some(81.3)]);
    });
}

#[test]
fn the_clock_publishes_what_has_waited() {
    on_both("clock", async |place| {
        let publish_at = async |time: &str| {
            let ctx = place.request(time, "").await;
            publish_due(&ctx).await.expect("an answer")
        };
        assert_eq!(publish_at("2014-03-01T12:00:00Z").await, None);
        place.enter(ENTERED, "clerk", "81.3", "").await;
        assert_eq!(publish_at("2014-02-11T11:59:59Z").await, None);
        let viewer = place.request("2014-02-11T12:00:00Z", "").await;
        let done = publish_at("2014-02-11T12:00:01Z").await;
        assert!(done.is_some());
        assert_eq!(publish_at("2014-02-11T12:00:01Z").await, None);
        // Whoever had not heard of it yet publishes nothing again.
        let stale = publish_due(&viewer).await.expect("an answer");
        assert_eq!(stale, None);
        assert_eq!(place.published("2014-02-12T12:00:00Z").await, Some(81.3));
        let ctx = place.request("2014-02-12T12:00:00Z", "boss").await;
        let told = cell_history(&ctx, "m", "a", "2014-01")
            .await
            .expect("a history");
        let commit = &told.values[0].told.as_ref().expect("a commit").commit;
        assert_eq!((commit.author, commit.origin), (None, Origin::Job));
        let reason = commit.reason.as_deref().unwrap_or_default();
        assert!(reason.starts_with("Published by the clock"), "{reason}");
    });
}

#[test]
fn owner_and_clock_at_once_publish_once() {
    on_both("at-once", async |place| {
        let entered = place.enter(ENTERED, "clerk", "81.3", "").await;
        let commit = CommitNumber(saved(&entered).0);
        let time = "2014-02-11T12:00:01Z";
        let (owner, same, clock) = (
            place.request(time, "owner").await,
            place.request(time, "owner").await,
            place.request(time, "").await,
        );
        let named = named("");
        let answers = tokio::join!(
            publish(&owner, &named, commit),
            publish(&same, &named, commit),
            publish_due(&clock),
        );
        let answers = [answers.0, answers.1, answers.2].map(|one| one.expect("an answer"));
        assert_eq!(answers.iter().flatten().count(), 1, "{answers:?}");
        assert_eq!(place.history("boss").await, [Some(81.3)]);
    });
}

#[test]
fn another_figure_in_its_place_waits_no_longer() {
    on_both("replaced", async |place| {
        let first = place.enter(ENTERED, "clerk", "813", "").await;
        let later = "2014-02-10T20:00:00Z";
        // Who has not seen it is told, and not the value where it is not theirs to see.
        let told = place.enter(later, "steward", "81.3", "").await;
        let Entered::Wrong(wrong) = told else {
            panic!("{told:?}");
        };
        assert_eq!(wrong[0].now.as_deref(), Some("813"));
        let told = place.enter(later, "boss", "81.3", "813").await;
        let Entered::Wrong(wrong) = told else {
            panic!("{told:?}");
        };
        assert_eq!(wrong[0].now, None);
        assert!(!format!("{wrong:?}").contains("813"), "{wrong:?}");
        let second = place.enter(later, "steward", "81.3", "813").await;
        let [seen] = &place.waiting(later, "owner").await[..] else {
            panic!("one waits");
        };
        assert_eq!(seen.observation.value, Some(81.3));
        assert_eq!(seen.until.to_string(), "2014-02-11T12:00:00Z");
        assert_eq!(seen.replaced.len(), 1);
        assert_eq!(seen.replaced[0].value, Some(813.0));
        assert_eq!(place.history("owner").await, [Some(813.0), Some(81.3)]);
        // Whoever published the first one did not mean the second.
        let ctx = place.request(later, "owner").await;
        let refused = publish(&ctx, &named(""), CommitNumber(saved(&first).0)).await;
        assert!(matches!(refused, Err(AppError::BadRequest { .. })));
        // Taken back, the first one waits again, as long as before.
        let ctx = place.request(later, "steward").await;
        let back = take_back(&ctx, saved(&second).0).await.expect("taken back");
        assert_eq!((back.cells, back.kept), (1, 0));
        let [seen] = &place.waiting(later, "owner").await[..] else {
            panic!("one waits");
        };
        assert_eq!(seen.observation.value, Some(813.0));
        assert_eq!(seen.until.to_string(), "2014-02-11T12:00:00Z");
        // And that one too, there is nothing, and it is asked for again.
        let ctx = place.request(later, "clerk").await;
        let back = take_back(&ctx, saved(&first).0).await.expect("an answer");
        assert_eq!((back.cells, back.kept), (0, 1), "it was recorded anew");
        assert_eq!(place.published(later).await, None);
    });
}

#[test]
fn the_organisation_says_for_how_long() {
    on_both("setting", async |place| {
        place.enter(ENTERED, "clerk", "81.3", "").await;
        let until = async || {
            let seen = place.waiting("2014-02-10T13:00:00Z", "owner").await;
            seen.first().map(|one| one.until.to_string())
        };
        // A longer wait is for what comes later, a shorter one for all.
        place
            .apply("2014-02-10T12:10:00Z", ", owner_first: 48 hours")
            .await;
        assert_eq!(until().await.as_deref(), Some("2014-02-11T12:00:00Z"));
        place
            .apply("2014-02-10T12:20:00Z", ", owner_first: 1 hour")
            .await;
        assert_eq!(until().await.as_deref(), Some("2014-02-10T13:00:00Z"));
        place
            .apply("2014-02-10T12:30:00Z", ", owner_first: 0 hours")
            .await;
        // Whoever enters publishes first what has waited; and nothing waits any more.
        let entered = place
            .enter("2014-02-10T12:40:00Z", "steward", "82", "81.3")
            .await;
        assert_eq!(saved(&entered).1, 0);
        let history = place.history("boss").await;
        assert_eq!(history, [Some(81.3), Some(82.0)]);
    });
}

#[test]
fn what_nobody_owns_and_what_comes_in_files_is_for_all_at_once() {
    on_both("at-once-for-all", async |place| {
        let ctx = place.request(ENTERED, "clerk").await;
        let entered = enter(&ctx, &[typed("free", "5", "")], Publishing::Later).await;
        assert_eq!(saved(&entered.expect("an answer")).1, 0);
        let ctx = place.request(ENTERED, "owner").await;
        let entered = enter(&ctx, &[typed("m", "82", "")], Publishing::Later).await;
        assert_eq!(saved(&entered.expect("an answer")).1, 1);
        assert_eq!(place.published(ENTERED).await, None);
        place.load(ENTERED, "m,a,2014-01,83\n").await;
        assert_eq!(place.published(ENTERED).await, Some(83.0));
        assert!(place.waiting(ENTERED, "owner").await.is_empty());
        // A correction waits too, and until then what it corrects holds.
        let entered = place.enter(ENTERED, "clerk", "84", "83").await;
        assert_eq!(saved(&entered).1, 1);
        assert_eq!(place.published(ENTERED).await, Some(83.0));
        // A file that says it is held is refused.
        let ctx = place.request(ENTERED, "").await;
        let text = "measure,unit,period,value,state\nm,a,2014-01,85,held\n";
        let refused = load_observations(&ctx, "o.csv", text.as_bytes(), LoadOptions::default());
        assert!(matches!(refused.await, Err(AppError::BadInput { .. })));
    });
}

/// Times of commits do not go back with a clock: a figure that was entered while it was wrong waits no longer than others.
#[test]
fn a_clock_that_goes_back_holds_nothing_longer() {
    on_both("clock", async |place| {
        place
            .enter("2014-08-01T12:00:00Z", "clerk", "170", "")
            .await;
        let published = publish_due(&place.request(ENTERED, "").await).await;
        assert!(published.expect("an answer").is_some());
        assert_eq!(place.published("2014-08-01T13:00:00Z").await, Some(170.0));
    });
}

/// What a change of the plan does to figures that wait is said as of those that are published.
#[test]
fn a_measure_with_a_waiting_figure_keeps_its_frequency() {
    on_both("frequency", async |place| {
        place.enter(ENTERED, "clerk", "170", "").await;
        let ctx = place.request_or_new(ENTERED).await;
        let weekly = MEASURES.replace(
            "key: m, name: M, kind: level, frequency: month",
            "key: m, name: M, kind: level, frequency: week",
        );
        let files = bench::files([("measures.yaml", weekly)]);
        let refused = apply_plan(&ctx, &files, &ApplyOptions::default()).await;
        let Err(AppError::BadInput { remarks, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            format!("{remarks:?}").contains("frequency-fixed"),
            "{remarks:?}"
        );
    });
}
