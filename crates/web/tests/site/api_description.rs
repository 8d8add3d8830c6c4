//! The OpenAPI document says what is done: every route is in it, every answer is of its shape, every example is true.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, Value};
use throughline_app::Example;
use throughline_web::ROUTES;
use throughline_web::api::openapi::{BODY_CSV, BODY_JSON, example};
use throughline_web::api::{ENDPOINTS, document};

use crate::api::json;
use crate::api_shapes::{check_fits, resolve};
use crate::bench::Bench;

/// How many elements each list of an example keeps.
const KEPT: usize = 1;

fn operation(name: &str) -> &'static Value {
    let endpoint = ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.name == name)
        .expect("as its schema says");
    let (method, path) = endpoint.route();
    &document()["paths"][path][method.to_lowercase()]
}

/// The value with its lists cut short.
fn shortened(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().take(KEPT).map(shortened).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                // The edges of a range are no list.
                let ranges = [
                    "bounds",
                    "target",
                    "floor",
                    "standard_interval",
                    "plain_interval",
                    "without_one_unit",
                    "limits",
                    "in_50",
                    "in_80",
                    "in_95",
                ];
                let is_range = ranges.contains(&name.as_str());
                (
                    name.clone(),
                    if is_range {
                        value.clone()
                    } else {
                        shortened(value)
                    },
                )
            });
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

#[test]
fn every_route_is_described() {
    let routes: BTreeSet<(&str, &str)> = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/"))
        .map(|route| (route.method, route.path))
        .collect();
    let paths = document()["paths"].as_object().expect("as its schema says");
    let described: BTreeSet<(String, &str)> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("as its schema says").keys();
            methods.map(move |method| (method.to_uppercase(), path.as_str()))
        })
        .collect();
    let described: BTreeSet<(&str, &str)> = described
        .iter()
        .map(|(method, path)| (method.as_str(), *path))
        .collect();
    assert_eq!(routes, described);
    assert_eq!(ENDPOINTS.len(), routes.len());
    for (_, path) in routes {
        let in_path: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        for operation in paths[path]
            .as_object()
            .expect("as its schema says")
            .values()
        {
            let parameters = operation["parameters"]
                .as_array()
                .expect("as its schema says")
                .iter();
            let said = parameters.filter(|parameter| parameter["in"] == "path");
            let said: BTreeSet<&str> = said
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            assert_eq!(in_path, said, "{path}");
        }
    }
}

#[test]
fn it_is_a_document_of_openapi_3_1() {
    let document = document();
    let only = |value: &Value, at: &str, known: &[&str]| {
        for name in value
            .as_object()
            .unwrap_or_else(|| panic!("{at} is no object"))
            .keys()
        {
            assert!(known.contains(&name.as_str()), "{at}: {name}");
        }
    };
    only(
        document,
        "",
        &[
            "openapi",
            "info",
            "jsonSchemaDialect",
            "servers",
            "security",
            "paths",
            "components",
        ],
    );
    assert_eq!(document["openapi"], "3.1.1");
    for required in ["title", "version"] {
        assert!(document["info"][required].is_string(), "{required}");
    }
    only(
        &document["components"],
        "components",
        &["schemas", "securitySchemes", "responses"],
    );
    let mut ids = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("as its schema says") {
        assert!(path.starts_with('/'), "{path}");
        only(methods, path, &["get", "post"]);
        for operation in methods.as_object().expect("as its schema says").values() {
            only(
                operation,
                path,
                &[
                    "operationId",
                    "summary",
                    "description",
                    "parameters",
                    "requestBody",
                    "responses",
                ],
            );
            assert!(
                ids.insert(
                    operation["operationId"]
                        .as_str()
                        .expect("as its schema says")
                ),
                "{path}"
            );
            let mut names = BTreeSet::new();
            for parameter in operation["parameters"]
                .as_array()
                .expect("as its schema says")
            {
                only(
                    parameter,
                    path,
                    &["name", "in", "required", "schema", "example", "description"],
                );
                assert!(
                    names.insert((parameter["in"].to_string(), parameter["name"].to_string())),
                    "{path}"
                );
                if parameter["in"] == "path" {
                    assert_eq!(parameter["required"], true, "{path}");
                }
                if let Some(example) = parameter.get("example") {
                    check_fits(example, &parameter["schema"], path);
                }
            }
            for (status, answer) in operation["responses"]
                .as_object()
                .expect("as its schema says")
            {
                assert!(
                    status
                        .parse::<u16>()
                        .is_ok_and(|status| (200..600).contains(&status)),
                    "{status}"
                );
                let answer = answer.get("$ref").map_or(answer, |found| {
                    resolve(found.as_str().expect("as its schema says"))
                });
                only(answer, path, &["description", "headers", "content"]);
                assert!(answer["description"].is_string(), "{path} {status}");
            }
        }
    }
    check_references(document);
}

fn check_references(value: &Value) {
    match value {
        Value::Object(entries) => {
            if let Some(Value::String(reference)) = entries.get("$ref") {
                resolve(reference);
            }
            entries.values().for_each(check_references);
        }
        Value::Array(elements) => elements.iter().for_each(check_references),
        _ => {}
    }
}

#[tokio::test]
async fn answers_are_of_their_shape_and_examples_are_true() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let mut examples = Map::new();
    for endpoint in ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.route().0 == "GET")
    {
        let answer = site.get(endpoint.example, &session).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{}: {}",
            endpoint.example,
            answer.body
        );
        assert_eq!(answer.header("content-type"), "application/json");
        let content = &operation(endpoint.name)["responses"]["200"]["content"]["application/json"];
        check_fits(&json(&answer), &content["schema"], endpoint.example);
        // What it says is also what the whole answer says, with all of its elements.
        let whole = endpoint
            .example
            .replace("&limit=2", "")
            .replace("?limit=2", "")
            .replace("&limit=1", "")
            .replace("?limit=1", "");
        let whole = site.get(&whole, &session).await;
        assert_eq!(whole.status, StatusCode::OK, "{}", whole.body);
        check_fits(&json(&whole), &content["schema"], endpoint.example);
        if endpoint.name != "api_openapi" {
            examples.insert(endpoint.name.to_owned(), shortened(&json(&answer)));
        }
    }
    let posted = site.post_as(&session, BODY_CSV, "text/csv").await;
    let posted_again = site.post_as(&session, BODY_JSON, "application/json").await;
    assert_eq!(posted.status, StatusCode::OK, "{}", posted.body);
    assert_eq!(
        json(&posted_again)["unchanged"],
        1,
        "both forms of the example say the same"
    );
    let name = "api_record_observations";
    let schema = &operation(name)["responses"]["200"]["content"]["application/json"]["schema"];
    check_fits(&json(&posted), schema, name);
    examples.insert(name.to_owned(), shortened(&json(&posted)));
    let made =
        serde_json::to_string_pretty(&Value::Object(examples)).expect("as its schema says") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/examples.json");
    if std::env::var_os("THROUGHLINE_WRITE_EXAMPLES").is_some() {
        std::fs::write(path, &made).expect("as its schema says");
    }
    let written = std::fs::read_to_string(path).expect("as its schema says");
    assert_eq!(
        written, made,
        "run this test with THROUGHLINE_WRITE_EXAMPLES=1, and read what it writes"
    );
}

#[test]
fn examples_fit_what_they_are_examples_of() {
    for endpoint in ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.name != "api_openapi")
    {
        let answer =
            example(endpoint.name).unwrap_or_else(|| panic!("{} has no example", endpoint.name));
        let schema =
            &operation(endpoint.name)["responses"]["200"]["content"]["application/json"]["schema"];
        check_fits(answer, schema, endpoint.name);
    }
    let body = &operation("api_record_observations")["requestBody"]["content"]["application/json"];
    check_fits(&body["example"], &body["schema"], "the body");
}

/// The address of a line of the documentation, without the server.
fn documented(line: &str) -> Option<&str> {
    let (_, address) = line.strip_prefix("curl ")?.split_once("\"$SERVER")?;
    address.strip_suffix('"')
}

#[tokio::test]
async fn what_the_documentation_asks_is_answered() {
    let text = include_str!("../../../../docs/API.md");
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let mut asked = 0;
    for line in text.lines() {
        let Some(address) = documented(line) else {
            continue;
        };
        let answer = if line.contains("--data-binary") {
            assert!(
                line.contains("Origin: $SERVER") && line.contains("text/csv"),
                "{line}"
            );
            site.post_as(&session, BODY_CSV, "text/csv").await
        } else {
            site.get(address, &session).await
        };
        assert_eq!(answer.status, StatusCode::OK, "{line}: {}", answer.body);
        let path = address.split('?').next().expect("as its schema says");
        let is_described = ENDPOINTS.iter().any(|endpoint| {
            let mut parts = endpoint.route().1.split('/').zip(path.split('/'));
            parts.all(|(known, part)| known == part || known.starts_with('{'))
        });
        assert!(is_described, "{line}");
        asked += 1;
    }
    assert_eq!(
        asked,
        text.matches("\"$SERVER").count(),
        "each example is understood"
    );
    let body = text
        .split("```json\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    assert_eq!(body.map(str::trim), Some(BODY_JSON));
}
