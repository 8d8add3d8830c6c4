//! The state of a page goes along when unit, period or clocks are changed: filters, open rows, the days of a comparison.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;

/// The bar of unit, period and clocks.
fn bar<'a>(page: &'a str, path: &str) -> &'a str {
    let (_, rest) = page
        .split_once("<div class=\"place\" id=\"place\">")
        .expect(path);
    let (bar, _) = rest.split_once("<h1>").unwrap_or((rest, ""));
    let (bar, _) = bar.split_once("<section").unwrap_or((bar, ""));
    let (bar, _) = bar.split_once("<p class=\"said\">").unwrap_or((bar, ""));
    bar
}

#[tokio::test]
async fn the_bar_keeps_the_state_of_the_page() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    // Pages of the history have clocks alone, and so fields in place of links.
    let check = async |path: &str, state: &[(&str, &str)], dropped: &str| {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let bar = bar(&answer.body, path);
        let here = path.split('?').next().unwrap_or_default();
        let links: Vec<&str> = bar
            .split("<a ")
            .filter_map(|tag| tag.split_once("href=\"")?.1.split_once('"'))
            .map(|(href, _)| href)
            .filter(|href| href.starts_with(&format!("{here}?")))
            .collect();
        let has_links = !here.starts_with("/history") || here == "/history/between";
        assert_eq!(links.len() > 3, has_links, "{path}: {links:?}");
        for (name, value) in state {
            let said = format!("{name}={}", value.replace(' ', "%20"));
            for link in &links {
                let mut pairs = link.split(['?', '&', ';']);
                assert!(
                    pairs.any(|pair| pair == said),
                    "{path}: {link} without {said}"
                );
            }
            let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
            assert!(bar.contains(&field), "{path}: {field}");
        }
        if !dropped.is_empty() {
            assert!(!bar.contains(dropped), "{path}: {dropped}");
        }
    };
    check(
        "/measures?period=2013-06&q=on time&status=off-track&row=0"
            .replace(' ', "%20")
            .as_str(),
        &[("q", "on time"), ("status", "off-track")],
        "row=",
    )
    .await;
    check(
        "/scorecard?period=2013-06&open=set-your-watch",
        &[("open", "set-your-watch")],
        "",
    )
    .await;
    check(
        "/scorecard?period=2013-06&sort=-plan&row=0",
        &[("sort", "-plan")],
        "row=",
    )
    .await;
    check(
        "/map?period=2013-06&focus=set-your-watch&evidence=not-shown",
        &[("focus", "set-your-watch"), ("evidence", "not-shown")],
        "",
    )
    .await;
    check(
        "/history/between?period=2013-06&from=2013-07-08&to=2014-02-03",
        &[("from", "2013-07-08"), ("to", "2014-02-03")],
        "",
    )
    .await;
    // Of no days the last week is shown, and named.
    check(
        "/history/between?period=2013-06",
        &[("from", "2014-01-27"), ("to", "2014-02-03")],
        "",
    )
    .await;
    check(
        "/history?period=2013-06&by=o-brightwater&before=2",
        &[("by", "o-brightwater")],
        "before=",
    )
    .await;
    check("/history/2?period=2013-06&row=50", &[], "row=").await;
}

#[tokio::test]
async fn an_observation_leads_to_those_beside_it() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let path = "/measures/on-time-arrival/observation?unit=ewr-ua&period=2013-W23";
    let page = site.get(path, &session).await.body;
    let bar = bar(&page, path);
    for beside in [
        "unit=ewr-ua&#38;period=2013-W22",
        "unit=ewr-ua&#38;period=2013-W24",
        "unit=ewr&#38;period=2013-W23",
    ] {
        assert!(bar.contains(beside), "{beside}: {bar}");
    }
    // A month of it was never recorded by itself.
    assert!(!bar.contains("Length of the period"), "{bar}");
}

#[tokio::test]
async fn a_focus_that_names_nothing_says_so() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let check = async |path: &str, said: Option<&str>| {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let (_, rest) = answer.body.split_once("<p class=\"not-there\">").unzip();
        let words = rest.and_then(|rest| Some(rest.split_once("</p>")?.0));
        assert_eq!(words, said, "{path}");
    };
    check("/map", None).await;
    check("/map?focus=", None).await;
    check("/map?focus=punctual-departures", None).await;
    check("/strategy?evidence=supported", None).await;
    let nothing = "Nothing on this map is called “gone”. All of it is shown.";
    check("/map?focus=gone", Some(nothing)).await;
    check("/strategy?focus=gone", Some(nothing)).await;
    // What people do is on the performance map alone.
    check(
        "/strategy?focus=brief-each-shift",
        Some("Nothing on this map is called “brief-each-shift”. All of it is shown."),
    )
    .await;
    check(
        "/map?focus=gone&evidence=supported",
        Some("Nothing on this map is called “gone”."),
    )
    .await;
    check(
        "/strategy?evidence=contradicted",
        Some("No line here is contradicted now. All of it is shown."),
    )
    .await;
    check(
        "/map?evidence=proven",
        Some("No lines are called “proven”. All of it is shown."),
    )
    .await;
}
