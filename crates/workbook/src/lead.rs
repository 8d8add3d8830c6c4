//! What stands right above a table: a title, and labels such as `Owner: Mei Tan`.

use throughline_core::Calendar;

use crate::book::{At, Cell, Sheet};
use crate::heading::Heading;
use crate::labels::series_of;
use crate::mapping::Role;
use crate::table::{Table, is_number};
use crate::week;
use crate::words::{is_note, is_total, plain, role_of};

/// How many empty rows may stand between a table and what is said above it.
const GAP_MAX: u32 = 1;

/// The longest title or label above a table, in bytes.
const LEAD_MAX: usize = 80;

/// The rows right above a table that have one text, or a label with a text beside it.
pub fn lead(sheet: &Sheet, above: &[u32], heading: u32, calendar: &Calendar) -> Vec<u32> {
    let mut lead = Vec::new();
    let mut next = heading;
    for row in above.iter().rev().copied() {
        let cells: Vec<&Cell> = sheet.row(row).map(|(_, cell)| cell).collect();
        let first = cells[0].shown();
        let is_label = cells.len() == 2 && (first.ends_with(':') || role_of(&first).is_some());
        let is_said = (cells.len() == 1 || is_label)
            && !first.is_empty()
            && first.len() <= LEAD_MAX
            && !is_number(cells[0], calendar)
            && !is_total(&first)
            && !is_note(&first);
        if !is_said || next - row > GAP_MAX + 1 {
            break;
        }
        lead.insert(0, row);
        next = row;
    }
    lead
}

/// What a table is called: the heading of its labels, where all of these say series and the heading says what they are of; or
/// else the text above it.
pub fn title(sheet: &Sheet, table: &Table) -> Option<(At, String)> {
    let row = table.heading_rows.last().copied()?;
    let names = |heading: &Heading| {
        let is_other = heading.said.is_some() || heading.series.is_some();
        !is_other && !heading.rest.is_empty() && role_of(&heading.rest).is_none()
    };
    let mut columns = table.columns.iter();
    let found =
        columns.find(|(column, heading)| names(heading) && heads_series(sheet, table, *column));
    match found {
        Some((column, heading)) => {
            let column = *column;
            Some((At { row, column }, heading.rest.clone()))
        }
        None => text_above(sheet, table),
    }
}

/// Whether all labels of a column say series, each beside values.
fn heads_series(sheet: &Sheet, table: &Table, column: u32) -> bool {
    let rows = table.rows.iter().copied();
    let labels = rows.filter_map(|row| {
        let text = sheet.cells.get(&At { row, column })?.text();
        let is_other = text.is_empty() || is_total(&text) || is_note(&text);
        (!is_other).then_some((row, text))
    });
    let mut labels = labels.peekable();
    labels.peek().is_some()
        && labels.all(|(row, text)| series_of(&text).is_some() && sheet.row(row).count() > 1)
}

/// The text above a table that is no label, and says more than which day of their weeks its days are.
pub fn text_above(sheet: &Sheet, table: &Table) -> Option<(At, String)> {
    let mut rows = table.lead.iter().rev();
    rows.find_map(|row| {
        let mut cells = sheet.row(*row);
        let (at, cell) = cells.next()?;
        let text = cell.shown();
        let is_title = label(&text).is_none() && week::alone(&text).is_none();
        (cells.next().is_none() && is_title).then_some((at, text))
    })
}

/// The role that a label above a table names, and the text beside it where that stands in the same cell.
pub fn label(text: &str) -> Option<(Role, Option<String>)> {
    let (name, rest) = match text.split_once(':') {
        Some((name, rest)) => (name, Some(rest.trim().to_owned())),
        None => (text, None),
    };
    let role = match plain(name).as_str() {
        "unit" => Role::ShownAs,
        _ => role_of(name)?,
    };
    Some((role, rest.filter(|rest| !rest.is_empty())))
}
