//! One commit: who made it, when and why, and what it changed.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::AppError;
use throughline_app::edit::take_back;
use throughline_app::history::{CommitChanges, commit_changes};
use throughline_app::words::{self, names, numbers};
use throughline_ledger::CommitKind;
use throughline_model::Kind;
use throughline_model::observation::{CommitNumber, Recorded};

use super::links;
use crate::address::{Form, Path, Query};
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::changes::{CHANGES_MAX, Changes, Today};
use crate::parts::pages::{ListState, Pages, Stretch, at_row};
use crate::parts::person_mark::PersonMark;
use crate::parts::place_bar::of_today;
use crate::parts::told_changes::by;
use crate::viewer::Viewer;

/// How many observations a page has.
const PAGE: usize = 25;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "commit.html")]
pub struct CommitPage {
    /// What is around it.
    pub frame: Frame,
    /// Its number.
    pub number: u64,
    /// Why it was made.
    pub reason: String,
    /// When it became known.
    pub at: String,
    /// Who made it, where that is a person of the plan.
    pub person: Option<PersonMark>,
    /// Who made it, in words.
    pub by: String,
    /// What it holds.
    pub holds: String,
    /// Further facts, each with its name.
    pub facts: Vec<(&'static str, String)>,
    /// Whether it changed the plan.
    pub has_changes: bool,
    /// Whether it erased a person.
    pub is_erasure: bool,
    /// What it changed in the plan.
    pub changes: Changes,
    /// Whether it recorded observations.
    pub has_observations: bool,
    /// Those of this page.
    pub observations: Vec<ObservationRow>,
    /// The ways to the others.
    pub pages: Pages,
    /// How many are of units that are not the viewer's to see.
    pub hidden: u64,
    /// The commit that the page is made after.
    pub position: u64,
    /// Whether the viewer may take it back.
    pub may_reverse: bool,
    /// The commits before and after it.
    pub beside: [Option<String>; 2],
}

/// An observation that was recorded.
#[derive(Debug, Clone)]
pub struct ObservationRow {
    /// The measure, and its unit.
    pub measure: String,
    /// Every value that was recorded there.
    pub href: Option<String>,
    /// The unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// What was there before; empty if nothing was.
    pub before: String,
    /// What was recorded.
    pub value: String,
    /// Its weight.
    pub weight: String,
    /// Whether it was checked, and the remark that came with it.
    pub remark: String,
}

/// What the form of taking back sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReversalForm {
    /// The commit that the page was made after.
    position: String,
}

/// Takes back what a commit changed in the plan.
///
/// # Errors
/// As of the use case.
pub async fn reverse(
    mut viewer: Viewer,
    Path(number): Path<u64>,
    Form(form): Form<ReversalForm>,
) -> PageResult {
    viewer.ctx = viewer
        .ctx
        .with_reason(Some(format!("Takes back commit {number}")));
    let viewer = viewer.once(&form);
    let taken = take_back(&viewer.ctx, CommitNumber(number)).await?;
    viewer.server.imports().taken_back(CommitNumber(number));
    let made = taken.commit.map(|commit| commit.number);
    if let Some(made) = made {
        // Whoever reads next finds what was written.
        let _ = viewer.server.live().reached(made).await;
    }
    let shown = made.map_or(number, |made| made.0);
    Ok(Redirect::to(&viewer.place.href(&format!("/history/{shown}"))).into_response())
}

/// Shows a commit.
///
/// # Errors
/// If there is none of that number; what may not be read is not there.
pub async fn get(
    viewer: Viewer,
    Path(number): Path<String>,
    Query(state): Query<ListState>,
) -> PageResult {
    let number: u64 = number
        .parse()
        .map_err(|_| AppError::not_found("there is no such commit"))?;
    // How many there are is known once it is read.
    let asked = Stretch::of(state.row, PAGE, usize::MAX);
    let mut read = commit_changes(&viewer.ctx, number, asked.shown.clone()).await?;
    let stretch = Stretch::of(state.row, PAGE, read.readable);
    if stretch.shown.start < asked.shown.start {
        read = commit_changes(&viewer.ctx, number, stretch.shown.clone()).await?;
    }
    let today = Today::of(&viewer).await?;
    let (commit, model) = (&read.told.commit, &read.model);
    let snapshot = viewer.ctx.snapshot();
    let newest = snapshot.map_or(0, |snapshot| snapshot.position.0);
    let beside = |number: u64| {
        let is_there = (1..=newest).contains(&number);
        is_there
            .then(|| links::commit(&viewer.place, number))
            .flatten()
    };
    let meant = viewer.selected().await?;
    let frame = Frame::at(
        &viewer,
        Section::History,
        format!("Commit {number}"),
        &meant,
    );
    page(&CommitPage {
        frame: frame
            .of_no_place()
            .below("History", links::page(&viewer.place, "history"))
            .below(format!("Commit {number}"), None),
        number,
        reason: commit.reason.clone().unwrap_or_default(),
        at: words::instant(commit.recorded_at, model.calendar()),
        person: PersonMark::of(model, &viewer.place, commit.author),
        by: by(&read.told, model),
        holds: format!(
            "{}.{}",
            words::sentence(&words::contents(&read.told)),
            of_today(&viewer.place)
        ),
        facts: facts(&read),
        has_changes: commit.records > 0,
        is_erasure: commit.kind == CommitKind::Erasure,
        position: newest,
        may_reverse: commit.records > 0
            && number > 1
            && commit.kind == CommitKind::Plan
            && viewer.ctx.may_change_plan(),
        changes: Changes::of(&read.differences, CHANGES_MAX, &viewer.place, &today),
        has_observations: commit.observations > 0,
        observations: read
            .observations
            .iter()
            .filter_map(|(now, before)| row(now, before.as_ref(), &read, &viewer))
            .collect(),
        pages: stretch.pages("Observations", |row| {
            format!("{}#observations", at_row(&viewer, row))
        }),
        hidden: commit.observations.saturating_sub(read.readable as u64),
        beside: [
            beside(number.wrapping_sub(1)),
            beside(number.wrapping_add(1)),
        ],
    })
}

fn facts(read: &CommitChanges) -> Vec<(&'static str, String)> {
    let (commit, calendar) = (&read.told.commit, read.model.calendar());
    let mut facts = Vec::new();
    if commit.brought_in {
        facts.push(("Brought in", words::instant(commit.at, calendar)));
    }
    facts.push(("Came in by", commit.origin.to_string()));
    facts.push(("Fingerprint", commit.hash.to_string()));
    facts
}

fn row(
    now: &Recorded,
    before: Option<&Recorded>,
    read: &CommitChanges,
    viewer: &Viewer,
) -> Option<ObservationRow> {
    let observation = &now.observation;
    let cell = &observation.cell;
    let model = read.plan_of(cell);
    let measure = model.measures().get(cell.measure)?;
    let stated = |recorded: &Recorded| match recorded.observation.value {
        Some(_) => numbers::bare(recorded.observation.value, measure),
        None => "none".to_owned(),
    };
    let state = observation.state.map(|state| words::sentence(state.word()));
    let remark: Vec<String> = state.into_iter().chain(observation.note.clone()).collect();
    Some(ObservationRow {
        measure: numbers::name_with_unit(measure),
        href: links::observation(&viewer.place, &read.model, cell),
        unit: names::name(model, (Kind::Unit, cell.unit.as_uuid())),
        period: words::period(&cell.period, model.calendar()),
        before: before.map(stated).unwrap_or_default(),
        value: stated(now),
        weight: observation.weight.map(numbers::plain).unwrap_or_default(),
        remark: remark.join(": "),
    })
}
