//! The way in: the link of the console opens a session once, and the first page that then makes sense.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use throughline_app::access::lacks_administrator;
use throughline_core::{PersonId, Role};

use crate::error::{PageResult, WebError};
use crate::guard::{cookie, is_meant, session};
use crate::routes::path_of;
use crate::server::{Mode, Server};
use crate::viewer::Viewer;

/// Exchanges the token of the link for a session, and shows a clean address. Who is in already just goes on.
pub async fn enter(
    State(server): State<Server>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> PageResult {
    if session(&headers, &server).is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    // A browser that only looks ahead must not use up the link.
    if !is_meant(&method, &headers) || !server.token().is_taken_by(&token) {
        return Err(WebError::WrongLink);
    }
    Ok(opened(&server, &headers, None, "/"))
}

/// Opens a session, of somebody who signed in or of nobody yet, and goes on to an address. The session that was open ends:
/// nobody who planted it comes along. Once an administrator is in, the console's link and its sessions have had their use.
pub fn opened(
    server: &Server,
    headers: &HeaderMap,
    person: Option<PersonId>,
    to: &str,
) -> Response {
    end(server, headers);
    if person.is_some_and(|person| server.is_administrator(person)) {
        server.sessions().end_of_nobody();
        server.token().end();
    }
    let id = server.new_secret();
    server.sessions().open(&id, person, server.now());
    with_cookie(Redirect::to(to), server.cookie(&id))
}

/// Ends the session, and goes to where one signs in.
pub fn left(server: &Server, headers: &HeaderMap) -> Response {
    end(server, headers);
    let forgotten = format!("{}; Max-Age=0", server.cookie(""));
    with_cookie(Redirect::to("/sign-in"), forgotten)
}

fn end(server: &Server, headers: &HeaderMap) {
    if let Some(id) = cookie(headers, &server.cookie_name()) {
        server.sessions().end(&id);
    }
}

fn with_cookie(answer: impl IntoResponse, cookie: String) -> Response {
    let mut answer = answer.into_response();
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}

/// Whether the plan names no unit of a person.
fn works_nowhere(viewer: &Viewer, person: PersonId) -> bool {
    let snapshot = viewer.ctx.snapshot();
    let person = snapshot.and_then(|snapshot| snapshot.model.people().get(person));
    person.is_some_and(|person| person.unit.is_none())
}

/// The first page: in the demonstration whom to look through, as long as nobody was chosen; elsewhere who gives access, as
/// long as nobody does.
///
/// # Errors
/// What the ledger says.
pub async fn home(viewer: Viewer) -> PageResult {
    let is_demo = matches!(viewer.server.mode(), Mode::Demo { .. });
    let actor = viewer.ctx.actor();
    let name = match (actor.person, actor.role) {
        (None, _) if is_demo => "look_through",
        (None, _) if lacks_administrator(&viewer.ctx).await? => "set_up",
        // Who is invited to enter figures, and works in no unit that has a line, begins with what is due.
        (Some(person), Role::Contributor) if works_nowhere(&viewer, person) => "due",
        // Who does the work asks first what is expected and what it leads to.
        (Some(_), Role::Contributor) => "line_of_sight",
        _ => "strategy",
    };
    let path = path_of(name).unwrap_or("/strategy");
    Ok(Redirect::to(&viewer.place.href(path)).into_response())
}
