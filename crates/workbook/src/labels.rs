//! Labels of rows that say a series and no name: a row called Target is the target of something, and never a unit or a measure
//! of that name. A label may say both ("Sales, target"), where the rest of it names something beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::{At, Sheet};
use crate::heading::Series;
use crate::table::Table;
use crate::words::{is_note, is_total, plain};

/// The longest name of a group of rows, in bytes; what is longer is a note.
const NAME_MAX: usize = 60;

/// What the label of a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it names; nothing if it says a series alone.
    pub name: Option<String>,
    /// The series that it says, if it says one; `Some(None)` is one that is not taken in, such as a variance.
    pub series: Option<Option<Series>>,
}

/// What the labels of a column say together.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// The names, in plain words.
    names: BTreeSet<String>,
    /// What a label names beside its series, in plain words, by the series that are met with it.
    bases: BTreeSet<String>,
    /// How many rows with values are named.
    pub named: usize,
    /// How many rows with values are targets by their label alone.
    pub targets: usize,
    /// How many rows with values say a series alone.
    pub series: usize,
    /// Rows with a label and nothing else.
    pub alone: BTreeSet<u32>,
}

impl Labels {
    /// What the labels of a column say. Names that are `known` from a kept mapping stay names.
    pub fn of(sheet: &Sheet, table: &Table, column: u32, known: &BTreeSet<String>) -> Labels {
        let mut labels = Labels::default();
        let mut split = Vec::new();
        for row in &table.rows {
            let at = At { row: *row, column };
            let text = sheet.cells.get(&at).map(|cell| cell.text());
            let Some(text) = text.filter(|text| !text.is_empty()) else {
                continue;
            };
            if is_total(&text) || is_note(&text) {
                continue;
            }
            if sheet.row(*row).count() == 1 {
                if text.len() < NAME_MAX {
                    labels.alone.insert(*row);
                }
                continue;
            }
            match series_of(&text).filter(|_| !known.contains(&plain(&text))) {
                Some(series) => {
                    labels.series += 1;
                    labels.targets += usize::from(series == Some(Series::Target));
                }
                None => {
                    split.extend(apart(&text));
                    labels.names.insert(plain(&text));
                    labels.named += 1;
                }
            }
        }
        labels.bases = paired(split, &labels.names);
        labels.bases.retain(|base| !known.contains(base));
        labels
    }

    /// Whether no row with values is named: all say series.
    pub fn are_series(&self) -> bool {
        self.named == 0 && self.series > 0
    }

    /// Whether the rows with a label alone name what the rows of series below them are of.
    pub fn names_stand_alone(&self) -> bool {
        self.are_series() && !self.alone.is_empty()
    }

    /// Whether the one row of targets is of no named row, but of all together.
    pub fn target_is_of_all(&self) -> bool {
        self.named > 1 && self.targets == 1
    }

    /// What a label says.
    pub fn told(&self, text: &str) -> Told {
        let words = plain(text);
        let is_name = self.names.contains(&words);
        if let Some(series) = series_of(text).filter(|_| !is_name) {
            return Told {
                name: None,
                series: Some(series),
            };
        }
        let parts = apart(text).filter(|(base, _)| self.bases.contains(&plain(base)));
        match parts {
            Some((base, series)) => Told {
                name: Some(base),
                series: Some(series),
            },
            None => Told {
                name: Some(text.to_owned()),
                series: None,
            },
        }
    }
}

/// What stands beside a series in several labels, or beside one and also alone: then it is a name.
pub fn paired(split: Vec<(String, Option<Series>)>, names: &BTreeSet<String>) -> BTreeSet<String> {
    let mut met: BTreeMap<String, BTreeSet<Option<Series>>> = BTreeMap::new();
    for (base, series) in split {
        met.entry(plain(&base)).or_default().insert(series);
    }
    let is_name = |(base, series): &(String, BTreeSet<Option<Series>>)| {
        series.len() > 1 || names.contains(base)
    };
    let bases = met.into_iter().filter(is_name);
    bases.map(|(base, _)| base).collect()
}

/// The series that a label says and nothing else; `Some(None)` is one that is not taken in. Years, signs and units beside the
/// word say nothing more.
pub fn series_of(label: &str) -> Option<Option<Series>> {
    #[rustfmt::skip]
    const TARGET: &[&str] = &[
        "target", "targets", "tgt", "plan", "planned", "goal", "budget", "target value", "monthly target", "annual target",
        "fy target", "target fy",
    ];
    #[rustfmt::skip]
    const ACTUAL: &[&str] = &[
        "actual", "actuals", "act", "achieved", "outturn", "result", "results", "actual value", "monthly actual",
    ];
    #[rustfmt::skip]
    const OTHER: &[&str] = &[
        "variance", "var", "gap", "diff", "difference", "delta", "last year", "previous year", "prior year", "py", "ly",
        "forecast", "rag", "rag status", "status", "trend", "of target", "vs target", "variance to target", "variance to plan",
        "ytd", "year to date", "cumulative", "ytd actual", "ytd target", "actual ytd", "target ytd", "comment", "comments",
        "commentary", "benchmark", "change", "same month last year", "same period last year",
    ];
    let plain = plain(label);
    let words = plain
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic));
    let words = words.collect::<Vec<_>>().join(" ");
    let is = |list: &[&str]| list.contains(&words.as_str());
    if is(TARGET) {
        Some(Some(Series::Target))
    } else if is(ACTUAL) {
        Some(Some(Series::Actual))
    } else if is(OTHER) {
        Some(None)
    } else {
        None
    }
}

/// A label taken apart into a name and the series at its end.
pub fn apart(label: &str) -> Option<(String, Option<Series>)> {
    /// The longest series has so many words ("same month last year"), and marks between them.
    const PLACES: usize = 6;
    let label = label.trim().trim_end_matches([')', ']']);
    let marks = [' ', '(', '[', '-', '–', '—', ':', ',', '/', '|'];
    let places = label.rmatch_indices(marks).take(PLACES);
    let parts = places.filter_map(|(place, mark)| {
        let (name, rest) = label.split_at_checked(place)?;
        let series = series_of(rest.strip_prefix(mark)?)?;
        let name = name.trim_end_matches(marks);
        (!name.is_empty()).then(|| (name.to_owned(), series))
    });
    parts.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_series_with_years_and_signs_beside_them() {
        let target = Some(Some(Series::Target));
        for label in [
            "Target",
            "TARGET:",
            "Target 2026",
            "Target (≥)",
            "Target %",
            "Plan",
        ] {
            assert_eq!(series_of(label), target, "{label}");
        }
        assert_eq!(series_of("Actual"), Some(Some(Series::Actual)));
        for label in ["Variance", "Last year", "Last year (2025)", "% of target"] {
            assert_eq!(series_of(label), Some(None), "{label}");
        }
        for label in [
            "North",
            "Target group reached",
            "Planned maintenance",
            "2026",
            "",
        ] {
            assert_eq!(series_of(label), None, "{label}");
        }
    }

    #[test]
    fn a_name_and_its_series_are_taken_apart() {
        let target = Some(Series::Target);
        for label in [
            "Sales target",
            "Sales (Target)",
            "Sales – target",
            "Sales, plan",
        ] {
            assert_eq!(apart(label), Some(("Sales".to_owned(), target)), "{label}");
        }
        let last_year = Some(("Sales".to_owned(), None));
        assert_eq!(apart("Sales last year"), last_year);
        assert_eq!(apart("Sales (same month last year)"), last_year);
        assert_eq!(apart("Target"), None);
    }
}
