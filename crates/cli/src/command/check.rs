//! `check`: errors and weaknesses of a plan folder.

use throughline_app::{AppError, check_plan, files};
use throughline_core::nearest;
use throughline_model::lint::LINTS;

use super::{Outcome, Session, remarks_in_words, summary};
use crate::arguments::{Check, Common, Format};
use crate::json::plan::Checked;
use crate::terminal::paint::{FAINT, STRONG, paint};
use crate::terminal::table::wrapped;
use crate::terminal::{self, words};

/// Checks a plan folder.
///
/// # Errors
/// If the folder or the ledger cannot be read.
pub async fn run(session: &Session<'_>, asked: &Check) -> Result<Outcome, AppError> {
    let Some(folder) = &asked.plan_dir else {
        return Ok(Outcome::Done);
    };
    let files = files::read_plan_folder(folder)?;
    let checked = check_plan(&session.ctx, &files).await?;
    let remarks = &checked.remarks;
    let is_finding = remarks.errors() > 0 || (asked.strict && remarks.warnings() > 0);
    if session.is_json() {
        session.print_json(&Checked::of(&checked))?;
        return Ok(Outcome::findings_if(is_finding));
    }
    session.print(&remarks_in_words(remarks, &folder.to_string_lossy()))?;
    if remarks.is_empty() {
        let (records, files) = (
            words::count(checked.records as u64, "record"),
            words::count(checked.files as u64, "file"),
        );
        session.print(&format!(
            "The plan is sound: {records} in {files}, no errors, no warnings.\n"
        ))?;
    } else {
        session.print(&format!("{}\n", summary(remarks)))?;
        let code = remarks
            .placed
            .iter()
            .map(|diagnostic| diagnostic.finding.code);
        let code = code
            .chain(remarks.unplaced.iter().map(|finding| finding.code))
            .find(|code| lint(code).is_some());
        if let Some(code) = code {
            session.say(&format!(
                "Why a warning matters: throughline check --explain {code}"
            ));
        }
    }
    Ok(Outcome::findings_if(is_finding))
}

/// Says what a lint means.
///
/// # Errors
/// If there is no such lint.
pub fn explain(common: &Common, code: &str) -> Result<Outcome, AppError> {
    let Some(lint) = lint(code) else {
        let error = AppError::bad_request(format!("there is no warning with the code `{code}`"));
        let codes = LINTS.iter().map(|lint| lint.code);
        return Err(match nearest(code, codes.clone()) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error.with_help(format!(
                "the codes are {}",
                codes.collect::<Vec<_>>().join(", ")
            )),
        });
    };
    let failed = |error| AppError::failed("the answer could not be written", error);
    if common.format == Format::Json {
        #[derive(serde::Serialize)]
        struct Explained {
            code: &'static str,
            title: &'static str,
            reason: &'static str,
        }
        let answer = Explained {
            code: lint.code,
            title: lint.title,
            reason: lint.reason,
        };
        terminal::print(&crate::json::text(&answer)).map_err(failed)?;
        return Ok(Outcome::Done);
    }
    let silence = format!("silences: [{{ lint: {code}, reason: ... }}]");
    let text = format!(
        "{}\n{}\n\n{}\n\nWhere it does not hold, say so at the record, or at the organisation for the whole plan:\n  {}\n",
        paint(STRONG, lint.code),
        words::sentence(lint.title),
        wrapped(lint.reason, terminal::width(), ""),
        paint(FAINT, &silence),
    );
    terminal::print(&text).map_err(failed)?;
    Ok(Outcome::Done)
}

fn lint(code: &str) -> Option<&'static throughline_model::lint::Lint> {
    LINTS.iter().find(|lint| lint.code == code)
}
