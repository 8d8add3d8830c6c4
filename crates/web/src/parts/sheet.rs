//! A picture of a sheet: its cells as they stand in the workbook, what became of each, and what each row was taken for.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use throughline_app::{PreparedImport, words};
use throughline_workbook::{At, CellMeaning, Meaning, Sheet, Workbook};

/// How many rows are shown at a time.
pub const ROWS_MAX: usize = 20;

/// How many columns are shown; of more, the first and the last.
const COLUMNS_MAX: usize = 9;

/// How many columns are shown on each side of those that are not.
const COLUMNS_AT_EACH_END: usize = 4;

/// The longest text of a cell, in characters.
const TEXT_MAX: usize = 24;

/// A stretch of a sheet.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/sheet.html")]
pub struct SheetPicture {
    /// The name of the sheet.
    pub name: String,
    /// The letters of its columns; of those that are not shown how many they are.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<SheetRow>,
    /// `Rows 1 to 20 of 41`.
    pub shown: String,
    /// The row from which the rows before and after are shown.
    pub around: [Option<usize>; 2],
}

/// A row.
#[derive(Debug, Clone)]
pub struct SheetRow {
    /// Its number, from 1.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<PictureCell>,
    /// What it was taken for.
    pub said: String,
    /// Whether anything of it was taken in.
    pub is_taken: bool,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub struct PictureCell {
    /// What stands in it.
    pub text: String,
    /// What it is: `value`, `target`, `name`, `heading`, `left-out`, or nothing.
    pub class: &'static str,
    /// Whether it stands at the right, as numbers do.
    pub is_number: bool,
}

impl SheetPicture {
    /// The rows of a sheet from one on, counted from 0 among those with something in them.
    #[must_use]
    pub fn of(
        prepared: &PreparedImport,
        book: &Workbook,
        sheet: usize,
        from: usize,
    ) -> SheetPicture {
        let Some(found) = book.sheets.get(sheet) else {
            return SheetPicture::default();
        };
        // Cells and their meanings stand in the same order.
        let before: usize = book
            .sheets
            .iter()
            .take(sheet)
            .map(|sheet| sheet.cells.len())
            .sum();
        let meanings = prepared
            .understood
            .cells
            .iter()
            .skip(before)
            .take(found.cells.len());
        let meanings: BTreeMap<At, &CellMeaning> = meanings.map(|cell| (cell.cell, cell)).collect();
        let columns: BTreeSet<u32> = found.cells.keys().map(|at| at.column).collect();
        let columns = shown_columns(&columns.into_iter().collect::<Vec<u32>>());
        let all = found.rows();
        let from = if from < all.len() { from } else { 0 };
        let to = all.len().min(from + ROWS_MAX);
        let names = names(prepared);
        let row = |row: &u32| SheetRow::of(*row, found, &columns, &meanings, &names);
        SheetPicture {
            name: found.name.clone(),
            columns: columns.iter().map(ShownColumn::heading).collect(),
            rows: all.iter().take(to).skip(from).map(row).collect(),
            shown: match all.len() > ROWS_MAX {
                true => format!(
                    "Rows {} to {to} of {}",
                    from + 1,
                    words::grouped(all.len() as u64)
                ),
                false => words::count(all.len() as u64, "row"),
            },
            around: [
                (from > 0).then(|| from.saturating_sub(ROWS_MAX)),
                (to < all.len()).then_some(to),
            ],
        }
    }
}

/// A column that is shown, or how many are not.
enum ShownColumn {
    One(u32),
    Gap(usize),
}

impl ShownColumn {
    fn heading(&self) -> String {
        match self {
            ShownColumn::One(column) => At {
                row: 0,
                column: *column,
            }
            .letters(),
            ShownColumn::Gap(count) => format!("+{count}"),
        }
    }
}

fn shown_columns(all: &[u32]) -> Vec<ShownColumn> {
    let ones = |columns: &[u32]| {
        columns
            .iter()
            .copied()
            .map(ShownColumn::One)
            .collect::<Vec<_>>()
    };
    if all.len() <= COLUMNS_MAX {
        return ones(all);
    }
    let (first, rest) = all.split_at(COLUMNS_AT_EACH_END);
    let (hidden, last) = rest.split_at(rest.len() - COLUMNS_AT_EACH_END);
    let gap = vec![ShownColumn::Gap(hidden.len())];
    [ones(first), gap, ones(last)]
        .into_iter()
        .flatten()
        .collect()
}

/// The names of measures and units by their keys.
fn names(prepared: &PreparedImport) -> BTreeMap<(&'static str, &str), &str> {
    let mapping = &prepared.understood.mapping;
    let measures = prepared.understood.measures.iter();
    let measures = measures.map(|one| (("measure", one.key.as_str()), one.name.as_str()));
    let units = mapping.units.iter();
    let units = units.map(|one| (("unit", one.key.as_str()), one.name.as_str()));
    measures.chain(units).collect()
}

impl SheetRow {
    fn of(
        row: u32,
        sheet: &Sheet,
        columns: &[ShownColumn],
        meanings: &BTreeMap<At, &CellMeaning>,
        names: &BTreeMap<(&'static str, &str), &str>,
    ) -> SheetRow {
        let of_row: Vec<&CellMeaning> = sheet
            .row(row)
            .filter_map(|(at, _)| meanings.get(&at).copied())
            .collect();
        let cell = |column: &ShownColumn| match column {
            ShownColumn::One(column) => PictureCell::of(
                meanings
                    .get(&At {
                        row,
                        column: *column,
                    })
                    .copied(),
            ),
            ShownColumn::Gap(_) => PictureCell {
                text: "…".to_owned(),
                class: "gap",
                is_number: false,
            },
        };
        SheetRow {
            number: row + 1,
            cells: columns.iter().map(cell).collect(),
            said: said(&of_row, names),
            is_taken: !of_row
                .iter()
                .all(|cell| matches!(cell.meaning, Meaning::LeftOut { .. })),
        }
    }
}

impl PictureCell {
    fn of(cell: Option<&CellMeaning>) -> PictureCell {
        let Some(cell) = cell else {
            return PictureCell::default();
        };
        let mut text: String = cell.found.chars().take(TEXT_MAX).collect();
        if cell.found.chars().count() > TEXT_MAX {
            text.push('…');
        }
        let starts_as_number = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_digit() || "-(.".contains(first))
        };
        PictureCell {
            class: match &cell.meaning {
                Meaning::Value(_) => "value",
                Meaning::Target(_) => "target",
                Meaning::Name { what: "heading" } => "heading",
                Meaning::Name { .. } => "name",
                Meaning::LeftOut { .. } => "left-out",
            },
            is_number: starts_as_number(&text),
            text,
        }
    }
}

/// What the cells of a row were taken for, in a sentence.
fn said(row: &[&CellMeaning], names: &BTreeMap<(&'static str, &str), &str>) -> String {
    let (mut values, mut targets, mut left_out) = (0, 0, 0);
    let (mut measures, mut units) = (BTreeSet::new(), BTreeSet::new());
    let (mut whats, mut reasons) = (Vec::new(), Vec::new());
    for cell in row {
        match &cell.meaning {
            Meaning::Value(value) | Meaning::Target(value) => {
                measures.insert(value.measure.as_str());
                units.insert(value.unit.as_str());
                match cell.meaning {
                    Meaning::Value(_) => values += 1,
                    _ => targets += 1,
                }
            }
            Meaning::Name { what } if !whats.contains(what) => whats.push(*what),
            Meaning::Name { .. } => {}
            Meaning::LeftOut { because, .. } => {
                left_out += 1;
                if !reasons.contains(&because.as_str()) {
                    reasons.push(because.as_str());
                }
            }
        }
    }
    let mut counted: Vec<String> = [(values, "value"), (targets, "target")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| words::count(count, what))
        .collect();
    if counted.is_empty() {
        return match (whats.as_slice(), reasons.as_slice()) {
            ([], []) => String::new(),
            ([], [only]) => format!("Left out: {only}"),
            ([], reasons) => format!(
                "Left out, for {}",
                words::count(reasons.len() as u64, "reason")
            ),
            (["heading"], _) => "Headings".to_owned(),
            (whats, _) => words::sentence(&whats.join(", ")),
        };
    }
    if left_out > 0 {
        counted.push(format!("{left_out} left out"));
    }
    let name =
        |kind: &'static str, key: &str| names.get(&(kind, key)).map(|name| (*name).to_owned());
    let of = |kind: &'static str, word: &str, keys: &BTreeSet<&str>| match keys.len() {
        1 => keys.first().and_then(|key| name(kind, key)),
        count => Some(words::count(count as u64, word)),
    };
    let of_what: Vec<String> = [
        of("measure", "measure", &measures),
        of("unit", "unit", &units),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{}: {}", of_what.join(", "), counted.join(", "))
}
