//! What stands beside the chain and must agree with it: labels of drafts, marks of keys, data keys.

use super::{RESTORE, Verifier};

impl Verifier {
    /// Every label is opened by a commit that says so, and closed by one if it is closed.
    pub(super) fn labels(&mut self) {
        for label in self.labels.clone() {
            let is_opened = self.opening.contains(&label.opened);
            let is_closed_rightly = label
                .closed
                .is_none_or(|closed| self.closing.contains(&closed));
            if !is_opened || !is_closed_rightly {
                let what = format!(
                    "the draft `{}` was not opened or closed by the commits that it names",
                    label.name
                );
                self.problem(Some(label.opened), what, RESTORE);
            }
        }
        let mut unmarked: Vec<_> = self
            .marked_keys
            .iter()
            .filter(|(_, is_marked)| !**is_marked)
            .map(|(key, _)| key.clone())
            .collect();
        unmarked.sort();
        for (kind, id, key) in unmarked {
            self.problem(
                None,
                format!("the {kind} {id} had the key `{key}`, and no version says that it was new"),
                RESTORE,
            );
        }
    }

    /// Those who are erased have no data key any more, and nobody has one who is not in the ledger.
    pub(super) fn data_keys(&mut self) {
        let mut persons: Vec<_> = self.keys.keys().copied().collect();
        persons.sort();
        for person in persons {
            let id = person.as_uuid();
            if self.erased.contains(&id) {
                let what = format!("the data key of person {person} is there, who is erased");
                self.problem(None, what, "erase the person once more, and delete the backup of data keys that it came from");
            } else if !self.sealed.contains(&id) {
                self.problem(
                    None,
                    format!("there is a data key of person {person}, of whom nothing is sealed"),
                    RESTORE,
                );
            }
        }
    }
}
