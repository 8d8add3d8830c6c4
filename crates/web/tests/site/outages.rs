//! The database goes away and comes back: pages go on with what they have, what needs the ledger says that it does not work
//! just now and when to try again, and whoever runs the server is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;
use throughline_app::Example;
use throughline_testkit::postgres::{Database, Server as Postgres};
use tokio::net::TcpListener;

use crate::api::{check_problem, json as read};
use crate::bench::{Answer, Bench, HOST};

/// What is said to whoever runs a server.
type Said = Arc<Mutex<Vec<String>>>;

const CSV: &str = "measure,unit,period,value,weight\non-time-arrival,ewr-ua,2014-W03,0.8,120\n";
const AS_CSV: &str = "text/csv";
const RECORDED: &str = "/api/v1/measures/on-time-arrival/observations?unit=ewr-ua&period=2014-W03";

/// Pages that are answered from what the server has, and one for which it needs the ledger.
const OF_NOW: [&str; 3] = [
    "/scorecard?unit=ewr&period=2013-06",
    "/measures/on-time-arrival?unit=ewr&period=2013-06",
    "/measures/on-time-arrival/explanation?unit=ewr&period=2013-06",
];
const OF_THE_PAST: &str = "/scorecard?unit=ewr&period=2013-06&known-at=2013-08-15";

/// Follows the ledger of a site, as a server that runs does.
async fn follow(site: &Bench) -> Said {
    let said = Said::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let say = {
        let said = Arc::clone(&said);
        move |text: &str| said.lock().expect("no panic").push(text.to_owned())
    };
    let never = std::future::pending();
    tokio::spawn(site.server.clone().run(listener, never, say));
    said
}

/// Waits until so many sentences were said.
async fn sentences(said: &Said, count: usize) -> Vec<String> {
    for _ in 0..300 {
        let sentences = said.lock().expect("no panic").clone();
        if sentences.len() >= count {
            return sentences;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("only {:?} was said", said.lock());
}

/// Asks for an answer that contains a commit.
async fn get_at(site: &Bench, session: &str, position: &str) -> Answer {
    let request = Request::get(RECORDED)
        .header(header::HOST, HOST)
        .header(header::COOKIE, session)
        .header("Throughline-Position", position);
    site.send(request.body(Body::empty()).expect("a literal of the test"))
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_it_is_said_when_to_try_again() {
    let Some(postgres) = Postgres::start() else {
        return;
    };
    let database = Database::of(&postgres);
    let site = Bench::in_database(Example::NyFlights, &database.url()).await;
    let session = site.enter().await;
    let said = follow(&site).await;
    let mut before = Vec::new();
    for path in OF_NOW {
        let page = site.get(path, &session).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        before.push(page.body);
    }

    postgres.kill();
    let refused = site.post_as(&session, CSV, AS_CSV).await;
    check_problem(&refused, StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    assert_eq!(refused.header("retry-after"), "5");
    let page = site.get(OF_THE_PAST, &session).await;
    assert_eq!(
        page.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        page.body
    );
    assert_eq!(page.header("retry-after"), "5");
    assert!(
        page.body.contains("This does not work just now"),
        "{}",
        page.body
    );
    // Whoever is in keeps the way to pages that still work.
    assert!(page.body.contains(r#"href="/strategy"#), "{}", page.body);
    for (path, before) in OF_NOW.into_iter().zip(before) {
        let kept = site.get(path, &session).await;
        assert_eq!((kept.status, kept.body), (StatusCode::OK, before), "{path}");
    }
    let told = sentences(&said, 1).await;
    assert!(
        told[0].starts_with("The ledger does not answer"),
        "{told:?}"
    );

    postgres.start_again();
    let recorded = site.post_as(&session, CSV, AS_CSV).await;
    assert_eq!(recorded.status, StatusCode::OK, "{}", recorded.body);
    assert_eq!(
        read(&recorded)["written"],
        1,
        "what was refused was not kept"
    );
    let seen = read(&site.get(RECORDED, &session).await);
    assert_eq!(seen["observations"][0]["value"], 0.8);
    let page = site.get(OF_THE_PAST, &session).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let told = sentences(&said, 2).await;
    assert_eq!(told[1], "The ledger answers again.");
    assert_eq!(told.len(), 2, "each is said once: {told:?}");
}

/// Two servers on one database: what was written by way of one is read by way of the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_is_read_by_way_of_another_server() {
    let Some(database) = Database::new() else {
        return;
    };
    let one = Bench::in_database(Example::NyFlights, &database.url()).await;
    let session = one.enter().await;
    let other = Bench::beside(&one, &database.url()).await;
    let session_there = other.enter().await;
    let recorded = one.post_as(&session, CSV, AS_CSV).await;
    let position = recorded.header("throughline-position").to_owned();
    assert_eq!(
        read(&recorded)["commits"][0]["commit"],
        json!(position.parse::<u64>().ok())
    );

    // Nobody follows the ledger for the other one, so that it cannot know by chance.
    let before = read(&other.get(RECORDED, &session_there).await);
    assert_eq!(before["total"], 0);
    let seen = get_at(&other, &session_there, &position).await;
    assert_eq!(seen.header("throughline-position"), position);
    assert_eq!(read(&seen)["total"], 1);

    let not_yet = get_at(&other, &session_there, "1000000").await;
    check_problem(&not_yet, StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    let wrong = get_at(&other, &session_there, "the last one").await;
    check_problem(&wrong, StatusCode::BAD_REQUEST, "bad-request");
}
