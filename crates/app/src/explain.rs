//! Where a number came from: the rules, records and observations that made it.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::{MeasureId, UnitId};
use throughline_engine::{Explanation, InputLine};
use throughline_ledger::Ledger;
use throughline_model::observation::CommitNumber;
use throughline_model::value::{Names, Resolver};
use throughline_model::{Kind, Model};

use crate::history::Told;
use crate::policy::ReadReadings;
use crate::selection::{Selected, Selection, gone, select};
use crate::words::list;
use crate::{AppError, Ctx};

/// A reading with its derivation.
pub struct ExplainedReading {
    /// What was meant.
    pub selected: Selected,
    /// The derivation.
    pub explanation: Explanation,
    /// The commits of the observations that are shown, so that each can say who recorded it and why.
    pub commits: BTreeMap<CommitNumber, Told>,
    /// Lines of units that the actor may not read: they are in the number, and not in the derivation.
    pub left_out: usize,
}

/// Explains the reading of a measure, named by its key.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn explain(
    ctx: &Ctx,
    measure: &str,
    asked: &Selection,
) -> Result<ExplainedReading, AppError> {
    let (selected, ledger) = select(ctx, asked).await?;
    explain_selected(ctx, measure, selected, &ledger).await
}

/// Explains the reading of a measure at what was selected.
pub(crate) async fn explain_selected(
    ctx: &Ctx,
    measure: &str,
    selected: Selected,
    ledger: &Ledger,
) -> Result<ExplainedReading, AppError> {
    let id = match selected.model.measures().by_key(measure) {
        Some(found) => found.id(),
        None => return Err(no_measure(&selected.model, measure)),
    };
    ctx.step("Evaluating");
    let (explanation, left_out) = explanation(ctx, &selected, id).await?;
    let told = ctx.told(ledger).await?;
    // Thousands of lines come from a few commits.
    let numbers: BTreeSet<CommitNumber> = inputs(&explanation).map(|line| line.commit).collect();
    let commits = numbers
        .into_iter()
        .filter_map(|number| Some((number, told.get(&number)?.clone())))
        .collect();
    Ok(ExplainedReading {
        selected,
        explanation,
        commits,
        left_out,
    })
}

/// The explanation of a reading without the lines of units that may not be read, and how many these are.
///
/// # Errors
/// If the measure is not read at the unit.
pub(crate) async fn explanation(
    ctx: &Ctx,
    selected: &Selected,
    measure: MeasureId,
) -> Result<(Explanation, usize), AppError> {
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let explained = match ctx.snapshot() {
        Some(snapshot) => {
            let explained = snapshot.explanation(selected, measure).await?;
            explained.map(|explained| Explanation::clone(&explained))
        }
        None => selected
            .view()
            .explain(measure, selected.unit, selected.period),
    };
    let mut explanation = explained.ok_or_else(|| not_read(selected, measure, &may_read))?;
    let left_out = leave_out(&mut explanation, &may_read);
    Ok((explanation, left_out))
}

/// Leaves out the lines of units that may not be read, and says how many: the number of a unit above is for everybody
/// below it, what others brought to it is not.
fn leave_out(explanation: &mut Explanation, may_read: &impl Fn(UnitId) -> bool) -> usize {
    let mut left_out = 0;
    let mut keep = |unit: UnitId| {
        let may_read = may_read(unit);
        left_out += usize::from(!may_read);
        may_read
    };
    for period in &mut explanation.periods {
        period.inputs.retain(|line| keep(line.unit));
        period.missing.retain(|line| keep(line.unit));
        period.differing.retain(|unit| keep(*unit));
    }
    explanation.parts.retain(|part| keep(part.unit));
    for part in &mut explanation.parts {
        part.inputs.retain(|(_, line)| keep(line.unit));
    }
    left_out
}

/// The observations of an explanation.
fn inputs(explanation: &Explanation) -> impl Iterator<Item = &InputLine> {
    let of_periods = explanation.periods.iter().flat_map(|period| &period.inputs);
    let of_parts = explanation.parts.iter().flat_map(|part| &part.inputs);
    of_periods.chain(of_parts.map(|(_, line)| line))
}

/// That a measure is not read at the unit, and where it is, as far as the actor may read there.
fn not_read(
    selected: &Selected,
    measure: MeasureId,
    may_read: &impl Fn(UnitId) -> bool,
) -> AppError {
    let model = &selected.model;
    let key = model.name(&[Kind::Measure], Kind::Measure, measure.as_uuid());
    let unit = selected.unit_key();
    let error = AppError::bad_request(format!("`{key}` is not read at the unit `{unit}`"));
    let lists = listed(model, measure, may_read);
    if lists.is_empty() {
        return error;
    }
    error.with_help(format!(
        "it is read where it is reported and above: {}",
        list(&lists)
    ))
}

/// The most units that an error names.
const UNITS_NAMED_MAX: usize = 8;

/// The units that report a measure or, of a formula, the measures that it names.
fn listed(model: &Model, measure: MeasureId, may_read: &impl Fn(UnitId) -> bool) -> Vec<String> {
    let Some(measure) = model.measures().get(measure) else {
        return Vec::new();
    };
    let named = measure
        .formula
        .iter()
        .flat_map(|formula| formula.measures());
    let named = named.filter_map(|id| model.measures().get(id));
    let units = std::iter::once(measure)
        .chain(named)
        .flat_map(|one| one.reported_by.iter().copied())
        .filter(|unit| may_read(*unit));
    let mut keys: Vec<String> = Vec::new();
    for unit in units {
        let key = model.name(&[Kind::Unit], Kind::Unit, unit.as_uuid());
        if keys.len() < UNITS_NAMED_MAX && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// That there is no measure with that key, with the nearest that there is.
pub(crate) fn no_measure(model: &Model, key: &str) -> AppError {
    let error = AppError::unknown_name(format!("there is no measure `{key}` in the plan"));
    if model.first_user_of(Kind::Measure, key).is_some() {
        return error.with_help(gone(model, Kind::Measure, key));
    }
    match model.nearest(&[Kind::Measure], key) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None => error.with_help("the measures stand in measures.yaml"),
    }
}
