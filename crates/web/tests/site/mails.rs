//! The links of mails, and the page where mails are chosen: what they open, what they do not, and what looking changes.

use std::sync::Arc;

use axum::http::StatusCode;
use throughline_app::mail::{Mailer, deliver};
use throughline_app::{ApplyOptions, Ctx, LoadOptions, apply_plan, load_observations};
use throughline_core::FrozenClock;
use throughline_model::text::PlanFile;
use throughline_testkit::chance::fill_anew;
use throughline_testkit::mail::{Caught, MailCatcher};
use throughline_web::Mode;

use crate::bench::Bench;

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC, owner_first: 0 hours }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }, { key: b, name: Birch, parent: top }]
people:
  - { key: sam, name: Sam, unit: top, level: manager, email: sam@o.example, role: steward, role_at: a }
";

const MEASURES: &str = "measures:
  - { key: leaks, name: Leakage, kind: last, frequency: month, better: lower, decimals: 1, steward: sam, reported_by: [a, b], due: 10 days }
";

async fn open(from: &Ctx) -> Ctx {
    let at = "2014-02-03T10:00:00Z".parse().expect("a literal");
    let clock = Arc::new(FrozenClock(at));
    let ctx = Ctx::open(from.location(), *from.actor(), clock, Arc::new(fill_anew));
    ctx.await.expect("a context")
}

/// A site where people sign in, and the mail that Sam got on Monday.
async fn mailed() -> (Bench, Caught) {
    let catcher = MailCatcher::start();
    let filled = async |ctx: &Ctx| {
        let files = [
            ("organisation.yaml", ORGANISATION),
            ("measures.yaml", MEASURES),
        ];
        let files = files.map(|(path, text)| PlanFile {
            path: path.to_owned(),
            bytes: text.as_bytes().to_vec(),
        });
        let applied = apply_plan(ctx, &files, &ApplyOptions::default()).await;
        applied.expect("the plan is sound");
        let ctx = open(ctx).await;
        let months = (2..=12).map(|month| format!("leaks,a,2013-{month:02},150\n"));
        let rows = format!("measure,unit,period,value\n{}", months.collect::<String>());
        let options = LoadOptions::default();
        let loaded = load_observations(&ctx, "o.csv", rows.as_bytes(), options).await;
        loaded.expect("good rows");
        let server = catcher.url().parse().expect("an address");
        let mailer = Mailer::new(server, "t@o.example", None, "http://site".to_owned());
        let done = deliver(&ctx, &mailer.expect("a mailer"))
            .await
            .expect("mails");
        assert_eq!(done.sent, 1, "{:?}", done.told);
        ctx.close().await;
    };
    let site = Bench::filled(Mode::Serve, filled).await;
    let mail = catcher.caught().pop().expect("a mail");
    (site, mail)
}

/// The path of a link in a mail.
fn path(mail: &Caught, start: &str) -> String {
    let token = mail.token_after(start).expect("a link");
    format!("{start}{token}")
}

fn form(cell: &str, value: &str) -> String {
    let cell = cell.replace('/', "%2F");
    format!("position=2&cell0={cell}&value0={value}&routine0=on")
}

#[tokio::test]
async fn the_link_opens_its_figures_and_no_other_page() {
    let (site, mail) = mailed().await;
    let path = path(&mail, "/figures/");
    let page = site.get(&path, "").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(
        page.body.contains("value=\"leaks/a/2014-01\""),
        "{}",
        page.body
    );
    assert!(!page.body.contains("leaks/b/"), "Birch is not his");
    assert!(!page.body.contains("href=\"/measures"), "{}", page.body);
    assert_eq!(page.header("set-cookie"), "", "nobody is in");
    for elsewhere in ["/due", "/strategy", "/measures/leaks", "/mails"] {
        let answer = site.get(elsewhere, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{elsewhere}");
        assert!(answer.header("location").starts_with("/sign-in"));
    }
    let wrong = site.get("/figures/00", "").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let off = mail.token_after("/mails/off/").expect("a link");
    let of_another_purpose = site.get(&format!("/figures/{off}"), "").await;
    assert_eq!(of_another_purpose.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn figures_are_saved_by_the_link_until_they_are_there() {
    let (site, mail) = mailed().await;
    let path = path(&mail, "/figures/");
    for foreign in ["leaks/b/2014-01", "leaks/a/2013-12"] {
        let refused = site.post(&path, "", &form(foreign, "1")).await;
        assert!(
            refused.status.is_client_error(),
            "{foreign}: {}",
            refused.status
        );
    }
    let wrong = site
        .post(&path, "", &form("leaks/a/2014-01", "about+5"))
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"value0-wrong\""), "{}", wrong.body);
    let sent = form("leaks/a/2014-01", "151");
    let saved = site.post(&path, "", &sent).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert_eq!(
        saved.header("location"),
        format!("{path}?saved=3&figures=1")
    );
    let again = site.post(&path, "", &sent).await;
    assert_eq!(again.header("location"), saved.header("location"));
    let page = site.get(saved.header("location"), "").await;
    assert!(page.body.contains("1 figure saved."), "{}", page.body);
    assert!(page.body.contains("All figures of this link are there"));
    assert!(
        !page.body.contains("name=\"value0\""),
        "nothing is left to type"
    );
    let late = site.post(&path, "", &form("leaks/a/2014-01", "99")).await;
    assert_ne!(
        late.status,
        StatusCode::SEE_OTHER,
        "{}",
        late.header("location")
    );
}

#[tokio::test]
async fn figures_of_the_link_are_pasted_and_taken_back() {
    let (site, mail) = mailed().await;
    let path = path(&mail, "/figures/");
    let pasted = form("leaks/a/2014-01", "") + "&act=paste&column=151.5";
    let filled = site.post(&path, "", &pasted).await;
    assert_eq!(filled.status, StatusCode::OK, "{}", filled.body);
    let words = "name=\"value0\" value=\"151.5\"";
    assert!(filled.body.contains(words), "{}", filled.body);
    let saved = site
        .post(&path, "", &form("leaks/a/2014-01", "151.5"))
        .await;
    let page = site.get(saved.header("location"), "").await;
    let undo = format!("action=\"{path}/withdrawal\"");
    assert!(page.body.contains(&undo), "{}", page.body);
    // What was not entered by whom the link is for is not theirs to take back.
    let foreign = site
        .post(&format!("{path}/withdrawal"), "", "commit=2")
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let back = site
        .post(&format!("{path}/withdrawal"), "", "commit=3")
        .await;
    let location = format!("{path}?figures=1&kept=0");
    assert_eq!(back.header("location"), location, "{}", back.body);
    let page = site.get(back.header("location"), "").await;
    assert!(page.body.contains("1 figure taken back."), "{}", page.body);
    assert!(page.body.contains("value=\"leaks/a/2014-01\""));
}

#[tokio::test]
async fn a_mail_stops_after_one_click_and_a_word() {
    let (site, mail) = mailed().await;
    let console = site.enter().await;
    let session = site.join("sam", &console).await.session();
    let wanted = async || {
        let page = site.get("/mails", &session).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        ["digest", "reminder"].map(|word| {
            let checked = format!("name=\"{word}\" value=\"yes\" checked");
            page.body.contains(&checked)
        })
    };
    assert_eq!(wanted().await, [true, true]);
    let path = path(&mail, "/mails/off/");
    let asked = site.get(&path, "").await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(
        asked.body.contains("Stop the weekly mail?"),
        "{}",
        asked.body
    );
    assert_eq!(wanted().await, [true, true], "looking changes nothing");
    let done = site.post(&path, "", "").await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.body.contains("The weekly mail stops"), "{}", done.body);
    assert_eq!(wanted().await, [false, true]);
    let kept = site.post("/mails", &session, "digest=yes").await;
    assert_eq!(kept.header("location"), "/mails?kept=yes", "{}", kept.body);
    assert_eq!(wanted().await, [true, false]);
    let wrong = site.post("/mails/off/00", "", "").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    // Whoever is nobody in person gets no mails.
    assert_eq!(
        site.get("/mails", &console).await.status,
        StatusCode::NOT_FOUND
    );
}
