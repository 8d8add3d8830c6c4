//! Whom to look through: in the demonstration a visitor takes somebody's place, and sees and may do what they would.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::{Eyes, eyes, words};
use throughline_model::records::Level;

use crate::address::Form;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section, initials};
use crate::guard::cookie;
use crate::server::{Mode, Server};
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "look_through.html")]
pub struct LookThroughPage {
    /// What is around it.
    pub frame: Frame,
    /// What the strategy is called.
    pub strategy: String,
    /// Where the data come from.
    pub attribution: String,
    /// The people, by level.
    pub groups: Vec<Group>,
}

/// The people of a level.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they are.
    pub name: &'static str,
    /// What they see first.
    pub about: &'static str,
    /// Each of them.
    pub people: Vec<Eyes>,
}

const GROUPS: [(Option<Level>, &str, &str); 4] = [
    (
        Some(Level::Executive),
        "Executives",
        "They see the whole organisation.",
    ),
    (
        Some(Level::Manager),
        "Managers",
        "They see their own unit, what is below it, and what it hangs on above.",
    ),
    (
        Some(Level::Frontline),
        "Frontline",
        "They see where they work, and the line from there to the top.",
    ),
    (
        None,
        "Others",
        "They see the whole organisation and change nothing.",
    ),
];

/// Shows the people.
///
/// # Errors
/// Outside of the demonstration there is no such page.
pub async fn get(viewer: Viewer) -> PageResult {
    let Mode::Demo { attribution } = viewer.server.mode() else {
        return Err(WebError::NotThere);
    };
    let everybody = eyes(&viewer.ctx);
    let groups = GROUPS.iter().map(|(level, name, about)| Group {
        name,
        about,
        people: everybody
            .iter()
            .filter(|eyes| eyes.level == *level)
            .cloned()
            .collect(),
    });
    let strategy = viewer
        .ctx
        .snapshot()
        .and_then(|snapshot| Some(snapshot.model.strategy()?.name.clone()));
    page(&LookThroughPage {
        frame: Frame::new(&viewer, Section::Elsewhere, "Whom to look through"),
        strategy: strategy.unwrap_or_default(),
        attribution: attribution.clone(),
        groups: groups.filter(|group| !group.people.is_empty()).collect(),
    })
}

impl LookThroughPage {
    fn initials(&self, eyes: &Eyes) -> String {
        initials(&eyes.name)
    }

    fn about(&self, eyes: &Eyes) -> String {
        let role = words::sentence(&eyes.role.to_string());
        match &eyes.unit {
            Some(unit) => format!("{unit} · {role}"),
            None => role,
        }
    }
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    person: String,
}

/// Looks through somebody's eyes from now on.
///
/// # Errors
/// If there is no such person, or this is no demonstration.
pub async fn post(
    State(server): State<Server>,
    headers: HeaderMap,
    viewer: Viewer,
    Form(chosen): Form<Chosen>,
) -> PageResult {
    let is_demo = matches!(server.mode(), Mode::Demo { .. });
    let snapshot = viewer.ctx.snapshot().filter(|_| is_demo);
    let person = snapshot.and_then(|snapshot| snapshot.model.people().by_key(&chosen.person));
    let person = person.ok_or(WebError::NotThere)?.id();
    if let Some(id) = cookie(&headers, &server.cookie_name()) {
        server.sessions().look_through(&id, Some(person));
    }
    Ok(Redirect::to("/").into_response())
}
