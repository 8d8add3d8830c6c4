//! Was anything in the ledger altered? Every commit is hashed anew.

use throughline_ledger::{Checkpoint, PublicKey, VerifyReport};

use crate::policy::VerifyLedger;
use crate::{AppError, Ctx};

/// What verifying the ledger found.
#[derive(Debug)]
pub struct VerifiedLedger {
    /// What was looked at, and what was wrong.
    pub report: VerifyReport,
}

/// Verifies the whole ledger, and that it still contains the commit of a checkpoint if there is one. With a public key the
/// checkpoint must be signed by it.
///
/// # Errors
/// If there is none, or it cannot be read at all.
pub async fn verify_ledger(
    ctx: &Ctx,
    against: Option<&Checkpoint>,
    trusted: Option<&PublicKey>,
) -> Result<VerifiedLedger, AppError> {
    let proof = ctx.authorize_upkeep::<VerifyLedger>().await?;
    let ledger = ctx.ledger(&proof)?;
    ctx.step("Verifying every commit");
    Ok(VerifiedLedger {
        report: match against {
            Some(checkpoint) => ledger.verify_against(checkpoint, trusted).await?,
            None => ledger.verify().await?,
        },
    })
}
