//! Nothing stands deeper in others than is read: units, formulas, supporting objectives.

use std::collections::HashSet;

use throughline_core::finding::Finding;

use crate::depth::{FORMULA_DEPTH_MAX, SUPPORT_DEPTH_MAX, UNIT_DEPTH_MAX};
use crate::model::Model;
use crate::record::{Entry, Record};

/// Of a chain that is too long the record is named with which it becomes so.
pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    let index = model.index();
    let mut known = HashSet::new();
    for (_, tree) in index.eras() {
        for unit in model.units() {
            if tree.depth(unit.id()) == UNIT_DEPTH_MAX + 1 && known.insert(unit.id()) {
                let field = if unit.parents.is_empty() {
                    "parent"
                } else {
                    "parents"
                };
                findings.push(too_deep(
                    model,
                    unit,
                    field,
                    &format!("this unit stands below more than {UNIT_DEPTH_MAX} others"),
                    "put it further up",
                ));
            }
        }
    }
    for measure in model.measures() {
        if index.formula_depth(measure.id()) == FORMULA_DEPTH_MAX + 1 {
            findings.push(too_deep(
                model,
                measure,
                "formula",
                &format!("this formula needs more than {FORMULA_DEPTH_MAX} formulas one after the other, itself included"),
                "name the measures themselves in place of formulas of formulas",
            ));
        }
    }
    for objective in model.objectives() {
        if index.support_depth(objective.id()) == SUPPORT_DEPTH_MAX + 1 {
            findings.push(too_deep(
                model,
                objective,
                "supports",
                &format!("this objective is supported by more than {SUPPORT_DEPTH_MAX} others one after the other"),
                "let some of them support it directly",
            ));
        }
    }
}

fn too_deep<R: Record>(
    model: &Model,
    record: &Entry<R>,
    field: &'static str,
    message: &str,
    help: &str,
) -> Finding {
    Finding::error("too-deep", message)
        .with_help(help)
        .at(super::place(model, record).field(field))
}
