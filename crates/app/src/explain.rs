//! Where a number came from: the rules, records and observations that made it.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::{MeasureId, UnitId};
use throughline_engine::{Explanation, InputLine};
use throughline_ledger::Ledger;
use throughline_model::observation::CommitNumber;
use throughline_model::value::Resolver;
use throughline_model::{Kind, Model};

use crate::history::Told;
use crate::policy::ReadReadings;
use crate::selection::{Selected, Selection, gone, select};
use crate::where_read::{AtUnit, NotRead};
use crate::words::derivation::counts;
use crate::{AppError, Ctx};

/// A reading with its derivation.
pub struct ExplainedReading {
    /// What was meant.
    pub selected: Selected,
    /// The derivation.
    pub explanation: Explanation,
    /// The commits of the observations that are shown, so that each can say who recorded it and why.
    pub commits: BTreeMap<CommitNumber, Told>,
    /// What is in the number and not in the derivation, because the actor may not read it.
    pub hidden: Hidden,
}

/// What a derivation does not show, because it is of units that the actor may not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hidden {
    /// How many observations are in the number, its own and those of the parts of its formula.
    pub observations: usize,
    /// Whether anything else is not shown. What others owe is theirs, so that it is not counted.
    pub has_more: bool,
}

impl Hidden {
    /// Whether anything is hidden: what is shown must not be counted then as if it were all.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.observations > 0 || self.has_more
    }
}

/// Explains the reading of a measure, named by its key.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger, or the measure is not read there.
pub async fn explain(
    ctx: &Ctx,
    measure: &str,
    asked: &Selection,
) -> Result<ExplainedReading, AppError> {
    let (selected, ledger) = select(ctx, asked).await?;
    explain_selected(ctx, measure, selected, &ledger)
        .await?
        .or_error()
}

/// Explains the reading of a measure, named by its key, or says where else it is read.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn explain_at(
    ctx: &Ctx,
    measure: &str,
    asked: &Selection,
) -> Result<AtUnit<ExplainedReading>, AppError> {
    let (selected, ledger) = select(ctx, asked).await?;
    explain_selected(ctx, measure, selected, &ledger).await
}

/// Explains the reading of a measure at what was selected.
pub(crate) async fn explain_selected(
    ctx: &Ctx,
    measure: &str,
    selected: Selected,
    ledger: &Ledger,
) -> Result<AtUnit<ExplainedReading>, AppError> {
    let id = match selected.model.measures().by_key(measure) {
        Some(found) => found.id(),
        None => return Err(no_measure(&selected.model, measure)),
    };
    ctx.step("Evaluating");
    let Some((explanation, hidden)) = explanation(ctx, &selected, id).await? else {
        return Ok(AtUnit::NotRead(NotRead::of(ctx, selected, id).await?));
    };
    // Thousands of lines come from a few commits.
    let numbers: BTreeSet<CommitNumber> = inputs(&explanation).map(|line| line.commit).collect();
    let commits = ctx.told(ledger, &numbers).await?;
    Ok(AtUnit::Read(ExplainedReading {
        selected,
        explanation,
        commits,
        hidden,
    }))
}

/// The explanation of a reading without the lines of units that may not be read, and what these are; `None` where the
/// measure is not read at the unit.
pub(crate) async fn explanation(
    ctx: &Ctx,
    selected: &Selected,
    measure: MeasureId,
) -> Result<Option<(Explanation, Hidden)>, AppError> {
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
    Ok(explained.map(|mut explanation| {
        let hidden = hide(&mut explanation, &may_read);
        (explanation, hidden)
    }))
}

/// Leaves out the lines of units that may not be read, and says what they were: the number of a unit above is for
/// everybody below it, what others brought to it is not.
fn hide(explanation: &mut Explanation, may_read: &impl Fn(UnitId) -> bool) -> Hidden {
    let mut hidden = Hidden::default();
    for period in &mut explanation.periods {
        let observations = period.inputs.len();
        period.inputs.retain(|line| may_read(line.unit));
        let left_out = observations - period.inputs.len();
        match counts(period) {
            true => hidden.observations += left_out,
            false => hidden.has_more |= left_out > 0,
        }
        let others = period.missing.len() + period.differing.len();
        period.missing.retain(|line| may_read(line.unit));
        period.differing.retain(|unit| may_read(*unit));
        hidden.has_more |= period.missing.len() + period.differing.len() < others;
    }
    for part in &mut explanation.parts {
        let observations = part.inputs.len();
        part.inputs.retain(|(_, line)| may_read(line.unit));
        hidden.observations += observations - part.inputs.len();
    }
    // A part of a hidden unit goes with what may be seen of it: its observations are in the number, too.
    explanation.parts.retain(|part| {
        let is_seen = may_read(part.unit);
        if !is_seen {
            hidden.has_more = true;
            hidden.observations += part.inputs.len();
        }
        is_seen
    });
    hidden
}

/// The observations of an explanation.
fn inputs(explanation: &Explanation) -> impl Iterator<Item = &InputLine> {
    let of_periods = explanation.periods.iter().flat_map(|period| &period.inputs);
    let of_parts = explanation.parts.iter().flat_map(|part| &part.inputs);
    of_periods.chain(of_parts.map(|(_, line)| line))
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
