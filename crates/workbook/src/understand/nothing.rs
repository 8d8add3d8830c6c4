//! Why nothing of a workbook can be brought in, in words, and what to do about it.

use std::collections::BTreeMap;

use super::{CellMeaning, Meaning, NO_PERIOD, NO_YEAR, Understood};
use crate::error::WorkbookError;
use crate::facts::{NO_MEASURE, WITHOUT_PERIOD};
use crate::mapping::Mapping;

/// What a table needs.
const SHAPES: &str = "a table needs measures and periods: one row a measure with months across, one sheet a measure, or the columns measure, unit, period and value";

/// Why nothing of a workbook is a value or a target: what most of its cells lack that could be one.
pub(super) fn nothing(file: &str, mapping: &Mapping, cells: &[CellMeaning]) -> WorkbookError {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells {
        if let Meaning::LeftOut { because, .. } = &cell.meaning {
            *counts.entry(because).or_default() += 1;
        }
    }
    let count = |reason: &str| counts.get(reason).copied().unwrap_or_default();
    let (without_year, without_measure) = (count(NO_YEAR), count(NO_MEASURE));
    let without_period = count(WITHOUT_PERIOD) + count(NO_PERIOD);
    let (why, help) = if without_year > 0 {
        (
            format!("no year is named, and {without_year} cells have a period without one"),
            "say the year: in the field Year on the page, with --year on the command line, or as year in the mapping",
        )
    } else if !mapping.sheets.iter().any(|sheet| sheet.read) {
        ("no sheet that is read has a table".to_owned(), SHAPES)
    } else if without_measure > without_period {
        (
            format!("no measure is named for {without_measure} cells"),
            SHAPES,
        )
    } else if without_period > 0 {
        (
            format!("no period is named for {without_period} cells"),
            SHAPES,
        )
    } else {
        (
            "no number stands where a measure and a period meet".to_owned(),
            SHAPES,
        )
    };
    WorkbookError::NothingToImport {
        message: format!(
            "nothing in {file} is understood as a value of a measure in a period: {why}"
        ),
        help: help.to_owned(),
    }
}

impl Understood {
    /// How many cells have a period of which nobody says the year.
    #[must_use]
    pub fn without_year(&self) -> usize {
        let cells = self.cells.iter();
        let without = cells.filter(
            |cell| matches!(&cell.meaning, Meaning::LeftOut { because, .. } if because == NO_YEAR),
        );
        without.count()
    }
}
