//! What the folder and the ledger changed differently, in words.

use std::fmt;

use throughline_core::finding::{FieldPath, Finding, Place};
use uuid::Uuid;

use crate::diff::words;
use crate::kind::Kind;
use crate::tree::Tree;

/// Something that the folder and the ledger changed differently since the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub id: Uuid,
    /// Its key.
    pub key: String,
    /// The way to the part; empty for the record as a whole.
    pub path: FieldPath,
    /// What clashes.
    pub clash: Clashing,
}

/// How two sides can disagree.
#[derive(Clone, Debug, PartialEq)]
pub enum Clashing {
    /// Both changed the same part; `None` where a side has nothing there. Values are shown with keys.
    Values {
        /// What was there at the base.
        base: Option<Tree>,
        /// What the folder says.
        folder: Option<Tree>,
        /// What the ledger says.
        ledger: Option<Tree>,
    },
    /// The folder changed a record that was retired in the ledger.
    RetiredInLedger,
    /// The folder lacks a record, to be retired, that was changed in the ledger.
    ChangedInLedger,
    /// The folder gives a record a key that another record has or had.
    KeyInUse,
}

impl fmt::Display for Conflict {
    /// `objective arrive: owner: the folder says a-lima, the ledger says b-smith; at the base it was r-okafor`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&words::subject(self.kind, &self.key))?;
        match &self.clash {
            Clashing::Values {
                base,
                folder,
                ledger,
            } => {
                let path = words::path_in_words(self.kind, self.path.segments());
                let path = path.trim_end_matches(':');
                let [base, folder, ledger] = [base, folder, ledger]
                    .map(|value| words::in_line(value.as_ref().unwrap_or(&Tree::Null)));
                write!(
                    formatter,
                    "{path}: the folder says {folder}, the ledger says {ledger}; at the base it was {base}"
                )
            }
            Clashing::RetiredInLedger => formatter
                .write_str(": changed in the folder, and retired in the ledger since the base"),
            Clashing::ChangedInLedger => formatter.write_str(
                ": to be retired by the folder, and changed in the ledger since the base",
            ),
            Clashing::KeyInUse => {
                formatter.write_str(": it would take a key that another record has or had")
            }
        }
    }
}

impl Conflict {
    /// The conflict as a finding, to be shown beside its place in the folder.
    pub fn finding(&self) -> Finding {
        let help = match self.clash {
            Clashing::Values { .. } => {
                "write the value of the ledger in the folder, or let the folder win: `apply --folder-wins`"
            }
            Clashing::RetiredInLedger => "take the record out of the folder, or give it a new key",
            Clashing::ChangedInLedger => "export anew, and look at the change before retiring it",
            Clashing::KeyInUse => "give the record a key that was never used",
        };
        let place = Place::record(self.kind.word(), self.key.clone()).path(self.path.clone());
        Finding::error("conflict", self.to_string())
            .at(place)
            .with_help(help)
    }
}
