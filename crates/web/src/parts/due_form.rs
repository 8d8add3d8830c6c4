//! The form of figures: in groups, one heading for a measure at a unit with its periods below; on Due from me and behind a
//! mailed link alike.

use std::collections::HashMap;

use askama::Template;
use throughline_app::entry::{Asked, Due, DueCell, TypedCell};
use throughline_core::UnitId;

use crate::parts::due_cell::{DueRow, WEIGHS};
use crate::parts::problems::Problems;
use crate::parts::sent_cells::SentCells;
use crate::viewer::Viewer;

/// The form.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/due_form.html")]
pub struct DueForm {
    /// Where it is sent.
    pub action: String,
    /// The commit after which it was made.
    pub position: u64,
    /// The figures: those that are corrected, the late ones, and the others.
    pub groups: Vec<DueGroup>,
    /// How many more there are.
    pub more: usize,
    /// What was pasted.
    pub column: String,
    /// What is wrong with the lines of it that are left.
    pub left_over: Option<String>,
    /// Whether some of what is due is published by saving it.
    pub publishes: bool,
    /// Whether what is saved is to wait, as was said before something was asked.
    pub is_later: bool,
}

/// Figures under one title.
#[derive(Debug, Clone, Default)]
pub struct DueGroup {
    /// The title.
    pub title: &'static str,
    /// How many figures there are; of those that are late, what is due beside them of the same measure is not counted.
    pub count: usize,
    /// The figures, by measure and unit.
    pub series: Vec<DueSeries>,
}

/// The figures of a measure at a unit, by period.
#[derive(Debug, Clone, Default)]
pub struct DueSeries {
    /// The measure.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// The unit of measure and the unit; with the period where there is one alone.
    pub about: String,
    /// Who answers for it, where it is late and that is somebody else.
    pub answers: String,
    /// The figures before, as a small line.
    pub trend: String,
    /// What stands beside all of them: word and figure.
    pub beside: Vec<(String, String)>,
    /// The figures.
    pub rows: Vec<DueRow>,
}

/// In which group a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Corrected,
    Late,
    ToCome,
}

impl Group {
    const ALL: [(Group, &'static str); 3] = [
        (Group::Corrected, "To correct"),
        (Group::Late, "Late"),
        (Group::ToCome, "Due"),
    ];

    /// The group of the figures of a measure at a unit: what is to come of it stands with what is late.
    fn of(cells: &[&DueCell]) -> Group {
        let mut cells = cells.iter();
        match cells.clone().all(|cell| cell.holds.is_some()) {
            true => Group::Corrected,
            false if cells.any(|cell| cell.is_late) => Group::Late,
            false => Group::ToCome,
        }
    }
}

impl DueForm {
    /// The form of what is due, with what was typed and what is asked of it.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        due: &Due,
        sent: &SentCells,
        asked: &HashMap<usize, Asked>,
    ) -> DueForm {
        // What was typed keeps its place, so that what is wrong is found at its field; the others follow as they stand here.
        let mut next = sent.cells.len();
        let corrected = due.cells.iter().filter(|cell| cell.holds.is_some());
        let others = due.cells.iter().filter(|cell| cell.holds.is_none());
        let mut all = by_series(corrected);
        all.extend(by_series(others));
        let mut row = |cell: &DueCell| {
            let name = cell.name(&due.model);
            let typed = sent.cells.iter().position(|typed| is_of(typed, &name));
            let place = typed.unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            let measure = due.model.measures().get(cell.cell.measure)?;
            let mut row = DueRow::of(viewer, &due.model, cell, place)?;
            if let Some(typed) = typed.and_then(|typed| sent.cells.get(typed)) {
                row.fill(typed);
            }
            if let Some(asked) = asked.get(&place) {
                row.ask(asked, measure);
            }
            Some(row)
        };
        let mut groups = Vec::new();
        for (group, title) in Group::ALL {
            let series = all.iter().filter(|cells| Group::of(cells) == group);
            let series = series.filter_map(|cells| {
                let rows = cells.iter().filter_map(|cell| row(cell));
                DueSeries::of(rows.collect())
            });
            let series: Vec<DueSeries> = series.collect();
            let rows = series.iter().flat_map(|series| &series.rows);
            let counted = rows.filter(|row| group != Group::Late || row.is_late);
            let count = counted.count();
            if count > 0 {
                groups.push(DueGroup {
                    title,
                    count,
                    series,
                });
            }
        }
        DueForm {
            position: due.position.0,
            groups,
            more: due.more,
            column: sent.column.clone(),
            publishes: due.has_own,
            is_later: sent.is_later(),
            ..DueForm::default()
        }
    }

    /// Whether nothing is due.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The figures in their order on the page.
    pub fn rows(&self) -> impl Iterator<Item = &DueRow> + Clone {
        let series = self.groups.iter().flat_map(|group| &group.series);
        series.flat_map(|series| &series.rows)
    }

    /// Leaves out the ways to other pages, for whoever may open none.
    pub fn without_links(&mut self) {
        let series = self.groups.iter_mut().flat_map(|group| &mut group.series);
        for one in series {
            one.href = None;
        }
    }

    /// Puts at each field what is wrong with it, and gives what is wrong for the summary: it says which figure each is of, since
    /// several may be wrong alike.
    #[must_use]
    pub fn mark(&mut self, problems: Problems) -> Problems {
        let of = |field: String| problems.of(&field).map(str::to_owned);
        self.left_over = of("column".to_owned());
        let groups = self.groups.iter_mut();
        let series = groups.flat_map(|group| &mut group.series);
        for row in series.flat_map(|series| &mut series.rows) {
            row.wrong =
                ["value", "weight", "comment"].map(|name| of(format!("{name}{}", row.place)));
        }
        let named = problems.of_fields.into_iter().map(|(field, text)| {
            let digits = field.trim_start_matches(|letter: char| !letter.is_ascii_digit());
            let place: Option<usize> = digits.parse().ok();
            let row = place.and_then(|place| self.rows().find(|row| row.place == place));
            let named = row.map(|row| format!("{}, {}: {text}", row.name, row.about));
            (field, named.unwrap_or(text))
        });
        Problems {
            of_fields: named.collect(),
        }
    }

    /// What is said of the field that asks of how many a figure is, where one does.
    fn weighs(&self) -> &'static str {
        match self.rows().any(|row| row.is_weighted) {
            true => WEIGHS,
            false => "",
        }
    }
}

impl DueSeries {
    /// Of figures of one measure at one unit, which share what they have in common.
    fn of(mut rows: Vec<DueRow>) -> Option<DueSeries> {
        let is_one = rows.len() == 1;
        let first = rows.first_mut()?;
        let heading = first.place;
        let series = DueSeries {
            name: first.name.clone(),
            href: first.href.clone(),
            about: match is_one {
                true => first.about.clone(),
                false => first.of.clone(),
            },
            answers: first.answers.clone(),
            trend: first.trend.clone(),
            beside: first.beside.clone(),
            rows: Vec::new(),
        };
        for row in &mut rows {
            row.beside.retain(|beside| !series.beside.contains(beside));
            row.labelled_by = match is_one {
                true => format!("name{heading}"),
                false => format!("name{heading} period{}", row.place),
            };
            row.described_by = format!("about{heading}");
        }
        Some(DueSeries { rows, ..series })
    }

    /// The place of its first figure, by which its heading is named.
    fn place(&self) -> usize {
        self.rows.first().map_or(0, |row| row.place)
    }
}

/// Cells by measure and unit, each where the first of them stands.
fn by_series<'a>(cells: impl Iterator<Item = &'a DueCell>) -> Vec<Vec<&'a DueCell>> {
    let mut series: Vec<Vec<&DueCell>> = Vec::new();
    let mut places: HashMap<(throughline_core::MeasureId, UnitId), usize> = HashMap::new();
    for cell in cells {
        let of = (cell.cell.measure, cell.cell.unit);
        let place = *places.entry(of).or_insert(series.len());
        match series.get_mut(place) {
            Some(known) => known.push(cell),
            None => series.push(vec![cell]),
        }
    }
    series
}

/// Whether something was typed for a cell.
fn is_of(typed: &TypedCell, name: &TypedCell) -> bool {
    (&typed.measure, &typed.unit, &typed.period) == (&name.measure, &name.unit, &name.period)
}
