//! The private address of the calendar: what it shows, to whom, and what ends it.

use axum::http::StatusCode;
use throughline_app::{ApplyOptions, Ctx, apply_plan};
use throughline_model::text::PlanFile;
use throughline_web::Mode;

use crate::bench::Bench;

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }, { key: b, name: Birch, parent: top }]
people:
  - { key: sam, name: Sam, unit: a, level: manager, email: sam@o.example, role: contributor, role_at: a }
";

const BODIES: &str = "bodies:
  - { key: alder, name: Alder meets, unit: a, members: [{ person: sam, role: chair }], cadence: { rule: FREQ=MONTHLY;BYDAY=2TU, first: 2014-01-01, at: \"09:00\", minutes: 45 } }
  - { key: birch, name: Birch meets, unit: b, members: [{ person: sam }], cadence: { rule: FREQ=MONTHLY;BYDAY=2TU, first: 2014-01-01, at: \"09:00\", minutes: 45 } }
reviews:
  - { key: alder-2014-02-11, body: alder, period: 2014-01, on: 2014-02-11, at: \"10:00\" }
";

async fn apply(ctx: &Ctx, files: [(&str, &str); 2]) {
    let files = files.map(|(path, text)| PlanFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    let applied = apply_plan(ctx, &files, &ApplyOptions::default()).await;
    applied.expect("the plan is sound");
}

/// A site where Sam signed in: the session of the console, and that of Sam.
async fn site() -> (Bench, String, String) {
    let fill = async |ctx: &Ctx| {
        let files = [
            ("organisation.yaml", ORGANISATION),
            ("governance.yaml", BODIES),
        ];
        apply(ctx, files).await;
    };
    let site = Bench::filled(Mode::Serve, fill).await;
    let console = site.enter().await;
    let joined = site.join("sam", &console).await;
    (site, console, joined.session())
}

/// The path of the address that a page shows.
fn address(page: &str) -> String {
    let (_, after) = page.split_once("/calendar/").expect("an address");
    let (token, _) = after.split_once(".ics").expect("an address");
    assert_eq!(token.len(), 64, "{token}");
    format!("/calendar/{token}.ics")
}

#[tokio::test]
async fn an_address_shows_the_meetings_of_its_person_until_there_is_a_newer_one() {
    let (site, console, sam) = site().await;
    let page = site.get("/calendar", &sam).await;
    assert!(page.body.contains("Make an address"), "{}", page.body);
    let made = site.post("/calendar", &sam, "").await;
    assert_eq!(made.status, StatusCode::OK);
    let first = address(&made.body);
    // It is shown once.
    let page = site.get("/calendar", &sam).await.body;
    assert!(page.contains("Make it anew") && !page.contains(&first));

    let calendar = site.get(&first, "").await;
    assert_eq!(calendar.status, StatusCode::OK, "{}", calendar.body);
    assert!(calendar.header("content-type").starts_with("text/calendar"));
    assert_eq!(calendar.header("set-cookie"), "", "nobody is in");
    let text = calendar.body.replace("\r\n ", "");
    assert!(text.contains("SUMMARY:Alder meets"), "{text}");
    assert!(
        text.contains("DTSTART:20140211T100000Z\r\nDURATION:PT45M"),
        "{text}"
    );
    assert!(text.contains("/reviews/alder-2014-02-11\r\n"), "{text}");
    assert!(text.contains("/reviews#body-alder\r\n"), "{text}");
    // Of a unit that Sam may not read there is nothing, and of Sam neither.
    for hidden in ["Birch", "birch", "Sam", "sam"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }

    let second = site.post("/calendar", &sam, "").await;
    let second = address(&second.body);
    assert_eq!(site.get(&second, "").await.status, StatusCode::OK);
    let wrong = [
        first.as_str(),
        "/calendar/00.ics",
        "/calendar/.ics",
        second.strip_suffix(".ics").expect("an ending"),
    ];
    for wrong in wrong {
        let answer = site.get(wrong, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let ended = site.post("/calendar/end", &sam, "").await;
    assert_eq!(ended.header("location"), "/calendar");
    assert_eq!(site.get(&second, "").await.status, StatusCode::NOT_FOUND);
    // Whoever is nobody in person has none, and nobody makes one without a session.
    let nobody = site.get("/calendar", &console).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let outside = site.post("/calendar", "", "").await;
    assert!(outside.status.is_client_error() || outside.status.is_redirection());
}

#[tokio::test]
async fn an_address_of_somebody_without_a_role_opens_nothing() {
    let (site, console, sam) = site().await;
    let made = site.post("/calendar", &sam, "").await;
    let address = address(&made.body);
    assert_eq!(site.get(&address, "").await.status, StatusCode::OK);
    let taken = site.post("/people/sam/access", &console, "role=").await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    assert_eq!(site.get(&address, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_guesses_addresses_is_stopped_at_the_door() {
    let (site, _, sam) = site().await;
    let made = site.post("/calendar", &sam, "").await;
    let address = address(&made.body);
    let mut last = StatusCode::OK;
    for guess in 0..520 {
        last = site
            .get(&format!("/calendar/{guess:064x}.ics"), "")
            .await
            .status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // Whoever has one is not kept waiting by those who guess.
    assert_eq!(site.get(&address, "").await.status, StatusCode::OK);
}
