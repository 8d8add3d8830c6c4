//! The example plans: they read without a word.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use std::path::Path;

use throughline_core::id::SequentialIds;
use throughline_model::text::{PlanFile, Reading, read};
use throughline_model::{Change, Model, check};

/// The files of an example.
fn example(name: &str) -> Vec<PlanFile> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        PlanFile {
            path: entry.file_name().into_string().unwrap(),
            bytes: std::fs::read(entry.path()).unwrap(),
        }
    });
    files.collect()
}

#[test]
fn the_examples_read_without_a_word() {
    for (name, records) in [("ny-flights", 146), ("nhs-ae", 314)] {
        let Reading { plan, diagnostics } = read(
            &example(name),
            &Model::default(),
            &Model::default(),
            &mut SequentialIds::new(),
        );
        assert_eq!(diagnostics.to_string(), "", "{name}");
        assert_eq!(plan.unwrap().records.len(), records, "{name}");
    }
}

/// The plan of an example.
fn model(name: &str) -> Model {
    let none = Model::default();
    let reading = read(&example(name), &none, &none, &mut SequentialIds::new());
    Model::of(reading.plan.unwrap().records.into_iter().map(Change::Put))
}

#[test]
fn the_examples_have_no_errors() {
    for name in ["ny-flights", "nhs-ae"] {
        assert_eq!(check(&model(name)), [], "{name}");
    }
}
