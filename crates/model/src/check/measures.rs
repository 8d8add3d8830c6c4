//! What a measure says about itself fits together.

use throughline_core::finding::Finding;

use super::place;
use crate::formula::Expression;
use crate::model::Model;
use crate::record::Entry;
use crate::records::{Measure, MeasureKind};

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    for measure in model.measures() {
        formula(model, measure, findings);
        targets_in_formula(model, measure, findings);
        least_weight(model, measure, findings);
    }
}

/// There is a formula exactly where values are computed, and then nothing is observed.
fn formula(model: &Model, measure: &Entry<Measure>, findings: &mut Vec<Finding>) {
    let is_formula = measure.kind == MeasureKind::Formula;
    let place = || place(model, measure);
    if is_formula && measure.formula.is_none() {
        let finding = Finding::error("no-formula", "a measure of the kind formula needs one")
            .at(place().field("kind"))
            .with_help("write `formula:`, such as formula: \"profit / revenue\"");
        findings.push(finding);
    }
    if !is_formula && measure.formula.is_some() {
        let message = format!("a measure of the kind {} takes no formula", measure.kind);
        let finding = Finding::error("formula-of-observed-measure", message)
            .at(place().field("formula"))
            .with_help("write `kind: formula`, or take the formula out");
        findings.push(finding);
    }
    if !is_formula {
        return;
    }
    let without_effect = [
        ("source", measure.source.is_some()),
        ("reported_by", !measure.reported_by.is_empty()),
    ];
    for (field, is_there) in without_effect {
        if is_there {
            let message = format!(
                "`{field}` has no effect here: a formula takes no observations, its measures do"
            );
            findings.push(Finding::warning("no-effect", message).at(place().field(field)));
        }
    }
}

/// A formula that reads a target or a score reads those of a measure that has targets.
fn targets_in_formula(model: &Model, measure: &Entry<Measure>, findings: &mut Vec<Finding>) {
    let nodes = measure
        .formula
        .iter()
        .flat_map(|formula| formula.expression().nodes());
    for node in nodes {
        let (Expression::Target(of) | Expression::Score(of)) = node else {
            continue;
        };
        // A measure that is not there is a broken reference, and said as one.
        let Some(read) = model.measures().get(of.measure) else {
            continue;
        };
        if !model.index().has_targets(of.measure) {
            let message = format!(
                "the formula reads the target or score of `{}`, which has no target, and is always missing",
                read.key
            );
            let finding = Finding::warning("no-effect", message);
            findings.push(finding.at(place(model, measure).field("formula")));
        }
    }
}

fn least_weight(model: &Model, measure: &Entry<Measure>, findings: &mut Vec<Finding>) {
    let Some(weight) = measure.least_weight else {
        return;
    };
    let place = || place(model, measure).field("least_weight");
    if !measure.kind.is_weighted() {
        let message = format!(
            "a measure of the kind {} has no weights; only ratio and mean have",
            measure.kind
        );
        findings.push(Finding::error("bad-least-weight", message).at(place()));
    } else if weight < 0.0 {
        let finding = Finding::error("bad-least-weight", "a weight cannot be less than 0")
            .at(place())
            .with_help("write 0 if no reading is to be too few");
        findings.push(finding);
    }
}
