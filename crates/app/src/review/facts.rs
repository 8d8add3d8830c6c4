//! The facts of which an agenda is made: readings, signals, open actions, effects that are due, links.

use std::collections::HashMap;

use throughline_core::MeasureId;
use throughline_engine::{Edge, MeasureReading};
use throughline_insight::Better;
use throughline_insight::signals::{self, SignalReading};
use throughline_model::records::{self, Body, Decision, Review};
use throughline_model::{Entry, Model};

use super::{Read, before};
use crate::agenda::{ActionFact, Facts, MeasureFact};
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

/// What the points of a measure say; none where they are too few.
pub(super) fn signals(model: &Model, measure: MeasureId, trend: &Trend) -> Option<SignalReading> {
    let measure = model.measures().get(measure)?;
    let values: Vec<Option<f64>> = trend.readings.iter().map(|(_, one)| one.value).collect();
    let last = trend.readings.last().map(|(_, reading)| reading);
    signals::read(&values, better(measure.better, last), &[]).ok()
}

/// Which values are better. Without a direction, or a range to lie in, a change is neither.
fn better(better: Option<records::Better>, last: Option<&MeasureReading>) -> Better {
    match (better, last.and_then(|reading| reading.target)) {
        (Some(records::Better::Higher), _) => Better::Higher,
        (Some(records::Better::Lower), _) => Better::Lower,
        (Some(records::Better::Between), Some(Edge::Range(low, high))) => {
            Better::Between { low, high }
        }
        _ => Better::Between {
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
        },
    }
}

/// The facts of a review.
pub(super) fn of(
    model: &Model,
    body: &Entry<Body>,
    review: &Entry<Review>,
    read: &ReadScorecard,
    over_time: &HashMap<MeasureId, Read>,
) -> Facts {
    let measures = reviewed(body, read).into_iter();
    let measures = measures.filter_map(|measure| measure_fact(measure, read, &over_time[&measure]));
    let actions = model.actions().iter();
    let actions = actions.filter(|action| {
        action.done.is_none_or(|done| done >= review.on) && is_of(model, body, action.review)
    });
    let decisions = model.decisions().iter();
    let due = decisions
        .filter(|decision| is_of(model, body, decision.review) && is_due(model, decision, review));
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
            .filter_map(|link| Some((link.id(), link.review_by?)))
            .collect(),
    }
}

fn measure_fact(measure: MeasureId, read: &ReadScorecard, over_time: &Read) -> Option<MeasureFact> {
    let reading = read.scorecard.measure(measure)?;
    let readings = &over_time.trend.readings;
    let has_value = readings
        .last()
        .is_some_and(|(_, last)| last.value.is_some());
    let before = readings.iter().rev().nth(1);
    let signals = over_time.signals.as_ref();
    Some(MeasureFact {
        measure,
        status: reading.status,
        before: before.map(|(_, before)| before.status),
        // What an earlier point says is no news of this period.
        state: signals.map(|signals| signals.state).filter(|_| has_value),
    })
}

/// Whether something was recorded in a review of that body, or in none at all.
fn is_of(model: &Model, body: &Entry<Body>, review: Option<throughline_core::ReviewId>) -> bool {
    let review = review.and_then(|review| model.reviews().get(review));
    review.is_none_or(|review| review.body == body.id())
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
