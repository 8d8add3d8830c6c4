//! The figures that were entered lately where somebody enters them, so that a slip is found again and corrected.

use jiff::{SignedDuration, Timestamp};
use throughline_core::UnitId;
use throughline_engine::{Series, View};
use throughline_model::Entry;
use throughline_model::observation::Cell;
use throughline_model::records::{Measure, Person};

use super::{is_due_of, is_entered};

/// The most figures that are shown as entered lately.
pub const LATELY_MAX: usize = 12;
/// For how long a figure was entered lately.
const LATELY: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How many of the latest periods of a measure at a unit are looked at.
const PERIODS_BACK: usize = 12;

/// A figure that was entered lately.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lately {
    /// What it is of.
    pub cell: Cell,
    /// The value; `None` states that there is none.
    pub value: Option<f64>,
    /// When it was recorded.
    pub at: Timestamp,
}

/// What was published lately of what a person enters, the newest first; `may` says where they may record and read.
pub(super) fn lately(
    view: &View,
    person: &Entry<Person>,
    now: Timestamp,
    may: impl Fn(UnitId) -> bool,
) -> Vec<Lately> {
    let mut found = Vec::new();
    for measure in view.plan.measures() {
        let of_measure = view.observations.of_measure(measure.id());
        let Some(of_measure) = of_measure.filter(|_| is_entered(measure)) else {
            continue;
        };
        let own = of_measure.iter();
        let own = own.filter(|(unit, _)| is_due_of(person, measure, **unit) && may(**unit));
        let mut own: Vec<_> = own.collect();
        own.sort_by_key(|(unit, _)| view.plan.units().get(**unit).map(|unit| &unit.key));
        for (unit, series) in own {
            found.extend(of_series(view, measure, *unit, series, now));
        }
    }
    found.sort_by(|one, other| {
        let newest = other.at.cmp(&one.at);
        newest.then(other.cell.period.cmp(&one.cell.period))
    });
    found.truncate(LATELY_MAX);
    found
}

fn of_series<'a>(
    view: &'a View,
    measure: &'a Entry<Measure>,
    unit: UnitId,
    series: &'a Series,
    now: Timestamp,
) -> impl Iterator<Item = Lately> + 'a {
    let latest = series.points().iter().rev().take(PERIODS_BACK);
    latest.filter_map(move |point| {
        let at = view.observations.recorded(point.row)?.at;
        let cell = Cell {
            measure: measure.id(),
            unit,
            period: point.period,
        };
        let is_held = view.observations.held().contains_key(&cell);
        let is_lately = now.duration_since(at) <= LATELY && !is_held;
        is_lately.then_some(Lately {
            cell,
            value: point.value,
            at,
        })
    })
}
