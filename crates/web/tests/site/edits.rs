//! Records are changed in the browser: what is wrong stands at its field, what is saved can be taken back, and who may not
//! change the plan has no way to.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::{Answer, Bench};

const EDIT: &str = "/records/measure/on-time-arrival/edit";
const SAVE: &str = "/records/measure/on-time-arrival";

/// The commit at which a form was opened.
fn base(page: &Answer) -> String {
    let (_, rest) = page
        .body
        .split_once("name=\"base\" value=\"")
        .expect("a form");
    rest.split_once('"').expect("a value").0.to_owned()
}

#[tokio::test]
async fn a_saved_form_is_one_commit_that_can_be_taken_back() {
    let site = Bench::demo(Example::NyFlights).await;
    let strategist = site.enter_as("o-brightwater").await;
    let page = site.get(EDIT, &strategist).await;
    assert_eq!(page.status, StatusCode::OK);
    let form = format!("base={}&name=Arrivals+on+time&reason=Plainer", base(&page));
    let saved = site.post(SAVE, &strategist, &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let to = saved.header("location").to_owned();
    let shown = site.get(&to, &strategist).await;
    for text in ["Saved.", "Arrivals on time", "/history/3/reversal"] {
        assert!(shown.body.contains(text), "{text}");
    }
    // The form sent again has one effect.
    let again = site.post(SAVE, &strategist, &form).await;
    assert_eq!(again.header("location"), to);

    let undone = site.post("/history/3/reversal", &strategist, "").await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    let commit = site.get(undone.header("location"), &strategist).await;
    assert!(commit.body.contains("Takes back commit 3"));
    let page = site.get(EDIT, &strategist).await;
    assert!(page.body.contains("value=\"On-time arrivals\""));
}

#[tokio::test]
async fn what_cannot_be_saved_stays_in_the_form_with_what_is_wrong() {
    let site = Bench::demo(Example::NyFlights).await;
    let strategist = site.enter_as("o-brightwater").await;
    let page = site.get(EDIT, &strategist).await;
    let form = format!("base={}&name=Kept+words&owner=nobody-here", base(&page));
    let answer = site.post(SAVE, &strategist, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in [
        "<title>Error: ",
        "id=\"owner-wrong\"",
        "Kept words",
        "nobody-here",
    ] {
        assert!(answer.body.contains(text), "{text}");
    }
    let history = site.get("/history/3", &strategist).await;
    assert_eq!(history.status, StatusCode::NOT_FOUND, "nothing was written");

    for path in [
        "/records/measure/none/edit",
        "/records/nothing/new",
        "/records/decision/new",
        "/records/strategy/new",
    ] {
        assert_eq!(
            site.get(path, &strategist).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn who_may_not_change_the_plan_has_no_way_to() {
    let site = Bench::demo(Example::NyFlights).await;
    let steward = site.enter_as("d-marrowby").await;
    for path in [
        "/records/measure?unit=ewr",
        "/measures/on-time-arrival?unit=ewr&period=2013-06",
        "/people/d-marrowby",
    ] {
        let page = site.get(path, &steward).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains("/edit"), "{path}");
        assert!(!page.body.contains("/new"), "{path}");
    }
    assert!(
        !site
            .get("/history/1", &steward)
            .await
            .body
            .contains("/reversal")
    );
    for path in [EDIT, "/records/measure/new"] {
        assert_eq!(
            site.get(path, &steward).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    for path in [SAVE, "/records/measure", "/history/1/reversal"] {
        let answer = site
            .post(path, &steward, "name=Mine&kind=sum&frequency=month")
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}
