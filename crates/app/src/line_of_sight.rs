//! The line of sight of a person: from what they do, and what they answer for, to what the organisation wants.

use std::collections::HashSet;
use std::sync::Arc;

use throughline_core::{MeasureId, PersonId, UnitId};
use throughline_engine::{MeasureReading, Status};
use throughline_model::records::{Measure, NodeId, Person};
use throughline_model::{Entry, Kind, Model};

use crate::figures::{main_measure, node_reading};
use crate::policy::{Object, ReadPlan, ReadReadings};
use crate::scorecard::{ReadScorecard, scorecard};
use crate::selection::Selection;
use crate::ties::{Tied, leads_to, led_to_by, strongest};
use crate::{AppError, Ctx};

/// How many steps a line has at most, upwards and downwards.
const STEPS_MAX: usize = 12;

/// The line of sight of a person.
pub struct ReadLineOfSight {
    /// The person.
    pub person: Arc<Entry<Person>>,
    /// How their unit stands, or the one that was asked for.
    pub own: ReadScorecard,
    /// How the organisation stands: the topmost unit above that one.
    pub whole: ReadScorecard,
    /// What they take part in, the nearest first.
    pub parts: Vec<Part>,
}

/// Something that a person takes part in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What they are to it.
    pub role: PartRole,
    /// Where their line passes.
    pub node: NodeId,
    /// The measure through which they take part, if it is one.
    pub measure: Option<MeasureId>,
}

/// What a person is to a part of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartRole {
    /// People of their level do it.
    Does,
    /// They answer for it.
    AnswersFor,
    /// They answer for a measure of it.
    OwnsMeasure,
    /// They collect a measure of it.
    Collects,
    /// They check a measure of it.
    Checks,
}

impl PartRole {
    /// The words for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PartRole::Does => "does",
            PartRole::AnswersFor => "answers for",
            PartRole::OwnsMeasure => "owns the measure",
            PartRole::Collects => "collects",
            PartRole::Checks => "checks",
        }
    }
}

impl ReadLineOfSight {
    /// The part with that key, or the nearest of all where none is named.
    #[must_use]
    pub fn part(&self, key: Option<&str>) -> Option<&Part> {
        let Some(key) = key else {
            return self.parts.first();
        };
        let model = &self.own.selected.model;
        let key_of = |node: NodeId| model.key_of(node.kind(), node.uuid());
        let mut parts = self.parts.iter();
        parts.find(|part| key_of(part.node).as_deref() == Some(key))
    }

    /// The figures by which a node is shown: an objective by those of the organisation, all else by those of the unit.
    #[must_use]
    pub fn read_of(&self, node: NodeId) -> &ReadScorecard {
        match node {
            NodeId::Objective(_) => &self.whole,
            NodeId::Outcome(_) | NodeId::Behaviour(_) => &self.own,
        }
    }

    /// The status by which a node is shown.
    #[must_use]
    pub fn status_of(&self, node: NodeId) -> Status {
        let reading = node_reading(self.read_of(node), node);
        reading.map_or(Status::NoData, |reading| reading.status)
    }

    /// The figure that stands for a node: of the measure on whose account the line passes there, or the one that weighs
    /// most.
    #[must_use]
    pub fn figure_of(
        &self,
        node: NodeId,
        part: Option<&Part>,
    ) -> Option<(&MeasureReading, &Entry<Measure>)> {
        let read = self.read_of(node);
        let asked = part.and_then(|part| part.measure).and_then(|id| {
            let measure = read.selected.model.measures().get(id)?;
            Some((read.scorecard.measure(id)?, &**measure))
        });
        asked.or_else(|| main_measure(read, node_reading(read, node)?))
    }
}

/// A step of a line.
#[derive(Debug, Clone)]
pub struct Step {
    /// What stands there.
    pub node: NodeId,
    /// How it leads to the next step; the last leads nowhere.
    pub next: Option<Tied>,
    /// What else it leads to.
    pub also: Vec<Tied>,
}

/// Reads the line of sight of a person, by key; of whoever asks where it is left out. Without a unit, at theirs.
///
/// # Errors
/// If there is no such person, the actor may not read at that person's unit, or as for a scorecard.
pub async fn line_of_sight(
    ctx: &Ctx,
    key: Option<&str>,
    asked: &Selection,
) -> Result<ReadLineOfSight, AppError> {
    let plan = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&plan)?.clone();
    let model = ctx.plan_known(&ledger, None).await?;
    let person = match key {
        Some(key) => model.people().by_key(key),
        None => ctx.actor().person.and_then(|id| model.people().get(id)),
    };
    let Some(person) = person.cloned() else {
        return Err(nobody(key));
    };
    if !may_see_line_of(ctx, &person).await {
        return Err(nobody(key));
    }
    let own_unit = || model.key_of(Kind::Unit, person.unit?.as_uuid());
    let unit = asked.unit.clone().or_else(own_unit);
    let at = |unit: Option<String>| Selection {
        unit,
        ..asked.clone()
    };
    let own = scorecard(ctx, &at(unit)).await?;
    let top = own
        .selected
        .model
        .key_of(Kind::Unit, top_of(&own).as_uuid());
    let same_period = Selection {
        period: Some(own.selected.period_name()),
        ..at(top)
    };
    let whole = scorecard(ctx, &same_period).await?;
    let parts = parts_of(&own, &person);
    Ok(ReadLineOfSight {
        person,
        own,
        whole,
        parts,
    })
}

/// Whether the actor may see the line of sight of a person: their own, and of whoever works where they may read.
pub async fn may_see_line_of(ctx: &Ctx, person: &Entry<Person>) -> bool {
    let at = person.unit.map_or(Object::Organisation, Object::Unit);
    ctx.actor().person == Some(person.id()) || ctx.authorize::<ReadReadings>(at).await.is_ok()
}

fn nobody(key: Option<&str>) -> AppError {
    let Some(key) = key else {
        return AppError::not_found("nobody looks: a line of sight is a person’s");
    };
    // Whoever may not see somebody's line is not told whose key would be near.
    AppError::not_found(format!("there is no line of sight of `{key}`"))
}

/// The topmost unit above the one that was read.
fn top_of(read: &ReadScorecard) -> UnitId {
    let meant = &read.selected;
    let tree = meant.model.index().units_on(meant.period.middle());
    tree.ancestors(meant.unit).last().unwrap_or(meant.unit)
}

/// What the person takes part in: what people of their level do where it is measured, what they answer for, and what
/// they measure that is neither. Each node once, by the nearest role.
fn parts_of(read: &ReadScorecard, person: &Entry<Person>) -> Vec<Part> {
    let model = &read.selected.model;
    let read_here: HashSet<MeasureId> = read
        .scorecard
        .measures
        .iter()
        .map(|reading| reading.measure)
        .collect();
    let mut parts = Vec::new();
    for behaviour in model.behaviours() {
        let mut measures = behaviour.measures.iter();
        let is_done_here =
            behaviour.measures.is_empty() || measures.any(|one| read_here.contains(&one.measure));
        if person.level.is_some() && behaviour.level == person.level && is_done_here {
            parts.push(Part {
                role: PartRole::Does,
                node: NodeId::Behaviour(behaviour.id()),
                measure: None,
            });
        }
    }
    parts.extend(owned_nodes(model, person.id()).map(|node| Part {
        role: PartRole::AnswersFor,
        node,
        measure: None,
    }));
    parts.extend(measured_parts(model, person.id()));
    parts.sort_by_key(|part| part.role);
    let mut seen = HashSet::new();
    parts.retain(|part| seen.insert(part.node));
    parts
}

/// The behaviours, outcomes and objectives that a person answers for, in the order of the plan.
fn owned_nodes(model: &Model, person: PersonId) -> impl Iterator<Item = NodeId> + '_ {
    let owner = Some(person);
    let behaviours = model
        .behaviours()
        .iter()
        .filter(move |one| one.owner == owner);
    let outcomes = model
        .outcomes()
        .iter()
        .filter(move |one| one.owner == owner);
    let objectives = model
        .objectives()
        .iter()
        .filter(move |one| one.owner == owner);
    behaviours
        .map(|one| NodeId::Behaviour(one.id()))
        .chain(outcomes.map(|one| NodeId::Outcome(one.id())))
        .chain(objectives.map(|one| NodeId::Objective(one.id())))
}

/// The nodes that are read by a measure in which the person has a part: the lowest node of each measure.
fn measured_parts(model: &Model, person: PersonId) -> Vec<Part> {
    let mut parts = Vec::new();
    let someone = Some(person);
    for measure in model.measures() {
        let role = if measure.owner == someone {
            PartRole::OwnsMeasure
        } else if measure.steward == someone {
            PartRole::Collects
        } else if measure.validator == someone {
            PartRole::Checks
        } else {
            continue;
        };
        if let Some(node) = read_by(model, measure.id()) {
            parts.push(Part {
                role,
                node,
                measure: Some(measure.id()),
            });
        }
    }
    parts
}

/// The lowest node that is read by a measure: a behaviour before an outcome, an outcome before an objective.
fn read_by(model: &Model, measure: MeasureId) -> Option<NodeId> {
    let uses = |uses: &[throughline_model::records::MeasureUse]| {
        uses.iter().any(|one| one.measure == measure)
    };
    let behaviour = model.behaviours().iter().find(|one| uses(&one.measures));
    let outcome = || model.outcomes().iter().find(|one| uses(&one.measures));
    let objective = || model.objectives().iter().find(|one| uses(&one.measures));
    behaviour
        .map(|one| NodeId::Behaviour(one.id()))
        .or_else(|| outcome().map(|one| NodeId::Outcome(one.id())))
        .or_else(|| objective().map(|one| NodeId::Objective(one.id())))
}

/// The line through a node, from below to the top: at each step the strongest way on, with the others beside it.
#[must_use]
pub fn line_through(model: &Model, node: NodeId) -> Vec<Step> {
    let mut seen = HashSet::from([node]);
    let mut below = Vec::new();
    let mut at = node;
    while below.len() < STEPS_MAX {
        let drivers = unseen(led_to_by(model, at), &seen);
        let Some(driver) = strongest(&drivers) else {
            break;
        };
        let tie = driver.tie.clone();
        below.push((driver.node, Tied { node: at, tie }));
        seen.insert(driver.node);
        at = driver.node;
    }
    let step = |node: NodeId, next: Option<Tied>| {
        let chosen = next.as_ref().map(|next| next.node);
        let others = leads_to(model, node).into_iter();
        Step {
            node,
            next,
            also: others.filter(|tied| Some(tied.node) != chosen).collect(),
        }
    };
    let mut steps: Vec<Step> = below
        .into_iter()
        .rev()
        .map(|(node, next)| step(node, Some(next)))
        .collect();
    let mut at = node;
    for _ in 0..STEPS_MAX {
        let next = strongest(&unseen(leads_to(model, at), &seen)).cloned();
        let Some(next) = next else {
            break;
        };
        seen.insert(next.node);
        let reached = next.node;
        steps.push(step(at, Some(next)));
        at = reached;
    }
    steps.push(step(at, None));
    steps
}

/// The ties to nodes where the line has not been: a circle ends it.
fn unseen(mut tied: Vec<Tied>, seen: &HashSet<NodeId>) -> Vec<Tied> {
    tied.retain(|tied| !seen.contains(&tied.node));
    tied
}

#[cfg(test)]
mod tests;
