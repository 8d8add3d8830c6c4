//! A review is held on its page: steps, what is recorded and taken back, minutes; and who may not.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;

const REVIEW: &str = "/reviews/operations-2014-01-14";

#[tokio::test]
async fn what_needs_a_decision_leads_to_the_open_review_of_its_period() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let page = async |period: &str| {
        let page = format!("/strategy?period={period}");
        site.get(&page, &chair).await.body
    };
    // Its day is past, so that none is told; and what is the same of all is said once.
    let open = page("2013-12").await;
    // They miss their targets as they did before, which an agenda only notes.
    assert_eq!(
        open.matches("Bring it up in the review").count(),
        1,
        "{open}"
    );
    assert!(
        open.contains("<span>Tobias Fennimore-Kite decides on all three</span>"),
        "{open}"
    );
    let none = page("2013-06").await;
    let asked = "Tobias Fennimore-Kite decides on all three by 11 Feb 2014";
    assert_eq!(none.matches(asked).count(), 1, "{none}");
}

#[tokio::test]
async fn a_review_is_held_from_its_agenda_to_its_minutes() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let post =
        async |path: &str, form: &str| site.post(&format!("{REVIEW}{path}"), &chair, form).await;
    let page = async || site.get(REVIEW, &chair).await.body;

    let too_early = post("/steps", "step=close").await;
    assert_eq!(too_early.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        post("/steps", "step=freeze").await.status,
        StatusCode::SEE_OTHER
    );
    assert!(page().await.contains("as known on 3 Feb 2014"));
    let opened = post("/steps", "step=open&present=t-fennimore&present=d-marrowby").await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let minutes = site.get(&format!("{REVIEW}/minutes"), &chair).await;
    assert_eq!(minutes.status, StatusCode::NOT_FOUND);

    let decision = "kind=decision&number=1&item=measure/on-time-departure&position=9&what=Add+a+crew&why=Nights&decided_by=d-marrowby\
        &measure=on-time-departure&change=%2B2&least=0.5&most=3&by=2014-03";
    assert_eq!(
        post("/records", decision).await.status,
        StatusCode::SEE_OTHER
    );
    // The same form once more, as a second click sends it.
    assert_eq!(
        post("/records", decision).await.status,
        StatusCode::SEE_OTHER
    );
    let action = "kind=action&number=1&what=Ask+the+crews&who=d-marrowby&due=2014-02-20";
    assert_eq!(post("/records", action).await.status, StatusCode::SEE_OTHER);
    let cause = "kind=cause&number=1&what=Why%3F&why1=Few+crews&why2=Few+beds";
    assert_eq!(post("/records", cause).await.status, StatusCode::SEE_OTHER);
    let lesson = "kind=lesson&number=1&what=Beds+first";
    assert_eq!(post("/records", lesson).await.status, StatusCode::SEE_OTHER);
    let note = "kind=remark&number=1&item=measure/on-time-departure&what=Snow+on+two+days";
    assert_eq!(post("/records", note).await.status, StatusCode::SEE_OTHER);
    let note = "kind=remark&number=1&item=measure/on-time-departure&whole=yes&what=Petra+is+away";
    assert_eq!(post("/records", note).await.status, StatusCode::SEE_OTHER);
    let undone = post("/withdrawals", "kind=lesson&key=l-2&number=1").await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);

    // Items on which nothing is recorded are asked about first.
    let asked = post("/steps", "step=close").await;
    assert_eq!(asked.header("location"), format!("{REVIEW}?closing=yes"));
    let asked = site.get(asked.header("location"), &chair).await.body;
    assert!(asked.contains("Close it all the same"), "{asked}");
    let minutes = site.get(&format!("{REVIEW}/minutes"), &chair).await;
    assert_eq!(minutes.status, StatusCode::NOT_FOUND);
    assert_eq!(
        post("/steps", "step=close&anyway=yes").await.status,
        StatusCode::SEE_OTHER
    );
    let minutes = site.get(&format!("{REVIEW}/minutes"), &chair).await;
    assert_eq!(minutes.status, StatusCode::OK);
    for told in [
        "Who was here",
        "Dashiell Marrowby",
        "Add a crew",
        "Ask the crews",
        "Few beds",
        "Dashiell Marrowby decided.",
        "Snow on two days",
        "Petra is away",
    ] {
        assert!(minutes.body.contains(told), "{told}: {}", minutes.body);
    }
    let predicted =
        "Predicted: On-time departures +2.0 points (+0.5 points to +3.0 points) by Mar 2014";
    assert!(minutes.body.contains(predicted), "{}", minutes.body);
    let text = site.get(&format!("{REVIEW}/minutes.md"), &chair).await;
    assert!(
        text.header("content-disposition")
            .contains("operations-2014-01-14.md")
    );
    insta::assert_snapshot!("minutes", text.body);
    let late = post("/records", "kind=lesson&number=1&what=Too+late").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let late = post("/withdrawals", "kind=action&key=a-3&number=1").await;
    assert_eq!(late.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_nothing_is_lost() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let path = format!("{REVIEW}/records");
    let check = async |form: &str, expected: &[&str]| {
        let answer = site.post(&path, &chair, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        for text in expected {
            assert!(answer.body.contains(text), "{form}: {text}");
        }
    };
    check(
        "kind=decision&number=1&why=Kept+words",
        &["id=\"what-wrong\"", "Kept words", "<title>Error: "],
    )
    .await;
    check(
        "kind=action&number=1&what=Kept+too&who=nobody&due=soon",
        &["id=\"who-wrong\"", "id=\"due-wrong\"", "Kept too"],
    )
    .await;
    check(
        "kind=decision&number=1&what=W&measure=on-time-departure&change=4&least=1&most=3&by=2013-01",
        &["id=\"change-wrong\"", "id=\"by-wrong\""],
    )
    .await;
    check(
        "kind=decision&number=1&what=W&measure=on-time-departure&change=-4&least=-2&most=six&by=2014-06",
        &["id=\"most-wrong\""],
    )
    .await;
    check(
        "kind=action&number=1&what=W&who=d-marrowby&due=2014-01-13",
        &["id=\"due-wrong\"", "before the review"],
    )
    .await;
    check("kind=cause&number=1&what=Why", &["id=\"why1-wrong\""]).await;
    check("kind=remark&number=1&what=+", &["id=\"what-wrong\""]).await;
    check(
        "kind=decision&number=1&what=Kept&decided_by=o-brightwater",
        &["id=\"decided_by-wrong\"", "Kept"],
    )
    .await;
    let cause = "kind=cause&number=1&item=action/a-1&why1=Few+crews";
    let asked = site.post(&path, &chair, cause).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let page = site.get(asked.header("location"), &chair).await.body;
    assert!(
        page.contains(
            "<b>Why did this happen: List the stands where the sixty minute call is not heard?</b>"
        ),
        "{page}"
    );
    // The form of a body has the next day of its cadence for which no review is prepared, and the period that is over by then.
    let offered = site.get("/reviews", &chair).await.body;
    for expected in [
        "id=\"on-operations\" name=\"on\" value=\"2014-02-11\"",
        "id=\"at-operations\" name=\"at\" value=\"09:00\"",
        "<option value=\"2014-01\" selected>Jan 2014</option>",
    ] {
        assert!(offered.contains(expected), "{expected}: {offered}");
    }
    let day = site
        .post(
            "/reviews",
            &chair,
            "body=operations&period=2014-01&on=14+Jan",
        )
        .await;
    assert_eq!(day.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ahead = "body=operations&period=2014-02&on=2014-01-20";
    let ahead = site.post("/reviews", &chair, ahead).await;
    assert_eq!(ahead.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ahead.body.contains("after the review"), "{}", ahead.body);
    let twice = "body=operations&period=2014-01&on=2014-01-14";
    let twice = site.post("/reviews", &chair, twice).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = "body=operations&period=2014-01&on=2014-02-11&at=09:00";
    let new = site.post("/reviews", &chair, new).await;
    assert_eq!(new.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_is_no_member_reads_and_changes_nothing() {
    let site = Bench::demo(Example::NyFlights).await;
    let other = site.enter_as("j-cobblestone").await;
    let read = site.get(REVIEW, &other).await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(!read.body.contains("/records"));
    for (path, form) in [
        ("/reviews/operations-2014-01-14/steps", "step=freeze"),
        (
            "/reviews/operations-2014-01-14/records",
            "kind=lesson&number=1&what=W",
        ),
        (
            "/reviews/operations-2014-01-14/withdrawals",
            "kind=action&key=a-1&number=1",
        ),
        ("/reviews", "body=operations&period=2014-01&on=2014-02-11"),
        ("/actions/a-1/completion", "done=yes&back=/actions"),
    ] {
        let answer = site.post(path, &other, form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    let nowhere = site.get("/reviews/none-2014-01-14", &other).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_prepared_review_is_called_off_with_a_reason_and_is_due_no_more() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let new = "body=operations&period=2014-01&on=2014-02-11&at=10:30";
    let new = site.post("/reviews", &chair, new).await;
    assert_eq!(new.status, StatusCode::SEE_OTHER);
    let calendar = async || site.get("/reviews/calendar.ics", &chair).await.body;
    // A prepared review stands in the calendar at its own time.
    assert!(calendar().await.contains("DTSTART:20140211T153000Z\r\n"));
    let path = "/reviews/operations-2014-02-11";
    let without = site
        .post(&format!("{path}/calling-off"), &chair, "why=")
        .await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.body.contains("id=\"off-wrong\""));
    let long = format!("why={}", "Snow+".repeat(500));
    let long = site
        .post(&format!("{path}/calling-off"), &chair, &long)
        .await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.body.contains("name=\"why\" value=\"Snow Snow"));
    let off = site
        .post(
            &format!("{path}/calling-off"),
            &chair,
            "why=Snow+at+all+airports",
        )
        .await;
    assert_eq!(off.status, StatusCode::SEE_OTHER);
    let page = site.get(off.header("location"), &chair).await.body;
    assert!(page.contains("The review is called off.") && page.contains("Undo"));
    assert!(page.contains("Called off by Tobias Fennimore-Kite on 3 Feb 2014"));
    assert!(page.contains("Snow at all airports"));
    for gone in [
        "/records",
        "/calling-off",
        "/steps",
        "/wall",
        "id=\"item\"",
        "class=\"agenda\"",
    ] {
        assert!(!page.contains(gone), "{gone}");
    }
    let wall = site.get(&format!("{path}/wall"), &chair).await.body;
    assert!(wall.contains("This review is not held") && !wall.contains("id=\"item-title\""));
    let history = site.get("/history", &chair).await.body;
    assert!(history.contains("Snow at all airports"), "{history}");
    assert!(!calendar().await.contains("DTSTART:20140211"));
    let list = site.get("/reviews", &chair).await.body;
    assert!(
        list.contains("Meets next on 11 Mar 2014, 09:00")
            && list.contains("Called off by Tobias Fennimore-Kite")
    );
    let undo = format!("commit={}", commit_of(off.header("location")));
    let undone = site.post(&format!("{path}/undo"), &chair, &undo).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER);
    assert!(calendar().await.contains("DTSTART:20140211T153000Z"));
}

#[tokio::test]
async fn a_member_is_told_who_freezes_and_closes_a_review() {
    let site = Bench::demo(Example::NyFlights).await;
    let member = site.enter_as("d-marrowby").await;
    let page = async || site.get(REVIEW, &member).await.body;
    let post = async |form: &str| site.post(&format!("{REVIEW}/steps"), &member, form).await;
    let told = page().await;
    assert!(told.contains("/records") && !told.contains("value=\"freeze\""));
    let words = "Tobias Fennimore-Kite leads the body and freezes the figures";
    assert!(told.contains(words), "{told}");
    assert_eq!(post("step=freeze").await.status, StatusCode::FORBIDDEN);
    let chair = site.enter_as_another("t-fennimore", &member).await;
    site.post(&format!("{REVIEW}/steps"), &chair, "step=freeze")
        .await;
    site.enter_as_another("d-marrowby", &chair).await;
    let opened = post("step=open&present=d-marrowby").await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER);
    let told = page().await;
    assert!(
        told.contains("leads the body and closes the review"),
        "{told}"
    );
    assert!(!told.contains("value=\"close\""));
    assert_eq!(
        post("step=close&anyway=yes").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_predicted_change_is_shown_as_it_was_written() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let form =
        "kind=decision&number=1&what=Add+a+crew&measure=on-time-departure&change=0.25&by=2014-03";
    let page = site.get(REVIEW, &chair).await.body;
    assert!(!page.contains("value=\"decision\"") && page.contains("Decisions are made once"));
    let early = site.post(&format!("{REVIEW}/records"), &chair, form).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        early
            .body
            .contains("Open the review and say who is here first")
    );
    assert!(early.body.contains("Add a crew"), "{}", early.body);
    for step in ["step=freeze", "step=open&present=t-fennimore"] {
        let taken = site.post(&format!("{REVIEW}/steps"), &chair, step).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER);
    }
    let made = site.post(&format!("{REVIEW}/records"), &chair, form).await;
    let page = site.get(made.header("location"), &chair).await.body;
    let told = "Predicted: On-time departures +0.25 points by Mar 2014";
    assert!(page.contains(told), "{page}");
    // A range is written in either order.
    let falls = "kind=decision&number=1&what=Cut+it&measure=on-time-departure&change=-4&least=-2&most=-6&by=2014-06";
    let made = site.post(&format!("{REVIEW}/records"), &chair, falls).await;
    let page = site.get(made.header("location"), &chair).await.body;
    assert!(
        page.contains("-4.0 points (-6.0 points to -2.0 points)")
            || page.contains("−4.0 points (−6.0 points to −2.0 points)"),
        "{page}"
    );
}

#[tokio::test]
async fn an_action_is_done_and_not_done_after_all() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let overdue = async || site.get("/actions?show=overdue", &chair).await.body;
    assert!(overdue().await.contains("66 days late"));
    let done = site
        .post("/actions/a-1/completion", &chair, "done=yes&back=/actions")
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(!overdue().await.contains("66 days late"));
    site.post(
        "/actions/a-1/completion",
        &chair,
        "done=no&back=//evil.example",
    )
    .await;
    assert!(overdue().await.contains("66 days late"));
}

#[tokio::test]
async fn the_days_of_the_bodies_are_a_calendar() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("t-fennimore").await;
    let answer = site.get("/reviews/calendar.ics", &session).await;
    assert_eq!(answer.status, StatusCode::OK);
    // The second Tuesday of February, 09:00 in New York.
    assert!(
        answer
            .body
            .contains("DTSTART:20140211T140000Z\r\nDURATION:PT45M\r\n")
    );
    // In summer the same hour is another one of UTC.
    assert!(answer.body.contains("DTSTART:20140408T130000Z\r\n"));
    assert!(
        answer
            .body
            .contains("SUMMARY:Quarterly strategy council\r\n")
    );
}

/// The commit that the answer of an act offers to undo.
fn commit_of(location: &str) -> &str {
    let (_, commit) = location.rsplit_once("done=").unwrap_or_default();
    commit
}

#[tokio::test]
async fn each_act_is_told_and_undone_where_it_was_done() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let act = async |path: &str, form: &str| {
        let answer = site.post(&format!("{REVIEW}{path}"), &chair, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}");
        answer.header("location").to_owned()
    };
    let head = async || site.get("/api/v1/commits?limit=1", &chair).await.body;
    let lesson = "kind=lesson&number=2&what=Beds+first";
    for (path, form, told) in [
        ("/records", lesson, "Lesson l-2 is recorded."),
        ("/steps", "step=freeze", "The figures are frozen"),
        (
            "/steps",
            "step=open&present=t-fennimore",
            "The review is open.",
        ),
    ] {
        let location = act(path, form).await;
        let page = site.get(&location, &chair).await.body;
        assert!(page.contains(told), "{location}: {told}");
        let undo = format!("commit={}&number=1", commit_of(&location));
        let other = site.enter_as_another("j-cobblestone", &chair).await;
        assert!(!site.get(&location, &other).await.body.contains(told));
        let refused = site.post(&format!("{REVIEW}/undo"), &other, &undo).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        site.enter_as_another("t-fennimore", &chair).await;
        act("/undo", &undo).await;
        // What is taken back is not offered again, and the undo is told at no other place.
        assert!(!site.get(&location, &chair).await.body.contains(told));
        // Sent twice, it is done once; asked for from another page, it cannot be done any more.
        let before = head().await;
        act("/undo", &undo).await;
        assert_eq!(head().await, before);
        let other = format!("commit={}&number=2", commit_of(&location));
        let again = site.post(&format!("{REVIEW}/undo"), &chair, &other).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST);
        if path == "/steps" && form.starts_with("step=freeze") {
            // The same step from a page that was made later is another request.
            act(path, "step=freeze&position=99").await;
        }
    }
    let new = "body=operations&period=2014-01&on=2014-02-11";
    let made = site.post("/reviews", &chair, new).await;
    let made = made.header("location").to_owned();
    assert!(
        site.get(&made, &chair)
            .await
            .body
            .contains("The review is prepared.")
    );
    let undo = format!("commit={}", commit_of(&made));
    let undone = site
        .post("/reviews/operations-2014-02-11/undo", &chair, &undo)
        .await;
    assert_eq!(undone.header("location"), "/reviews");
}

#[tokio::test]
async fn the_wall_shows_one_item_with_who_is_there() {
    let site = Bench::demo(Example::NyFlights).await;
    let chair = site.enter_as("t-fennimore").await;
    let wall = async |session: &str| {
        let answer = site.get(&format!("{REVIEW}/wall?item=2"), session).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.body
    };
    let prepared = wall(&chair).await;
    assert!(prepared.contains("Item 2 of") && !prepared.contains("data-clock"));
    for form in [
        "step=freeze",
        "step=open&present=t-fennimore&present=d-marrowby",
    ] {
        site.post(&format!("{REVIEW}/steps"), &chair, form).await;
    }
    let open = wall(&chair).await;
    assert!(open.contains("data-clock") && open.contains("Present, 2 of 5"));
    assert!(open.contains("Quorum of 3 not met"));
    // Who only reads has nothing to record there.
    assert!(open.contains("data-shortcut=\"d\""));
    let other = site.enter_as_another("j-cobblestone", &chair).await;
    assert!(!wall(&other).await.contains("data-shortcut=\"d\""));
}
