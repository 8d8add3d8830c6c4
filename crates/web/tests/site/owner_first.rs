//! Owner first: before a figure is published nobody reads it on any page or in any answer but its owner, its steward and who
//! entered it; then everybody does.

use axum::http::StatusCode;
use throughline_model::Kind;
use throughline_web::ROUTES;

use crate::bench::{Answer, Bench};

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }]
people:
  - { key: olga, name: Olga, unit: top, level: executive }
  - { key: sam, name: Sam, unit: a, level: manager }
  - { key: bea, name: Bea, unit: a, level: frontline }
  - { key: carl, name: Carl, unit: top, level: executive }
  - { key: dora, name: Dora, unit: a, level: manager }
  - { key: max, name: Max, unit: top, level: manager }
";
const STRATEGY: &str = "\
strategy: { key: s, name: S, from: 2013, to: 2017 }
perspectives: [{ key: p, name: P }]
objectives: [{ key: dry, name: Dry, perspective: p, owner: carl, measures: [leaks] }]
";
const MEASURES: &str = "measures:
  - { key: leaks, name: Leakage, kind: last, frequency: month, better: lower, shown_as: Ml, decimals: 1, owner: max, steward: sam, reported_by: [a], due: 10 days }
";

/// The figure, and what was said of it: nothing else has these letters.
const VALUE: &str = "7654.3";
const NOTE: &str = "canaryword";
const CANARIES: [&str; 4] = ["7654", "7,654", "7 654", NOTE];

/// A site on 3 February 2014, where all of 2013 was reported.
async fn site() -> (Bench, String) {
    let files = [
        ("organisation.yaml", ORGANISATION),
        ("strategy.yaml", STRATEGY),
        ("measures.yaml", MEASURES),
    ];
    let site = Bench::of_plan(&files).await;
    let mut observations = "measure,unit,period,value\n".to_owned();
    for month in 1..=12 {
        let leaks = 150.0 + f64::from(month % 3);
        observations.push_str(&format!("leaks,a,2013-{month:02},{leaks}\n"));
    }
    let session = site.enter_as("sam").await;
    let loaded = site.post_as(&session, &observations, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    (site, session)
}

fn form(value: &str, more: &str) -> String {
    format!("position=2&cell0=leaks%2Fa%2F2014-01&value0={value}{more}")
}

/// Every address that answers to GET, with the names of this plan in its path.
fn addresses() -> Vec<String> {
    let mut addresses = Vec::new();
    let routes = ROUTES.iter().filter(|route| route.method == "GET");
    for route in routes {
        let kinds = Kind::ALL.iter().map(|kind| kind.word());
        let kinds: Vec<&str> = match route.path.contains("{kind}") {
            true => kinds.collect(),
            false => vec![""],
        };
        for kind in kinds {
            for key in [
                "leaks", "dry", "a", "bea", "o", "leaks@a", "1", "2", "3", "4",
            ] {
                let path = route.path.replace("{kind}", kind);
                let path = ["{key}", "{number}", "{name}"]
                    .iter()
                    .fold(path, |path, name| path.replace(name, key));
                if path.contains('{') {
                    continue;
                }
                for query in [
                    "unit=a&period=2014-01",
                    "unit=top&period=2014-01&limit=1000&from=2014-01-01&to=2014-02-03&q=leak",
                    "unit=a&known_at=2014-02-03&reach=all&q=canaryword&change=leaks/a/2014-01",
                    "unit=a&q=7654&measure=leaks&cell=leaks/a/2014-01&between=2014-01-01..2014-02-03",
                ] {
                    addresses.push(format!("{path}?{query}"));
                }
                if !route.path.contains("{key}") && !route.path.contains("{number}") {
                    break;
                }
            }
        }
    }
    addresses
}

fn tells(answer: &Answer) -> bool {
    CANARIES.iter().any(|canary| {
        let body = answer
            .body
            .replace("q=canaryword", "")
            .replace("q=7654", "");
        let body = body
            .replace("value=\"canaryword\"", "")
            .replace("value=\"7654\"", "");
        let echoed = [
            "\u{201c}canaryword\u{201d}",
            "\u{201c}7654\u{201d}",
            "`canaryword`",
            "`7654`",
        ];
        let body = echoed
            .iter()
            .fold(body, |body, echo| body.replace(echo, ""));
        body.contains(canary)
    })
}

/// Where a person reads the figure.
async fn told_to(site: &Bench, session: &str) -> Vec<String> {
    let mut told = Vec::new();
    for address in addresses() {
        let answer = site.get(&address, session).await;
        assert!(
            !answer.status.is_server_error(),
            "{address}: {}",
            answer.body
        );
        if tells(&answer) {
            told.push(address);
        }
    }
    told
}

#[tokio::test]
async fn nobody_else_reads_a_figure_before_it_is_published() {
    let (site, session) = site().await;
    site.enter_as_another("bea", &session).await;
    let sent = form(VALUE, &format!("&comment0={NOTE}"));
    let saved = site.post("/due", &session, &sent).await;
    assert_eq!(
        saved.header("location"),
        "/due?saved=3&figures=1&waiting=1",
        "{}",
        saved.body
    );
    let page = site.get(saved.header("location"), &session).await;
    assert!(
        page.body
            .contains("1 figure saved. Others see it once it is published.")
    );
    // A superior, a colleague who may enter figures there, and whoever looks after the site.
    let nobody = site.enter().await;
    let nothing = told_to(&site, &nobody).await;
    assert_eq!(nothing, Vec::<String>::new(), "nobody in person");
    for person in ["carl", "olga", "dora"] {
        site.enter_as_another(person, &session).await;
        let told = told_to(&site, &session).await;
        assert_eq!(told, Vec::<String>::new(), "{person}");
    }
    // Nor does whoever enters another one learn what is there.
    let refused = site
        .post("/due", &session, &form("151", "&routine0=on"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!tells(&refused), "{}", refused.body);
    assert!(
        refused
            .body
            .contains("a figure was entered here that waits")
            || refused
                .body
                .contains("A figure was entered here that waits"),
        "{}",
        refused.body
    );
    let publish = "cell=leaks%2Fa%2F2014-01&commit=3&comment=";
    let refused = site.post("/due/publication", &session, publish).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    for person in ["max", "sam", "bea"] {
        site.enter_as_another(person, &session).await;
        let mut told = told_to(&site, &session).await;
        for start in ["/due?", "/measures/leaks?", "/measures/leaks/observation?"] {
            let is_told = told.iter().any(|address| address.starts_with(start));
            assert!(is_told, "{person}: {start} {told:?}");
        }
        let numbers = ["/scorecard", "/api/", "/history", "/strategy", "/reviews"];
        // The history of a cell is told to those who saw it, also to their programs.
        let own = "/api/v1/measures/leaks/values?";
        told.retain(|address| !address.starts_with(own));
        let of_all = told
            .iter()
            .find(|address| numbers.iter().any(|number| address.starts_with(number)));
        assert_eq!(of_all, None, "{person}: numbers are the same for all");
        let page = site.get("/due", &session).await;
        let offers = page.body.contains("action=\"/due/publication\"");
        assert_eq!(offers, person == "max", "{person}");
    }
    site.enter_as_another("sam", &session).await;
    let refused = site.post("/due/publication", &session, publish).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    site.enter_as_another("max", &session).await;
    let done = site.post("/due/publication", &session, publish).await;
    assert_eq!(done.header("location"), "/due?published=1", "{}", done.body);
    let again = site.post("/due/publication", &session, publish).await;
    assert_eq!(again.header("location"), "/due?published=0");
    // What is looked for above is found once it is there for all.
    site.enter_as_another("carl", &session).await;
    let told = told_to(&site, &session).await;
    for start in [
        "/measures/leaks?",
        "/history/4?",
        "/api/v1/measures/leaks/observations?",
    ] {
        let is_told = told.iter().any(|address| address.starts_with(start));
        assert!(is_told, "{start} {told:?}");
    }
    let held = told
        .iter()
        .find(|address| address.starts_with("/history/3?"));
    assert_eq!(held, None, "what waited stays with those who saw it");
}

#[tokio::test]
async fn the_owner_publishes_by_entering_or_later() {
    let (site, session) = site().await;
    site.enter_as_another("sam", &session).await;
    let page = site.get("/due", &session).await;
    assert!(
        !page.body.contains("Save and publish"),
        "Max answers for it"
    );
    site.enter_as_another("max", &session).await;
    // Who owns it and enters it chooses.
    let later = site
        .post("/due", &session, &form("151", "&publish=later"))
        .await;
    assert_eq!(
        later.header("location"),
        "/due?saved=3&figures=1&waiting=1",
        "{}",
        later.body
    );
    let page = site
        .get("/measures/leaks?unit=a&period=2013-12", &session)
        .await;
    assert!(
        page.body.contains("New figure: 151.0 Ml, Alder, Jan 2014"),
        "{}",
        page.body
    );
    assert!(
        page.body
            .contains("Others see it from 4 Feb 2014, 10:00, or once you publish it.")
    );
    // Another figure in its place.
    let page = site.get("/due?change=leaks/a/2014-01", &session).await;
    assert!(
        page.body.contains("name=\"known0\" value=\"151\""),
        "{}",
        page.body
    );
    assert!(page.body.contains("Save and publish"));
    let known = "&known0=151&publish=now";
    let changed = site.post("/due", &session, &form("152", known)).await;
    assert_eq!(
        changed.header("location"),
        "/due?saved=4&figures=1",
        "{}",
        changed.body
    );
    let page = site.get("/due", &session).await;
    assert!(!page.body.contains("Waiting for you"));
    // Taken back it is published no more; what waited before it does not wait again, and the figure is asked for.
    site.post("/due/withdrawal", &session, "commit=4").await;
    let page = site.get("/due", &session).await;
    assert!(!page.body.contains("Waiting for you"), "{}", page.body);
    let scorecard = site.get("/scorecard?unit=a&period=2014-01", &session).await;
    assert!(scorecard.body.contains("No data"), "{}", scorecard.body);
    assert!(!scorecard.body.contains("152.0"), "{}", scorecard.body);
    // On the page of the measure it is published too, and that is shown next.
    let form = form("151.256", "&publish=later").replace("position=2", "position=5");
    let again = site.post("/due", &session, &form).await;
    assert_eq!(
        again.header("location"),
        "/due?saved=6&figures=1&waiting=1",
        "{}",
        again.body
    );
    // Who is to agree with it sees all of it.
    let page = site.get("/due", &session).await;
    assert!(page.body.contains("151.256 Ml"), "{}", page.body);
    let form = "cell=leaks%2Fa%2F2014-01&commit=6&comment=As+agreed&on_measure=yes";
    let done = site.post("/due/publication", &session, form).await;
    let there = done.header("location");
    let expected = "/measures/leaks?unit=a&period=2014-01&published=1";
    assert_eq!(there, expected, "{}", done.body);
    let page = site.get(there, &session).await;
    assert!(
        page.body.contains("Published. All see it now."),
        "{}",
        page.body
    );
    site.enter_as_another("carl", &session).await;
    let commit = site.get("/history/7", &session).await;
    assert!(
        commit.body.contains("Published: As agreed"),
        "{}",
        commit.body
    );
}
