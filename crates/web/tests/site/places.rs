//! Where and when one looks: a page offers no choice that changes nothing on it, says where a clock does not count or has not
//! come, and names what is not there in words of a page.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;

/// What the bar of a page offers.
fn offered(page: &str) -> Vec<&'static str> {
    let marks = [
        ("unit", "Unit: "),
        ("period", r#"aria-label="Period""#),
        ("length", "Length of the period"),
        ("known-at", r#"type="date" name="known-at""#),
        ("plan-at", r#"type="date" name="plan-at""#),
    ];
    let offered = marks.into_iter().filter(|(_, mark)| page.contains(mark));
    offered.map(|(name, _)| name).collect()
}

#[tokio::test]
async fn no_page_offers_a_choice_that_changes_nothing() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let all = ["unit", "period", "length", "known-at", "plan-at"];
    for (path, expected) in [
        ("/scorecard", &all[..]),
        ("/history", &["known-at"]),
        ("/history/2", &["known-at", "plan-at"]),
        ("/history/between", &all[..]),
        ("/history/between?from=2013-07-08", &[]),
        ("/history/between?from=2013-07-08&to=2014-02-03", &all[..]),
        ("/history/targets", &["unit", "known-at", "plan-at"]),
    ] {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert_eq!(offered(&answer.body), expected, "{path}");
    }
    // What was chosen elsewhere is kept in the way back there.
    let history = site.get("/history?unit=ewr&period=2013-06", &session).await;
    let back = r#"href="/scorecard?unit=ewr&amp;period=2013-06""#;
    assert!(history.body.replace("&#38;", "&amp;").contains(back));
}

#[tokio::test]
async fn clocks_that_do_not_count_or_have_not_come_are_told() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let told = "This is the plan of today, whatever day is looked at elsewhere.";
    for path in ["/plan", "/records/behaviour"] {
        let now = site.get(path, &session).await;
        assert!(!now.body.contains(told), "{path}");
        let then = format!("{path}?known-at=2013-08-15");
        let then = site.get(&then, &session).await;
        assert!(then.body.contains(told), "{path}");
    }
    let later = site.get("/strategy?known-at=2099-01-01", &session).await;
    assert!(
        later
            .body
            .contains("has not come yet: this is what is known now"),
        "{}",
        later.body
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_within_the_navigation() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let unit = site.get("/strategy?unit=nowhere", &session).await;
    assert_eq!(unit.status, StatusCode::NOT_FOUND);
    assert!(
        unit.body
            .contains("There is no such unit, or it is not yours to see."),
        "{}",
        unit.body
    );
    assert!(!unit.body.contains(".yaml"), "{}", unit.body);
    for path in ["/strategy?unit=nowhere", "/nowhere", "/strategy?period=x"] {
        let answer = site.get(path, &session).await;
        assert!(answer.status.is_client_error(), "{path}");
        let navigation = answer.body.contains(r#"aria-label="Pages""#);
        assert!(navigation, "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_is_told_of_a_record_is_found_after_names() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let told = site.get("/find?q=reach+their+gate", &session).await;
    assert!(
        told.body.contains("People can set their watch by us"),
        "{}",
        told.body
    );
    let gone = site.get("/find?q=go+to+map", &session).await;
    assert!(
        gone.body.contains("Performance map<small>Page"),
        "{}",
        gone.body
    );
}
