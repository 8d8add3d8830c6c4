//! Workbooks of Excel 2007 and later, cell by cell.

use std::io::Cursor;

use calamine::{CellErrorType, DataRef, Reader, SheetType, SheetVisible, Style, Xlsx, XlsxError};
use jiff::civil::Date;

use super::Taker;
use crate::book::{At, Cell, CellValue};
use crate::error::WorkbookError;

/// The seconds of a day, of which a spreadsheet writes times as parts.
const SECONDS_OF_DAY: f64 = 86_400.0;

/// Reads every sheet. Nothing that can be calculated is: of a formula there is the value that the workbook remembers.
pub fn read(bytes: &[u8], taker: &mut Taker) -> Result<(), WorkbookError> {
    let mut book: Xlsx<Cursor<&[u8]>> = Xlsx::new(Cursor::new(bytes)).map_err(|error| {
        if matches!(error, XlsxError::Password) {
            let file = taker.file.clone();
            return WorkbookError::PasswordProtected { file };
        }
        taker.damaged(None, error)
    })?;
    let sheets = book.sheets_metadata().to_vec();
    for sheet in sheets {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        taker.sheet(&sheet.name, sheet.visible != SheetVisible::Visible);
        read_cells(&mut book, &sheet.name, taker)?;
        // What is merged helps to read headings, and a sheet without is no worse.
        for area in book
            .merge_cells_by_sheet_name(&sheet.name)
            .unwrap_or_default()
        {
            let at = |(row, column)| At { row, column };
            taker.merged(at(area.start), at(area.end));
        }
    }
    Ok(())
}

fn read_cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    taker: &mut Taker,
) -> Result<(), WorkbookError> {
    let mut cells = book
        .worksheet_cells_reader(sheet)
        .map_err(|error| taker.damaged(None, error))?;
    let formats: Vec<Format> = cells.styles().iter().map(Format::of).collect();
    let mut last = At::default();
    loop {
        let next = cells.next_cell_with_style_id();
        let Some((cell, style)) = next.map_err(|error| taker.damaged(Some(last), error))? else {
            return Ok(());
        };
        let (row, column) = cell.get_position();
        last = At { row, column };
        if let Some(value) = value(cell.get_value()) {
            let format = formats.get(style).copied().unwrap_or_default();
            let is_number = matches!(value, CellValue::Number(_));
            let cell = Cell {
                value,
                is_percent: format.is_percent && is_number,
                fill: format.fill,
            };
            taker.cell(last, cell)?;
        } else if let Some(fill) = formats.get(style).and_then(|format| format.fill) {
            taker.coloured(last, fill);
        }
    }
}

/// What matters of a style.
#[derive(Clone, Copy, Default)]
struct Format {
    is_percent: bool,
    fill: Option<(u8, u8, u8)>,
}

impl Format {
    fn of(style: &Style) -> Format {
        let code = style.number_format.as_ref();
        let fill = style.fill.as_ref().filter(|fill| fill.is_visible());
        let color = fill.and_then(|fill| fill.get_color());
        Format {
            is_percent: code.is_some_and(|format| shows_percent(&format.format_code)),
            fill: color
                .filter(|color| !color.is_white() && !color.is_black())
                .map(|color| (color.red, color.green, color.blue)),
        }
    }
}

/// Whether a format shows a hundred times the number. A percent sign in quotes or after a backslash is only text.
fn shows_percent(code: &str) -> bool {
    let mut is_quoted = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => is_quoted = !is_quoted,
            '\\' => drop(characters.next()),
            '%' if !is_quoted => return true,
            _ => {}
        }
    }
    false
}

fn value(data: &DataRef<'_>) -> Option<CellValue> {
    match data {
        DataRef::Int(number) => Some(CellValue::Number(*number as f64)),
        DataRef::Float(number) => Some(CellValue::Number(*number)),
        DataRef::String(text) => Some(CellValue::Text(text.clone())),
        DataRef::SharedString(text) => Some(CellValue::Text((*text).to_owned())),
        DataRef::Bool(yes) => Some(CellValue::YesNo(*yes)),
        // A time without a day: how long something took.
        DataRef::DateTime(moment) if !moment.is_datetime() || moment.as_f64() < 1.0 => {
            let seconds = (moment.as_f64() * SECONDS_OF_DAY).round();
            seconds.is_finite().then_some(CellValue::Duration(seconds))
        }
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
            let date = match parts {
                (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
                _ => None,
            };
            Some(date.map_or(CellValue::Number(moment.as_f64()), CellValue::Date))
        }
        DataRef::DateTimeIso(text) => {
            let day = text.get(..10).and_then(|day| day.parse().ok());
            Some(day.map_or_else(|| CellValue::Text(text.clone()), CellValue::Date))
        }
        DataRef::DurationIso(text) => Some(CellValue::Text(text.clone())),
        DataRef::Error(error) => Some(CellValue::Error(error_name(error))),
        DataRef::Empty => None,
    }
}

fn error_name(error: &CellErrorType) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_in_quotes_is_text() {
        assert!(shows_percent("0.0%"));
        assert!(shows_percent("[Red]0%;-0%"));
        assert!(!shows_percent("0.0\"%\""));
        assert!(!shows_percent("0.0\\%"));
        assert!(!shows_percent("General"));
    }
}
