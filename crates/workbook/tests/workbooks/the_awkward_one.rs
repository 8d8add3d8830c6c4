//! The awkward workbook: every one of its 864 cells arrives as it is meant, and all else is left out with a reason.

use std::collections::BTreeMap;
use std::path::PathBuf;

use throughline_core::SequentialIds;
use throughline_model::{Change, Model, check, text};
use throughline_workbook::{Meaning, Standing, Understood, read, understand};

use crate::awkward::{MEASURES, MONTHS, UNITS, make, month_name};

fn understood() -> Understood {
    let book = read("ops-kpis-v7.xlsx", &make()).expect("a workbook");
    understand(&book, None)
}

fn example() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/kpi-workbook/ops-kpis-v7.xlsx")
}

/// `THROUGHLINE_WRITE_EXAMPLES=1` writes it anew.
#[test]
fn the_example_is_what_the_generator_makes() {
    let path = example();
    if std::env::var_os("THROUGHLINE_WRITE_EXAMPLES").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        std::fs::write(&path, make()).expect("the example");
    }
    let kept = std::fs::read(&path).expect("the example");
    let one = read("ops-kpis-v7.xlsx", &kept).expect("the example");
    let other = read("ops-kpis-v7.xlsx", &make()).expect("a workbook");
    assert_eq!(one, other);
}

#[test]
fn all_864_cells_arrive_right() {
    let understood = understood();
    let found: BTreeMap<(String, String, String), f64> = understood
        .draft
        .observations
        .iter()
        .map(|one| {
            (
                (one.measure.clone(), one.unit.clone(), one.period.clone()),
                one.value,
            )
        })
        .collect();
    let mut wrong = Vec::new();
    let mut missing = 0;
    for known in &MEASURES {
        for (unit, name) in UNITS.iter().enumerate() {
            for month in 0..MONTHS {
                let key = (known.key.to_owned(), name.to_lowercase(), month_name(month));
                let (expected, found) = (known.value(unit, month), found.get(&key).copied());
                missing += usize::from(expected.is_none());
                let same = match (expected, found) {
                    (Some(expected), Some(found)) => (expected - found).abs() < 1e-9,
                    (expected, found) => expected == found,
                };
                if !same {
                    wrong.push((key, expected, found));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong: {:?}",
        wrong.len(),
        &wrong[..wrong.len().min(10)]
    );
    assert!(missing > 0);
    assert_eq!(found.len() + missing, 12 * 24 * 3);
}

#[test]
fn measures_have_owners_targets_and_directions() {
    let understood = understood();
    let read: Vec<_> = understood
        .mapping
        .measures
        .iter()
        .filter(|measure| measure.read)
        .collect();
    assert_eq!(read.len(), 12);
    for known in &MEASURES {
        let measure = read
            .iter()
            .find(|measure| measure.key == known.key)
            .expect(known.key);
        assert_eq!(measure.better.as_deref(), known.better, "{}", known.key);
        assert_eq!(measure.frequency, "month");
        let targets = understood
            .draft
            .targets
            .iter()
            .filter(|target| target.measure == known.key)
            .filter(|target| target.unit != understood.mapping.organisation.key);
        let values: Vec<f64> = targets.map(|target| target.value).collect();
        match known.target() {
            Some(target) => {
                assert_eq!(values.len(), 2 + MONTHS, "{}", known.key);
                assert!(
                    values.iter().all(|value| (value - target).abs() < 1e-9),
                    "{}",
                    known.key
                );
            }
            None => assert!(values.is_empty(), "{}", known.key),
        }
    }
    assert_eq!(understood.draft.counts(), (4, 4, 12));
}

#[test]
fn what_is_left_out_says_why() {
    let understood = understood();
    let because = |sheet: &str, cell: &str| {
        let found = understood
            .cells
            .iter()
            .find(|one| one.sheet == sheet && one.cell.to_string() == cell);
        match found.map(|found| &found.meaning) {
            Some(Meaning::LeftOut { because, .. }) => because.clone(),
            other => format!("{other:?}"),
        }
    };
    let reasons = [
        ("North", "A1"),
        ("North", "C8"),
        ("North", "A9"),
        ("North", "A16"),
        ("North", "H16"),
        ("North", "A17"),
        ("West", "A17"),
        ("East", "A15"),
        ("East", "AY5"),
        ("Old", "B2"),
        ("Lists", "A2"),
    ];
    let told: Vec<String> = reasons
        .iter()
        .map(|(sheet, cell)| format!("{sheet}!{cell}: {}", because(sheet, cell)))
        .collect();
    let expected = [
        "North!A1: a title or note above the table",
        "North!C8: \"tbc\" stands for a value that is not there; no zero",
        "North!A9: the heading of a group of rows",
        "North!A16: a total: computed where it means something",
        "North!H16: a total: computed where it means something",
        "North!A17: a note",
        "West!A17: a note",
        "East!A15: a total: computed where it means something",
        "East!AY5: a note",
        "Old!B2: its sheet is not read: it is hidden in the workbook",
        "Lists!A2: its sheet is not read: it has no table",
    ];
    assert_eq!(told, expected);
    assert!(
        understood
            .remarks
            .iter()
            .any(|remark| remark.contains("have a colour")),
        "{:?}",
        understood.remarks
    );
}

#[test]
fn the_draft_is_a_sound_plan() {
    let understood = understood();
    let files = understood.draft.plan_files(&Standing::new());
    let empty = Model::default();
    let reading = text::read(&files, &empty, &empty, &mut SequentialIds::new());
    let said: Vec<String> = reading
        .diagnostics
        .iter()
        .map(|one| format!("{one:?}"))
        .collect();
    let plan = reading.plan.unwrap_or_else(|| panic!("{said:?}"));
    let model = Model::of(plan.records.into_iter().map(Change::Put));
    let errors: Vec<_> = check(&model)
        .into_iter()
        .filter(|finding| finding.severity == throughline_core::Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let text = understood.draft.observations_text();
    let rows = text::observations::read(text.as_bytes(), "observations.csv", &model, None);
    assert_eq!(
        (rows.rows.len(), rows.rejected),
        (
            understood.draft.observations.len() + understood.draft.none.len(),
            0
        )
    );
}

#[test]
fn the_topmost_unit_has_the_targets_that_follow() {
    let understood = understood();
    let top = &understood.mapping.organisation.key;
    let at_top = |measure: &str| {
        let targets = understood.draft.targets.iter();
        let mut targets = targets.filter(|one| one.unit == *top && one.measure == measure);
        targets.next().map(|target| target.value)
    };
    // What all units share, of a sum the sum; none where there is none, and none of a sum that is to be 0.
    assert_eq!(at_top("first-visit-fix-percent"), Some(0.82));
    assert_eq!(at_top("calls-answered"), Some(37_500.0));
    assert_eq!(at_top("leakage-ml-d"), None);
    assert_eq!(at_top("opex-variance-m"), None);
    assert_eq!(understood.draft.targets_that_follow, 10);
}
