//! Which numbers are meant: at which unit, in which period, known when, under which plan.
//!
//! What is left out is chosen, and it is said what was chosen and why.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{Calendar, Period, UnitId};
use throughline_engine::{Observations, View};
use throughline_ledger::Ledger;
use throughline_model::observation::CommitNumber;
use throughline_model::value::Resolver;
use throughline_model::{Kind, Model};

use crate::instant::{self, OfDay};
use crate::latest_period::{Newer, Observed, last_month};
use crate::policy::{Object, ReadPlan, ReadReadings};
use crate::{AppError, Ctx, words};

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The key of the unit; the topmost where left out.
    pub unit: Option<String>,
    /// The period; where left out, the latest with most of its figures.
    pub period: Option<String>,
    /// When plan and observations were known: a date or a timestamp.
    pub known_at: Option<String>,
    /// When the plan was known.
    pub plan_at: Option<String>,
}

/// What is meant.
pub struct Selected {
    /// The plan.
    pub model: Arc<Model>,
    /// The observations that were known.
    pub observations: Arc<Observations>,
    /// The unit.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
    /// The instant at which everything is read: the one that was asked for, or now.
    pub known_at: Timestamp,
    /// Whether an instant was asked for.
    pub is_known_at_given: bool,
    /// The instant of the plan, if it is another.
    pub plan_at: Option<Timestamp>,
    /// Whether there was no plan yet at the instant that was asked for, so that the first one is read.
    pub is_of_first_plan: bool,
    /// Whether anything was ever observed at the unit or below it.
    pub is_observed: bool,
    /// Why that period, where it was chosen: `the latest complete month`.
    pub why_period: Option<String>,
    /// What was observed after that period, where it was chosen.
    pub newer: Option<Arc<Newer>>,
    /// Whether an instant that was asked for has not come yet, so that what is known now is read.
    pub is_to_come: bool,
    /// What was chosen, and why; one sentence each, for a terminal.
    pub chosen: Vec<String>,
    /// Whether the actor may read readings of a unit.
    may_read: Box<dyn Fn(UnitId) -> bool + Send + Sync>,
}

impl Selected {
    /// The view on plan and observations from which readings are made.
    #[must_use]
    pub fn view(&self) -> View {
        View::new(
            Arc::clone(&self.model),
            Arc::clone(&self.observations),
            self.known_at,
        )
    }

    /// Whether the actor may read the readings of a unit: no link leads to others.
    #[must_use]
    pub fn may_read(&self, unit: UnitId) -> bool {
        (self.may_read)(unit)
    }

    /// When the plan was known, if that is not now.
    #[must_use]
    pub fn plan_known_at(&self) -> Option<Timestamp> {
        let known_at = self.is_known_at_given.then_some(self.known_at);
        self.plan_at.or(known_at)
    }

    /// Whether the period had begun by the instant at which it is read: before that there is nothing to judge.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.period.first <= self.model.calendar().date_of(self.known_at)
    }

    /// The key of the unit.
    #[must_use]
    pub fn unit_key(&self) -> String {
        self.model
            .key_of(Kind::Unit, self.unit.as_uuid())
            .unwrap_or_default()
    }

    /// The name of the unit.
    #[must_use]
    pub fn unit_name(&self) -> String {
        self.model
            .units()
            .get(self.unit)
            .map(|unit| unit.name.clone())
            .unwrap_or_default()
    }

    /// The name of the period.
    #[must_use]
    pub fn period_name(&self) -> String {
        self.model.calendar().name(&self.period)
    }
}

/// Finds out what is meant, for an actor who may read there.
///
/// # Errors
/// If there is no such unit, period or instant, or no ledger, or nothing to choose from.
pub(crate) async fn select(ctx: &Ctx, asked: &Selection) -> Result<(Selected, Ledger), AppError> {
    let plan = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&plan)?.clone();
    let newest = ctx.plan_known(&ledger, None).await?;
    let calendar = newest.calendar().clone();
    let parse = |text: &Option<String>| {
        let parsed = text
            .as_deref()
            .map(|text| instant::parse(text, &calendar, OfDay::Last));
        parsed.transpose()
    };
    let known_at = parse(&asked.known_at)?;
    let plan_at = parse(&asked.plan_at)?;
    // Both of one position, so that nothing is read by a plan that is older or newer than it.
    let (model, of_now) = match plan_at.or(known_at) {
        Some(at) => (ctx.plan_known(&ledger, Some(at)).await?, None),
        None => {
            ctx.step("Reading observations");
            let (model, observations) = ctx.newest_known(&ledger).await?;
            (model, Some(observations))
        }
    };
    let mut chosen = Vec::new();
    let to_come = [known_at, plan_at].into_iter().flatten();
    let to_come = to_come.filter(|at| *at > ctx.now()).max();
    if let Some(at) = to_come {
        chosen.push(format!(
            "{} has not come yet: this is what is known now, with what will be due by then",
            words::instant(at, &calendar)
        ));
    }
    let unit = unit((&model, &newest), asked.unit.as_deref(), &mut chosen)?;
    let reading = ctx.authorize::<ReadReadings>(Object::Unit(unit)).await;
    if let (Err(AppError::NotFound { .. }), Some(key)) = (&reading, &asked.unit) {
        return Err(no_unit(&model, key));
    }
    reading?;
    let observations = match of_now {
        Some(observations) => observations,
        None => {
            ctx.step("Reading observations");
            ctx.observations_known(&ledger, known_at).await?
        }
    };
    let day = calendar.date_of(known_at.unwrap_or_else(|| ctx.now()));
    let look = || Observed::of((&model, day), &observations, unit);
    let observed = match ctx.snapshot() {
        Some(snapshot) => snapshot.observed((known_at, plan_at, day, unit), look),
        None => Arc::new(look()),
    };
    let (period, why_period, newer) = match (&asked.period, &observed.latest) {
        (Some(text), _) => {
            let period = calendar.parse_period(text);
            let period = period.map_err(|error| AppError::bad_request(error.to_string()))?;
            (period, None, None)
        }
        (None, Some(latest)) => {
            chosen.extend(latest.said.iter().cloned());
            (
                latest.period,
                Some(latest.why.clone()),
                latest.newer.clone(),
            )
        }
        // A page shows what is expected before anything was observed.
        (None, None) if ctx.snapshot().is_some() => {
            let (period, why) = last_month(&calendar, day);
            (period, Some(why), None)
        }
        (None, None) => {
            let by = known_at.filter(|_| observations.is_empty());
            return Err(nothing_observed(by, &calendar));
        }
    };
    let selected = Selected {
        model,
        observations,
        unit,
        period,
        is_observed: observed.is_ever,
        why_period,
        newer,
        known_at: known_at.unwrap_or_else(|| ctx.now()),
        is_known_at_given: known_at.is_some(),
        is_of_first_plan: is_before_the_first(&ledger, plan_at.or(known_at)).await?,
        plan_at,
        is_to_come: to_come.is_some(),
        chosen,
        may_read: Box::new(ctx.allows_at::<ReadReadings>().await?),
    };
    Ok((selected, ledger))
}

/// Whether the first plan became known after an instant.
async fn is_before_the_first(ledger: &Ledger, at: Option<Timestamp>) -> Result<bool, AppError> {
    let Some(at) = at else { return Ok(false) };
    Ok(ledger.commit(CommitNumber(1)).await?.recorded_at > at)
}

/// The unit with that key, by the plan that is read; one that was renamed since is known by its key of today, too.
fn unit(
    (model, newest): (&Model, &Model),
    key: Option<&str>,
    chosen: &mut Vec<String>,
) -> Result<UnitId, AppError> {
    if let Some(key) = key {
        let renamed = || {
            let today = newest.units().by_key(key)?;
            model.units().get(today.id())
        };
        let unit = model.units().by_key(key).or_else(renamed);
        return unit
            .map(|unit| unit.id())
            .ok_or_else(|| no_unit(model, key));
    }
    let day = model.calendar().date_of(Timestamp::MAX);
    let roots = model.index().units_on(day).roots();
    let Some(unit) = roots.first().and_then(|root| model.units().get(*root)) else {
        return Err(AppError::not_found("the plan has no units").with_help(
            "add them in the section `units` of organisation.yaml, and apply the plan again",
        ));
    };
    let why = if roots.len() == 1 {
        "the topmost unit"
    } else {
        "the first of the topmost units"
    };
    chosen.push(format!(
        "Unit {} ({}): {why}; choose another with --unit",
        unit.key, unit.name
    ));
    Ok(unit.id())
}

/// That there is no unit with that key, with the nearest that there is.
pub(crate) fn no_unit(model: &Model, key: &str) -> AppError {
    let error = AppError::unknown_name(format!("there is no unit `{key}` in the plan"));
    // A unit that is there and hidden is spoken of as one that never was.
    let is_there = model.id_of(Kind::Unit, key).is_some();
    if !is_there && model.first_user_of(Kind::Unit, key).is_some() {
        return error.with_help(gone(model, Kind::Unit, key));
    }
    match model.nearest(&[Kind::Unit], key) {
        Some(near) if near != key => error.with_help(format!("did you mean `{near}`?")),
        _ => error.with_help("the units stand in the section `units` of organisation.yaml"),
    }
}

/// That there is no period to choose; by an instant, if nothing at all had been observed by then.
fn nothing_observed(by: Option<Timestamp>, calendar: &Calendar) -> AppError {
    let Some(by) = by else {
        return AppError::not_found("there are no observations there yet").with_help(
            "load some with `throughline load FILE.csv`, or name a period with --period",
        );
    };
    let by = words::instant(by, calendar);
    AppError::not_found(format!("nothing had been observed by {by}"))
        .with_help("leave --known-at out, or name a period with --period")
}

/// What to do about a record that is not in the plan any more, or has another key.
pub(crate) fn gone(model: &Model, kind: Kind, key: &str) -> String {
    let user = model.first_user_of(kind, key);
    match user.and_then(|id| model.key_of(kind, id)) {
        Some(now) => format!("it is called `{now}` now"),
        None => format!(
            "it was retired: `throughline history {kind}/{key}` says when; a scorecard as of before has it (--known-at)"
        ),
    }
}

/// Finds out what is meant, for pages that show something else than a scorecard of it.
///
/// # Errors
/// If there is no such unit, period or instant, or no ledger, or nothing to choose from.
pub async fn selected(ctx: &Ctx, asked: &Selection) -> Result<Selected, AppError> {
    Ok(select(ctx, asked).await?.0)
}
