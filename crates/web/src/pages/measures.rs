//! All measures at a unit in a period: how each stands, filtered by text, status and kind, page by page.

use askama::Template;
use serde::Deserialize;
use throughline_app::{QUERY_LENGTH_MAX, ReadScorecard, STATUS_ORDER, Words, words};
use throughline_core::MeasureId;
use throughline_engine::{ChildReading, Status};
use throughline_model::Entry;
use throughline_model::records::{Measure, MeasureKind};

use super::strategy::said;
use crate::address::Query;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::empty::Empty;
use crate::parts::measures::{MEASURES_MAX, MeasureTable};
use crate::parts::pages::{Pages, Stretch};
use crate::parts::scorecard::{columns, in_order};
use crate::parts::sorting::Sort;
use crate::parts::status::{class, word};
use crate::parts::tally::measures_in_words;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "measures.html")]
pub struct MeasuresPage {
    /// What is around it.
    pub frame: Frame,
    /// Which figures these are.
    pub said: String,
    /// All of them by status, in a sentence.
    pub counted: String,
    /// The address without a filter.
    pub all: String,
    /// Name and value of what the form keeps of the address.
    pub kept: Vec<(&'static str, String)>,
    /// What is looked for in the name.
    pub query: String,
    /// The statuses: name in the address, words, and whether it is chosen.
    pub statuses: Vec<(&'static str, String, bool)>,
    /// The kinds, likewise.
    pub kinds: Vec<(&'static str, String, bool)>,
    /// What stands in the place of all else, where there is nothing in the plan yet.
    pub empty: Option<Empty>,
    /// Whether anything is filtered.
    pub is_filtered: bool,
    /// Whether some of what the order rests on is still being worked out.
    pub is_awaited: bool,
    /// The measures of this page.
    pub table: MeasureTable,
    /// The ways to the others.
    pub pages: Pages,
}

/// What the address says of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    q: String,
    status: String,
    kind: String,
    #[serde(deserialize_with = "crate::address::number")]
    row: Option<usize>,
}

/// Shows the measures.
///
/// # Errors
/// As of the scorecard's use case.
pub async fn get(viewer: Viewer, Query(filter): Query<Filter>) -> PageResult {
    let read = viewer.scorecard().await?;
    let filter = filter.cleaned();
    let sort = Sort::asked(&viewer, &columns(&read, "Measure"));
    let found = filter.found(&read);
    let (found, is_awaited) = in_order(&viewer, &read, sort, found).await?;
    let stretch = Stretch::of(filter.row, MEASURES_MAX, found.len());
    let shown = stretch.rows(&found);
    let table = MeasureTable::read(&viewer, &read, "Measures", shown).await?;
    let table = table.sorted_by(&viewer, &read, sort);
    page(&MeasuresPage {
        frame: Frame::at(&viewer, Section::Measures, "Measures", &read.selected),
        said: said(&read),
        counted: if filter.is_set() {
            let all = words::count(read.scorecard.measures.len() as u64, "measure");
            format!("{} of {all}.", words::grouped(found.len() as u64))
        } else {
            measures_in_words(&read)
        },
        all: viewer.place.href(&viewer.path),
        kept: viewer
            .place
            .pairs()
            .into_iter()
            .chain(viewer.said("sort"))
            .map(|(name, value)| (name, value.to_owned()))
            .collect(),
        statuses: STATUS_ORDER
            .map(|status| (class(status), word(status), class(status) == filter.status))
            .to_vec(),
        kinds: MeasureKind::ALL
            .iter()
            .map(|kind| {
                let name = kind.word();
                (name, words::sentence(name), name == filter.kind)
            })
            .collect(),
        empty: Empty::of_beginning(&viewer, &read.selected.model),
        is_filtered: filter.is_set(),
        is_awaited,
        table,
        pages: stretch.pages("Measures", |row| filter.href(&viewer, sort, row)),
        query: filter.q,
    })
}

impl Filter {
    fn cleaned(self) -> Filter {
        let query = self.q.trim().chars().take(QUERY_LENGTH_MAX);
        Filter {
            q: query.collect(),
            ..self
        }
    }

    fn is_set(&self) -> bool {
        ![&self.q, &self.status, &self.kind]
            .iter()
            .all(|text| text.is_empty())
    }

    /// The measures that are read at the unit and pass the filter, in the order of the plan.
    fn found<'a>(&self, read: &'a ReadScorecard) -> Vec<(MeasureId, Option<&'a ChildReading>)> {
        let model = &read.selected.model;
        let words = Words::of(&self.q);
        let passes = |measure: &Entry<Measure>, status: Status| {
            (self.q.is_empty() || words.are_in(&measure.name) || measure.key.as_str() == self.q)
                && (self.status.is_empty() || self.status == class(status))
                && (self.kind.is_empty() || self.kind == measure.kind.word())
        };
        let readings = read.scorecard.measures.iter();
        readings
            .filter(|reading| {
                let measure = model.measures().get(reading.measure);
                measure.is_some_and(|measure| passes(measure, reading.status))
            })
            .map(|reading| (reading.measure, None))
            .collect()
    }

    /// The address of the page with this filter in an order, from a measure on.
    fn href(&self, viewer: &Viewer, sort: Sort, row: usize) -> String {
        let sort = sort.text();
        let row = match row {
            0 => String::new(),
            row => row.to_string(),
        };
        let state = [
            ("q", self.q.as_str()),
            ("status", &self.status),
            ("kind", &self.kind),
            ("sort", &sort),
            ("row", &row),
        ];
        let said: Vec<(&'static str, &str)> = state
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        viewer.place.href_with(&viewer.path, &said)
    }
}
