//! KPI workbooks from outside: bytes become cells, cells are understood, and what is understood becomes a draft plan with
//! observations.
//!
//! Bytes in, values out: nothing here opens a file, and nothing in a workbook is run.

pub mod book;
mod columns;
pub mod draft;
mod duration;
pub mod error;
mod facts;
mod guess_frequency;
mod guess_measures;
mod guess_sheets;
mod heading;
mod keys;
mod labels;
mod lead;
pub mod limits;
mod look;
pub mod mapping;
mod number;
mod period;
mod read;
mod status;
mod table;
mod understand;
mod values;
mod week;
mod words;

pub use book::{At, Cell, CellValue, Sheet, Workbook};
pub use draft::{Draft, DraftCell, DraftValue, Standing};
pub use error::WorkbookError;
pub use guess_frequency::due_after;
pub use mapping::{Mapping, MeasureMapping, Sure};
pub use read::read;
pub use understand::{CellMeaning, Meaning, Understood, understand};
