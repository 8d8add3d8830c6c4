//! Pages that say why there is nothing to see: not signed in, no such page, something went wrong. Whoever is in keeps the
//! navigation around them.

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use throughline_app::access::is_administrator;
use throughline_model::Model;

use crate::error::Told;
use crate::frame::{Frame, Section};
use crate::server::Server;
use crate::typeset::typeset;
use crate::viewer::Viewer;
use crate::{api, guard};

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    /// What people are told.
    pub told: Told,
    /// Who can give a right that is missing.
    pub givers: Vec<String>,
}

/// The page within the frame of all pages.
#[derive(Debug, Clone, Template)]
#[template(path = "message_inside.html")]
pub struct MessageInside {
    /// What is around it.
    pub frame: Frame,
    /// What people are told.
    pub told: Told,
    /// Who can give a right that is missing.
    pub givers: Vec<String>,
}

/// The most people who are named as those who can give a right.
const GIVERS_MAX: usize = 3;

/// Draws the page around what an error tells people. Programs get a problem document.
pub async fn in_words(State(server): State<Server>, request: Request, next: Next) -> Response {
    let is_for_programs = request.uri().path().starts_with(api::ROOT);
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let answer = next.run(Request::from_parts(parts, body)).await;
    if is_for_programs {
        return api::problem::for_programs(answer);
    }
    let Some(told) = answer.extensions().get::<Told>() else {
        return answer;
    };
    match drawn(&server, asked, told.clone()).await {
        Ok(text) => {
            let mut drawn = (answer.status(), Html(typeset(text))).into_response();
            for name in [header::RETRY_AFTER, header::ALLOW] {
                if let Some(value) = answer.headers().get(&name) {
                    drawn.headers_mut().insert(name, value.clone());
                }
            }
            drawn
        }
        Err(_) => answer,
    }
}

/// The page in which that is told.
async fn drawn(server: &Server, asked: Parts, told: Told) -> askama::Result<String> {
    let givers = match told.lacks_right {
        true => givers(&server.live().snapshot().model),
        false => Vec::new(),
    };
    let viewer = match told.is_inside {
        true => viewer(server, asked).await,
        false => None,
    };
    match viewer {
        Some(viewer) => {
            let frame = Frame::new(&viewer, Section::Elsewhere, told.title.clone());
            MessageInside {
                frame,
                told,
                givers,
            }
            .render()
        }
        None => MessagePage { told, givers }.render(),
    }
}

/// Who is told, if they are in and there is an organisation to look at. What the address says besides its path may be what
/// is wrong with it, and is left out.
async fn viewer(server: &Server, mut asked: Parts) -> Option<Viewer> {
    server.live().snapshot().model.organisation()?;
    let session = guard::session(&asked.headers, server)?;
    asked.uri = asked.uri.path().parse::<Uri>().ok()?;
    asked.extensions.insert(session);
    Viewer::from_request_parts(&mut asked, server).await.ok()
}

/// The administrators by name.
fn givers(model: &Model) -> Vec<String> {
    let people = model.people().iter();
    people
        .filter(|person| is_administrator(person))
        .map(|person| person.name.clone())
        .take(GIVERS_MAX)
        .collect()
}
