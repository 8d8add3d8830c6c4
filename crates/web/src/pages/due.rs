//! Due from me: the figures that are due of whoever looks, typed in a few seconds, saved, and taken back.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::AppError;
use throughline_app::entry::{self, Due, Entered, Field, Says, TypedCell, Wrong};
use throughline_app::words::{self, names};
use throughline_model::Kind;
use throughline_model::observation::CommitNumber;

use crate::address::{Form, Query};
use crate::error::{PageResult, form_page};
use crate::frame::{Frame, Section};
use crate::pages::links;
use crate::parts::due_cell::{DueRow, named, says_in_words, weighs};
use crate::parts::problems::Problems;
use crate::parts::sent_cells::SentCells;
use crate::parts::waiting_figure::{WaitingFigure, published_in_words};
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
    /// The commit after which the form was made.
    pub position: u64,
    /// Where the figures go, and where taking back does.
    pub actions: [String; 2],
    /// The cells, in groups: the late ones first.
    pub groups: Vec<(&'static str, Vec<DueRow>)>,
    /// How many more there are.
    pub more: usize,
    /// What was pasted.
    pub column: String,
    /// Whether some of what is due is published by saving it.
    pub publishes: bool,
    /// The figures that wait to be published: by whoever looks, and by others.
    pub waiting: Vec<(&'static str, Vec<WaitingFigure>)>,
    /// How many more of these there are.
    pub more_waiting: usize,
    /// The figures that are late with others.
    pub late: Vec<LateRow>,
    /// How many more of these there are.
    pub more_late: usize,
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

/// What the address says of what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Done {
    /// The commit of what was saved.
    #[serde(deserialize_with = "crate::address::number")]
    saved: Option<u64>,
    /// How many figures were saved, or taken back.
    #[serde(deserialize_with = "crate::address::number")]
    pub(super) figures: Option<u64>,
    /// How many somebody recorded anew or published since, so that they were not taken back.
    #[serde(deserialize_with = "crate::address::number")]
    kept: Option<u64>,
    /// How many of the figures that were saved wait to be published.
    #[serde(deserialize_with = "crate::address::number")]
    waiting: Option<u64>,
    /// How many were published: none where it was done already.
    #[serde(deserialize_with = "crate::address::number")]
    published: Option<u64>,
    /// The cell of a figure that is to be changed: `measure/unit/period`.
    change: Option<String>,
}

/// Shows what is due.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer, Query(done): Query<Done>) -> PageResult {
    let mut sent = SentCells::default();
    sent.cells.extend(done.change.as_deref().map(cell_of));
    let due = entry::due(&viewer.ctx, &sent.cells).await?;
    for cell in &mut sent.cells {
        cell.known = known(&due, cell);
    }
    let mut page = DuePage::of(&viewer, &due, &sent, &HashMap::new());
    page.done = done.in_words();
    form_page(&page, &page.problems)
}

/// Saves what was typed; or spreads a column that was pasted over the figures, to be looked at and saved.
///
/// # Errors
/// As of the use cases, where it is not about what was typed.
pub async fn post(mut viewer: Viewer, Form(form): Form<Vec<(String, String)>>) -> PageResult {
    let mut sent = SentCells::of(form)?;
    if sent.is_pasted {
        sent.spread();
        return shown(&viewer, &sent, Problems::default(), &HashMap::new()).await;
    }
    viewer.ctx = viewer.ctx.with_reason(Some(entry::REASON.to_owned()));
    let viewer = viewer.once(&(&sent.position, &sent.cells, sent.publishing));
    let mut problems = Problems::default();
    match entry::enter(&viewer.ctx, &sent.cells, sent.publishing).await {
        Ok(Entered::Saved {
            commit,
            cells,
            waiting,
        }) => {
            reached(&viewer, commit).await;
            let commit = commit.map_or_else(String::new, |one| one.to_string());
            let (cells, waits) = (cells.to_string(), waiting.to_string());
            let mut to = vec![("saved", commit.as_str()), ("figures", &cells)];
            if waiting > 0 {
                to.push(("waiting", &waits));
            }
            Ok(Redirect::to(&viewer.place.href_with("/due", &to)).into_response())
        }
        Ok(Entered::Wrong(wrong)) => {
            for one in wrong {
                problems.add(field(&one), &one.error);
                if let (Some(now), Some(cell)) = (one.now, sent.cells.get_mut(one.place)) {
                    cell.known = now;
                }
            }
            shown(&viewer, &sent, problems, &HashMap::new()).await
        }
        Ok(Entered::Asked(says)) => {
            for place in says.keys() {
                let asked = AppError::bad_request("say what changed, or that it is routine");
                problems.add(format!("comment{place}"), &asked);
            }
            let says = says.into_iter().collect();
            shown(&viewer, &sent, problems, &says).await
        }
        Err(error @ AppError::BadRequest { .. }) => {
            problems.add("figures", &error);
            shown(&viewer, &sent, problems, &HashMap::new()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form of taking back sends.
#[derive(Debug, Deserialize)]
pub struct TakeBackForm {
    commit: u64,
}

/// Takes back what was saved.
///
/// # Errors
/// As of the use case.
pub async fn take_back(viewer: Viewer, Form(form): Form<TakeBackForm>) -> PageResult {
    let viewer = viewer.once(&form.commit);
    let taken = entry::take_back(&viewer.ctx, form.commit).await?;
    reached(&viewer, taken.commit).await;
    let (figures, kept) = (taken.cells.to_string(), taken.kept.to_string());
    let to = [("figures", figures.as_str()), ("kept", &kept)];
    Ok(Redirect::to(&viewer.place.href_with("/due", &to)).into_response())
}

/// The cell that is named `measure/unit/period`.
pub(super) fn cell_of(name: &str) -> TypedCell {
    let mut cell = TypedCell::default();
    cell.name_by(name);
    cell
}

/// What waits in a cell, as its form says it.
fn known(due: &Due, cell: &TypedCell) -> String {
    let mut waiting = due.waiting.iter().map(|(figure, _)| figure);
    let found = waiting.find(|figure| is_of(cell, &figure.name(&due.model)));
    found.map(|figure| figure.known()).unwrap_or_default()
}

/// Waits until whoever reads next finds what was written.
pub(super) async fn reached(viewer: &Viewer, commit: Option<CommitNumber>) {
    if let Some(commit) = commit {
        let _ = viewer.server.live().reached(commit).await;
    }
}

/// The form again, with what was typed.
pub(super) async fn shown(
    viewer: &Viewer,
    sent: &SentCells,
    problems: Problems,
    says: &HashMap<usize, Says>,
) -> PageResult {
    let due = entry::due(&viewer.ctx, &sent.cells).await?;
    let mut page = DuePage::of(viewer, &due, sent, says);
    page.frame.title = problems.title(&page.frame.title);
    page.mark(&problems);
    let rows = page.groups.iter().flat_map(|(_, rows)| rows);
    page.problems = named(rows, problems);
    form_page(&page, &page.problems)
}

/// The name of the field that something is wrong with.
pub(super) fn field(wrong: &Wrong) -> String {
    let name = match wrong.field {
        Field::Value => "value",
        Field::Weight => "weight",
        Field::Comment => "comment",
    };
    format!("{name}{}", wrong.place)
}

impl Done {
    /// Which of the figures that were saved wait.
    pub(super) fn waiting_in_words(&self) -> String {
        match self.waiting.filter(|waiting| *waiting > 0) {
            None => String::new(),
            Some(1) if self.figures == Some(1) => " Others see it once it is published.".to_owned(),
            Some(all) if self.figures == Some(all) => {
                " Others see them once they are published.".to_owned()
            }
            Some(some) => format!(" Others see {some} of them once they are published."),
        }
    }

    fn in_words(&self) -> Option<(String, Option<u64>)> {
        if let Some(published) = self.published {
            return Some((published_in_words(published).to_owned(), None));
        }
        let figures = self.figures?;
        let count = words::count(figures, "figure");
        Some(match (self.saved, self.kept) {
            (_, Some(0)) => (format!("{count} taken back."), None),
            (_, Some(kept)) => {
                let kept = words::count(kept, "figure");
                let said = format!(
                    "{count} taken back; {kept} stayed, because they were recorded or published since."
                );
                (said, None)
            }
            (Some(commit), None) => (
                format!("{count} saved.{}", self.waiting_in_words()),
                Some(commit),
            ),
            (None, None) => (format!("{count} stood there already."), None),
        })
    }
}

impl DuePage {
    pub(super) fn of(
        viewer: &Viewer,
        due: &Due,
        sent: &SentCells,
        says: &HashMap<usize, Says>,
    ) -> DuePage {
        let model = &due.model;
        let title = "Due from me";
        // What was typed keeps its place, so that what is wrong is found at its field.
        let mut next = sent.cells.len();
        let (mut late, mut to_come) = (Vec::new(), Vec::new());
        for cell in &due.cells {
            let name = cell.name(model);
            let typed = sent.cells.iter().position(|typed| is_of(typed, &name));
            let place = typed.unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            let mut row = DueRow::of(viewer, model, cell, place);
            if let Some(typed) = typed.and_then(|typed| sent.cells.get(typed)) {
                row.fill(typed);
            }
            if let (Some(says), Some(measure)) =
                (says.get(&place), model.measures().get(cell.cell.measure))
            {
                row.said = says_in_words(says, measure);
            }
            match cell.is_late {
                true => late.push(row),
                false => to_come.push(row),
            }
        }
        let groups = [("Late", late), ("Due", to_come)];
        let late = due.late_with_others.iter().map(|late| {
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
        });
        DuePage {
            frame: Frame::new(viewer, Section::Due, title).below(title, None),
            said: said(due),
            position: due.position.0,
            actions: ["/due", "/due/withdrawal"].map(|path| viewer.place.href(path)),
            groups: groups
                .into_iter()
                .filter(|(_, rows)| !rows.is_empty())
                .collect(),
            more: due.more,
            column: sent.column.clone(),
            late: late.collect(),
            publishes: due.has_own,
            waiting: waiting(viewer, due),
            more_waiting: due.more_waiting,
            more_late: due.more_late,
            ..DuePage::default()
        }
    }

    fn weighs(&self) -> bool {
        weighs(self.groups.iter().flat_map(|(_, rows)| rows))
    }

    /// Puts at each field what is wrong with it.
    pub(super) fn mark(&mut self, problems: &Problems) {
        let of = |field: String| problems.of(&field).map(str::to_owned);
        for row in self.groups.iter_mut().flat_map(|(_, rows)| rows) {
            row.wrong = [
                of(format!("value{}", row.place)),
                of(format!("weight{}", row.place)),
                of(format!("comment{}", row.place)),
            ];
        }
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

/// Whether something was typed for a cell.
fn is_of(typed: &TypedCell, name: &TypedCell) -> bool {
    (&typed.measure, &typed.unit, &typed.period) == (&name.measure, &name.unit, &name.period)
}

/// What is due, in a sentence.
fn said(due: &Due) -> String {
    let all = (due.cells.len() + due.more) as u64;
    let late = due.cells.iter().filter(|cell| cell.is_late).count() as u64;
    let figures = words::count(all, "figure");
    match (all, late) {
        (0, _) => "Nothing is due from you.".to_owned(),
        (_, 0) => format!("{figures} to come, none of them late."),
        _ if late == all => format!("{figures}, late."),
        _ => format!("{figures}, {late} of them late."),
    }
}
