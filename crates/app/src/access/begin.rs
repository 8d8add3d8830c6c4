//! The beginning: a ledger where there is none, the organisation in it, and its first administrator.
//!
//! Whoever runs the server does this with the link of the console. What they say becomes a plan, applied like any other.

use throughline_core::{PersonId, calendar};
use throughline_ledger::Ledger;
use throughline_model::fields::Key;
use throughline_model::records::{Month, PersonRole};
use throughline_model::text::{Base, PlanFile, one_record, section_text};
use throughline_model::{Kind, Model, Tree};

use super::attempts::Door;
use super::give::{Given, give_role, is_administrator};
use super::invitation::person_of;
use super::password::refuse_weak;
use super::sign_in::{has_password, keep, refuse_weak_of};
use crate::apply_plan::{ApplyOptions, apply_plan};
use crate::policy::{GiveAccess, Object, SeeAccess};
use crate::{AppError, Ctx};

/// The key of what has a name without letters that keys are made of.
const NAMELESS: &str = "first";

/// The organisation, where the plan has none: it becomes the topmost unit, too, below which the others come.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Its name.
    pub name: String,
    /// The name of its time zone, such as `Europe/London`.
    pub time_zone: String,
    /// The month in which its fiscal year starts.
    pub fiscal_year_starts: Month,
}

/// Who becomes administrator.
#[derive(Debug, Clone)]
pub enum Beginner {
    /// Somebody whom the plan names, by key.
    Known(String),
    /// Somebody whom it does not name yet.
    New {
        /// The name.
        name: String,
        /// The e-mail address that reminders go to, if one is given.
        email: Option<String>,
    },
}

/// The first administrator.
#[derive(Debug)]
pub struct Begun {
    /// Who that is.
    pub person: PersonId,
    /// The commit that made the organisation or gave the role; `None` if both were there.
    pub commit: Option<throughline_ledger::Commit>,
}

/// The context with a ledger, made and empty where there was none; and whether it was made.
///
/// # Errors
/// If it cannot be made, or the actor gives no access.
pub async fn begin_ledger(ctx: Ctx) -> Result<(Ctx, bool), AppError> {
    let proof = ctx.authorize::<GiveAccess>(Object::Organisation).await?;
    if ctx.ledger_if_any(&proof).is_some() {
        return Ok((ctx, false));
    }
    ctx.ledger_or_new(&proof).await?.close().await;
    Ok((ctx.reopened().await?, true))
}

/// Whether nobody can sign in who gives access: then whoever runs the server has to begin.
///
/// # Errors
/// What the ledger says.
pub async fn lacks_administrator(ctx: &Ctx) -> Result<bool, AppError> {
    let proof = ctx.authorize::<SeeAccess>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let plan = ctx.newest_model().await?;
    for person in plan
        .people()
        .iter()
        .filter(|person| is_administrator(person))
    {
        if has_password(ledger, person.id()).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Makes somebody the first administrator, with a password, and the organisation with them where the plan has none.
///
/// # Errors
/// If there is no such person, the password is weak, a name or the time zone is none, or there is an administrator already.
pub async fn begin_as_administrator(
    ctx: &Ctx,
    door: &Door,
    organisation: Option<&NewOrganisation>,
    beginner: &Beginner,
    password: &str,
) -> Result<Begun, AppError> {
    let proof = ctx.authorize::<GiveAccess>(Object::Organisation).await?;
    refuse_begun(ctx).await?;
    let ledger = ctx.ledger(&proof)?;
    let plan = ctx.newest_model().await?;
    let organisation = organisation.filter(|_| plan.organisation().is_none());
    if let Some((_, error)) = wrong(&plan, organisation, beginner, password)
        .into_iter()
        .next()
    {
        return Err(error);
    }
    let reason = match organisation {
        Some(_) => "The organisation begins, with its first administrator",
        None => "The first administrator",
    };
    let ctx = &ctx.clone().with_reason(Some(reason.to_owned()));
    let (key, commit) = match beginner {
        Beginner::Known(key) => {
            let given = Given {
                role: Some(PersonRole::Administrator),
                unit: None,
            };
            (key.clone(), give_role(ctx, key, &given).await?)
        }
        Beginner::New { name, email } => {
            let key = key_of(name);
            let email = email.as_deref();
            let files = match organisation {
                Some(organisation) => first_plan(organisation, (name, email), &key)?,
                None => {
                    let base = base_of(ledger).await?;
                    let person = administrator((name, email), &key, None);
                    one_record(Kind::Person, &person, &base)
                }
            };
            let applied = apply_plan(ctx, &files, &ApplyOptions::default()).await?;
            (key, applied.commit)
        }
    };
    let plan = match &commit {
        Some(commit) => {
            ledger
                .model(throughline_ledger::PlanClock::Commit(commit.number))
                .await?
        }
        None => plan,
    };
    let person = person_of(&plan, &key)?.id();
    keep(ctx, door, ledger, person, password).await?;
    Ok(Begun { person, commit })
}

/// What is wrong with a beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BegunWith {
    /// Who begins.
    Beginner,
    /// The password.
    Password,
}

/// All that is wrong with a beginning, so that a form tells it at once.
///
/// # Errors
/// If there is an administrator already, the ledger cannot be read, or the actor gives no access.
pub async fn wrong_beginning(
    ctx: &Ctx,
    organisation: Option<&NewOrganisation>,
    beginner: &Beginner,
    password: &str,
) -> Result<Vec<(BegunWith, AppError)>, AppError> {
    ctx.authorize::<GiveAccess>(Object::Organisation).await?;
    refuse_begun(ctx).await?;
    let plan = ctx.newest_model().await?;
    let organisation = organisation.filter(|_| plan.organisation().is_none());
    Ok(wrong(&plan, organisation, beginner, password))
}

async fn refuse_begun(ctx: &Ctx) -> Result<(), AppError> {
    match lacks_administrator(ctx).await? {
        true => Ok(()),
        false => Err(AppError::not_found("there is an administrator already")),
    }
}

fn wrong(
    plan: &Model,
    organisation: Option<&NewOrganisation>,
    beginner: &Beginner,
    password: &str,
) -> Vec<(BegunWith, AppError)> {
    let (who, password) = match beginner {
        Beginner::Known(key) => match person_of(plan, key) {
            Ok(person) => (Ok(()), refuse_weak_of(plan, person, password)),
            Err(error) => (Err(error), refuse_weak(password, &[key])),
        },
        Beginner::New { name, .. } => {
            let key = key_of(name);
            let said = organisation.map_or("", |one| one.name.as_str());
            let stands = plan.organisation().map_or("", |one| one.name.as_str());
            (
                refuse_person(plan, name, &key),
                refuse_weak(password, &[name, &key, said, stands]),
            )
        }
    };
    let all = [(BegunWith::Beginner, who), (BegunWith::Password, password)];
    all.into_iter()
        .filter_map(|(of, answer)| Some((of, answer.err()?)))
        .collect()
}

/// Refuses a name that is none, or that somebody has.
fn refuse_person(plan: &Model, name: &str, key: &str) -> Result<(), AppError> {
    if name.is_empty() {
        let error = AppError::unknown_name("nobody is named");
        return Err(error.with_help("say who you are"));
    }
    match plan.people().by_key(key) {
        Some(person) => Err(AppError::unknown_name(format!(
            "the plan names {} already",
            person.name
        ))
        .with_help(format!("give the key `{key}` if that is you"))),
        None => Ok(()),
    }
}

/// Where a record on top of the newest plan begins.
async fn base_of(ledger: &Ledger) -> Result<Base, AppError> {
    let head = ledger.head().await?;
    Ok(Base::new(head.number, &head.hash.to_string()))
}

/// The plan of an organisation that has nobody but its administrator yet.
fn first_plan(
    organisation: &NewOrganisation,
    who: (&str, Option<&str>),
    key: &str,
) -> Result<Vec<PlanFile>, AppError> {
    calendar::time_zone(&organisation.time_zone)
        .map_err(|error| AppError::bad_request(error.to_string()))?;
    let unit = key_of(&organisation.name);
    let top = named(&organisation.name, &unit);
    let month = organisation.fiscal_year_starts.word();
    let about = [
        ("time_zone", organisation.time_zone.as_str()),
        ("fiscal_year_starts", month),
    ];
    let itself = with(top.clone(), &about);
    let person = administrator(who, key, Some(&unit));
    let text = [
        section_text(Kind::Organisation, &[itself]),
        section_text(Kind::Unit, &[Tree::Map(top)]),
        section_text(Kind::Person, &[person]),
    ];
    Ok(vec![PlanFile {
        path: Kind::Organisation.file().to_string(),
        bytes: text.concat().into_bytes(),
    }])
}

/// Who gives access first: name and e-mail address, key, and unit.
fn administrator((name, email): (&str, Option<&str>), key: &str, unit: Option<&str>) -> Tree {
    let unit = unit.map(|unit| ("unit", unit));
    let email = email.map(|email| ("email", email));
    let role = ("role", PersonRole::Administrator.word());
    let about: Vec<(&str, &str)> = email.into_iter().chain(unit).chain([role]).collect();
    with(named(name, key), &about)
}

fn named(name: &str, key: &str) -> Vec<(String, Tree)> {
    let entry = |field: &str, text: &str| (field.to_owned(), Tree::text(text));
    vec![entry("key", key), entry("name", name)]
}

fn with(mut entries: Vec<(String, Tree)>, more: &[(&str, &str)]) -> Tree {
    let more = more.iter();
    entries.extend(more.map(|(field, text)| ((*field).to_owned(), Tree::text(*text))));
    Tree::Map(entries)
}

fn key_of(name: &str) -> String {
    Key::of_name(name).map_or_else(|| NAMELESS.to_owned(), |key| key.to_string())
}
