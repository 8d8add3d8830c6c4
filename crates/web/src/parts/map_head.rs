//! What stands above a map: the grades of its lines, each a way to look at those alone, and the choice of one node, with
//! what is connected with it. Both stand in the address, and work without a script.

use askama::Template;
use throughline_app::evidence::{Grade, LinkEvidence, MapEvidence};
use throughline_charts::{Evidence, MapRow, Picked, PickedLinks};
use throughline_model::Model;

use super::strategy_map::{Depth, is_meant};
use super::ties::{self, EvidenceMark};
use crate::viewer::Viewer;

/// Where the map stands on its page.
const PART: &str = "#map";

/// The head of a map.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/map_head.html")]
pub struct MapHead {
    /// The grades that occur, from for to against.
    pub grades: Vec<GradeChoice>,
    /// The nodes: key, name and whether it is the one that is looked at.
    pub nodes: Vec<(String, String, bool)>,
    /// The page, for the form.
    pub path: String,
    /// Name and value of what the form keeps of the address.
    pub kept: Vec<(&'static str, String)>,
    /// Shows all, where something was picked.
    pub all: Option<String>,
    /// What the address picks and is not there: `Nothing on this map is called “set-your-watch”. All of it is shown.`
    pub not_there: String,
}

/// A grade of the lines of a map.
#[derive(Debug, Clone)]
pub struct GradeChoice {
    /// How it is drawn.
    pub mark: EvidenceMark,
    /// How often it occurs.
    pub count: usize,
    /// Shows these alone, or again all.
    pub href: String,
    /// Whether these alone are shown.
    pub is_chosen: bool,
}

/// What the address picks on a map.
#[must_use]
pub fn picked(viewer: &Viewer) -> Picked {
    Picked {
        node: said(viewer, "focus").map(str::to_owned),
        links: said(viewer, "evidence").and_then(|name| match name {
            "decided" => Some(PickedLinks::Cascade),
            name => {
                let mut all = Evidence::ALL.into_iter();
                let named = all.find(|one| name_of(EvidenceMark::Graded(*one)) == name);
                named.map(PickedLinks::Known)
            }
        }),
    }
}

/// What the address says by a name; a form without a choice says nothing.
fn said<'a>(viewer: &'a Viewer, name: &str) -> Option<&'a str> {
    let (_, value) = viewer.said(name)?;
    (!value.is_empty()).then_some(value)
}

/// The name of a grade in the address: `not-shown`.
fn name_of(mark: EvidenceMark) -> String {
    mark.word().to_lowercase().replace(' ', "-")
}

impl MapHead {
    /// The head of a map with these rows.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        (model, evidence): (&Model, Option<&MapEvidence>),
        (depth, rows): (Depth, &[MapRow]),
    ) -> MapHead {
        let picked = picked(viewer);
        let without = |names: &[&str]| -> Vec<(&'static str, &str)> {
            let state = viewer.state.iter();
            let kept = state.filter(|(name, _)| !names.contains(name));
            kept.map(|(name, value)| (*name, value.as_str())).collect()
        };
        let href = |state: &[(&str, &str)]| {
            format!("{}{PART}", viewer.place.href_with(&viewer.path, state))
        };
        let choice = |(mark, count)| {
            let is_chosen = picked.links == links_of(mark);
            let name = name_of(mark);
            let mut state = without(&["evidence"]);
            if !is_chosen {
                state.push(("evidence", &name));
            }
            GradeChoice {
                mark,
                count,
                href: href(&state),
                is_chosen,
            }
        };
        let nodes = rows.iter().flat_map(|row| &row.nodes);
        let nodes = nodes.map(|node| {
            let is_chosen = picked.node.as_deref() == Some(&node.key);
            (node.key.clone(), node.name.clone(), is_chosen)
        });
        let nodes: Vec<(String, String, bool)> = nodes.collect();
        let place = viewer.place.pairs().into_iter();
        let kept = place.chain(without(&["focus"]));
        let is_picked = picked != Picked::default();
        let grades = occurring(model, evidence, depth).into_iter().map(choice);
        let grades: Vec<GradeChoice> = grades.collect();
        MapHead {
            not_there: not_there(viewer, (&picked, evidence.is_some()), &nodes, &grades),
            grades,
            nodes,
            path: format!("{}{PART}", viewer.path),
            kept: kept.map(|(name, value)| (name, value.to_owned())).collect(),
            all: is_picked.then(|| href(&without(&["evidence", "focus"]))),
        }
    }
}

/// What the address picks that the map does not have, in words; of lines that are not weighed yet none is missed.
fn not_there(
    viewer: &Viewer,
    (picked, is_weighed): (&Picked, bool),
    nodes: &[(String, String, bool)],
    grades: &[GradeChoice],
) -> String {
    let has_node = nodes.iter().any(|(_, _, is_chosen)| *is_chosen);
    let has_lines = grades.iter().any(|grade| grade.is_chosen);
    let node = picked.node.as_deref().filter(|_| !has_node);
    let node = node.map(|key| format!("Nothing on this map is called “{key}”."));
    let lines = match picked.links {
        _ if has_lines => None,
        None => said(viewer, "evidence").map(|name| format!("No lines are called “{name}”.")),
        Some(PickedLinks::Cascade) => Some("No line here is decided.".to_owned()),
        Some(PickedLinks::Known(grade)) => is_weighed.then(|| {
            let grade = EvidenceMark::Graded(grade).word().to_lowercase();
            format!("No line here is {grade} now.")
        }),
    };
    let is_all = !has_node && !has_lines && (node.is_some() || lines.is_some());
    let all = is_all.then(|| "All of it is shown.".to_owned());
    let said: Vec<String> = [node, lines, all].into_iter().flatten().collect();
    said.join(" ")
}

/// The links that a mark is of.
fn links_of(mark: EvidenceMark) -> Option<PickedLinks> {
    match mark {
        EvidenceMark::Graded(evidence) => Some(PickedLinks::Known(evidence)),
        EvidenceMark::Decided => Some(PickedLinks::Cascade),
        EvidenceMark::Awaited => None,
    }
}

/// The grades that occur on a map, from for to against, each with how often.
fn occurring(
    model: &Model,
    evidence: Option<&MapEvidence>,
    depth: Depth,
) -> Vec<(EvidenceMark, usize)> {
    let grades = [
        Grade::Strong,
        Grade::Supported,
        Grade::Plausible,
        Grade::NotShown,
        Grade::Untested,
        Grade::Negligible,
        Grade::Contradicted,
    ];
    let found = evidence.map_or(&[][..], |evidence| &evidence.links).iter();
    let meant = |link: &&LinkEvidence| {
        let link = model.links().get(link.link);
        link.is_some_and(|link| is_meant(link, depth))
    };
    let found: Vec<Grade> = found.filter(meant).map(|link| link.grade).collect();
    let counted = grades.into_iter().map(|grade| {
        let count = found.iter().filter(|one| **one == grade).count();
        (EvidenceMark::Graded(ties::drawn(grade)), count)
    });
    let cascade = model.objectives().iter();
    let cascade: usize = cascade.map(|objective| objective.supports.len()).sum();
    let all = counted.chain([(EvidenceMark::Decided, cascade)]);
    all.filter(|(_, count)| *count > 0).collect()
}
