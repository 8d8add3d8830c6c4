//! Changing one's own password: the one of now, and a new one. Whoever else is in with the old one is let out.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use throughline_app::{AppError, access};

use super::sign_in::refuse_demo;
use crate::address::Form;
use crate::entrance::opened;
use crate::error::{PageResult, WebError, form_page};
use crate::frame::{Frame, Section};
use crate::parts::problems::Problems;
use crate::server::Server;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "password.html")]
pub struct PasswordPage {
    /// What is around it.
    pub frame: Frame,
    /// What is wrong.
    pub problems: Problems,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Changed {
    old: String,
    password: String,
}

/// Shows the form.
///
/// # Errors
/// There is no such page for who has not signed in with a password.
pub async fn get(viewer: Viewer) -> PageResult {
    refuse_demo(&viewer.server)?;
    if viewer.ctx.actor().person.is_none() {
        return Err(WebError::NotThere);
    }
    shown(&viewer, Problems::default())
}

/// Changes the password. All sessions of the person end, and a new one begins here.
///
/// # Errors
/// As of the use case, where it is not about what was typed.
pub async fn post(
    State(server): State<Server>,
    headers: HeaderMap,
    viewer: Viewer,
    Form(changed): Form<Changed>,
) -> PageResult {
    refuse_demo(&server)?;
    let (old, new) = (&changed.old, &changed.password);
    match access::change_password(&viewer.ctx, server.door(), old, new).await {
        Ok(person) => {
            server.sessions().end_of(person);
            Ok(opened(&server, &headers, Some(person), "/"))
        }
        Err(error @ AppError::BadRequest { .. }) => {
            let is_of_old = error.to_string() == access::NOT_THE_PASSWORD;
            let mut problems = Problems::default();
            problems.add(if is_of_old { "old" } else { "password" }, &error);
            shown(&viewer, problems)
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(viewer: &Viewer, problems: Problems) -> PageResult {
    let title = "Change password";
    let mut frame = Frame::new(viewer, Section::Elsewhere, title).below(title, None);
    frame.title = problems.title(title);
    let page = PasswordPage { frame, problems };
    form_page(&page, &page.problems)
}
