//! Advice beside a target: how often today's process meets it.

use throughline_core::Calendar;
use throughline_insight::sentences;
use throughline_insight::signals::POINTS_MIN;
use throughline_insight::targets::{Aim, Capability, capability};
use throughline_model::records::Measure;

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
