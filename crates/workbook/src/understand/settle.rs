//! What is doubted of values that have their place: slips, bounds, and what stands there twice; and measures that have none left.

use std::collections::BTreeMap;

use super::Meaning;
use super::told::list;
use super::work::Work;
use crate::draft::DraftValue;
use crate::facts::{Fact, Spot};
use crate::heading::Series;
use crate::values::{is_marked, slips};
use crate::words::plain;

/// A value with its place, before doubts about it.
pub(super) struct Placed {
    pub(super) spot: Spot,
    pub(super) series: Series,
    pub(super) value: DraftValue,
    /// Whether it is the bound of a value, such as `<5`.
    pub(super) is_bound: bool,
}

impl Work<'_> {
    /// Leaves out what looks like a slip or stands there twice.
    pub(super) fn settle(&mut self) {
        let placed = std::mem::take(&mut self.placed);
        let mut series: BTreeMap<(Series, String, String), Vec<usize>> = BTreeMap::new();
        for (index, one) in placed.iter().enumerate() {
            series
                .entry((
                    one.series,
                    one.value.measure.clone(),
                    one.value.unit.clone(),
                ))
                .or_default()
                .push(index);
        }
        let mut doubtful = BTreeMap::new();
        for indexes in series.values() {
            let values: Vec<f64> = indexes
                .iter()
                .map(|index| placed[*index].value.value)
                .collect();
            doubtful.extend(
                slips(&values)
                    .into_iter()
                    .map(|(at, times)| (indexes[at], times)),
            );
        }
        let mut differing = BTreeMap::new();
        let mut met: BTreeMap<(Series, String, String, String), (f64, Spot)> = BTreeMap::new();
        for (index, one) in placed.into_iter().enumerate() {
            let Placed {
                spot,
                series,
                value,
                is_bound,
            } = one;
            if is_bound && !self.takes_in(&value) {
                let because =
                    "a bound and no figure: it says that the value lies beyond".to_owned();
                let doubted = Some(value);
                self.meanings
                    .insert(spot, Meaning::LeftOut { because, doubted });
                continue;
            }
            if let Some(times) = doubtful.get(&index).filter(|_| !self.takes_in(&value)) {
                let because = format!(
                    "{} is {times} times as large as all others: it looks like a test entry",
                    value.value
                );
                let doubted = Some(value);
                self.meanings
                    .insert(spot, Meaning::LeftOut { because, doubted });
                continue;
            }
            let cell = (
                series,
                value.measure.clone(),
                value.unit.clone(),
                value.period.clone(),
            );
            if let Some((first, at)) = met.get(&cell) {
                let place = self.place(*at);
                let because = match *first == value.value {
                    true => format!("the same stands in {place}"),
                    false => format!("{place} says {first} for the same"),
                };
                if *first != value.value && series == Series::Actual {
                    differing
                        .entry(value.measure.clone())
                        .or_insert([*at, spot]);
                }
                self.leave(spot, &because);
                continue;
            }
            met.insert(cell, (value.value, spot));
            let meaning = match series {
                Series::Actual => Meaning::Value(value),
                Series::Target => Meaning::Target(value),
            };
            self.meanings.insert(spot, meaning);
        }
        self.ask_about_rows(&differing);
    }

    fn takes_in(&self, value: &DraftValue) -> bool {
        let own = value.place();
        let mut kept = self.kept.iter().flat_map(|kept| &kept.take_in);
        kept.any(|cell| cell == "*" || *cell == own)
    }

    /// Asks about measures that have no value, whatever else is sure of them.
    pub(super) fn ask_about_empty(&mut self, facts: &[Fact]) {
        let mut spots: BTreeMap<String, Vec<Spot>> = BTreeMap::new();
        for fact in facts {
            spots
                .entry(plain(&fact.measure))
                .or_default()
                .push(fact.spot);
        }
        for place in 0..self.measures.len() {
            let measure = &self.measures[place];
            let of_measure = spots
                .get(&plain(&measure.found_as))
                .filter(|_| measure.read);
            let meanings = of_measure.into_iter().flatten();
            let meanings = meanings.filter_map(|spot| self.meanings.get(spot));
            let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
            let mut has_values = of_measure.is_none();
            for meaning in meanings {
                match meaning {
                    Meaning::Value(_) => has_values = true,
                    Meaning::LeftOut { because, .. } => *reasons.entry(because).or_default() += 1,
                    _ => {}
                }
            }
            if has_values {
                continue;
            }
            let most = reasons.into_iter().max_by_key(|(_, count)| *count);
            let because = match most {
                Some((reason, _)) => format!("it has no value: of most of its cells, {reason}"),
                None => "it has targets, and no value".to_owned(),
            };
            self.ask(place, because);
        }
    }

    /// Says which cells were read past a mark or were written short.
    pub(super) fn say_marks(&mut self) {
        let read = self.meanings.iter().filter_map(|(spot, meaning)| {
            let (Meaning::Value(value) | Meaning::Target(value)) = meaning else {
                return None;
            };
            let cell = self.book.sheets[spot.0].cells.get(&spot.1)?;
            let is_read = is_marked(cell);
            is_read.then(|| format!("{} {} as {}", self.place(*spot), cell.shown(), value.value))
        });
        let read: Vec<String> = read.collect();
        if !read.is_empty() {
            let told = list(read.iter().map(String::as_str));
            let count = read.len();
            self.remarks.push(match count {
                1 => {
                    format!("a mark or letter beside a number was read past or written out: {told}")
                }
                _ => format!(
                    "marks or letters beside {count} numbers were read past or written out: {told}"
                ),
            });
        }
    }
}
