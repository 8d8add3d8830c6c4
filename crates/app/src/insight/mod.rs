//! What the points of a measure say: whether it changed, where it goes, and whether it will reach its target.
//!
//! Pages, reviews, the command line and the programming interface ask here and nowhere else, so that one measure at one unit,
//! as of one period and one instant, is judged once. The statistics are those of `throughline_insight`; here readings become
//! series, and what comes back is remembered by what it came from.

mod advice;
mod baselines;
mod calibration;
mod doubt;
mod foreseen;
mod hints;
mod outlook;
mod possible;
mod read;
mod second_look;
mod shifts;
mod signals;
mod target_advice;
mod track;
mod whole;
mod with_units;
mod words;

pub use advice::target_in_words;
pub use baselines::place_of;
pub(crate) use baselines::{Stated, is_that, said_to_be_right, stated};
pub(crate) use calibration::Pool;
pub(crate) use foreseen::Foreseen;
pub(crate) use outlook::Maker;
pub use outlook::{AHEAD_MAX, Aimed, Expected, Foresight, NoOutlook, Outlook, Range, outlooks};
pub(crate) use possible::possible;
pub use read::{Depth, Insight, MEASURES_MAX, ReadInsights, insights};
pub(crate) use second_look::share_of_units;
pub use second_look::{UnitBelow, doubts_in_words, is_red_inside, node_doubts_in_words};
pub use signals::{Limits, Mark, Signals, Verdict};
pub use target_advice::target_advice;
pub(crate) use track::Tracked;
pub use track::{
    MONTHS_BACK, ReadTrack, about_track, chances_come_true, said_in_words, track_in_words,
};
pub use whole::Whole;
pub use with_units::{
    Brought, NoUnits, UNITS_MAX, WithUnits, adds_over_units, forecasts_with_units,
    with_units_in_words,
};
pub(crate) use words::no_baseline_in_words;
pub use words::{
    chance_in_words, likelihood, marks_in_words, offered_in_words, outlook_in_words,
    signals_in_words, steady_but, unusual_in_words,
};

use throughline_core::Frequency;
use throughline_engine::{Edge, MeasureReading};
use throughline_insight::Better;
use throughline_insight::targets::Aim;
use throughline_model::records;

/// How many periods of a length come back as one season: a year of them; 1 where there is none.
pub(crate) fn cycle_of(frequency: Frequency) -> usize {
    match frequency {
        Frequency::Month => 12,
        Frequency::Quarter | Frequency::FiscalQuarter => 4,
        Frequency::HalfYear | Frequency::FiscalHalfYear => 2,
        Frequency::Day | Frequency::Week | Frequency::Year | Frequency::FiscalYear => 1,
    }
}

/// Which values are better. Without a direction, or a range to lie in, a change is neither.
pub(crate) fn better(better: Option<records::Better>, last: Option<&MeasureReading>) -> Better {
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

/// What a value has to be to meet a target, where values have a direction or the target is a range.
pub(crate) fn aim(better: Option<records::Better>, target: Edge) -> Option<Aim> {
    match (better?, target) {
        (records::Better::Higher, Edge::Number(number)) => Some(Aim::AtLeast(number)),
        (records::Better::Lower, Edge::Number(number)) => Some(Aim::AtMost(number)),
        (_, Edge::Range(low, high)) => Some(Aim::Within(low, high)),
        (records::Better::Between, Edge::Number(_)) => None,
    }
}
