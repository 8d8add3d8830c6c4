//! A body is founded: who meets, who leads, and when. It becomes a record of the plan like any other.

use jiff::civil::{Date, Time};
use throughline_ledger::Commit;
use throughline_model::Kind;
use throughline_model::fields::Key;
use throughline_model::text::{Base, one_record};
use throughline_model::tree::Tree;

use super::newest;
use crate::apply_plan::{ApplyOptions, apply_plan};
use crate::diff_plan::diff_plan;
use crate::plan_folder::FolderOptions;
use crate::policy::{ChangePlan, Object};
use crate::{AppError, Ctx};

/// How long its meetings take, in minutes, until somebody says otherwise.
const MINUTES: u32 = 60;
/// The most members that are named together.
pub const MEMBERS_MAX: usize = 100;

/// How often a body meets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Every {
    /// Operations, as a rule.
    #[default]
    Month,
    /// The strategy, as a rule.
    Quarter,
    /// The horizon, as a rule.
    Year,
}

impl Every {
    /// All of them, the most frequent first.
    pub const ALL: [Every; 3] = [Every::Month, Every::Quarter, Every::Year];

    /// The word of forms and addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Every::Month => "month",
            Every::Quarter => "quarter",
            Every::Year => "year",
        }
    }

    /// That of a word; a month for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Every {
        let found = Every::ALL.into_iter().find(|every| every.word() == word);
        found.unwrap_or_default()
    }

    fn months(self) -> u8 {
        match self {
            Every::Month => 1,
            Every::Quarter => 3,
            Every::Year => 12,
        }
    }
}

/// A body that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBody {
    /// Its name.
    pub name: String,
    /// The key of who leads it.
    pub chair: String,
    /// The keys of its members; the chair is one in any case.
    pub members: Vec<String>,
    /// How often it meets, on the same weekday of the month.
    pub every: Every,
    /// The day on which it meets first.
    pub first: Date,
    /// The time of day.
    pub at: Time,
}

/// Founds a body for the whole organisation.
///
/// # Errors
/// If it has no name, there is such a body already, somebody is not in the plan, or the actor may not change the plan.
pub async fn found_body(ctx: &Ctx, new: &NewBody) -> Result<Option<Commit>, AppError> {
    let proof = ctx.authorize::<ChangePlan>(Object::Organisation).await?;
    first_meeting(new.first, today(ctx).await?)?;
    let name = new.name.trim();
    let key = Key::of_name(name).ok_or_else(|| {
        AppError::bad_request("the body has no name").with_help("write how people call it")
    })?;
    let model = newest(ctx).await?;
    let mut members = vec![(new.chair.as_str(), "chair")];
    let others = new.members.iter().filter(|member| **member != new.chair);
    members.extend(others.map(|member| (member.as_str(), "member")));
    if members.len() > MEMBERS_MAX {
        let message = format!("a body is founded with at most {MEMBERS_MAX} members");
        return Err(AppError::bad_request(message));
    }
    for (member, _) in &members {
        if model.people().by_key(member).is_none() {
            return Err(AppError::unknown_name(format!(
                "there is no person `{member}`"
            )));
        }
    }
    let head = ctx.ledger(&proof)?.head().await?;
    let base = Base::new(head.number, &head.hash.to_string());
    let files = one_record(Kind::Body, &tree(new, &key, name, &members), &base);
    if model.bodies().by_key(key.as_str()).is_some() {
        let diff = diff_plan(ctx, &files, FolderOptions::default()).await?;
        // The same form that is sent again has founded it already.
        if diff.differences.is_empty() && diff.conflicts.is_empty() {
            return Ok(None);
        }
        let message = format!("there is a body `{key}` already");
        return Err(AppError::bad_request(message).with_help("choose another name"));
    }
    let applied = apply_plan(ctx, &files, &ApplyOptions::default()).await?;
    Ok(applied.commit)
}

/// How many years ahead a body meets first at most.
const YEARS_AHEAD_MAX: i16 = 2;

/// The day on which a body meets first: one that is to come, as its reviews are prepared for it.
///
/// # Errors
/// If it is over, or too far away to be meant.
pub fn first_meeting(first: Date, today: Date) -> Result<(), AppError> {
    if first < today {
        let error = AppError::bad_request("this day is over");
        return Err(error.with_help(format!("choose {today} or a later day")));
    }
    if first.year() > today.year() + YEARS_AHEAD_MAX {
        let message = format!("this day is more than {YEARS_AHEAD_MAX} years away");
        return Err(AppError::bad_request(message).with_help("choose the day of the first meeting"));
    }
    Ok(())
}

async fn today(ctx: &Ctx) -> Result<Date, AppError> {
    Ok(newest(ctx).await?.calendar().date_of(ctx.now()))
}

fn tree(new: &NewBody, key: &Key, name: &str, members: &[(&str, &str)]) -> Tree {
    let text = |name: &str, text: &str| (name.to_owned(), Tree::text(text));
    let member =
        |(person, role): &(&str, &str)| Tree::Map(vec![text("person", person), text("role", role)]);
    let cadence = Tree::Map(vec![
        text("rule", &rule(new.every, new.first)),
        text("first", &new.first.to_string()),
        text("at", &new.at.strftime("%H:%M").to_string()),
        ("minutes".to_owned(), Tree::plain(MINUTES)),
    ]);
    Tree::Map(vec![
        text("key", key.as_str()),
        text("name", name),
        (
            "members".to_owned(),
            Tree::List(members.iter().map(member).collect()),
        ),
        ("cadence".to_owned(), cadence),
    ])
}

/// Every so many months on the weekday of a day: the second Tuesday, or the last one for a fifth.
fn rule(every: Every, first: Date) -> String {
    let months = match every.months() {
        1 => String::new(),
        months => format!(";INTERVAL={months}"),
    };
    const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let day = DAYS[first.weekday().to_monday_zero_offset().unsigned_abs() as usize % 7];
    match (first.day() - 1) / 7 + 1 {
        5 => format!("FREQ=MONTHLY{months};BYDAY=-1{day}"),
        which => format!("FREQ=MONTHLY{months};BYDAY={which}{day}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_repeats_on_its_weekday() {
        let check = |day: &str, expected: &str| {
            let first: Date = day.parse().expect("a day");
            for (every, months) in [
                (Every::Month, ""),
                (Every::Quarter, ";INTERVAL=3"),
                (Every::Year, ";INTERVAL=12"),
            ] {
                let expected = format!("FREQ=MONTHLY{months};BYDAY={expected}");
                assert_eq!(rule(every, first), expected, "{day}");
            }
        };
        check("2026-11-01", "1SU");
        check("2026-11-10", "2TU");
        check("2026-11-28", "4SA");
        check("2026-11-30", "-1MO");
    }
}
