//! The page of a measure: from when to when its chart goes, and what it reads out.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;

#[tokio::test]
async fn a_chart_begins_where_something_is_known() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let check = async |path: &str, expected: &str| {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let (_, title) = answer.body.split_once("role=\"img\"><title>").expect(path);
        let (title, _) = title.split_once("</title>").expect(path);
        assert_eq!(title, expected, "{path}");
    };
    let arrivals = "/measures/on-time-arrival?period=2013-";
    let half = "On-time arrivals, Jan 2013 to Jun 2013";
    check(&format!("{arrivals}06"), half).await;
    check(&format!("{arrivals}06&reach=1-year"), half).await;
    check(&format!("{arrivals}06&reach=all"), half).await;
    check(&format!("{arrivals}06&reach=anything"), half).await;
    check(
        &format!("{arrivals}12&reach=1-year"),
        "On-time arrivals, Jan 2013 to Dec 2013",
    )
    .await;
    // After the last value the targets of the next months are drawn.
    check(
        "/measures/on-time-arrival?period=2014-01&reach=1-year",
        "On-time arrivals, Feb 2013 to Jul 2014",
    )
    .await;
    // A range holds for ever, and says nothing of when something began.
    check(
        "/measures/block-time-margin?unit=ewr-ua&period=2013-06",
        "Block time against plan, Jan 2013 to Jun 2013",
    )
    .await;
}

#[tokio::test]
async fn a_chart_reads_out_the_period_that_is_shown() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let check = async |path: &str, expected: &str| {
        let page = site.get(path, &session).await.body;
        let (_, line) = page.split_once("aria-live=\"polite\">").expect(path);
        let (line, _) = line.split_once("</p>").expect(path);
        let mut said = String::new();
        for piece in line.split('<').filter_map(|tag| tag.split_once('>')) {
            said.push_str(piece.1);
        }
        assert_eq!(said, expected, "{path}");
    };
    check(
        "/measures/on-time-arrival?period=2013-06",
        "Jun 2013 65.2% −9.1 points against plan 134 of 134 inputs",
    )
    .await;
    check(
        "/measures/on-time-arrival?period=2013-02",
        "Feb 2013 72.4% 128 of 128 inputs",
    )
    .await;
    // In a quarter the chart ends with its last month.
    check(
        "/measures/on-time-arrival?period=2013-Q2",
        "Jun 2013 65.2% −9.1 points against plan 100% of inputs",
    )
    .await;
}
