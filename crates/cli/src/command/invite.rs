//! `invite`: gives a person a role, and makes the link with which they choose a password.

use serde::Serialize;
use throughline_app::AppError;
use throughline_app::access::{Given, give_role, invite};

use super::{Outcome, Session};
use crate::arguments::Invite;

/// The answer for programs.
#[derive(Serialize)]
struct Invited<'a> {
    person: &'a str,
    link: &'a str,
    until: String,
}

/// Gives the role that is named, and invites.
///
/// # Errors
/// If there is no such person or unit, or the person has no role.
pub async fn run(session: &Session<'_>, asked: &Invite) -> Result<Outcome, AppError> {
    if asked.role.is_some() {
        let given = Given {
            role: asked.role,
            unit: asked.at.clone(),
        };
        if let Some(commit) = give_role(&session.ctx, &asked.person, &given).await? {
            session.say(&format!("The role was given in commit {}.", commit.number));
        }
    }
    let (invitation, token) = invite(&session.ctx, &asked.person).await?;
    let link = format!("{}/join/{token}", asked.url.trim_end_matches('/'));
    let until = invitation.until.to_string();
    if session.is_json() {
        session.print_json(&Invited {
            person: &invitation.key,
            link: &link,
            until,
        })?;
        return Ok(Outcome::Done);
    }
    session.say(&format!(
        "Give this link to {} alone. It opens once, until {until}.\n",
        invitation.name
    ));
    session.print(&format!("  {link}\n"))?;
    Ok(Outcome::Done)
}
