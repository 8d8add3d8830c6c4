//! Every page, drawn from an example and held as a snapshot. A route that shows a page and has no sample here fails.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::{Bench, HOST};
use crate::routes::pages;

/// A sample: the route that it shows, a name, whose eyes, the address.
pub type Sample = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
);

pub const SAMPLES: &[Sample] = &[
    ("look_through", "look-through", None, "/look-through"),
    (
        "strategy",
        "strategy",
        Some("o-brightwater"),
        "/strategy?period=2013-06&open=set-your-watch",
    ),
    (
        "strategy",
        "strategy-of-a-unit",
        Some("d-marrowby"),
        "/strategy?unit=ewr&period=2013-Q2&open=none&known-at=2014-01-31",
    ),
    ("api", "api", Some("o-brightwater"), "/api"),
    (
        "history",
        "history",
        Some("o-brightwater"),
        "/history?period=2013-06&since=2013-01-01",
    ),
    (
        "history",
        "history-of-a-measure",
        Some("o-brightwater"),
        "/history?record=measure/on-time-arrival",
    ),
    (
        "history",
        "history-filtered-to-none",
        Some("o-brightwater"),
        "/history?by=j-cobblestone&about=erasures&known-at=2013-06-30",
    ),
    (
        "commit",
        "commit-of-the-plan",
        Some("o-brightwater"),
        "/history/1",
    ),
    (
        "comparison",
        "comparison-of-no-days",
        Some("o-brightwater"),
        "/history/between?period=2013-06",
    ),
    (
        "comparison",
        "comparison",
        Some("o-brightwater"),
        "/history/between?period=2013-06&from=2013-07-08&to=2014-02-03",
    ),
    (
        "moved_targets",
        "moved-targets",
        Some("o-brightwater"),
        "/history/targets?unit=ewr",
    ),
    (
        "observation",
        "observation",
        Some("d-marrowby"),
        "/measures/on-time-arrival/observation?unit=ewr-ua&period=2013-W23",
    ),
    ("find", "find", Some("o-brightwater"), "/find?q=on%20time"),
    (
        "plan",
        "plan",
        Some("o-brightwater"),
        "/plan?period=2013-06",
    ),
    (
        "plan_of_kind",
        "plan-of-bodies-for-a-reader",
        Some("d-marrowby"),
        "/records/body?unit=ewr",
    ),
    (
        "plan_of_kind",
        "plan-filtered-to-none",
        Some("o-brightwater"),
        "/records/theme?q=nothing+like+it",
    ),
    (
        "new_record",
        "new-link",
        Some("o-brightwater"),
        "/records/link/new?from=first-wave",
    ),
    (
        "edit_record",
        "edit-a-measure",
        Some("o-brightwater"),
        "/records/measure/on-time-arrival/edit",
    ),
    (
        "edit_record",
        "edit-a-target-as-it-was",
        Some("o-brightwater"),
        "/records/target/on-time-arrival%40harbour/edit?saved=nothing",
    ),
    (
        "new_record",
        "new-target-with-advice",
        Some("o-brightwater"),
        "/records/target/new?measure=on-time-arrival&unit=lga-dl",
    ),
    ("map", "map", Some("o-brightwater"), "/map?period=2013-06"),
    (
        "chances",
        "chances",
        Some("o-brightwater"),
        "/chances?period=2013-12",
    ),
    (
        "link",
        "link",
        Some("o-brightwater"),
        "/links/open-the-day-on-time%3Ecalm-evenings?period=2013-12",
    ),
    (
        "link",
        "link-that-a-check-holds-back",
        Some("d-marrowby"),
        "/links/set-honest-block-times%3Ecaught-up-flights?unit=ewr&period=2013-12",
    ),
    (
        "link",
        "link-that-cannot-be-tested",
        Some("o-brightwater"),
        "/links/brief-each-shift%3Epunctual-departures?period=2013-12",
    ),
    (
        "measure",
        "measure-with-what-made-the-difference",
        Some("o-brightwater"),
        "/measures/on-time-arrival?period=2013",
    ),
    (
        "measure",
        "measure-of-a-formula-with-what-made-the-difference",
        Some("o-brightwater"),
        "/measures/delay-cost-per-flight?unit=ewr&period=2013-Q2",
    ),
    (
        "scorecard",
        "scorecard",
        Some("o-brightwater"),
        "/scorecard?period=2013&open=none",
    ),
    (
        "objective",
        "objective",
        Some("o-brightwater"),
        "/objectives/set-your-watch?period=2013-06",
    ),
    (
        "outcome",
        "outcome",
        Some("d-marrowby"),
        "/outcomes/punctual-departures?unit=ewr&period=2013-Q2",
    ),
    (
        "behaviour",
        "behaviour",
        Some("j-cobblestone"),
        "/behaviours/brief-each-shift?unit=ewr-ua&period=2013-10",
    ),
    (
        "initiatives",
        "initiatives",
        Some("o-brightwater"),
        "/initiatives?period=2013-08",
    ),
    (
        "initiative",
        "initiative",
        Some("o-brightwater"),
        "/initiatives/catch-up-desk?period=2013-12",
    ),
    (
        "people",
        "people",
        Some("o-brightwater"),
        "/people?period=2013-12",
    ),
    (
        "people",
        "people-of-a-unit-seen-by-few",
        Some("c-saltmarsh"),
        "/people?unit=lga&period=2013-12",
    ),
    (
        "person",
        "person-seen-by-a-chief",
        Some("o-brightwater"),
        "/people/d-marrowby?period=2013-12",
    ),
    (
        "person",
        "person-seen-by-a-colleague",
        Some("j-cobblestone"),
        "/people/e-larkspur?period=2013-12",
    ),
    (
        "line_of_sight",
        "line-of-sight",
        Some("j-cobblestone"),
        "/line-of-sight?period=2013-12",
    ),
    (
        "line_of_sight",
        "line-of-sight-of-nobody",
        None,
        "/line-of-sight?period=2013-12",
    ),
    (
        "line_of_sight_of",
        "line-of-sight-of-another",
        Some("o-brightwater"),
        "/line-of-sight/p-halcyon?period=2013-12&from=plan-the-catch-up",
    ),
    (
        "measure",
        "measure",
        Some("o-brightwater"),
        "/measures/on-time-arrival?period=2013-06",
    ),
    (
        "measure",
        "measure-of-a-unit-seen-by-few",
        Some("d-marrowby"),
        "/measures/on-time-arrival?unit=harbour&period=2013-06&periods=all",
    ),
    (
        "measure",
        "measure-not-read",
        Some("j-cobblestone"),
        "/measures/shift-briefings?unit=ewr-ua&period=2013-10",
    ),
    (
        "measure",
        "measure-without-a-value",
        Some("o-brightwater"),
        "/measures/shift-briefings?unit=ewr&period=2012-01",
    ),
    (
        "measure",
        "measure-in-a-range",
        Some("o-brightwater"),
        "/measures/block-time-margin?unit=ewr-ua&period=2013-06",
    ),
    (
        "explanation",
        "explanation",
        Some("o-brightwater"),
        "/measures/on-time-arrival/explanation?period=2013-06&row=50",
    ),
    (
        "explanation",
        "explanation-of-one-observation",
        Some("o-brightwater"),
        "/measures/on-time-arrival/explanation?unit=ewr-ua&period=2013-W23",
    ),
    (
        "explanation",
        "explanation-of-a-formula",
        Some("o-brightwater"),
        "/measures/delay-cost-per-flight/explanation?unit=ewr&period=2013-06",
    ),
    (
        "explanation",
        "explanation-seen-by-few",
        Some("d-marrowby"),
        "/measures/on-time-arrival/explanation?unit=harbour&period=2013-06",
    ),
    (
        "explanation",
        "explanation-without-a-value",
        Some("o-brightwater"),
        "/measures/shift-briefings/explanation?unit=ewr&period=2012-01",
    ),
    (
        "measures",
        "measures",
        Some("o-brightwater"),
        "/measures?period=2013-06",
    ),
    (
        "measures",
        "measures-filtered",
        Some("o-brightwater"),
        "/measures?period=2013-06&q=on%20time&status=off-track",
    ),
    (
        "measures",
        "measures-filtered-to-none",
        Some("o-brightwater"),
        "/measures?period=2013-06&q=%3Cscript%3E&kind=sum",
    ),
    ("reviews", "reviews", Some("t-fennimore"), "/reviews"),
    (
        "review",
        "review",
        Some("t-fennimore"),
        "/reviews/operations-2014-01-14",
    ),
    (
        "review",
        "review-seen-by-a-colleague",
        Some("j-cobblestone"),
        "/reviews/operations-2014-01-14?item=2&record=action",
    ),
    (
        "review_wall",
        "review-wall",
        Some("t-fennimore"),
        "/reviews/operations-2014-01-14/wall?item=1",
    ),
    ("actions", "actions", Some("p-halcyon"), "/actions"),
    ("import", "import", Some("o-brightwater"), "/import"),
    ("due", "due", Some("d-marrowby"), "/due"),
    ("due", "due-nothing", Some("p-halcyon"), "/due"),
    (
        "late_figures",
        "late-figures",
        Some("p-halcyon"),
        "/due/late",
    ),
    (
        "find",
        "find-nothing",
        Some("o-brightwater"),
        "/find?q=%3Cscript%3E",
    ),
];

#[tokio::test]
async fn every_page_is_as_it_was() {
    let site = Bench::demo(Example::NyFlights).await;
    let nobody = site.enter().await;
    for (_, name, person, path) in SAMPLES {
        let session = nobody.clone();
        if let Some(person) = person {
            site.post("/look-through", &session, &format!("person={person}"))
                .await;
        }
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let page = without_fingerprint(&answer.body);
        check_is_clean(&page, name);
        insta::assert_snapshot!(*name, page);
    }
}

#[test]
fn every_page_has_a_sample() {
    for route in pages() {
        let has_sample = SAMPLES.iter().any(|(of, ..)| *of == route.name);
        assert!(has_sample, "the page `{}` has no sample", route.name);
    }
}

#[tokio::test]
async fn what_went_wrong_is_said() {
    let site = Bench::demo(Example::NyFlights).await;
    let not_in = site.get("/strategy", "").await;
    let used = site.get("/enter/used", "").await;
    let session = site.enter().await;
    let no_page = site.get("/no-such-page", &session).await;
    let no_unit = site.get("/strategy?unit=new-ark", &session).await;
    let no_objective = site.get("/objectives/world-peace", &session).await;
    let no_initiative = site.get("/initiatives/none", &session).await;
    let no_person = site.get("/people/nobody", &session).await;
    let no_period = site.get("/strategy?period=yesterday", &session).await;
    let no_measure = site
        .get("/measures/on-tme-arrival/explanation", &session)
        .await;
    for (name, answer, status) in [
        ("not-in", not_in, StatusCode::UNAUTHORIZED),
        ("used-link", used, StatusCode::UNAUTHORIZED),
        ("no-page", no_page, StatusCode::NOT_FOUND),
        ("no-objective", no_objective, StatusCode::NOT_FOUND),
        ("no-initiative", no_initiative, StatusCode::NOT_FOUND),
        ("no-person", no_person, StatusCode::NOT_FOUND),
        ("no-unit", no_unit, StatusCode::NOT_FOUND),
        ("no-period", no_period, StatusCode::BAD_REQUEST),
        ("no-measure", no_measure, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(answer.status, status, "{name}");
        let page = without_fingerprint(&answer.body);
        check_is_clean(&page, name);
        insta::assert_snapshot!(name, page);
    }
}

/// The page with a fixed address for styles and scripts, whose fingerprint changes with each of them.
pub fn without_fingerprint(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("/assets/") {
        out.push_str(before);
        out.push_str("/assets/…/");
        rest = after.split_once('/').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace(HOST, "HOST")
}

/// Nothing that the content policy would refuse, or that needs a script to be evaluated.
pub fn check_is_clean(page: &str, name: &str) {
    let text = page.to_lowercase();
    for refused in [
        " style=",
        "<style",
        "javascript:",
        " onclick",
        " onload",
        " onerror",
        "hx-on",
        "\"js:",
        "<script>",
    ] {
        assert!(!text.contains(refused), "{name}: {refused}");
    }
}
