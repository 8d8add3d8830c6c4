//! Which period is read where none is asked for: the latest of which most is known, and what came in since.
//!
//! Who reports first must not take all others to a period of which nothing is known yet, however often somebody is first.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::hash::Set;
use throughline_core::{Calendar, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{Observations, Series};
use throughline_model::records::Measure;
use throughline_model::{Entry, Model};

use crate::words;

/// How many periods of a series are looked at, from its latest one back, and with how many before it a period is compared.
const LATEST_LOOKED_AT: usize = 12;

/// What was observed at a unit and below it, whatever period is asked for. To find it, all measures are looked at, so a
/// server remembers it by day.
pub(crate) struct Observed {
    /// Whether anything ever was.
    pub is_ever: bool,
    /// The period that is read where none is asked for.
    pub latest: Option<Latest>,
}

/// A period that was chosen.
pub(crate) struct Latest {
    pub period: Period,
    /// Why it, in a few words.
    pub why: String,
    /// What was observed after it.
    pub newer: Option<Arc<Newer>>,
    /// What was chosen and why, one sentence each, for a terminal.
    pub said: Vec<String>,
}

/// What was observed after the period that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newer {
    /// How many figures, each of one measure at one unit in one of its periods.
    pub figures: usize,
    /// The last period with such a figure, a month at least.
    pub last: Period,
    /// Whether all of them are of that period.
    pub is_one_period: bool,
}

impl Newer {
    /// `1 newer figure, Apr 2019`; `3 newer figures, to May 2019`
    #[must_use]
    pub fn in_words(&self, calendar: &Calendar) -> String {
        let figures = words::count(self.figures as u64, "newer figure");
        let to = if self.is_one_period { "" } else { "to " };
        format!("{figures}, {to}{}", words::period(&self.last, calendar))
    }
}

impl Observed {
    pub fn of((model, day): (&Model, Date), observations: &Observations, unit: UnitId) -> Observed {
        let units = units_at_or_below(model, unit);
        let found: Vec<Found> = observed_at(model, observations, &units).collect();
        Observed {
            is_ever: !found.is_empty(),
            latest: latest((model, day), unit, &found),
        }
    }
}

/// A series of a measure at a unit. At a topmost unit there are as many as in the whole organisation, so they are looked up once.
struct Found<'a> {
    unit: UnitId,
    measure: &'a Entry<Measure>,
    series: &'a Series,
}

/// What was observed lately of the measures of one frequency.
#[derive(Default)]
struct Lately {
    measures: Set<MeasureId>,
    /// How many series have a value in a period, by its number in the calendar.
    reported: BTreeMap<i32, usize>,
}

impl Lately {
    /// The latest period that at least half as many have reported as the fullest of the twelve before it that anybody
    /// reported.
    fn latest(&self) -> Option<i32> {
        let is_reported = |(index, reported): &(&i32, &usize)| {
            let before = self.reported.range(..**index).rev();
            let fullest = before.take(LATEST_LOOKED_AT).map(|(_, count)| *count).max();
            fullest.is_none_or(|fullest| 2 * **reported >= fullest)
        };
        let (index, _) = self.reported.iter().rev().find(is_reported)?;
        Some(*index)
    }

    fn newest(&self) -> Option<i32> {
        self.reported.keys().next_back().copied()
    }
}

/// The latest period that was observed to its end at some units, of the frequency that most measures have there, but a
/// month at least: nobody steers by a day, and weeks are read in months. What has not begun on the day is left aside, and
/// so is what few have reported yet.
fn latest((model, day): (&Model, Date), unit: UnitId, found: &[Found<'_>]) -> Option<Latest> {
    let calendar = model.calendar();
    // Who is not there any more reports nothing new, and is not waited for.
    let tree = model.index().units_on(day);
    let is_there = |found: &&Found<'_>| {
        let dated = model.index().dated(found.unit);
        dated.is_none_or(|unit| unit.is_valid_within(day, day))
    };
    let of_those_there = common(lately((calendar, day), found.iter().filter(is_there)));
    let (frequency, lately) =
        of_those_there.or_else(|| common(lately((calendar, day), found.iter())))?;
    let index = lately.latest()?;
    let last = calendar.period(frequency, index);
    let coarser = if frequency.is_finer_than(Frequency::Month) {
        Frequency::Month
    } else {
        frequency
    };
    let containing = calendar.containing(coarser, last.middle());
    let last_part = *calendar.parts(&containing, frequency).end();
    let is_observed_to_its_end = index >= last_part;
    let period = if is_observed_to_its_end {
        containing
    } else {
        let before = calendar.period(coarser, calendar.index(&containing) - 1);
        let has_observations = calendar.parts(&before, frequency).any(|index| {
            let part = calendar.period(frequency, index);
            found.iter().any(|one| one.series.at(&part).is_some())
        });
        if has_observations { before } else { containing }
    };
    let which = if period == containing && !is_observed_to_its_end {
        format!("{coarser} with observations")
    } else if lately.newest() > Some(index) {
        format!("{coarser} with most of its figures")
    } else {
        format!("complete {coarser}")
    };
    let here = match (tree.parent(unit), tree.children(unit)) {
        (None, _) => "",
        (Some(_), []) => " in this unit",
        (Some(_), _) => " in this unit or below it",
    };
    let why = format!("the latest {which}{here}");
    let newer = newer((calendar, day), period, found).map(Arc::new);
    let name = calendar.name(&period);
    let mut said = vec![format!(
        "Period {name}: {why} (most measures are read by the {frequency}); choose another with --period"
    )];
    said.extend(newer.as_ref().map(|newer| {
        let words = newer.in_words(calendar);
        let name = calendar.name(&newer.last);
        format!("Not in it: {words}; read with --period {name}")
    }));
    Some(Latest {
        period,
        why,
        newer,
        said,
    })
}

/// What was observed of the latest periods of each series, by frequency.
fn lately<'a>(
    (calendar, day): (&Calendar, Date),
    found: impl Iterator<Item = &'a Found<'a>>,
) -> BTreeMap<Frequency, Lately> {
    let mut lately: BTreeMap<Frequency, Lately> = BTreeMap::new();
    for Found {
        measure, series, ..
    } in found
    {
        let periods = begun(series, day).take(LATEST_LOOKED_AT);
        let mut periods = periods.map(|period| calendar.index(&period)).peekable();
        if periods.peek().is_some() {
            let lately = lately.entry(measure.frequency).or_default();
            lately.measures.insert(measure.id());
            for index in periods {
                *lately.reported.entry(index).or_default() += 1;
            }
        }
    }
    lately
}

/// The frequency that most measures have; of equally common ones the coarser one.
fn common(lately: BTreeMap<Frequency, Lately>) -> Option<(Frequency, Lately)> {
    lately
        .into_iter()
        .max_by_key(|(frequency, lately)| (lately.measures.len(), frequency.rank()))
}

/// What was observed of periods that begin after one has ended.
fn newer((calendar, day): (&Calendar, Date), period: Period, found: &[Found<'_>]) -> Option<Newer> {
    let mut counts: BTreeMap<(Date, Date), (usize, Period)> = BTreeMap::new();
    for one in found {
        for one in begun(one.series, day).take_while(|one| one.first > period.last) {
            let read = if one.frequency.is_finer_than(Frequency::Month) {
                calendar.containing(Frequency::Month, one.middle())
            } else {
                one
            };
            counts.entry((read.first, read.last)).or_insert((0, read)).0 += 1;
        }
    }
    let (_, (_, last)) = counts.last_key_value()?;
    Some(Newer {
        figures: counts.values().map(|(figures, _)| figures).sum(),
        last: *last,
        is_one_period: counts.len() == 1,
    })
}

/// The periods of a series with a value that had begun on a day, the latest first.
fn begun(series: &Series, day: Date) -> impl Iterator<Item = Period> {
    let points = series.points().iter().rev();
    points
        .filter(move |point| point.value.is_some() && point.period.first <= day)
        .map(|point| point.period)
}

/// The last month that had ended by a day, for where nothing was observed yet.
pub(crate) fn last_month(calendar: &Calendar, day: Date) -> (Period, String) {
    let last = calendar.latest_ended_by(Frequency::Month, day);
    let why = "the latest month that has ended; nothing was observed here yet";
    (calendar.period(Frequency::Month, last), why.to_owned())
}

/// What was ever observed at some units of the measures of a plan, in no order.
fn observed_at<'a>(
    model: &'a Model,
    observations: &'a Observations,
    units: &'a HashSet<UnitId>,
) -> impl Iterator<Item = Found<'a>> {
    let here = move |unit: &UnitId| {
        let unit = *unit;
        let series = observations.at_unit(unit);
        series.filter_map(move |(measure, series)| {
            let measure = model.measures().get(measure)?;
            Some(Found {
                unit,
                measure,
                series,
            })
        })
    };
    units.iter().flat_map(here)
}

/// The unit and those that were ever below it.
pub(crate) fn units_at_or_below(model: &Model, unit: UnitId) -> HashSet<UnitId> {
    let trees = model.index().eras();
    trees
        .flat_map(|(_, tree)| tree.with_descendants(unit))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Lately;

    #[test]
    fn who_reports_first_takes_nobody_along() {
        let check = |reported: &[(i32, usize)], expected: Option<i32>| {
            let lately = Lately {
                reported: reported.iter().copied().collect(),
                ..Lately::default()
            };
            assert_eq!(lately.latest(), expected, "{reported:?}");
        };
        check(&[], None);
        check(&[(7, 1)], Some(7));
        check(&[(6, 226), (7, 1)], Some(6));
        check(&[(5, 226), (6, 3), (7, 1)], Some(5));
        check(&[(5, 226), (7, 1)], Some(5));
        check(&[(6, 3), (7, 2)], Some(7));
        check(&[(6, 4), (7, 2)], Some(7));
        // Not when the same one is first again and again, either.
        check(&[(5, 36), (6, 1), (7, 1)], Some(5));
        check(&[(4, 36), (5, 36), (6, 2), (7, 2), (8, 1), (9, 1)], Some(5));
        // After a year of it, it is what is reported.
        let mut reported = vec![(0, 36)];
        reported.extend((1..=12).map(|index| (index, 1)));
        check(&reported, Some(0));
        reported.push((13, 1));
        check(&reported, Some(13));
    }
}
