//! From figures to an agenda: eighteen measures of which three changed, one overdue action and two decisions due for their
//! effect give six items and one folded line, by what was loaded and recorded and nothing that is given ready-made.

use std::fmt::Write;

use throughline_app::agenda::Subject;

use super::*;

const MEASURES: usize = 18;
const MONTHS: usize = 24;

/// The figure of a measure in a month: it varies as it always does, and three measures moved to another level in the last
/// quarter.
fn figure(measure: usize, month: usize) -> f64 {
    let mixed = (measure * 7919 + month * 104_729 + measure * month * 31) % 1009;
    let routine = 100.0 + (mixed % 41) as f64 / 40.0;
    let has_moved = month + 3 >= MONTHS;
    match measure {
        3 if has_moved => routine + 14.0,
        7 | 9 if has_moved => routine - 14.0,
        _ => routine,
    }
}

/// Whether a measure misses its target, as it did all the time.
fn is_routine_red(measure: usize) -> bool {
    [1, 2, 11, 12].contains(&measure)
}

fn measures() -> String {
    let mut text = "measures:\n".to_owned();
    for measure in 0..MEASURES {
        let _ = writeln!(
            text,
            "  - {{ key: m{measure}, name: M{measure}, kind: level, frequency: month, better: higher }}"
        );
    }
    text += "targets:\n";
    for measure in 0..MEASURES {
        let target = if is_routine_red(measure) { 150 } else { 70 };
        let _ = writeln!(
            text,
            "  - {{ measure: m{measure}, unit: top, points: [{{ period: 2012-01, value: {target} }}], joined: steps }}"
        );
    }
    text
}

fn governance() -> String {
    let decision = |key: &str, measure: &str| {
        format!(
            "  - {{ key: {key}, what: Decided, on: 2013-10-08, unit: top, effect: {{ measure: {measure}, unit: top, change: 2, least: 1, most: 4, since: 2013-09, by: 2013-12 }} }}\n"
        )
    };
    format!(
        "{}decisions:\n{}{}actions:\n  - {{ key: a-1, what: Mend the gate, who: p, due: 2013-11-29, unit: top }}\n",
        PLAN[3].1,
        decision("d-1", "m4"),
        decision("d-2", "m5"),
    )
}

#[tokio::test]
async fn three_changes_one_late_action_and_two_effects_are_six_items_and_one_line() {
    let folder = folder("golden-agenda");
    let (measures, governance) = (measures(), governance());
    let files = [
        PLAN[0],
        PLAN[1],
        ("measures.yaml", &measures),
        ("governance.yaml", &governance),
    ];
    let ctx = at(&folder, "2014-01-10T12:00:00Z").await;
    bench::apply(&ctx, &bench::files(files)).await;
    let ctx = at(&folder, "2014-01-10T12:00:00Z").await;
    let mut lines = String::new();
    for measure in 0..MEASURES {
        for month in 0..MONTHS {
            let (year, of_year) = (2012 + month / 12, 1 + month % 12);
            let value = figure(measure, month);
            let _ = writeln!(lines, "m{measure},top,{year}-{of_year:02},{value:.2}");
        }
    }
    load(&ctx, &lines).await;
    let made = schedule(&ctx, &review_of("2013-12", "2014-01-14")).await;
    let read = review(&ctx, &made.expect("a review").key).await;
    let read = read.expect("a review");
    assert_eq!(read.read.scorecard.measures.len(), MEASURES);
    let groups = read.agenda.items.iter().map(|item| item.subject.group());
    let key = |measure| {
        let measure = read.plan().measures().get(measure);
        measure.expect("there").key.to_string()
    };
    let changed = read
        .agenda
        .items
        .iter()
        .filter_map(|item| match item.subject {
            Subject::Change(measure, _) => Some(key(measure)),
            _ => None,
        });
    // Those for the worse come first.
    assert_eq!(changed.collect::<Vec<_>>(), ["m7", "m9", "m3"]);
    assert_eq!(
        groups.collect::<Vec<_>>(),
        [
            "Real changes",
            "Real changes",
            "Real changes",
            "Overdue actions",
            "Decisions due for their effect",
            "Decisions due for their effect",
        ]
    );
    let routine = read.agenda.routine.iter().map(|measure| key(*measure));
    assert_eq!(routine.collect::<Vec<_>>(), ["m1", "m2", "m11", "m12"]);
    assert!(read.agenda.swings.is_empty() && read.agenda.open.is_empty());
    assert!(read.since.is_none() && read.agenda.left_out == 0);
}
