//! The worked cases of `golden/worked-cases` through the binary: apply, load, scorecard.
//!
//! Numbers are compared to 1e-9 relative, words exactly; `null` as known-at stands for now.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use crate::bench::{Bench, workspace};
use serde_json::Value as Json;
use throughline_testkit::postgres::Database;

/// The relative difference that is allowed.
const TOLERANCE: f64 = 1e-9;

#[test]
fn every_worked_case_reads_as_expected() {
    let names = names();
    assert!(names.len() >= 34, "{names:?}");
    let mut differences = Vec::new();
    for name in names {
        let bench = Bench::new(&format!("worked-case-{name}"));
        compare_case(&name, &bench, &mut differences);
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// How many of the cases lie between two that are tried on a database: what differs between engines does so everywhere.
const CASES_PER_DATABASE_CASE: usize = 6;

#[test]
fn worked_cases_read_as_expected_from_a_database() {
    let mut differences = Vec::new();
    for name in names().into_iter().step_by(CASES_PER_DATABASE_CASE) {
        let Some(database) = Database::new() else {
            return;
        };
        let bench = Bench::new(&format!("worked-case-on-postgres-{name}"));
        compare_case(
            &name,
            &bench.with_database(database.url()),
            &mut differences,
        );
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// The names of the cases.
fn names() -> Vec<String> {
    let cases = workspace().join("golden/worked-cases");
    let mut names: Vec<String> = std::fs::read_dir(&cases)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| cases.join(name).is_dir())
        .collect();
    names.sort();
    names
}

/// Applies and loads a case, and compares each of its readings with what is expected.
fn compare_case(name: &str, bench: &Bench, differences: &mut Vec<String>) {
    let case = workspace().join("golden/worked-cases").join(name);
    // A copy, since `apply` writes into the folder what it was applied as.
    bench.copy(case.join("plan").to_str().unwrap(), "plan");
    bench.ok(&["apply", "plan"]);
    bench.ok(&["load", case.join("observations.csv").to_str().unwrap()]);
    let expected: Json =
        serde_json::from_str(&std::fs::read_to_string(case.join("expected.json")).unwrap())
            .unwrap();
    for reading in expected["readings"].as_array().unwrap() {
        let (unit, period) = (text(&reading["unit"]), text(&reading["period"]));
        let mut arguments = vec![
            "scorecard",
            "--unit",
            unit,
            "--period",
            period,
            "--format",
            "json",
        ];
        if let Some(known_at) = reading["known_at"].as_str() {
            arguments.extend(["--known-at", known_at]);
        }
        let card: Json = serde_json::from_str(&bench.ok(&arguments)).unwrap();
        let place = format!("case {name}, {unit} {period}");
        for list in ["nodes", "measures"] {
            compare_by_key(
                &reading[list],
                &card[list],
                &format!("{place}, {list}"),
                differences,
            );
        }
    }
}

fn text(json: &Json) -> &str {
    json.as_str().expect("a text")
}

fn number(json: &serde_json::Number) -> f64 {
    json.as_f64().expect("a number")
}

/// Compares what is expected, element by element, with what has the same kind and key.
fn compare_by_key(expected: &Json, found: &Json, place: &str, differences: &mut Vec<String>) {
    for element in expected.as_array().expect("a list") {
        let same =
            |other: &&Json| other["key"] == element["key"] && other["kind"] == element["kind"];
        let place = format!("{place} {}", element["key"]);
        match found.as_array().expect("a list").iter().find(same) {
            Some(other) => {
                let mut other = other.clone();
                // A sentence about the numbers is none of them, and no case says it.
                if let Some(fields) = other.as_object_mut() {
                    fields.remove("second_look");
                }
                compare(element, &other, &place, differences);
            }
            None => differences.push(format!("{place} is not there")),
        }
    }
}

fn compare(expected: &Json, found: &Json, place: &str, differences: &mut Vec<String>) {
    let agrees = match (expected, found) {
        (Json::Object(expected), Json::Object(found)) => {
            let keys: Vec<&String> = expected.keys().collect();
            for key in &keys {
                let nothing = Json::String("nothing".to_owned());
                let found = found.get(*key).unwrap_or(&nothing);
                compare(
                    &expected[*key],
                    found,
                    &format!("{place}.{key}"),
                    differences,
                );
            }
            keys.len() == found.len()
        }
        (Json::Array(expected), Json::Array(found)) => {
            for (expected, found) in expected.iter().zip(found) {
                compare(expected, found, place, differences);
            }
            expected.len() == found.len()
        }
        (Json::Number(expected), Json::Number(found)) => {
            let (expected, found) = (number(expected), number(found));
            (expected - found).abs() <= TOLERANCE * expected.abs().max(1.0)
        }
        (expected, found) => expected == found,
    };
    if !agrees {
        differences.push(format!(
            "{place}: {expected} was expected, and {found} found"
        ));
    }
}
