//! The programming interface: every endpoint with good and bad requests, pages of lists, and tags.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use proptest::prelude::*;
use serde_json::Value;
use throughline_app::Example;
use throughline_web::api::ENDPOINTS;

use crate::bench::{Answer, Bench, HOST};

/// The answer as JSON.
pub fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

/// Checks that an answer is a problem document of that status and code.
pub fn check_problem(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = json(answer);
    assert_eq!(problem["status"], status.as_u16());
    assert_eq!(problem["code"], code, "{}", answer.body);
    assert_eq!(problem["type"], format!("/api#{code}"));
    for text in ["title", "detail"] {
        assert!(
            problem[text].as_str().is_some_and(|text| !text.is_empty()),
            "{text}"
        );
    }
}

/// Checks that a name that nothing has, or that is hidden, is answered as on pages.
pub fn check_unknown(answer: &Answer) {
    check_problem(answer, StatusCode::NOT_FOUND, "not-found");
}

/// An endpoint's example with another value of a parameter, or without it.
pub fn with(address: &str, name: &str, value: Option<&str>) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_other = |pair: &&str| {
        !pair.is_empty() && pair.split_once('=').is_none_or(|(known, _)| known != name)
    };
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(is_other)
        .map(str::to_owned)
        .collect();
    pairs.extend(value.map(|value| format!("{name}={value}")));
    format!("{path}?{}", pairs.join("&"))
}

/// The address with another text for a part of its path.
fn with_part(template: &str, address: &str, name: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let meant = format!("{{{name}}}");
    let is_meant = template.split('/').map(|part| part == meant);
    let parts: Vec<&str> = is_meant
        .zip(path.split('/'))
        .map(|(is_meant, part)| if is_meant { "no-such-thing" } else { part })
        .collect();
    assert!(parts.contains(&"no-such-thing"), "{template}: {name}");
    format!("{}?{query}", parts.join("/"))
}

#[tokio::test]
async fn every_endpoint_refuses_what_cannot_be() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    for endpoint in ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.route().0 == "GET")
    {
        let address = endpoint.example;
        let check = async |address: String, status: StatusCode, code: &str| {
            let answer = site.get(&address, &session).await;
            assert_eq!(answer.status, status, "{address}: {}", answer.body);
            check_problem(&answer, status, code);
        };
        check(
            with(address, "knwon-at", Some("2013-06-01")),
            StatusCode::BAD_REQUEST,
            "bad-request",
        )
        .await;
        for parameter in endpoint.parameters {
            let name = parameter.name;
            match name {
                "unit" | "measure" => {
                    let wrong = with(address, name, Some("no-such-thing"));
                    check_unknown(&site.get(&wrong, &session).await);
                }
                "key" | "kind" | "number" => {
                    let wrong = with_part(endpoint.route().1, address, name);
                    check_unknown(&site.get(&wrong, &session).await);
                }
                "limit" => {
                    for wrong in ["0", "1001", "-1", "many", "1e3"] {
                        check(
                            with(address, name, Some(wrong)),
                            StatusCode::BAD_REQUEST,
                            "bad-request",
                        )
                        .await;
                    }
                }
                // Any text can be looked for.
                "q" => {}
                _ => {
                    let wrong = with(address, name, Some("neither-date-nor-period"));
                    check(wrong, StatusCode::BAD_REQUEST, "bad-request").await;
                }
            }
            if parameter.is_required && !parameter.is_in_path {
                check(
                    with(address, name, None),
                    StatusCode::BAD_REQUEST,
                    "bad-request",
                )
                .await;
            }
        }
    }
}

#[tokio::test]
async fn every_error_is_a_problem_document() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let get = async |path: &str, session: &str| site.get(path, session).await;
    check_problem(
        &get("/api/v1/place", "").await,
        StatusCode::UNAUTHORIZED,
        "not-signed-in",
    );
    check_problem(
        &get("/api/v1/nowhere", "").await,
        StatusCode::UNAUTHORIZED,
        "not-signed-in",
    );
    check_problem(
        &get("/api/v1/nowhere", &session).await,
        StatusCode::NOT_FOUND,
        "not-found",
    );
    check_problem(
        &get("/api/", &session).await,
        StatusCode::NOT_FOUND,
        "not-found",
    );
    check_problem(
        &get("/api/v1/records/%FF", &session).await,
        StatusCode::NOT_FOUND,
        "not-found",
    );
    let other_method = Request::delete("/api/v1/place")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::COOKIE, &session);
    let answer = site.send(other_method.body(Body::empty()).unwrap()).await;
    check_problem(
        &answer,
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
    );
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let elsewhere = Request::get("/api/v1/place").header(header::HOST, "evil.example");
    let answer = site.send(elsewhere.body(Body::empty()).unwrap()).await;
    check_problem(&answer, StatusCode::MISDIRECTED_REQUEST, "wrong-host");
    // A page that takes another method says so, as a page.
    let page = Request::delete("/strategy")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::COOKIE, &session);
    let answer = site.send(page.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(
        answer.header("content-type").starts_with("text/html"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn lists_come_in_pages() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let whole = json(&site.get("/api/v1/plan?limit=1000", &session).await);
    let total = whole["total"].as_u64().unwrap();
    let mut collected = Vec::new();
    let mut next = Some("/api/v1/plan?limit=40".to_owned());
    let mut pages = 0;
    while let Some(address) = next {
        let answer = site.get(&address, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
        collected.extend(json(&answer)["records"].as_array().unwrap().clone());
        let links = answer.header("link").split(", ");
        let link = links
            .filter_map(|link| link.strip_suffix("; rel=\"next\""))
            .next();
        next = link.map(|link| link.trim_matches(['<', '>']).to_owned());
        pages += 1;
    }
    assert_eq!(pages, total.div_ceil(40));
    assert_eq!(&Value::Array(collected), &whole["records"]);
    let beyond = json(&site.get("/api/v1/plan?offset=100000", &session).await);
    assert_eq!(beyond["records"].as_array().map(Vec::len), Some(0));
    let second = site.get("/api/v1/plan?limit=1&offset=1", &session).await;
    let links = second.header("link");
    for relation in ["first", "prev", "next"] {
        assert!(links.contains(&format!("rel=\"{relation}\"")), "{links}");
    }
}

#[tokio::test]
async fn an_answer_is_sent_once() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let address = "/api/v1/scorecard?period=2013-06";
    let first = site.get(address, &session).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert!(
        first.header("cache-control").contains("private"),
        "{:?}",
        first.headers
    );
    let again = async |address: &str, session: &str, tags: &str| {
        let request = Request::get(address)
            .header(header::HOST, HOST)
            .header(header::COOKIE, session)
            .header(header::IF_NONE_MATCH, tags);
        site.send(request.body(Body::empty()).unwrap()).await
    };
    let known = again(address, &session, &tag).await;
    assert_eq!(
        (known.status, known.body.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    assert_eq!(known.header("etag"), tag);
    let check = async |address: &str, tags: &str, expected: StatusCode| {
        assert_eq!(
            again(address, &session, tags).await.status,
            expected,
            "{address} {tags}"
        );
    };
    check(
        address,
        &format!("\"other\", {tag}"),
        StatusCode::NOT_MODIFIED,
    )
    .await;
    check(address, "\"other\"", StatusCode::OK).await;
    check("/api/v1/scorecard?period=2013-07", &tag, StatusCode::OK).await;
    assert_eq!(
        again(address, "", &tag).await.status,
        StatusCode::UNAUTHORIZED
    );
    // Somebody else gets an answer of their own.
    site.post("/look-through", &session, "person=d-marrowby")
        .await;
    check(address, &tag, StatusCode::OK).await;
    // What is written changes the tag.
    let form = "measure,unit,period,value,weight\non-time-arrival,ewr-ua,2013-W23,0.5,10\n";
    let before = site.get(address, &session).await.header("etag").to_owned();
    let request = Request::post("/api/v1/observations")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::COOKIE, &session)
        .header(header::CONTENT_TYPE, "text/csv");
    let written = site.send(request.body(Body::from(form)).unwrap()).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.body);
    check(address, &before, StatusCode::OK).await;
}

#[test]
fn no_address_is_a_fault_of_ours() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let site = runtime.block_on(Bench::demo(Example::NyFlights));
    let session = runtime.block_on(site.enter_as("o-brightwater"));
    let paths: Vec<&str> = ENDPOINTS
        .iter()
        .map(|endpoint| endpoint.route().1)
        .collect();
    let names = [
        "unit", "period", "known-at", "plan-at", "limit", "offset", "from", "to", "measure",
        "reason",
    ];
    let text = prop::collection::vec(any::<u8>(), 0..12);
    let value = prop_oneof![
        text.prop_map(|bytes| bytes
            .iter()
            .map(|byte| format!("%{byte:02X}"))
            .collect::<String>()),
        prop::sample::select(vec![
            "ewr",
            "2013",
            "2013-06",
            "9999-12",
            "0000-01-01",
            "-9999",
            "2013-W53",
            "99999999999999999999",
            "2013-W23",
            "on-time-arrival",
            "objective"
        ])
        .prop_map(str::to_owned),
    ];
    let query = prop::collection::vec((prop::sample::select(names.to_vec()), value.clone()), 0..4);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        ..ProptestConfig::default()
    });
    let strategy = (
        prop::sample::select(paths),
        value.clone(),
        value,
        query,
        prop::sample::select(vec![Method::GET, Method::HEAD, Method::POST, Method::PUT]),
    );
    runner
        .run(&strategy, |(path, first, second, query, method)| {
            let path = path
                .replacen("{kind}", &first, 1)
                .replacen("{key}", &second, 1);
            let query: Vec<String> = query
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let address = format!("{path}?{}", query.join("&"));
            let request = Request::builder()
                .method(method)
                .uri(&address)
                .header(header::HOST, HOST)
                .header(header::ORIGIN, format!("http://{HOST}"))
                .header(header::COOKIE, &session);
            let answer = runtime.block_on(site.send(request.body(Body::empty()).unwrap()));
            prop_assert!(answer.status.as_u16() < 500, "{address}: {}", answer.body);
            Ok(())
        })
        .unwrap();
}
