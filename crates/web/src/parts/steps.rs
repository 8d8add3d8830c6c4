//! The steps down from a number: the parts of its formula, the units below, its periods, and what is missing.

use std::collections::HashMap;

use throughline_app::words::derivation::{counted_in_words, counts, owed_in_words};
use throughline_app::words::{self, names, numbers};
use throughline_app::{Below, ExplainedReading};
use throughline_core::{Period, UnitId};
use throughline_engine::{Owed, PeriodLine};
use throughline_model::records::Measure;
use throughline_model::{Entry, Kind};

use crate::pages::links;
use crate::place::Place;

/// How many lines of one sort are shown at once.
pub const SHOWN_MAX: usize = 60;

/// A step down: something that the number is made of, with why it is what it is.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Why it is what it is.
    pub href: Option<String>,
    /// Where, or how much of it.
    pub about: String,
    /// Its value with its unit.
    pub value: String,
    /// What it weighs.
    pub weight: String,
    /// Its target with its sense.
    pub target: String,
    /// How much of what is owed is there.
    pub inputs: String,
}

/// Steps, of which some may be left out.
#[derive(Debug, Clone, Default)]
pub struct StepTable {
    /// The steps.
    pub steps: Vec<Step>,
    /// Whether any of them has a weight.
    pub is_weighted: bool,
    /// How many earlier ones are left out.
    pub left_out: usize,
}

/// Something that is owed and not there.
#[derive(Debug, Clone)]
pub struct MissingLine {
    /// The unit that owes it.
    pub unit: String,
    /// Of which periods.
    pub periods: String,
    /// Why it is owed.
    pub why: &'static str,
}

/// What the formula of a measure is made of.
#[must_use]
pub fn parts(explained: &ExplainedReading, place: &Place) -> Vec<Step> {
    let model = &explained.selected.model;
    let calendar = model.calendar();
    let parts = explained.explanation.parts.iter();
    parts
        .filter_map(|part| {
            let measure = model.measures().get(part.measure)?;
            let unit = model.units().get(part.unit)?;
            let there = place
                .at_unit(unit.key.as_str())
                .in_period(calendar.name(&part.span));
            let matched = if part.matched {
                ", only where all parts are there"
            } else {
                ""
            };
            Some(Step {
                name: measure.name.clone(),
                href: links::explanation(&there, measure.key.as_str()),
                about: format!(
                    "{}, {}",
                    unit.name,
                    words::spans::named(&part.span, calendar)
                ),
                value: numbers::value(part.value, measure),
                inputs: format!("{} of {}{matched}", part.present, part.owed),
                ..Step::default()
            })
        })
        .collect()
}

/// The units right below with observations in the number.
#[must_use]
pub fn units(
    explained: &ExplainedReading,
    below: &Below,
    measure: &Entry<Measure>,
    place: &Place,
) -> Vec<Step> {
    let (meant, explanation) = (&explained.selected, &explained.explanation);
    let model = &meant.model;
    let tree = model.index().units_on(meant.period.middle());
    let counting = explanation.periods.iter().filter(|period| counts(period));
    let own = counting.flat_map(|period| &period.inputs);
    let of_parts = explanation.parts.iter().flat_map(|part| &part.inputs);
    let mut observed: HashMap<UnitId, usize> = HashMap::new();
    for unit in own
        .map(|line| line.unit)
        .chain(of_parts.map(|(_, line)| line.unit))
    {
        *observed.entry(unit).or_default() += 1;
    }
    let value_at = |unit: UnitId| {
        let mut readings = below.readings.iter();
        readings.find(|(of, _)| *of == unit)?.1.value
    };
    let step = |child: &UnitId| {
        let unit = model.units().get(*child)?;
        let at_or_below = tree.with_descendants(*child);
        let counts = at_or_below.iter().filter_map(|unit| observed.get(unit));
        let count: usize = counts.sum();
        (count > 0).then(|| Step {
            name: unit.name.clone(),
            href: links::explanation(&place.at_unit(unit.key.as_str()), measure.key.as_str()),
            about: words::count(count as u64, "observation"),
            value: value_at(*child)
                .map_or_else(String::new, |value| numbers::value(Some(value), measure)),
            ..Step::default()
        })
    };
    let children = tree.children(meant.unit).iter();
    children.filter_map(step).take(SHOWN_MAX).collect()
}

/// The measure's own periods in the number, the latest first; none where it is made of one alone.
#[must_use]
pub fn periods(explained: &ExplainedReading, measure: &Entry<Measure>, place: &Place) -> StepTable {
    let periods = &explained.explanation.periods;
    let is_alone = periods.len() < 2 && periods.iter().all(counts);
    if is_alone {
        return StepTable::default();
    }
    let calendar = explained.selected.model.calendar();
    let step = |line: &PeriodLine| {
        let owed = line.inputs.len() + line.missing.len();
        let there = place.in_period(calendar.name(&line.period));
        // What is hidden is not counted as if it were not there.
        let is_counted = owed > 0 && !explained.hidden.is_any();
        Step {
            name: words::period(&line.period, calendar),
            href: links::explanation(&there, measure.key.as_str()),
            about: words::sentence(counted_in_words(line.counted)),
            value: match measure.formula {
                None => numbers::value(line.value, measure),
                Some(_) => String::new(),
            },
            weight: match explained.explanation.weighted && line.weight > 0.0 {
                true => numbers::sum(line.weight),
                false => String::new(),
            },
            target: numbers::target(line.target, measure),
            inputs: match is_counted {
                true => format!("{} of {owed}", line.inputs.len()),
                false => String::new(),
            },
        }
    };
    let steps: Vec<Step> = periods.iter().rev().take(SHOWN_MAX).map(step).collect();
    StepTable {
        is_weighted: steps.iter().any(|step| !step.weight.is_empty()),
        left_out: periods.len() - steps.len(),
        steps,
    }
}

/// What is owed and not there, unit by unit, and how many more units there are.
#[must_use]
pub fn missing(explained: &ExplainedReading) -> (Vec<MissingLine>, usize) {
    let model = &explained.selected.model;
    let periods = explained.explanation.periods.iter();
    let counting = periods.filter(|period| counts(period));
    let mut found: Vec<(UnitId, Owed, Vec<Period>)> = Vec::new();
    let mut places: HashMap<(UnitId, Owed), usize> = HashMap::new();
    for (period, line) in counting.flat_map(|line| {
        let missing = line.missing.iter();
        missing.map(move |missing| (line.period, missing))
    }) {
        let place = *places.entry((line.unit, line.owed)).or_insert(found.len());
        match found.get_mut(place) {
            Some((_, _, periods)) => periods.push(period),
            None => found.push((line.unit, line.owed, vec![period])),
        }
    }
    let named = |period: &Period| words::period(period, model.calendar());
    let lines = found.iter().take(SHOWN_MAX);
    let lines = lines.map(|(unit, owed, periods)| MissingLine {
        unit: names::name(model, (Kind::Unit, unit.as_uuid())),
        periods: match periods.as_slice() {
            [first, _, .., last] => format!(
                "{} periods from {} to {}",
                periods.len(),
                named(first),
                named(last)
            ),
            few => words::list(&few.iter().map(named).collect::<Vec<_>>()),
        },
        why: owed_in_words(*owed),
    });
    let lines: Vec<MissingLine> = lines.collect();
    let more = found.len() - lines.len();
    (lines, more)
}
