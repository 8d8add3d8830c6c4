//! What was understood of a workbook, added up for people: each measure with what was found of it, and what was left out by
//! reason.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::{UnitOfMeasure, format_value};
use throughline_workbook::{At, DraftValue, Meaning, MeasureMapping};

use super::{PreparedImport, refused};
use crate::AppError;

/// How many cells were taken for what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CellCounts {
    /// Values.
    pub values: usize,
    /// Targets.
    pub targets: usize,
    /// What names something: measures, units, owners, headings.
    pub names: usize,
    /// What was left out.
    pub left_out: usize,
}

impl CellCounts {
    /// All cells with something in them.
    #[must_use]
    pub fn all(self) -> usize {
        self.understood() + self.left_out
    }

    /// The cells that were taken for something.
    #[must_use]
    pub fn understood(self) -> usize {
        self.values + self.targets + self.names
    }
}

/// A measure, and what was found of it.
#[derive(Debug, Clone)]
pub struct FoundMeasure<'a> {
    /// How it is understood.
    pub mapping: &'a MeasureMapping,
    /// Whether it stands in the plan already, and stays as it is.
    pub stands: bool,
    /// Its last target, of the last of its units.
    pub target: Option<&'a DraftValue>,
    /// How many values there are.
    pub values: usize,
    /// In how many units.
    pub units: usize,
}

impl FoundMeasure<'_> {
    /// A value of it, as it is shown.
    #[must_use]
    pub fn shown(&self, value: f64) -> String {
        let unit = UnitOfMeasure::parse(self.mapping.shown_as.as_deref().unwrap_or_default());
        format_value(Some(value), &unit, self.mapping.decimals)
    }
}

/// Cells that are left out for the same reason.
#[derive(Debug, Clone)]
pub struct CellsLeftOut<'a> {
    /// Why.
    pub because: &'a str,
    /// Each of them.
    pub cells: Vec<CellLeftOut<'a>>,
}

/// A cell that is left out.
#[derive(Debug, Clone, Copy)]
pub struct CellLeftOut<'a> {
    /// Its sheet.
    pub sheet: &'a str,
    /// Itself.
    pub cell: At,
    /// What stands in it.
    pub found: &'a str,
    /// The value that it is, if somebody says that it is right.
    pub doubted: Option<&'a DraftValue>,
}

impl PreparedImport {
    /// Why there is nothing to bring in, where there is nothing.
    #[must_use]
    pub fn nothing(&self) -> Option<AppError> {
        self.understood.nothing.clone().map(refused)
    }

    /// How many cells were taken for what.
    #[must_use]
    pub fn counts(&self) -> CellCounts {
        let mut counts = CellCounts::default();
        for cell in &self.understood.cells {
            match cell.meaning {
                Meaning::Value(_) => counts.values += 1,
                Meaning::Target(_) => counts.targets += 1,
                Meaning::Name { .. } => counts.names += 1,
                Meaning::LeftOut { .. } => counts.left_out += 1,
            }
        }
        counts
    }

    /// The measures of the workbook, in the order in which they were met.
    #[must_use]
    pub fn measures(&self) -> Vec<FoundMeasure<'_>> {
        let mut values: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
        for one in &self.understood.draft.observations {
            let (count, units) = values.entry(&one.measure).or_default();
            *count += 1;
            units.insert(&one.unit);
        }
        // They stand in the order of their days.
        let targets = self.understood.draft.targets.iter();
        let targets: BTreeMap<&str, &DraftValue> =
            targets.map(|one| (one.measure.as_str(), one)).collect();
        let found = |mapping: &'_ MeasureMapping| {
            let of = values.get(mapping.key.as_str()).filter(|_| mapping.read);
            let target = targets.get(mapping.key.as_str()).copied();
            (
                of.map_or((0, 0), |(count, units)| (*count, units.len())),
                target,
            )
        };
        let measures = self.understood.measures.iter();
        measures
            .map(|mapping| {
                let ((values, units), target) = found(mapping);
                FoundMeasure {
                    mapping,
                    stands: mapping.read && self.standing.contains(&mapping.key),
                    target: target.filter(|_| mapping.read),
                    values,
                    units,
                }
            })
            .collect()
    }

    /// The cells that are left out, by reason; the reason with the most cells first.
    #[must_use]
    pub fn left_out(&self) -> Vec<CellsLeftOut<'_>> {
        let mut groups: BTreeMap<&str, Vec<CellLeftOut<'_>>> = BTreeMap::new();
        for cell in &self.understood.cells {
            if let Meaning::LeftOut { because, doubted } = &cell.meaning {
                groups.entry(because).or_default().push(CellLeftOut {
                    sheet: &cell.sheet,
                    cell: cell.cell,
                    found: &cell.found,
                    doubted: doubted.as_ref(),
                });
            }
        }
        let groups = groups.into_iter();
        let mut groups: Vec<CellsLeftOut<'_>> = groups
            .map(|(because, cells)| CellsLeftOut { because, cells })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.cells.len()));
        groups
    }

    /// The first and the last period with a value, by their names; none where there are only targets.
    #[must_use]
    pub fn periods(&self) -> Option<(&str, &str)> {
        let periods = self.understood.draft.observations.iter();
        let periods: BTreeSet<&str> = periods.map(|one| one.period.as_str()).collect();
        Some((periods.first()?, periods.last()?))
    }
}
