//! Generated files: written by `cargo xtask generate`, committed, and compared in CI.
//!
//! A generated file that is committed can be read and reviewed; the comparison keeps it true.

use std::fs;
use std::path::Path;

/// A file that is made from the code.
pub struct Generated {
    /// From the root of the workspace.
    pub path: &'static str,
    /// Makes the whole content, the same on every machine and every day.
    pub make: fn() -> Result<String, String>,
}

/// All generated files. To add one: a line here, `Generated { path: "schema/...", make: ... }`.
const GENERATED: &[Generated] = &[
    Generated {
        path: "docs/LINTS.md",
        make: || Ok(throughline_model::lint::document()),
    },
    Generated {
        path: "schema/organisation.schema.json",
        make: || plan_schema("organisation"),
    },
    Generated {
        path: "schema/strategy.schema.json",
        make: || plan_schema("strategy"),
    },
    Generated {
        path: "schema/map.schema.json",
        make: || plan_schema("map"),
    },
    Generated {
        path: "schema/governance.schema.json",
        make: || plan_schema("governance"),
    },
    Generated {
        path: "schema/measures.schema.json",
        make: || plan_schema("measures"),
    },
];

/// The JSON Schema of one plan file, for editors.
fn plan_schema(name: &str) -> Result<String, String> {
    let schemas = throughline_model::text::schema::json_schemas();
    let schema = schemas.iter().find(|schema| schema.name == name);
    schema
        .map(|schema| schema.text())
        .ok_or_else(|| format!("the plan has no file {name}.yaml"))
}

/// Whether files are written or only compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Write,
    Check,
}

/// Writes or compares all generated files.
pub fn run(root: &Path, mode: Mode) -> Result<(), String> {
    let changed = bring_up_to_date(root, GENERATED, mode)?;
    let total = GENERATED.len();
    match mode {
        Mode::Write => println!("generate: {} of {total} files written", changed.len()),
        Mode::Check if changed.is_empty() => println!("generate: {total} files are up to date"),
        Mode::Check => {
            return Err(format!(
                "generated files differ: {}\n  mend: run `cargo xtask generate` and commit",
                changed.join(", ")
            ));
        }
    }
    Ok(())
}

/// The paths of the files that differ from what is made now; in `Mode::Write` they are replaced.
fn bring_up_to_date(
    root: &Path,
    all: &[Generated],
    mode: Mode,
) -> Result<Vec<&'static str>, String> {
    let mut changed = Vec::new();
    for Generated { path, make } in all {
        let fresh = make().map_err(|error| format!("{path} cannot be generated: {error}"))?;
        let file = root.join(path);
        // A file that is missing or no text differs, too.
        if fs::read_to_string(&file).is_ok_and(|committed| committed == fresh) {
            continue;
        }
        changed.push(*path);
        if mode == Mode::Write {
            let written = file
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::write(&file, fresh));
            written.map_err(|error| format!("{path} cannot be written: {error}"))?;
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::{Generated, Mode, bring_up_to_date};

    #[test]
    fn files_are_written_and_then_hold_until_they_differ() {
        let root =
            std::env::temp_dir().join(format!("throughline-xtask-generate-{}", std::process::id()));
        let all = [Generated {
            path: "schema/a.json",
            make: || Ok("{}\n".to_string()),
        }];
        let check = |mode: Mode, expected: &[&str]| {
            assert_eq!(bring_up_to_date(&root, &all, mode).unwrap(), expected);
        };
        check(Mode::Check, &["schema/a.json"]);
        check(Mode::Write, &["schema/a.json"]);
        check(Mode::Check, &[]);
        std::fs::write(root.join("schema/a.json"), "{ }\n").unwrap();
        check(Mode::Check, &["schema/a.json"]);
        check(Mode::Write, &["schema/a.json"]);
        check(Mode::Write, &[]);
        std::fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_generator_that_fails_is_named() {
        let all = [Generated {
            path: "schema/a.json",
            make: || Err("no model".to_string()),
        }];
        let error = bring_up_to_date(&std::env::temp_dir(), &all, Mode::Check).unwrap_err();
        assert_eq!(error, "schema/a.json cannot be generated: no model");
    }
}
