//! The beginning: whoever opened the link of the console says who they are and chooses a password; where the plan has no
//! organisation yet, they name it first.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use throughline_app::access::{Beginner, BegunWith, NewOrganisation};
use throughline_app::{AppError, access, words};
use throughline_model::records::Month;

use super::sign_in::refuse_demo;
use crate::address::Form;
use crate::entrance::opened;
use crate::error::{PageResult, WebError, form_page};
use crate::parts::problems::Problems;
use crate::server::Server;
use crate::viewer::Viewer;

/// How many people are proposed; others are named by their key.
const PROPOSED_MAX: usize = 500;

/// The time zone, until the browser says its own.
const TIME_ZONE: &str = "UTC";

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "set_up.html")]
pub struct SetUpPage {
    /// The name of the organisation; empty where the plan has none yet.
    pub organisation: String,
    /// Who may be chosen: key and name.
    pub people: Vec<(String, String)>,
    /// The months: word, words, whether it is chosen.
    pub months: Vec<(&'static str, String, bool)>,
    /// What was written into the form.
    pub filled: Chosen,
    /// What is wrong.
    pub problems: Problems,
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    /// The name of the organisation.
    pub organisation: String,
    /// Its time zone.
    pub time_zone: String,
    /// The first month of its fiscal year.
    pub fiscal_year_starts: String,
    /// The name of somebody whom the plan does not name yet.
    pub name: String,
    /// The key of somebody whom it does.
    pub person: String,
    /// Their e-mail address, if they give one.
    pub email: String,
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
    let filled = Chosen {
        time_zone: TIME_ZONE.to_owned(),
        ..Chosen::default()
    };
    let page = SetUpPage::of(&viewer, filled, Problems::default());
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
    let mut problems = Problems::default();
    let organisation = match has_organisation(&viewer) {
        true => None,
        false => Some(chosen.organisation(&mut problems)),
    };
    let beginner = chosen.beginner();
    let (said, password) = (organisation.as_ref(), &chosen.password);
    for (of, error) in access::wrong_beginning(&viewer.ctx, said, &beginner, password).await? {
        let field = match (of, &beginner) {
            (BegunWith::Password, _) => "password",
            (BegunWith::Beginner, Beginner::Known(_)) => "person",
            (BegunWith::Beginner, Beginner::New { .. }) => "name",
        };
        problems.add(field, &error);
    }
    if let Beginner::New {
        email: Some(email), ..
    } = &beginner
        && let Err(error) = access::refuse_no_address(email)
    {
        problems.add("email", &error);
    }
    if !problems.is_empty() {
        return form_page(&SetUpPage::of(&viewer, chosen, problems.clone()), &problems);
    }
    let begun = access::begin_as_administrator(
        &viewer.ctx,
        server.door(),
        organisation.as_ref(),
        &beginner,
        &chosen.password,
    );
    let (field, error) = match begun.await {
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
        ) => match beginner {
            Beginner::Known(_) => ("person", error),
            Beginner::New { .. } => ("name", error),
        },
        Err(error @ AppError::BadRequest { .. }) => ("password", error),
        Err(error) => return Err(error.into()),
    };
    problems.add(field, &error);
    let page = SetUpPage::of(&viewer, chosen, problems);
    form_page(&page, &page.problems)
}

/// Whether the plan has an organisation.
fn has_organisation(viewer: &Viewer) -> bool {
    let snapshot = viewer.ctx.snapshot();
    snapshot.is_some_and(|snapshot| snapshot.model.organisation().is_some())
}

impl Chosen {
    /// The organisation that is to be, and what is wrong with it.
    fn organisation(&self, problems: &mut Problems) -> NewOrganisation {
        let name = self.organisation.trim();
        if name.is_empty() {
            let error = AppError::bad_request("the organisation has no name");
            problems.add("organisation", &error.with_help("write how people call it"));
        }
        let time_zone = self.time_zone.trim();
        if let Err(error) = throughline_core::calendar::time_zone(time_zone) {
            let error = AppError::bad_request(error.to_string());
            problems.add("time_zone", &error.with_help("write it like Europe/London"));
        }
        NewOrganisation {
            name: name.to_owned(),
            time_zone: time_zone.to_owned(),
            fiscal_year_starts: self.month(),
        }
    }

    fn month(&self) -> Month {
        let mut months = Month::ALL.iter().copied();
        let chosen = months.find(|month| month.word() == self.fiscal_year_starts);
        chosen.unwrap_or(Month::January)
    }

    fn beginner(&self) -> Beginner {
        match (self.person.trim(), self.name.trim()) {
            (key, "") if !key.is_empty() => Beginner::Known(key.to_owned()),
            (_, name) => Beginner::New {
                name: name.to_owned(),
                email: Some(self.email.trim().to_owned()).filter(|email| !email.is_empty()),
            },
        }
    }
}

impl SetUpPage {
    fn title(&self) -> &'static str {
        match self.organisation.is_empty() {
            true => "Begin",
            false => "Who gives access?",
        }
    }

    fn of(viewer: &Viewer, filled: Chosen, problems: Problems) -> SetUpPage {
        let model = viewer.ctx.snapshot().map(|snapshot| &snapshot.model);
        let organisation = model.and_then(|model| model.organisation());
        let people = model.into_iter().flat_map(|model| model.people().iter());
        let chosen = filled.month();
        let months = Month::ALL.iter().map(|month| {
            let name = words::sentence(month.word());
            (month.word(), name, *month == chosen)
        });
        SetUpPage {
            organisation: organisation.map(|one| one.name.clone()).unwrap_or_default(),
            people: people
                .take(PROPOSED_MAX)
                .map(|person| (person.key.to_string(), person.name.clone()))
                .collect(),
            months: months.collect(),
            filled,
            problems,
        }
    }
}
