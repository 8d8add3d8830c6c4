//! What each column of a sheet is taken for, and the form in which that is corrected.

use std::collections::HashMap;

use throughline_app::words;
use throughline_workbook::mapping::{Role, SheetMapping};

/// How many columns can be corrected on the page: a table with more is corrected in the mapping's file.
const COLUMNS_MAX: usize = 40;

/// A column whose heading is no period.
#[derive(Debug, Clone)]
pub struct ImportColumn {
    /// The name of its field.
    pub field: String,
    /// Its heading.
    pub heading: String,
    /// What it is taken for: the word.
    pub role: &'static str,
    /// Why.
    pub because: String,
}

/// The columns of a sheet.
#[must_use]
pub fn columns(sheet: &SheetMapping) -> Vec<ImportColumn> {
    let columns = sheet.columns.iter().take(COLUMNS_MAX).enumerate();
    let column = columns.map(|(place, column)| ImportColumn {
        field: field(place),
        heading: column.heading.clone(),
        role: column.role.word(),
        because: format!("{}.", words::sentence(&column.because)),
    });
    column.collect()
}

fn field(place: usize) -> String {
    format!("column-{place}")
}

/// What can be chosen: the word and what is shown.
#[must_use]
pub fn choices() -> Vec<(&'static str, &'static str)> {
    Role::ALL.map(|role| (role.word(), shown(role))).to_vec()
}

const fn shown(role: Role) -> &'static str {
    match role {
        Role::Measure => "The measure",
        Role::MeasureId => "The id of the measure",
        Role::ParentId => "The id of the measure above",
        Role::Unit => "The unit",
        Role::Owner => "The owner",
        Role::ShownAs => "The unit of measure",
        Role::Better => "Which way is better",
        Role::Frequency => "How often",
        Role::Definition => "The definition",
        Role::Decimals => "Decimal places",
        Role::Baseline => "The baseline",
        Role::Period => "The period",
        Role::Year => "The year",
        Role::Month => "The month",
        Role::Series => "Actual or target",
        Role::Value => "Values",
        Role::Target => "Targets",
        Role::ValueOfMeasure => "Values of the measure it names",
        Role::ValueOfUnit => "Values of the unit it names",
        Role::LeftOut => "Left out",
    }
}

/// What the form says of the columns of a sheet, where it is another thing than what they were taken for.
#[must_use]
pub fn as_said(sheet: &SheetMapping, form: &HashMap<String, String>) -> Vec<(usize, Role)> {
    let columns = sheet.columns.iter().take(COLUMNS_MAX).enumerate();
    let said = columns.filter_map(|(place, column)| {
        let word = form.get(&field(place))?;
        let role = Role::ALL.into_iter().find(|role| role.word() == word)?;
        (role != column.role).then_some((place, role))
    });
    said.collect()
}
