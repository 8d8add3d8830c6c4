//! People sign in: the first administrator by the link of the console, the others by invitation, each with their own rights.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use throughline_app::Example;
use throughline_web::Mode;

use crate::bench::{Bench, HOST};

const PASSWORD: &str = "kettle%20window%20granite%20lamp";

/// A site where the first administrator is in, and their session.
async fn begun() -> (Bench, String) {
    let site = Bench::new(Example::NyFlights, Mode::Serve).await;
    let console = site.enter().await;
    let form = format!("person=o-brightwater&password={PASSWORD}");
    let begun = site.post("/set-up", &console, &form).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let session = begun.session();
    (site, session)
}

/// Gives a role and an invitation, and the path of its link.
async fn invited(site: &Bench, administrator: &str, person: &str, access: &str) -> String {
    let path = format!("/people/{person}");
    let given = site
        .post(&format!("{path}/access"), administrator, access)
        .await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    let made = site
        .post(&format!("{path}/invitation"), administrator, "")
        .await;
    assert_eq!(made.status, StatusCode::OK);
    let (_, after) = made.body.split_once("/join/").expect("a link");
    let token: String = after
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    format!("/join/{token}")
}

#[tokio::test]
async fn the_link_of_the_console_makes_one_administrator() {
    let site = Bench::new(Example::NyFlights, Mode::Serve).await;
    let console = site.enter().await;
    let page = site.get("/set-up", &console).await;
    assert_eq!(page.status, StatusCode::OK);
    let check = async |form: &str, field: &str| {
        let refused = site.post("/set-up", &console, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(
            refused.body.contains(&format!("id=\"{field}-wrong\"")),
            "{form}"
        );
    };
    check(
        "person=nobody-known&password=kettle%20window%20granite%20lamp",
        "person",
    )
    .await;
    check("person=o-brightwater&password=short", "password").await;
    check(
        "person=o-brightwater&password=brightwater%20brightwater",
        "password",
    )
    .await;
    let form = format!("person=o-brightwater&password={PASSWORD}");
    let begun = site.post("/set-up", &console, &form).await;
    assert_eq!(begun.header("location"), "/");
    // The console's session is over, and its page is gone.
    let over = site.get("/strategy", &console).await;
    assert_eq!(over.header("location"), "/sign-in?back=%2Fstrategy");
    let gone = site.get("/set-up", &begun.session()).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let again = site.post("/set-up", &begun.session(), &form).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let history = site.get("/history", &begun.session()).await;
    assert!(history.body.contains("Brightwater"), "{}", history.body);
}

#[tokio::test]
async fn the_link_of_the_console_ends_with_the_first_administrator_however_they_came() {
    let site = Bench::new(Example::NyFlights, Mode::Serve).await;
    let console = site.enter().await;
    let path = invited(&site, &console, "o-brightwater", "role=administrator").await;
    let form = format!("password={PASSWORD}");
    let joined = site.post(&path, "", &form).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.body);
    let over = site.get("/strategy", &console).await;
    assert_eq!(over.header("location"), "/sign-in?back=%2Fstrategy");
    let page = site.get("/strategy", &joined.session()).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn a_password_lets_in_and_a_wrong_one_does_not() {
    let (site, _) = begun().await;
    let check = async |form: &str, status: StatusCode| {
        let answer = site.post("/sign-in", "", form).await;
        assert_eq!(answer.status, status, "{form}: {}", answer.body);
        answer
    };
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let unknown = check("name=nobody&password=kettle", wrong).await;
    let mistaken = check("name=o-brightwater&password=kettle", wrong).await;
    // Who is in the plan is not told.
    let words = |body: &str| {
        let (_, after) = body.split_once("id=\"password-wrong\">").expect("words");
        let (words, _) = after.split_once("</small>").expect("an end");
        words.to_owned()
    };
    assert_eq!(words(&unknown.body), words(&mistaken.body));
    check(&format!("name=d-marrowby&password={PASSWORD}"), wrong).await;
    let form =
        format!("name=O-Brightwater&password={PASSWORD}&back=%2Fmeasures%3Fperiod%3D2013-06");
    let entered = check(&form, StatusCode::SEE_OTHER).await;
    assert_eq!(entered.header("location"), "/measures?period=2013-06");
    let session = entered.session();
    assert_eq!(site.get("/measures", &session).await.status, StatusCode::OK);
    // Another session in the place of the one that was sent along.
    let again = site.post("/sign-in", &session, &form).await;
    assert_ne!(again.session(), session);
    assert_eq!(
        site.get("/measures", &session).await.status,
        StatusCode::SEE_OTHER
    );
    let left = site.post("/sign-out", &again.session(), "").await;
    assert_eq!(left.header("location"), "/sign-in");
    assert_eq!(
        site.get("/measures", &again.session()).await.status,
        StatusCode::SEE_OTHER
    );
    let elsewhere = format!("name=o-brightwater&password={PASSWORD}&back=%2F%2Fevil.example");
    assert_eq!(
        check(&elsewhere, StatusCode::SEE_OTHER)
            .await
            .header("location"),
        "/"
    );
}

#[tokio::test]
async fn who_tries_too_often_has_to_wait() {
    let (site, _) = begun().await;
    for _ in 0..10 {
        let wrong = site
            .post("/sign-in", "", "name=o-brightwater&password=guess")
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let form = format!("name=o-brightwater&password={PASSWORD}");
    let refused = site.post("/sign-in", "", &form).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "900");
}

#[tokio::test]
async fn who_is_invited_comes_in_with_their_own_rights() {
    let (site, administrator) = begun().await;
    let link = invited(&site, &administrator, "d-marrowby", "role=steward&unit=ewr").await;
    let page = site.get(&link, "").await;
    assert!(page.body.contains("Welcome, "), "{}", page.body);
    let weak = site.post(&link, "", "password=short").await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = format!("password={PASSWORD}");
    let entered = site.post(&link, "", &form).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    let session = entered.session();
    let check = async |path: &str, expected: StatusCode| {
        assert_eq!(site.get(path, &session).await.status, expected, "{path}");
    };
    check("/strategy?unit=ewr", StatusCode::OK).await;
    check("/strategy?unit=jfk", StatusCode::NOT_FOUND).await;
    check("/people/d-marrowby/access", StatusCode::NOT_FOUND).await;
    check("/set-up", StatusCode::NOT_FOUND).await;
    let made = site
        .post("/people/d-marrowby/access", &session, "role=administrator")
        .await;
    assert_eq!(made.status, StatusCode::FORBIDDEN);
    let made = site
        .post("/people/d-marrowby/invitation", &session, "")
        .await;
    assert_eq!(made.status, StatusCode::FORBIDDEN);
    assert!(
        made.body
            .contains("Odalys Brightwater can give you access."),
        "{}",
        made.body
    );
    // The link is used up.
    assert_eq!(site.get(&link, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        site.post(&link, "", &form).await.status,
        StatusCode::UNAUTHORIZED
    );
    // A role that is taken ends what is open at once.
    let taken = site
        .post("/people/d-marrowby/access", &administrator, "role=")
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER);
    check("/strategy?unit=ewr", StatusCode::SEE_OTHER).await;
    let form = format!("name=d-marrowby&password={PASSWORD}");
    let refused = site.post("/sign-in", "", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_newer_invitation_replaces_the_one_before() {
    let (site, administrator) = begun().await;
    let first = invited(&site, &administrator, "d-marrowby", "role=viewer").await;
    let second = invited(&site, &administrator, "d-marrowby", "role=viewer").await;
    assert_eq!(site.get(&first, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.get(&second, "").await.status, StatusCode::OK);
    assert_eq!(
        site.get("/join/0000", "").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn access_is_given_with_care() {
    let (site, administrator) = begun().await;
    let check = async |form: &str, field: &str| {
        let refused = site
            .post("/people/o-brightwater/access", &administrator, form)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(
            refused.body.contains(&format!("id=\"{field}-wrong\"")),
            "{form}"
        );
    };
    // The last who gives access keeps it.
    check("role=viewer", "role").await;
    check("role=", "role").await;
    check("role=administrator&unit=ewr", "role").await;
    check("role=administrator&unit=no-such-unit", "unit").await;
    let nobody = site
        .post("/people/nobody/access", &administrator, "role=viewer")
        .await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let unknown = site
        .post(
            "/people/o-brightwater/access",
            &administrator,
            "role=Administrator",
        )
        .await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    let page = site.get("/people/d-marrowby", &administrator).await;
    assert!(page.body.contains("/people/d-marrowby/access"));
    let none = site
        .post("/people/d-marrowby/invitation", &administrator, "")
        .await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn programs_are_told_that_nobody_is_in() {
    let (site, _) = begun().await;
    let refused = site.get("/api/v1/scorecard", "").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let request = Request::post("/theme")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let refused = site
        .send(request.body(Body::from("theme=dark")).unwrap())
        .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_signs_in_where_it_is_a_demonstration() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter().await;
    for path in [
        "/sign-in",
        "/set-up",
        "/join/0",
        "/people/d-marrowby/access",
    ] {
        assert_eq!(
            site.get(path, &session).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    for path in [
        "/sign-out",
        "/people/d-marrowby/access",
        "/people/d-marrowby/invitation",
    ] {
        let answer = site.post(path, &session, "role=viewer").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let (site, session) = begun().await;
    let elsewhere = format!("name=o-brightwater&password={PASSWORD}");
    let elsewhere = site.post("/sign-in", "", &elsewhere).await.session();
    let page = site.get("/password", &session).await;
    assert_eq!(page.status, StatusCode::OK);
    let check = async |old: &str, new: &str, field: &str| {
        let form = format!("old={old}&password={new}");
        let refused = site.post("/password", &session, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        let at_field = format!("id=\"{field}-wrong\"");
        assert!(refused.body.contains(&at_field), "{form}");
    };
    let new = "copper%20lantern%20orbit%20fig";
    check("kettle", new, "old").await;
    check(PASSWORD, "short", "password").await;
    let form = format!("old={PASSWORD}&password={new}");
    let changed = site.post("/password", &session, &form).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    // Whoever is in with the old one is let out, and it opens nothing any more.
    for session in [&session, &elsewhere] {
        let over = site.get("/strategy", session).await;
        assert_eq!(over.status, StatusCode::SEE_OTHER);
    }
    let own = site.get("/strategy", &changed.session()).await;
    assert_eq!(own.status, StatusCode::OK);
    let old = format!("name=o-brightwater&password={PASSWORD}");
    let old = site.post("/sign-in", "", &old).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let by_new = format!("name=o-brightwater&password={new}");
    let by_new = site.post("/sign-in", "", &by_new).await;
    assert_eq!(by_new.status, StatusCode::SEE_OTHER);
}
