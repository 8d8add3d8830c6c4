//! The page behind an invitation: whoever holds the link chooses a password, once.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use throughline_app::{AppError, access};

use super::sign_in::refuse_demo;
use crate::address::{Form, Path};
use crate::entrance::opened;
use crate::error::{PageResult, WebError, form_page};
use crate::parts::problems::Problems;
use crate::server::Server;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "join.html")]
pub struct JoinPage {
    /// Who was invited.
    pub name: String,
    /// The name by which they sign in later.
    pub key: String,
    /// The token of the link.
    pub token: String,
    /// What is wrong.
    pub problems: Problems,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    password: String,
}

/// Shows the form.
///
/// # Errors
/// If the link opens nothing; in the demonstration there is no such page.
pub async fn get(State(server): State<Server>, Path(token): Path<String>) -> PageResult {
    refuse_demo(&server)?;
    let invitation = access::invitation(&server.ctx_of_nobody(), &token).await?;
    let invitation = invitation.ok_or(WebError::WrongLink)?;
    let page = JoinPage {
        name: invitation.name,
        key: invitation.key,
        token,
        problems: Problems::default(),
    };
    form_page(&page, &page.problems)
}

/// Lets the person in, with the password that they chose.
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(server): State<Server>,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(chosen): Form<Chosen>,
) -> PageResult {
    refuse_demo(&server)?;
    let ctx = server.ctx_of_nobody();
    match access::join(&ctx, server.door(), &token, &chosen.password).await {
        Ok(person) => {
            // Whoever is in with the password before is let out.
            server.sessions().end_of(person);
            Ok(opened(&server, &headers, Some(person), "/"))
        }
        Err(error @ AppError::BadRequest { .. }) => {
            let invitation = access::invitation(&ctx, &token).await?;
            let invitation = invitation.ok_or(WebError::WrongLink)?;
            let mut page = JoinPage {
                name: invitation.name,
                key: invitation.key,
                token,
                problems: Problems::default(),
            };
            page.problems.add("password", &error);
            form_page(&page, &page.problems)
        }
        Err(AppError::NotFound { .. }) => Err(WebError::WrongLink),
        Err(error) => Err(error.into()),
    }
}
