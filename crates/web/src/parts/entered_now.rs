//! Sending the form of figures, from Due from me or by a mailed link: what came of it, and what is said of it on the next page.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use throughline_app::entry::{self, Asked, Entered, Field, Publishing, TakenBack, Wrong};
use throughline_app::{AppError, words};
use throughline_model::observation::CommitNumber;

use crate::error::WebError;
use crate::parts::due_cell::{called, slip_in_words};
use crate::parts::problems::Problems;
use crate::parts::sent_cells::SentCells;
use crate::viewer::Viewer;

/// What was just done, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EnteredNow {
    /// The commit of what was saved.
    #[serde(deserialize_with = "crate::address::number")]
    saved: Option<u64>,
    /// How many figures were saved, or taken back.
    #[serde(deserialize_with = "crate::address::number")]
    figures: Option<u64>,
    /// How many somebody recorded anew or published since, so that they were not taken back.
    #[serde(deserialize_with = "crate::address::number")]
    kept: Option<u64>,
    /// How many of the figures that were saved wait to be published.
    #[serde(deserialize_with = "crate::address::number")]
    waiting: Option<u64>,
}

/// What came of a form that was sent.
pub enum Sending {
    /// It was saved.
    Saved(EnteredNow),
    /// It is shown again, with what is wrong and what is asked.
    Again(Problems, HashMap<usize, Asked>),
}

/// Saves the figures of a form, with whoever sent it; or spreads a column that was pasted over them, to be looked at and saved.
///
/// # Errors
/// As of the use case, where it is not about what was typed.
pub async fn send(
    mut viewer: Viewer,
    sent: &mut SentCells,
    publishing: Publishing,
) -> Result<(Viewer, Sending), WebError> {
    let mut problems = Problems::default();
    if sent.is_pasted {
        let model = viewer.ctx.snapshot().map(|one| Arc::clone(&one.model));
        sent.spread(|cell| {
            model
                .as_deref()
                .map(|model| called(cell, model))
                .unwrap_or_default()
        });
        if !sent.column.trim().is_empty() {
            let left = AppError::bad_request(
                "these lines found no empty figure of that name or at that place",
            );
            problems.add("column", &left.with_help("type them, or clear the lines"));
        }
        return Ok((viewer, Sending::Again(problems, HashMap::new())));
    }
    let mut typed = sent
        .cells
        .iter()
        .filter(|cell| !cell.value.trim().is_empty());
    let reason = match typed.clone().count() > 0 && typed.all(|cell| !cell.known.is_empty()) {
        true => entry::CORRECTED,
        false => entry::REASON,
    };
    viewer.ctx = viewer.ctx.with_reason(Some(reason.to_owned()));
    let viewer = viewer.once(&(&sent.position, &sent.cells, publishing));
    match entry::enter(&viewer.ctx, &sent.cells, publishing).await {
        Ok(Entered::Saved {
            commit,
            cells,
            waiting,
        }) => {
            reached(&viewer, commit).await;
            let done = EnteredNow {
                saved: commit.map(|commit| commit.0),
                figures: Some(cells as u64),
                waiting: (waiting > 0).then_some(waiting as u64),
                kept: None,
            };
            return Ok((viewer, Sending::Saved(done)));
        }
        Ok(Entered::Wrong(wrong)) => {
            for one in wrong {
                problems.add(field(&one), &one.error);
                if let (Some(now), Some(cell)) = (one.now, sent.cells.get_mut(one.place)) {
                    cell.known = now;
                }
            }
        }
        Ok(Entered::Asked(asked)) => {
            let model = viewer.ctx.snapshot().map(|one| Arc::clone(&one.model));
            for (place, asked) in &asked {
                let (field, question) = match asked {
                    Asked::Change(_) => (
                        "comment",
                        "say what changed, or that it is routine".to_owned(),
                    ),
                    Asked::Slip(slip) => {
                        let key = sent.cells.get(*place).map_or("", |cell| &cell.measure);
                        let measure = model.as_ref().and_then(|one| one.measures().by_key(key));
                        let said = measure.map(|measure| slip_in_words(slip, measure));
                        ("value", said.unwrap_or_default())
                    }
                };
                problems.add(format!("{field}{place}"), &AppError::bad_request(question));
            }
            return Ok((
                viewer,
                Sending::Again(problems, asked.into_iter().collect()),
            ));
        }
        Err(error @ AppError::BadRequest { .. }) => problems.add("figures", &error),
        Err(error) => return Err(error.into()),
    }
    Ok((viewer, Sending::Again(problems, HashMap::new())))
}

/// Waits until whoever reads next finds what was written.
pub async fn reached(viewer: &Viewer, commit: Option<CommitNumber>) {
    if let Some(commit) = commit {
        let _ = viewer.server.live().reached(commit).await;
    }
}

/// The name of the field that something is wrong with.
fn field(wrong: &Wrong) -> String {
    let name = match wrong.field {
        Field::Value => "value",
        Field::Weight => "weight",
        Field::Comment => "comment",
    };
    format!("{name}{}", wrong.place)
}

impl EnteredNow {
    /// That something was taken back.
    #[must_use]
    pub fn of(taken: &TakenBack) -> EnteredNow {
        EnteredNow {
            figures: Some(taken.cells as u64),
            kept: Some(taken.kept as u64),
            ..EnteredNow::default()
        }
    }

    /// As it stands in the address.
    #[must_use]
    pub fn state(&self) -> Vec<(&'static str, String)> {
        let parts = [
            ("saved", self.saved),
            ("figures", self.figures),
            ("kept", self.kept),
            ("waiting", self.waiting),
        ];
        let given = parts.into_iter();
        let given = given.filter_map(|(name, value)| Some((name, value?.to_string())));
        given.collect()
    }

    /// In words, with the commit that can be taken back.
    #[must_use]
    pub fn in_words(&self) -> Option<(String, Option<u64>)> {
        let figures = self.figures?;
        let count = words::count(figures, "figure");
        Some(match (self.saved, self.kept) {
            (_, Some(0)) => (format!("{count} taken back."), None),
            (_, Some(kept)) => {
                let kept = words::count(kept, "figure");
                let said = format!(
                    "{count} taken back; {kept} stayed, because they were recorded or published since."
                );
                (said, None)
            }
            (Some(commit), None) => (
                format!("{count} saved.{}", self.waiting_in_words()),
                Some(commit),
            ),
            (None, None) => (format!("{count} stood there already."), None),
        })
    }

    /// Which of the figures that were saved wait.
    fn waiting_in_words(&self) -> String {
        match self.waiting.filter(|waiting| *waiting > 0) {
            None => String::new(),
            Some(1) if self.figures == Some(1) => " Others see it once it is published.".to_owned(),
            Some(all) if self.figures == Some(all) => {
                " Others see them once they are published.".to_owned()
            }
            Some(some) => format!(" Others see {some} of them once they are published."),
        }
    }
}
