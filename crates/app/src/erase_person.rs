//! Erases what identifies a person. What the person did stays, under nobody's name.

use throughline_ledger::{Commit, Ledger, LedgerError, PlanClock};
use throughline_model::Kind;
use throughline_model::value::Resolver;

use crate::access;
use crate::mail;
use crate::once::{self, Once};
use crate::policy::{ErasePerson, Object};
use crate::{AppError, Ctx};

/// What erasing a person did.
#[derive(Debug)]
pub struct ErasedPerson {
    /// The commit that says that somebody was erased; `None` if that was done before.
    pub commit: Option<Commit>,
    /// What must still be done, where somebody was reading the file: until then it holds what was erased.
    pub unfinished: Option<String>,
}

/// Erases the person with that key: the key of their sealed fields is destroyed. The reason that is recorded must not
/// name the person; it stays.
///
/// # Errors
/// If there is no such person; if the ledger cannot be written.
pub async fn erase_person(ctx: &Ctx, key: &str) -> Result<ErasedPerson, AppError> {
    let proof = ctx.authorize::<ErasePerson>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let once = Once::of(ctx, "erase a person", &[key.as_bytes()])?;
    if let Some(numbers) = once.earlier(ledger).await? {
        return again(ledger, &numbers).await;
    }
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
    // First, so that nobody comes in any more under the name that goes.
    access::forget(ledger, person).await?;
    mail::forget(ctx, ledger, person).await?;
    crate::review::forget(ledger, person).await?;
    let mut writer = ctx.writer(ledger, &proof).await?;
    if let Some(numbers) = once.earlier_in(&mut writer).await? {
        drop(writer);
        return again(ledger, &numbers).await;
    }
    let erased = writer.erase(person, commit.author, commit.origin, commit.reason);
    let commit = erased.await?;
    let numbers: Vec<u64> = commit.iter().map(|commit| commit.number.0).collect();
    once.keep(ctx, &mut writer, &numbers).await?;
    writer.finish().await?;
    // The key that was given is gone; the person has another one now.
    let model = ledger.model(PlanClock::Newest).await?;
    let key = model.key_of(Kind::Person, person.as_uuid());
    let later = format!("later, run `throughline erase {}`", key.unwrap_or_default());
    cleaned(ledger, commit, &later).await
}

/// The answer, after what was left in the file is removed. The erasure itself holds, whether that can be done now or later.
async fn cleaned(
    ledger: &Ledger,
    commit: Option<Commit>,
    later: &str,
) -> Result<ErasedPerson, AppError> {
    let unfinished = match ledger.clean_after_erasure().await {
        Ok(()) => None,
        Err(error @ LedgerError::ErasureUnfinished) => Some(format!("{error}; {later}")),
        Err(error) => return Err(error.into()),
    };
    Ok(ErasedPerson { commit, unfinished })
}

/// The first answer again.
async fn again(ledger: &Ledger, numbers: &[u64]) -> Result<ErasedPerson, AppError> {
    let commit = once::commits(ledger, numbers).await?.pop();
    cleaned(ledger, commit, "later, repeat this request as it was").await
}
