//! Why a file cannot be read as a workbook, and what whoever brought it can do.

use thiserror::Error;

use crate::limits::{
    CELLS_MAX, EXPANDED_BYTES_MAX, EXPANSION_RATIO_MAX, FILE_BYTES_MAX, TEXT_BYTES_MAX,
};

/// Why a file cannot be read. Nothing of it was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WorkbookError {
    /// The file has no bytes, or none of its cells has anything in it.
    #[error("{file} is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// It is larger than a file may be.
    #[error("{file} has more than {} MiB", FILE_BYTES_MAX / 1024 / 1024)]
    TooLarge {
        /// The file.
        file: String,
    },
    /// It expands to more than it may.
    #[error("{file} expands to more than {} MiB", EXPANDED_BYTES_MAX / 1024 / 1024)]
    ExpandsTooFar {
        /// The file.
        file: String,
    },
    /// It expands too much for its size, as only files do that are made to exhaust a machine.
    #[error("{file} expands to more than {EXPANSION_RATIO_MAX} times its size")]
    Bomb {
        /// The file.
        file: String,
    },
    /// It has more cells than it may.
    #[error("{file} has more than {CELLS_MAX} cells with something in them, counted up to {place}")]
    TooManyCells {
        /// The file.
        file: String,
        /// The sheet and cell where that was noticed.
        place: String,
    },
    /// Its texts are longer than they may be together.
    #[error("the texts of {file} have more than {} MiB together, counted up to {place}", TEXT_BYTES_MAX / 1024 / 1024)]
    TooMuchText {
        /// The file.
        file: String,
        /// The sheet and cell where that was noticed.
        place: String,
    },
    /// It needs a password.
    #[error("{file} is protected with a password")]
    PasswordProtected {
        /// The file.
        file: String,
    },
    /// It is of a kind of spreadsheet that is not read.
    #[error("{file} is {kind}, which is not read")]
    OtherSpreadsheet {
        /// The file.
        file: String,
        /// What it is, with its article.
        kind: &'static str,
    },
    /// It is no spreadsheet at all.
    #[error("{file} is no workbook and no table")]
    NotAWorkbook {
        /// The file.
        file: String,
    },
    /// It is damaged.
    #[error("{file} is damaged{place}: {message}")]
    Damaged {
        /// The file.
        file: String,
        /// ` at North!B7`, or empty where that cannot be told.
        place: String,
        /// What was wrong.
        message: String,
    },
    /// A kept mapping cannot be read.
    #[error("the mapping cannot be read: {message}")]
    BadMapping {
        /// What was wrong.
        message: String,
    },
    /// What was understood makes no plan.
    #[error("{message}")]
    NothingToImport {
        /// Why.
        message: String,
        /// What to do.
        help: String,
    },
}

impl WorkbookError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> String {
        let help = match self {
            WorkbookError::Empty { .. } => "give a workbook with measures, periods and values",
            WorkbookError::TooLarge { .. } | WorkbookError::ExpandsTooFar { .. } => {
                "take pictures and sheets without numbers out of it, or save the sheets that matter as .csv"
            }
            WorkbookError::Bomb { .. } => {
                "open it in a spreadsheet, copy the cells that matter into a new workbook, and save that as .xlsx"
            }
            WorkbookError::TooManyCells { .. } | WorkbookError::TooMuchText { .. } => {
                "split it into several workbooks, and import one after the other"
            }
            WorkbookError::PasswordProtected { .. } => {
                "open it in a spreadsheet, save it without a password, and import that"
            }
            WorkbookError::OtherSpreadsheet { .. } => "save it as .xlsx, and import that",
            WorkbookError::NotAWorkbook { .. } => "give a .xlsx, .ods or .csv file",
            WorkbookError::Damaged { .. } => {
                "open it in a spreadsheet, save it again as .xlsx, and import that"
            }
            WorkbookError::BadMapping { .. } => {
                "write a new one with `--write-mapping`, and correct that"
            }
            WorkbookError::NothingToImport { help, .. } => help,
        };
        help.to_owned()
    }
}
