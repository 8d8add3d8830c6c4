//! Lints of balance: that no view of the strategy crowds out the others.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::id::{MeasureId, PerspectiveId};

use super::survey::Survey;
use super::{Hit, Lint};

/// With fewer perspectives, one of them has half of the measures as a matter of course.
const PERSPECTIVES_MIN: usize = 3;

pub(super) const PERSPECTIVE_WITHOUT_OBJECTIVE: Lint = Lint {
    code: "perspective-without-objective",
    title: "Perspective without an objective",
    reason: "A perspective is a promise to look at the strategy from that side. Without an objective nothing is seen there.",
    find: |survey| {
        let used: BTreeSet<PerspectiveId> = objectives_by_perspective(survey).collect();
        let perspectives = survey.model.perspectives().iter();
        perspectives
            .filter(|perspective| !used.contains(&perspective.id()))
            .map(|perspective| {
                let help = "give it an objective, or take it out";
                Hit::at(
                    perspective,
                    "no objective belongs to this perspective",
                    help,
                )
            })
            .collect()
    },
};

pub(super) const PERSPECTIVES_OUT_OF_BALANCE: Lint = Lint {
    code: "perspectives-out-of-balance",
    title: "Perspectives out of balance",
    reason: "People attend to what is measured. Where one perspective has more than half of the measures, or another none, \
             the scorecard says balance and practises something else.",
    find: |survey| {
        let measures = measures_by_perspective(survey);
        let used: BTreeSet<PerspectiveId> = objectives_by_perspective(survey).collect();
        let total: usize = measures.values().map(BTreeSet::len).sum();
        let perspectives = survey.model.perspectives();
        let mut hits = Vec::new();
        for perspective in perspectives
            .iter()
            .filter(|perspective| used.contains(&perspective.id()))
        {
            let count = measures.get(&perspective.id()).map_or(0, BTreeSet::len);
            if perspectives.len() >= PERSPECTIVES_MIN && count * 2 > total && count > 1 {
                let message = format!(
                    "{count} of the {total} measures of all objectives belong to this perspective, more than half"
                );
                hits.push(Hit::at(
                    perspective,
                    message,
                    "measure less here, or more elsewhere",
                ));
            }
            if count == 0 && total > 0 {
                let message = "the objectives of this perspective have no measures";
                hits.push(Hit::at(perspective, message, "give one of them a measure"));
            }
        }
        hits
    },
};

pub(super) const NOTHING_NON_FINANCIAL: Lint = Lint {
    code: "nothing-non-financial",
    title: "Nothing but financial measures",
    reason: "Money shows what past work was worth. What customers experience, what the organisation is good at and what its \
             people can do shows what the future will be worth.",
    find: |survey| {
        let measures = survey.model.measures();
        let is_all_financial =
            !measures.is_empty() && measures.iter().all(|measure| measure.financial);
        let hit = || {
            let help = "measure what customers, processes and people bring about, too";
            Hit::of_plan("all measures of the plan are financial", help)
        };
        is_all_financial.then(hit).into_iter().collect()
    },
};

/// The perspective of each objective that has one.
fn objectives_by_perspective(survey: &Survey<'_>) -> impl Iterator<Item = PerspectiveId> {
    let objectives = survey.model.objectives().iter();
    objectives.filter_map(|objective| objective.perspective)
}

/// The measures of the objectives of each perspective.
fn measures_by_perspective(survey: &Survey<'_>) -> BTreeMap<PerspectiveId, BTreeSet<MeasureId>> {
    let mut found: BTreeMap<PerspectiveId, BTreeSet<MeasureId>> = BTreeMap::new();
    for objective in survey.model.objectives() {
        if let Some(perspective) = objective.perspective {
            let measures = objective.measures.iter().map(|used| used.measure);
            found.entry(perspective).or_default().extend(measures);
        }
    }
    found
}
