//! The references of `golden/insight`, for tests.

use std::path::PathBuf;

use serde_json::Value;

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../golden/insight")
        .join(file)
}

/// A file of references.
pub(crate) fn reference(file: &str) -> Value {
    let text = std::fs::read_to_string(path(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A column of a table; `None` where its cell is empty.
pub(crate) fn column(file: &str, name: &str) -> Vec<Option<f64>> {
    let text = std::fs::read_to_string(path(file)).unwrap();
    let mut lines = text.lines();
    let at = lines
        .next()
        .unwrap()
        .split(',')
        .position(|column| column == name)
        .unwrap();
    lines
        .map(|line| {
            let cell = line.split(',').nth(at).unwrap();
            (!cell.is_empty()).then(|| cell.parse().unwrap())
        })
        .collect()
}

/// A column without gaps.
pub(crate) fn full_column(file: &str, name: &str) -> Vec<f64> {
    column(file, name).into_iter().map(Option::unwrap).collect()
}

/// The numbers of a list.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The whole numbers of a list.
pub(crate) fn places(value: &Value) -> Vec<usize> {
    let list = value.as_array().unwrap();
    list.iter()
        .map(|number| usize::try_from(number.as_u64().unwrap()).unwrap())
        .collect()
}

/// Asserts that two numbers differ by no more than `tolerance`.
pub(crate) fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found} is not {expected} within {tolerance}"
    );
}
