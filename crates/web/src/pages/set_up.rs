//! The first administrator: whoever opened the link of the console says who they are, and chooses a password.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use throughline_app::{AppError, access};

use super::sign_in::refuse_demo;
use crate::address::Form;
use crate::entrance::opened;
use crate::error::{PageResult, WebError, form_page};
use crate::parts::problems::Problems;
use crate::server::Server;
use crate::viewer::Viewer;

/// How many people are proposed; others are named by their key.
const PROPOSED_MAX: usize = 500;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "set_up.html")]
pub struct SetUpPage {
    /// The name of the organisation.
    pub organisation: String,
    /// Who may be chosen: key and name.
    pub people: Vec<(String, String)>,
    /// Who was chosen, by key.
    pub person: String,
    /// What is wrong.
    pub problems: Problems,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    person: String,
    password: String,
}

/// Shows the form.
///
/// # Errors
/// Once there is an administrator there is no such page, nor in the demonstration.
pub async fn get(viewer: Viewer) -> PageResult {
    refuse_demo(&viewer.server)?;
    if !access::lacks_administrator(&viewer.ctx).await? {
        return Err(WebError::NotThere);
    }
    let page = SetUpPage::of(&viewer, String::new(), Problems::default());
    form_page(&page, &page.problems)
}

/// Makes the person administrator, and lets them in. The sessions of the console's link end.
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(server): State<Server>,
    headers: HeaderMap,
    viewer: Viewer,
    Form(chosen): Form<Chosen>,
) -> PageResult {
    refuse_demo(&server)?;
    let key = chosen.person.trim();
    let begun =
        access::begin_as_administrator(&viewer.ctx, server.door(), key, &chosen.password).await;
    let (field, error) = match begun {
        Ok(begun) => {
            if let Some(commit) = &begun.commit {
                server.live().reached(commit.number).await?;
            }
            return Ok(opened(&server, &headers, Some(begun.person), "/"));
        }
        Err(
            error @ AppError::NotFound {
                is_by_name: true, ..
            },
        ) => ("person", error),
        Err(error @ AppError::BadRequest { .. }) => ("password", error),
        Err(error) => return Err(error.into()),
    };
    let mut problems = Problems::default();
    problems.add(field, &error);
    let page = SetUpPage::of(&viewer, chosen.person, problems);
    form_page(&page, &page.problems)
}

impl SetUpPage {
    fn of(viewer: &Viewer, person: String, problems: Problems) -> SetUpPage {
        let model = viewer.ctx.snapshot().map(|snapshot| &snapshot.model);
        let organisation = model.and_then(|model| model.organisation());
        let people = model.into_iter().flat_map(|model| model.people().iter());
        SetUpPage {
            organisation: organisation.map(|one| one.name.clone()).unwrap_or_default(),
            people: people
                .take(PROPOSED_MAX)
                .map(|person| (person.key.to_string(), person.name.clone()))
                .collect(),
            person,
            problems,
        }
    }
}
