//! Where the machine's clock and randomness come in, and the context that a command runs in.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_app::{AppError, Ctx};
use throughline_core::{Actor, Clock, FrozenClock, Origin, Role, Scope};
use throughline_ledger::{Location, Randomness};

use crate::arguments::Common;
use crate::terminal::progress::Line;

/// The clock of the machine.
struct MachineClock;

impl Clock for MachineClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock for all"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        // The ledger counts in microseconds; an answer names the instant as the ledger would.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// The clock that was asked for.
pub fn clock(common: &Common) -> Arc<dyn Clock> {
    match common.clock {
        Some(at) => Arc::new(FrozenClock(at)),
        None => Arc::new(MachineClock),
    }
}

/// The randomness of the machine.
///
/// # Errors
/// If the machine has none.
fn randomness() -> Result<Arc<Randomness>, AppError> {
    // Asked once at the start, so that a machine without randomness is an error and not a panic in the middle.
    getrandom::u64().map_err(|error| {
        AppError::failed("the machine gives no random numbers", error.to_string())
    })?;
    Ok(Arc::new(|bytes: &mut [u8]| {
        getrandom::fill(bytes).expect("the machine gave random numbers at the start");
    }))
}

/// The context of a command: whoever runs it on the machine of the ledger may do everything with it.
///
/// # Errors
/// If the ledger cannot be opened.
pub async fn context(
    common: &Common,
    location: &Location,
    progress: &Arc<Line>,
) -> Result<Ctx, AppError> {
    let ctx = Ctx::open(location, ADMINISTRATOR, clock(common), randomness()?).await?;
    Ok(with_common(ctx, common, progress))
}

/// The context of a command that leaves the ledger closed.
///
/// # Errors
/// If the machine has no randomness.
pub fn context_beside(
    common: &Common,
    location: &Location,
    progress: &Arc<Line>,
) -> Result<Ctx, AppError> {
    let ctx = Ctx::beside(location, ADMINISTRATOR, clock(common), randomness()?);
    Ok(with_common(ctx, common, progress))
}

/// Whoever runs a command on the machine of the ledger.
const ADMINISTRATOR: Actor = Actor {
    person: None,
    role: Role::Administrator,
    scope: Scope::Organisation,
    origin: Origin::CommandLine,
};

fn with_common(ctx: Ctx, common: &Common, progress: &Arc<Line>) -> Ctx {
    let progress: Arc<Line> = Arc::clone(progress);
    ctx.with_reason(common.reason.clone())
        .acting_as(common.acting_as.clone())
        .with_progress(progress)
}
