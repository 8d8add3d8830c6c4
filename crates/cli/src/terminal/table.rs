//! Tables of aligned columns that fit the terminal: one column gives way, and optional ones are left out.

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::paint::{FAINT, PLAIN, paint};

/// The space between two columns.
const GAP: usize = 2;

/// The least width to which the column that gives way is cut.
const NARROWEST: usize = 28;

/// On which side the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    title: &'static str,
    align: Align,
    is_optional: bool,
    gives_way: bool,
}

impl Column {
    /// A column of words.
    pub const fn words(title: &'static str) -> Column {
        Column {
            title,
            align: Align::Left,
            is_optional: false,
            gives_way: false,
        }
    }

    /// A column of numbers.
    pub const fn numbers(title: &'static str) -> Column {
        Column {
            title,
            align: Align::Right,
            is_optional: false,
            gives_way: false,
        }
    }

    /// The column, left out where there is no room for it.
    #[must_use]
    pub const fn optional(self) -> Column {
        Column {
            is_optional: true,
            ..self
        }
    }

    /// The column, cut instead of the first where there is too little room.
    #[must_use]
    pub const fn giving_way(self) -> Column {
        Column {
            gives_way: true,
            ..self
        }
    }
}

/// One cell: a text of one line, and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell in a style.
    pub fn styled(text: impl Into<String>, style: Style) -> Cell {
        Cell {
            text: super::harmless(&text.into()),
            style,
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::styled(text, PLAIN)
    }
}

/// A table. The first column gives way where the terminal is narrow, unless another one does.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    /// Which rows are lines that go over all columns, ascending.
    across: Vec<usize>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Table {
        Table {
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            across: Vec::new(),
        }
    }

    /// Adds a row; cells that are missing at its end are empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Adds a line that goes over all columns.
    pub fn across(&mut self, line: Cell) {
        self.rows.push(vec![line]);
        self.across.push(self.rows.len() - 1);
    }

    /// Adds an empty line.
    pub fn space(&mut self) {
        self.rows.push(Vec::new());
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text in lines of at most `width` columns, if there is such a bound.
    pub fn render(&self, width: Option<usize>) -> String {
        let mut widths = self.widths();
        if let Some(width) = width {
            self.fit(&mut widths, width);
        }
        let mut out = String::new();
        let head: Vec<Cell> = self
            .columns
            .iter()
            .map(|column| Cell::styled(column.title, FAINT))
            .collect();
        if self.columns.iter().any(|column| !column.title.is_empty()) {
            self.line(&head, &widths, &mut out);
        }
        for (position, row) in self.rows.iter().enumerate() {
            match row.first() {
                Some(cell) if self.is_across(position) => {
                    let text = shortened(&cell.text, width.unwrap_or(usize::MAX));
                    out.push_str(&paint(cell.style, &text));
                    out.push('\n');
                }
                _ => self.line(row, &widths, &mut out),
            }
        }
        out
    }

    fn is_across(&self, row: usize) -> bool {
        self.across.binary_search(&row).is_ok()
    }

    /// The width that each column needs; 0 for one that holds nothing at all.
    fn widths(&self) -> Vec<usize> {
        let needed = |position: usize, column: &Column| {
            let rows = self
                .rows
                .iter()
                .enumerate()
                .filter(|(row, _)| !self.is_across(*row));
            let cells = rows.filter_map(|(_, row)| row.get(position));
            let widest = cells.map(|cell| cell.text.width()).max().unwrap_or(0);
            if widest == 0 {
                0
            } else {
                widest.max(column.title.width())
            }
        };
        self.columns
            .iter()
            .enumerate()
            .map(|(position, column)| needed(position, column))
            .collect()
    }

    /// Narrows the column that gives way, and leaves out optional ones from the last, until the lines fit.
    fn fit(&self, widths: &mut [usize], width: usize) {
        let giving = self.columns.iter().position(|column| column.gives_way);
        let giving = giving.unwrap_or_default();
        loop {
            let too_much = total(widths).saturating_sub(width);
            let Some(given) = widths.get(giving) else {
                return;
            };
            let spare = given.saturating_sub(NARROWEST);
            if too_much <= spare {
                widths[giving] -= too_much;
                return;
            }
            let optional =
                |(position, column): (usize, &Column)| column.is_optional && widths[position] > 0;
            let dropped = self.columns.iter().enumerate().rposition(optional);
            match dropped {
                Some(position) => widths[position] = 0,
                None => {
                    widths[giving] -= spare;
                    return;
                }
            }
        }
    }

    fn line(&self, cells: &[Cell], widths: &[usize], out: &mut String) {
        let mut line = String::new();
        let mut pending = 0;
        for (position, (column, width)) in self
            .columns
            .iter()
            .zip(widths)
            .enumerate()
            .filter(|(_, (_, width))| **width > 0)
        {
            let empty = Cell::from("");
            let cell = cells.get(position).unwrap_or(&empty);
            let text = shortened(&cell.text, *width);
            let space = width - text.width().min(*width);
            let (before, after) = match column.align {
                Align::Left => (0, space),
                Align::Right => (space, 0),
            };
            if !text.is_empty() {
                line.push_str(&" ".repeat(pending + before));
                line.push_str(&paint(cell.style, &text));
                pending = after + GAP;
            } else {
                pending += width + GAP;
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
}

fn total(widths: &[usize]) -> usize {
    let shown = widths.iter().filter(|width| **width > 0);
    shown
        .map(|width| width + GAP)
        .sum::<usize>()
        .saturating_sub(GAP)
}

/// The text in at most `width` columns, with a mark where it was cut.
pub fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += character.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(character);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The text in lines of at most `width` columns, broken between words; each line after the first begins with `indent`.
pub fn wrapped(text: &str, width: Option<usize>, indent: &str) -> String {
    let Some(width) = width else {
        return text.to_owned();
    };
    let start = text.len() - text.trim_start_matches(' ').len();
    let (space, words) = text.split_at_checked(start).unwrap_or(("", text));
    let mut out = space.to_owned();
    let mut used = start;
    for word in words.split(' ') {
        let needed = word.width();
        let is_first = out.len() == start;
        if !is_first && used + 1 + needed > width {
            out.push('\n');
            out.push_str(indent);
            used = indent.width();
        } else if !is_first {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += needed;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns = [
            Column::words("Measure"),
            Column::numbers("Value"),
            Column::words("Status"),
            Column::numbers("Score").optional(),
        ];
        let mut table = Table::new(columns);
        table.row([
            "On-time arrivals of everybody who flies".into(),
            "75.1".into(),
            "At risk".into(),
            "81.2".into(),
        ]);
        table.row(["Über".into(), "9,075.1".into(), "".into(), "1.2".into()]);
        table
    }

    fn check(width: Option<usize>, expected: &[&str]) {
        let rendered = anstream::adapter::strip_str(&table().render(width)).to_string();
        assert_eq!(rendered.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn columns_are_aligned() {
        check(
            None,
            &[
                "Measure                                    Value  Status   Score",
                "On-time arrivals of everybody who flies     75.1  At risk   81.2",
                "Über                                     9,075.1             1.2",
            ],
        );
    }

    #[test]
    fn the_first_column_gives_way() {
        check(
            Some(54),
            &[
                "Measure                          Value  Status   Score",
                "On-time arrivals of everybod…     75.1  At risk   81.2",
                "Über                           9,075.1             1.2",
            ],
        );
    }

    #[test]
    fn optional_columns_are_left_out() {
        check(
            Some(48),
            &[
                "Measure                           Value  Status",
                "On-time arrivals of everybody…     75.1  At risk",
                "Über                            9,075.1",
            ],
        );
        check(
            Some(3),
            &[
                "Measure                         Value  Status",
                "On-time arrivals of everybo…     75.1  At risk",
                "Über                          9,075.1",
            ],
        );
    }

    #[test]
    fn long_texts_are_broken_between_words() {
        assert_eq!(
            wrapped("one two three four", Some(9), "  "),
            "one two\n  three\n  four"
        );
        assert_eq!(
            wrapped("  one two three", Some(9), "    "),
            "  one two\n    three"
        );
        assert_eq!(wrapped("one two", None, ""), "one two");
    }
}
