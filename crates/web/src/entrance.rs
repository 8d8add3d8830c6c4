//! The way in: the link of the console opens a session once, and the first page that then makes sense.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use throughline_core::Role;

use crate::error::{PageResult, WebError};
use crate::guard::{is_meant, session};
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
    let id = server.new_secret();
    server.sessions().open(&id, server.now());
    let cookie = format!(
        "{}={id}; HttpOnly; SameSite=Lax; Path=/",
        server.cookie_name()
    );
    let mut answer = Redirect::to("/").into_response();
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// The first page: in the demonstration whom to look through, as long as nobody was chosen.
pub async fn home(viewer: Viewer) -> Response {
    let is_demo = matches!(viewer.server.mode(), Mode::Demo { .. });
    let actor = viewer.ctx.actor();
    let name = match (actor.person, actor.role) {
        (None, _) if is_demo => "look_through",
        // Who does the work asks first what is expected and what it leads to.
        (Some(_), Role::Contributor) => "line_of_sight",
        _ => "strategy",
    };
    let path = path_of(name).unwrap_or("/strategy");
    Redirect::to(&viewer.place.href(path)).into_response()
}
