//! What nobody gets past: no session, a used link, another host, another site, another role.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use throughline_app::Example;
use throughline_web::{Mode, ROUTES, Rule};

use crate::bench::{Bench, HOST};

/// The headers that every answer carries.
const HEADERS: [&str; 3] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
];

/// The path of a route, with something in place of its parts.
fn path(route: &str) -> String {
    let part = |part: &str| {
        if part.starts_with('{') {
            "none".to_owned()
        } else {
            part.to_owned()
        }
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn nobody_sees_anything_without_a_session() {
    let site = Bench::demo(Example::NyFlights).await;
    let nowhere = site.get("/no-such-page", "").await;
    assert_eq!(nowhere.status, StatusCode::UNAUTHORIZED);
    let nowhere_for_programs = site.get("/api/v1/no-such-address", "").await;
    assert_eq!(nowhere_for_programs.status, StatusCode::UNAUTHORIZED);
    let guarded = ROUTES.iter().filter(|route| !route.rule.is_for_anyone());
    for route in guarded {
        let answer = match route.method {
            "GET" => site.get(&path(route.path), "").await,
            _ => site.post(&path(route.path), "", "").await,
        };
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", route.path);
        // A page that is there answers like one that is not.
        let nowhere = match route.path.starts_with("/api/") {
            true => &nowhere_for_programs,
            false => &nowhere,
        };
        assert_eq!(answer.body, nowhere.body, "{}", route.path);
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    for route in ROUTES {
        for session in ["", session.as_str()] {
            let answer = match route.method {
                "GET" => site.get(&path(route.path), session).await,
                _ => site.post(&path(route.path), session, "").await,
            };
            for name in HEADERS {
                assert_ne!(answer.header(name), "", "{} {name}", route.path);
            }
            assert!(answer.status.as_u16() < 500, "{}", route.path);
        }
    }
}

#[tokio::test]
async fn the_link_opens_one_session() {
    let site = Bench::demo(Example::NyFlights).await;
    let check = async |path: &str, expected: StatusCode| {
        assert_eq!(site.get(path, "").await.status, expected, "{path}");
    };
    check("/enter/", StatusCode::UNAUTHORIZED).await;
    check("/enter/0000", StatusCode::UNAUTHORIZED).await;
    // A browser that looks ahead does not use it up.
    let ahead = Request::get(&site.way_in)
        .header(header::HOST, HOST)
        .header("sec-purpose", "prefetch");
    let ahead = site.send(ahead.body(Body::empty()).unwrap()).await;
    assert_eq!(ahead.status, StatusCode::UNAUTHORIZED);
    let entered = site.get(&site.way_in, "").await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    let cookie = entered.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    check(&site.way_in, StatusCode::UNAUTHORIZED).await;
    // Whoever is in already just goes on.
    let again = site.get(&site.way_in, &entered.session()).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let strategy = site.get("/strategy", &entered.session()).await;
    assert_eq!(strategy.status, StatusCode::OK);
    let guessed = site.get("/strategy", "throughline-8080=00").await;
    assert_eq!(guessed.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn another_host_is_turned_away() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let check = async |host: Option<&str>, expected: StatusCode| {
        let mut request = Request::get("/strategy").header(header::COOKIE, &session);
        if let Some(host) = host {
            request = request.header(header::HOST, host);
        }
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, expected, "{host:?}");
    };
    check(Some("127.0.0.1:8080"), StatusCode::OK).await;
    check(Some("localhost:8080"), StatusCode::OK).await;
    check(Some("[::1]:8080"), StatusCode::OK).await;
    for host in [
        None,
        Some("evil.example"),
        Some("evil.example:8080"),
        Some("127.0.0.1"),
        Some("127.0.0.1:80800"),
        Some("127.0.0.1.evil.example:8080"),
    ] {
        check(host, StatusCode::MISDIRECTED_REQUEST).await;
    }
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    let check = async |origin: Option<&str>, fetched: Option<&str>, expected: StatusCode| {
        let mut request = Request::post("/theme")
            .header(header::HOST, HOST)
            .header(header::COOKIE, &session)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        if let Some(fetched) = fetched {
            request = request.header("sec-fetch-site", fetched);
        }
        let answer = site
            .send(request.body(Body::from("theme=dark")).unwrap())
            .await;
        assert_eq!(answer.status, expected, "{origin:?} {fetched:?}");
    };
    let own = format!("http://{HOST}");
    check(Some(&own), None, StatusCode::SEE_OTHER).await;
    check(Some(&own), Some("same-origin"), StatusCode::SEE_OTHER).await;
    check(None, Some("same-origin"), StatusCode::SEE_OTHER).await;
    check(None, None, StatusCode::FORBIDDEN).await;
    check(Some("null"), None, StatusCode::FORBIDDEN).await;
    check(Some("http://evil.example"), None, StatusCode::FORBIDDEN).await;
    check(Some("https://127.0.0.1:8080"), None, StatusCode::FORBIDDEN).await;
    for fetched in ["cross-site", "same-site", "none"] {
        check(Some(&own), Some(fetched), StatusCode::FORBIDDEN).await;
    }
}

#[tokio::test]
async fn people_see_what_the_policy_lets_them_see() {
    let site = Bench::demo(Example::NyFlights).await;
    // A manager at Newark: Newark, what is below it, and what is above; not Kennedy.
    let session = site.enter_as("d-marrowby").await;
    let check = async |unit: &str, is_seen: bool| {
        let answer = site.get(&format!("/strategy?unit={unit}"), &session).await;
        assert_eq!(answer.status == StatusCode::OK, is_seen, "{unit}");
        if !is_seen {
            let invented = site.get("/strategy?unit=no-such-unit", &session).await;
            assert_eq!(answer.status, invented.status, "{unit}");
        }
    };
    check("ewr", true).await;
    check("ewr-ua", true).await;
    check("harbour", true).await;
    check("jfk", false).await;
    check("jfk-b6", false).await;
}

#[tokio::test]
async fn nobody_looks_through_eyes_where_it_is_no_demonstration() {
    let site = Bench::new(Example::NyFlights, Mode::Serve).await;
    let session = site.enter().await;
    let page = site.get("/look-through", &session).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let chosen = site
        .post("/look-through", &session, "person=d-marrowby")
        .await;
    assert_eq!(chosen.status, StatusCode::NOT_FOUND);
    let home = site.get("/", &session).await;
    assert_eq!(home.header("location"), "/set-up");
}

#[test]
fn what_anyone_may_use_is_counted() {
    // Each further line without a session is a decision: say here why nothing of the organisation is in it.
    let open: Vec<&str> = ROUTES
        .iter()
        .filter(|route| matches!(route.rule, Rule::Anyone))
        .map(|route| route.name)
        .collect();
    assert_eq!(
        open,
        [
            "enter",
            "assets",
            // Whoever reaches the server may say who they are; the forms hold nothing but their own words.
            "sign_in",
            "sign_in_as",
            // The name of the person is told to whoever holds the link that was made for them.
            "join",
            "join_with",
            // When the bodies meet that one person may see is shown to whoever holds the address that they made.
            "calendar",
            // The figures of one person are shown to whoever holds the link that was mailed to them, and taken from them.
            "figures",
            "enter_figures",
            "take_figures_back",
            // Which sort of mail stops is told to whoever holds the link of that mail.
            "mails_off",
            "stop_mails",
        ]
    );
}
