//! Tables as text: commas, semicolons or tabs between the cells, whichever divides the first lines best.

use super::Taker;
use crate::book::{At, Cell, CellValue};
use crate::error::WorkbookError;

/// How many lines are looked at to tell what stands between the cells.
const LINES_LOOKED_AT: usize = 20;

/// Reads a table as the one sheet of a workbook, named after the file.
pub fn read(bytes: &[u8], taker: &mut Taker) -> Result<(), WorkbookError> {
    let text = decoded(bytes, &taker.file)?;
    let stem = taker.file.rsplit_once('.').map(|(stem, _)| stem.to_owned());
    let name = stem.unwrap_or_else(|| taker.file.clone());
    taker.sheet(&name, false);
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(divider(&text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    for row in 0.. {
        let more = rows.read_record(&mut record);
        if !more.map_err(|error| taker.damaged(None, error))? {
            break;
        }
        // Blank lines are skipped by the reader, and count in what people see.
        let line = record.position().map_or(row, csv::Position::line);
        let row = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        for (column, text) in (0..).zip(&record) {
            let value = CellValue::Text(text.to_owned());
            taker.cell(At { row, column }, Cell::plain(value))?;
        }
    }
    Ok(())
}

/// The text, in UTF-8, UTF-16 with its mark, or else the western code page of Windows, which old exports have.
fn decoded(bytes: &[u8], file: &str) -> Result<String, WorkbookError> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
        char::decode_utf16(units)
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect::<String>()
    };
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return Ok(wide(rest, u16::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return Ok(wide(rest, u16::from_be_bytes));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    // No table has bytes of zero; pictures and programs do.
    if bytes.contains(&0) {
        let file = file.to_owned();
        return Err(WorkbookError::NotAWorkbook { file });
    }
    Ok(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| western(*byte)).collect(),
    })
}

/// The character of a byte in the western code page of Windows.
fn western(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x91 | 0x92 => '’',
        0x93 | 0x94 => '"',
        0x96 => '–',
        0x97 => '—',
        other => char::from(other),
    }
}

/// What stands between the cells: what divides most of the first lines into the same number of cells.
fn divider(text: &str) -> u8 {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES_LOOKED_AT)
        .collect();
    let agreement = |divider: u8| {
        let counts: Vec<usize> = lines
            .iter()
            .map(|line| line.bytes().filter(|byte| *byte == divider).count())
            .collect();
        let same = |count: usize| counts.iter().filter(|other| **other == count).count();
        let common = counts.iter().filter(|count| **count > 0);
        common.map(|count| (same(*count), *count)).max()
    };
    // The first of equals is taken: `max_by_key` gives the last, so that commas come last.
    let best = [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|divider| agreement(*divider));
    best.unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_divider_is_what_divides_the_lines_alike() {
        assert_eq!(divider("a,b,c\n1,2,3\n"), b',');
        assert_eq!(divider("a;b\n\"1,5\";2\n3,5;4\n"), b';');
        assert_eq!(divider("a\tb\n1,5\t2\n"), b'\t');
        assert_eq!(divider("only text"), b',');
    }

    #[test]
    fn old_code_pages_are_read() {
        let text = decoded(b"Cost \x80,\xa3\x96", "x.csv").expect("text");
        assert_eq!(text, "Cost €,£–");
        let wide: Vec<u8> = [0xff, 0xfe, b'a', 0, b',', 0, b'b', 0].to_vec();
        assert_eq!(decoded(&wide, "x.csv").expect("text"), "a,b");
    }
}
