//! Due from me: the figures that are due of whoever looks, typed in a few seconds, saved, and taken back.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::entry::{self, Asked, Due, LateCell, Lately, TypedCell};
use throughline_app::words::{self, names, numbers};
use throughline_model::Kind;

use crate::address::{Form, Query};
use crate::error::{PageResult, form_page};
use crate::frame::{Frame, Section};
use crate::pages::links;
use crate::parts::due_cell::as_typed;
use crate::parts::due_form::DueForm;
use crate::parts::entered_now::{EnteredNow, Sending, reached, send};
use crate::parts::problems::Problems;
use crate::parts::sent_cells::SentCells;
use crate::parts::waiting_figure::{WaitingFigure, published_in_words};
use crate::place::Place;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "due.html")]
pub struct DuePage {
    /// What is around it.
    pub frame: Frame,
    /// What is due, in a sentence.
    pub said: String,
    /// What was just done, and the commit that can be taken back.
    pub done: Option<(String, Option<u64>)>,
    /// Where that is taken back.
    pub undo: String,
    /// The figures that are due.
    pub form: DueForm,
    /// The figures that wait to be published: by whoever looks, and by others.
    pub waiting: Vec<(&'static str, Vec<WaitingFigure>)>,
    /// How many more of these there are.
    pub more_waiting: usize,
    /// The figures that are late with others.
    pub late: Vec<LateRow>,
    /// How many more of these there are.
    pub more_late: usize,
    /// Where the figures are shown that are late with anybody.
    pub all_late: String,
    /// The figures that were entered lately.
    pub lately: Vec<LatelyRow>,
    /// What is wrong.
    pub problems: Problems,
}

/// A figure that is late with somebody else.
#[derive(Debug, Clone)]
pub struct LateRow {
    /// The measure.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// The last day on which it was in time.
    pub by: String,
    /// Who collects it.
    pub collector: String,
}

/// A figure that was entered lately.
#[derive(Debug, Clone)]
pub struct LatelyRow {
    /// The measure.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// The figure.
    pub figure: String,
    /// When it was entered.
    pub at: String,
    /// Where it is corrected.
    pub correct: String,
}

/// What the address says of what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Done {
    /// What was saved or taken back.
    #[serde(flatten)]
    entered: EnteredNow,
    /// How many were published: none where it was done already.
    #[serde(deserialize_with = "crate::address::number")]
    published: Option<u64>,
    /// The cell of a figure that is to be changed: `measure/unit/period`.
    change: Option<String>,
}

/// Shows what is due, and a figure that is to be changed.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer, Query(done): Query<Done>) -> PageResult {
    let mut sent = SentCells::default();
    sent.cells.extend(done.change.as_deref().map(cell_of));
    let due = entry::due(&viewer.ctx, &sent.cells).await?;
    for cell in &mut sent.cells {
        fill_with_what_holds(&due, cell);
    }
    let mut page = DuePage::of(&viewer, &due, &sent, &HashMap::new());
    page.done = match done.published {
        Some(published) => Some((published_in_words(published).to_owned(), None)),
        None => done.entered.in_words(),
    };
    form_page(&page, &page.problems)
}

/// Saves what was typed; or spreads a column that was pasted over the figures, to be looked at and saved.
///
/// # Errors
/// As of the use cases, where it is not about what was typed.
pub async fn post(viewer: Viewer, Form(form): Form<Vec<(String, String)>>) -> PageResult {
    let mut sent = SentCells::of(form)?;
    let publishing = sent.publishing;
    match send(viewer, &mut sent, publishing).await? {
        (viewer, Sending::Saved(done)) => {
            let state = done.state();
            let state: Vec<_> = state
                .iter()
                .map(|(name, value)| (*name, &**value))
                .collect();
            Ok(Redirect::to(&viewer.place.href_with("/due", &state)).into_response())
        }
        (viewer, Sending::Again(problems, asked)) => shown(&viewer, &sent, problems, &asked).await,
    }
}

/// What the form of taking back sends.
#[derive(Debug, Deserialize)]
pub struct TakeBackForm {
    pub(super) commit: u64,
}

/// Takes back what was saved.
///
/// # Errors
/// As of the use case.
pub async fn take_back(viewer: Viewer, Form(form): Form<TakeBackForm>) -> PageResult {
    let viewer = viewer.once(&form.commit);
    let taken = entry::take_back(&viewer.ctx, form.commit).await?;
    reached(&viewer, taken.commit).await;
    let state = EnteredNow::of(&taken).state();
    let state: Vec<_> = state
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    Ok(Redirect::to(&viewer.place.href_with("/due", &state)).into_response())
}

/// The cell that is named `measure/unit/period`.
pub(super) fn cell_of(name: &str) -> TypedCell {
    let mut cell = TypedCell::default();
    cell.name_by(name);
    cell
}

/// Puts into the form of a cell what it holds, to be changed.
fn fill_with_what_holds(due: &Due, cell: &mut TypedCell) {
    let is_of = |name: &TypedCell| {
        (&name.measure, &name.unit, &name.period) == (&cell.measure, &cell.unit, &cell.period)
    };
    let found = due.cells.iter().find(|one| is_of(&one.name(&due.model)));
    let Some((found, (value, weight))) = found.and_then(|found| Some((found, found.holds?))) else {
        return;
    };
    let measure = due.model.measures().get(found.cell.measure);
    let typed = |value| measure.map_or_else(String::new, |measure| as_typed(value, measure));
    cell.known = found.known();
    cell.value = value.map_or_else(|| "none".to_owned(), typed);
    cell.weight = weight.map(|weight| weight.to_string()).unwrap_or_default();
}

/// The form again, with what was typed.
pub(super) async fn shown(
    viewer: &Viewer,
    sent: &SentCells,
    problems: Problems,
    asked: &HashMap<usize, Asked>,
) -> PageResult {
    let due = entry::due(&viewer.ctx, &sent.cells).await?;
    let mut page = DuePage::of(viewer, &due, sent, asked);
    page.frame.title = problems.title(&page.frame.title);
    page.problems = page.form.mark(problems);
    form_page(&page, &page.problems)
}

impl DuePage {
    fn of(viewer: &Viewer, due: &Due, sent: &SentCells, asked: &HashMap<usize, Asked>) -> DuePage {
        let title = "Due from me";
        let late = due.late_with_others.iter();
        let lately = due.lately.iter();
        DuePage {
            frame: Frame::new(viewer, Section::Due, title).below(title, None),
            said: said(due),
            undo: viewer.place.href("/due/withdrawal"),
            all_late: viewer.place.href("/due/late"),
            form: DueForm {
                action: viewer.place.href("/due"),
                ..DueForm::of(viewer, due, sent, asked)
            },
            late: late.map(|one| LateRow::of(viewer, due, one)).collect(),
            lately: lately
                .filter_map(|one| LatelyRow::of(viewer, due, one))
                .collect(),
            waiting: waiting(viewer, due),
            more_waiting: due.more_waiting,
            more_late: due.more_late,
            ..DuePage::default()
        }
    }
}

impl LateRow {
    fn of(viewer: &Viewer, due: &Due, late: &LateCell) -> LateRow {
        let model = &due.model;
        let measure = model.measures().get(late.cell.measure);
        let collector = measure.and_then(|measure| measure.steward);
        LateRow {
            name: measure.map_or_else(String::new, |measure| measure.name.clone()),
            href: measure.and_then(|one| links::measure(&viewer.place, one.key.as_str())),
            unit: names::name(model, (Kind::Unit, late.cell.unit.as_uuid())),
            period: words::period(&late.cell.period, model.calendar()),
            by: words::date(late.by),
            collector: collector
                .map(|person| names::name(model, (Kind::Person, person.as_uuid())))
                .unwrap_or_default(),
        }
    }
}

impl LatelyRow {
    fn of(viewer: &Viewer, due: &Due, one: &Lately) -> Option<LatelyRow> {
        let model = &due.model;
        let measure = model.measures().get(one.cell.measure)?;
        let place = &viewer.place;
        let there = Place {
            unit: Some(model.units().get(one.cell.unit)?.key.to_string()),
            period: Some(model.calendar().name(&one.cell.period)),
            ..place.clone()
        };
        Some(LatelyRow {
            name: measure.name.clone(),
            href: links::measure(&there, measure.key.as_str()),
            unit: names::name(model, (Kind::Unit, one.cell.unit.as_uuid())),
            period: words::period(&one.cell.period, model.calendar()),
            figure: match one.value {
                Some(_) => numbers::value(one.value, measure),
                None => "None".to_owned(),
            },
            at: words::instant(one.at, model.calendar()),
            correct: links::correction(place, model, &one.cell)?,
        })
    }
}

/// The figures that wait: for whoever looks, and for others.
fn waiting(viewer: &Viewer, due: &Due) -> Vec<(&'static str, Vec<WaitingFigure>)> {
    let all = due.waiting.iter();
    let (own, others): (Vec<_>, Vec<_>) = all.partition(|(figure, _)| figure.may_publish);
    let groups = [
        ("Waiting for you to publish", own),
        ("Waiting for their owner", others),
    ];
    let rows = groups.map(|(title, figures)| {
        let figures = figures.into_iter();
        let rows = figures
            .filter_map(|(figure, says)| WaitingFigure::of(viewer, &due.model, figure, Some(says)));
        (title, rows.collect::<Vec<_>>())
    });
    rows.into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .collect()
}

/// What is due, in a sentence.
fn said(due: &Due) -> String {
    let cells = due.cells.iter().filter(|cell| cell.is_due);
    let all = (cells.clone().count() + due.more) as u64;
    let late = cells.filter(|cell| cell.is_late).count() as u64;
    let figures = words::count(all, "figure");
    match (all, late) {
        (0, _) => "Nothing is due from you.".to_owned(),
        (_, 0) => format!("{figures} to come, none of them late."),
        _ if late == all => format!("{figures}, late."),
        _ => format!("{figures}, {late} of them late."),
    }
}
