//! Why a page was not shown, and what is answered then.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use throughline_app::AppError;

use crate::api::Problem;
use crate::parts::problems::Problems;
use crate::typeset::typeset;

/// What a handler of a page gives.
pub type PageResult = Result<Response, WebError>;

/// Why a page was not shown.
#[derive(Debug)]
pub enum WebError {
    /// Nobody is in: no session, or one that has ended.
    NotIn,
    /// Nobody is in, where people sign in.
    SignedOut,
    /// There is no such page, or nobody may know of it.
    NotThere,
    /// The address takes another method.
    NotAllowed,
    /// The server was called by a name that is not its own.
    WrongHost,
    /// Another site asked to change something.
    CrossSite,
    /// A link that opens once was used before, or is wrong.
    WrongLink,
    /// A use case said no.
    App(AppError),
    /// A template could not be filled; never, or a fault of ours.
    Render(askama::Error),
}

impl From<AppError> for WebError {
    fn from(error: AppError) -> WebError {
        WebError::App(error)
    }
}

/// What people are told. It travels with the answer until the page around it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The heading.
    pub title: String,
    /// What happened, in a sentence or two.
    pub text: String,
    /// What to do next.
    pub help: Option<String>,
    /// Whether a way back into the pages makes sense.
    pub is_inside: bool,
    /// Whether a right is missing, which somebody can give.
    pub lacks_right: bool,
}

impl WebError {
    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            WebError::NotIn | WebError::SignedOut | WebError::WrongLink => StatusCode::UNAUTHORIZED,
            WebError::NotThere | WebError::App(AppError::NotFound { .. }) => StatusCode::NOT_FOUND,
            WebError::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            WebError::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            WebError::CrossSite | WebError::App(AppError::Forbidden { .. }) => {
                StatusCode::FORBIDDEN
            }
            WebError::App(AppError::BadRequest { .. }) => StatusCode::BAD_REQUEST,
            WebError::App(AppError::BadInput { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
            WebError::App(AppError::Conflict { .. }) => StatusCode::CONFLICT,
            WebError::App(AppError::TooManyAttempts { .. }) => StatusCode::TOO_MANY_REQUESTS,
            WebError::App(AppError::KeyReused) => StatusCode::UNPROCESSABLE_ENTITY,
            WebError::App(AppError::Unavailable { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            WebError::App(AppError::Failed { .. }) | WebError::Render(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// What people are told. The causes of a failure are for operators, and not in it.
    #[must_use]
    pub fn told(&self) -> Told {
        let told = |title: &str, text: &str, help: Option<&str>, is_inside| Told {
            title: title.to_owned(),
            text: text.to_owned(),
            help: help.map(str::to_owned),
            is_inside,
            lacks_right: false,
        };
        match self {
            WebError::NotIn => told(
                "You are not signed in",
                "This server opens with the link that it printed in the terminal where it was started.",
                Some("Open that link. It works once; start the server again for a new one."),
                false,
            ),
            WebError::SignedOut => told(
                "You are signed out",
                "A session ends after a while without use. Nothing was changed.",
                Some("Open the first page, sign in, and do it once more."),
                true,
            ),
            WebError::WrongLink => told(
                "This link does not open anything",
                "It was used before, has ended, or is not complete.",
                Some(
                    "Ask whoever gave it to you for a new one. The link of the console comes anew when the server is started again.",
                ),
                false,
            ),
            WebError::NotThere => told(
                "There is no such page",
                "The address may be mistyped, the page may have moved, or it is not yours to see.",
                Some("Whoever looks after the plan can tell you what you may see."),
                true,
            ),
            WebError::NotAllowed => told(
                "This address works another way",
                "It cannot be asked for like this.",
                None,
                true,
            ),
            WebError::WrongHost => told(
                "This server has another name",
                "It answers on the machine on which it runs, by the address that it printed.",
                None,
                false,
            ),
            WebError::CrossSite => told(
                "Nothing was changed",
                "The request came from another site.",
                None,
                false,
            ),
            WebError::App(AppError::Failed { .. }) | WebError::Render(_) => told(
                "Something went wrong here",
                "It was not your doing, and nothing was changed.",
                Some(
                    "Try again. If it stays, whoever runs the server finds the cause in its output.",
                ),
                true,
            ),
            WebError::App(error) => Told {
                title: match error {
                    AppError::NotFound { .. } => "There is nothing to show",
                    AppError::Forbidden { .. } => "You may not do this",
                    AppError::Conflict { .. } => "Somebody else changed this",
                    AppError::TooManyAttempts { .. } => "Please wait a while",
                    AppError::Unavailable { .. } => "This does not work just now",
                    _ => "This address does not work",
                }
                .to_owned(),
                text: in_words(error),
                help: help(error),
                is_inside: true,
                lacks_right: matches!(error, AppError::Forbidden { .. }),
            },
        }
    }
}

/// What happened, as people in a browser are told: of what was asked for by a name only that it is not there, as what is
/// hidden is told in the same words.
fn in_words(error: &AppError) -> String {
    let text = error.to_string();
    let kind = match error {
        AppError::NotFound {
            is_by_name: true, ..
        } => text.strip_prefix("there is no ").and_then(|rest| {
            let (kind, _) = rest.split_once(" `")?;
            Some(kind)
        }),
        _ => None,
    };
    match kind {
        Some(kind) => format!("There is no such {kind}, or it is not yours to see."),
        None => said(&text),
    }
}

/// Whether a help speaks of what is in a browser: those of the terminal name commands, options and files of the plan.
fn is_for_people(help: &str) -> bool {
    let of_a_terminal = ["throughline ", "--"];
    let is_end = |word: &str, end| word.find(end).is_some_and(|at| at > 0);
    let is_file = |word| is_end(word, ".yaml") || is_end(word, ".csv");
    !of_a_terminal.iter().any(|word| help.contains(word)) && !help.split(' ').any(is_file)
}

/// What helps people in a browser, if the use case says something that does.
#[must_use]
pub fn help(error: &AppError) -> Option<String> {
    error.help().filter(|help| is_for_people(help)).map(said)
}

/// A sentence of a use case on a page: what it names stands in quotation marks, and it ends.
#[must_use]
pub fn said(text: &str) -> String {
    let mut parts = text.split('`');
    let mut said = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        said.push(if index % 2 == 0 { '“' } else { '”' });
        said.push_str(part);
    }
    let end = if said.ends_with(['.', '?']) { "" } else { "." };
    format!("{}{end}", throughline_app::words::sentence(&said))
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let told = self.told();
        // Without the page around it: whoever sees this is outside of the middleware that draws it.
        let mut answer =
            (self.status(), format!("{}. {}\n", told.title, told.text)).into_response();
        if let WebError::App(error) = &self
            && let Some(wait) = error.retry_after()
        {
            let seconds = HeaderValue::from(wait.as_secs());
            answer.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        answer.extensions_mut().insert(told);
        answer.extensions_mut().insert(Problem::of(&self));
        answer
    }
}

/// The answer with a page that has a form with problems, or none.
///
/// # Errors
/// If the template cannot be filled.
pub fn form_page(template: &impl askama::Template, problems: &Problems) -> PageResult {
    let mut answer = page(template)?;
    if !problems.is_empty() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

/// The answer with a page.
///
/// # Errors
/// If the template cannot be filled.
pub fn page(template: &impl askama::Template) -> PageResult {
    let text = template.render().map_err(WebError::Render)?;
    Ok(Html(typeset(text)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_told_in_words_of_a_page() {
        let told = |error: AppError| {
            let told = WebError::App(error).told();
            (told.text, told.help)
        };
        let unit = AppError::unknown_name("there is no unit `lga` in the plan");
        assert_eq!(
            told(unit.with_help("did you mean `lga-ua`?")),
            (
                "There is no such unit, or it is not yours to see.".to_owned(),
                Some("Did you mean “lga-ua”?".to_owned())
            )
        );
        let file = "the units stand in the section `units` of organisation.yaml";
        let unit = AppError::unknown_name("there is no unit `lga` in the plan").with_help(file);
        assert_eq!(told(unit).1, None);
        let period = AppError::bad_request("`2013-13` is no period");
        assert_eq!(told(period).0, "“2013-13” is no period.");
    }
}
