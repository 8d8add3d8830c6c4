//! An objective, an outcome or a behaviour: what it is, who answers for it, how it stands and why, and what drives what.

use askama::Template;
use throughline_app::insight::node_doubts_in_words;
use throughline_app::words::{self, meaning, names, numbers};
use throughline_app::{ReadScorecard, leads_to, led_to_by, main_measure, node_reading};
use throughline_core::{MeasureId, PersonId};
use throughline_engine::{ChildKey, ChildReading, MeasureReading, NodeReading, Status};
use throughline_model::fields::Markdown;
use throughline_model::records::{Measure, NodeId};
use throughline_model::value::Resolver;
use throughline_model::{Entry, Kind, Model};

use super::strategy::said;
use crate::address::Path;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::markdown;
use crate::parts::initiatives::InitiativeRow;
use crate::parts::measures::MeasureTable;
use crate::parts::person_mark::PersonMark;
use crate::parts::status::StatusMark;
use crate::parts::ties::{TieTable, kind_word};
use crate::viewer::Viewer;

/// How many initiatives are named on the page of an objective.
const INITIATIVES_MAX: usize = 20;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "node.html")]
pub struct NodePage {
    /// What is around it.
    pub frame: Frame,
    /// `Objective`, `Outcome` or `Behaviour`.
    pub kind: &'static str,
    /// What it means, as HTML of its own.
    pub about: String,
    /// Which figures these are.
    pub said: String,
    /// Its status.
    pub status: Option<StatusMark>,
    /// Its measures on plan, in a few words.
    pub on_plan: String,
    /// Its score: `84 of 100`.
    pub score: String,
    /// The share of its weight that is backed by data.
    pub coverage: String,
    /// Who answers for it.
    pub owner: Option<PersonMark>,
    /// Why it stands as it does, a sentence each.
    pub reasons: Vec<String>,
    /// What else there is to say of it: name and value.
    pub facts: Vec<(&'static str, String)>,
    /// The measures by which it is read.
    pub measures: MeasureTable,
    /// What drives it, and what it drives.
    pub ties: TieTable,
    /// The performance map, looking at what is connected with it.
    pub on_map: String,
    /// The initiatives that serve it.
    pub initiatives: Vec<InitiativeRow>,
}

/// What the plan says of a node, whatever its kind.
struct Told {
    about: Option<Markdown>,
    owner: Option<PersonId>,
    facts: Vec<(&'static str, String)>,
}

/// Shows an objective.
///
/// # Errors
/// If there is none with that key, or as of the scorecard's use case.
pub async fn objective(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    show(&viewer, Kind::Objective, &key).await
}

/// Shows an outcome.
///
/// # Errors
/// If there is none with that key, or as of the scorecard's use case.
pub async fn outcome(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    show(&viewer, Kind::Outcome, &key).await
}

/// Shows a behaviour.
///
/// # Errors
/// If there is none with that key, or as of the scorecard's use case.
pub async fn behaviour(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    show(&viewer, Kind::Behaviour, &key).await
}

async fn show(viewer: &Viewer, kind: Kind, key: &str) -> PageResult {
    let read = viewer.scorecard().await?;
    let model = &read.selected.model;
    let found = model.resolve(&[kind], key);
    let node = found.and_then(|(kind, id)| NodeId::new(kind, id));
    let node = node.ok_or(WebError::NotThere)?;
    let told = Told::of(model, node).ok_or(WebError::NotThere)?;
    let reading = node_reading(&read, node);
    let measures = reading.map(measures_of).unwrap_or_default();
    let evidence = viewer.evidence(&read.selected).await?;
    let ties = [
        ("Drives it", led_to_by(model, node)),
        ("It drives", leads_to(model, node)),
    ];
    page(&NodePage {
        frame: frame_of(viewer, &read, node),
        kind: kind_word(node),
        about: told
            .about
            .as_ref()
            .map(markdown::blocks)
            .unwrap_or_default(),
        said: said(&read),
        status: reading.map(|reading| StatusMark(reading.status)),
        on_plan: reading.map(on_plan).unwrap_or_default(),
        score: reading.and_then(score).unwrap_or_default(),
        coverage: reading.map(coverage).unwrap_or_default(),
        owner: PersonMark::of(model, &viewer.place, told.owner),
        reasons: reading
            .map(|reading| reasons(&read, reading))
            .unwrap_or_default(),
        facts: told.facts,
        measures: MeasureTable::read(viewer, &read, "The measures by which it is read", &measures)
            .await?,
        on_map: format!("{}#map", viewer.place.href_with("/map", &[("focus", key)])),
        ties: TieTable::of(&read, &viewer.place, &ties, evidence.as_deref()),
        initiatives: initiatives_of(viewer, &read, node),
    })
}

fn frame_of(viewer: &Viewer, read: &ReadScorecard, node: NodeId) -> Frame {
    let model = &read.selected.model;
    let name = names::name(model, (node.kind(), node.uuid()));
    let key = names::key(model, (node.kind(), node.uuid()));
    let (section, above, path) = match node {
        NodeId::Objective(_) => (Section::Strategy, "Strategy", "/strategy"),
        _ => (Section::Map, "Performance map", "/map"),
    };
    Frame::at(viewer, section, name.clone(), &read.selected)
        .below(above, Some(viewer.place.href(path)))
        .below(name, None)
        .of_record(viewer, node.kind(), &key)
}

impl Told {
    fn of(model: &Model, node: NodeId) -> Option<Told> {
        let calendar = model.calendar();
        let mut facts: Vec<(&'static str, Option<String>)> = Vec::new();
        let (about, owner) = match node {
            NodeId::Objective(id) => {
                let one = model.objectives().get(id)?;
                let perspective = one.perspective.and_then(|id| model.perspectives().get(id));
                let themes = one.themes.iter().filter_map(|id| model.themes().get(*id));
                let themes: Vec<String> = themes.map(|theme| theme.name.clone()).collect();
                let due = one.due.map(|due| words::period(&due, calendar));
                facts.push(("To be true by", due));
                facts.push(("Perspective", perspective.map(|one| one.name.clone())));
                facts.push(("Themes", Some(words::list(&themes))));
                (one.about.clone(), one.owner)
            }
            NodeId::Outcome(id) => {
                let one = model.outcomes().get(id)?;
                (one.about.clone(), one.owner)
            }
            NodeId::Behaviour(id) => {
                let one = model.behaviours().get(id)?;
                facts.push(("Who does it", one.who.clone()));
                facts.push((
                    "Level",
                    one.level.map(|level| words::sentence(level.word())),
                ));
                facts.push(("How often", one.how_often.clone()));
                facts.push(("How it is seen", one.seen_by.clone()));
                (one.about.clone(), one.owner)
            }
        };
        let facts = facts.into_iter();
        let facts = facts.filter_map(|(name, value)| Some((name, value?)));
        Some(Told {
            about,
            owner,
            facts: facts
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name, words::sentence(&value)))
                .collect(),
        })
    }
}

fn measures_of(node: &NodeReading) -> Vec<(MeasureId, Option<&ChildReading>)> {
    let children = node.children.iter();
    children
        .filter_map(|child| match child.child {
            ChildKey::Measure(id) => Some((id, Some(child))),
            ChildKey::Objective(_) => None,
        })
        .collect()
}

/// `1 of 2`
fn on_plan(node: &NodeReading) -> String {
    let measures = measures_of(node);
    let on_plan = measures
        .iter()
        .filter(|(_, child)| child.is_some_and(|child| child.status == Status::OnTrack))
        .count();
    if measures.is_empty() {
        return String::new();
    }
    format!("{on_plan} of {}", measures.len())
}

/// `84 of 100`
fn score(node: &NodeReading) -> Option<String> {
    Some(format!("{:.0} of 100", node.score?))
}

fn coverage(node: &NodeReading) -> String {
    numbers::share(node.coverage)
}

/// Why a node stands as it does: what is furthest from plan, what is critical, what is missing, whether it is fragile.
fn reasons(read: &ReadScorecard, node: &NodeReading) -> Vec<String> {
    let model = &read.selected.model;
    let mut said = Vec::new();
    if node.children.is_empty() {
        said.push("Nothing measures it, so nothing can be said of how it stands.".to_owned());
        return said;
    }
    match (node.status, main_measure(read, node)) {
        (Status::OnTrack, _) => said.push("All in all it is at plan or better.".to_owned()),
        (Status::AtRisk | Status::OffTrack, worst) => said.push(furthest(read, node, worst)),
        (Status::NoTarget, _) => said.push("No measure of it has a target here.".to_owned()),
        (Status::NoData, _) => said.push(format!(
            "Too little of its data is in at {} for this period.",
            read.selected.unit_name()
        )),
    }
    for child in node.children.iter().filter(|child| child.critical) {
        let name = name_of(model, child);
        match child.status {
            Status::OffTrack => said.push(format!(
                "“{name}” is critical and off track, and so is this."
            )),
            Status::NoData => said.push(format!(
                "“{name}” is critical and has no data, so this is at risk at best."
            )),
            _ => {}
        }
    }
    if !node.fragile.is_empty() {
        let reasons = node.fragile.iter();
        let reasons: Vec<String> = reasons
            .map(|reason| meaning::fragile_in_words(*reason).to_owned())
            .collect();
        let reasons = words::list(&reasons);
        said.push(format!("This is fragile: it would differ {reasons}."));
    }
    said.extend(node_doubts_in_words(read, node));
    said
}

fn name_of(model: &Model, child: &ChildReading) -> String {
    names::name(model, names::of_child(child.child))
}

/// What of a node is furthest from plan: a measure with its figure, or an objective that supports it.
fn furthest(
    read: &ReadScorecard,
    node: &NodeReading,
    measure: Option<(&MeasureReading, &Entry<Measure>)>,
) -> String {
    let mut children = node.children.iter();
    let worst = children.find(|child| Some(child.child) == node.worst);
    if let Some(
        worst @ ChildReading {
            child: ChildKey::Objective(_),
            ..
        },
    ) = worst
    {
        let name = name_of(&read.selected.model, worst);
        let status = worst.status.word();
        return format!("“{name}”, which supports it, is furthest from plan: {status}.");
    }
    let Some((reading, measure)) = measure else {
        return "All in all it is short of plan.".to_owned();
    };
    let [value, target] = numbers::value_and_target(reading.value, reading.target, measure);
    let against = match reading.target {
        None => String::new(),
        Some(_) => format!(" against {target}"),
    };
    let alone = if node.children.len() == 1 {
        "is its only measure"
    } else {
        "is furthest from plan"
    };
    format!("“{}” {alone}: {value}{against}.", measure.name)
}

fn initiatives_of(viewer: &Viewer, read: &ReadScorecard, node: NodeId) -> Vec<InitiativeRow> {
    let NodeId::Objective(objective) = node else {
        return Vec::new();
    };
    let initiatives = read.selected.model.initiatives().iter();
    initiatives
        .filter(|one| one.serves.contains(&objective))
        .take(INITIATIVES_MAX)
        .map(|one| InitiativeRow::of(read, &viewer.place, one))
        .collect()
}
