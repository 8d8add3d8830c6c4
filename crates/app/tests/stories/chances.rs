//! Whether chances came true is told from what was said then, or would have been; the same for whoever waits and whoever does not.

use std::time::Duration;

use throughline_app::insight::{ReadTrack, chances_come_true, said_in_words, track_in_words};
use throughline_app::{ApplyOptions, Selection, apply_plan};
use throughline_insight::forecast::{Chance, Said, Stated, track};

use crate::bench::{administrator, block_on};
use crate::insight::{
    MEASURES, at, forecasts, load, location, name, on, plan_to_reach, two_years, value,
};

/// How often something was said, of how many targets, and how often it came true.
fn sums(read: &ReadTrack) -> (usize, usize, f64) {
    let track = read.track.as_ref().expect("chances that have come due");
    let came_true = track.bins.iter();
    let came_true = came_true.map(|bin| bin.count as f64 * bin.came_true);
    (track.count, track.targets, came_true.sum())
}

/// The bins of what was said: how often each was said, in words.
fn told(read: &ReadTrack) -> Vec<(String, usize)> {
    let track = read.track.as_ref().expect("chances that have come due");
    let bins = track.bins.iter();
    bins.map(|bin| (said_in_words(bin), bin.count)).collect()
}

/// The same of chances as pages say them.
fn as_said(chances: &[Chance]) -> Vec<(String, usize)> {
    let said = chances.iter().map(|chance| Said {
        stated: Stated::of(chance),
        target: 0,
        came_true: false,
    });
    let track = track(&said.collect::<Vec<_>>()).expect("chances");
    let bins = track.bins.iter();
    bins.map(|bin| (said_in_words(bin), bin.count)).collect()
}

#[test]
fn chances_are_held_against_what_came_of_them() {
    let location = location("came-true");
    let measures = 0..6;
    block_on(async {
        let ctx = on(&location, "2014-09-10").await;
        let applied = apply_plan(&ctx, &plan_to_reach(105), &ApplyOptions::default()).await;
        applied.expect("a plan");
        let rows = measures
            .clone()
            .flat_map(|measure| (0..32).map(move |month| (measure, month)));
        let with_values = |(measure, month)| (measure, month, value(measure, month));
        load(&on(&location, "2014-09-10").await, rows.map(with_values)).await;
        for (month, day) in [
            (32, "2014-10-05"),
            (33, "2014-11-05"),
            (34, "2014-12-05"),
            (35, "2015-01-05"),
        ] {
            let rows = measures
                .clone()
                .map(|measure| with_values((measure, month)));
            load(&on(&location, day).await, rows).await;
        }
        let ctx = on(&location, "2015-01-10").await;
        let read = chances_come_true(&ctx, &at("2014-12", None))
            .await
            .expect("an answer");
        let mut said = Vec::new();
        for day in ["2014-09-30", "2014-10-31", "2014-11-30", "2014-12-31"] {
            let asked = Selection {
                known_at: Some(day.to_owned()),
                ..Selection::default()
            };
            let then = forecasts(&ctx, None, &asked).await;
            let outlooks = then
                .measures
                .iter()
                .filter_map(|one| one.foresight.as_deref()?.as_ref().ok());
            said.extend(outlooks.filter_map(|outlook| Some(outlook.aimed?.chance)));
        }
        let (count, targets, came_true) = sums(&read);
        assert_eq!((count, read.months, read.is_pending), (24, 4, false));
        assert_eq!((count, targets), (said.len(), measures.len()));
        assert!(said.iter().all(|chance| chance.percent().is_none()));
        assert_eq!(told(&read), as_said(&said), "what was said then");
        let reached = measures
            .filter(|measure| value(*measure, 35) >= 105.0)
            .count();
        assert!((came_true - 4.0 * reached as f64).abs() < 1e-9);
        // What is corrected afterwards changes nothing of what was said, and a target that is not due says nothing.
        let later = on(&location, "2015-02-10").await;
        load(&later, [(0, 20, 900.0)].into_iter()).await;
        let again = chances_come_true(&later, &at("2014-12", None))
            .await
            .expect("an answer");
        assert_eq!(sums(&again), (count, targets, came_true));
        assert_eq!(told(&again), told(&read));
        // A server that remembers its answer says the same, and what came of it is read again after a correction.
        let live = later.live().await.expect("a live state");
        for reached in [came_true, came_true, came_true + 4.0] {
            if reached > came_true {
                let missed = (0..6).find(|measure| value(*measure, 35) < 105.0);
                load(
                    &later,
                    [(missed.expect("one that missed"), 35, 900.0)].into_iter(),
                )
                .await;
                live.catch_up().await.expect("a snapshot");
            }
            let of_server = later.of_request(&live, administrator());
            let served = chances_come_true(&of_server, &at("2014-12", None)).await;
            let served = sums(&served.expect("an answer"));
            assert_eq!(served.0, count);
            assert!((served.2 - reached).abs() < 1e-9, "{served:?} {reached}");
        }
        // Nothing has come due by then of what was said: what is told is what would have been said.
        let early = chances_come_true(&later, &at("2014-11", None))
            .await
            .expect("an answer");
        assert!(early.is_rehearsed);
    });
}

/// What came of chances is worked out beside whoever has no patience; it is what somebody with all the time reads.
#[test]
fn chances_come_beside_whoever_has_no_patience() {
    let location = location("chances-hurried");
    block_on(async {
        two_years(&location).await;
        let ctx = on(&location, "2014-01-12").await;
        let live = ctx.live().await.expect("a live state");
        let patient = ctx.of_request(&live, administrator());
        let hurried = ctx.clone().with_patience(Duration::ZERO);
        let hurried = hurried.of_request(&live, administrator());
        let mut told = Vec::new();
        for ctx in [&hurried, &patient, &hurried, &ctx] {
            let read = chances_come_true(ctx, &at("2013-12", None)).await;
            let read = read.expect("an answer");
            told.push((read.is_pending, read.months, track_in_words(&read)));
        }
        assert!(
            told[0].0 && told[0].2.len() == 1,
            "nothing is said of it yet"
        );
        assert!(told[1].1 > 0 && !told[1].0);
        assert_eq!((&told[2], &told[1]), (&told[1], &told[3]));
    });
}

/// A ledger whose figures were all brought in at once has no chances that were said: they are rehearsed month by month.
#[test]
fn chances_of_a_ledger_without_a_past_are_rehearsed() {
    let location = location("rehearsed");
    block_on(async {
        two_years(&location).await;
        let ctx = on(&location, "2014-01-12").await;
        let read = chances_come_true(&ctx, &at("2013-12", None)).await;
        let read = read.expect("an answer");
        assert!(read.is_rehearsed && !read.is_pending);
        let mut said = Vec::new();
        for month in 0..24 {
            let then = forecasts(&ctx, None, &at(&name(month), None)).await;
            let measures = then.measures.iter();
            let outlooks = measures.filter_map(|one| one.foresight.as_deref()?.as_ref().ok());
            let due = outlooks.filter(|outlook| {
                let last = outlook.expected.last();
                last.is_some_and(|last| last.period.last.year() < 2014)
            });
            said.extend(due.filter_map(|outlook| Some(outlook.aimed?.chance)));
        }
        let (count, targets, _) = sums(&read);
        assert!(count > MEASURES && count == said.len(), "{count}");
        assert!(targets < count, "{targets}");
        assert_eq!(told(&read), as_said(&said));
        let words = track_in_words(&read);
        assert_eq!(words[0], "No chance that was said has come due yet.");
        // 110 is never reached, and no chance is said to be less than 5%.
        assert!(
            words[2].starts_with("Chances would have been too hopeful here: 0 of "),
            "{words:?}"
        );
        assert!(
            words[3].starts_with("Of the times we would have said"),
            "{words:?}"
        );
        // Before anything was known nothing is rehearsed either.
        let early = chances_come_true(&ctx, &at("2013-12", Some("2014-01-01"))).await;
        assert!(early.map_or(true, |read| read.track.is_none()));
    });
}
