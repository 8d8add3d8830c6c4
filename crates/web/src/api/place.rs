//! Where one is: organisation, unit, period and clocks, with the ways to look elsewhere.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::selected;
use throughline_app::words::names;
use throughline_core::{Period, Scope, UnitId};
use throughline_model::{Kind, Model};

use super::caller::Caller;
use super::problem::ApiResult;

/// Where one is.
#[derive(Serialize, JsonSchema)]
pub struct PlaceAnswer {
    organisation: OrganisationLine,
    /// The last commit of the ledger that answers are made of.
    position: u64,
    you: You,
    unit: Named,
    /// The units above, the topmost first.
    above: Vec<Named>,
    /// The units right below, a page of them.
    below: Vec<Named>,
    period: PeriodLine,
    /// Why that period, where it was chosen for you.
    why_period: Option<String>,
    /// The name of the period before.
    previous: Option<String>,
    /// The name of the period after.
    next: Option<String>,
    /// The instant at which everything is read.
    known_at: String,
    /// The instant of the plan, where it is another.
    plan_at: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct OrganisationLine {
    key: String,
    name: String,
    time_zone: String,
}

/// Who asks.
#[derive(Serialize, JsonSchema)]
struct You {
    role: String,
    /// The key of the person.
    person: Option<String>,
    /// Where the role holds: `organisation`, `unit` or `nowhere`.
    scope: &'static str,
    /// The key of the unit in which, and below which, it holds.
    unit: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Named {
    key: String,
    name: String,
}

#[derive(Serialize, JsonSchema)]
struct PeriodLine {
    name: String,
    /// Its first day.
    first: String,
    /// Its last day.
    last: String,
}

/// Says where one is.
///
/// # Errors
/// As of the use case.
pub async fn get(caller: Caller) -> ApiResult {
    let meant = selected(&caller.ctx, &caller.selection()).await?;
    let model = &meant.model;
    let calendar = model.calendar();
    let organisation = model.organisation();
    let tree = model.index().units_on(meant.period.middle());
    let mut above: Vec<Named> = tree
        .ancestors(meant.unit)
        .map(|unit| named(model, unit))
        .collect();
    above.reverse();
    let below = tree.children(meant.unit);
    let total = below.len();
    let neighbour = |step: i32| {
        let index = calendar.index(&meant.period) + step;
        let known = calendar.index_range(meant.period.frequency);
        let period = known
            .contains(&index)
            .then(|| calendar.period(meant.period.frequency, index));
        period.map(|period| calendar.name(&period))
    };
    let actor = caller.ctx.actor();
    let answer = PlaceAnswer {
        organisation: OrganisationLine {
            key: organisation.map_or_else(String::new, |one| one.key.to_string()),
            name: organisation.map_or_else(String::new, |one| one.name.clone()),
            time_zone: organisation.map_or_else(String::new, |one| one.time_zone.0.clone()),
        },
        position: caller
            .ctx
            .snapshot()
            .map_or(0, |snapshot| snapshot.position.0),
        you: You {
            role: actor.role.to_string(),
            person: actor
                .person
                .map(|person| names::key(model, (Kind::Person, person.as_uuid()))),
            scope: match actor.scope {
                Scope::Organisation => "organisation",
                Scope::Unit(_) => "unit",
                Scope::Nowhere => "nowhere",
            },
            unit: match actor.scope {
                Scope::Unit(unit) => Some(names::key(model, (Kind::Unit, unit.as_uuid()))),
                Scope::Organisation | Scope::Nowhere => None,
            },
        },
        unit: named(model, meant.unit),
        above,
        below: caller.page.of(below.iter().map(|unit| named(model, *unit))),
        period: period(&meant.period, &calendar.name(&meant.period)),
        why_period: meant.why_period.clone(),
        previous: neighbour(-1),
        next: neighbour(1),
        known_at: meant.known_at.to_string(),
        plan_at: meant.plan_at.map(|at| at.to_string()),
    };
    caller.listed(&answer, total)
}

fn named(model: &Model, unit: UnitId) -> Named {
    Named {
        key: names::key(model, (Kind::Unit, unit.as_uuid())),
        name: names::name(model, (Kind::Unit, unit.as_uuid())),
    }
}

fn period(period: &Period, name: &str) -> PeriodLine {
    PeriodLine {
        name: name.to_owned(),
        first: period.first.to_string(),
        last: period.last.to_string(),
    }
}
