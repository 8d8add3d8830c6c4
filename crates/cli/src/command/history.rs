//! `history`: who changed what, when and why.

use throughline_app::history::{cell_history, commits, record_history, restatements, target_drift};
use throughline_app::{AppError, Selection};

use super::{Outcome, Session};
use crate::arguments::History;
use crate::json::history::{Commits, Drifted, Record, Restated, Values};
use crate::terminal::{self, chronicle};

/// Shows the history: of everything, of a record, of a cell, of readings, or of targets.
///
/// # Errors
/// If there is no such record, unit, period or date, or no ledger.
pub async fn run(session: &Session<'_>, asked: &History) -> Result<Outcome, AppError> {
    if let Some(span) = &asked.restatements {
        readings(session, asked, span).await?;
    } else if asked.target_drift {
        targets(session, asked).await?;
    } else {
        match (&asked.record, &asked.unit, &asked.period) {
            (Some(measure), Some(unit), Some(period)) => {
                cell(session, measure, unit, period).await?
            }
            (Some(name), None, None) => record(session, name).await?,
            (None, None, None) => everything(session, asked.limit.get()).await?,
            _ => {
                let error = AppError::bad_request("which values are meant is not clear");
                return Err(error.with_help(
                    "the values of a cell need all three: throughline history MEASURE --unit UNIT --period PERIOD",
                ));
            }
        }
    }
    Ok(Outcome::Done)
}

async fn everything(session: &Session<'_>, limit: usize) -> Result<(), AppError> {
    let model = throughline_app::current_plan(&session.ctx).await?;
    let told = commits(&session.ctx, 0..limit).await?.commits;
    if session.is_json() {
        return session.print_json(&Commits::of(&told));
    }
    session.print(&chronicle::commits(&told, &model, terminal::width()))
}

async fn record(session: &Session<'_>, name: &str) -> Result<(), AppError> {
    let model = throughline_app::current_plan(&session.ctx).await?;
    let history = record_history(&session.ctx, name).await?;
    if session.is_json() {
        return session.print_json(&Record::of(&history));
    }
    session.print(&chronicle::record(&history, &model))
}

async fn cell(
    session: &Session<'_>,
    measure: &str,
    unit: &str,
    period: &str,
) -> Result<(), AppError> {
    let history = cell_history(&session.ctx, measure, unit, period).await?;
    if session.is_json() {
        return session.print_json(&Values::of(&history));
    }
    session.print(&chronicle::cell(&history, terminal::width()))
}

async fn readings(session: &Session<'_>, asked: &History, span: &str) -> Result<(), AppError> {
    let selection = Selection {
        unit: asked.unit.clone(),
        period: asked.period.clone(),
        ..Selection::default()
    };
    let restated = restatements(&session.ctx, asked.record.as_deref(), &selection, span).await?;
    for choice in &restated.selected.chosen {
        session.say(choice);
    }
    if session.is_json() {
        return session.print_json(&Restated::of(&restated));
    }
    session.print(&chronicle::restatements(&restated, terminal::width()))
}

async fn targets(session: &Session<'_>, asked: &History) -> Result<(), AppError> {
    let report = target_drift(&session.ctx, asked.record.as_deref(), asked.unit.as_deref()).await?;
    if session.is_json() {
        return session.print_json(&Drifted::of(&report));
    }
    session.print(&chronicle::drift(&report, terminal::width()))
}
