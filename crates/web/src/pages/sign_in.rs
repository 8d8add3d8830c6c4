//! Signing in, and out.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::{AppError, access};

use super::theme;
use crate::address::{Form, Query};
use crate::entrance::{left, opened};
use crate::error::{PageResult, WebError, form_page};
use crate::guard::session;
use crate::parts::problems::Problems;
use crate::server::{Mode, Server};

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The name that was given.
    pub name: String,
    /// The address to go on to.
    pub back: String,
    /// What is wrong.
    pub problems: Problems,
}

/// Where to go on to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Back {
    back: String,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Claimed {
    name: String,
    password: String,
    #[serde(default)]
    back: String,
}

/// Shows the form; who is in already goes on.
///
/// # Errors
/// In the demonstration there is no such page.
pub async fn get(
    State(server): State<Server>,
    headers: HeaderMap,
    Query(asked): Query<Back>,
) -> PageResult {
    refuse_demo(&server)?;
    let back = theme::own_address(&asked.back).to_owned();
    if session(&headers, &server).is_some() {
        return Ok(Redirect::to(&back).into_response());
    }
    form_page(
        &SignInPage {
            back,
            ..SignInPage::default()
        },
        &Problems::default(),
    )
}

/// Lets in whose name and password it is.
///
/// # Errors
/// As of the use case; in the demonstration there is no such page.
pub async fn post(
    State(server): State<Server>,
    headers: HeaderMap,
    Form(claimed): Form<Claimed>,
) -> PageResult {
    refuse_demo(&server)?;
    let back = theme::own_address(&claimed.back).to_owned();
    let ctx = server.ctx_of_nobody();
    match access::sign_in(&ctx, server.door(), &claimed.name, &claimed.password).await {
        Ok(person) => Ok(opened(&server, &headers, Some(person), &back)),
        Err(error @ AppError::BadRequest { .. }) => {
            let mut problems = Problems::default();
            problems.add("password", &error);
            let shown = SignInPage {
                name: claimed.name,
                back,
                problems,
            };
            form_page(&shown, &shown.problems)
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends the session.
///
/// # Errors
/// In the demonstration nobody signs out.
pub async fn out(State(server): State<Server>, headers: HeaderMap) -> PageResult {
    refuse_demo(&server)?;
    Ok(left(&server, &headers))
}

/// In the demonstration nobody signs in.
pub(super) fn refuse_demo(server: &Server) -> Result<(), WebError> {
    match server.mode() {
        Mode::Demo { .. } => Err(WebError::NotThere),
        Mode::Serve => Ok(()),
    }
}
