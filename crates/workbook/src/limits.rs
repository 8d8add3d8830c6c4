//! What a file from outside may cost at most. The numbers are those of the security rules for imports.

/// The most bytes of a file.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

/// The most bytes to which a file expands.
pub const EXPANDED_BYTES_MAX: u64 = 200 * 1024 * 1024;

/// The most times its size to which a file expands.
pub const EXPANSION_RATIO_MAX: u64 = 100;

/// Files that expand to no more than this are no danger at any ratio, and small ones compress well.
pub const HARMLESS_BYTES: u64 = 2 * 1024 * 1024;

/// The most parts in the archive that a workbook is.
pub const PARTS_MAX: usize = 10_000;

/// The most cells with something in them.
pub const CELLS_MAX: usize = 1_000_000;

/// The most bytes of all texts together, each cell counted, also where many share one text.
pub const TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The most merged areas of a sheet that are looked at; headings have a few.
pub const MERGED_MAX: usize = 2_000;

/// The most empty cells of a sheet whose colour is looked at: a table with colours in place of words has a few thousand.
pub const COLOURED_MAX: usize = 20_000;

/// The most columns of a sheet.
pub const COLUMNS_MAX: u32 = 16_384;

/// The most rows of a sheet.
pub const ROWS_MAX: u32 = 1_048_576;
