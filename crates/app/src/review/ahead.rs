//! When a body meets next: the reviews that are prepared, and the days of its cadence for which none is; of what it is to decide
//! also a review that is still open after its day.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use throughline_core::{MeasureId, Period, UnitId};
use throughline_model::records::{Body, Review};
use throughline_model::{Entry, Model};

use super::minutes_of;

/// How many of the days of a cadence are told.
const DAYS_MAX: usize = 12;

/// A meeting that is to come, or that was to be and whose review is still open.
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

impl MeetingAhead {
    /// The meeting of a review that is prepared.
    fn of(body: &Entry<Body>, review: &Arc<Entry<Review>>) -> MeetingAhead {
        let cadence = body.cadence.as_ref();
        MeetingAhead {
            on: review.on,
            at: review.at.or(cadence.map(|cadence| cadence.at)),
            minutes: minutes_of(body, review),
            review: Some(Arc::clone(review)),
        }
    }
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
    let prepared = prepared.map(|one| MeetingAhead::of(body, one));
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

/// The meeting that decides about a measure at a unit in a period, of the bodies that answer for it or for a unit above, and that
/// review the measure: the review of that period, where one is prepared and not over, be its day to come or not; otherwise
/// that of the body that meets first from a day on.
#[must_use]
pub fn meeting_on(
    model: &Model,
    measure: MeasureId,
    unit: UnitId,
    period: &Period,
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
    let bodies: Vec<&Arc<Entry<Body>>> = model.bodies().iter().filter(looks).collect();
    let reviews = model.reviews().iter();
    let open = reviews.filter(|one| one.period == *period && !one.state().is_over());
    let open = open.filter_map(|review| {
        let body = bodies.iter().find(|body| body.id() == review.body)?;
        Some((Arc::clone(body), MeetingAhead::of(body, review)))
    });
    let first = |(_, meeting): &(Arc<Entry<Body>>, MeetingAhead)| (meeting.on, meeting.at);
    open.min_by_key(first).or_else(|| {
        let next = bodies.iter().filter_map(|body| {
            let next = meetings_ahead(model, body, from).into_iter().next()?;
            Some((Arc::clone(body), next))
        });
        next.min_by_key(first)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::testing::{self, LEAST};

    const MEASURES: (&str, &str) = (
        "measures.yaml",
        "measures: [{ key: m, name: M, kind: level, frequency: month, better: higher }]\n",
    );
    const GOVERNANCE: (&str, &str) = (
        "governance.yaml",
        "bodies:
  - { key: b, name: Board, unit: top, members: [{ person: p, role: chair }], cadence: { rule: FREQ=MONTHLY;BYDAY=2TU, first: 2013-01-01, at: \"09:00\", minutes: 45 } }
reviews:
  - { key: r, body: b, period: 2013-12, on: 2014-01-14 }
",
    );

    #[test]
    fn the_open_review_of_a_period_decides_about_it_though_its_day_is_past() {
        let [organisation, strategy] = LEAST;
        let model = testing::model(&[organisation, strategy, MEASURES, GOVERNANCE]);
        let measure = model.measures().by_key("m").expect("a measure").id();
        let unit = model.units().by_key("top").expect("a unit").id();
        let of = |period: &str| model.calendar().parse_period(period).expect("a period");
        let on = |period: &str, from: Date| {
            let (_, meeting) = meeting_on(&model, measure, unit, &of(period), from, |_| true)?;
            Some((meeting.on, meeting.review.is_some()))
        };
        let past = Some((date(2014, 1, 14), true));
        assert_eq!(on("2013-12", date(2014, 1, 2)), past);
        assert_eq!(on("2013-12", date(2014, 2, 3)), past);
        // Of another period the next meeting decides, for which nothing is prepared.
        let next = Some((date(2014, 2, 11), false));
        assert_eq!(on("2013-06", date(2014, 2, 3)), next);
        // Who may not read at its unit hears of no meeting.
        let hidden = meeting_on(
            &model,
            measure,
            unit,
            &of("2013-12"),
            date(2014, 1, 2),
            |_| false,
        );
        assert!(hidden.is_none());
    }
}
