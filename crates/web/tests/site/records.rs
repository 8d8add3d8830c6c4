//! Pages of records where there is little to show, and what is hidden from whom.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;
use crate::pages::{check_is_clean, without_fingerprint};

/// An organisation that has only begun: nothing is measured, linked, funded or observed.
const BEGUN: [(&str, &str); 2] = [
    (
        "organisation.yaml",
        "\
organisation: { key: begun, name: Begun, time_zone: UTC }
units: [{ key: begun, name: Begun }, { key: shop, name: Shop <1>, parent: begun }]
people: [{ key: a, name: Ada <b>Bold</b>, unit: shop }, { key: b, name: Ben, level: frontline }]
",
    ),
    (
        "strategy.yaml",
        "\
strategy: { key: s, name: Begin, from: 2014, to: 2018 }
objectives: [{ key: begin, name: \"Begin & go on\" }]
initiatives: [{ key: shed, name: A shed, serves: [begin] }]
",
    ),
];

#[tokio::test]
async fn pages_say_what_will_appear_where_there_is_nothing() {
    let site = Bench::of_plan(&BEGUN).await;
    let session = site.enter().await;
    for (name, person, path) in [
        ("begun-objective", "a", "/objectives/begin"),
        ("begun-initiatives", "a", "/initiatives"),
        ("begun-initiative", "a", "/initiatives/shed"),
        ("begun-people", "a", "/people"),
        ("begun-person", "a", "/people/a"),
        ("begun-line-of-sight", "a", "/line-of-sight"),
        ("begun-line-of-sight-of-no-unit", "b", "/line-of-sight"),
    ] {
        site.post("/look-through", &session, &format!("person={person}"))
            .await;
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let page = without_fingerprint(&answer.body);
        check_is_clean(&page, name);
        assert!(!page.contains("<b>Bold"), "{name}");
        let (_, page) = page.split_once("<main").expect("a page");
        insta::assert_snapshot!(name, page);
    }
}

/// Every page that is about a place, with the address of one that is there where nothing is measured.
const PLACES: [&str; 13] = [
    "/strategy",
    "/map",
    "/scorecard",
    "/measures",
    "/objectives/begin",
    "/initiatives",
    "/initiatives/shed",
    "/people",
    "/people/a",
    "/line-of-sight",
    "/line-of-sight/a",
    "/find",
    "/api",
];

#[tokio::test]
async fn no_page_fails_where_there_is_nothing() {
    let site = Bench::of_plan(&BEGUN).await;
    let session = site.enter_as("a").await;
    for path in PLACES {
        for query in [
            "",
            "?unit=shop",
            "?period=2014-01",
            "?period=2014-W05&unit=begun",
        ] {
            let answer = site.get(&format!("{path}{query}"), &session).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}{query}");
        }
    }
    // Where the plan says nothing at all, each page says what will appear.
    const NOTHING: &str = "organisation: { key: new, name: New, time_zone: UTC }
units: [{ key: new, name: New }]
people: [{ key: a, name: Ada, unit: new, level: executive }]
";
    let site = Bench::of_plan(&[("organisation.yaml", NOTHING)]).await;
    let session = site.enter_as("a").await;
    for path in ["/strategy", "/map", "/scorecard", "/measures"] {
        let page = site.get(path, &session).await.body;
        assert!(page.contains("class=\"section empty\""), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_unit_is_on_no_page() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    for path in [
        "/strategy",
        "/map",
        "/scorecard",
        "/measures",
        "/measures/on-time-arrival",
        "/measures/on-time-arrival/explanation",
        "/objectives/set-your-watch",
        "/outcomes/punctual-departures",
        "/behaviours/brief-each-shift",
        "/initiatives",
        "/initiatives/catch-up-desk",
        "/people",
        "/people/d-marrowby",
        "/line-of-sight",
        "/line-of-sight/p-halcyon",
    ] {
        let answer = site.get(&format!("{path}?unit=new-ark"), &session).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn texts_of_the_plan_bring_nothing_to_life() {
    const TEXT: &str = "*Well* <script>alert(1)</script> [x](javascript:alert(1)) ![y](https://example.org/y.png) <img src=x onerror=alert(1)>";
    let strategy = format!(
        "strategy: {{ key: s, name: Begin, from: 2014, to: 2018, vision: '{TEXT}' }}
perspectives: [{{ key: p, name: P, about: '{TEXT}' }}]
objectives: [{{ key: begin, name: Begin, perspective: p, about: '{TEXT}', measures: [m] }}]
initiatives: [{{ key: shed, name: A shed, serves: [begin], expects: '{TEXT}' }}]
"
    );
    let measures = format!(
        "measures: [{{ key: m, name: M, definition: '{TEXT}', kind: sum, frequency: month, better: higher }}]\n"
    );
    let map = format!(
        "behaviours: [{{ key: b, name: B, about: '{TEXT}' }}]
links: [{{ from: b, to: begin, effect: raises, why: '{TEXT}' }}]
"
    );
    let files = [
        BEGUN[0],
        ("strategy.yaml", strategy.as_str()),
        ("measures.yaml", measures.as_str()),
        ("map.yaml", map.as_str()),
    ];
    let site = Bench::of_plan(&files).await;
    let session = site.enter_as("a").await;
    for path in [
        "/strategy",
        "/map",
        "/objectives/begin",
        "/behaviours/b",
        "/initiatives/shed",
        "/measures/m",
        "/line-of-sight",
    ] {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let page = answer.body.to_lowercase();
        for refused in ["<script>", "<img", "href=\"javascript", "src=\"https"] {
            assert!(!page.contains(refused), "{path}: {refused}");
        }
    }
    let page = site.get("/objectives/begin", &session).await.body;
    assert!(page.contains("<em>Well</em>"), "{page}");
}

#[tokio::test]
async fn how_to_reach_somebody_is_for_few() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let check = async |who: &str, whom: &str, expected: bool| {
        site.post("/look-through", &session, &format!("person={who}"))
            .await;
        let page = site.get(&format!("/people/{whom}"), &session).await;
        assert_eq!(page.status, StatusCode::OK, "{who} {whom}");
        assert_eq!(
            page.body.contains("@harbour.example"),
            expected,
            "{who} {whom}"
        );
        // Where there is nothing to see, there is no trace of it.
        assert_eq!(page.body.contains("E-mail"), expected, "{who} {whom}");
    };
    check("o-brightwater", "c-saltmarsh", true).await;
    check("d-marrowby", "j-cobblestone", true).await;
    check("d-marrowby", "d-marrowby", true).await;
    check("d-marrowby", "t-fennimore", false).await;
    check("d-marrowby", "n-ravenscroft", false).await;
    check("j-cobblestone", "j-cobblestone", true).await;
    check("j-cobblestone", "e-larkspur", false).await;
    check("j-cobblestone", "d-marrowby", false).await;
}

#[tokio::test]
async fn a_line_of_sight_is_shown_where_its_figures_may_be_read() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let check = async |who: &str, whom: &str, expected: bool| {
        site.post("/look-through", &session, &format!("person={who}"))
            .await;
        let path = format!("/line-of-sight/{whom}");
        let line = site.get(&path, &session).await;
        let person = site.get(&format!("/people/{whom}"), &session).await;
        let status = if expected {
            StatusCode::OK
        } else {
            StatusCode::NOT_FOUND
        };
        assert_eq!(line.status, status, "{who} {whom}");
        // No link leads to what is not there.
        let is_linked = person.body.contains(&format!("href=\"{path}\""));
        assert_eq!(is_linked, expected, "{who} {whom}");
        let nobody = site.get("/line-of-sight/no-such-person", &session).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND);
        if !expected {
            let told = nobody.body.replace("no-such-person", whom);
            assert_eq!(line.body, told, "{who} {whom}");
        }
    };
    check("o-brightwater", "n-ravenscroft", true).await;
    check("d-marrowby", "j-cobblestone", true).await;
    check("d-marrowby", "t-fennimore", true).await;
    check("d-marrowby", "n-ravenscroft", false).await;
    check("j-cobblestone", "j-cobblestone", true).await;
    check("j-cobblestone", "e-larkspur", false).await;
}

#[tokio::test]
async fn the_frontline_begins_with_its_line_of_sight() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let check = async |who: &str, expected: &str| {
        site.post("/look-through", &session, &format!("person={who}"))
            .await;
        let home = site.get("/", &session).await;
        assert_eq!(home.header("location"), expected, "{who}");
    };
    check("j-cobblestone", "/line-of-sight").await;
    check("d-marrowby", "/strategy").await;
    check("o-brightwater", "/strategy").await;
}

/// Every place that a page of records links to is there: unit, period and state survive.
#[tokio::test]
async fn links_of_records_lead_somewhere() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("d-marrowby").await;
    let mut followed = 0;
    for path in [
        "/objectives/set-your-watch?unit=ewr&period=2013-06",
        "/outcomes/punctual-departures?unit=ewr",
        "/behaviours/brief-each-shift",
        "/behaviours/brief-each-shift?unit=ewr-ua",
        "/measures/shift-briefings?unit=ewr-ua",
        "/measures/shift-briefings/explanation?unit=ewr-ua&period=2013-06",
        "/initiatives?period=2013-Q3",
        "/initiatives/first-wave?known-at=2014-01-15",
        "/people?unit=ewr",
        "/people/j-cobblestone",
        "/line-of-sight?from=brief-each-shift",
        "/line-of-sight/j-cobblestone?period=2013-06&from=open-the-day-on-time",
    ] {
        let page = site.get(path, &session).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let (_, main) = page.body.split_once("<main").expect("a page");
        for link in main.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap_or_default();
            let link = link.replace("&#38;", "&");
            let link = link.split('#').next().unwrap_or_default();
            let is_page = link.starts_with('/') && !link.starts_with("/assets/");
            if !is_page {
                continue;
            }
            let status = site.get(link, &session).await.status;
            let is_there = status.is_success() || status.is_redirection();
            assert!(is_there, "{path} {link} {status}");
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed}");
}
