//! Plans for the tests of this room, written as text.

use throughline_core::SequentialIds;
use throughline_model::text::{PlanFile, read};
use throughline_model::{Change, Model};

/// An organisation of one unit `top` and one person `p`, and a strategy without objectives.
pub(crate) const LEAST: [(&str, &str); 2] = [
    (
        "organisation.yaml",
        "organisation: { key: o, name: O, time_zone: UTC }\nunits: [{ key: top, name: Top }]\npeople: [{ key: p, name: Pat }]\n",
    ),
    (
        "strategy.yaml",
        "strategy: { key: s, name: S, from: 2013, to: 2017 }\n",
    ),
];

/// The plan of some files, each with its path and its text.
pub(crate) fn model(files: &[(&str, &str)]) -> Model {
    let files = files.iter().map(|(path, text)| PlanFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    let files: Vec<PlanFile> = files.collect();
    let nothing = Model::default();
    let reading = read(&files, &nothing, &nothing, &mut SequentialIds::new());
    let said: Vec<_> = reading.diagnostics.iter().map(|one| &one.finding).collect();
    let plan = reading.plan.unwrap_or_else(|| panic!("{said:#?}"));
    Model::of(plan.records.into_iter().map(Change::Put))
}
