//! The plan as a folder: what [`read`](super::read) reads back to the same records.

use super::base::Base;
use super::folder::{MEASURES_FOLDER, TARGETS_FILE};
use super::left_out::{self, LeftOut};
use super::source::FILE_SIZE_LIMIT;
use super::targets::{POINT_COLUMNS, TARGET_COLUMNS};
use super::{PlanFile, emit};
use crate::kind::Kind;
use crate::model::Model;
use crate::records::Target;
use crate::tree::Tree;
use crate::value::Value;

/// Writes the plan as it is at commit `base`. Sections without records are left out; targets stand in `targets.csv`,
/// or among the measures if one of them says what the table cannot hold.
pub fn export(model: &Model, base: &Base) -> Vec<PlanFile> {
    export_without(model, base, &LeftOut::default())
}

/// Writes a plan from which fields were taken, and says so in it: applied again, it leaves them as they are.
pub fn export_without(model: &Model, base: &Base, left_out: &LeftOut) -> Vec<PlanFile> {
    let table = targets_table(model).filter(|table| table.len() <= FILE_SIZE_LIMIT);
    let mut files = Vec::new();
    for path in [
        "organisation.yaml",
        "strategy.yaml",
        "map.yaml",
        "governance.yaml",
    ] {
        let mut text = match path {
            "organisation.yaml" => format!("base: {base}\n{}", left_out::line(left_out)),
            _ => String::new(),
        };
        for kind in Kind::written().filter(|kind| kind.file() == path) {
            text.push_str(&section(model, kind));
        }
        if !text.is_empty() {
            files.push(file(path.to_string(), text));
        }
    }
    let mut kinds = vec![Kind::Measure];
    if table.is_none() {
        kinds.push(Kind::Target);
    }
    files.extend(measure_files(model, &kinds));
    files.extend(table.map(|text| file(TARGETS_FILE.to_string(), text)));
    files
}

/// One record, written as a tree, as a folder of its own that was exported at `base`.
pub fn one_record(kind: Kind, record: &Tree, base: &Base) -> Vec<PlanFile> {
    let head = format!("base: {base}\n");
    let section = section_text(kind, std::slice::from_ref(record));
    let organisation = Kind::Organisation.file();
    match kind.file() == organisation {
        true => vec![file(organisation.to_string(), head + &section)],
        false => vec![
            file(organisation.to_string(), head),
            file(kind.file().to_string(), section),
        ],
    }
}

fn file(path: String, text: String) -> PlanFile {
    PlanFile {
        path,
        bytes: text.into_bytes(),
    }
}

/// The records of a kind with the heading of their section; nothing if there are none.
fn section(model: &Model, kind: Kind) -> String {
    let records: Vec<Tree> = model
        .records(kind)
        .iter()
        .map(|record| record.write(model))
        .collect();
    section_text(kind, &records)
}

/// Records of a kind, written as trees, with the heading of their section; nothing if there are none.
pub fn section_text(kind: Kind, records: &[Tree]) -> String {
    if kind.is_single() {
        let record = records.first();
        return record.map_or_else(String::new, |record| emit::single(kind.section(), record));
    }
    let elements: String = records.iter().map(emit::element).collect();
    match elements.is_empty() {
        true => elements,
        false => format!("{}:\n{elements}", kind.section()),
    }
}

/// The measures, and the targets where they stand beside them: one file, or several of a folder if there are too many.
fn measure_files(model: &Model, kinds: &[Kind]) -> Vec<PlanFile> {
    let mut texts: Vec<String> = vec![String::new()];
    for kind in kinds {
        let mut has_heading = false;
        for record in model.records(*kind) {
            let element = emit::element(&record.write(model));
            let heading = format!("{}:\n", kind.section());
            let length = texts.last().map_or(0, String::len);
            if length > 0 && length + heading.len() + element.len() > FILE_SIZE_LIMIT {
                texts.push(String::new());
                has_heading = false;
            }
            if let Some(text) = texts.last_mut() {
                if !has_heading {
                    text.push_str(&heading);
                    has_heading = true;
                }
                text.push_str(&element);
            }
        }
    }
    texts.retain(|text| !text.is_empty());
    let is_one = texts.len() == 1;
    let numbered = texts.into_iter().enumerate().map(|(index, text)| {
        let path = match is_one {
            true => "measures.yaml".to_string(),
            false => format!("{MEASURES_FOLDER}measures-{:04}.yaml", index + 1),
        };
        file(path, text)
    });
    numbered.collect()
}

/// `targets.csv`; `None` if there are no targets, or one says more than the table can hold.
fn targets_table(model: &Model) -> Option<String> {
    let targets = model.targets();
    if targets.is_empty() || targets.iter().any(|target| !target.silences.is_empty()) {
        return None;
    }
    let rows: Vec<Vec<String>> = targets
        .iter()
        .flat_map(|target| target_rows(target, model))
        .collect();
    let used = |column: usize| {
        column < POINT_COLUMNS.len() || rows.iter().any(|row| !row[column].is_empty())
    };
    let columns: Vec<&str> = POINT_COLUMNS.into_iter().chain(TARGET_COLUMNS).collect();
    let header = columns.iter().map(ToString::to_string).collect();
    let mut text = String::new();
    for row in std::iter::once(&header).chain(&rows) {
        let cells = row.iter().enumerate().filter(|(column, _)| used(*column));
        let cells: Vec<String> = cells.map(|(_, cell)| csv_cell(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    Some(text)
}

/// The rows of a target: one for each point, or one without a point. The first says what belongs to the whole.
fn target_rows(target: &Target, model: &Model) -> Vec<Vec<String>> {
    let tree = target.write(model);
    let whole = |column: &str| match column.split_once('_') {
        Some(("baseline", field)) => tree
            .get("baseline")
            .and_then(|baseline| baseline.get(field)),
        _ => tree.get(column),
    };
    let points = tree.get("points").map(Tree::elements).unwrap_or_default();
    let count = points.len().max(1);
    (0..count)
        .map(|index| {
            let point = |field: &str| points.get(index).and_then(|point| point.get(field));
            let columns = POINT_COLUMNS.into_iter().chain(TARGET_COLUMNS);
            columns
                .map(|column| match column {
                    "measure" | "unit" => cell(tree.get(column)),
                    "period" | "value" => cell(point(column)),
                    _ if index == 0 => cell(whole(column)),
                    _ => String::new(),
                })
                .collect()
        })
        .collect()
}

/// A value as a cell: a range with two dots.
fn cell(value: Option<&Tree>) -> String {
    match value {
        Some(Tree::List(edges)) => edges
            .iter()
            .filter_map(Tree::scalar)
            .collect::<Vec<_>>()
            .join(".."),
        Some(other) => other.scalar().unwrap_or_default().to_string(),
        None => String::new(),
    }
}

/// A cell in quotes where it needs them. Cells of targets are keys, words, periods and numbers, and hold no line break.
fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}
