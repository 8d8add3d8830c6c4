//! Pages that say why there is nothing to see: not signed in, no such page, something went wrong.

use askama::Template;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::error::Told;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    /// What people are told.
    pub told: Told,
}

/// Draws the page around what an error tells people. Programs get the sentence alone.
pub async fn in_words(request: Request, next: Next) -> Response {
    let is_for_programs = request.uri().path().starts_with("/api/");
    let answer = next.run(request).await;
    let Some(told) = answer
        .extensions()
        .get::<Told>()
        .filter(|_| !is_for_programs)
    else {
        return answer;
    };
    match (MessagePage { told: told.clone() }).render() {
        Ok(text) => (answer.status(), Html(text)).into_response(),
        Err(_) => answer,
    }
}
