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

    /// Spreads the column over the cells that are empty, in the order of their page. Of a row with several columns the last
    /// counts.
    pub fn spread(&mut self) {
        let column = std::mem::take(&mut self.column);
        let lines = column.lines().map(str::trim_end);
        let mut figures = lines.map(|line| line.rsplit('\t').next().unwrap_or_default().trim());
        for place in &self.order {
            let cell = self.cells.get_mut(*place);
            let Some(cell) = cell.filter(|cell| cell.value.trim().is_empty()) else {
                continue;
            };
            let Some(figure) = figures.next() else {
                return;
            };
            figure.clone_into(&mut cell.value);
        }
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
        sent.spread();
        let values: Vec<&str> = sent.cells.iter().map(|cell| cell.value.as_str()).collect();
        assert_eq!(values, ["81.3", "5", "", "92,4"]);
    }
}
