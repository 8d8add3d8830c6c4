//! The commands: each calls one use case and renders its answer, for people or for programs.

mod apply;
mod backup;
mod check;
mod checkpoint;
mod demo;
mod diff;
mod drivers;
mod erase;
mod evidence;
mod explain;
mod export;
mod forecast;
mod history;
mod import;
mod insights;
mod invite;
mod load;
mod pack;
mod scorecard;
mod serve;
mod signals;
mod verify;

pub use diff::line as change_line;

use std::sync::Arc;

use throughline_app::{AppError, Ctx, PlanConflict, Remarks, Selection};
use throughline_core::{Finding, Severity};
use throughline_ledger::Commit;

use crate::arguments::{Arguments, Command, Common, Format, Where};
use crate::json::Failure;
use crate::terminal::paint::{ERROR, NOTE, STRONG, paint};
use crate::terminal::progress::Line;
use crate::terminal::{self, diagnostics, words};
use crate::{json, wiring};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, and there is something to look at.
    Findings,
}

impl Outcome {
    /// The status with which the process ends for a command that is not one.
    pub const WRONG_USAGE: u8 = 2;
    /// The status with which the process ends when it failed.
    pub const FAILED: u8 = 3;
    /// The status with which the process ends when it failed for now: the same command can succeed later.
    pub const UNAVAILABLE: u8 = 4;

    /// The status with which the process ends.
    pub const fn status(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::Findings => 1,
        }
    }

    /// Findings, if there are any.
    pub const fn findings_if(any: bool) -> Outcome {
        if any {
            Outcome::Findings
        } else {
            Outcome::Done
        }
    }
}

/// What a command is given.
pub struct Session<'a> {
    /// What every command takes.
    pub common: &'a Common,
    /// Who acts, and the ledger.
    pub ctx: Ctx,
    /// Shows progress.
    pub progress: Arc<Line>,
}

impl Session<'_> {
    /// Whether the answer is for programs.
    pub fn is_json(&self) -> bool {
        self.common.format == Format::Json
    }

    /// Prints the answer.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print(&self, text: &str) -> Result<(), AppError> {
        self.progress.clear();
        terminal::print(text)
            .map_err(|error| AppError::failed("the answer could not be written", error))
    }

    /// Prints the answer for programs.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print_json(&self, answer: &impl serde::Serialize) -> Result<(), AppError> {
        self.print(&json::text(answer))
    }

    /// How a command ended that recorded something and told so. Where the answer could not be written, that is said with the commit and
    /// is no failure: whoever took it for one would do it again.
    ///
    /// # Errors
    /// As it ended, where nothing was recorded.
    pub fn recorded(
        &self,
        commit: Option<&Commit>,
        told: Result<Outcome, AppError>,
    ) -> Result<Outcome, AppError> {
        match (told, commit) {
            (Err(error), Some(commit)) => {
                let number = commit.number;
                self.say(&format!(
                    "warning: {error}; it is recorded, as commit {number}"
                ));
                Ok(Outcome::Findings)
            }
            (told, _) => told,
        }
    }

    /// Says something that is no result.
    pub fn say(&self, text: &str) {
        self.progress.clear();
        terminal::say(text);
    }
}

/// Runs a command.
///
/// # Errors
/// What keeps it from being carried out.
pub async fn run(arguments: &Arguments) -> Result<Outcome, AppError> {
    let common = &arguments.common;
    let takes_csv = matches!(arguments.command, Command::Scorecard(_));
    if common.format == Format::Csv && !takes_csv {
        let error = AppError::bad_request("only the scorecard is printed as csv");
        return Err(error.with_help("use --format json"));
    }
    if let Command::Demo(asked) = &arguments.command {
        return demo::run(common, asked).await;
    }
    if let Command::Serve(asked) = &arguments.command {
        return serve::run(common, asked).await;
    }
    if let Command::Check(asked) = &arguments.command
        && let Some(code) = &asked.explain
    {
        return check::explain(common, code);
    }
    let progress = Arc::new(Line::new());
    let location = common.location()?;
    let ctx = if arguments.command.leaves_ledger_closed() {
        wiring::context_beside(common, &location, &progress)?
    } else {
        wiring::context(common, &location, &progress).await?
    };
    let ctx = ctx.with_idempotency_key(arguments.command.idempotency_key());
    let session = Session {
        common,
        ctx,
        progress,
    };
    let outcome = match &arguments.command {
        Command::Check(asked) => check::run(&session, asked).await,
        Command::Diff(asked) => diff::run(&session, asked).await,
        Command::Apply(asked) => apply::run(&session, asked).await,
        Command::Export(asked) => export::run(&session, asked).await,
        Command::Import(asked) => import::run(&session, asked).await,
        Command::Load(asked) => load::run(&session, asked).await,
        Command::Scorecard(asked) => scorecard::run(&session, &asked.place).await,
        Command::Explain(asked) => explain::run(&session, asked).await,
        Command::Signals(asked) => signals::run(&session, asked).await,
        Command::Forecast(asked) => forecast::run(&session, asked).await,
        Command::Drivers(asked) => drivers::run(&session, asked).await,
        Command::Evidence(asked) => evidence::run(&session, asked).await,
        Command::History(asked) => history::run(&session, asked).await,
        Command::Erase(asked) => erase::run(&session, asked).await,
        Command::Invite(asked) => invite::run(&session, asked).await,
        Command::Verify(asked) => verify::run(&session, asked).await,
        Command::Pack(asked) => pack::run(&session, asked).await,
        Command::Backup(asked) => backup::run(&session, asked).await,
        Command::Restore(asked) => backup::restore(&session, asked).await,
        Command::Checkpoint(asked) => checkpoint::run(&session, asked).await,
        // Both were taken care of before.
        Command::Demo(_) | Command::Serve(_) => Ok(Outcome::Done),
    };
    session.progress.clear();
    session.ctx.close().await;
    outcome
}

impl From<&Where> for Selection {
    fn from(place: &Where) -> Selection {
        Selection {
            unit: place.unit.clone(),
            period: place.period.clone(),
            known_at: place.known_at.clone(),
            plan_at: place.plan_at.clone(),
        }
    }
}

/// Says why a command was not carried out, and gives the status with which the process ends.
pub fn refuse(error: &AppError, arguments: &Arguments) -> u8 {
    if arguments.common.format == Format::Json {
        terminal::say(json::text(&Failure::of(error)).trim_end());
    } else {
        let folder = arguments.command.plan_folder().unwrap_or_default();
        terminal::say(in_words(error, &folder).trim_end());
    }
    match error {
        AppError::BadRequest { .. }
        | AppError::KeyReused
        | AppError::NotFound {
            is_by_name: true, ..
        } => Outcome::WRONG_USAGE,
        AppError::Unavailable { .. } => Outcome::UNAVAILABLE,
        _ => Outcome::FAILED,
    }
}

/// The error for people: what is wrong with the input first, then what was not done, then what to do.
fn in_words(error: &AppError, folder: &str) -> String {
    let mut out = String::new();
    match error {
        AppError::BadInput { remarks, .. } => {
            out.push_str(&remarks_in_words(remarks, folder));
            out.push_str(&format!("{}\n", summary(remarks)));
        }
        AppError::Conflict { conflicts, .. } => {
            for conflict in conflicts {
                out.push_str(&conflict_in_words(conflict, folder));
                out.push('\n');
            }
        }
        _ => {}
    }
    let message = terminal::harmless(&error.to_string());
    out.push_str(&format!(
        "{}{}\n",
        paint(ERROR, "error"),
        paint(STRONG, &format!(": {message}"))
    ));
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    for cause in causes {
        out.push_str(&format!(
            "  because: {}\n",
            terminal::harmless(&cause.to_string())
        ));
    }
    if let Some(help) = error.help() {
        out.push_str(&format!(
            "  {} {}\n",
            paint(NOTE, "help:"),
            terminal::harmless(help)
        ));
    }
    out
}

/// Errors and warnings, each with its place.
///
/// Errors that have no place come first: others follow from what the plan lacks.
pub fn remarks_in_words(remarks: &Remarks, folder: &str) -> String {
    let unplaced = remarks.unplaced.iter().take(diagnostics::SHOWN_MAX);
    let (errors, others): (Vec<_>, Vec<_>) =
        unplaced.partition(|one| one.severity == Severity::Error);
    let said = |findings: Vec<&Finding>| -> String {
        let lines = findings.into_iter();
        let lines = lines.map(|one| format!("{}\n", diagnostics::without_place(one, None)));
        lines.collect()
    };
    let placed = diagnostics::render(&remarks.placed, remarks.left_out, folder);
    format!("{}{placed}{}", said(errors), said(others))
}

/// `3 errors and 2 warnings in 2 files`
pub fn summary(remarks: &Remarks) -> String {
    let mut counts = Vec::new();
    if remarks.errors() > 0 {
        counts.push(words::count(remarks.errors() as u64, "error"));
    }
    if remarks.warnings() > 0 {
        counts.push(words::count(remarks.warnings() as u64, "warning"));
    }
    let files = diagnostics::files(&remarks.placed);
    match files {
        0 => words::list(&counts),
        files => format!(
            "{} in {}",
            words::list(&counts),
            words::count(files as u64, "file")
        ),
    }
}

/// A conflict, with who made the other change.
pub fn conflict_in_words(conflict: &PlanConflict, folder: &str) -> String {
    let note = conflict.changed_by.as_ref().map(|commit| {
        let author = conflict
            .author
            .as_deref()
            .unwrap_or("the local administrator");
        let at = words::instant(commit.recorded_at, &throughline_core::Calendar::default());
        let reason = commit.reason.as_ref().map(|reason| format!(": {reason}"));
        let reason = reason.unwrap_or_default();
        format!(
            "last changed in the ledger in commit {}, {at} UTC, by {author}{reason}",
            commit.number
        )
    });
    match &conflict.diagnostic {
        Some(diagnostic) => diagnostics::with_note(diagnostic, folder, note.as_deref()),
        None => diagnostics::without_place(&conflict.finding, note.as_deref()),
    }
}
