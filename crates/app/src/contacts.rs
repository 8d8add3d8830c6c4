//! How people can be reached, which few may see: a person is read through this, and for others that field is not there.

use std::collections::HashSet;
use std::sync::Arc;

use throughline_core::{PersonId, UnitId};
use throughline_model::records::Person;
use throughline_model::{Entry, Model};

use crate::policy::{Object, ReadContact};
use crate::{AppError, Ctx};

/// Whose contact the actor may see: of those who work at some units, and their own.
pub(crate) struct Contacts {
    reader: Option<PersonId>,
    at: Units,
}

enum Units {
    Every,
    Some(HashSet<UnitId>),
}

impl Contacts {
    /// What the policy says for the actor, by the plan of today, for the people of a plan.
    pub(crate) async fn of(ctx: &Ctx, model: &Model) -> Result<Contacts, AppError> {
        let whole = ctx.authorize::<ReadContact>(Object::Organisation).await;
        let at = match whole {
            Ok(_) => Units::Every,
            Err(_) => {
                let may_read = ctx.allows_at::<ReadContact>().await?;
                let units = model.units().iter().map(|unit| unit.id());
                Units::Some(units.filter(|unit| may_read(*unit)).collect())
            }
        };
        Ok(Contacts {
            reader: ctx.actor().person,
            at,
        })
    }

    /// The person without what the actor may not see.
    pub(crate) fn seen(&self, person: &Arc<Entry<Person>>) -> Arc<Entry<Person>> {
        let may_see = match &self.at {
            Units::Every => true,
            Units::Some(units) => {
                let is_self = self.reader == Some(person.id());
                is_self || person.unit.is_some_and(|unit| units.contains(&unit))
            }
        };
        if may_see {
            return Arc::clone(person);
        }
        Arc::new(Entry {
            id: person.id,
            position: person.position,
            record: Person {
                email: None,
                ..person.record.clone()
            },
        })
    }
}
