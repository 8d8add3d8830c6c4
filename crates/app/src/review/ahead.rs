//! When a body meets next: the reviews that are prepared, and the days of its cadence for which none is.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use throughline_core::{MeasureId, UnitId};
use throughline_model::records::{Body, Review};
use throughline_model::{Entry, Model};

use super::minutes_of;

/// How many of the days of a cadence are told.
const DAYS_MAX: usize = 12;

/// A meeting that is to come.
#[derive(Debug, Clone)]
pub struct MeetingAhead {
    /// The day.
    pub on: Date,
    /// The time of day, where one is set.
    pub at: Option<Time>,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// The review, where one is prepared.
    pub review: Option<Arc<Entry<Review>>>,
}

/// The meetings of a body from a day on, the next one first. One that was called off or closed is none, and neither is the day
/// of the cadence that it was on.
#[must_use]
pub fn meetings_ahead(model: &Model, body: &Entry<Body>, from: Date) -> Vec<MeetingAhead> {
    let reviews = model.reviews().iter();
    let reviews: Vec<_> = reviews
        .filter(|one| one.body == body.id() && one.on >= from)
        .collect();
    let cadence = body.cadence.as_ref();
    let prepared = reviews.iter().filter(|one| !one.state().is_over());
    let prepared = prepared.map(|one| MeetingAhead {
        on: one.on,
        at: one.at.or(cadence.map(|cadence| cadence.at)),
        minutes: minutes_of(body, one),
        review: Some(Arc::clone(one)),
    });
    let days = cadence.into_iter().flat_map(|cadence| {
        let days = cadence.rule.days_from(cadence.first);
        let days = days.filter(|day| *day >= from && !reviews.iter().any(|one| one.on == *day));
        days.take(DAYS_MAX).map(|on| MeetingAhead {
            on,
            at: Some(cadence.at),
            minutes: cadence.minutes.0,
            review: None,
        })
    });
    let mut all: Vec<MeetingAhead> = prepared.chain(days).collect();
    all.sort_by_key(|one| (one.on, one.at));
    all
}

/// The next meeting that looks at a measure at a unit: of the bodies that answer for it or for a unit above, and that review the
/// measure, the one that meets first.
#[must_use]
pub fn next_meeting_on(
    model: &Model,
    measure: MeasureId,
    unit: UnitId,
    from: Date,
    may_read: impl Fn(UnitId) -> bool,
) -> Option<(Arc<Entry<Body>>, MeetingAhead)> {
    let units = model.index().units_on(from);
    let line: Vec<UnitId> = std::iter::once(unit).chain(units.ancestors(unit)).collect();
    let looks = |body: &&Arc<Entry<Body>>| {
        let is_there = body
            .unit
            .is_none_or(|unit| line.contains(&unit) && may_read(unit));
        is_there && (body.measures.is_empty() || body.measures.contains(&measure))
    };
    let bodies = model.bodies().iter().filter(looks);
    let next = bodies.filter_map(|body| {
        let next = meetings_ahead(model, body, from).into_iter().next()?;
        Some((Arc::clone(body), next))
    });
    next.min_by_key(|(_, next)| (next.on, next.at))
}
