//! What an import recorded: how much of what, under which keys, how it is taken back, and what comes next.

use std::collections::HashMap;

use askama::Template;
use throughline_app::history::{CommitChanges, commit_changes};
use throughline_app::words;
use throughline_core::{MeasureId, PersonId, UnitId};
use throughline_ledger::Commit;
use throughline_model::diff::{Changed, Difference};
use throughline_model::{Kind, Model};
use uuid::Uuid;

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
    /// Its key when it was made.
    key: String,
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
    let added = Added::of(&read.differences);
    // A commit that brought nothing of what an import brings is none.
    if added.0.is_empty() && read.told.commit.observations == 0 {
        return Err(WebError::NotThere);
    }
    let measures = added.records(Kind::Measure);
    let is_there = |made: &&Difference| made.id.is_some_and(|id| read.model.has(Kind::Measure, id));
    let there = measures.iter().copied().filter(is_there);
    let (shown, all) = (there.clone().take(MEASURES_MAX), there.count());
    let made = shown.filter_map(|made| MadeMeasure::of(&viewer, &read.model, made));
    let mut made: Vec<MadeMeasure> = made.collect();
    count_targets(&mut made, added.records(Kind::Target));
    page(&ImportedPage {
        frame: Frame::new(&viewer, Section::Import, "What was recorded"),
        reason: read.told.commit.reason.clone().unwrap_or_default(),
        number,
        commit: links::commit(&viewer.place, number),
        position: viewer.position(),
        is_gone: !measures.is_empty() && made.is_empty(),
        holds: holds(&viewer, &read, &added),
        more: all.saturating_sub(MEASURES_MAX),
        measures: made,
        next: next(&viewer),
    })
}

/// What an import brings.
const BROUGHT: [Kind; 4] = [Kind::Measure, Kind::Target, Kind::Unit, Kind::Person];

/// The records of these kinds that a commit added. There may be tens of thousands, which are gone through once.
struct Added<'a>(HashMap<Kind, Vec<&'a Difference>>);

impl<'a> Added<'a> {
    fn of(differences: &'a [Difference]) -> Added<'a> {
        let brought = differences
            .iter()
            .filter(|one| BROUGHT.contains(&one.kind) && matches!(one.change, Changed::Added(_)));
        let mut added: HashMap<Kind, Vec<&Difference>> = HashMap::new();
        for one in brought {
            added.entry(one.kind).or_default().push(one);
        }
        Added(added)
    }

    fn records(&self, kind: Kind) -> &[&'a Difference] {
        self.0.get(&kind).map_or(&[], Vec::as_slice)
    }
}

impl MadeMeasure {
    /// A measure as it is now, without its targets.
    fn of(viewer: &Viewer, model: &Model, made: &Difference) -> Option<MadeMeasure> {
        let measure = model.measures().get(MeasureId::from_uuid(made.id?))?;
        Some(MadeMeasure {
            name: measure.name.clone(),
            key: made.key.clone(),
            href: links::measure(&viewer.place, measure.key.as_str()),
            owner: measure
                .owner
                .map(|owner| name_of(model, owner))
                .unwrap_or_default(),
            targets: String::new(),
        })
    }
}

/// Says of measures at how many units a target was made.
fn count_targets(made: &mut [MadeMeasure], targets: &[&Difference]) {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for target in targets {
        let measure = target.key.split('@').next().unwrap_or_default();
        *counts.entry(measure).or_default() += 1;
    }
    for measure in made {
        let count = counts.get(measure.key.as_str());
        measure.targets = count.map_or_else(String::new, |count| words::count(*count, "unit"));
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
    let unit = |id: Uuid| Some(model.units().get(UnitId::from_uuid(id))?.name.clone());
    let person = |id: Uuid| Some(model.people().get(PersonId::from_uuid(id))?.name.clone());
    let (units, people) = (added.records(Kind::Unit), added.records(Kind::Person));
    let lines = [
        (added.records(Kind::Measure).len(), "measure", Vec::new()),
        (added.records(Kind::Target).len(), "target", Vec::new()),
        (units.len(), "unit", named(units, unit)),
        (people.len(), "owner", named(people, person)),
        (figures, "figure", Vec::new()),
    ];
    let lines = lines.into_iter().filter(|(count, ..)| *count > 0);
    lines
        .map(|(count, one, names)| {
            let counted = words::count(count as u64, one);
            let (number, noun) = counted.split_once(' ').unwrap_or((&counted, ""));
            (
                number.to_owned(),
                format!("{noun}{}", listed(count, &names)),
            )
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

/// The names of the first of some records, as far as they are in the plan.
fn named(records: &[&Difference], name: impl Fn(Uuid) -> Option<String>) -> Vec<String> {
    let names = records.iter().filter_map(|one| name(one.id?));
    names.take(NAMES_MAX).collect()
}

/// `: North, West and 3 more`, of so many in all.
fn listed(count: usize, names: &[String]) -> String {
    match count.saturating_sub(names.len()) {
        _ if names.is_empty() => String::new(),
        0 => format!(": {}", words::list(names)),
        more => format!(": {} and {more} more", names.join(", ")),
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
