//! The programming interface, to be read: each endpoint with its parameters and an answer, made of the table that
//! answers, too.

use askama::Template;

use crate::api::openapi::{BODY_CSV, BODY_JSON, example, statuses};
use crate::api::problem::PROBLEMS;
use crate::api::{ENDPOINTS, Endpoint, PAGE_LIMIT_MAX};
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "api.html")]
pub struct ApiPage {
    /// What is around it.
    pub frame: Frame,
    /// The name by which the server is called.
    pub host: String,
    /// The name of the cookie of a session.
    pub cookie: String,
    /// Each endpoint.
    pub endpoints: Vec<EndpointPart>,
    /// Every sort of problem: its code, and what it is.
    pub problems: &'static [(&'static str, &'static str)],
    /// The most elements of a page of a list.
    pub limit: usize,
}

/// An endpoint.
#[derive(Debug, Clone, Default)]
pub struct EndpointPart {
    /// Where it stands on the page.
    pub anchor: String,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// What it answers, in a few words.
    pub summary: &'static str,
    /// What else there is to know.
    pub about: &'static str,
    /// Its parameters: name, what it is, whether it must be there.
    pub parameters: Vec<(&'static str, &'static str, bool)>,
    /// The statuses of its answers that say that something is wrong.
    pub statuses: String,
    /// An address to try.
    pub address: Option<&'static str>,
    /// What it is sent, in each form.
    pub bodies: Vec<(&'static str, &'static str)>,
    /// An answer, its lists cut short.
    pub answer: String,
}

/// Shows the programming interface.
///
/// # Errors
/// If the page cannot be drawn.
pub async fn get(viewer: Viewer) -> PageResult {
    page(&ApiPage {
        frame: Frame::new(&viewer, Section::Elsewhere, "Programming interface")
            .below("Programming interface", None),
        host: format!("http://{}", viewer.server.address()),
        cookie: viewer.server.cookie_name(),
        endpoints: ENDPOINTS.iter().map(part).collect(),
        problems: PROBLEMS,
        limit: PAGE_LIMIT_MAX,
    })
}

fn part(endpoint: &Endpoint) -> EndpointPart {
    let (method, path) = endpoint.route();
    let parameters = endpoint.parameters.iter();
    let is_write = method == "POST";
    let answer =
        example(endpoint.name).and_then(|answer| serde_json::to_string_pretty(answer).ok());
    EndpointPart {
        anchor: endpoint.name.replace('_', "-"),
        method,
        path,
        summary: endpoint.summary,
        about: endpoint.about,
        parameters: parameters
            .map(|parameter| (parameter.name, parameter.about, parameter.is_required))
            .collect(),
        statuses: statuses(endpoint)
            .into_iter()
            .collect::<Vec<_>>()
            .join(", "),
        address: (!is_write).then_some(endpoint.example),
        bodies: if is_write {
            vec![("application/json", BODY_JSON), ("text/csv", BODY_CSV)]
        } else {
            Vec::new()
        },
        answer: answer.unwrap_or_default(),
    }
}
