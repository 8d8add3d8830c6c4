//! Broken plans and broken observations: what each is answered is held as a snapshot, and must let its writer mend it.
//!
//! To add one: a folder in `broken/plans`, or a file in `broken/observations`.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod folders;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use throughline_core::id::SequentialIds;
use throughline_model::Model;
use throughline_model::text::{Diagnostics, PlanFile, observations, read};

/// What stands in one of the folders, by name.
fn cases(folder: &str) -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/broken")
        .join(folder);
    let entries = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            (
                path.file_stem().unwrap().to_str().unwrap().to_string(),
                path,
            )
        })
        .collect()
}

/// Each message with the line and the marks below it.
fn shown(diagnostics: &Diagnostics) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(40) {
        let source: String = diagnostic.source.chars().take(160).collect();
        let marks = "^".repeat(diagnostic.length.min(160));
        let margin = " ".repeat(diagnostic.column.saturating_sub(1));
        text.push_str(&format!(
            "{diagnostic}\n    {source}\n    {margin}{marks}\n"
        ));
    }
    let more = diagnostics.iter().count().saturating_sub(40) + diagnostics.left_out();
    match more {
        0 => text,
        more => format!("{text}and {more} more\n"),
    }
}

/// Compares all answers with one snapshot each, and names all that differ.
fn check(kind: &str, answers: BTreeMap<String, String>) {
    insta::with_settings!({ snapshot_path => format!("broken/answers/{kind}"), prepend_module_to_snapshot => false, omit_expression => true }, {
        for (name, answer) in answers {
            insta::assert_snapshot!(name, answer);
        }
    });
}

#[test]
fn broken_plans_are_answered() {
    let answer = |path: &PathBuf| {
        let none = Model::default();
        let reading = read(
            &folders::folder(path),
            &none,
            &none,
            &mut SequentialIds::new(),
        );
        assert!(reading.plan.is_none(), "{} is not broken", path.display());
        shown(&reading.diagnostics)
    };
    check(
        "plans",
        cases("plans")
            .iter()
            .map(|(name, path)| (name.clone(), answer(path)))
            .collect(),
    );
}

#[test]
fn broken_observations_are_answered() {
    let mut files = folders::example("ny-flights");
    let more =
        "measures:\n  - { key: certified, name: Certified, kind: yes-no, frequency: month }\n";
    files.push(PlanFile {
        path: "measures/more.yaml".to_string(),
        bytes: more.into(),
    });
    let model = folders::model(&files);
    let answer = |name: &str, path: &PathBuf| {
        let text = observations::read(
            &std::fs::read(path).unwrap(),
            &format!("{name}.csv"),
            &model,
            None,
        );
        assert!(!text.diagnostics.is_empty(), "{name} is not broken");
        let lines: Vec<String> = text.rows.iter().map(|row| row.line.to_string()).collect();
        format!(
            "{}rejected: {}, kept: {}\n",
            shown(&text.diagnostics),
            text.rejected,
            lines.join(" ")
        )
    };
    let answers = cases("observations")
        .iter()
        .map(|(name, path)| (name.clone(), answer(name, path)))
        .collect();
    check("observations", answers);
}
