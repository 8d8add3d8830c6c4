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
    // What is expected stands behind the last value, as far as it is known.
    check(
        &format!("{arrivals}12&reach=1-year"),
        "On-time arrivals, Jan 2013 to Apr 2014",
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
        "Jun 2013 65.2% routine 9.1 points worse than plan 134 of 134 values",
    )
    .await;
    check(
        "/measures/on-time-arrival?period=2013-02",
        "Feb 2013 72.4% 128 of 128 values",
    )
    .await;
    // In a quarter the chart ends with its last month.
    check(
        "/measures/on-time-arrival?period=2013-Q2",
        "Jun 2013 65.2% routine 9.1 points worse than plan 100% of values",
    )
    .await;
}

/// What one may see of the inputs is not counted as if it were all of them.
#[tokio::test]
async fn inputs_are_counted_for_whoever_sees_them_all() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let check = async |who: &str, sees_all: bool| {
        site.enter_as_another(who, &session).await;
        let page = site
            .get(
                "/measures/on-time-arrival?unit=harbour&period=2013-06",
                &session,
            )
            .await;
        assert_eq!(page.status, StatusCode::OK, "{who}");
        for counted in ["134 of 134", "No figures are missing", "last recorded"] {
            assert_eq!(page.body.contains(counted), sees_all, "{who}: {counted}");
        }
        let is_told = page.body.contains("not yours to see");
        assert_eq!(is_told, !sees_all, "{who}");
    };
    check("o-brightwater", true).await;
    check("d-marrowby", false).await;
}

/// A measure that is there, at a unit that is there: nothing wrong was asked, and the page has ways on.
#[tokio::test]
async fn where_a_measure_is_not_read_its_page_says_where_it_is() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("d-marrowby").await;
    for page in ["", "/explanation"] {
        let path = format!("/measures/shift-briefings{page}?unit=ewr-ua&period=2013-06");
        let answer = site.get(&path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(
            answer.body.contains("Not read at United at Newark"),
            "{path}"
        );
        let there = "/measures/shift-briefings?unit=ewr&#38;period=2013-06";
        assert!(answer.body.contains(there), "{path}");
        // Kennedy is not his to read.
        assert!(!answer.body.contains("shift-briefings?unit=jfk"), "{path}");
    }
    let path = "/api/v1/measures/shift-briefings/explanation?unit=ewr-ua&period=2013-06";
    let answer = site.get(path, &session).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("It is read at"), "{}", answer.body);
}

/// A unit opens on a period in which it reported itself, whatever others did before it began.
#[tokio::test]
async fn the_latest_period_is_of_the_unit_that_is_read() {
    let plan = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: o, name: O }, { key: old, name: Old, parent: o }, { key: new, name: New, parent: o }]
";
    let measures = "measures: [{ key: m, name: M, kind: sum, frequency: week }]\n";
    let files = [("organisation.yaml", plan), ("measures.yaml", measures)];
    let site = Bench::of_plan(&files).await;
    let session = site.enter().await;
    let mut observations = "measure,unit,period,value\n".to_owned();
    for week in 18..=24 {
        observations.push_str(&format!("m,old,2013-W{week},1\n"));
    }
    observations.push_str("m,new,2013-W24,1\n");
    let loaded = site.post_as(&session, &observations, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    let check = async |unit: &str, expected: &str| {
        let place = site
            .get(&format!("/api/v1/place?unit={unit}"), &session)
            .await;
        let said = format!("\"period\":{{\"name\":\"{expected}\"");
        assert!(place.body.contains(&said), "{unit}: {}", place.body);
    };
    check("old", "2013-05").await;
    check("new", "2013-06").await;
}
