//! What a person may do here: their role, where it holds, and the invitation that lets them in.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::access::{self, Given};
use throughline_app::{AppError, words};
use throughline_model::records::PersonRole;

use super::sign_in::refuse_demo;
use crate::address::{Form, Path};
use crate::error::{PageResult, WebError, form_page, page};
use crate::frame::{Frame, Section};
use crate::parts::problems::Problems;
use crate::viewer::Viewer;

/// How many units are proposed; others are named by their key.
const PROPOSED_MAX: usize = 200;

/// What each role may do, in a few words.
const ROLES: [(PersonRole, &str); 5] = [
    (PersonRole::Viewer, "reads"),
    (PersonRole::Contributor, "records observations, too"),
    (
        PersonRole::Steward,
        "answers for the quality of observations, too",
    ),
    (PersonRole::Strategist, "changes the plan"),
    (
        PersonRole::Administrator,
        "does everything, and gives access",
    ),
];

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "access.html")]
pub struct AccessPage {
    /// What is around it.
    pub frame: Frame,
    /// The name of the person.
    pub name: String,
    /// The path of the page.
    pub path: String,
    /// What they may do now, in a sentence.
    pub said: String,
    /// Whether they have a role.
    pub has_role: bool,
    /// The roles: word, words, whether it is chosen.
    pub roles: Vec<(&'static str, String, bool)>,
    /// The units that are proposed: key and name.
    pub units: Vec<(String, String)>,
    /// The key of the unit that is chosen.
    pub unit: String,
    /// The link of an invitation that was just made, and until when it opens.
    pub invitation: Option<(String, String)>,
    /// What is wrong.
    pub problems: Problems,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Asked {
    role: String,
    #[serde(default)]
    unit: String,
}

/// Shows what a person may do.
///
/// # Errors
/// If there is no such person; in the demonstration nobody is given access.
pub async fn get(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    refuse_demo(&viewer.server)?;
    if !viewer.ctx.may_give_access() {
        return Err(WebError::NotThere);
    }
    page(&AccessPage::of(&viewer, &key)?)
}

/// Gives the person a role, or takes it.
///
/// # Errors
/// As of the use case.
pub async fn post(viewer: Viewer, Path(key): Path<String>, Form(asked): Form<Asked>) -> PageResult {
    refuse_demo(&viewer.server)?;
    let role = match asked.role.as_str() {
        "" => None,
        word => {
            let mut roles = PersonRole::ALL.iter().copied();
            let role = roles.find(|role| role.word() == word);
            Some(role.ok_or_else(|| AppError::bad_request("there is no such role"))?)
        }
    };
    let unit = asked.unit.trim();
    let given = Given {
        role,
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
    };
    let (field, error) = match access::give_role(&viewer.ctx, &key, &given).await {
        Ok(commit) => {
            if let Some(commit) = commit {
                viewer.server.live().reached(commit.number).await?;
            }
            return Ok(Redirect::to(&viewer.path).into_response());
        }
        Err(
            error @ AppError::NotFound {
                is_by_name: true, ..
            },
        ) if !unit.is_empty() => ("unit", error),
        Err(error @ AppError::BadRequest { .. }) => ("role", error),
        Err(error) => return Err(error.into()),
    };
    let mut shown = AccessPage::of(&viewer, &key)?;
    shown.choose(given.role, unit);
    shown.problems.add(field, &error);
    shown.frame.title = shown.problems.title(&shown.frame.title);
    form_page(&shown, &shown.problems)
}

/// Makes an invitation, and shows its link once.
///
/// # Errors
/// As of the use case.
pub async fn invite(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    refuse_demo(&viewer.server)?;
    let (invitation, token) = access::invite(&viewer.ctx, &key).await?;
    let mut shown = AccessPage::of(&viewer, &key)?;
    let calendar = viewer
        .ctx
        .snapshot()
        .map(|snapshot| snapshot.model.calendar().clone());
    let until = calendar.map(|calendar| words::instant(invitation.until, &calendar));
    let link = format!("{}/join/{token}", viewer.server.origin());
    shown.invitation = Some((link, until.unwrap_or_default()));
    page(&shown)
}

impl AccessPage {
    fn of(viewer: &Viewer, key: &str) -> Result<AccessPage, WebError> {
        let snapshot = viewer.ctx.snapshot().ok_or(WebError::NotThere)?;
        let model = &snapshot.model;
        let person = model.people().by_key(key).ok_or(WebError::NotThere)?;
        let unit = person.role_at.and_then(|unit| model.units().get(unit));
        let said = match (person.role, unit) {
            (None, _) => format!("{} cannot sign in.", person.name),
            (Some(role), None) => format!("{} is {role} in the whole organisation.", person.name),
            (Some(role), Some(unit)) => {
                format!("{} is {role} at {} and below.", person.name, unit.name)
            }
        };
        let title = format!("Access of {}", person.name);
        let there = viewer.place.href(&format!("/people/{}", person.key));
        let mut page = AccessPage {
            frame: Frame::new(viewer, Section::People, title)
                .below("Units and people", Some(viewer.place.href("/people")))
                .below(person.name.clone(), Some(there))
                .below("Access", None),
            name: person.name.clone(),
            path: format!("/people/{}", person.key),
            said,
            has_role: person.role.is_some(),
            units: model
                .units()
                .iter()
                .take(PROPOSED_MAX)
                .map(|unit| (unit.key.to_string(), unit.name.clone()))
                .collect(),
            ..AccessPage::default()
        };
        page.choose(person.role, unit.map_or("", |unit| unit.key.as_str()));
        Ok(page)
    }

    fn choose(&mut self, chosen: Option<PersonRole>, unit: &str) {
        let none = ("", "No access: cannot sign in".to_owned(), chosen.is_none());
        let roles = ROLES.iter().map(|(role, about)| {
            let words = format!("{}: {about}", words::sentence(role.word()));
            (role.word(), words, chosen == Some(*role))
        });
        self.roles = std::iter::once(none).chain(roles).collect();
        self.unit = unit.to_owned();
    }
}
