//! The order of a table. It stands in the address, `sort=status` or `sort=-status` the other way round, so that a head is
//! a plain link, a copied address shows the same, and a list in pages is put in order before it is cut into them.

use std::cmp::Ordering;

use askama::Template;

use crate::viewer::Viewer;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the address; empty where nobody sorts by it.
    pub name: &'static str,
    /// Its head.
    pub words: &'static str,
    /// Its class in style sheets.
    pub class: &'static str,
}

impl Column {
    /// A column that a table is sorted by.
    #[must_use]
    pub const fn by(name: &'static str, words: &'static str) -> Column {
        Column {
            name,
            words,
            class: "",
        }
    }

    /// A column that says nothing about the order.
    #[must_use]
    pub const fn plain(words: &'static str) -> Column {
        Column::by("", words)
    }

    /// The same with a class.
    #[must_use]
    pub const fn of_class(self, class: &'static str) -> Column {
        Column { class, ..self }
    }
}

/// What a row has in a column. What has nothing there comes last, whichever way round.
#[derive(Debug, Clone, PartialEq)]
pub enum SortKey {
    /// A number: the least comes first.
    Number(f64),
    /// Words, in the order of the alphabet.
    Words(String),
    /// Nothing.
    Nothing,
}

impl SortKey {
    /// A number, where there is one.
    #[must_use]
    pub fn number(number: Option<f64>) -> SortKey {
        number
            .filter(|one| !one.is_nan())
            .map_or(SortKey::Nothing, SortKey::Number)
    }

    /// Words, where there are any; large and small letters are alike.
    #[must_use]
    pub fn words(words: &str) -> SortKey {
        match words.trim() {
            "" => SortKey::Nothing,
            words => SortKey::Words(words.to_lowercase()),
        }
    }

    fn compare(&self, other: &SortKey, is_reversed: bool) -> Ordering {
        let order = match (self, other) {
            (SortKey::Number(one), SortKey::Number(other)) => one.total_cmp(other),
            (SortKey::Words(one), SortKey::Words(other)) => one.cmp(other),
            // Numbers and words never meet in one column.
            (SortKey::Number(_), SortKey::Words(_)) => Ordering::Less,
            (SortKey::Words(_), SortKey::Number(_)) => Ordering::Greater,
            (SortKey::Nothing, SortKey::Nothing) => return Ordering::Equal,
            (SortKey::Nothing, _) => return Ordering::Greater,
            (_, SortKey::Nothing) => return Ordering::Less,
        };
        if is_reversed { order.reverse() } else { order }
    }
}

/// By which column a table is sorted; by none it stands in its own order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    column: &'static str,
    is_reversed: bool,
}

impl Sort {
    /// The order that the address asks for; that of the table where it asks for a column that there is not.
    #[must_use]
    pub fn asked(viewer: &Viewer, columns: &[Column]) -> Sort {
        let asked = viewer.said("sort").map_or("", |(_, text)| text);
        Sort::read(asked, columns)
    }

    fn read(text: &str, columns: &[Column]) -> Sort {
        let (is_reversed, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text),
        };
        let mut sortable = columns.iter().filter(|column| !column.name.is_empty());
        sortable
            .find(|column| column.name == name)
            .map_or_else(Sort::default, |column| Sort {
                column: column.name,
                is_reversed,
            })
    }

    /// The name of its column; empty where there is none.
    #[must_use]
    pub fn column(self) -> &'static str {
        self.column
    }

    /// As it stands in the address; nothing where that says nothing of it.
    #[must_use]
    pub fn text(self) -> String {
        let sign = if self.is_reversed { "-" } else { "" };
        format!("{sign}{}", self.column)
    }

    /// Rows in this order; those that are alike stay in their own.
    #[must_use]
    pub fn order<T>(self, rows: Vec<T>, key: impl Fn(&T, &'static str) -> SortKey) -> Vec<T> {
        if self.column.is_empty() {
            return rows;
        }
        let keyed = rows.into_iter().map(|row| (key(&row, self.column), row));
        let mut keyed: Vec<(SortKey, T)> = keyed.collect();
        keyed.sort_by(|(one, _), (other, _)| one.compare(other, self.is_reversed));
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    /// The heads of a table in this order. Each leads to the table sorted by it, then the other way round, then to its own
    /// order; to a part of the page, where one is named.
    #[must_use]
    pub fn heads(self, viewer: &Viewer, columns: &[Column], part: &str) -> Vec<Head> {
        let head = |column: &Column| Head {
            href: (!column.name.is_empty()).then(|| {
                let next = self.after(column.name).text();
                let kept = viewer.state.iter().filter(|(name, _)| *name != "sort");
                let mut state: Vec<(&str, &str)> =
                    kept.map(|(name, value)| (*name, value.as_str())).collect();
                if !next.is_empty() {
                    state.push(("sort", &next));
                }
                format!("{}{part}", viewer.place.href_with(&viewer.path, &state))
            }),
            sorted: (!column.name.is_empty() && column.name == self.column).then_some(
                match self.is_reversed {
                    false => "ascending",
                    true => "descending",
                },
            ),
            ..Head::plain(column)
        };
        columns.iter().map(head).collect()
    }

    /// The order to which the head of a column leads.
    fn after(self, name: &'static str) -> Sort {
        match (self.column == name, self.is_reversed) {
            (false, _) => Sort {
                column: name,
                is_reversed: false,
            },
            (true, false) => Sort {
                is_reversed: true,
                ..self
            },
            (true, true) => Sort::default(),
        }
    }
}

/// The head of a column.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/head.html")]
pub struct Head {
    /// What it says.
    pub words: String,
    class: &'static str,
    /// Sorts by it, or the other way round, or no longer.
    href: Option<String>,
    /// Which way the table is sorted by it.
    sorted: Option<&'static str>,
}

impl Head {
    fn plain(column: &Column) -> Head {
        Head {
            words: column.words.to_owned(),
            class: column.class,
            href: None,
            sorted: None,
        }
    }

    /// The heads of a table that stands in its own order.
    #[must_use]
    pub fn all(columns: &[Column]) -> Vec<Head> {
        columns.iter().map(Head::plain).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column::by("name", "Name"),
        Column::plain("Plan"),
        Column::by("size", "Size"),
    ];

    #[test]
    fn an_address_asks_for_columns_that_there_are() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Sort::read(text, &COLUMNS).text(), expected, "{text}");
        };
        check("", "");
        check("name", "name");
        check("-size", "-size");
        check("plan", "");
        check("-", "");
        check("--size", "");
        check("Name", "");
    }

    #[test]
    fn a_head_leads_there_and_back_and_away() {
        let mut sort = Sort::read("name", &COLUMNS);
        for expected in ["size", "-size", "", "size"] {
            sort = sort.after("size");
            assert_eq!(sort.text(), expected);
        }
    }

    #[test]
    fn what_has_nothing_comes_last_and_what_is_alike_stays() {
        let rows = [
            ("b", Some(2.0)),
            ("A", None),
            ("c", Some(1.0)),
            ("a", Some(2.0)),
            ("", Some(f64::NAN)),
        ];
        let check = |sort: &str, expected: [&str; 5]| {
            let key = |(name, size): &(&str, Option<f64>), column: &'static str| match column {
                "name" => SortKey::words(name),
                _ => SortKey::number(*size),
            };
            let sorted = Sort::read(sort, &COLUMNS).order(rows.to_vec(), key);
            let names: Vec<&str> = sorted.into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, expected, "{sort}");
        };
        check("", ["b", "A", "c", "a", ""]);
        check("name", ["A", "a", "b", "c", ""]);
        check("-name", ["c", "b", "A", "a", ""]);
        check("size", ["c", "b", "a", "A", ""]);
        check("-size", ["b", "a", "c", "A", ""]);
    }
}
