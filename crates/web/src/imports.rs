//! Workbooks that somebody is bringing in: read, looked at, corrected, and not recorded yet.
//!
//! They live in memory alone, for an hour after they were last looked at, and only whoever brought one finds it again: a
//! file from outside may hold anything, and what nobody confirms leaves no trace. A server that is started again has none.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use throughline_app::OpenedWorkbook;
use throughline_core::PersonId;
use throughline_model::observation::CommitNumber;
use throughline_workbook::Mapping;

/// How long a workbook is kept after it was last looked at.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(1);

/// The most workbooks at a time; the one that was looked at longest ago makes room.
const IMPORTS_MAX: usize = 20;

/// The most cells of all of them together. One workbook may have a million.
const CELLS_MAX: usize = 2_000_000;

/// A workbook that is being brought in.
#[derive(Clone)]
pub struct Import {
    /// Who brought it; nobody's is the administrator's of the console.
    pub person: Option<PersonId>,
    /// Its cells.
    pub opened: OpenedWorkbook,
    /// What was kept of an earlier file, with what was corrected since.
    pub kept: Option<Mapping>,
    /// The last commit of the ledger when it was recorded; none before that.
    pub recorded: Option<CommitNumber>,
    looked_at: Timestamp,
}

impl Import {
    /// A workbook as it was brought.
    #[must_use]
    pub fn new(person: Option<PersonId>, opened: OpenedWorkbook, kept: Option<Mapping>) -> Import {
        Import {
            person,
            opened,
            kept,
            recorded: None,
            looked_at: Timestamp::MIN,
        }
    }
}

/// The workbooks that are being brought in, by their secret names.
#[derive(Default)]
pub struct Imports {
    held: Mutex<HashMap<String, Import>>,
}

impl Imports {
    /// Keeps a workbook under a name; what was there is replaced.
    pub fn put(&self, name: &str, import: Import, now: Timestamp) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|known, import| known != name && is_alive(import, now));
        let looked_at = now;
        held.insert(
            name.to_owned(),
            Import {
                looked_at,
                ..import
            },
        );
        while held.len() > 1 && is_too_much(&held) {
            let others = held.iter().filter(|(known, _)| *known != name);
            let oldest = others.min_by_key(|(_, import)| import.looked_at);
            let Some(oldest) = oldest.map(|(name, _)| name.clone()) else {
                return;
            };
            held.remove(&oldest);
        }
    }

    /// Forgets that workbooks were recorded in a commit, which was taken back: they can be recorded again.
    pub fn taken_back(&self, commit: CommitNumber) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let of_it = held.values_mut();
        for import in of_it.filter(|import| import.recorded == Some(commit)) {
            import.recorded = None;
        }
    }

    /// The workbook of that name, for whoever brought it.
    pub fn get(&self, name: &str, person: Option<PersonId>, now: Timestamp) -> Option<Import> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let import = held.get_mut(name)?;
        if import.person != person || !is_alive(import, now) {
            return None;
        }
        import.looked_at = now;
        Some(import.clone())
    }
}

fn is_alive(import: &Import, now: Timestamp) -> bool {
    now.duration_since(import.looked_at) < KEPT_FOR
}

fn is_too_much(held: &HashMap<String, Import>) -> bool {
    let cells: usize = held
        .values()
        .map(|import| import.opened.book().cells())
        .sum();
    held.len() > IMPORTS_MAX || cells > CELLS_MAX
}
