//! My line of sight: from what a person does, step by step, to what the organisation wants. Made for a phone first.

use askama::Template;
use serde::Deserialize;
use throughline_app::words::{self, names};
use throughline_app::{Part, PartRole, ReadLineOfSight, Step, line_of_sight, line_through};
use throughline_core::Scope;
use throughline_model::records::NodeId;
use throughline_model::{Entry, Kind, records::Person};

use super::links;
use super::strategy::said;
use crate::address::{Path, Query};
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::sight::{SightStep, Vision};
use crate::parts::status::StatusMark;
use crate::parts::ties::kind_word;
use crate::server::Mode;
use crate::viewer::Viewer;

/// How many things that a person takes part in are offered.
const PARTS_MAX: usize = 24;
/// How many people who report to a person are named.
const REPORTS_MAX: usize = 12;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "line_of_sight.html")]
pub struct LineOfSightPage {
    /// What is around it.
    pub frame: Frame,
    /// Whose line it is, and from where.
    pub about: String,
    /// Which figures these are.
    pub said: String,
    /// Whether it is the line of whoever looks.
    pub is_own: bool,
    /// Whether nobody was chosen whose line it could be.
    pub is_nobody: bool,
    /// Whether whoever looks works in no unit, and may read no figures.
    pub is_of_no_unit: bool,
    /// The first name of the person, for what is empty.
    pub name: String,
    /// What they take part in, by what they are to it.
    pub groups: Vec<Group>,
    /// How many more there are.
    pub more: usize,
    /// The line of the one that is chosen.
    pub steps: Vec<SightStep>,
    /// Where it leads.
    pub vision: Option<Vision>,
    /// The person's page.
    pub person: Option<String>,
    /// People who report to them: name and line of sight.
    pub reports: Vec<(String, String)>,
    /// Everybody.
    pub people: String,
    /// The performance map.
    pub map: String,
    /// Whom to look through, in the demonstration.
    pub look_through: Option<String>,
}

/// What a person takes part in, in one way.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they are to it: `What you do`.
    pub name: String,
    /// Each of them.
    pub choices: Vec<Choice>,
    /// Whether they are seen only once that is asked for, so that the line itself begins above the fold of a phone.
    pub is_folded: bool,
}

/// Something that a person takes part in, and whose line can be shown.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// When it is done, or what it is.
    pub cue: String,
    /// How it stands.
    pub status: StatusMark,
    /// Its line.
    pub href: String,
    /// Whether its line is shown.
    pub is_current: bool,
}

/// What the address says of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LineState {
    /// The key of what the line passes through; the first that there is where left out.
    pub from: Option<String>,
}

/// Shows the line of sight of whoever looks.
///
/// # Errors
/// As of the use case.
pub async fn mine(viewer: Viewer, Query(state): Query<LineState>) -> PageResult {
    let actor = viewer.ctx.actor();
    if actor.person.is_none() {
        return nobodys(&viewer).await;
    }
    if actor.scope == Scope::Nowhere {
        return page(&LineOfSightPage {
            frame: Frame::new(&viewer, Section::LineOfSight, "My line of sight"),
            is_of_no_unit: true,
            ..LineOfSightPage::ways_on(&viewer)
        });
    }
    show(&viewer, None, &state).await
}

/// Shows the line of sight of a person.
///
/// # Errors
/// As of the use case.
pub async fn of_person(
    viewer: Viewer,
    Path(key): Path<String>,
    Query(state): Query<LineState>,
) -> PageResult {
    show(&viewer, Some(&key), &state).await
}

async fn nobodys(viewer: &Viewer) -> PageResult {
    let meant = viewer.selected().await?;
    page(&LineOfSightPage {
        frame: Frame::at(viewer, Section::LineOfSight, "Line of sight", &meant),
        is_nobody: true,
        ..LineOfSightPage::ways_on(viewer)
    })
}

async fn show(viewer: &Viewer, key: Option<&str>, state: &LineState) -> PageResult {
    let sight = line_of_sight(&viewer.ctx, key, &viewer.place.selection()).await?;
    let is_own = viewer.ctx.actor().person == Some(sight.person.id());
    let chosen = sight.part(state.from.as_deref()).or(sight.parts.first());
    let line = chosen.map(|part| line_through(&sight.own.selected.model, part.node));
    let line = line.unwrap_or_default();
    let evidence = viewer.evidence(&sight.own.selected).await?;
    let mut steps = Vec::new();
    for step in &line {
        let here = chosen.filter(|part| part.node == step.node);
        steps.push(SightStep::read(viewer, &sight, step, here, evidence.as_deref()).await?);
    }
    // Only objectives are what the vision is made of.
    let ends_in_objective = |step: &Step| matches!(step.node, NodeId::Objective(_));
    let reaches_vision = line.last().is_some_and(ends_in_objective);
    let first_name = sight.person.name.split_whitespace().next();
    page(&LineOfSightPage {
        frame: frame_of(viewer, &sight, is_own),
        about: about(&sight),
        said: said(&sight.own),
        is_own,
        name: first_name.unwrap_or_default().to_owned(),
        groups: groups(viewer, &sight, chosen, is_own),
        more: sight.parts.len().saturating_sub(PARTS_MAX),
        vision: Vision::of(&sight.own.selected.model).filter(|_| reaches_vision),
        steps,
        person: links::record(&viewer.place, Kind::Person, sight.person.key.as_str()),
        reports: reports(viewer, &sight).await,
        ..LineOfSightPage::ways_on(viewer)
    })
}

impl LineOfSightPage {
    fn ways_on(viewer: &Viewer) -> LineOfSightPage {
        LineOfSightPage {
            people: viewer.place.href("/people"),
            map: viewer.place.href("/map"),
            look_through: matches!(viewer.server.mode(), Mode::Demo { .. })
                .then(|| viewer.place.href("/look-through")),
            ..LineOfSightPage::default()
        }
    }
}

fn frame_of(viewer: &Viewer, sight: &ReadLineOfSight, is_own: bool) -> Frame {
    let title = if is_own {
        "My line of sight".to_owned()
    } else {
        format!("Line of sight of {}", sight.person.name)
    };
    let frame = Frame::at(viewer, Section::LineOfSight, title, &sight.own.selected);
    if is_own {
        return frame;
    }
    let page = links::record(&viewer.place, Kind::Person, sight.person.key.as_str());
    frame
        .below("Units and people", Some(viewer.place.href("/people")))
        .below(sight.person.name.clone(), page)
        .below("Line of sight", None)
}

/// `Jun Cobblestone, frontline, United at Newark`
fn about(sight: &ReadLineOfSight) -> String {
    let person: &Entry<Person> = &sight.person;
    let model = &sight.own.selected.model;
    let unit = person.unit.and_then(|unit| model.units().get(unit));
    let parts = [
        Some(person.name.clone()),
        person.level.map(|level| level.word().to_owned()),
        unit.map(|unit| unit.name.clone()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn key_of(sight: &ReadLineOfSight, node: NodeId) -> String {
    names::key(&sight.own.selected.model, (node.kind(), node.uuid()))
}

/// What a person is to what they take part in, as a heading.
fn heading(role: PartRole, is_own: bool, name: &str) -> String {
    let (own, other) = match role {
        PartRole::Does => ("What you do", "What {} does"),
        PartRole::AnswersFor => ("What you answer for", "What {} answers for"),
        PartRole::OwnsMeasure => ("What your measures show", "What the measures of {} show"),
        PartRole::Collects => ("Figures you collect", "Figures {} collects"),
        PartRole::Checks => ("Figures you check", "Figures {} checks"),
    };
    if is_own {
        own.to_owned()
    } else {
        other.replace("{}", name)
    }
}

fn groups(
    viewer: &Viewer,
    sight: &ReadLineOfSight,
    chosen: Option<&Part>,
    is_own: bool,
) -> Vec<Group> {
    let first_name = sight
        .person
        .name
        .split_whitespace()
        .next()
        .unwrap_or_default();
    let mut groups: Vec<(PartRole, Group)> = Vec::new();
    for part in sight.parts.iter().take(PARTS_MAX) {
        let choice = Choice::of(viewer, sight, part, Some(part) == chosen);
        match groups.last_mut() {
            Some((role, group)) if *role == part.role => group.choices.push(choice),
            _ => groups.push((
                part.role,
                Group {
                    name: heading(part.role, is_own, first_name),
                    choices: vec![choice],
                    is_folded: false,
                },
            )),
        }
    }
    // What somebody only collects or checks figures of comes after what they do, unless it is all, or what is shown.
    let is_minor = |role: PartRole| matches!(role, PartRole::Collects | PartRole::Checks);
    let is_all = groups.iter().all(|(role, _)| is_minor(*role));
    for (role, group) in &mut groups {
        let is_shown = group.choices.iter().any(|choice| choice.is_current);
        group.is_folded = is_minor(*role) && !is_all && !is_shown;
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

impl Choice {
    fn of(viewer: &Viewer, sight: &ReadLineOfSight, part: &Part, is_current: bool) -> Choice {
        let model = &sight.own.selected.model;
        let key = key_of(sight, part.node);
        let measure = part.measure.and_then(|id| model.measures().get(id));
        let cue = match (measure, part.node) {
            (Some(measure), _) => measure.name.clone(),
            (None, NodeId::Behaviour(id)) => {
                let behaviour = model.behaviours().get(id);
                let often = behaviour.and_then(|behaviour| behaviour.how_often.clone());
                often.map_or_else(|| "Behaviour".to_owned(), |often| words::sentence(&often))
            }
            (None, node) => kind_word(node).to_owned(),
        };
        let href = viewer
            .place
            .href_with(&viewer.path, &[("from", key.as_str())]);
        Choice {
            name: names::name(model, (part.node.kind(), part.node.uuid())),
            cue,
            status: StatusMark(sight.status_of(part.node)),
            href: format!("{href}#line"),
            is_current,
        }
    }
}

async fn reports(viewer: &Viewer, sight: &ReadLineOfSight) -> Vec<(String, String)> {
    let people = sight.own.selected.model.people().iter();
    let mut found = Vec::new();
    for person in people.filter(|one| one.reports_to == Some(sight.person.id())) {
        if found.len() == REPORTS_MAX {
            break;
        }
        if let Some(href) = links::line_of_sight(viewer, person).await {
            found.push((person.name.clone(), href));
        }
    }
    found
}
