//! Pages that say why there is nothing to see: not signed in, no such page, something went wrong.

use askama::Template;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::api;
use crate::error::Told;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    /// What people are told.
    pub told: Told,
}

/// Draws the page around what an error tells people. Programs get a problem document.
pub async fn in_words(request: Request, next: Next) -> Response {
    let is_for_programs = request.uri().path().starts_with(api::ROOT);
    let answer = next.run(request).await;
    if is_for_programs {
        return api::problem::for_programs(answer);
    }
    let Some(told) = answer.extensions().get::<Told>() else {
        return answer;
    };
    match (MessagePage { told: told.clone() }).render() {
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
