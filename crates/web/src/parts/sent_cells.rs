//! What the form of figures sends: for each cell what it is, what was typed, and what stood there.

use throughline_app::AppError;
use throughline_app::entry::{CELLS_SENT_MAX, Publishing, TypedCell};

/// The longest column that is pasted, in bytes.
const COLUMN_LENGTH_MAX: usize = 64 * 1024;

/// What was sent.
#[derive(Debug, Clone, Default)]
pub struct SentCells {
    /// The cells, each at its place.
    pub cells: Vec<TypedCell>,
    /// Their places in the order in which they stood on the page.
    order: Vec<usize>,
    /// The commit after which the form was made: the same form sent twice records once.
    pub position: String,
    /// A column of figures.
    pub column: String,
    /// When the figures are for all that the sender answers for.
    pub publishing: Publishing,
    /// Whether the column is to be spread over the cells.
    pub is_pasted: bool,
}

impl SentCells {
    /// Of a form.
    ///
    /// # Errors
    /// If it has more cells than are asked for at once, or a column that is too long.
    pub fn of(form: Vec<(String, String)>) -> Result<SentCells, AppError> {
        let mut sent = SentCells::default();
        for (name, value) in form {
            match name.as_str() {
                "position" => sent.position = value,
                "publish" if value == "later" => sent.publishing = Publishing::Later,
                "publish" => sent.publishing = Publishing::Now,
                "column" => sent.column = value,
                "act" => sent.is_pasted = value == "paste",
                _ => sent.put(&name, value)?,
            }
        }
        if sent.column.len() > COLUMN_LENGTH_MAX {
            return Err(AppError::bad_request("the column is too long"));
        }
        Ok(sent)
    }

    /// Whether what is saved is to wait.
    #[must_use]
    pub fn is_later(&self) -> bool {
        self.publishing == Publishing::Later
    }

    /// Puts a field of a cell at its place: `value7`.
    fn put(&mut self, name: &str, value: String) -> Result<(), AppError> {
        let digits = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let Ok(place) = digits.parse::<usize>() else {
            return Ok(());
        };
        if place >= CELLS_SENT_MAX {
            return Err(AppError::bad_request("these are too many figures at once"));
        }
        if self.cells.len() <= place {
            self.cells.resize_with(place + 1, TypedCell::default);
        }
        let Some(cell) = self.cells.get_mut(place) else {
            return Ok(());
        };
        match name.strip_suffix(digits).unwrap_or_default() {
            "cell" => {
                cell.name_by(&value);
                self.order.push(place);
            }
            "value" => cell.value = value,
            "weight" => cell.weight = value,
            "comment" => cell.comment = value,
            "routine" => cell.is_routine = true,
            "known" => cell.known = value,
            "right" => cell.right = value,
            // What was meant takes the place of what was typed, whose field stands before it.
            "meant" => cell.value = value,
            _ => {}
        }
        Ok(())
    }

    /// Spreads the column over the cells that are empty. A line with words beside the figure goes to the cell that all of them name,
    /// if one alone does, by what `called` says of it; where no line names a cell all go in the order of the page, and of as many lines
    /// as it has cells each belongs to the one at its place. Of a line the last column is the figure. What finds no cell stays in the
    /// column, and how many did are counted.
    pub fn spread(&mut self, called: impl Fn(&TypedCell) -> Vec<String>) -> usize {
        let column = std::mem::take(&mut self.column);
        let lines: Vec<Line<'_>> = column.lines().map(Line::of).collect();
        let is_empty = |place: &&usize| {
            let cell = self.cells.get(**place);
            cell.is_some_and(|cell| cell.value.trim().is_empty())
        };
        let open = self.order.iter().filter(is_empty);
        let mut open: Vec<(usize, Vec<String>)> = open
            .map(|place| (*place, called(&self.cells[*place])))
            .collect();
        let is_named = |line: &Line<'_>| open.iter().any(|(_, called)| line.names(called));
        let by_name = lines.iter().any(is_named);
        let is_whole = lines.len() == self.order.len();
        let mut filled = 0;
        for (at, line) in lines.into_iter().enumerate() {
            let found = match by_name {
                false if is_whole => {
                    let here = self.order.get(at);
                    open.iter().position(|(place, _)| Some(place) == here)
                }
                false => (!open.is_empty()).then_some(0),
                true => {
                    let mut named = (0..open.len()).filter(|at| line.names(&open[*at].1));
                    named.next().filter(|_| named.next().is_none())
                }
            };
            match found.map(|found| open.remove(found)) {
                Some((place, _)) => {
                    line.figure.clone_into(&mut self.cells[place].value);
                    filled += 1;
                }
                None => {
                    self.column.push_str(line.text);
                    self.column.push('\n');
                }
            }
        }
        filled
    }
}

/// A line of a column that was pasted.
struct Line<'a> {
    text: &'a str,
    /// What stands before the figure and is no number, in small letters.
    words: Vec<String>,
    figure: &'a str,
}

impl Line<'_> {
    fn of(text: &str) -> Line<'_> {
        let mut columns = text.trim_end().rsplit('\t').map(str::trim);
        let figure = columns.next().unwrap_or_default();
        let words = columns.filter(|word| word.contains(char::is_alphabetic));
        Line {
            text,
            words: words.map(str::to_lowercase).collect(),
            figure,
        }
    }

    /// Whether each of its words is one of those by which a cell is called.
    fn names(&self, called: &[String]) -> bool {
        !self.words.is_empty() && self.words.iter().all(|word| called.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Result<SentCells, AppError> {
        let fields = fields.iter();
        SentCells::of(
            fields
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn each_field_stands_at_its_cell() {
        let sent = sent(&[
            ("cell1", "leaks/ewr/2013-06"),
            ("value1", "81.3"),
            ("routine1", "on"),
            ("cell0", "waits/top/2013-W23"),
            ("value0", ""),
            ("position", "7"),
            ("other", "x"),
        ]);
        let cells = sent.unwrap().cells;
        assert_eq!(cells[1].measure, "leaks");
        assert_eq!(cells[1].unit, "ewr");
        assert_eq!(cells[1].period, "2013-06");
        assert_eq!(cells[1].value, "81.3");
        assert!(cells[1].is_routine);
        assert_eq!(cells[0].period, "2013-W23");
    }

    #[test]
    fn no_form_takes_more_memory_than_it_needs() {
        assert!(sent(&[("value4000000000", "1")]).is_err());
        assert!(sent(&[("value99999999999999999999999", "1")]).is_ok());
        assert!(sent(&[("column", &"1\n".repeat(COLUMN_LENGTH_MAX))]).is_err());
    }

    #[test]
    fn a_column_fills_what_is_empty() {
        // After something was asked, the page has another order than the places.
        let mut sent = sent(&[
            ("cell0", "waits/top/2013-05"),
            ("value0", ""),
            ("cell1", "waits/top/2013-06"),
            ("value1", "5"),
            ("cell3", "waits/top/2013-07"),
            ("value3", ""),
            ("cell2", "leaks/ewr/2013-06"),
            ("value2", ""),
            ("column", "Leaks\t81.3\r\n\t92,4\n"),
        ])
        .unwrap();
        let called = |cell: &TypedCell| vec![cell.measure.clone(), cell.period.clone()];
        assert_eq!(sent.spread(|_| vec!["something else".to_owned()]), 2);
        let values = |sent: &SentCells| {
            let values = sent.cells.iter().map(|cell| cell.value.clone());
            values.collect::<Vec<_>>()
        };
        assert_eq!(values(&sent), ["81.3", "5", "", "92,4"]);
        // Lines for the whole page go each to its place; what was typed there stays, and so does the line.
        for place in [0, 3] {
            sent.cells[place].value.clear();
        }
        sent.column = "1\n2\n3\n4\n".to_owned();
        assert_eq!(sent.spread(|_| Vec::new()), 3);
        assert_eq!(values(&sent), ["1", "5", "4", "3"]);
        assert_eq!(sent.column, "2\n");
        sent.cells[2].value.clear();
        // Names say where the figures go; what names nothing, a part of a name or several cells stays to be looked at.
        for place in [0, 3] {
            sent.cells[place].value.clear();
        }
        sent.column =
            "Leaks\t81.3\nWaits\t3\nWait\t4\nNothing like it\t1\n7\tLeaks\t9\n".to_owned();
        assert_eq!(sent.spread(called), 1);
        assert_eq!(values(&sent), ["", "5", "81.3", ""]);
        assert_eq!(
            sent.column,
            "Waits\t3\nWait\t4\nNothing like it\t1\n7\tLeaks\t9\n"
        );
    }
}
