//! Errors for programs: problem documents by RFC 9457, with everything there is to say about what was handed in.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::{AppError, Remarks};
use throughline_core::Finding;
use throughline_model::text::Diagnostic;

use super::body::Rows;
use crate::error::WebError;

/// What a handler of an endpoint gives.
pub type ApiResult = Result<Response, Refusal>;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not carried out. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Problem {
    /// Where this sort of problem is described.
    pub r#type: String,
    /// What sort of problem it is, in a few words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong, in a sentence.
    pub detail: String,
    /// A short word for the sort of problem, for programs.
    pub code: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Each thing that is wrong with what was handed in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ProblemFinding>,
    /// How many findings there are that are not listed.
    #[serde(skip_serializing_if = "is_none")]
    pub left_out: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "what serde calls gets a reference"
)]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// One thing that is wrong with what was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemFinding {
    /// `error` or `warning`.
    pub severity: String,
    /// The rule.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// How it is mended.
    pub mend: Option<String>,
    /// Where it stands in a JSON body, as a JSON pointer.
    pub pointer: Option<String>,
    /// In which line of a CSV body it stands, from 1.
    pub line: Option<usize>,
    /// In which column of the line it begins, from 1.
    pub column: Option<usize>,
}

/// What stands in the way of an answer.
#[derive(Debug)]
pub enum Refusal {
    /// A problem.
    Problem(Box<Problem>),
    /// A use case or a guard said no.
    Web(WebError),
    /// The caller has the answer already.
    NotModified(HeaderValue),
}

impl From<WebError> for Refusal {
    fn from(error: WebError) -> Refusal {
        Refusal::Web(error)
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Refusal {
        Refusal::Web(WebError::App(error))
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal::Problem(Box::new(problem))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Problem(problem) => problem.into_response(),
            Refusal::Web(error) => error.into_response(),
            Refusal::NotModified(tag) => {
                let mut answer = StatusCode::NOT_MODIFIED.into_response();
                answer.headers_mut().insert(header::ETAG, tag);
                answer
            }
        }
    }
}

impl Problem {
    /// A problem without help.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            r#type: format!("/api#{code}"),
            title: title(code).to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            help: None,
            findings: Vec::new(),
            left_out: 0,
        }
    }

    /// A request that cannot be.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// The problem, with what to do about it.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Problem {
        Problem {
            help: Some(help.into()),
            ..self
        }
    }

    /// What a page would have said.
    #[must_use]
    pub fn of(error: &WebError) -> Problem {
        let told = error.told();
        let problem = Problem::new(error.status(), code(error), told.text);
        let problem = Problem {
            help: told.help,
            ..problem
        };
        match error {
            WebError::NotThere => Problem {
                detail: "There is nothing at this address, or it is not yours to see.".to_owned(),
                ..problem
            }
            .with_help("/api/v1/openapi.json lists every address."),
            WebError::NotIn => problem.with_help(
                "Open the link that the server printed, once, and send the cookie that it sets.",
            ),
            WebError::CrossSite => problem.with_help(
                "Send the header `Origin` with the address of this server, such as http://127.0.0.1:8080.",
            ),
            WebError::App(AppError::BadInput { remarks, .. }) => problem.with_remarks(remarks, None),
            _ => problem,
        }
    }

    /// The problem of a status for which nothing better is known.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Problem {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => ("not-found", "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method-not-allowed",
                "The address takes another method; the header Allow names it.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "The body is too large."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("media-type", "The body is of a type that is not read here.")
            }
            status if status.is_client_error() => ("bad-request", "The request cannot be read."),
            _ => ("failed", "It was not your doing, and nothing was changed."),
        };
        Problem::new(status, code, detail)
    }

    /// The problem with everything there is to say about a body: by line, or by pointer where it was JSON.
    #[must_use]
    pub fn with_remarks(self, remarks: &Remarks, rows: Option<&Rows>) -> Problem {
        let placed = remarks
            .placed
            .iter()
            .map(|diagnostic| placed(diagnostic, rows));
        let unplaced = remarks.unplaced.iter().map(of_finding);
        Problem {
            findings: placed.chain(unplaced).collect(),
            left_out: remarks.left_out,
            ..self
        }
    }
}

fn of_finding(finding: &Finding) -> ProblemFinding {
    ProblemFinding {
        severity: finding.severity.to_string(),
        code: finding.code.to_owned(),
        message: finding.message.clone(),
        mend: finding.help.clone(),
        pointer: None,
        line: None,
        column: None,
    }
}

fn placed(diagnostic: &Diagnostic, rows: Option<&Rows>) -> ProblemFinding {
    let finding = of_finding(&diagnostic.finding);
    match rows {
        Some(rows) => ProblemFinding {
            pointer: Some(rows.pointer(diagnostic.line, diagnostic.column)),
            ..finding
        },
        None => ProblemFinding {
            line: Some(diagnostic.line),
            column: Some(diagnostic.column),
            ..finding
        },
    }
}

/// Every sort of problem: its code, and what it is in a few words.
pub const PROBLEMS: &[(&str, &str)] = &[
    ("bad-request", "What was asked for cannot be"),
    ("bad-input", "What was handed in has errors"),
    ("not-signed-in", "Nobody is signed in"),
    ("not-found", "There is no such thing"),
    ("forbidden", "This is not allowed"),
    ("cross-site", "The request came from another site"),
    ("conflict", "Somebody else changed this"),
    ("too-many-attempts", "This was tried too often"),
    ("key-reused", "The idempotency key was used before"),
    ("method-not-allowed", "The address takes another method"),
    ("too-large", "The body is too large"),
    ("media-type", "The type of the body is not read here"),
    ("wrong-host", "This server has another name"),
    ("unavailable", "This does not work just now"),
    ("failed", "Something went wrong here"),
];

fn title(code: &str) -> &'static str {
    let found = PROBLEMS.iter().find(|(known, _)| *known == code);
    found.map_or("Something went wrong here", |(_, title)| title)
}

fn code(error: &WebError) -> &'static str {
    match error {
        WebError::NotIn | WebError::SignedOut | WebError::WrongLink => "not-signed-in",
        WebError::NotThere => "not-found",
        WebError::NotAllowed => "method-not-allowed",
        WebError::WrongHost => "wrong-host",
        WebError::CrossSite => "cross-site",
        WebError::App(error) => error.code(),
        WebError::Render(_) => "failed",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut answer = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let wait = throughline_app::RETRY_AFTER.as_secs();
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        answer
    }
}

/// The answer, which is a problem document if it says that something is wrong.
#[must_use]
pub fn for_programs(answer: Response) -> Response {
    let status = answer.status();
    let is_wrong = status.is_client_error() || status.is_server_error();
    let media = answer.headers().get(header::CONTENT_TYPE);
    if !is_wrong || media.is_some_and(|media| media == MEDIA_TYPE) {
        return answer;
    }
    let known = answer.extensions().get::<Problem>().cloned();
    let problem = known.unwrap_or_else(|| Problem::of_status(status));
    let mut drawn = problem.into_response();
    if let Some(allowed) = answer.headers().get(header::ALLOW) {
        drawn.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    drawn
}
