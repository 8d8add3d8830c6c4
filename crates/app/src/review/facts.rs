//! The facts of which an agenda is made: readings, signals, open actions, effects that are due, links.

use std::collections::HashMap;
use std::sync::Arc;

use throughline_core::{MeasureId, ReviewId, UnitId};
use throughline_engine::NodeKey;
use throughline_model::records::{Body, Decision, NodeId, Review};
use throughline_model::{Entry, Model};

use super::before;
use crate::agenda::{ActionFact, Facts, MeasureFact};
use crate::insight::Verdict;
use crate::scorecard::ReadScorecard;
use crate::trend::Trend;

/// The measures that a body reviews: its own, else all of the scorecard, as far as they are read there.
pub(super) fn reviewed(body: &Body, read: &ReadScorecard) -> Vec<MeasureId> {
    let all = read
        .scorecard
        .measures
        .iter()
        .map(|reading| reading.measure);
    all.filter(|measure| body.measures.is_empty() || body.measures.contains(measure))
        .collect()
}

/// The facts of a review, by the plan that it reads.
pub(super) fn of(
    model: &Model,
    body: &Entry<Body>,
    review: &Entry<Review>,
    read: &ReadScorecard,
    over_time: &HashMap<MeasureId, Arc<Trend>>,
) -> Facts {
    let measures = reviewed(body, read).into_iter();
    let measures = measures.filter_map(|measure| measure_fact(measure, read, &over_time[&measure]));
    let actions = model.actions().iter();
    let is_of = |of, unit| is_of(model, body, read, of, unit);
    let actions = actions.filter(|action| {
        action.done.is_none_or(|done| done >= review.on)
            // What is agreed in this review is no matter of its agenda.
            && action.review != Some(review.id())
            && is_of(action.review, action.unit)
    });
    let decisions = model.decisions().iter();
    let due = decisions.filter(|one| is_of(one.review, one.unit) && is_due(model, one, review));
    let links = model.links().iter();
    Facts {
        measures: measures.collect(),
        open_actions: actions
            .map(|action| ActionFact {
                action: action.id(),
                due: action.due,
            })
            .collect(),
        effects_due: due.map(|decision| decision.id()).collect(),
        links: links
            .filter(|link| is_read(read, link.from) || is_read(read, link.to))
            .filter_map(|link| Some((link.id(), link.review_by?)))
            .collect(),
    }
}

/// Whether the end of a link stands on the scorecard that a body looks at.
fn is_read(read: &ReadScorecard, end: NodeId) -> bool {
    let node = match end {
        NodeId::Objective(id) => NodeKey::Objective(id),
        NodeId::Outcome(id) => NodeKey::Outcome(id),
        NodeId::Behaviour(id) => NodeKey::Behaviour(id),
    };
    read.scorecard.node(node).is_some()
}

fn measure_fact(measure: MeasureId, read: &ReadScorecard, trend: &Trend) -> Option<MeasureFact> {
    let reading = read.scorecard.measure(measure)?;
    let (selected, period) = (&read.selected, read.selected.period);
    let calendar = selected.model.calendar();
    let earlier = calendar.period(period.frequency, calendar.index(&period) - 1);
    let before = selected.view().reading(measure, selected.unit, earlier);
    Some(MeasureFact {
        measure,
        status: reading.status,
        before: before.map(|before| before.status),
        state: match trend.verdict(&period) {
            Some(Verdict::Of(state)) => Some(state),
            Some(Verdict::TooFew | Verdict::Doubtful) | None => None,
        },
    })
}

/// Whether something is for a body to look at: it was recorded in a review of that body, or in none and at the body's unit or
/// below it, where who reads the agenda may read.
fn is_of(
    model: &Model,
    body: &Entry<Body>,
    read: &ReadScorecard,
    review: Option<ReviewId>,
    unit: Option<UnitId>,
) -> bool {
    if let Some(review) = review.and_then(|review| model.reviews().get(review)) {
        return review.body == body.id();
    }
    let selected = &read.selected;
    let units = model.index().units_on(selected.period.last);
    unit.is_none_or(|unit| {
        let mut line = std::iter::once(unit).chain(units.ancestors(unit));
        selected.may_read(unit) && line.any(|above| above == selected.unit)
    })
}

/// Whether a review is the first of its body that looks at the period of the effect of a decision.
fn is_due(model: &Model, decision: &Decision, review: &Entry<Review>) -> bool {
    let Some(effect) = &decision.effect else {
        return false;
    };
    let earlier = before(model, review);
    effect.by.last <= review.period.last
        && earlier.is_none_or(|earlier| effect.by.last > earlier.period.last)
}
