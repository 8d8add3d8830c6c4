//! Nothing stands deeper in others than is read: units, formulas, supporting objectives.

use std::collections::HashSet;

use throughline_core::finding::Finding;

use crate::depth::{
    ENDLESS, FORMULA_DEPTH_MAX, FORMULA_REACH_MAX, SUPPORT_DEPTH_MAX, UNIT_DEPTH_MAX,
};
use crate::formula::Formula;
use crate::model::Model;
use crate::record::{Entry, Record};
use crate::records::Measure;

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
    for measure in model.measures() {
        if becomes_far_reaching(model, measure) {
            findings.push(too_deep(
                model,
                measure,
                "formula",
                &format!(
                    "this formula looks back over {} periods, more than {FORMULA_REACH_MAX}: those of each `prev` and `rolling` that it needs, added up",
                    index.formula_reach(measure.id())
                ),
                "look back over fewer periods, or name the measures themselves in place of formulas of formulas",
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

/// Whether a formula looks back too far, and none that it names does. One in a circle has no end, and is said as that.
fn becomes_far_reaching(model: &Model, measure: &Entry<Measure>) -> bool {
    let reach_of = |measure| model.index().formula_reach(measure);
    let reach = reach_of(measure.id());
    let mut named = measure.formula.iter().flat_map(Formula::measures);
    reach > FORMULA_REACH_MAX
        && reach != ENDLESS
        && named.all(|measure| reach_of(measure) <= FORMULA_REACH_MAX)
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
