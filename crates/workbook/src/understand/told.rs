//! What is told of a workbook that was understood: its mapping, each of its cells, and what there is to say of the whole.

use std::collections::BTreeSet;

use super::nothing::nothing;
use super::work::Work;
use super::{CellMeaning, Meaning, Understood};
use crate::draft::Draft;
use crate::keys::Keys;
use crate::mapping::{MAPPING_VERSION, Mapping, MeasureMapping, Named, Sure};
use crate::words::plain;

impl Work<'_> {
    pub(super) fn finish(mut self, sheets: Vec<crate::mapping::SheetMapping>) -> Understood {
        let people = self.people();
        let mapping = Mapping {
            version: MAPPING_VERSION,
            organisation: self.organisation.clone(),
            year: self.kept.and_then(|kept| kept.year),
            sheets,
            measures: self.with_absent(),
            units: self.units.clone(),
            people,
            take_in: self
                .kept
                .map(|kept| kept.take_in.clone())
                .unwrap_or_default(),
        };
        let none = self.none();
        let mut cells = self.cells();
        self.say_of_all(&mapping, &cells);
        let draft = Draft::of(&mapping, &self.measures, &cells, none, self.calendar);
        self.say_disagreement(&draft, &cells);
        cells.extend(self.coloured());
        for (measure, floor) in &draft.floors {
            let named = self.measures.iter().find(|one| one.key == *measure);
            let measure = named.map_or(measure.as_str(), |one| one.name.as_str());
            self.remarks.push(format!("the target of {measure} is 0, for which the rules give no floor: {floor} was taken, as far off as its values typically are"));
        }
        let nothing = (draft.observations.is_empty() && draft.targets.is_empty())
            .then(|| nothing(&self.book.name, &mapping, &cells));
        Understood {
            mapping,
            measures: self.measures,
            cells,
            remarks: self.remarks,
            draft,
            nothing,
        }
    }

    /// The measures of this file, and those of the mapping that it does not have, for the file after.
    fn with_absent(&self) -> Vec<MeasureMapping> {
        let known: BTreeSet<&String> = self.measures.iter().map(|measure| &measure.key).collect();
        let absent = self
            .kept
            .iter()
            .flat_map(|kept| &kept.measures)
            .filter(|measure| !known.contains(&measure.key));
        self.measures.iter().chain(absent).cloned().collect()
    }

    fn people(&self) -> Vec<Named> {
        let mut people = self
            .kept
            .map(|kept| kept.people.clone())
            .unwrap_or_default();
        let mut keys = Keys::beside(
            &people
                .iter()
                .map(|person| person.key.clone())
                .collect::<Vec<_>>(),
        );
        for owner in self
            .measures
            .iter()
            .filter(|measure| measure.read)
            .filter_map(|measure| measure.owner.as_ref())
        {
            if !people
                .iter()
                .any(|person| plain(&person.found_as) == plain(owner))
            {
                people.push(Named {
                    found_as: owner.clone(),
                    key: keys.of(owner),
                    name: owner.clone(),
                });
            }
        }
        people
    }

    fn cells(&mut self) -> Vec<CellMeaning> {
        let mut cells = Vec::new();
        for (number, sheet) in self.book.sheets.iter().enumerate() {
            for (at, cell) in &sheet.cells {
                let spot = (number, *at);
                let meaning = self.meanings.remove(&spot).unwrap_or_else(|| {
                    match (self.facts.left_out.get(&spot), self.facts.names.get(&spot)) {
                        (Some(because), _) => Meaning::LeftOut {
                            because: because.clone(),
                            doubted: None,
                        },
                        (None, Some(what)) => Meaning::Name { what },
                        (None, None) => Meaning::LeftOut {
                            because: "it belongs to no table".to_owned(),
                            doubted: None,
                        },
                    }
                });
                cells.push(CellMeaning {
                    sheet: sheet.name.clone(),
                    cell: *at,
                    found: cell.shown().chars().take(80).collect(),
                    meaning,
                });
            }
        }
        cells
    }

    fn say_of_all(&mut self, mapping: &Mapping, cells: &[CellMeaning]) {
        if self.book.has_macros {
            self.remarks.push(
                "the file brings macros, which are not run; values are read as they were saved"
                    .to_owned(),
            );
        }
        let filled = self
            .book
            .sheets
            .iter()
            .filter(|sheet| !sheet.is_hidden)
            .flat_map(|sheet| sheet.cells.values())
            .filter(|cell| cell.fill.is_some())
            .count();
        if filled > 0 {
            self.remarks.push(format!("{filled} cells have a colour, which is left out: status is computed from values and targets"));
        }
        if let (count, Some(first)) = self.facts.empty {
            let where_first = self.place(first);
            let what = match count {
                1 => "1 place for a value is empty,".to_owned(),
                many => format!("{many} places for a value are empty, the first"),
            };
            self.remarks.push(format!(
                "{what} at {where_first}: nothing is recorded there"
            ));
        }
        let hidden: Vec<&str> = self
            .book
            .sheets
            .iter()
            .filter(|sheet| sheet.is_hidden)
            .map(|sheet| sheet.name.as_str())
            .collect();
        let unread = mapping
            .sheets
            .iter()
            .filter(|sheet| !sheet.read && hidden.contains(&sheet.name.as_str()))
            .count();
        if unread > 0 {
            self.remarks.push(format!(
                "hidden sheets are not read: {}",
                list(hidden.into_iter())
            ));
        }
        let with_target: BTreeSet<&String> = cells
            .iter()
            .filter_map(|cell| match &cell.meaning {
                Meaning::Target(target) => Some(&target.measure),
                _ => None,
            })
            .collect();
        let without: Vec<&str> = self
            .measures
            .iter()
            .filter(|measure| {
                measure.read && measure.better.is_some() && !with_target.contains(&measure.key)
            })
            .map(|measure| measure.name.as_str())
            .collect();
        if !without.is_empty() {
            self.remarks.push(format!(
                "{} without a target: {}",
                count(without.len(), "measure"),
                list(without.into_iter())
            ));
        }
        let to_check: Vec<&str> = self
            .measures
            .iter()
            .filter(|measure| measure.read && measure.sure == Sure::ToCheck)
            .map(|measure| measure.name.as_str())
            .collect();
        if !to_check.is_empty() {
            self.remarks.push(format!(
                "{} to check: {}",
                count(to_check.len(), "measure"),
                list(to_check.into_iter())
            ));
        }
    }
}

fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// The first few, and how many more there are.
pub(super) fn list<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const NAMED_MAX: usize = 5;
    let more = names.len().saturating_sub(NAMED_MAX);
    let named = names.take(NAMED_MAX).collect::<Vec<_>>().join(", ");
    if more == 0 {
        named
    } else {
        format!("{named} and {more} more")
    }
}
