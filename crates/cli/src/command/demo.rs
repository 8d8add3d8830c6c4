//! `demo`: the bundled examples, in a ledger of their own: in a browser, or printed.

use std::path::PathBuf;
use std::sync::Arc;

use throughline_app::{AppError, Example, ReadScorecard, demo, scorecard};
use throughline_core::Calendar;
use throughline_web::Mode;

use super::{Outcome, Session, serve};
use crate::arguments::{Common, Demo, ExampleName, Format};
use crate::terminal::progress::Line;
use crate::terminal::{self, card, words};
use crate::wiring;

/// The folder that is proposed to those who want to keep the ledger.
const KEPT_FOLDER: &str = "demo-data";

/// A folder that is removed when it is dropped.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // A folder that cannot be removed is left to the system, which cleans up temporary files itself.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Temporary {
    fn new() -> Result<Temporary, AppError> {
        let random = getrandom::u64().map_err(|error| {
            AppError::failed("the machine gives no random numbers", error.to_string())
        })?;
        Ok(Temporary(
            std::env::temp_dir().join(format!("throughline-demo-{random:016x}")),
        ))
    }
}

/// Applies an example, loads its observations, and shows it in a browser or prints its scorecard.
///
/// # Errors
/// If the folder that was named has a ledger already, or none can be made; if the address cannot be had.
pub async fn run(common: &Common, asked: &Demo) -> Result<Outcome, AppError> {
    let is_plan_folder = |folder: &PathBuf| folder.join("organisation.yaml").exists();
    if let Some(folder) = common.data.as_ref().filter(|folder| is_plan_folder(folder)) {
        let message = format!("{} is a plan folder", folder.display());
        let help = format!("name another folder for the ledger, such as {KEPT_FOLDER}");
        return Err(AppError::bad_request(message).with_help(help));
    }
    if let Some(period) = &asked.place.period {
        // Said before a ledger is made that would be left behind; the example's own calendar has the same names.
        let meant = Calendar::default().parse_period(period);
        meant.map_err(|error| AppError::bad_request(error.to_string()))?;
    }
    let is_printed = asked.print || common.format != Format::Table;
    let listener = if is_printed {
        None
    } else {
        // Asked for first: an address that cannot be had is said before anything is made.
        Some(serve::listen(asked.listen.listen).await?)
    };
    let is_kept = common.data.is_some() || common.database.is_some();
    let temporary = if is_kept {
        None
    } else {
        Some(Temporary::new()?)
    };
    let location = match &temporary {
        Some(temporary) => (&temporary.0).into(),
        None => common.location()?,
    };
    let progress = Arc::new(Line::new());
    let example = match asked.example {
        ExampleName::NhsAe => Example::NhsAe,
        ExampleName::NyFlights => Example::NyFlights,
    };
    let ctx = wiring::context(common, &location, &progress).await?;
    let made = demo(&ctx, example).await?;
    ctx.close().await;
    let ctx = wiring::context(common, &location, &progress).await?;
    if let Some(listener) = listener {
        progress.clear();
        let mode = Mode::Demo {
            attribution: example.attribution().to_owned(),
        };
        return serve::until_stopped(ctx, mode, listener).await;
    }
    let session = Session {
        common,
        ctx,
        progress,
    };
    let (records, observations) = (
        words::count(made.records, "record"),
        words::count(made.observations, "observation"),
    );
    session.say(&format!(
        "Example {example}: {records}, {observations}. {}",
        example.attribution()
    ));
    let read = scorecard(&session.ctx, &(&asked.place).into()).await?;
    for choice in &read.selected.chosen {
        session.say(choice);
    }
    session.say("");
    print(&session, &read, asked, temporary.is_some())?;
    if temporary.is_some() && common.format == Format::Table {
        session.say(&format!(
            "This ledger is gone now. For the command above, keep one first: throughline demo --print --example {example} --data {KEPT_FOLDER}"
        ));
    }
    session.ctx.close().await;
    Ok(Outcome::Done)
}

/// Prints the scorecard. The command that it names next works on a ledger that is kept.
fn print(
    session: &Session<'_>,
    read: &ReadScorecard,
    asked: &Demo,
    is_temporary: bool,
) -> Result<(), AppError> {
    if !is_temporary || session.common.format != Format::Table {
        return super::scorecard::print(session, read, &asked.place);
    }
    let kept = Common {
        data: Some(PathBuf::from(KEPT_FOLDER)),
        ..session.common.clone()
    };
    session.print(&card::render(read, &asked.place, &kept, terminal::width()))
}
