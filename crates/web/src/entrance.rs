//! The way in: the link of the console opens a session once, and the first page that then makes sense.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use throughline_app::access::lacks_administrator;
use throughline_core::{PersonId, Role};
use throughline_model::records::Level;

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

/// With what somebody begins: who does the work asks first what is expected and what it leads to, everybody else how the
/// strategy stands. Who does the work, by the plan: who is of the front line, or records figures without leading anybody.
fn begins_with(viewer: &Viewer, person: PersonId, role: Role) -> &'static str {
    let snapshot = viewer.ctx.snapshot();
    let people = snapshot.map(|snapshot| snapshot.model.people());
    let Some((people, named)) = people.and_then(|people| Some((people, people.get(person)?)))
    else {
        return "strategy";
    };
    let leads = || people.iter().any(|one| one.reports_to == Some(person));
    let does_the_work = match (named.level, role) {
        (_, Role::Strategist | Role::Administrator) => false,
        (Some(level), _) => level == Level::Frontline,
        (None, role) => role == Role::Contributor && !leads(),
    };
    match named.unit {
        _ if !does_the_work => "strategy",
        // Without a unit there is no line, and a contributor was asked for figures.
        None if role == Role::Contributor => "due",
        _ => "line_of_sight",
    }
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
        (Some(person), role) => begins_with(&viewer, person, role),
        _ => "strategy",
    };
    let path = path_of(name).unwrap_or("/strategy");
    Ok(Redirect::to(&viewer.place.href(path)).into_response())
}
