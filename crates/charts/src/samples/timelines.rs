//! Samples of initiatives on a line of time.

use crate::{Chart, Day, Milestone, Timeline, TimelineRow};

/// One of them on its own page, from where it leads nowhere.
pub(super) fn timeline_of_one() -> Timeline {
    let mut one = timeline();
    one.rows.truncate(1);
    one.rows[0].href = None;
    one
}

/// Initiatives of the flights example, on a day of their first autumn.
pub(super) fn timeline() -> Timeline {
    let step = |name: &str, due: Day, done: Option<Day>| Milestone {
        name: name.to_owned(),
        due,
        done,
    };
    let row = |name: &str, from, to, milestones| TimelineRow {
        name: name.to_owned(),
        href: Some("?initiative=a&b".to_owned()),
        from,
        to,
        milestones,
    };
    let day = Day::of;
    let rows = vec![
        row(
            "First wave on the minute",
            day(2013, 3, 1),
            day(2013, 12, 20),
            vec![
                step(
                    "Stand plan agreed",
                    day(2013, 4, 15),
                    Some(day(2013, 4, 12)),
                ),
                step(
                    "Tugs and crews in place at 05:15",
                    day(2013, 6, 1),
                    Some(day(2013, 6, 17)),
                ),
                step(
                    "Doors closed ten minutes before",
                    day(2013, 9, 30),
                    Some(day(2013, 10, 4)),
                ),
                step(
                    "Standard written into handling contracts",
                    day(2013, 12, 20),
                    None,
                ),
            ],
        ),
        row(
            "The catch-up desk",
            day(2013, 5, 1),
            day(2014, 6, 30),
            vec![
                step(
                    "Two dispatchers on every shift",
                    day(2013, 6, 15),
                    Some(day(2013, 6, 15)),
                ),
                step(
                    "Sixty-minute call agreed with all carriers",
                    day(2013, 7, 31),
                    Some(day(2013, 9, 2)),
                ),
                step("Desk extended to regional carriers", day(2014, 3, 31), None),
            ],
        ),
        row(
            "Honest times",
            day(2013, 4, 1),
            day(2013, 10, 30),
            vec![
                step(
                    "Block times reviewed",
                    day(2013, 8, 15),
                    Some(day(2013, 8, 9)),
                ),
                step(
                    "Winter schedule published",
                    day(2013, 10, 27),
                    Some(day(2013, 10, 27)),
                ),
            ],
        ),
        row(
            "Five minutes that begin each shift",
            day(2013, 9, 1),
            day(2014, 2, 28),
            vec![
                step(
                    "Card and count sheet tried",
                    day(2013, 9, 30),
                    Some(day(2013, 9, 27)),
                ),
                step(
                    "Count sheet on the phone of each shift lead",
                    day(2013, 11, 15),
                    None,
                ),
            ],
        ),
    ];
    Timeline {
        name: "Initiatives".to_owned(),
        today: day(2013, 11, 24),
        rows,
    }
}

#[test]
fn no_words_of_a_row_are_cut() {
    let timeline = timeline();
    for width in timeline.widths() {
        let drawing = timeline.drawing(*width);
        for whole in [">Late since 15 Nov 2013<", ">Next 31 Mar 2014<"] {
            assert!(drawing.contains(whole), "{whole} in {width:?}: {drawing}");
        }
        assert!(!drawing.contains('…'), "{width:?}: {drawing}");
    }
}
