//! What an import recorded: how much of what, under which keys, how it is taken back, and what comes next.

use std::collections::HashMap;

use askama::Template;
use throughline_app::history::{CommitChanges, commit_changes};
use throughline_app::words;
use throughline_core::PersonId;
use throughline_ledger::Commit;
use throughline_model::diff::{Changed, Difference};
use throughline_model::{Kind, Model};

use super::links;
use crate::address::Path;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::routes::path_of;
use crate::server::Mode;
use crate::viewer::Viewer;

/// How many measures are listed; the others stand on their page.
const MEASURES_MAX: usize = 60;
/// How many names stand in a line before the others are counted.
const NAMES_MAX: usize = 6;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "imported.html")]
pub struct ImportedPage {
    /// What is around it.
    pub frame: Frame,
    /// Why the commit was made: `Import of ops-kpis-v7.xlsx`.
    pub reason: String,
    /// The number of the commit.
    pub number: u64,
    /// Its page.
    pub commit: Option<String>,
    /// The commit that the page is made after.
    pub position: u64,
    /// Whether what it brought is in the plan no more.
    pub is_gone: bool,
    /// How many of what, and which.
    pub holds: Vec<(String, String)>,
    /// The measures that were made.
    pub measures: Vec<MadeMeasure>,
    /// How many more were.
    pub more: usize,
    /// What comes next.
    pub next: Vec<NextStep>,
}

/// A measure that was made.
#[derive(Debug, Clone)]
pub struct MadeMeasure {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// Its page.
    pub href: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// At how many units a target was made.
    pub targets: String,
}

/// What comes next.
#[derive(Debug, Clone)]
pub struct NextStep {
    /// The words of its link.
    pub words: &'static str,
    /// What it is good for.
    pub about: &'static str,
    /// Its address.
    pub href: String,
}

/// Shows what a commit of an import recorded.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer, Path(number): Path<u64>) -> PageResult {
    let read = commit_changes(&viewer.ctx, number, 0..0).await?;
    let added = Added(&read.differences);
    let keys = added.keys(Kind::Measure);
    // A commit that brought nothing of what an import brings is none.
    let kinds = [Kind::Measure, Kind::Target, Kind::Unit, Kind::Person];
    let brought = kinds.iter().any(|kind| !added.keys(*kind).is_empty());
    if !brought && read.told.commit.observations == 0 {
        return Err(WebError::NotThere);
    }
    let mut targets: HashMap<&str, u64> = HashMap::new();
    for target in added.keys(Kind::Target) {
        *targets
            .entry(target.split('@').next().unwrap_or_default())
            .or_default() += 1;
    }
    let targets_of = |key: &str| targets.get(key).copied().unwrap_or(0);
    let made = keys
        .iter()
        .filter_map(|key| MadeMeasure::of(&viewer, &read.model, key, targets_of(key)));
    let made: Vec<MadeMeasure> = made.collect();
    page(&ImportedPage {
        frame: Frame::new(&viewer, Section::Import, "What was recorded"),
        reason: read.told.commit.reason.clone().unwrap_or_default(),
        number,
        commit: links::commit(&viewer.place, number),
        position: viewer.position(),
        is_gone: !keys.is_empty() && made.is_empty(),
        holds: holds(&viewer, &read, &added),
        more: made.len().saturating_sub(MEASURES_MAX),
        measures: made.into_iter().take(MEASURES_MAX).collect(),
        next: next(&viewer),
    })
}

/// The records that a commit added.
struct Added<'a>(&'a [Difference]);

impl Added<'_> {
    fn keys(&self, kind: Kind) -> Vec<&str> {
        let of_kind = self.0.iter().filter(|one| one.kind == kind);
        let new = of_kind.filter(|one| matches!(one.change, Changed::Added(_)));
        new.map(|one| one.key.as_str()).collect()
    }
}

impl MadeMeasure {
    /// A measure with targets at so many units.
    fn of(viewer: &Viewer, model: &Model, key: &str, targets: u64) -> Option<MadeMeasure> {
        let measure = model.measures().by_key(key)?;
        Some(MadeMeasure {
            name: measure.name.clone(),
            key: key.to_owned(),
            href: links::measure(&viewer.place, key),
            owner: measure
                .owner
                .map(|owner| name_of(model, owner))
                .unwrap_or_default(),
            targets: match targets {
                0 => String::new(),
                count => words::count(count, "unit"),
            },
        })
    }
}

fn name_of(model: &Model, person: PersonId) -> String {
    let person = model.people().get(person);
    person.map(|person| person.name.clone()).unwrap_or_default()
}

/// How many of what was recorded, and which.
fn holds(viewer: &Viewer, read: &CommitChanges, added: &Added<'_>) -> Vec<(String, String)> {
    let model = &read.model;
    let commit = &read.told.commit;
    let figures = (commit.observations as usize).saturating_sub(none_in(viewer, commit));
    let unit = |key: &&str| model.units().by_key(key).map(|unit| unit.name.clone());
    let person = |key: &&str| model.people().by_key(key).map(|person| person.name.clone());
    let units = added.keys(Kind::Unit);
    let people = added.keys(Kind::Person);
    let measures = added.keys(Kind::Measure).len();
    let targets = added.keys(Kind::Target).len();
    let lines = [
        (measures, "measure", Vec::new()),
        (targets, "target", Vec::new()),
        (units.len(), "unit", units.iter().filter_map(unit).collect()),
        (
            people.len(),
            "owner",
            people.iter().filter_map(person).collect(),
        ),
        (figures, "figure", Vec::new()),
    ];
    let lines = lines.into_iter().filter(|(count, ..)| *count > 0);
    lines
        .map(|(count, one, names)| {
            let counted = words::count(count as u64, one);
            let (number, noun) = counted.split_once(' ').unwrap_or((&counted, ""));
            (number.to_owned(), format!("{noun}{}", listed(&names)))
        })
        .collect()
}

/// How many cells of a commit say that there is no figure.
fn none_in(viewer: &Viewer, commit: &Commit) -> usize {
    let Some(snapshot) = viewer.ctx.snapshot() else {
        return 0;
    };
    let observations = &snapshot.observations;
    let rows = observations.rows_of(commit.number, commit.recorded_at);
    let recorded = rows.filter_map(|row| observations.recorded(row));
    recorded
        .filter(|one| one.observation.value.is_none())
        .count()
}

/// `: North, West and 3 more`
fn listed(names: &[String]) -> String {
    let named = names.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>();
    match names.len().saturating_sub(NAMES_MAX) {
        _ if names.is_empty() => String::new(),
        0 => format!(": {}", words::list(&named)),
        more => format!(": {} and {more} more", named.join(", ")),
    }
}

fn next(viewer: &Viewer) -> Vec<NextStep> {
    let link = |route: &str| path_of(route).map(|path| viewer.place.href(path));
    let gives = viewer.ctx.may_give_access() && *viewer.server.mode() == Mode::Serve;
    let steps = [
        (
            "Look at the scorecard",
            "Every measure with its target, its last months and whether they changed.",
            link("scorecard"),
        ),
        (
            "Invite the owners",
            "Each gets a link, chooses a password, and enters the next figures.",
            link("invitations").filter(|_| gives),
        ),
        (
            "Plan the first review",
            "Who meets, when, and about which month. The agenda writes itself.",
            link("reviews").filter(|_| viewer.ctx.may_change_plan()),
        ),
    ];
    let steps = steps.into_iter();
    let there = steps.filter_map(|(words, about, href)| {
        Some(NextStep {
            words,
            about,
            href: href?,
        })
    });
    there.collect()
}
