//! Where the machine's clock and randomness come in, and the context that a command runs in.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use throughline_app::mail::{MailServer, Mailer};
use throughline_app::{AppError, Ctx};
use throughline_core::{Actor, Clock, FrozenClock, Origin, Role, Scope};
use throughline_ledger::{Location, Randomness};

use crate::arguments::{Common, Serve};
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

/// The variable with the password for the mail server.
const MAIL_PASSWORD: &str = "THROUGHLINE_MAIL_PASSWORD";
/// The longest file with a password, in bytes.
const PASSWORD_FILE_MAX: u64 = 4096;

/// What sends mails with links to an origin, if a mail server is named. The password stands in no argument, which everybody
/// on the machine could see.
///
/// # Errors
/// If the password cannot be read, or the parts do not go together.
pub fn mailer(asked: &Serve, origin: String) -> Result<Option<Mailer>, AppError> {
    let (Some(server), Some(from)) = (&asked.mail_server, &asked.mail_from) else {
        return Ok(None);
    };
    // Read here and not with the arguments, whose errors repeat what was given.
    let server: MailServer = server.parse()?;
    let password = match &asked.mail_password_file {
        Some(file) => Some(password_in(file)?),
        None if server.wants_password() => std::env::var(MAIL_PASSWORD).ok(),
        None => None,
    };
    Mailer::new(server, from, password, origin).map(Some)
}

/// The first line of a file with a password.
fn password_in(file: &Path) -> Result<String, AppError> {
    let unread = |what: String| {
        let message = format!("the password in {} cannot be read", file.display());
        AppError::failed(message, what)
    };
    let opened = std::fs::File::open(file).map_err(|error| unread(error.to_string()))?;
    let mut text = String::new();
    let read = opened.take(PASSWORD_FILE_MAX).read_to_string(&mut text);
    read.map_err(|error| unread(error.to_string()))?;
    let first = text.lines().next().filter(|line| !line.is_empty());
    first
        .map(str::to_owned)
        .ok_or_else(|| unread("its first line is empty".to_owned()))
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
