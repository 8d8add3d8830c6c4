//! What every request passes before a handler sees it, and what every answer carries.
//!
//! Outermost: the name by which the server was called, where a writing request comes from, and the headers that tell
//! the browser what a page may do. Then, by route: the session, and whether the rule of the route allows it at all.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use throughline_app::AppError;
use throughline_core::Role;

use crate::api;
use crate::error::WebError;
use crate::place::encoded;
use crate::public_url::PublicUrl;
use crate::routes::Rule;
use crate::server::{Mode, Server};
use crate::session::Session;

/// What a page may do: nothing but what comes from here, and nothing inline.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The headers of every answer.
pub const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With `no-referrer` a browser also hides the origin of our own forms (`Origin: null`), and they would be refused.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Checks the name of the server and the origin of writing requests, and puts the headers on every answer.
pub async fn every(State(server): State<Server>, request: Request, next: Next) -> Response {
    let _answering = server.asked().answering();
    let headers = request.headers();
    let is_for_programs = request.uri().path().starts_with(api::ROOT);
    let refused = if !is_ours(headers, &server) {
        Some(WebError::WrongHost)
    } else if !request.method().is_safe() && !is_same_origin(headers, &server) {
        Some(WebError::CrossSite)
    } else {
        None
    };
    let mut answer = match refused {
        Some(error) if is_for_programs => api::problem::for_programs(error.into_response()),
        Some(error) => error.into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        answer
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    // A page is of one person at one moment; what may be kept says so itself.
    answer
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("private, no-cache"));
    answer
}

/// Checks the rule of a route: who is not in learns nothing, and what may not be seen is not there.
pub async fn by_rule(
    State((server, rule)): State<(Server, Rule)>,
    mut request: Request,
    next: Next,
) -> Response {
    if rule.is_for_anyone() {
        return next.run(request).await;
    }
    let session = session(request.headers(), &server);
    let Some((session, actor)) = session.and_then(|one| Some((one, server.actor_of(&one)?))) else {
        return not_in(&server, &request);
    };
    let role = actor.role;
    if !rule.allows(role) {
        return rule.refusal(role).into_response();
    }
    let is_elsewhere = is_page(&request) && request.uri().path() != SET_UP;
    if is_elsewhere && is_before_the_beginning(&server, &session) {
        return Redirect::to(SET_UP).into_response();
    }
    request.extensions_mut().insert(session);
    next.run(request).await
}

/// The page on which everything begins.
const SET_UP: &str = "/set-up";

/// Whether there is no organisation yet, and who is in by the link of the console is to name it.
fn is_before_the_beginning(server: &Server, session: &Session) -> bool {
    let is_nameless = session.person.is_none() && *server.mode() == Mode::Serve;
    is_nameless && server.live().snapshot().model.organisation().is_none()
}

fn is_page(request: &Request) -> bool {
    request.method() == Method::GET && !request.uri().path().starts_with(api::ROOT)
}

/// What is answered where nobody is in: where people sign in, a page leads there and comes back.
fn not_in(server: &Server, request: &Request) -> Response {
    match server.mode() {
        Mode::Demo { .. } => WebError::NotIn.into_response(),
        Mode::Serve if is_page(request) => {
            let back = request
                .uri()
                .path_and_query()
                .map_or("/", |path| path.as_str());
            Redirect::to(&format!("/sign-in?back={}", encoded(back))).into_response()
        }
        Mode::Serve => WebError::SignedOut.into_response(),
    }
}

/// The session of a request, of somebody who may still be in.
pub(crate) fn session(headers: &HeaderMap, server: &Server) -> Option<Session> {
    let id = cookie(headers, &server.cookie_name())?;
    let session = server.sessions().get(&id, server.now())?;
    server.actor_of(&session).map(|_| session)
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    let pairs = cookies
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

/// Whether the server was called by a name of this machine: another name may stand for this address by a trick.
fn is_ours(headers: &HeaderMap, server: &Server) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    else {
        return false;
    };
    if server
        .public_url()
        .is_some_and(|url| host.eq_ignore_ascii_case(url.host()))
    {
        return true;
    }
    let port = server.address().port();
    ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| host.eq_ignore_ascii_case(&format!("{name}:{port}")))
}

/// Whether a request that writes comes from a page of this server. One that does not say where from is refused.
fn is_same_origin(headers: &HeaderMap, server: &Server) -> bool {
    let said = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = said(&HeaderName::from_static("sec-fetch-site"))
        && site != "same-origin"
    {
        return false;
    }
    match (said(&header::ORIGIN), said(&header::HOST)) {
        (Some(origin), Some(host)) => {
            let public = server
                .public_url()
                .filter(|url| host.eq_ignore_ascii_case(url.host()));
            let own = public.map_or_else(|| format!("http://{host}"), PublicUrl::origin);
            origin.eq_ignore_ascii_case(&own)
        }
        (None, _) => said(&HeaderName::from_static("sec-fetch-site")).is_some(),
        (Some(_), None) => false,
    }
}

impl Rule {
    /// Whether nobody has to be in.
    #[must_use]
    pub fn is_for_anyone(self) -> bool {
        matches!(self, Rule::Anyone)
    }

    /// Whether a role may do it at all, somewhere. Where exactly, the use case asks.
    #[must_use]
    pub fn allows(self, role: Role) -> bool {
        match self {
            Rule::Anyone | Rule::Visitor => true,
            Rule::May(rule) => rule
                .allowed
                .get(role as usize)
                .is_some_and(|relations| !relations.is_empty()),
        }
    }

    /// What a role is told that it does not allow: what cannot be read is not there, what cannot be done is forbidden.
    fn refusal(self, role: Role) -> WebError {
        match self {
            Rule::May(rule) if rule.writes => WebError::App(AppError::Forbidden {
                message: format!("the role {role} may not {} anywhere", rule.action),
            }),
            _ => WebError::NotThere,
        }
    }
}

/// Whether a request asks for the page itself, and not for its head or in advance.
pub(crate) fn is_meant(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::GET
        && !headers.contains_key("sec-purpose")
        && !headers.contains_key("purpose")
}
