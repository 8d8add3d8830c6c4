//! From facts to values: the measures and units that they are of, percent decided, doubts and doubles left out.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::{Calendar, Frequency, Period};

use super::settle::Placed;
use super::told::list;
use super::{Meaning, NO_PERIOD, NO_YEAR, weeks};
use crate::book::Workbook;
use crate::draft::{DraftCell, DraftValue};
use crate::facts::{Fact, Facts, Spot, WEEKS_DOUBTED};
use crate::guess_measures;
use crate::heading::Series;
use crate::keys::{Keys, slug};
use crate::mapping::{Mapping, MeasureMapping, Named, OrganisationMapping};
use crate::period::Said;
use crate::values::{decided, found, is_bound};
use crate::words::{plain, says_none};

/// A cell that says that there is none; its unit by its words, as one of which nothing else is said is none of the plan.
struct SaidNone {
    spot: Spot,
    measure: String,
    unit: Option<String>,
    period: Period,
}

/// What is worked out step by step.
pub(super) struct Work<'a> {
    pub(super) book: &'a Workbook,
    pub(super) kept: Option<&'a Mapping>,
    pub(super) calendar: &'a Calendar,
    pub(super) organisation: OrganisationMapping,
    pub(super) facts: Facts,
    pub(super) measures: Vec<MeasureMapping>,
    pub(super) units: Vec<Named>,
    unit_keys: Keys,
    /// The keys of units by their plain words: a long table names them a million times.
    unit_index: BTreeMap<String, String>,
    pub(super) placed: Vec<Placed>,
    pub(super) meanings: BTreeMap<Spot, Meaning>,
    pub(super) remarks: Vec<String>,
    /// Cells that say that there is none.
    said_none: Vec<SaidNone>,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        book: &'a Workbook,
        kept: Option<&'a Mapping>,
        calendar: &'a Calendar,
        organisation: OrganisationMapping,
        mut facts: Facts,
    ) -> Self {
        let units = kept.map(|kept| kept.units.clone()).unwrap_or_default();
        let taken: Vec<String> = units
            .iter()
            .map(|unit| unit.key.clone())
            .chain([organisation.key.clone()])
            .collect();
        let mut unit_index = BTreeMap::new();
        for unit in &units {
            let key = || unit.key.clone();
            unit_index.entry(plain(&unit.found_as)).or_insert_with(key);
        }
        Work {
            unit_keys: Keys::beside(&taken),
            unit_index,
            remarks: std::mem::take(&mut facts.remarks),
            book,
            kept,
            calendar,
            organisation,
            facts,
            measures: Vec::new(),
            units,
            placed: Vec::new(),
            meanings: BTreeMap::new(),
            said_none: Vec::new(),
        }
    }

    /// The measures that have values or targets.
    pub(super) fn measures(&mut self) {
        let mut of_measure: BTreeMap<String, Vec<&Fact>> = BTreeMap::new();
        for fact in &self.facts.facts {
            of_measure
                .entry(plain(&fact.measure))
                .or_default()
                .push(fact);
        }
        let kept: Vec<String> = self
            .kept
            .iter()
            .flat_map(|kept| kept.measures.iter().map(|measure| measure.key.clone()))
            .collect();
        let mut keys = Keys::beside(&kept);
        let (mut sundays, mut doubted) = (Vec::new(), Vec::new());
        for (found_as, about) in &self.facts.about {
            let facts = of_measure
                .get(&plain(found_as))
                .map(Vec::as_slice)
                .unwrap_or_default();
            if let Some(kept) = self.kept_measure(found_as) {
                let mut measure = MeasureMapping {
                    found_as: found_as.clone(),
                    ..kept.clone()
                };
                if weeks::settle(&mut measure, facts, self.calendar) {
                    sundays.push(measure.name.clone());
                }
                if weeks::doubt(&mut measure, about) {
                    doubted.push(measure.name.clone());
                }
                self.measures.push(measure);
                continue;
            }
            let mut guess =
                guess_measures::guess(self.book, self.calendar, found_as, about, facts, &mut keys);
            weeks::settle(&mut guess, facts, self.calendar);
            if facts.is_empty() {
                guess.read = false;
                guess.because.push("left out: it has no values".to_owned());
            }
            self.measures.push(guess);
        }
        self.say_weeks(&sundays, weeks::TAKEN);
        self.say_weeks(&doubted, WEEKS_DOUBTED);
        self.say_missing_parents();
    }

    /// What is known of a measure: by its words, or by the key that they make, if that is none of another one here.
    fn kept_measure(&self, found_as: &str) -> Option<&'a MeasureMapping> {
        let kept = self.kept?;
        let by_key = || {
            let key = slug(found_as);
            let found = kept.measures.iter().find(|measure| measure.key == key);
            found.filter(|measure| self.facts.known(&measure.found_as).is_none())
        };
        kept.measure(found_as).or_else(by_key)
    }

    fn say_missing_parents(&mut self) {
        let orphans: Vec<(Spot, String)> = self
            .facts
            .about
            .iter()
            .filter_map(|(_, about)| about.parent.clone())
            .filter(|(_, parent)| self.facts.known(parent).is_none())
            .collect();
        let missing: BTreeSet<&String> = orphans.iter().map(|(_, parent)| parent).collect();
        if !missing.is_empty() {
            self.remarks.push(format!(
                "{} measures above are named and not in the file: {}",
                missing.len(),
                list(missing.iter().map(|parent| parent.as_str()))
            ));
        }
        for (spot, parent) in &orphans {
            self.facts.names.remove(spot);
            self.facts
                .left_out
                .insert(*spot, format!("no measure is called {parent}"));
        }
    }

    /// The key of a unit that was met; the organisation's where none is named.
    fn known_unit(&self, named: Option<&str>) -> Option<String> {
        let Some(named) = named.filter(|name| !name.trim().is_empty()) else {
            return Some(self.organisation.key.clone());
        };
        let words = plain(named);
        let is_whole = words == plain(&self.organisation.name);
        let own = || is_whole.then(|| self.organisation.key.clone());
        self.unit_index.get(&words).cloned().or_else(own)
    }

    /// The key of a unit, which is met here if it was not before.
    fn unit(&mut self, named: Option<&str>) -> String {
        if let Some(known) = self.known_unit(named) {
            return known;
        }
        let named = named.unwrap_or_default();
        let name = named.split_whitespace().collect::<Vec<_>>().join(" ");
        let key = self.unit_keys.of(&name);
        self.unit_index.insert(plain(named), key.clone());
        self.units.push(Named {
            found_as: named.to_owned(),
            key: key.clone(),
            name,
        });
        key
    }

    /// The values of each measure, percent decided over all of them.
    pub(super) fn values(&mut self) {
        let facts = std::mem::take(&mut self.facts.facts);
        let starts = self
            .measures
            .iter()
            .map(|measure| plain(&measure.found_as))
            .collect::<Vec<_>>();
        let index: BTreeMap<&String, usize> = starts
            .iter()
            .enumerate()
            .map(|(index, name)| (name, index))
            .collect();
        let mut of_measure: Vec<Vec<&Fact>> = vec![Vec::new(); self.measures.len()];
        for fact in &facts {
            if let Some(index) = index.get(&plain(&fact.measure)) {
                of_measure[*index].push(fact);
            }
        }
        let targets_from = first_periods(&facts, self.calendar);
        for (index, facts) in of_measure.into_iter().enumerate() {
            let measure = self.measures[index].clone();
            self.values_of(&measure, &facts, &targets_from);
        }
        self.settle();
        self.ask_about_empty(&facts);
        self.say_marks();
    }

    fn values_of(
        &mut self,
        measure: &MeasureMapping,
        facts: &[&Fact],
        first: &BTreeMap<String, jiff::civil::Date>,
    ) {
        let (book, calendar) = (self.book, self.calendar);
        let period_of = |said: Said| {
            let said = weeks::with_sundays(said, measure.sundays, calendar);
            said.period(calendar, measure.frequency())
        };
        let mut taken = Vec::new();
        for fact in facts {
            let Some(cell) = book.sheets[fact.spot.0].cells.get(&fact.spot.1) else {
                continue;
            };
            match (measure.read, found(cell, measure)) {
                (false, _) => self.leave(fact.spot, "its measure is not taken in"),
                (true, Err(because)) => {
                    self.leave(fact.spot, &because);
                    if fact.series == Series::Actual && says_none(&cell.text()) {
                        self.note_none(measure, fact, fact.said.and_then(period_of));
                    }
                }
                (true, Ok(value)) => taken.push((*fact, value)),
            }
        }
        let numbers = decided(&taken.iter().map(|(_, found)| *found).collect::<Vec<_>>());
        for ((fact, _), number) in taken.into_iter().zip(numbers) {
            let period = match fact.said {
                Some(said) => period_of(said),
                None => first
                    .get(&plain(&fact.measure))
                    .map(|day| self.calendar.containing(measure.frequency(), *day)),
            };
            let Some(period) = period else {
                self.leave(
                    fact.spot,
                    match fact.said {
                        None => "it names no period, and no value says from when it holds",
                        Some(said) if said.year.is_none() => NO_YEAR,
                        Some(_) => NO_PERIOD,
                    },
                );
                continue;
            };
            if fact.series == Series::Actual && period.frequency != measure.frequency() {
                let because = format!(
                    "{} is no {}, which its measure is observed by",
                    self.calendar.name(&period),
                    measure.frequency
                );
                self.leave(fact.spot, &because);
                continue;
            }
            if fact.series == Series::Target && measure.better.is_none() {
                self.leave(
                    fact.spot,
                    "a target of a measure without a better direction",
                );
                continue;
            }
            let value = DraftValue {
                measure: measure.key.clone(),
                unit: self.unit_of(fact),
                period: self.calendar.name(&period),
                value: number,
            };
            let cell = &book.sheets[fact.spot.0].cells[&fact.spot.1];
            self.placed.push(Placed {
                spot: fact.spot,
                series: fact.series,
                value,
                is_bound: fact.series == Series::Actual && is_bound(cell),
            });
        }
    }

    /// The key of the unit that a fact is of.
    fn unit_of(&mut self, fact: &Fact) -> String {
        let named = self.unit_named(fact);
        self.unit(named.as_deref())
    }

    /// The words for the unit that a fact is of: its own, or those beside its measure.
    fn unit_named(&self, fact: &Fact) -> Option<String> {
        let about = || self.facts.known(&fact.measure)?.unit.clone();
        fact.unit.clone().or_else(about)
    }

    /// Keeps that a cell says that there is none, if its period is one that its measure is observed by.
    fn note_none(&mut self, measure: &MeasureMapping, fact: &Fact, period: Option<Period>) {
        let Some(period) = period.filter(|one| one.frequency == measure.frequency()) else {
            return;
        };
        self.said_none.push(SaidNone {
            spot: fact.spot,
            measure: measure.key.clone(),
            unit: self.unit_named(fact),
            period,
        });
    }

    /// The cells in which there is none: of units that have a value of the measure, and of periods up to the newest with a value
    /// of any measure that is observed as often, as what is still to come is called so, too. Of these it is said that they are
    /// asked of nobody.
    pub(super) fn none(&mut self) -> Vec<DraftCell> {
        let values = self.meanings.values().filter_map(|meaning| match meaning {
            Meaning::Value(value) => Some(value),
            _ => None,
        });
        let mut series = BTreeSet::new();
        let mut filled = BTreeSet::new();
        let mut newest: BTreeMap<Frequency, Period> = BTreeMap::new();
        for value in values {
            series.insert((value.measure.clone(), value.unit.clone()));
            filled.insert(value.place());
            if let Ok(period) = self.calendar.parse_period(&value.period) {
                let known = newest.entry(period.frequency).or_insert(period);
                *known = (*known).max(period);
            }
        }
        let mut cells = BTreeSet::new();
        for said in std::mem::take(&mut self.said_none) {
            let Some(unit) = self.known_unit(said.unit.as_deref()) else {
                continue;
            };
            let is_past = newest.get(&said.period.frequency) >= Some(&said.period);
            let cell = DraftCell {
                measure: said.measure,
                unit,
                period: self.calendar.name(&said.period),
            };
            let of = (cell.measure.clone(), cell.unit.clone());
            if is_past && series.contains(&of) && !filled.contains(&cell.place()) {
                self.leave(
                    said.spot,
                    "it says that there is none: it is asked of nobody",
                );
                cells.insert(cell);
            }
        }
        cells.into_iter().collect()
    }

    pub(super) fn leave(&mut self, spot: Spot, because: &str) {
        let because = because.to_owned();
        let doubted = None;
        self.meanings
            .insert(spot, Meaning::LeftOut { because, doubted });
    }
}

/// The first day for which each measure has a value: from then on, a target without a period holds.
fn first_periods(facts: &[Fact], calendar: &Calendar) -> BTreeMap<String, jiff::civil::Date> {
    let mut first = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.series == Series::Actual) {
        if let Some(period) = fact
            .said
            .and_then(|said| said.period(calendar, Frequency::Day))
        {
            let day = first.entry(plain(&fact.measure)).or_insert(period.first);
            *day = (*day).min(period.first);
        }
    }
    first
}
