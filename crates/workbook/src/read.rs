//! From bytes to a workbook: what kind of file it is, and the one place where its cells are counted.

mod archive;
mod csv;
mod ods;
mod xlsx;

use std::borrow::Cow;

use throughline_model::check::is_unseen;

use crate::book::{At, Cell, CellValue, Sheet, Workbook};
use crate::error::WorkbookError;
use crate::limits::{CELLS_MAX, COLUMNS_MAX, FILE_BYTES_MAX, ROWS_MAX, TEXT_BYTES_MAX};

/// How files begin that are archives.
const ZIP: &[u8] = b"PK\x03\x04";

/// How the files of old office programs begin, and those with a password.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Reads a file; `name` is for messages, and its ending is not trusted.
///
/// # Errors
/// Whatever keeps it from being read; nothing of it is taken in then.
pub fn read(name: &str, bytes: &[u8]) -> Result<Workbook, WorkbookError> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let file = seen(file).into_owned();
    if bytes.is_empty() {
        return Err(WorkbookError::Empty { file });
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(WorkbookError::TooLarge { file });
    }
    let mut taker = Taker::new(&file);
    let has_macros = if bytes.starts_with(ZIP) {
        match archive::kind(&file, bytes)? {
            archive::Kind::Xlsx { has_macros } => {
                xlsx::read(bytes, &mut taker)?;
                has_macros
            }
            archive::Kind::Ods { has_macros } => {
                ods::read(bytes, &mut taker)?;
                has_macros
            }
        }
    } else if bytes.starts_with(COMPOUND) {
        return Err(compound(file, bytes));
    } else {
        csv::read(bytes, &mut taker)?;
        false
    };
    let sheets = taker.sheets;
    if sheets.iter().all(|sheet| sheet.cells.is_empty()) {
        return Err(WorkbookError::Empty { file });
    }
    Ok(Workbook {
        name: file,
        sheets,
        has_macros,
    })
}

/// A text without what nobody sees, such as the marks of web pages from which cells were copied: no name in a plan may hold any.
/// Blanks of all kinds stay.
fn seen(text: &str) -> Cow<'_, str> {
    let is_seen = |character: &char| character.is_whitespace() || !is_unseen(*character);
    match text.chars().all(|character| is_seen(&character)) {
        true => Cow::Borrowed(text),
        false => text.chars().filter(is_seen).collect(),
    }
}

/// What a compound file is: a workbook with a password, or one of Excel 97 to 2003.
fn compound(file: String, bytes: &[u8]) -> WorkbookError {
    let wide: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if bytes.windows(wide.len()).any(|window| window == wide) {
        return WorkbookError::PasswordProtected { file };
    }
    WorkbookError::OtherSpreadsheet {
        file,
        kind: "an .xls file of Excel 97 to 2003, or another old office document",
    }
}

/// Takes cells one by one, and says when there are too many.
struct Taker {
    file: String,
    sheets: Vec<Sheet>,
    cells: usize,
    text: usize,
}

impl Taker {
    fn new(file: &str) -> Taker {
        Taker {
            file: file.to_owned(),
            sheets: Vec::new(),
            cells: 0,
            text: 0,
        }
    }

    /// Begins a sheet.
    fn sheet(&mut self, name: &str, is_hidden: bool) {
        self.sheets.push(Sheet {
            name: seen(name).into_owned(),
            is_hidden,
            ..Sheet::default()
        });
    }

    /// Notes a merged area of the sheet that was begun last.
    fn merged(&mut self, first: At, last: At) {
        if let Some(sheet) = self.sheets.last_mut()
            && sheet.merged.len() < crate::limits::MERGED_MAX
        {
            sheet.merged.push((first, last));
        }
    }

    /// Notes the colour of an empty cell of the sheet that was begun last.
    fn coloured(&mut self, at: At, fill: (u8, u8, u8)) {
        if let Some(sheet) = self.sheets.last_mut()
            && sheet.coloured.len() < crate::limits::COLOURED_MAX
        {
            sheet.coloured.insert(at, fill);
        }
    }

    /// Takes a cell of the sheet that was begun last.
    fn cell(&mut self, at: At, mut cell: Cell) -> Result<(), WorkbookError> {
        if at.row >= ROWS_MAX || at.column >= COLUMNS_MAX {
            return Err(self.damaged(Some(at), "a cell is outside of any sheet"));
        }
        if let CellValue::Text(text) = &mut cell.value
            && let Cow::Owned(seen) = seen(text)
        {
            *text = seen;
        }
        let length = match &cell.value {
            CellValue::Text(text) if text.trim().is_empty() => return Ok(()),
            CellValue::Text(text) | CellValue::Error(text) => text.len(),
            CellValue::Number(number) | CellValue::Duration(number) if !number.is_finite() => {
                return Err(self.damaged(Some(at), "a number is not finite"));
            }
            _ => 0,
        };
        self.cells += 1;
        self.text += length;
        if self.cells > CELLS_MAX {
            let place = self.place(at);
            let file = self.file.clone();
            return Err(WorkbookError::TooManyCells { file, place });
        }
        if self.text > TEXT_BYTES_MAX {
            let place = self.place(at);
            let file = self.file.clone();
            return Err(WorkbookError::TooMuchText { file, place });
        }
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.cells.insert(at, cell);
        }
        Ok(())
    }

    /// `North!B7`
    fn place(&self, at: At) -> String {
        let sheet = self.sheets.last().map_or("", |sheet| sheet.name.as_str());
        format!("{sheet}!{at}")
    }

    fn damaged(&self, at: Option<At>, message: impl ToString) -> WorkbookError {
        let place = match (at, self.sheets.last()) {
            (Some(at), _) => format!(" at {}", self.place(at)),
            (None, Some(sheet)) => format!(" in the sheet {}", sheet.name),
            (None, None) => String::new(),
        };
        WorkbookError::Damaged {
            file: self.file.clone(),
            place,
            message: message.to_string().chars().take(200).collect(),
        }
    }
}
