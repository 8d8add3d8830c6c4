//! Backing up and restoring the ledger, and noting elsewhere where it ended.

use std::path::Path;

use throughline_ledger::{
    BackedUp, Checkpoint, LedgerError, PublicKey, RestoreOptions, Restored, RestoredKeys,
    SigningKey,
};

use crate::policy::{BackUp, MakeCheckpoint, RestoreLedger};
use crate::{AppError, Ctx};

/// What backing up wrote.
#[derive(Debug)]
pub struct BackedUpLedger {
    /// The ledger without data keys, if it was asked for.
    pub ledger: Option<BackedUp>,
    /// The data keys of persons, if they were asked for.
    pub keys: Option<BackedUp>,
}

/// Writes a backup of the ledger, of the data keys of persons, or of both, each to a folder or a new file.
///
/// # Errors
/// If there is no ledger; if it is damaged; if a file is there already or cannot be written.
pub async fn back_up(
    ctx: &Ctx,
    to: Option<&Path>,
    keys: Option<&Path>,
) -> Result<BackedUpLedger, AppError> {
    let proof = ctx.authorize_upkeep::<BackUp>().await?;
    let ledger = ctx.ledger(&proof)?;
    let mut written = BackedUpLedger {
        ledger: None,
        keys: None,
    };
    if let Some(to) = to {
        ctx.step("Backing up every commit");
        written.ledger = Some(ledger.back_up(to).await?);
    }
    // After the ledger, so that there is a key for everybody who is in the backup.
    if let Some(keys) = keys {
        ctx.step("Backing up the data keys");
        written.keys = Some(ledger.back_up_keys(keys).await?);
    }
    Ok(written)
}

/// Restores a backup to where the context's ledger stands, or would stand.
///
/// # Errors
/// If there is a ledger that is not to be replaced; if the backup or the keys are not as they were written. What was there
/// is untouched then.
pub async fn restore(
    ctx: &Ctx,
    backup: &Path,
    keys: Option<&Path>,
    options: RestoreOptions,
) -> Result<Restored, AppError> {
    let proof = ctx.authorize_upkeep::<RestoreLedger>().await?;
    ctx.step("Restoring and verifying every commit");
    match ctx.restored(&proof, backup, keys, options).await {
        Err(error @ LedgerError::LedgerExists { .. }) => Err(AppError::bad_request(
            error.to_string(),
        )
        .with_help(
            "restore to another place, or say --replace: the ledger that is there is kept aside",
        )),
        restored => Ok(restored?),
    }
}

/// Adds data keys to a ledger that was restored without them.
///
/// # Errors
/// If there is no ledger; if the keys are not as they were written, or of another ledger.
pub async fn restore_keys(ctx: &Ctx, keys: &Path) -> Result<RestoredKeys, AppError> {
    let proof = ctx.authorize_upkeep::<RestoreLedger>().await?;
    let ledger = ctx.ledger(&proof)?;
    Ok(ledger.restore_keys(keys).await?)
}

/// Where the ledger ends now, signed if there is a key.
///
/// # Errors
/// If there is no ledger.
pub async fn checkpoint(ctx: &Ctx, key: Option<&SigningKey>) -> Result<Checkpoint, AppError> {
    let proof = ctx.authorize_upkeep::<MakeCheckpoint>().await?;
    let checkpoint = ctx.ledger(&proof)?.checkpoint().await?;
    Ok(match key {
        Some(key) => checkpoint.signed_with(key),
        None => checkpoint,
    })
}

/// Makes a key for signing in one new file, and in another the public key by which its signatures are known.
///
/// # Errors
/// If a file is there already or cannot be written.
pub async fn new_signing_key(
    ctx: &Ctx,
    secret: &Path,
    public: &Path,
) -> Result<PublicKey, AppError> {
    ctx.authorize_upkeep::<MakeCheckpoint>().await?;
    let randomness = |bytes: &mut [u8]| ctx.fill_with_randomness(bytes);
    let mut seed = [0; 32];
    randomness(&mut seed);
    let key = SigningKey::new(&move |bytes: &mut [u8]| bytes.copy_from_slice(&seed));
    let mut distinct = [0; 8];
    randomness(&mut distinct);
    let distinct = move |bytes: &mut [u8]| bytes.copy_from_slice(&distinct);
    key.save(secret, &distinct)?;
    key.public_key().save(public, &distinct)?;
    Ok(key.public_key())
}
