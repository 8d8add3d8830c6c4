//! Plan folders of the repository, as the tests of the text read them.

use std::path::Path;

use throughline_core::id::SequentialIds;
use throughline_model::text::{PlanFile, read};
use throughline_model::{Change, Model};

/// The files of an example.
pub fn example(name: &str) -> Vec<PlanFile> {
    folder(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../examples")
            .join(name),
    )
}

/// The files of a folder and of the folders in it.
pub fn folder(root: &Path) -> Vec<PlanFile> {
    let mut files = Vec::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let parts = path.strip_prefix(root).expect("below the root").iter();
            files.push(PlanFile {
                path: parts
                    .map(|part| part.to_str().expect("a name in UTF-8"))
                    .collect::<Vec<_>>()
                    .join("/"),
                bytes: std::fs::read(&path).expect("a file"),
            });
        }
    }
    files
}

/// The plan of a folder without errors.
pub fn model(files: &[PlanFile]) -> Model {
    let reading = read(
        files,
        &Model::default(),
        &Model::default(),
        &mut SequentialIds::new(),
    );
    assert_eq!(reading.diagnostics.to_string(), "");
    Model::of(
        reading
            .plan
            .expect("a plan")
            .records
            .into_iter()
            .map(Change::Put),
    )
}
