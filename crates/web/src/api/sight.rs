//! The line of sight of a person: from what they do, step by step, to what the organisation wants.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::json::scorecard::{self, MeasureLine};
use throughline_app::words::names;
use throughline_app::{
    AppError, Part, ReadLineOfSight, Step, Tie, Tied, line_of_sight, line_through,
};
use throughline_model::records::{Effect, NodeId};
use throughline_model::{Kind, Model};

use super::caller::Caller;
use super::problem::ApiResult;
use crate::address::Path;

/// How many other ways on are named at a step.
const ALSO_MAX: usize = 20;

/// The line of sight of a person.
#[derive(Serialize, JsonSchema)]
pub struct SightAnswer {
    person: String,
    /// The unit whose figures outcomes and behaviours have.
    unit: String,
    /// The topmost unit above it, whose figures objectives have.
    whole: String,
    period: String,
    known_at: String,
    /// How many things the person takes part in.
    total: usize,
    /// A page of them, the nearest first.
    parts: Vec<PartLine>,
    /// The line through the part that `from` names, from below to the top; through the first part where nothing is named.
    line: Vec<StepLine>,
}

#[derive(Serialize, JsonSchema)]
struct PartLine {
    /// What the person is to it: `does`, `answers for`, `owns the measure`, `collects` or `checks`.
    role: &'static str,
    kind: &'static str,
    key: String,
    name: String,
    /// The key of the measure on whose account they take part.
    measure: Option<String>,
    status: String,
}

#[derive(Serialize, JsonSchema)]
struct StepLine {
    kind: &'static str,
    key: String,
    name: String,
    /// The unit whose figures it has.
    unit: String,
    status: String,
    /// The reading that stands for it.
    reading: Option<MeasureLine>,
    /// How it leads to the next step; the last leads nowhere.
    next: Option<TieLine>,
    /// What else it leads to, as far as it is told.
    also: Vec<TieLine>,
}

/// How something leads to something else.
#[derive(Serialize, JsonSchema)]
struct TieLine {
    /// `belief`: the cause drives the effect. `cascade`: the objective below supports the one above.
    tie: &'static str,
    kind: &'static str,
    key: String,
    /// Of a belief: whether more of the cause `raises` or `lowers` the effect.
    effect: Option<&'static str>,
    /// Of a cascade: how much it counts above.
    weight: Option<f64>,
    /// Of a cascade: whether what is above is off track where this is.
    critical: Option<bool>,
}

/// Reads the line of sight of a person.
///
/// # Errors
/// If they take no part in what `from` names; as of the use case.
pub async fn get(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let sight = line_of_sight(&caller.ctx, Some(&key), &caller.selection()).await?;
    let from = caller.value("from");
    let part = sight.part(from);
    if let (Some(from), None) = (from, part) {
        let message = format!("`{key}` takes no part in `{from}`");
        return Err(AppError::bad_request(message)
            .with_help("`from` is the key of one of `parts`")
            .into());
    }
    let selected = &sight.own.selected;
    let line = part.map(|part| line_through(&selected.model, part.node));
    let line = line.unwrap_or_default();
    let answer = SightAnswer {
        person: sight.person.key.to_string(),
        unit: selected.unit_key(),
        whole: sight.whole.selected.unit_key(),
        period: selected.period_name(),
        known_at: selected.known_at.to_string(),
        total: sight.parts.len(),
        parts: caller
            .page
            .of(sight.parts.iter().map(|part| part_line(&sight, part))),
        line: line
            .iter()
            .map(|step| step_line(&sight, step, part))
            .collect(),
    };
    caller.listed(&answer, sight.parts.len())
}

fn part_line(sight: &ReadLineOfSight, part: &Part) -> PartLine {
    let model = &sight.own.selected.model;
    let (kind, key, name) = named(model, part.node);
    let measure = part.measure.map(|id| (Kind::Measure, id.as_uuid()));
    PartLine {
        role: part.role.word(),
        kind,
        key,
        name,
        measure: measure.map(|measure| names::key(model, measure)),
        status: sight.status_of(part.node).to_string(),
    }
}

fn step_line(sight: &ReadLineOfSight, step: &Step, part: Option<&Part>) -> StepLine {
    let read = sight.read_of(step.node);
    let model = &read.selected.model;
    let here = part.filter(|part| part.node == step.node);
    let figure = sight.figure_of(step.node, here);
    let (kind, key, name) = named(model, step.node);
    StepLine {
        kind,
        key,
        name,
        unit: read.selected.unit_key(),
        status: sight.status_of(step.node).to_string(),
        reading: figure.map(|(reading, _)| scorecard::measure(reading, model)),
        next: step.next.as_ref().map(|tied| tie_line(model, tied)),
        also: step
            .also
            .iter()
            .take(ALSO_MAX)
            .map(|tied| tie_line(model, tied))
            .collect(),
    }
}

fn tie_line(model: &Model, tied: &Tied) -> TieLine {
    let (kind, key, _) = named(model, tied.node);
    match &tied.tie {
        Tie::Belief(link) => TieLine {
            tie: "belief",
            kind,
            key,
            effect: Some(match link.effect {
                Effect::Raises => "raises",
                Effect::Lowers => "lowers",
            }),
            weight: None,
            critical: None,
        },
        Tie::Cascade { weight, critical } => TieLine {
            tie: "cascade",
            kind,
            key,
            effect: None,
            weight: Some(*weight),
            critical: Some(*critical),
        },
    }
}

/// Kind, key and name of a node.
fn named(model: &Model, node: NodeId) -> (&'static str, String, String) {
    let record = (node.kind(), node.uuid());
    (
        record.0.word(),
        names::key(model, record),
        names::name(model, record),
    )
}
