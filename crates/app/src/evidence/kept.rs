//! Grades that were kept: the history of that of a link, each version as it was known, and those of a whole map as of a period.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{LinkId, Period};
use throughline_ledger::{Ledger, VersionChange};
use throughline_model::records::Grade;
use throughline_model::{AnyRecord, Entry, Kind, Model};

use crate::policy::{Object, ReadReadings};
use crate::selection::Selected;
use crate::{AppError, Ctx};

/// The most grades of a link that are shown, the latest ones.
pub const GRADES_SHOWN: usize = 60;

/// A grade that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct PastGrade {
    /// When it became known.
    pub known_at: Timestamp,
    /// What was kept.
    pub grade: Grade,
}

/// The grades of a link that were kept until the instant that is read, of data that end with the period that is read or
/// before; the oldest first.
///
/// # Errors
/// If the actor may not read there, or the ledger cannot be read.
pub async fn grade_history(
    ctx: &Ctx,
    link: LinkId,
    meant: &Selected,
) -> Result<Vec<PastGrade>, AppError> {
    let proof = ctx
        .authorize::<ReadReadings>(Object::Unit(meant.unit))
        .await?;
    let mut grades = meant.model.grades().iter();
    let Some(id) = grades
        .find(|grade| grade.link == link)
        .map(|grade| grade.id)
    else {
        return Ok(Vec::new());
    };
    let versions = ctx.ledger(&proof)?.record_history(Kind::Grade, id).await?;
    let mut found: Vec<PastGrade> = versions
        .into_iter()
        .filter_map(|version| match version.change {
            VersionChange::Put(AnyRecord::Grade(grade)) => Some(PastGrade {
                known_at: version.commit.recorded_at,
                grade: grade.record.clone(),
            }),
            _ => None,
        })
        .filter(|past| !meant.is_known_at_given || past.known_at <= meant.known_at)
        .filter(|past| past.grade.until.last <= meant.period.last)
        .collect();
    found.drain(..found.len().saturating_sub(GRADES_SHOWN));
    Ok(found)
}

/// The grades of a map by their links, each the latest that was kept of data until a period: where that of the plan is of later
/// data, one of its earlier versions, as known at an instant if one is given.
pub(super) async fn kept_until(
    ledger: &Ledger,
    (plan, known_at): (&Model, Option<Timestamp>),
    until: &Period,
) -> Result<HashMap<LinkId, Arc<Entry<Grade>>>, AppError> {
    let mut kept = HashMap::new();
    for grade in plan.grades() {
        let found = match grade.until.last <= until.last {
            true => Some(Arc::clone(grade)),
            false => {
                let versions = ledger.record_history(Kind::Grade, grade.id).await?;
                let known = versions.into_iter().filter(|version| {
                    known_at.is_none_or(|known_at| version.commit.recorded_at <= known_at)
                });
                known
                    .filter_map(|version| match version.change {
                        VersionChange::Put(AnyRecord::Grade(grade)) => Some(grade),
                        _ => None,
                    })
                    .rfind(|grade| grade.until.last <= until.last)
            }
        };
        kept.extend(found.map(|found| (grade.link, found)));
    }
    Ok(kept)
}
