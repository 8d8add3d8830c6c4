//! Signing in, and out.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::{AppError, access};

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
    let back = refuse_demo(&server).map(|()| own_address(&asked.back))?;
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
    let back = own_address(&claimed.back);
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

/// The address, if it is one of this server; else the first page.
fn own_address(back: &str) -> String {
    let is_own =
        back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n']);
    if is_own { back } else { "/" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        let check = |back: &str, expected: &str| assert_eq!(own_address(back), expected, "{back}");
        check("/measures/a?period=2013", "/measures/a?period=2013");
        check("", "/");
        check("//evil.example", "/");
        check("/\\evil.example", "/");
        check("https://evil.example", "/");
        check("javascript:alert(1)", "/");
    }
}
