//! Nothing leads back to itself: no unit is above itself at any time, no objective supports itself, nobody reports to
//! themselves, no formula needs its own value.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use throughline_core::finding::{Finding, Place};
use throughline_core::id::UnitId;
use uuid::Uuid;

use crate::kind::Kind;
use crate::model::Model;
use crate::value::Names;

/// The most circles that are looked for in one place: a knot of nodes has very many.
const CIRCLES_MAX: usize = 20;

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    units(model, findings);
    let rounds = [
        round_of_people(model),
        round_of_objectives(model),
        round_of_formulas(model),
    ];
    for round in rounds {
        let next = |id: Uuid| round.next.get(&id).cloned().unwrap_or_default();
        for circle in circles(round.starts.iter().copied(), next) {
            findings.push(round.finding(model, &circle));
        }
    }
    for link in model.links() {
        if link.from == link.to {
            let finding = Finding::error("link-to-itself", "this link leads back to its cause")
                .at(super::place(model, link).field("to"));
            findings.push(finding);
        }
    }
}

/// Records of one kind of which each may lead to others.
struct Round {
    kind: Kind,
    field: &'static str,
    code: &'static str,
    said: &'static str,
    starts: Vec<Uuid>,
    next: HashMap<Uuid, Vec<Uuid>>,
}

impl Round {
    fn finding(&self, model: &Model, circle: &[Uuid]) -> Finding {
        let message = format!("{}: {}", self.said, in_words(model, self.kind, circle));
        let help = format!("take one of these out of `{}` of another", self.field);
        Finding::error(self.code, message)
            .at(first_place(model, self.kind, circle).field(self.field))
            .with_help(help)
    }
}

fn round_of_people(model: &Model) -> Round {
    let above = |person: &crate::records::Person| person.reports_to.map(|id| vec![id.as_uuid()]);
    Round {
        kind: Kind::Person,
        field: "reports_to",
        code: "circle-of-people",
        said: "these people report to each other in a circle",
        starts: model.people().iter().map(|person| person.id).collect(),
        next: model
            .people()
            .iter()
            .filter_map(|person| Some((person.id, above(person)?)))
            .collect(),
    }
}

fn round_of_objectives(model: &Model) -> Round {
    let objectives = model.objectives().iter();
    Round {
        kind: Kind::Objective,
        field: "supports",
        code: "circle-of-objectives",
        said: "these objectives support each other in a circle",
        starts: objectives.clone().map(|objective| objective.id).collect(),
        next: objectives
            .map(|objective| {
                let supported = objective.supports.iter();
                let ids = supported.map(|support| support.objective.as_uuid());
                (objective.id, ids.collect())
            })
            .collect(),
    }
}

fn round_of_formulas(model: &Model) -> Round {
    let formulas = model.measures().iter();
    let formulas =
        formulas.filter_map(|measure| Some((measure.id, measure.formula.as_ref()?.measures())));
    let next: Vec<(Uuid, Vec<Uuid>)> = formulas
        .map(|(id, measures)| (id, measures.map(|measure| measure.as_uuid()).collect()))
        .collect();
    Round {
        kind: Kind::Measure,
        field: "formula",
        code: "circle-of-formulas",
        said: "these measures are computed from each other in a circle",
        starts: next.iter().map(|(id, _)| *id).collect(),
        next: next.into_iter().collect(),
    }
}

/// Circles of units, in the tree as it stands from each day on. A new circle takes a unit that moved on that day.
fn units(model: &Model, findings: &mut Vec<Finding>) {
    let mut moved: BTreeMap<Date, Vec<UnitId>> = BTreeMap::new();
    for unit in model.units() {
        for day in unit.parents.iter().filter_map(|dated| dated.from) {
            moved.entry(day).or_default().push(unit.id());
        }
    }
    let mut known = BTreeSet::new();
    for (index, (day, tree)) in model.index().eras().enumerate() {
        let starts = if index == 0 {
            model.units().iter().map(|unit| unit.id()).collect()
        } else {
            moved.remove(&day).unwrap_or_default()
        };
        for circle in circles(starts, |unit| tree.parent(unit).into_iter().collect()) {
            let mut members = circle.clone();
            members.sort();
            if !known.insert(members) {
                continue;
            }
            let circle: Vec<Uuid> = circle.into_iter().map(UnitId::as_uuid).collect();
            let since = if index == 0 {
                String::new()
            } else {
                format!(" from {day} on")
            };
            let words = in_words(model, Kind::Unit, &circle);
            let message = format!("these units are above each other in a circle{since}: {words}");
            let place = first_place(model, Kind::Unit, &circle);
            let field = if index == 0 { "parent" } else { "parents" };
            let finding = Finding::error("circle-of-units", message).at(place.field(field));
            findings.push(finding.with_help("give one of them a parent that is not below it"));
        }
    }
}

/// `a -> b -> a`
fn in_words(model: &Model, kind: Kind, circle: &[Uuid]) -> String {
    let around = circle.iter().chain(circle.first());
    let keys: Vec<String> = around.map(|id| model.name(&[kind], kind, *id)).collect();
    keys.join(" -> ")
}

fn first_place(model: &Model, kind: Kind, circle: &[Uuid]) -> Place {
    let first = circle.first().copied().unwrap_or_default();
    Place::record(kind.word(), model.name(&[kind], kind, first))
}

/// The circles that can be reached from the starts, each node of a circle leading to the one after it and the last to
/// the first. Of circles that share their way one is enough; at most [`CIRCLES_MAX`].
pub(crate) fn circles<N: Copy + Ord>(
    starts: impl IntoIterator<Item = N>,
    next: impl Fn(N) -> Vec<N>,
) -> Vec<Vec<N>> {
    let mut found = Vec::new();
    let mut done: BTreeSet<N> = BTreeSet::new();
    for start in starts {
        if done.contains(&start) {
            continue;
        }
        // The way from the start to where the walk is, each node with what is still to be looked at behind it.
        let mut way: Vec<(N, Vec<N>)> = vec![(start, next(start))];
        let mut on_the_way: BTreeMap<N, usize> = BTreeMap::from([(start, 0)]);
        while let Some((node, ahead)) = way.last_mut() {
            let Some(following) = ahead.pop() else {
                on_the_way.remove(node);
                done.insert(*node);
                way.pop();
                continue;
            };
            if let Some(position) = on_the_way.get(&following) {
                if found.len() < CIRCLES_MAX {
                    found.push(way[*position..].iter().map(|(node, _)| *node).collect());
                }
            } else if !done.contains(&following) {
                on_the_way.insert(following, way.len());
                way.push((following, next(following)));
            }
        }
    }
    found
}
