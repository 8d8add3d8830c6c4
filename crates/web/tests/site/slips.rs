//! Slips in addresses and forms: each is answered with a page, or a problem document, and nothing that was written is lost.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;

#[tokio::test]
async fn a_slip_in_the_state_of_a_page_asks_for_nothing() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    for path in [
        "/strategy?row=x",
        "/strategy?unit=ewr&unit=jfk",
        "/scorecard?row=-1",
        "/measures?row=x&q=on&q=time",
        "/measures/on-time-arrival?below=x",
        "/measures/on-time-arrival/explanation?row=99999999999999999999999",
        "/initiatives?row=x",
        "/people?row=x",
        "/history?before=x",
        "/history/1?row=x",
        "/find?q=a&q=b",
        "/line-of-sight?from=a&from=b",
    ] {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    let beyond = site.get("/history/2?row=99999", &session).await;
    assert!(!beyond.body.contains("99951"), "beyond the last row");
    let nothing = site.get("/history?about=anything", &session).await;
    assert!(!nothing.body.contains("Show all"), "nothing is filtered");
    let nothing = site.get("/find?q=-", &session).await;
    assert!(!nothing.body.contains("/objectives/"), "no word is left");
}

#[tokio::test]
async fn what_names_nothing_is_not_there() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let answer = site.get("/objectives/%FF", &session).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("<title>"), "{}", answer.body);
    let answer = site.post("/look-through", &session, "no=body").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("<title>"), "{}", answer.body);
    for path in [
        "/api/v1/records/measure/none/history",
        "/api/v1/records/measure/%FF",
        "/api/v1/measures/%FF/observations",
    ] {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let kind = answer.header("content-type");
        assert_eq!(kind, "application/problem+json", "{path}");
    }
}

#[tokio::test]
async fn a_form_keeps_what_was_written_and_says_what_is_wrong_with_it() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let check = async |path: &str, fields: &[&str], kept: &str| {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.body.contains("There is a problem"), "{path}");
        assert!(answer.body.contains("<title>Error: "), "{path}");
        let marked = answer.body.matches("aria-invalid").count();
        assert_eq!(marked, fields.len(), "{path}");
        for field in fields {
            let said = format!("id=\"{field}-wrong\"");
            assert!(answer.body.contains(&said), "{path} {field}");
            let link = format!("href=\"#{field}\"");
            assert!(answer.body.contains(&link), "{path} {field}");
        }
        assert!(answer.body.contains(kept), "{path}");
    };
    check(
        "/history?record=measure/none",
        &["record"],
        "value=\"measure/none\"",
    )
    .await;
    check(
        "/history?record=on-tme&since=2013-01-01",
        &["record"],
        "value=\"2013-01-01\"",
    )
    .await;
    check(
        "/history?since=soon&until=later",
        &["since", "until"],
        "value=\"soon\"",
    )
    .await;
    check("/history?by=nobody", &["by"], "There is no person").await;
    check(
        "/history/between?from=x&to=2014-01-01",
        &["from"],
        "value=\"2014-01-01\"",
    )
    .await;
    check(
        "/history/between?from=2014-01-01&to=2013-01-01",
        &["from"],
        "value=\"2013-01-01\"",
    )
    .await;
}
