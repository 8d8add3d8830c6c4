//! The archive that a workbook is: what kind it holds, and that it does not expand too far.
//!
//! The sizes that an archive names can lie, so that each part is expanded once, counted and thrown away, before anything
//! else reads it.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::WorkbookError;
use crate::limits::{EXPANDED_BYTES_MAX, EXPANSION_RATIO_MAX, HARMLESS_BYTES, PARTS_MAX};

/// Which workbook an archive holds.
pub enum Kind {
    /// Excel 2007 and later.
    Xlsx {
        /// Whether it brings macros.
        has_macros: bool,
    },
    /// OpenDocument.
    Ods {
        /// Whether it brings macros.
        has_macros: bool,
    },
}

/// The kind of an archive that is safe to expand.
pub fn kind(file: &str, bytes: &[u8]) -> Result<Kind, WorkbookError> {
    let file = file.to_owned();
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&file, &error))?;
    if archive.len() > PARTS_MAX {
        return Err(WorkbookError::Bomb { file });
    }
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| name.ok().map(|name| name.into_owned()))
        .collect();
    let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let begins = |start: &str| names.iter().any(|known| known.starts_with(start));
    expand(&file, bytes, &mut archive)?;
    if has("xl/workbook.xml") {
        let has_macros = has("xl/vbaProject.bin");
        return Ok(Kind::Xlsx { has_macros });
    }
    if has("xl/workbook.bin") {
        let kind = "an .xlsb file";
        return Err(WorkbookError::OtherSpreadsheet { file, kind });
    }
    if has("content.xml") {
        let mut manifest = String::new();
        if let Ok(part) = archive.by_name("META-INF/manifest.xml") {
            drop(part.take(1024 * 1024).read_to_string(&mut manifest));
        }
        if manifest.contains("encryption-data") {
            return Err(WorkbookError::PasswordProtected { file });
        }
        if manifest.contains("oasis.opendocument.spreadsheet") {
            let has_macros = begins("Basic/") || begins("Scripts/");
            return Ok(Kind::Ods { has_macros });
        }
    }
    if has("Index/Document.iwa") || begins("Index/Tables/") {
        let kind = "a Numbers document";
        return Err(WorkbookError::OtherSpreadsheet { file, kind });
    }
    Err(WorkbookError::NotAWorkbook { file })
}

/// Expands every part, and keeps none.
fn expand(
    file: &str,
    bytes: &[u8],
    archive: &mut ZipArchive<Cursor<&[u8]>>,
) -> Result<(), WorkbookError> {
    let ratio = (bytes.len() as u64).saturating_mul(EXPANSION_RATIO_MAX);
    let mut expanded = 0;
    let mut buffer = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        let mut part = archive
            .by_index(index)
            .map_err(|error| damaged(file, &error))?;
        loop {
            let count = part
                .read(&mut buffer)
                .map_err(|error| damaged(file, &ZipError::Io(error)))?;
            if count == 0 {
                break;
            }
            expanded += count as u64;
            if expanded > EXPANDED_BYTES_MAX {
                let file = file.to_owned();
                return Err(WorkbookError::ExpandsTooFar { file });
            }
            if expanded > HARMLESS_BYTES.max(ratio) {
                let file = file.to_owned();
                return Err(WorkbookError::Bomb { file });
            }
        }
    }
    Ok(())
}

fn damaged(file: &str, error: &ZipError) -> WorkbookError {
    let text = error.to_string();
    let file = file.to_owned();
    if text.to_lowercase().contains("password") {
        return WorkbookError::PasswordProtected { file };
    }
    let message = match error {
        ZipError::Io(_) | ZipError::InvalidArchive(_) => {
            "it ends too early, or a part of it cannot be expanded".to_owned()
        }
        _ => text,
    };
    WorkbookError::Damaged {
        file,
        place: String::new(),
        message,
    }
}
