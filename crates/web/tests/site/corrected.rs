//! What is typed wrongly: asked about before it is saved, and found again and corrected once it is there.

use axum::http::StatusCode;

use crate::bench::{Answer, Bench};
use crate::due::{form, recorded_in};

const PLAN: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }, { key: b, name: Birch, parent: top }]
people:
  - { key: olga, name: Olga, unit: top, level: executive }
  - { key: sam, name: Sam, unit: top, level: manager }
  - { key: bea, name: Bea, unit: b, level: frontline }
";

const MEASURES: &str = "measures:
  - { key: calls, name: Calls, kind: sum, frequency: month, steward: sam, reported_by: [a], due: 5 days }
  - { key: lost, name: Lost calls, kind: last, frequency: month, better: lower, shown_as: \"%\", decimals: 1, steward: sam, reported_by: [a, b], due: 20 days }
  - { key: owned, name: Owned, kind: last, frequency: month, owner: olga, steward: sam, reported_by: [a] }
";

/// A site on 3 February 2014, where all of 2013 was reported but October to December of the calls.
async fn site() -> (Bench, String) {
    let site = Bench::of_plan(&[("organisation.yaml", PLAN), ("measures.yaml", MEASURES)]).await;
    let mut observations = "measure,unit,period,value\n".to_owned();
    for month in 1..=12 {
        let lost = 0.17 + f64::from(month % 3) / 100.0;
        observations.push_str(&format!("lost,a,2013-{month:02},{lost}\n"));
        observations.push_str(&format!("lost,b,2013-{month:02},{lost}\n"));
        observations.push_str(&format!("owned,a,2013-{month:02},{}\n", 40 + month % 3));
        if month < 10 {
            let calls = 1200 + month % 4;
            observations.push_str(&format!("calls,a,2013-{month:02},{calls}\n"));
        }
    }
    let session = site.enter_as("sam").await;
    let loaded = site.post_as(&session, &observations, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    (site, session)
}

#[track_caller]
fn has(page: &Answer, words: &str) {
    assert!(page.body.contains(words), "{words} is not in {}", page.body);
}

#[track_caller]
fn has_not(page: &Answer, words: &str) {
    assert!(!page.body.contains(words), "{words} is in {}", page.body);
}

#[tokio::test]
async fn what_is_probably_a_slip_is_asked_about_with_what_is_meant() {
    let (site, session) = site().await;
    let check = async |cell: &str, typed: &str, said: &str, meant: &str| {
        let asked = site.post("/due", &session, &form(cell, typed, "")).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        has(&asked, said);
        has(&asked, &format!("name=\"meant0\" value=\"{meant}\""));
        has(&asked, &format!("name=\"right0\" value=\"{typed}\""));
        has_not(&asked, "What changed?");
    };
    let lost = "lost/a/2014-01";
    let beyond = "181.0% may be a slip: no figure of it was ever above 100%. Is 18.1% meant?";
    check(lost, "181", beyond, "18.1").await;
    let below = "0.18% may be a slip: it is a small part of all others here. Is 18.0% meant?";
    check(lost, "0.18", below, "18").await;
    let above = "12,010 may be a slip: it is many times all others here. Is 1,201 meant?";
    check("calls/a/2014-01", "12010", above, "1201").await;
    check("calls/a/2014-01", "120300", "Is 1,203 meant?", "1203").await;
    assert!(
        recorded_in(&site, &session, "lost", "2014-01")
            .await
            .is_empty()
    );
    // A comment explains a change, and no slip.
    let commented = form(lost, "181", "&comment0=A+storm");
    let asked = site.post("/due", &session, &commented).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Another figure than the one that was said to be right is asked about again.
    let another = form(lost, "1810", "&right0=181");
    let asked = site.post("/due", &session, &another).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_slip_is_mended_or_said_to_be_right_by_one_act() {
    let (site, session) = site().await;
    let meant = form("lost/a/2014-01", "181", "&meant0=18.1");
    let saved = site.post("/due", &session, &meant).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let lines = recorded_in(&site, &session, "lost", "2014-01").await;
    assert!(lines[0].contains("\"value\":0.181"), "{lines:?}");
    let right = form("lost/b/2014-01", "181", "&right0=181");
    let saved = site.post("/due", &session, &right).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let lines = recorded_in(&site, &session, "lost", "2014-01").await;
    assert!(
        lines[1].contains("\"value\":1.81,")
            && lines[1].contains("\"note\":\"Looked at again: it is right\""),
        "{lines:?}"
    );
    // Once there was one above 100 %, the next is asked about as ten times all others here at most.
    let again = form("lost/a/2014-01", "150", "&known0=0.181");
    let asked = site.post("/due", &session, &again).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    has_not(&asked, "ever above 100%");
    has(
        &asked,
        "150.0% may be a slip: it is many times all others here.",
    );
}

#[tokio::test]
async fn two_slips_of_one_form_do_not_stand_up_for_each_other() {
    let (site, session) = site().await;
    let second = "&cell1=lost%2Fb%2F2014-01&value1=175";
    let asked = site
        .post("/due", &session, &form("lost/a/2014-01", "181", second))
        .await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&asked, "Is 18.1% meant?");
    has(&asked, "Is 17.5% meant?");
    assert!(
        recorded_in(&site, &session, "lost", "2014-01")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_slip_asked_about_keeps_that_it_is_published_later() {
    let (site, session) = site().await;
    let later = form("lost/a/2014-01", "181", "&publish=later");
    let asked = site.post("/due", &session, &later).await;
    has(
        &asked,
        "<input type=\"hidden\" name=\"publish\" value=\"later\">",
    );
}

#[tokio::test]
async fn one_measure_with_many_periods_has_one_heading() {
    let (site, session) = site().await;
    let page = site.get("/due", &session).await;
    let heading = ">Calls</a></h3>";
    assert_eq!(page.body.matches(heading).count(), 1, "{}", page.body);
    for period in ["Oct 2013", "Nov 2013", "Dec 2013", "Jan 2014"] {
        has(&page, &format!(">{period}</h4>"));
    }
    // A column is spread in the order of the page.
    let places = ["calls/a/2013-10", "calls/a/2013-11", "calls/a/2013-12"];
    let stand = places.map(|cell| page.body.find(cell).expect("a cell"));
    assert!(stand.is_sorted(), "{stand:?}");
}

#[tokio::test]
async fn a_published_figure_is_found_again_and_corrected() {
    let (site, session) = site().await;
    let link = "change=lost%2Fa%2F2013-12\">Correct";
    let pages = [
        "/due",
        "/measures/lost?unit=a&period=2013-12",
        "/measures/lost/explanation?unit=a&period=2013-12",
        "/measures/lost/observation?unit=a&period=2013-12",
    ];
    for path in pages {
        has(&site.get(path, &session).await, link);
    }
    let page = site.get("/due?change=lost%2Fa%2F2013-12", &session).await;
    has(&page, ">To correct</h2>");
    has(&page, "name=\"value0\" value=\"17\"");
    has(&page, "name=\"known0\" value=\"0.17\"");
    has(&page, "Why is it corrected?");
    let more = "&known0=0.17&comment0=Counted+twice";
    let sent = form("lost/a/2013-12", "16.5", more);
    let saved = site.post("/due", &session, &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let history = "/measures/lost/observation?unit=a&period=2013-12";
    let history = site.get(history, &session).await;
    has(&history, "It was recorded 2 times");
    has(&history, "Counted twice");
    // What was said of it is shown, and not lost where nothing else is typed.
    let page = site.get("/due?change=lost%2Fa%2F2013-12", &session).await;
    has(&page, "unless you say something else: “Counted twice”");
    let sent = form("lost/a/2013-12", "16.5", "&known0=0.165&comment0=");
    site.post("/due", &session, &sent).await;
    let history = site
        .get("/measures/lost/observation?unit=a&period=2013-12", &session)
        .await;
    has(&history, "It was recorded 2 times");
    has(&history, "Counted twice");
    // What was entered lately stands first.
    let page = site.get("/due", &session).await;
    let (_, lately) = page.body.split_once("Entered lately").expect("a list");
    assert!(lately.find("16.5%") < lately.find("17.0%"), "{lately}");
}

#[tokio::test]
async fn only_who_may_enter_a_figure_is_led_to_its_correction() {
    let (site, session) = site().await;
    for person in ["olga", "bea"] {
        site.enter_as_another(person, &session).await;
        let pages = [
            "/measures/lost?unit=a&period=2013-12",
            "/measures/lost/observation?unit=a&period=2013-12",
        ];
        for path in pages {
            has_not(&site.get(path, &session).await, "lost%2Fa%2F2013-12\"");
        }
        let page = site.get("/due?change=lost%2Fa%2F2013-12", &session).await;
        has_not(&page, "value=\"lost/a/2013-12\"");
    }
    // Who works in Birch corrects what is of Birch.
    let page = site.get("/due", &session).await;
    has(&page, "change=lost%2Fb%2F2013-12\">Correct");
}

#[tokio::test]
async fn a_correction_of_an_owned_figure_waits_and_the_published_one_holds() {
    let (site, session) = site().await;
    let sent = form("owned/a/2013-12", "41", "&known0=40&comment0=Miscounted");
    let saved = site.post("/due", &session, &sent).await;
    assert!(
        saved.header("location").ends_with("&waiting=1"),
        "{}",
        saved.body
    );
    let lines = recorded_in(&site, &session, "owned", "2013-12").await;
    assert!(lines[0].contains("\"value\":40"), "{lines:?}");
}
