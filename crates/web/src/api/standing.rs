//! What stands out: what needs a decision, with counts by status, and how the initiatives stand.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::json::scorecard::{self, MeasureLine};
use throughline_app::words::names;
use throughline_app::{
    Decision, InitiativeState, ReadInitiatives, ReadScorecard, StatusCounts, decisions, done_by,
    done_count, is_late, next_milestone, node_reading,
};
use throughline_core::{ObjectiveId, PersonId};
use throughline_engine::Status;
use throughline_model::records::{Initiative, Milestone, NodeId};
use throughline_model::{Entry, Kind, Model};

use super::caller::Caller;
use super::problem::ApiResult;
use crate::address::Path;
use crate::error::WebError;

/// What needs a decision, the most urgent first.
#[derive(Serialize, JsonSchema)]
pub struct DecisionsAnswer {
    unit: String,
    period: String,
    known_at: String,
    /// Whether the period has begun: before that nothing needs a decision.
    has_begun: bool,
    /// The objectives by their status.
    objectives: CountsLine,
    /// The measures by their status.
    measures: CountsLine,
    /// How many decisions there are in all.
    total: usize,
    decisions: Vec<DecisionLine>,
}

/// How often each status occurs.
#[derive(Serialize, JsonSchema)]
struct CountsLine {
    on_track: usize,
    at_risk: usize,
    off_track: usize,
    no_data: usize,
    no_target: usize,
}

impl CountsLine {
    fn of(counts: StatusCounts) -> CountsLine {
        CountsLine {
            on_track: counts.count(Status::OnTrack),
            at_risk: counts.count(Status::AtRisk),
            off_track: counts.count(Status::OffTrack),
            no_data: counts.count(Status::NoData),
            no_target: counts.count(Status::NoTarget),
        }
    }
}

/// A measure that needs a decision.
#[derive(Serialize, JsonSchema)]
struct DecisionLine {
    /// The key of the objective on whose account it is here.
    objective: String,
    /// The key of whoever answers for the objective, or else for the measure.
    owner: Option<String>,
    /// Whether the objective is off track where the measure is.
    critical: bool,
    /// Its share in the objective times the weight of that.
    weight: f64,
    /// What its newest point says: `improving`, `worsening`, `moved`, `steady`, `too few points` or `one value to check`.
    signal: Option<&'static str>,
    reading: MeasureLine,
}

/// Lists what needs a decision.
///
/// # Errors
/// As of the use case.
pub async fn needed(caller: Caller) -> ApiResult {
    let read = throughline_app::scorecard(&caller.ctx, &caller.selection()).await?;
    let found = decisions(&caller.ctx, &read).await?;
    let shown = caller.page.of(&found).into_iter();
    let answer = DecisionsAnswer {
        unit: read.selected.unit_key(),
        period: read.selected.period_name(),
        known_at: read.selected.known_at.to_string(),
        has_begun: read.selected.has_begun(),
        objectives: CountsLine::of(StatusCounts::of_objectives(&read)),
        measures: CountsLine::of(StatusCounts::of_measures(&read)),
        total: found.len(),
        decisions: shown
            .filter_map(|decision| decision_line(&read, decision))
            .collect(),
    };
    caller.listed(&answer, found.len())
}

fn decision_line(read: &ReadScorecard, decision: &Decision) -> Option<DecisionLine> {
    let model = &read.selected.model;
    let objective = model.objectives().get(decision.objective)?;
    let measure = model.measures().get(decision.measure)?;
    Some(DecisionLine {
        objective: objective.key.to_string(),
        owner: person(model, objective.owner.or(measure.owner)),
        critical: decision.is_critical,
        weight: decision.weight,
        signal: decision.verdict.map(|verdict| verdict.words()),
        reading: scorecard::measure(read.scorecard.measure(decision.measure)?, model),
    })
}

fn person(model: &Model, person: Option<PersonId>) -> Option<String> {
    person.map(|id| names::key(model, (Kind::Person, id.as_uuid())))
}

/// How the initiatives stand, the late first.
#[derive(Serialize, JsonSchema)]
pub struct InitiativesAnswer {
    unit: String,
    period: String,
    known_at: String,
    /// The day as of which they stand so: the last of the period, or that of `known_at` if it is before.
    day: String,
    /// How many there are in all.
    total: usize,
    initiatives: Vec<InitiativeLine>,
}

/// How an initiative stands, and how its milestones do.
#[derive(Serialize, JsonSchema)]
pub struct InitiativeAnswer {
    unit: String,
    period: String,
    known_at: String,
    /// The day as of which it stands so: the last of the period, or that of `known_at` if it is before.
    day: String,
    initiative: InitiativeLine,
    /// A page of its milestones.
    milestones: Vec<MilestoneLine>,
}

#[derive(Serialize, JsonSchema)]
struct InitiativeLine {
    key: String,
    name: String,
    /// `late`, `under way`, `not begun`, `done` or `without milestones`.
    state: &'static str,
    from: Option<String>,
    to: Option<String>,
    /// The key of whoever answers for it.
    owner: Option<String>,
    /// How many milestones it has.
    milestones: usize,
    /// How many of them are done.
    done: usize,
    /// The one that is due first of those that are not done.
    next: Option<MilestoneLine>,
    /// The objectives that it serves.
    serves: Vec<ServedLine>,
}

#[derive(Serialize, JsonSchema)]
struct ServedLine {
    objective: String,
    status: String,
}

#[derive(Serialize, JsonSchema)]
struct MilestoneLine {
    name: String,
    due: String,
    /// When it was done, if it is.
    done: Option<String>,
    /// Whether it was due before that day and is not done.
    late: bool,
}

/// Lists the initiatives.
///
/// # Errors
/// As of the use case.
pub async fn initiatives(caller: Caller) -> ApiResult {
    let all = throughline_app::initiatives(&caller.ctx, &caller.selection()).await?;
    let shown = caller.page.of(&all.initiatives).into_iter();
    let selected = &all.read.selected;
    let answer = InitiativesAnswer {
        unit: selected.unit_key(),
        period: selected.period_name(),
        known_at: selected.known_at.to_string(),
        day: all.day.to_string(),
        total: all.initiatives.len(),
        initiatives: shown
            .map(|(initiative, state)| line(&all, initiative, *state))
            .collect(),
    };
    caller.listed(&answer, all.initiatives.len())
}

/// Reads one initiative.
///
/// # Errors
/// If there is none with that key; as of the use case.
pub async fn initiative(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let all = throughline_app::initiatives(&caller.ctx, &caller.selection()).await?;
    let mut each = all.initiatives.iter();
    let (found, state) = each
        .find(|(initiative, _)| initiative.key.as_str() == key)
        .ok_or(WebError::NotThere)?;
    let selected = &all.read.selected;
    let milestones = found.milestones.iter();
    let answer = InitiativeAnswer {
        unit: selected.unit_key(),
        period: selected.period_name(),
        known_at: selected.known_at.to_string(),
        day: all.day.to_string(),
        initiative: line(&all, found, *state),
        milestones: caller
            .page
            .of(milestones.map(|step| MilestoneLine::of(step, all.day))),
    };
    caller.listed(&answer, found.milestones.len())
}

fn line(
    all: &ReadInitiatives,
    initiative: &Entry<Initiative>,
    state: InitiativeState,
) -> InitiativeLine {
    let model = &all.read.selected.model;
    let served = |id: &ObjectiveId| {
        let reading = node_reading(&all.read, NodeId::Objective(*id));
        ServedLine {
            objective: names::key(model, (Kind::Objective, id.as_uuid())),
            status: reading
                .map_or(Status::NoData, |reading| reading.status)
                .to_string(),
        }
    };
    InitiativeLine {
        key: initiative.key.to_string(),
        name: initiative.name.clone(),
        state: state.word(),
        from: initiative.from.map(|day| day.to_string()),
        to: initiative.to.map(|day| day.to_string()),
        owner: person(model, initiative.owner),
        milestones: initiative.milestones.len(),
        done: done_count(initiative, all.day),
        next: next_milestone(initiative, all.day).map(|step| MilestoneLine::of(step, all.day)),
        serves: initiative.serves.iter().map(served).collect(),
    }
}

impl MilestoneLine {
    fn of(step: &Milestone, day: Date) -> MilestoneLine {
        MilestoneLine {
            name: step.name.clone(),
            due: step.due.to_string(),
            done: done_by(step, day).map(|done| done.to_string()),
            late: is_late(step, day),
        }
    }
}
