//! Advice beside a target: how often today's process meets it, and why a measure that is on track may not stay so.

use throughline_core::Calendar;
use throughline_engine::{MeasureReading, Status};
use throughline_insight::sentences;
use throughline_insight::signals::{POINTS_MIN, STEPS_PER_SIGMA};
use throughline_insight::targets::{Aim, Capability, capability};
use throughline_insight::watermelon::{self, Child, Margin, OnTrack};
use throughline_model::records::Measure;

use super::outlook::Foresight;
use super::words::spoken;
use super::{aim, cycle_of};
use crate::trend::Trend;

/// How often today's process meets the target of the newest period of a trend, in a sentence; nothing where there is no such
/// target, or too little is known. Today's process is that since the level last shifted or
/// limits last began anew; where something comes back each year, over all periods of a year.
#[must_use]
pub fn target_in_words(trend: &Trend, measure: &Measure, calendar: &Calendar) -> Option<String> {
    // A point is of a month, and so must its target be, whatever period is shown.
    let (last, newest) = trend.readings.last()?;
    let aim = aim(measure.better, newest.target?)?;
    let values = &trend.values[trend.values.len() - trend.readings.len()..];
    let values = trend.signals.level(values);
    let shifted = trend.signals.shifts.last().map(|shift| shift.index);
    let begun = trend.signals.baselines.last().copied();
    let since = shifted.max(begun).unwrap_or(0);
    let of_level = &values[since..];
    let is_long = of_level.iter().flatten().count() >= POINTS_MIN;
    let of_level = if is_long { of_level } else { &values };
    let found = over_a_year(of_level, aim, trend.signals.year(cycle_of(last.frequency)))?;
    let say = |measure: &sentences::Measure<'_>| sentences::capability(measure, aim, &found);
    Some(spoken(trend, measure, calendar, say))
}

/// How often a level meets a target to which each of those seasons is added: the mean of all.
fn over_a_year(level: &[Option<f64>], aim: Aim, seasons: &[f64]) -> Option<Capability> {
    let of_season = |season: &f64| capability(level, aim.less(*season)).ok();
    let found: Vec<Capability> = seasons.iter().filter_map(of_season).collect();
    let sum: f64 = found.iter().map(|one| one.chance).sum();
    let chance = sum / found.len() as f64;
    found.first().map(|first| Capability { chance, ..*first })
}

/// Why a measure that is on track deserves a second look, in a sentence: units below that are off track, a target that is
/// not likely to be reached, a value within noise of the next worse status, or data that are late.
#[must_use]
pub fn doubts_in_words(
    reading: &MeasureReading,
    trend: &Trend,
    foresight: Option<&Foresight>,
    below: &[(String, Status)],
) -> Option<String> {
    if reading.status != Status::OnTrack {
        return None;
    }
    let outlook = foresight.and_then(|foresight| foresight.as_ref().ok());
    let chance = outlook.and_then(|outlook| outlook.aimed);
    let children: Vec<Child> = below
        .iter()
        .map(|(_, status)| Child {
            weight: 1.0,
            is_off_track: *status == Status::OffTrack,
            off_track_within: 0.0,
        })
        .collect();
    let limits = trend.signals.reading.as_ref();
    let limits = limits.map(|said| said.current().limits);
    // How far points spread says nothing of a longer period.
    let newest = trend.readings.last().map(|(_, newest)| newest);
    let of_point = newest.filter(|newest| newest.shown_period == reading.shown_period);
    let gap = of_point.and_then(|newest| newest.gap);
    let margin = gap.zip(limits).map(|(gap, limits)| Margin {
        distance: gap.max(0.0),
        sigma: limits.mean_step / STEPS_PER_SIGMA,
    });
    let doubts = watermelon::doubts(&OnTrack {
        children: &children,
        chance: chance.map(|aimed| aimed.chance.share),
        margin,
        is_late: reading.late,
        is_overridden: false,
    });
    sentences::doubts(&doubts, &|child| below[child].0.clone())
}
