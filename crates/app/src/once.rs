//! A write that is tried again has one effect, and gets the first answer again.
//!
//! Whoever does not know whether a write was done (the answer was lost, the machine was switched off) asks once more with
//! the same idempotency key. What the first answer was is kept for a day, with the commits that it is about or not at all.
//! It is kept as a few numbers; what else an answer says is worked out again from the plan as it was.

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use throughline_ledger::{Commit, Ledger, Writer};
use throughline_model::observation::CommitNumber;

use crate::{AppError, Ctx};

/// The longest idempotency key, in bytes.
pub const IDEMPOTENCY_KEY_LENGTH_LIMIT: usize = 200;

/// How long a first answer is kept.
pub const ANSWER_KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Under which purpose answers are kept among the workings.
const PURPOSE: &str = "idempotency";

const DIGEST_LENGTH: usize = 32;

/// A request with an idempotency key; nothing is kept of one without.
pub(crate) struct Once(Option<Request>);

struct Request {
    key: String,
    digest: [u8; DIGEST_LENGTH],
}

/// What is kept of an answer: numbers, whose meaning the use case knows.
pub(crate) type Numbers = Vec<u64>;

impl Once {
    /// The request of a use case with what it was asked.
    ///
    /// # Errors
    /// If the idempotency key cannot be one.
    pub(crate) fn of(ctx: &Ctx, use_case: &str, asked: &[&[u8]]) -> Result<Once, AppError> {
        let Some(key) = ctx.idempotency_key() else {
            return Ok(Once(None));
        };
        if key.is_empty()
            || key.len() > IDEMPOTENCY_KEY_LENGTH_LIMIT
            || key.contains(char::is_control)
        {
            return Err(AppError::bad_request(format!(
                "an idempotency key has 1 to {IDEMPOTENCY_KEY_LENGTH_LIMIT} bytes and no control characters"
            )));
        }
        let mut digest = Sha256::new();
        let reason: &[&[u8]] = match ctx.reason() {
            Some(reason) => &[b"because", reason.as_bytes()],
            None => &[b"for no reason"],
        };
        let parts = [&[use_case.as_bytes()], reason].concat();
        for part in parts.iter().chain(asked) {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        Ok(Once(Some(Request {
            key: format!("{}/{key}", ctx.requester()),
            digest: digest.finalize().into(),
        })))
    }

    /// The answer that was given before.
    ///
    /// # Errors
    /// If the key was used for another request; if the ledger cannot be read.
    pub(crate) async fn earlier(&self, ledger: &Ledger) -> Result<Option<Numbers>, AppError> {
        let Some(request) = &self.0 else {
            return Ok(None);
        };
        request.read(ledger.workings(PURPOSE).get(&request.key).await?)
    }

    /// The answer that was given before, asked for by the only one who writes now.
    ///
    /// # Errors
    /// As [`Once::earlier`].
    pub(crate) async fn earlier_in(
        &self,
        writer: &mut Writer,
    ) -> Result<Option<Numbers>, AppError> {
        let Some(request) = &self.0 else {
            return Ok(None);
        };
        request.read(writer.working(PURPOSE, &request.key).await?)
    }

    /// Keeps an answer with the commits of the writer.
    ///
    /// # Errors
    /// If the ledger cannot be written.
    pub(crate) async fn keep(
        &self,
        ctx: &Ctx,
        writer: &mut Writer,
        numbers: &[u64],
    ) -> Result<(), AppError> {
        let Some(request) = &self.0 else {
            return Ok(());
        };
        let mut body = request.digest.to_vec();
        body.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
        let expires_at = ctx.now().saturating_add(ANSWER_KEPT_FOR);
        let expires_at =
            expires_at.map_err(|error| AppError::failed("the clock is wrong", error))?;
        writer
            .put_working(PURPOSE, &request.key, &body, expires_at)
            .await?;
        Ok(())
    }
}

impl Request {
    fn read(&self, kept: Option<Vec<u8>>) -> Result<Option<Numbers>, AppError> {
        let Some(kept) = kept else {
            return Ok(None);
        };
        let (digest, numbers) = kept
            .split_first_chunk::<DIGEST_LENGTH>()
            .ok_or_else(|| AppError::bad_request("what was kept of the first answer is damaged"))?;
        if *digest != self.digest {
            return Err(AppError::KeyReused);
        }
        let (numbers, _) = numbers.as_chunks::<8>();
        Ok(Some(
            numbers
                .iter()
                .map(|number| u64::from_be_bytes(*number))
                .collect(),
        ))
    }
}

/// The commits with those numbers.
pub(crate) async fn commits(ledger: &Ledger, numbers: &[u64]) -> Result<Vec<Commit>, AppError> {
    let mut commits = Vec::with_capacity(numbers.len());
    for number in numbers {
        commits.push(ledger.commit(CommitNumber(*number)).await?);
    }
    Ok(commits)
}
