//! A long list in pages: the stretch of it that one page shows, and the ways to those before and after.

use std::ops::Range;

use askama::Template;
use serde::Deserialize;
use throughline_app::words;

use crate::viewer::Viewer;

/// What the address says of a list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListState {
    /// The first row, from 0.
    #[serde(deserialize_with = "crate::address::number")]
    pub row: Option<usize>,
}

/// The stretch of a list that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The places that are shown, counted from 0.
    pub shown: Range<usize>,
    /// How many a page has at most.
    size: usize,
    /// How many there are.
    all: usize,
}

impl Stretch {
    /// The page of a list of so many in which a row stands; the last one where there is no such row.
    #[must_use]
    pub fn of(row: Option<usize>, size: usize, all: usize) -> Stretch {
        let size = size.max(1);
        let first = row.unwrap_or(0).min(all.saturating_sub(1)) / size * size;
        Stretch {
            shown: first..first.saturating_add(size).min(all),
            size,
            all,
        }
    }

    /// The rows of the list that are shown.
    #[must_use]
    pub fn rows<'a, T>(&self, list: &'a [T]) -> &'a [T] {
        list.get(self.shown.clone()).unwrap_or_default()
    }

    /// The ways to the other pages: of what the list is, as at the start of a sentence, and where a row stands.
    #[must_use]
    pub fn pages(&self, of: &'static str, at: impl Fn(usize) -> String) -> Pages {
        let Range { start, end } = self.shown;
        if self.all <= self.size {
            return Pages::default();
        }
        let grouped = |number: usize| words::grouped(number as u64);
        Pages {
            of,
            shown: format!(
                "{of} {} to {} of {}",
                grouped(start + 1),
                grouped(end),
                grouped(self.all)
            ),
            before: (start > 0).then(|| at(start.saturating_sub(self.size))),
            after: (end < self.all).then(|| at(end)),
        }
    }
}

/// The ways to the other pages of a list; nothing where one page shows all of it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/pages.html")]
pub struct Pages {
    /// Of what the list is: `Rows`.
    of: &'static str,
    /// `Rows 151 to 300 of 20,412`; empty where all are shown.
    shown: String,
    /// Those before.
    before: Option<String>,
    /// Those after.
    after: Option<String>,
}

/// The address of the page that is shown, in the same state, from a row on.
#[must_use]
pub fn at_row(viewer: &Viewer, row: usize) -> String {
    let row = row.to_string();
    let state = viewer.state.iter();
    let state = state.map(|(name, value)| (*name, value.as_str()));
    let state: Vec<(&str, &str)> = state.chain([("row", &*row)]).collect();
    viewer.place.href_with(&viewer.path, &state)
}

#[cfg(test)]
mod tests {
    use super::Stretch;

    #[test]
    fn a_list_is_shown_page_by_page() {
        let check = |row, all, shown, said: &str, ways: [Option<&str>; 2]| {
            let stretch = Stretch::of(row, 10, all);
            assert_eq!(stretch.shown, shown, "{row:?} of {all}");
            let pages = stretch.pages("Rows", |row| row.to_string());
            assert_eq!(pages.shown, said, "{row:?} of {all}");
            assert_eq!([pages.before.as_deref(), pages.after.as_deref()], ways);
        };
        check(None, 0, 0..0, "", [None, None]);
        check(Some(7), 0, 0..0, "", [None, None]);
        check(None, 10, 0..10, "", [None, None]);
        check(None, 11, 0..10, "Rows 1 to 10 of 11", [None, Some("10")]);
        check(
            Some(10),
            11,
            10..11,
            "Rows 11 to 11 of 11",
            [Some("0"), None],
        );
        let middle = [Some("0"), Some("20")];
        check(Some(15), 1234, 10..20, "Rows 11 to 20 of 1,234", middle);
        let last = [Some("1220"), None];
        check(
            Some(usize::MAX),
            1234,
            1230..1234,
            "Rows 1,231 to 1,234 of 1,234",
            last,
        );
    }
}
