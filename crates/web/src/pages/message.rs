//! Pages that say why there is nothing to see: not signed in, no such page, something went wrong.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use throughline_app::access::is_administrator;
use throughline_model::Model;

use crate::api;
use crate::error::Told;
use crate::server::Server;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
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
    let answer = next.run(request).await;
    if is_for_programs {
        return api::problem::for_programs(answer);
    }
    let Some(told) = answer.extensions().get::<Told>() else {
        return answer;
    };
    let page = MessagePage {
        told: told.clone(),
        givers: match told.lacks_right {
            true => givers(&server.live().snapshot().model),
            false => Vec::new(),
        },
    };
    match page.render() {
        Ok(text) => {
            let mut drawn = (answer.status(), Html(text)).into_response();
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

/// The administrators by name.
fn givers(model: &Model) -> Vec<String> {
    let people = model.people().iter();
    people
        .filter(|person| is_administrator(person))
        .map(|person| person.name.clone())
        .take(GIVERS_MAX)
        .collect()
}
