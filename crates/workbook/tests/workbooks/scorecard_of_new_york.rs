//! The public scorecard of New York's transport authority, with its dirt. The data may be read and not passed on, so that
//! the test runs only where the folder is that `THROUGHLINE_DATA` names, and prints that it skips elsewhere.

use std::collections::BTreeMap;
use std::path::PathBuf;

use throughline_workbook::{Meaning, Workbook, read, understand};

fn folder() -> Option<PathBuf> {
    let data = std::env::var_os("THROUGHLINE_DATA").map(PathBuf::from);
    let beside = || {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|above| above.join("shared/data"))
            .find(|folder| folder.is_dir())
    };
    let folder = data.or_else(beside)?.join("1_mta_scorecard");
    folder.is_dir().then_some(folder)
}

#[test]
#[expect(clippy::print_stderr, reason = "says that it skips")]
fn two_tables_and_their_dirt() {
    let Some(folder) = folder() else {
        eprintln!("skipped: there is no folder of data; name one in THROUGHLINE_DATA");
        return;
    };
    let books = ["mta_indicators.csv", "mta_values.csv"].map(|name| {
        let bytes = std::fs::read(folder.join(name)).expect("the data");
        read(name, &bytes).expect("a table")
    });
    let understood = understand(&Workbook::joined(books), None);
    let better: BTreeMap<&str, Option<&str>> = understood
        .mapping
        .measures
        .iter()
        .map(|measure| (measure.key.as_str(), measure.better.as_deref()))
        .collect();
    let targets: BTreeMap<(&str, &str), f64> = understood
        .draft
        .targets
        .iter()
        .map(|one| ((one.measure.as_str(), one.period.as_str()), one.value))
        .collect();
    let (mut scorable, mut met) = (0, 0);
    for one in &understood.draft.observations {
        let target = targets
            .get(&(one.measure.as_str(), one.period.as_str()))
            .copied()
            .filter(|target| *target > 0.0);
        let (Some(target), Some(better)) = (target, better[one.measure.as_str()]) else {
            continue;
        };
        scorable += 1;
        met += usize::from(if better == "higher" {
            one.value >= target
        } else {
            one.value <= target
        });
    }
    let share = met as f64 / f64::from(scorable) * 100.0;
    assert_eq!((scorable, format!("{share:.1}").as_str()), (3764, "41.9"));
    let left_out = |start: &str| {
        let cells = understood.cells.iter().filter(
            |cell| matches!(&cell.meaning, Meaning::LeftOut { because, .. } if because.contains(start)),
        );
        cells.map(|cell| cell.found.clone()).collect::<Vec<_>>()
    };
    // The entry for a test, and two Decembers that have the whole of a year, or more, in place of a month.
    assert_eq!(
        left_out("looks like a test entry"),
        ["2,423,054.00", "55,555.00", "52,824,798.00"]
    );
    assert!(
        understood
            .remarks
            .iter()
            .any(|remark| remark.starts_with("8 measures above are named and not in the file")),
        "{:?}",
        understood.remarks
    );
    let empty = "1673 places for a value are empty, the first at ";
    let is_empty = |remark: &String| remark.starts_with(empty);
    assert!(
        understood.remarks.iter().any(is_empty),
        "{:?}",
        understood.remarks
    );
    assert!(left_out("year to date").len() > 6000);
}
