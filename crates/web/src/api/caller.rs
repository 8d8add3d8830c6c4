//! Who asks, where, and for which stretch of a list: read from a request once, checked against the table of endpoints.

use axum::extract::{FromRequestParts, MatchedPath, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use throughline_app::{Ctx, Selection};
use throughline_core::nearest;
use throughline_model::observation::CommitNumber;

use super::problem::{ApiResult, Problem, Refusal};
use super::table::{Endpoint, endpoint_at};
use crate::error::WebError;
use crate::place::{Place, encoded};
use crate::server::Server;
use crate::viewer::Viewer;

/// How many elements a page of a list has where nobody says.
pub const PAGE_LIMIT_DEFAULT: usize = 100;
/// The most elements of a page.
pub const PAGE_LIMIT_MAX: usize = 1000;
/// How far into a list a page may begin.
pub const PAGE_OFFSET_MAX: usize = 10_000_000;
/// The header that says up to which commit an answer goes, and in a request up to which one it must.
pub const POSITION: HeaderName = HeaderName::from_static("throughline-position");
/// How many bytes of a hash a tag has.
const TAG_LENGTH: usize = 16;

/// A stretch of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many elements come before it.
    pub offset: usize,
    /// The most elements that it has.
    pub limit: usize,
}

impl Page {
    /// The elements of a list that are in it.
    pub fn of<T>(self, all: impl IntoIterator<Item = T>) -> Vec<T> {
        all.into_iter().skip(self.offset).take(self.limit).collect()
    }

    /// The places of its elements.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.limit
    }
}

/// Who asks for what.
pub struct Caller {
    /// The context of the request: use cases are called with it.
    pub ctx: Ctx,
    /// Unit, period and clocks of the address.
    pub place: Place,
    /// The stretch of a list that is meant.
    pub page: Page,
    /// The server.
    pub server: Server,
    path: String,
    query: Vec<(String, String)>,
    tag: HeaderValue,
}

impl Caller {
    /// What is asked of a use case.
    #[must_use]
    pub fn selection(&self) -> Selection {
        self.place.selection()
    }

    /// The value of a parameter, where it was given.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        value(&self.query, name)
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    /// If it is not.
    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.value(name).ok_or_else(|| {
            Problem::bad_request(format!("The parameter `{name}` is missing.")).into()
        })
    }

    /// The answer, with the tag by which it is recognised.
    ///
    /// # Errors
    /// Never, unless a shape cannot be written, which is a fault of ours.
    pub fn answer(&self, shape: &impl Serialize) -> ApiResult {
        let body = serde_json::to_string(shape).map_err(|error| {
            WebError::App(throughline_app::AppError::failed(
                "the answer could not be written",
                error,
            ))
        })?;
        let mut answer = ([(header::CONTENT_TYPE, "application/json")], body).into_response();
        answer.headers_mut().insert(header::ETAG, self.tag.clone());
        if let Some(snapshot) = self.ctx.snapshot() {
            let position = HeaderValue::from(snapshot.position.0);
            answer.headers_mut().insert(POSITION, position);
        }
        Ok(answer)
    }

    /// The answer with a page of a list of so many elements, and links to the pages around it.
    ///
    /// # Errors
    /// As [`Caller::answer`].
    pub fn listed(&self, shape: &impl Serialize, total: usize) -> ApiResult {
        let mut answer = self.answer(shape)?;
        let Page { offset, limit } = self.page;
        let mut links = Vec::new();
        if offset > 0 {
            links.push(self.link("first", 0));
            links.push(self.link("prev", offset.saturating_sub(limit)));
        }
        if offset.saturating_add(limit) < total {
            links.push(self.link("next", offset + limit));
        }
        if let Ok(links) = HeaderValue::try_from(links.join(", "))
            && !links.is_empty()
        {
            answer.headers_mut().insert(header::LINK, links);
        }
        Ok(answer)
    }

    fn link(&self, relation: &str, offset: usize) -> String {
        let (offset, limit) = (offset.to_string(), self.page.limit.to_string());
        let kept = self
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| !["offset", "limit"].contains(name));
        let pairs = kept.chain([("limit", limit.as_str()), ("offset", offset.as_str())]);
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        format!("<{}?{}>; rel=\"{relation}\"", self.path, pairs.join("&"))
    }
}

impl FromRequestParts<Server> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Refusal> {
        let matched = parts.extensions.get::<MatchedPath>();
        let endpoint = matched.and_then(|path| endpoint_at(&parts.method, path.as_str()));
        let endpoint = endpoint.ok_or(WebError::NotThere)?;
        let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| Problem::bad_request(format!("{error}.")))?
            .0;
        check(endpoint, &query)?;
        let page = page(&query)?;
        if let Some(position) = position(&parts.headers)? {
            server.live().reached(position).await?;
        }
        let viewer = Viewer::from_request_parts(parts, server).await?;
        let tag = tag(&viewer, parts);
        if parts.method != Method::POST && is_known(&parts.headers, &tag) {
            return Err(Refusal::NotModified(tag));
        }
        Ok(Caller {
            // A program asks once, and is answered whole.
            ctx: viewer.ctx.with_all_the_time(),
            place: viewer.place,
            page,
            server: viewer.server,
            path: viewer.path,
            query,
            tag,
        })
    }
}

/// The commit up to which the answer must go, where one is named: of what was written by another process, for one.
fn position(headers: &HeaderMap) -> Result<Option<CommitNumber>, Refusal> {
    let Some(value) = headers.get(&POSITION) else {
        return Ok(None);
    };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    match number {
        Some(number) => Ok(Some(CommitNumber(number))),
        None => Err(Problem::bad_request("A position is the number of a commit.").into()),
    }
}

fn value<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = query.iter().find(|(known, _)| known == name);
    found
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.trim().is_empty())
}

/// A parameter that is not there would be passed over in silence, and figures of another place be taken for the right ones.
fn check(endpoint: &Endpoint, query: &[(String, String)]) -> Result<(), Refusal> {
    let known = || endpoint.parameters.iter().filter(|known| !known.is_in_path);
    for (place, (name, _)) in query.iter().enumerate() {
        if !known().any(|known| known.name == name) {
            let problem = Problem::bad_request(format!("There is no parameter `{name}` here."));
            let names: Vec<&str> = known().map(|known| known.name).collect();
            let help = match nearest(name, names.iter().copied()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None if names.is_empty() => "This address takes no parameters.".to_owned(),
                None => format!("The parameters are {}.", names.join(", ")),
            };
            return Err(problem.with_help(help).into());
        }
        if query.iter().take(place).any(|(before, _)| before == name) {
            let message = format!("The parameter `{name}` is given twice.");
            return Err(Problem::bad_request(message).into());
        }
    }
    Ok(())
}

fn page(query: &[(String, String)]) -> Result<Page, Refusal> {
    let number = |name: &str, default: usize, least: usize, most: usize| {
        let Some(text) = value(query, name) else {
            return Ok(default);
        };
        let number = text.parse::<usize>().ok();
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| {
                let message = format!("The parameter `{name}` is a number from {least} to {most}.");
                Refusal::from(Problem::bad_request(message))
            })
    };
    Ok(Page {
        offset: number("offset", 0, 0, PAGE_OFFSET_MAX)?,
        limit: number("limit", PAGE_LIMIT_DEFAULT, 1, PAGE_LIMIT_MAX)?,
    })
}

/// The tag of an answer, of all that it is a function of: program, ledger, day, who asks, address. It is weak, because
/// the instant of now stands in some answers and changes nothing in them. Who makes one up is answered that nothing has
/// changed, and learns nothing.
fn tag(viewer: &Viewer, parts: &Parts) -> HeaderValue {
    let snapshot = viewer.ctx.snapshot();
    let (position, line, day) = snapshot.map_or_else(Default::default, |snapshot| {
        let day = snapshot.model.calendar().date_of(viewer.ctx.now());
        // A commit of that number may be another one once a backup was restored, and persons may have their data keys again.
        let standing = snapshot.standing;
        let line = format!("{} {}", standing.head.hash, standing.data_keys);
        (snapshot.position.0, line, day.to_string())
    });
    let address = parts
        .uri
        .path_and_query()
        .map_or("", |address| address.as_str());
    let text = format!(
        "{}\n{position}\n{line}\n{day}\n{:?}\n{address}",
        env!("CARGO_PKG_VERSION"),
        viewer.ctx.actor()
    );
    let hash = Sha256::digest(text.as_bytes());
    let hash: String = hash
        .iter()
        .take(TAG_LENGTH)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::try_from(format!("W/\"{position}-{hash}\""))
        .unwrap_or(HeaderValue::from_static("W/\"\""))
}

/// Whether the caller says that it has the answer with that tag.
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let tag = bare(tag.to_str().unwrap_or_default());
    let lines = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let mut known = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    known.any(|one| bare(one) == tag)
}

/// An answer that is the same for everybody, already written.
pub fn ready(body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
