//! From an empty ledger: the link of the console names the organisation and its first administrator, and every page of the
//! navigation then says what will appear on it.

use axum::http::StatusCode;
use throughline_app::{ApplyOptions, Ctx, apply_plan};
use throughline_model::text::PlanFile;
use throughline_web::Mode;

use crate::bench::Bench;
use crate::imports::{AWKWARD, bring, confirm};

const FORM: &str = "organisation=Harbour+Bakeries&time_zone=Europe%2FLondon&fiscal_year_starts=april\
    &name=Ruth+Okafor&email=ruth%40harbour.example&password=kettle+window+granite+lamp";

/// The pages of the navigation, with what they do without.
const PAGES: [&str; 10] = [
    "/strategy",
    "/map",
    "/scorecard",
    "/measures",
    "/initiatives",
    "/reviews",
    "/actions",
    "/people",
    "/plan",
    "/history",
];

#[tokio::test]
async fn the_link_of_the_console_makes_the_organisation_and_its_administrator() {
    let site = Bench::empty(Mode::Serve).await;
    let console = site.enter().await;
    let home = site.get("/", &console).await;
    assert_eq!(home.header("location"), "/set-up");
    let page = site.get("/set-up", &console).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("name=\"time_zone\""), "{}", page.body);
    let check = async |from: &str, to: &str, field: &str| {
        let refused = site
            .post("/set-up", &console, &FORM.replace(from, to))
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
        let problem = format!("id=\"{field}-wrong\"");
        assert!(refused.body.contains(&problem), "{to}: {}", refused.body);
        assert!(refused.body.contains("value=\"april\" selected"), "{to}");
    };
    check("Harbour+Bakeries", "+", "organisation").await;
    check("Europe%2FLondon", "Europe%2FLodnon", "time_zone").await;
    check("Ruth+Okafor", "", "name").await;
    check(
        "kettle+window+granite+lamp",
        "ruth+okafor+ruth+okafor",
        "password",
    )
    .await;
    // All that is wrong is told at once, each at its field.
    let all = "organisation=+&time_zone=Moon&fiscal_year_starts=april&name=&password=short";
    let refused = site.post("/set-up", &console, all).await.body;
    for field in ["organisation", "time_zone", "name", "password"] {
        let problem = format!("id=\"{field}-wrong\"");
        assert!(refused.contains(&problem), "{field}: {refused}");
    }
    let begun = site.post("/set-up", &console, FORM).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let session = begun.session();
    let history = site.get("/history", &session).await;
    assert!(history.body.contains("Ruth Okafor"), "{}", history.body);
    let organisation = site
        .get("/records/organisation/harbour-bakeries/edit", &session)
        .await;
    assert!(
        organisation.body.contains("Europe/London"),
        "{}",
        organisation.body
    );
    let again = site.post("/set-up", &session, FORM).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_of_an_empty_plan_says_what_will_appear() {
    let site = Bench::empty(Mode::Serve).await;
    let console = site.enter().await;
    for path in PAGES {
        let before = site.get(path, &console).await;
        assert_eq!(before.header("location"), "/set-up", "{path}");
    }
    let session = site.post("/set-up", &console, FORM).await.session();
    for path in PAGES {
        let page = site.get(path, &session).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    }
    for path in ["/strategy", "/map", "/scorecard", "/measures"] {
        let page = site.get(path, &session).await;
        let (_, empty) = page.body.split_once("class=\"section empty").expect(path);
        assert!(empty.contains("href=\"/import\""), "{path}: {empty}");
    }
}

/// A site with an administrator, and the awkward workbook recorded: the session, and the page that says so.
async fn imported(site: &Bench) -> (String, String) {
    let console = site.enter().await;
    let session = site.post("/set-up", &console, FORM).await.session();
    let (_, recorded) = import(site, &session).await;
    (session, recorded)
}

/// Brings the workbook in: the page of its check, and the one that says what was recorded.
async fn import(site: &Bench, session: &str) -> (String, String) {
    let brought = bring(site, session, "", &[("kpis.xlsx", AWKWARD)]).await;
    let check = brought.header("location").to_owned();
    let path = format!("{check}/confirmation?period=2025-01");
    let told = confirm(site, session, &path, "").await;
    (check, told)
}

#[tokio::test]
async fn an_import_says_what_it_recorded_and_is_taken_back_as_a_whole() {
    let site = Bench::empty(Mode::Serve).await;
    let console = site.enter().await;
    let session = site.post("/set-up", &console, FORM).await.session();
    let (check, recorded) = import(&site, &session).await;
    assert_eq!(recorded, "/imports/2");
    let checked = site.get(&check, &session).await.body;
    assert!(
        checked.contains("This is recorded, as commit 2"),
        "{checked}"
    );
    let page = site.get(&recorded, &session).await.body;
    for words in [
        "<b>12</b><span>measures",
        "<b>3</b><span>units: North, West and East",
        "<b>852</b><span>figures",
        "href=\"/measures/safety-incidents\"",
        "href=\"/invitations\"",
        "action=\"/history/2/reversal\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let undone = site.post("/history/2/reversal", &session, "").await;
    assert_eq!(undone.header("location"), "/history/3", "{}", undone.body);
    let scorecard = site.get("/scorecard", &session).await;
    assert!(
        scorecard.body.contains("No figures yet"),
        "{}",
        scorecard.body
    );
    let page = site.get(&recorded, &session).await.body;
    assert!(page.contains("Taken back"), "{page}");
    // The check knows that, and what was taken back is new again.
    let checked = site.get(&check, &session).await.body;
    assert!(checked.contains("Nothing is saved yet"), "{checked}");
    assert!(checked.contains("<b>852</b><span>new values"), "{checked}");
    assert!(!checked.contains("take the place of"), "{checked}");
    // The same file can be brought in again, and everything is there.
    let (_, again) = import(&site, &session).await;
    let page = site.get(&again, &session).await.body;
    assert!(page.contains("<b>12</b><span>measures"), "{page}");
    assert!(page.contains("<b>852</b><span>figures"), "{page}");
    let owners = site.get("/invitations", &session).await.body;
    assert!(owners.contains("value=\"sue-bell\" checked"), "{owners}");
    let measure = site
        .get("/measures/safety-incidents?unit=north", &session)
        .await;
    assert!(measure.body.contains("Safety incidents"));
    // What was entered since and taken back again is no obstacle, and it is taken back once more.
    for value in ["4,", ",withdrawn"] {
        let row =
            format!("measure,unit,period,value,state\nsafety-incidents,north,2014-01,{value}\n");
        let entered = site.post_as(&session, &row, "text/csv").await;
        assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    }
    let undone = site.post("/history/4/reversal", &session, "").await;
    assert_eq!(undone.header("location"), "/history/7", "{}", undone.body);
}

#[tokio::test]
async fn an_import_on_which_something_rests_is_not_taken_back() {
    let site = Bench::empty(Mode::Serve).await;
    let (session, _) = imported(&site).await;
    let rows = "measure,unit,period,value\nsafety-incidents,north,2014-01,4\n";
    let entered = site.post_as(&session, rows, "text/csv").await;
    assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
    let refused = site.post("/history/2/reversal", &session, "").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("commit 3"), "{}", refused.body);
    let measure = site.get("/measures/safety-incidents", &session).await;
    assert_eq!(measure.status, StatusCode::OK);
}

#[tokio::test]
async fn owners_of_an_import_are_invited_together_and_found_their_body() {
    let site = Bench::empty(Mode::Serve).await;
    let (session, _) = imported(&site).await;
    let page = site.get("/invitations", &session).await.body;
    assert!(page.contains("value=\"sue-bell\" checked"), "{page}");
    let nobody = site.post("/invitations", &session, "").await;
    assert!(
        !nobody.body.contains("value=\"sue-bell\" checked"),
        "who was taken off stays off"
    );
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = "person=sue-bell&email-sue-bell=sue&email-ana-lima=ana%40harbour.example";
    let wrong = site.post("/invitations", &session, wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for kept in [
        "id=\"email-sue-bell-wrong\"",
        "id=\"email-ana-lima-wrong\"",
        "value=\"sue\"",
        "value=\"ana@harbour.example\"",
    ] {
        assert!(wrong.body.contains(kept), "{kept}: {}", wrong.body);
    }
    let form =
        "person=sue-bell&person=ana-lima&email-ana-lima=ana%40harbour.example&email-sue-bell=";
    let made = site.post("/invitations", &session, form).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let links: Vec<&str> = made.body.split("/join/").skip(1).collect();
    let token = |rest: &str| {
        rest.chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    assert_eq!(links.len(), 2, "{}", made.body);
    let again = site.post("/invitations", &session, form).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "{}", again.body);
    for link in links {
        let path = format!("/join/{}", token(link));
        let joined = site
            .post(&path, "", "password=kettle+window+granite+lamp")
            .await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.body);
        let home = site.get("/", &joined.session()).await;
        assert_eq!(home.header("location"), "/due");
    }
    for (person, email) in [
        ("ana-lima", "ana@harbour.example"),
        ("ruth-okafor", "ruth@harbour.example"),
    ] {
        let page = site.get(&format!("/people/{person}"), &session).await.body;
        assert!(page.contains(email), "{email}: {page}");
    }
    let page = site.get("/reviews", &session).await.body;
    assert!(page.contains("action=\"/bodies\""), "{page}");
    let body = "name=Monthly+review&chair=ana-lima&member=sue-bell&first=2014-02-04&at=09%3A00";
    // It is Monday afternoon: nine o'clock comes tomorrow.
    assert!(
        page.contains("name=\"first\" value=\"2014-02-04\""),
        "{page}"
    );
    for day in ["soon", "1900-01-02", "2014-02-02", "2099-02-03"] {
        let refused = site
            .post("/bodies", &session, &body.replace("2014-02-04", day))
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        let is_told = refused.body.contains("id=\"first-wrong\"");
        assert!(is_told, "{day}: {}", refused.body);
    }
    let founded = site.post("/bodies", &session, body).await;
    assert_eq!(founded.status, StatusCode::SEE_OTHER, "{}", founded.body);
    // Sent twice it founds one; another one of that name is refused.
    let again = site.post("/bodies", &session, body).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let other = site
        .post("/bodies", &session, &body.replace("09%3A00", "10%3A00"))
        .await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = site.get("/reviews", &session).await.body;
    assert!(page.contains("Ana Lima (chair)"), "{page}");
    assert!(page.contains("Meets next on 4 Feb 2014, 09:00"), "{page}");
}

/// Who does the work, by the plan, begins with what it leads to; who leads others, or sets the course, with the strategy.
#[tokio::test]
async fn each_begins_with_what_they_ask_first() {
    let plan = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }]
people:
  - { key: fay, name: Fay, unit: a, level: frontline, role: viewer, role_at: a }
  - { key: con, name: Con, unit: a, role: contributor, reports_to: lea }
  - { key: lea, name: Lea, unit: a, role: contributor }
  - { key: mia, name: Mia, unit: a, level: manager, role: contributor }
  - { key: out, name: Out, role: contributor }
";
    let filled = async |ctx: &Ctx| {
        let file = PlanFile {
            path: "organisation.yaml".to_owned(),
            bytes: plan.as_bytes().to_vec(),
        };
        let applied = apply_plan(ctx, &[file], &ApplyOptions::default()).await;
        applied.expect("the plan is sound");
    };
    let site = Bench::filled(Mode::Serve, filled).await;
    let console = site.enter().await;
    let check = async |person: &str, expected: &str| {
        let joined = site.join(person, &console).await;
        let home = site.get("/", &joined.session()).await;
        assert_eq!(home.header("location"), expected, "{person}");
    };
    check("fay", "/line-of-sight").await;
    check("con", "/line-of-sight").await;
    check("lea", "/strategy").await;
    check("mia", "/strategy").await;
    check("out", "/due").await;
}
