//! What pages tell in words, for programs: decisions, initiatives, a line of sight, corrections, one commit, what is found.

use axum::http::StatusCode;
use serde_json::{Value, json};
use throughline_app::Example;

use crate::api::json as read;
use crate::bench::Bench;

async fn get(site: &Bench, session: &str, path: &str) -> Value {
    let answer = site.get(path, session).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    read(&answer)
}

fn keys(list: &Value, name: &str) -> Vec<String> {
    let lines = list.as_array().into_iter().flatten();
    lines
        .filter_map(|line| line.pointer(name)?.as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn decisions_are_those_of_the_page_and_come_in_pages() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let all = get(&site, &session, "/api/v1/decisions?period=2013-06").await;
    let found = keys(&all["decisions"], "/reading/key");
    assert_eq!(all["total"], found.len());
    let page = site.get("/strategy?period=2013-06", &session).await.body;
    let (_, list) = page
        .split_once("<ul class=\"decisions\">")
        .expect("decisions");
    let (list, _) = list.split_once("</ul>").expect("decisions");
    let shown: Vec<&str> = list
        .split("href=\"/measures/")
        .skip(1)
        .filter_map(|link| link.split(['?', '"']).next())
        .collect();
    assert_eq!(shown, &found[..shown.len()]);
    assert!(shown.len() == 3 && found.len() > 3, "{found:?}");
    let second = "/api/v1/decisions?period=2013-06&limit=1&offset=1";
    let second = get(&site, &session, second).await;
    assert_eq!(keys(&second["decisions"], "/reading/key"), found[1..2]);
}

#[tokio::test]
async fn a_period_of_the_future_needs_no_decision() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let check = async |period: &str, has_begun: bool| {
        let read = get(
            &site,
            &session,
            &format!("/api/v1/decisions?period={period}"),
        )
        .await;
        assert_eq!(read["has_begun"], has_begun, "{period}");
        assert_eq!(read["total"] == 0, !has_begun, "{period}: {read}");
        let page = site
            .get(&format!("/strategy?period={period}"), &session)
            .await;
        let says = page.body.contains("This period has not begun");
        assert_eq!(says, !has_begun, "{period}");
    };
    check("2014-02", true).await;
    check("2014-03", false).await;
    check("2014-Q1", true).await;
    check("2016", false).await;
}

#[tokio::test]
async fn an_initiative_stands_as_on_its_page() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let all = get(&site, &session, "/api/v1/initiatives?period=2013-08").await;
    assert_eq!(keys(&all["initiatives"], "/state")[0], "late");
    let one = get(
        &site,
        &session,
        "/api/v1/initiatives/catch-up-desk?period=2013-08",
    )
    .await;
    assert_eq!(one["initiative"], all["initiatives"][0]);
    let milestones = one["milestones"].as_array().expect("a list");
    assert_eq!(one["initiative"]["milestones"], milestones.len());
    let second = "/api/v1/initiatives/catch-up-desk?period=2013-08&limit=1&offset=1";
    let second = get(&site, &session, second).await;
    assert_eq!(second["milestones"], json!([milestones[1]]));
}

#[tokio::test]
async fn a_line_passes_where_it_is_asked_to() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let path = "/api/v1/line-of-sight/p-halcyon?period=2013-12";
    let first = get(&site, &session, path).await;
    let parts = keys(&first["parts"], "/key");
    assert!(keys(&first["line"], "/key").contains(&parts[0]));
    let from = get(&site, &session, &format!("{path}&from=plan-the-catch-up")).await;
    assert!(keys(&from["line"], "/key").contains(&"plan-the-catch-up".to_owned()));
    // Each step leads to the next, and the last one nowhere.
    let line = from["line"].as_array().expect("a list");
    let next = line.iter().map(|step| step["next"]["key"].clone());
    let after = line.iter().skip(1).map(|step| step["key"].clone());
    assert_eq!(
        next.collect::<Vec<_>>(),
        after.chain([Value::Null]).collect::<Vec<_>>()
    );
    // Somebody of another branch is there for who sees all, and not for a manager.
    get(&site, &session, "/api/v1/line-of-sight/s-oyelaran-finch").await;
    let manager = site.enter_as_another("d-marrowby", &session).await;
    let hidden = site
        .get("/api/v1/line-of-sight/s-oyelaran-finch", &manager)
        .await;
    let unknown = site.get("/api/v1/line-of-sight/no-one", &manager).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(hidden.status, unknown.status, "{}", hidden.body);
}

#[tokio::test]
async fn a_correction_is_told_with_its_commit() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let path = "/api/v1/measures/on-time-arrival/corrections?unit=ewr";
    assert_eq!(get(&site, &session, path).await["total"], 0);
    let mut last = Value::Null;
    for value in [0.5, 0.6] {
        let body = format!(
            "measure,unit,period,value,weight\non-time-arrival,ewr-ua,2013-W23,{value},120\n"
        );
        let posted = site.post_as(&session, &body, "text/csv").await;
        assert_eq!(posted.status, StatusCode::OK, "{}", posted.body);
        last = read(&posted)["commits"][0]["commit"].clone();
    }
    let all = get(&site, &session, path).await;
    assert_eq!(all["total"], 2);
    let latest = &all["corrections"][0];
    assert_eq!(latest["before"]["value"], 0.5);
    assert_eq!(latest["after"]["value"], 0.6);
    assert_eq!(latest["commit"]["commit"], last);
    // They are those of all periods, and the address does not say otherwise.
    let of_a_period = site.get(&format!("{path}&period=2013-06"), &session).await;
    assert_eq!(of_a_period.status, StatusCode::BAD_REQUEST);
    let paged = get(&site, &session, &format!("{path}&limit=1&offset=1")).await;
    assert_eq!(paged["corrections"], json!([all["corrections"][1]]));
    // The commit tells the same from its side, and the page of the measure leads to the observation.
    let commit = get(&site, &session, &format!("/api/v1/commits/{last}")).await;
    assert_eq!(commit["observations"][0]["value"], 0.6);
    assert_eq!(commit["observations"][0]["before"]["value"], 0.5);
    let viewer = site.enter_as_another("o-brightwater", &session).await;
    let page = site
        .get("/measures/on-time-arrival?unit=ewr&period=2013-06", &viewer)
        .await;
    let (_, corrections) = page
        .body
        .split_once("id=\"corrections\"")
        .expect("a section");
    let leads = "/measures/on-time-arrival/observation?unit=ewr-ua&#38;period=2013-W23";
    assert!(corrections.contains(leads), "{corrections}");
}

#[tokio::test]
async fn what_is_found_comes_in_pages() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let all = get(&site, &session, "/api/v1/find?q=on%20time").await;
    let found = keys(&all["found"], "/key");
    assert!(found.contains(&"on-time-arrival".to_owned()), "{found:?}");
    let first = site.get("/api/v1/find?q=on%20time&limit=1", &session).await;
    assert!(first.header("link").contains("rel=\"next\""));
    let last = found.len() - 1;
    let last = format!("/api/v1/find?q=on%20time&limit=1&offset={last}");
    let last = site.get(&last, &session).await;
    assert!(!last.header("link").contains("rel=\"next\""));
    // A unit that is hidden is not found; who sees all finds it.
    let seen = get(&site, &session, "/api/v1/find?q=kennedy").await;
    assert!(
        keys(&seen["found"], "/kind").contains(&"unit".to_owned()),
        "{seen}"
    );
    let long = format!("/api/v1/find?q={}", "a".repeat(201));
    assert_eq!(
        site.get(&long, &session).await.status,
        StatusCode::BAD_REQUEST
    );
    let manager = site.enter_as_another("d-marrowby", &session).await;
    let hidden = get(&site, &manager, "/api/v1/find?q=kennedy").await;
    assert!(
        !keys(&hidden["found"], "/kind").contains(&"unit".to_owned()),
        "{hidden}"
    );
}
