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
            "the demonstration makes one of its own; name a new folder with --data, an empty database with --database, or none",
        ));
    }
    let applied = apply_plan(ctx, &example.plan(), &ApplyOptions::default()).await?;
    let ctx = ctx.reopened().await?;
    let loaded = load_observations(
        &ctx,
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
