//! Puts a bundled example into a new ledger: its plan and its observations.

use crate::apply_plan::{ApplyOptions, apply_plan};
use crate::examples::Example;
use crate::load_observations::{LoadOptions, load_observations};
use crate::policy::{ChangePlan, Object};
use crate::{AppError, Ctx};

/// What the demonstration put into the ledger.
#[derive(Debug)]
pub struct Demo {
    /// How many records its plan has.
    pub records: u64,
    /// How many observations it has.
    pub observations: u64,
}

/// Applies a bundled example to the ledger of a context, which must not be there yet.
///
/// # Errors
/// If there is a ledger already, or none can be made.
pub async fn demo(ctx: &Ctx, example: Example) -> Result<Demo, AppError> {
    let proof = ctx.authorize::<ChangePlan>(Object::Organisation).await?;
    if ctx.ledger_if_any(&proof).is_some() {
        let message = format!("there is a ledger in {} already", ctx.location());
        return Err(AppError::bad_request(message).with_help(
            "to go on with it use `throughline serve`; the demonstration makes one of its own in a new folder (--data), an empty database (--database), or a folder for the time being",
        ));
    }
    let because = |reason: String| Some(ctx.reason().map_or(reason, str::to_owned));
    let planning = because(format!("The plan of the example {example}"));
    let planning = ctx.reopened().await?.with_reason(planning);
    let applied = apply_plan(&planning, &example.plan(), &ApplyOptions::default()).await?;
    let loading = because(format!("The observations of the example {example}"));
    let loading = planning.reopened().await?.with_reason(loading);
    let loaded = load_observations(
        &loading,
        "observations.csv",
        example.observations(),
        LoadOptions::default(),
    )
    .await?;
    Ok(Demo {
        records: applied.commit.map_or(0, |commit| commit.records),
        observations: loaded.written,
    })
}
