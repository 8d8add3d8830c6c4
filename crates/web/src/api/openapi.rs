//! The description of the programming interface, OpenAPI 3.1, made of the table of endpoints.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::response::Response;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::caller::{Caller, ready};
use super::observations::OBSERVATIONS_BODY_LIMIT;
use super::problem::{ApiResult, MEDIA_TYPE, Problem};
use super::table::{ENDPOINTS, Endpoint, Form, Parameter};

/// An answer of each endpoint in the bundled example, with its lists cut short; a test holds it to what is answered.
const EXAMPLES: &str = include_str!("examples.json");

static EXAMPLE_ANSWERS: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(EXAMPLES).unwrap_or_default());

static DOCUMENT: LazyLock<Value> = LazyLock::new(describe);
static TEXT: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_string());

/// The document.
#[must_use]
pub fn document() -> &'static Value {
    &DOCUMENT
}

/// The answer of an endpoint in the bundled example, shortened.
#[must_use]
pub fn example(name: &str) -> Option<&'static Value> {
    EXAMPLE_ANSWERS.get(name)
}

/// Answers with the document.
///
/// # Errors
/// If it was asked for with a parameter.
pub async fn get(_: Caller) -> Result<Response, super::problem::Refusal> {
    let answer: ApiResult = Ok(ready(&TEXT));
    answer
}

/// Observations, as they are sent as JSON. It is read row by row, so that all that is wrong is found at once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "declares the form of a body")]
struct SentObservations {
    /// Each of them.
    observations: Vec<SentObservation>,
}

/// One observation; what each field means stands in docs/PLAN_FORMAT.md.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "declares the form of a body")]
struct SentObservation {
    /// The key of the measure.
    measure: String,
    /// The key of the unit.
    unit: String,
    /// The period, of the measure's frequency, such as `2013-06` or `2013`.
    period: NumberOrText,
    /// The value; null states that there is none; `yes` and `no` of a measure of that kind.
    #[schemars(required)]
    value: Option<NumberOrText>,
    /// The denominator of a ratio, or the number of cases of a mean.
    weight: Option<NumberOrText>,
    /// `provisional`, `validated` or `withdrawn`, which has no value.
    state: Option<String>,
    /// A remark.
    note: Option<String>,
    /// When it became known elsewhere; only for history that is brought in.
    recorded_at: Option<String>,
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "declares the form of a body")]
enum NumberOrText {
    Number(f64),
    Text(String),
}

fn describe() -> Value {
    let answers = SchemaSettings::draft2020_12().for_serialize();
    let mut generator = at_components(answers).into_generator();
    let problem = generator.subschema_for::<Problem>().to_value();
    let mut paths = Map::new();
    for endpoint in ENDPOINTS {
        let (method, path) = endpoint.route();
        let operation = operation(endpoint, &mut generator);
        let at_path = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(at_path) = at_path.as_object_mut() {
            at_path.insert(method.to_lowercase(), operation);
        }
    }
    let mut schemas = generator.take_definitions(true);
    let mut bodies = at_components(SchemaSettings::draft2020_12()).into_generator();
    bodies.subschema_for::<SentObservations>();
    schemas.extend(bodies.take_definitions(true));
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Throughline",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The plan, its figures and where they come from, as JSON.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{ "url": "/" }],
        "security": [{ "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "throughline-8080",
                    "description": "The cookie that the link of the server sets; its name ends in the port of the server.",
                },
            },
            "responses": {
                "Problem": {
                    "description": "Why it was not done; nothing was changed.",
                    "content": { MEDIA_TYPE: { "schema": problem } },
                },
                "NotModified": { "description": "The answer with that tag is still the right one." },
            },
        },
    })
}

fn at_components(settings: SchemaSettings) -> SchemaSettings {
    settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    })
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let (method, _) = endpoint.route();
    let is_write = method == "POST";
    let schema = (endpoint.answer)(generator).to_value();
    let mut content = json!({ "schema": schema });
    if let Some(example) = example(endpoint.name) {
        content["example"] = example.clone();
    }
    let mut headers = json!({});
    headers["Throughline-Position"] = header(if is_write {
        "The last commit that was made; nothing where nothing was."
    } else {
        "The last commit that the answer contains."
    });
    if !is_write {
        headers["ETag"] = header("The tag by which the answer is recognised.");
    }
    if endpoint.is_paged {
        headers["Link"] = header("The pages around this one (RFC 8288): first, prev, next.");
    }
    let mut parameters: Vec<Value> = endpoint.parameters.iter().map(parameter).collect();
    let mut responses = json!({
        "200": { "description": endpoint.summary, "headers": headers, "content": { "application/json": content } },
    });
    for status in statuses(endpoint) {
        responses[status] = json!({ "$ref": "#/components/responses/Problem" });
    }
    if is_write {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "schema": { "type": "string", "minLength": 1, "maxLength": throughline_app::IDEMPOTENCY_KEY_LENGTH_LIMIT },
            "description": "Names the request, so that it has one effect however often it is sent.",
        }));
    } else {
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "Tags of answers that are there already.",
        }));
        parameters.push(json!({
            "name": "Throughline-Position", "in": "header", "required": false, "schema": { "type": "integer", "minimum": 0 },
            "description": "The commit that the answer must contain; it is waited for, a second at most.",
        }));
        responses["304"] = json!({ "$ref": "#/components/responses/NotModified" });
    }
    let mut operation = json!({
        "operationId": endpoint.name.trim_start_matches("api_"),
        "summary": endpoint.summary,
        "description": endpoint.about,
        "parameters": parameters,
        "responses": responses,
    });
    if is_write {
        operation["requestBody"] = body();
    }
    operation
}

fn header(about: &str) -> Value {
    json!({ "description": about, "schema": { "type": "string" } })
}

/// The statuses of an endpoint that say that something is wrong.
#[must_use]
pub fn statuses(endpoint: &Endpoint) -> BTreeSet<&'static str> {
    let (method, _) = endpoint.route();
    let always = ["400", "401", "404", "405", "421", "500", "503"];
    let of_writes: &[&str] = if method == "POST" {
        &["403", "413", "415", "422"]
    } else {
        &[]
    };
    always
        .into_iter()
        .chain(of_writes.iter().copied())
        .collect()
}

fn parameter(parameter: &Parameter) -> Value {
    let schema = match parameter.form {
        Form::Text => json!({ "type": "string" }),
        Form::Number(least, most, default) => {
            json!({ "type": "integer", "minimum": least, "maximum": most, "default": default })
        }
    };
    let example = match parameter.form {
        Form::Text => json!(parameter.example),
        Form::Number(..) => json!(parameter.example.parse::<u64>().unwrap_or_default()),
    };
    json!({
        "name": parameter.name,
        "in": if parameter.is_in_path { "path" } else { "query" },
        "required": parameter.is_required,
        "schema": schema,
        "example": example,
        "description": parameter.about,
    })
}

/// A body of observations in both forms, of the same one.
pub const BODY_JSON: &str = r#"{ "observations": [{ "measure": "on-time-arrival", "unit": "ewr-ua", "period": "2014-W01", "value": 0.8, "weight": 120 }] }"#;
/// The same as CSV.
pub const BODY_CSV: &str =
    "measure,unit,period,value,weight\non-time-arrival,ewr-ua,2014-W01,0.8,120\n";

fn body() -> Value {
    let example: Value = serde_json::from_str(BODY_JSON).unwrap_or_default();
    json!({
        "required": true,
        "description": format!("Up to {} MiB, uncompressed.", OBSERVATIONS_BODY_LIMIT / 1024 / 1024),
        "content": {
            "application/json": {
                "schema": { "$ref": "#/components/schemas/SentObservations" },
                "example": example,
            },
            "text/csv": { "schema": { "type": "string" }, "example": BODY_CSV },
        },
    })
}
