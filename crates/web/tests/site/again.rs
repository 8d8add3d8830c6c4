//! Pages that wait for nothing: they come with what is there, ask for themselves again, and end as those that waited.

use std::time::Duration;

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;

/// By what a page asks for itself again.
const AGAIN: &str = "<div id=\"again\" hidden hx-get=\"";

#[tokio::test]
async fn what_is_being_worked_out_comes_by_itself() {
    let (patient, hurried) = (
        Bench::demo(Example::NyFlights).await,
        Bench::hurried(Example::NyFlights).await,
    );
    let waits = patient.enter_as("o-brightwater").await;
    let session = hurried.enter_as("o-brightwater").await;
    let check = async |path: &str, is_new: bool| {
        let first = hurried.get(path, &session).await;
        assert_eq!(first.status, StatusCode::OK, "{path}");
        let again = format!("{AGAIN}{}\"", path.replace('&', "&#38;"));
        assert_eq!(first.body.contains(&again), is_new, "{path}");
        let mut page = first.body;
        for _ in 0..10_000 {
            if !page.contains(AGAIN) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            page = hurried.get(path, &session).await.body;
        }
        let expected = patient.get(path, &waits).await.body;
        assert_eq!(page, expected, "{path}");
        assert!(!page.contains("being worked out"), "{path}");
    };
    // The evidence of the map is there for all who ask for the period; a forecast for all who ask for the unit.
    check("/map?period=2013-06", true).await;
    check("/strategy?period=2013-06&open=all", true).await;
    check("/scorecard?unit=ewr-ua&period=2013-06", true).await;
    check("/measures/on-time-arrival?unit=jfk&period=2013-09", true).await;
    check(
        "/outcomes/punctual-departures?unit=jfk&period=2013-09",
        true,
    )
    .await;
    check("/measures?unit=lga&period=2013-09", true).await;
    check("/map?unit=lga&period=2013-09", false).await;
    check("/people", false).await;
}

/// What was made ahead is there for whoever waits for nothing: at the start, and after a commit.
#[tokio::test]
async fn what_was_made_ahead_is_there_at_once() {
    let site = Bench::hurried(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let is_whole = async |path: &str| {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        !answer.body.contains(AGAIN)
    };
    assert!(!is_whole("/strategy?unit=lga&period=2013-09").await);
    let made = site.server.make_ahead().await;
    assert_eq!(made, Ok(()));
    for path in ["/strategy", "/scorecard", "/measures", "/map"] {
        assert!(is_whole(path).await, "{path}");
        assert!(is_whole(&format!("{path}?unit=jfk")).await, "{path}");
    }
    // Somebody asked for this one, and for no page of the others in that month.
    assert!(is_whole("/scorecard?unit=lga&period=2013-09").await);
    assert!(!is_whole("/scorecard?unit=ewr&period=2013-09").await);
}
