//! Recording observations by the programming interface: both forms, all or nothing, once, and from nobody else's page.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use proptest::prelude::*;
use serde_json::{Value, json};
use throughline_app::Example;
use throughline_web::api::OBSERVATIONS_BODY_LIMIT;

use crate::api::{check_problem, json as read};
use crate::bench::{Answer, Bench, HOST};

const CSV: &str = "measure,unit,period,value,weight\non-time-arrival,ewr-ua,2014-W01,0.8,120\n";

/// Sends a body of observations as a program would.
async fn post(
    site: &Bench,
    session: &str,
    body: impl Into<Body>,
    headers: &[(&str, &str)],
) -> Answer {
    let request = Request::post("/api/v1/observations")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::COOKIE, session);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    site.send(request.body(body.into()).expect("a literal of the test"))
        .await
}

const AS_CSV: (&str, &str) = ("content-type", "text/csv; charset=utf-8");
const AS_JSON: (&str, &str) = ("content-type", "application/json");

/// The last commit of the ledger.
async fn head(site: &Bench, session: &str) -> Value {
    read(&site.get("/api/v1/commits?limit=1", session).await)["commits"][0]["commit"].clone()
}

#[tokio::test]
async fn both_forms_record_the_same() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let loaded = post(&site, &session, CSV, &[AS_CSV]).await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    assert_eq!(read(&loaded)["written"], 1);
    let body = json!({ "observations": [
        { "measure": "on-time-arrival", "unit": "ewr-ua", "period": "2014-W01", "value": 0.8, "weight": 120 },
        { "measure": "on-time-arrival", "unit": "ewr-ua", "period": "2014-W02", "value": 0.9, "weight": 100, "note": "a, \"b\"\nc" },
    ] });
    let loaded = post(&site, &session, body.to_string(), &[AS_JSON]).await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    let loaded = read(&loaded);
    assert_eq!(
        (&loaded["written"], &loaded["unchanged"]),
        (&json!(1), &json!(1))
    );
    // Whoever reads next finds it.
    let address = "/api/v1/measures/on-time-arrival/observations?unit=ewr-ua&period=2014-W01";
    let seen = read(&site.get(address, &session).await);
    assert_eq!(seen["observations"][0]["value"], 0.8);
    assert_eq!(seen["total"], 1);
}

#[tokio::test]
async fn all_are_recorded_or_none() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let before = head(&site, &session).await;
    let body = format!("{CSV}on-time-arrival,ewr-uu,2014-W01,0.8,120\n");
    let refused = post(&site, &session, body, &[AS_CSV]).await;
    check_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, "bad-input");
    let finding = &read(&refused)["findings"][0];
    assert_eq!(
        (&finding["line"], &finding["severity"]),
        (&json!(3), &json!("error"))
    );
    assert!(finding["mend"].is_string(), "{finding}");
    let body = json!({ "observations": [
        { "measure": "on-time-arrival", "unit": "ewr-ua", "period": "2014-W01", "value": 0.8, "weight": 1 },
        { "measure": "on-time-arrival", "unit": "ewr-uu", "period": "2014-W01", "value": 0.8, "weight": 1 },
        { "measure": "on-time-arrival", "unit": "ewr-ua", "period": "2014", "value": "1,000", "weight": 1 },
    ] });
    let refused = post(&site, &session, body.to_string(), &[AS_JSON]).await;
    check_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, "bad-input");
    let problem = read(&refused);
    let pointers: Vec<&str> = problem["findings"]
        .as_array()
        .expect("a literal of the test")
        .iter()
        .filter_map(|finding| finding["pointer"].as_str())
        .collect();
    assert!(pointers.contains(&"/observations/1/unit"), "{pointers:?}");
    assert!(
        pointers
            .iter()
            .any(|pointer| pointer.starts_with("/observations/2/")),
        "{pointers:?}"
    );
    assert_eq!(head(&site, &session).await, before);
}

#[tokio::test]
async fn a_repeated_request_has_one_effect() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let key = (
        "idempotency-key",
        "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
    );
    let first = post(&site, &session, CSV, &[AS_CSV, key]).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let after = head(&site, &session).await;
    // Somebody corrects it; the repeated request does not undo that.
    let correction = CSV.replace("0.8,", "0.7,");
    let corrected = post(&site, &session, correction.clone(), &[AS_CSV]).await;
    assert_eq!(read(&corrected)["corrections"], 1);
    let again = post(&site, &session, CSV, &[AS_CSV, key]).await;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(read(&first)["commits"][0]["commit"], after);
    let other = post(&site, &session, correction, &[AS_CSV, key]).await;
    check_problem(&other, StatusCode::UNPROCESSABLE_ENTITY, "key-reused");
    for key in ["", "\"\"", &"k".repeat(201)] {
        let refused = post(&site, &session, CSV, &[AS_CSV, ("idempotency-key", key)]).await;
        check_problem(&refused, StatusCode::BAD_REQUEST, "bad-request");
    }
}

#[tokio::test]
async fn bodies_have_a_type_and_a_limit() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let check = async |body: Body, headers: &[(&str, &str)], status: StatusCode, code: &str| {
        check_problem(&post(&site, &session, body, headers).await, status, code);
    };
    let media = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    check(Body::from(CSV), &[], media, "media-type").await;
    check(
        Body::from(CSV),
        &[("content-type", "text/plain")],
        media,
        "media-type",
    )
    .await;
    check(
        Body::from("a=b"),
        &[("content-type", "application/x-www-form-urlencoded")],
        media,
        "media-type",
    )
    .await;
    check(
        Body::from(CSV),
        &[AS_CSV, ("content-encoding", "gzip")],
        media,
        "media-type",
    )
    .await;
    let said = (OBSERVATIONS_BODY_LIMIT + 1).to_string();
    check(
        Body::from(CSV),
        &[AS_CSV, ("content-length", &said)],
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
    )
    .await;
    let large = vec![b'x'; OBSERVATIONS_BODY_LIMIT + 1];
    check(
        Body::from(large),
        &[AS_CSV],
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
    )
    .await;
    check(
        Body::from("{"),
        &[AS_JSON],
        StatusCode::BAD_REQUEST,
        "bad-request",
    )
    .await;
    check(
        Body::from("[]"),
        &[AS_JSON],
        StatusCode::BAD_REQUEST,
        "bad-request",
    )
    .await;
}

#[tokio::test]
async fn who_may_not_record_is_told_so() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("d-marrowby").await;
    let own = post(&site, &session, CSV, &[AS_CSV]).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.body);
    assert_eq!(read(&own)["commits"][0]["author"], "d-marrowby");
    let elsewhere = post(&site, &session, CSV.replace("ewr-ua", "jfk-b6"), &[AS_CSV]).await;
    check_problem(&elsewhere, StatusCode::FORBIDDEN, "forbidden");
    // Who sets the course records nothing.
    let chief = site.enter_as_another("o-brightwater", &session).await;
    check_problem(
        &post(&site, &chief, CSV, &[AS_CSV]).await,
        StatusCode::FORBIDDEN,
        "forbidden",
    );
    // Another site's page writes nothing, and one that does not say where it is from neither.
    for origin in [Some("http://evil.example"), Some("null"), None] {
        let mut request = Request::post("/api/v1/observations")
            .header(header::HOST, HOST)
            .header(header::COOKIE, &session)
            .header(header::CONTENT_TYPE, "text/csv");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let answer = site
            .send(
                request
                    .body(Body::from(CSV))
                    .expect("a literal of the test"),
            )
            .await;
        check_problem(&answer, StatusCode::FORBIDDEN, "cross-site");
    }
}

#[test]
fn no_body_is_a_fault_of_ours() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a literal of the test");
    let site = runtime.block_on(Bench::demo(Example::NyFlights));
    let session = runtime.block_on(site.enter());
    let part = prop::sample::select(vec![
        "measure",
        "unit",
        "period",
        "value",
        ",",
        "\n",
        "\"",
        "on-time-arrival",
        "ewr-ua",
        "2014-W01",
        "0.8",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\"observations\"",
        "null",
        "1e999",
        "\u{feff}",
        "\0",
        "recorded_at",
    ]);
    let text = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat().into_bytes()),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|tail| [CSV.as_bytes(), &tail].concat()),
    ];
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        ..ProptestConfig::default()
    });
    runner
        .run(&(text, any::<bool>()), |(body, is_json)| {
            let media = if is_json { AS_JSON } else { AS_CSV };
            let answer = runtime.block_on(post(&site, &session, body, &[media]));
            prop_assert!(answer.status.as_u16() < 500, "{}", answer.body);
            Ok(())
        })
        .expect("a literal of the test");
}
