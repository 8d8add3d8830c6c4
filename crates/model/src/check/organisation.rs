//! The organisation, its units, and everything with a first and a last day.

use jiff::civil::Date;
use throughline_core::finding::{Finding, Place};

use super::place;
use crate::model::Model;
use crate::record::Entry;
use crate::records::{Organisation, Unit};

/// Scores lie between 0 and this.
const SCORE_MAX: f64 = 100.0;

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    match model.organisation() {
        Some(organisation) => borders(model, organisation, findings),
        None => findings.push(
            Finding::error("no-organisation", "the plan has no organisation").with_help(
                "write `organisation:` with key, name and time_zone in organisation.yaml",
            ),
        ),
    }
    for unit in model.units() {
        parents(model, unit, findings);
    }
    spans(model, findings);
}

/// The scores from which a node is at risk and on track.
fn borders(model: &Model, organisation: &Entry<Organisation>, findings: &mut Vec<Finding>) {
    let place = place(model, organisation);
    let (at_risk, on_track) = (organisation.at_risk_from(), organisation.on_track_from());
    for (field, score) in [("at_risk_from", at_risk), ("on_track_from", on_track)] {
        if !(0.0..=SCORE_MAX).contains(&score) {
            let message = format!("{score} is not a score: scores lie between 0 and {SCORE_MAX}");
            findings.push(Finding::error("bad-border", message).at(place.clone().field(field)));
        }
    }
    if at_risk >= on_track {
        let message =
            format!("on track would begin at {on_track}, and at risk not below it, at {at_risk}");
        let finding = Finding::error("bad-border", message)
            .at(place.field("at_risk_from"))
            .with_help("write an `at_risk_from` that is less than `on_track_from`");
        findings.push(finding);
    }
}

/// One parent, or dated ones in the order of their dates.
fn parents(model: &Model, unit: &Entry<Unit>, findings: &mut Vec<Finding>) {
    let place = place(model, unit);
    if unit.parent.is_some() && !unit.parents.is_empty() {
        let finding = Finding::error(
            "two-kinds-of-parent",
            "`parent` and `parents` both say what is above this unit",
        )
        .at(place.clone().field("parent"))
        .with_help("`parents` can say it alone: its first element without `from`");
        findings.push(finding);
    }
    for (index, pair) in unit.parents.windows(2).enumerate() {
        if pair[0].from >= pair[1].from {
            let message = "the parents do not stand in the order of their dates";
            let finding = Finding::error("parents-out-of-order", message)
                .at(place.clone().field("parents").index(index + 1))
                .with_help("begin with the earliest; only the first can be without `from`");
            findings.push(finding);
        }
    }
}

/// What begins ends no earlier.
fn spans(model: &Model, findings: &mut Vec<Finding>) {
    let mut check = |from: Option<Date>, to: Option<Date>, place: &dyn Fn() -> Place| {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            let message = format!("the last day, {to}, is before the first, {from}");
            let finding = Finding::error("ends-before-it-begins", message)
                .with_help("write a later `to`, or an earlier `from`");
            findings.push(finding.at(place().field("to")));
        }
    };
    for unit in model.units() {
        check(unit.from, unit.to, &|| place(model, unit));
    }
    for initiative in model.initiatives() {
        check(initiative.from, initiative.to, &|| place(model, initiative));
    }
    for measure in model.measures() {
        check(measure.from, measure.to, &|| place(model, measure));
    }
    if let Some(strategy) = model.strategy()
        && strategy.to < strategy.from
    {
        let message = format!(
            "the horizon ends in {}, before it begins in {}",
            strategy.to.0, strategy.from.0
        );
        let finding = Finding::error("ends-before-it-begins", message)
            .with_help("write a later `to`, or an earlier `from`")
            .at(place(model, strategy).field("to"));
        findings.push(finding);
    }
}
