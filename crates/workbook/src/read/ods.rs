//! OpenDocument spreadsheets, cell by cell. What is repeated is written out only where there is something to repeat.

use std::collections::HashSet;
use std::io::{BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::Taker;
use crate::book::{At, Cell, CellValue};
use crate::error::WorkbookError;
use crate::limits::{COLUMNS_MAX, ROWS_MAX, TEXT_BYTES_MAX};

/// Reads every sheet.
pub fn read(bytes: &[u8], taker: &mut Taker) -> Result<(), WorkbookError> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| taker.damaged(None, error))?;
    let part = archive
        .by_name("content.xml")
        .map_err(|error| taker.damaged(None, error))?;
    let mut xml = Reader::from_reader(BufReader::new(part));
    xml.config_mut().expand_empty_elements = true;
    let mut state = Content::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = xml
            .read_event_into(&mut buffer)
            .map_err(|error| taker.damaged(Some(state.at), error))?;
        match event {
            Event::Eof => break,
            Event::Start(element) => state.start(&element, taker),
            Event::End(element) => state.end(element.name().as_ref(), taker)?,
            Event::Text(text) if state.is_in_text() => state.text.push_str(&text.xml10_content()),
            Event::GeneralRef(name) if state.is_in_text() => {
                state.text.push_str(reference(&name.xml10_content()));
            }
            _ => {}
        }
    }
    if state.depth_of_note > 0 || !state.is_done {
        return Err(taker.damaged(Some(state.at), "it ends too early"));
    }
    Ok(())
}

/// The character that a name stands for.
fn reference(name: &str) -> &str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => " ",
    }
}

/// Where the reader is.
#[derive(Default)]
struct Content {
    /// Styles of sheets that are hidden.
    hidden: HashSet<String>,
    /// The style that is being read.
    style: String,
    at: At,
    rows_repeated: u32,
    /// The cells of this row, for the rows that repeat it.
    row: Vec<(u32, Cell)>,
    cell: Option<Open>,
    text: String,
    is_in_paragraph: bool,
    depth_of_note: u32,
    is_done: bool,
}

/// A cell that is being read.
struct Open {
    value: Option<CellValue>,
    is_percent: bool,
    repeated: u32,
    spans: (u32, u32),
}

impl Content {
    fn is_in_text(&self) -> bool {
        self.is_in_paragraph && self.depth_of_note == 0
    }

    fn start(&mut self, element: &BytesStart<'_>, taker: &mut Taker) {
        match element.name().as_ref() {
            "style:style" => self.style = attribute(element, "style:name").unwrap_or_default(),
            "style:table-properties"
                if attribute(element, "table:display").as_deref() == Some("false") =>
            {
                self.hidden.insert(self.style.clone());
            }
            "table:table" => {
                let style = attribute(element, "table:style-name").unwrap_or_default();
                let name = attribute(element, "table:name").unwrap_or_default();
                taker.sheet(&name, self.hidden.contains(&style));
                self.at = At::default();
            }
            "table:table-row" => {
                self.rows_repeated = count(element, "table:number-rows-repeated");
                self.at.column = 0;
                self.row.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.text.clear();
                self.cell = Some(Open::of(element));
            }
            "office:annotation" => self.depth_of_note += 1,
            "text:p" => {
                if self.depth_of_note == 0 && !self.text.is_empty() {
                    self.text.push('\n');
                }
                self.is_in_paragraph = true;
            }
            "text:s" | "text:tab" if self.is_in_text() => self.text.push(' '),
            _ => {}
        }
    }

    fn end(&mut self, name: &str, taker: &mut Taker) -> Result<(), WorkbookError> {
        match name {
            "text:p" => self.is_in_paragraph = false,
            "office:annotation" => self.depth_of_note = self.depth_of_note.saturating_sub(1),
            "table:table-cell" | "table:covered-table-cell" => self.end_cell(taker)?,
            "table:table-row" => self.end_row(taker)?,
            "office:document-content" => self.is_done = true,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self, taker: &mut Taker) -> Result<(), WorkbookError> {
        let Some(open) = self.cell.take() else {
            return Ok(());
        };
        let (rows, columns) = open.spans;
        if rows > 1 || columns > 1 {
            let last = At {
                row: self.at.row.saturating_add(rows - 1),
                column: self.at.column.saturating_add(columns - 1),
            };
            taker.merged(self.at, last);
        }
        let text = std::mem::take(&mut self.text);
        let error = text.starts_with('#') && text.ends_with(['!', '?', 'A']);
        let value = match open.value {
            _ if error || text.starts_with("Err:") => Some(CellValue::Error(text)),
            None if !text.trim().is_empty() => Some(CellValue::Text(text)),
            value => value,
        };
        let until = self
            .at
            .column
            .saturating_add(open.repeated)
            .min(COLUMNS_MAX);
        if let Some(value) = value {
            // Before it is repeated: a long text in all columns of a row would be too much at once.
            if let CellValue::Text(text) | CellValue::Error(text) = &value
                && text.len().saturating_mul(open.repeated as usize) > TEXT_BYTES_MAX
            {
                let (file, place) = (taker.file.clone(), taker.place(self.at));
                return Err(WorkbookError::TooMuchText { file, place });
            }
            let cell = Cell {
                value,
                is_percent: open.is_percent,
                fill: None,
            };
            self.row
                .extend((self.at.column..until).map(|column| (column, cell.clone())));
        }
        self.at.column = until;
        Ok(())
    }

    fn end_row(&mut self, taker: &mut Taker) -> Result<(), WorkbookError> {
        let until = self.at.row.saturating_add(self.rows_repeated).min(ROWS_MAX);
        if !self.row.is_empty() {
            for row in self.at.row..until {
                for (column, cell) in &self.row {
                    let at = At {
                        row,
                        column: *column,
                    };
                    taker.cell(at, cell.clone())?;
                }
            }
        }
        self.at.row = until;
        Ok(())
    }
}

impl Open {
    fn of(element: &BytesStart<'_>) -> Open {
        let kind = attribute(element, "office:value-type").unwrap_or_default();
        let of = |name: &str| attribute(element, name);
        let number = || of("office:value").and_then(|text| text.parse::<f64>().ok());
        let value = match kind.as_str() {
            "float" | "percentage" | "currency" => number().map(CellValue::Number),
            "date" => of("office:date-value")
                .and_then(|text| text.get(..10).and_then(|day| day.parse().ok()))
                .map(CellValue::Date),
            "time" => of("office:time-value")
                .and_then(|text| seconds(&text))
                .map(CellValue::Duration),
            "boolean" => of("office:boolean-value").map(|text| CellValue::YesNo(text == "true")),
            "string" => of("office:string-value").map(CellValue::Text),
            _ => None,
        };
        Open {
            value: value
                .filter(|value| !matches!(value, CellValue::Number(number) if !number.is_finite())),
            is_percent: kind == "percentage",
            repeated: count(element, "table:number-columns-repeated"),
            spans: (
                count(element, "table:number-rows-spanned"),
                count(element, "table:number-columns-spanned"),
            ),
        }
    }
}

/// The seconds of a time as `PT01H15M00S`.
fn seconds(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut all = 0.0;
    for (letter, seconds) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, behind)) = rest.split_once(letter) {
            all += number.parse::<f64>().ok()? * seconds;
            rest = behind;
        }
    }
    (rest.is_empty() && all.is_finite()).then_some(all)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).ok()??;
    let text = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    text.ok().map(|text| text.into_owned())
}

/// A count of at least 1.
fn count(element: &BytesStart<'_>, name: &str) -> u32 {
    let text = attribute(element, name);
    text.and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}
