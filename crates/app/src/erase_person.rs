//! Erases what identifies a person. What the person did stays, under nobody's name.

use throughline_ledger::{Commit, LedgerError, PlanClock};
use throughline_model::Kind;
use throughline_model::value::Resolver;

use crate::policy::{ErasePerson, Object};
use crate::{AppError, Ctx};

/// What erasing a person did.
#[derive(Debug)]
pub struct ErasedPerson {
    /// The commit that says that somebody was erased; `None` if that was done before.
    pub commit: Option<Commit>,
}

/// Erases the person with that key: the key of their sealed fields is destroyed. The reason that is recorded must not
/// name the person; it stays.
///
/// # Errors
/// If there is no such person; if the ledger cannot be written.
pub async fn erase_person(ctx: &Ctx, key: &str) -> Result<ErasedPerson, AppError> {
    let proof = ctx.authorize::<ErasePerson>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let model = ledger.model(PlanClock::Newest).await?;
    let retired = || model.first_user_of(Kind::Person, key);
    let Some(person) = model.id_of(Kind::Person, key).or_else(retired) else {
        let error = AppError::bad_request(format!("there is no person `{key}`"));
        return Err(match model.nearest(&[Kind::Person], key) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error,
        });
    };
    let commit = ctx.commit(&model)?;
    let person = throughline_core::PersonId::from_uuid(person);
    let erased = ledger.erase_person(person, commit.author, commit.origin, commit.reason);
    match erased.await {
        Ok(commit) => Ok(ErasedPerson { commit }),
        Err(error @ LedgerError::ErasureUnfinished) => {
            // The key that was given is gone; the person has another one now.
            let model = ledger.model(PlanClock::Newest).await?;
            let key = model.key_of(Kind::Person, person.as_uuid());
            let help = key.map(|key| format!("later, run `throughline erase {key}`"));
            Err(AppError::Failed {
                message: error.to_string(),
                help,
                cause: None,
            })
        }
        Err(error) => Err(error.into()),
    }
}
