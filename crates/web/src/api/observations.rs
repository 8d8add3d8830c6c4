//! Observations: those of a measure, and recording new ones.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::json::plan::Loaded;
use throughline_app::words::names;
use throughline_app::{AppError, LoadOptions, load_observations, observations};
use throughline_model::observation::Recorded;
use throughline_model::{Kind, Model};

use super::body::{Rows, csv_of_json};
use super::caller::{Caller, POSITION};
use super::problem::{ApiResult, Problem, Refusal};
use crate::address::Path;

/// The largest body of observations, in bytes.
pub const OBSERVATIONS_BODY_LIMIT: usize = 20 * 1024 * 1024;
/// The longest reason, in characters.
pub const REASON_LENGTH_MAX: usize = 1000;
/// The header by which a request that is repeated is known.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The observations of a measure, a stretch of them.
#[derive(Serialize, JsonSchema)]
pub struct ObservationsAnswer {
    measure: String,
    unit: String,
    known_at: String,
    /// How many there are in all.
    total: usize,
    observations: Vec<ObservationLine>,
}

/// A value that was recorded.
#[derive(Serialize, JsonSchema)]
pub(super) struct ObservationLine {
    unit: String,
    period: String,
    /// `null` states that there is none.
    value: Option<f64>,
    weight: Option<f64>,
    state: Option<&'static str>,
    note: Option<String>,
    /// The number of the commit that recorded it.
    commit: u64,
    recorded_at: String,
}

impl ObservationLine {
    /// A value, with its unit by the key that it has in a plan.
    pub(super) fn of(recorded: &Recorded, model: &Model) -> ObservationLine {
        let observation = &recorded.observation;
        ObservationLine {
            unit: names::key(model, (Kind::Unit, observation.cell.unit.as_uuid())),
            period: model.calendar().name(&observation.cell.period),
            value: observation.value,
            weight: observation.weight,
            state: observation.state.map(|state| state.word()),
            note: observation.note.clone(),
            commit: recorded.commit.0,
            recorded_at: recorded.at.to_string(),
        }
    }
}

/// Lists the observations of a measure.
///
/// # Errors
/// As of the use case.
pub async fn get(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let read = observations(&caller.ctx, &key, &caller.selection(), caller.page.range()).await?;
    let model = &read.selected.model;
    let line = |recorded| ObservationLine::of(recorded, model);
    let answer = ObservationsAnswer {
        measure: key,
        unit: read.selected.unit_key(),
        known_at: read.selected.known_at.to_string(),
        total: read.total,
        observations: read.observations.iter().map(line).collect(),
    };
    caller.listed(&answer, read.total)
}

/// What a body is made of.
enum Media {
    Json,
    Csv,
}

/// Records observations: all of them, or none.
///
/// # Errors
/// As of the use case; if the body is too large, or of a type that is not read here.
pub async fn post(caller: Caller, request: Request) -> ApiResult {
    let media = media(request.headers())?;
    let key = idempotency_key(request.headers())?;
    let reason = reason(&caller)?;
    let bytes = whole(request).await?;
    let server = caller.server.clone();
    let ctx = caller.ctx.with_reason(reason).with_idempotency_key(key);
    let (text, rows) = match media {
        Media::Csv => (bytes, None),
        Media::Json => {
            let (text, rows) = csv_of_json(&bytes)?;
            (text, Some(rows))
        }
    };
    let name = if rows.is_some() {
        "observations.json"
    } else {
        "observations.csv"
    };
    let loaded = load_observations(&ctx, name, &text, LoadOptions::default()).await;
    let loaded = loaded.map_err(|error| refused(error, rows.as_ref()))?;
    let position = loaded.commits.iter().map(|commit| commit.number).max();
    if let Some(position) = position {
        // Whoever reads next finds what was written. That it cannot be read just now undoes nothing: the follower tries
        // again, and says so.
        let _ = server.live().reached(position).await;
    }
    let author = ctx.actor().person.and_then(|person| {
        let model = &ctx.snapshot()?.model;
        model.key_of(Kind::Person, person.as_uuid())
    });
    let answer = Loaded::of(&loaded, author.as_deref());
    let body = serde_json::to_string(&answer)
        .map_err(|error| AppError::failed("the answer could not be written", error))?;
    let headers = [(header::CONTENT_TYPE, "application/json")];
    let mut answer = axum::response::IntoResponse::into_response((headers, body));
    if let Some(position) = position {
        let position = HeaderValue::from(position.0);
        answer.headers_mut().insert(POSITION, position);
    }
    Ok(answer)
}

/// The problem, with the places of what is wrong in the body as it was sent.
fn refused(error: AppError, rows: Option<&Rows>) -> Refusal {
    let AppError::BadInput { remarks, .. } = &error else {
        return error.into();
    };
    let errors = throughline_app::words::count(remarks.errors() as u64, "error");
    let detail = format!("The observations have {errors}; nothing was recorded.");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-input", detail)
        .with_remarks(remarks, rows)
        .into()
}

fn media(headers: &HeaderMap) -> Result<Media, Refusal> {
    let refused = |detail: &str| {
        let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", detail);
        Err(problem
            .with_help("Send application/json or text/csv, uncompressed and in UTF-8.")
            .into())
    };
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return refused("The body is compressed.");
    }
    let said = headers
        .get(header::CONTENT_TYPE)
        .and_then(|said| said.to_str().ok());
    let bare = said
        .and_then(|said| said.split(';').next())
        .unwrap_or_default()
        .trim();
    match bare.to_ascii_lowercase().as_str() {
        "application/json" => Ok(Media::Json),
        "text/csv" => Ok(Media::Csv),
        "" => refused("The request does not say of which type its body is."),
        _ => refused("Bodies of this type are not read here."),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get(&IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let text = value
        .to_str()
        .map_err(|_| Problem::bad_request("The Idempotency-Key is no plain text."))?;
    // By the draft a key is a quoted string; most people send it bare, and both are the same key.
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    Ok(Some(bare.unwrap_or(text).to_owned()))
}

fn reason(caller: &Caller) -> Result<Option<String>, Refusal> {
    let reason = caller.value("reason");
    if reason.is_some_and(|reason| reason.chars().count() > REASON_LENGTH_MAX) {
        let message = format!("A reason has up to {REASON_LENGTH_MAX} characters.");
        return Err(Problem::bad_request(message).into());
    }
    Ok(reason.map(str::to_owned))
}

async fn whole(request: Request<Body>) -> Result<Vec<u8>, Refusal> {
    let too_large = || {
        let detail = format!(
            "A body has up to {} MiB.",
            OBSERVATIONS_BODY_LIMIT / 1024 / 1024
        );
        let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail);
        Refusal::from(problem.with_help("Send the observations in several requests."))
    };
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said = said.and_then(|said| said.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|said| said > OBSERVATIONS_BODY_LIMIT) {
        return Err(too_large());
    }
    match to_bytes(request.into_body(), OBSERVATIONS_BODY_LIMIT).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => {
            let is_too_large = std::error::Error::source(&error)
                .is_some_and(|cause| cause.to_string().contains("length limit"));
            Err(if is_too_large {
                too_large()
            } else {
                Problem::bad_request("The body did not arrive as a whole.").into()
            })
        }
    }
}
