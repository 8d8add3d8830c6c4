//! Where a number came from: the rules, records and observations that made it.

use std::collections::BTreeMap;

use throughline_engine::Explanation;
use throughline_model::observation::CommitNumber;
use throughline_model::value::Resolver;
use throughline_model::{Kind, Model};

use crate::history::{Teller, Told};
use crate::selection::{Selected, Selection, gone, select};
use crate::{AppError, Ctx};

/// A reading with its derivation.
pub struct ExplainedReading {
    /// What was meant.
    pub selected: Selected,
    /// The derivation.
    pub explanation: Explanation,
    /// All commits, so that each input can say who recorded it and why.
    pub commits: BTreeMap<CommitNumber, Told>,
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
    let id = match selected.model.measures().by_key(measure) {
        Some(found) => found.id(),
        None => return Err(no_measure(&selected.model, measure)),
    };
    ctx.step("Evaluating");
    let explanation = selected.view().explain(id, selected.unit, selected.period);
    let commits = Teller::of(&ledger).await?.all();
    // The plan has the measure: it was found in it.
    let explanation = explanation.ok_or_else(|| no_measure(&selected.model, measure))?;
    Ok(ExplainedReading {
        selected,
        explanation,
        commits,
    })
}

/// That there is no measure with that key, with the nearest that there is.
pub(crate) fn no_measure(model: &Model, key: &str) -> AppError {
    let error = AppError::bad_request(format!("there is no measure `{key}` in the plan"));
    if model.first_user_of(Kind::Measure, key).is_some() {
        return error.with_help(gone(Kind::Measure, key));
    }
    match model.nearest(&[Kind::Measure], key) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None => error.with_help("the measures stand in measures.yaml"),
    }
}
