//! What a commit does to records, before it is stored: what is refused, and what is taken off erased persons.

use throughline_core::id::PersonId;
use throughline_model::{Change, Kind, Model};

use std::collections::HashSet;

use super::Writer;
use crate::body;
use crate::error::{LedgerError, Result};
use crate::store;

impl Writer {
    /// Refuses to change a record twice, and to retire what is not there.
    pub(super) fn refuse_changes(&self, changes: &[Change], before: &Model) -> Result<()> {
        let mut seen = HashSet::new();
        for change in changes {
            let (kind, id) = change.identity();
            let refused = |what| Err(LedgerError::RecordRefused { kind, id, what });
            if !seen.insert((kind, id)) {
                return refused("one commit changes it twice");
            }
            if matches!(change, Change::Retire(..)) && before.record(kind, id).is_none() {
                return refused("it is to be retired and is not there");
            }
        }
        Ok(())
    }

    /// Whether nothing can be sealed for a person any more: erased, or restored without the data key, so that another key
    /// would not open what was sealed before.
    pub(super) fn is_closed(&self, person: PersonId, before: &Model) -> bool {
        let is_without_key = !self.keys.contains_key(&person);
        self.erased.contains(&person)
            || (is_without_key && before.record(Kind::Person, person.as_uuid()).is_some())
    }

    /// Refuses positions that are no numbers, brings the others to one form, and takes what is personal off erased persons.
    pub(super) fn without_erased(
        &self,
        changes: Vec<Change>,
        before: &Model,
    ) -> Result<Vec<Change>> {
        let stripped = changes.into_iter().map(|change| {
            let Change::Put(record) = change else {
                return Ok(change);
            };
            let (kind, id, position) = (record.kind(), record.id(), record.position());
            if !position.is_finite() {
                return Err(LedgerError::RecordRefused {
                    kind,
                    id,
                    what: "its position is no number",
                });
            }
            // Minus zero would be a second way to write zero, and not every engine keeps it.
            let is_minus_zero = position == 0.0 && position.is_sign_negative();
            let record = if is_minus_zero {
                record.with_identity(id, 0.0)
            } else {
                record
            };
            let position = record.position();
            if !body::subject(kind, id).is_some_and(|person| self.is_closed(person, before)) {
                return Ok(Change::Put(record));
            }
            let stored = body::write(
                &record,
                self.model.calendar(),
                &self.keys,
                &*self.ledger.randomness,
            );
            Ok(Change::Put(body::read(
                kind,
                id,
                position,
                &stored,
                self.model.calendar(),
                &self.keys,
            )?))
        });
        stripped.collect()
    }

    /// Stored periods are days, and their names are read with the calendar: it cannot change under observations.
    pub(super) async fn refuse_new_calendar(
        &mut self,
        changes: &[Change],
        after: &Model,
    ) -> Result<()> {
        let touches_it = changes
            .iter()
            .any(|change| change.identity().0 == Kind::Organisation);
        let changes_it = touches_it && after.calendar() != self.model.calendar();
        if changes_it && store::has_observations(&mut self.transaction).await? {
            return Err(LedgerError::CalendarFixed);
        }
        Ok(())
    }
}
