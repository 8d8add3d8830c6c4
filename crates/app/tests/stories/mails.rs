//! Mails: what is in them, when they are sent, and that none is sent twice whatever happens.

mod desk;
mod links;
mod tls;

use std::time::Duration;

use throughline_app::LoadOptions;
use throughline_app::load_observations;
use throughline_app::mail::{MailServer, Mailer, deliver, off_link, switch_off};
use throughline_testkit::mail::{MailCatcher, Manner};
use throughline_testkit::postgres::Database;

use desk::{Desk, EIGHT_ON_MONDAY, mailer};

/// The addresses to which mails were sent, in order.
fn recipients(catcher: &MailCatcher) -> Vec<String> {
    let mut to: Vec<String> = catcher.caught().into_iter().map(|one| one.to).collect();
    to.sort();
    to
}

#[tokio::test]
async fn each_gets_their_week_and_why() {
    let desk = Desk::new("week").await;
    let catcher = MailCatcher::start();
    let done = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!((done.sent, done.waiting), (2, 0), "{:?}", done.told);
    // Olga has no role, and Tim has no address.
    assert_eq!(recipients(&catcher), ["bea@o.example", "sam@o.example"]);
    let mails = catcher.caught();
    let to_sam = mails.iter().find(|one| one.to == "sam@o.example");
    let to_sam = to_sam.expect("a mail");
    let body = desk::without_tokens(&to_sam.readable());
    let (_, text) = body.split_once("Hello ").expect("a text");
    let (text, html) = text.split_once("--part-").expect("a second part");
    insta::assert_snapshot!("week_of_sam", text.replace('\r', ""));
    assert!(!html.contains("src=") && !html.contains("<style"), "{html}");
    for (name, start) in [
        ("From", "Throughline <no-reply@o.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("Subject", "Your week: "),
    ] {
        let found = to_sam.header(name).unwrap_or_default();
        assert!(found.contains(start), "{name}: {found}");
    }
    // No value of a measure is in it.
    for mail in &mails {
        for value in ["150.25", "0.925"] {
            assert!(!mail.readable().contains(value), "{}", mail.readable());
        }
    }
    let again = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!((again.sent, again.waiting), (0, 0));
}

#[tokio::test]
async fn nothing_is_sent_before_eight() {
    let desk = Desk::new("eight").await;
    let catcher = MailCatcher::start();
    let check = async |at: &str, expected: usize| {
        desk.clock.set(at);
        let done = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
        assert_eq!(done.sent, expected, "{at}");
    };
    check("2014-02-01T18:00:00Z", 0).await;
    check("2014-02-03T12:59:59Z", 0).await;
    check(EIGHT_ON_MONDAY, 2).await;
    check("2014-02-03T20:00:00Z", 0).await;
    // On Tuesday: of shifts, which are late, and of the action of tomorrow.
    check("2014-02-04T12:59:59Z", 0).await;
    check("2014-02-04T13:00:00Z", 2).await;
    let mails = catcher.caught();
    let last = mails.last().expect("a mail").readable();
    assert!(last.contains("Shifts filled"), "{last}");
    assert!(!last.contains("Leakage"), "{last}");
    check("2014-02-05T13:00:00Z", 0).await;
    // On Thursday that action is overdue.
    check("2014-02-06T13:00:00Z", 1).await;
    let last = catcher.caught().pop().expect("a mail").readable();
    assert!(last.contains("Ask the crews"), "{last}");
    check("2014-02-07T13:00:00Z", 0).await;
    check("2014-02-10T13:00:00Z", 2).await;
    // Leakage was due by the tenth.
    check("2014-02-11T13:00:00Z", 2).await;
    let last = catcher.caught().pop().expect("a mail").readable();
    assert!(last.contains("late, was due by 10 Feb 2014"), "{last}");
}

#[tokio::test]
async fn a_day_on_which_no_server_ran_is_caught_up() {
    let desk = Desk::new("caught-up").await;
    let catcher = MailCatcher::start();
    let check = async |at: &str, expected: usize| {
        desk.clock.set(at);
        let done = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
        assert_eq!(done.sent, expected, "{at}");
    };
    // Whoever begins on a Wednesday does not begin with the mails of Monday and Tuesday.
    check("2014-02-05T13:00:00Z", 0).await;
    check("2014-02-05T13:01:00Z", 0).await;
    check("2014-02-06T13:00:00Z", 1).await;
    check("2014-02-07T13:00:00Z", 0).await;
    // Nothing ran on Monday, and on Tuesday Leakage is late besides.
    check("2014-02-11T13:00:00Z", 4).await;
    check("2014-02-11T13:01:00Z", 0).await;
    let subjects = catcher.caught();
    let subjects = subjects.iter().filter_map(|one| one.header("Subject"));
    let weekly = subjects.filter(|subject| subject.starts_with("Your week"));
    assert_eq!(weekly.count(), 2);
}

#[tokio::test]
async fn what_was_done_meanwhile_is_not_asked_for() {
    let desk = Desk::new("meanwhile").await;
    let catcher = MailCatcher::start();
    catcher.be(Manner::IsBusy);
    let busy = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!((busy.sent, busy.waiting), (0, 2), "{:?}", busy.told);
    let rows = "measure,unit,period,value,weight\nleaks,a,2014-01,150.25,\n";
    let options = LoadOptions::default();
    let loaded = load_observations(&desk.ctx, "o.csv", rows.as_bytes(), options).await;
    loaded.expect("good rows");
    catcher.be(Manner::Takes);
    desk.clock.set("2014-02-03T13:30:00Z");
    let done = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!(done.sent, 2, "{:?}", done.told);
    for mail in catcher.caught() {
        assert!(!mail.readable().contains("Leakage, Alder"));
        assert!(mail.readable().contains("Shifts filled, Alder"));
    }
}

#[tokio::test]
async fn a_mail_server_that_comes_back_gets_each_mail_once() {
    let desk = Desk::new("back").await;
    let address = MailCatcher::start().address();
    let server: MailServer = format!("smtp://{address}").parse().expect("an address");
    let mailer = Mailer::new(server, desk::FROM, None, desk::ORIGIN.to_owned());
    let mailer = mailer.expect("a mailer");
    for at in [
        EIGHT_ON_MONDAY,
        "2014-02-03T13:01:00Z",
        "2014-02-03T13:07:00Z",
    ] {
        desk.clock.set(at);
        let done = deliver(&desk.ctx, &mailer).await.expect("mails");
        assert_eq!((done.sent, done.waiting), (0, 2), "{at}");
        assert!(done.told[0].contains("cannot be used"), "{:?}", done.told);
    }
    let catcher = MailCatcher::start_at(address);
    // The pauses grow, so that both are not tried at once.
    desk.clock.set("2014-02-03T15:00:00Z");
    let done = deliver(&desk.ctx, &mailer).await.expect("mails");
    assert_eq!((done.sent, done.waiting), (2, 0), "{:?}", done.told);
    desk.clock.set("2014-02-03T20:00:00Z");
    let again = deliver(&desk.ctx, &mailer).await.expect("mails");
    assert_eq!(again.sent, 0);
    assert_eq!(recipients(&catcher), ["bea@o.example", "sam@o.example"]);
}

#[tokio::test]
async fn a_mail_that_is_too_late_is_given_up() {
    let desk = Desk::new("late").await;
    let catcher = MailCatcher::start();
    catcher.be(Manner::IsBusy);
    let busy = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!(busy.waiting, 2);
    catcher.be(Manner::Takes);
    desk.clock.set("2014-02-06T13:00:00Z");
    let done = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    let gave_up = done.told.iter().filter(|one| one.starts_with("Gave up"));
    assert_eq!(gave_up.count(), 2, "{:?}", done.told);
    let subjects = catcher.caught();
    assert!(subjects.iter().all(|one| !one.raw.contains("Your week")));
}

#[tokio::test]
async fn an_end_in_between_is_told_and_nothing_is_sent_twice() {
    let desk = Desk::new("between").await;
    let catcher = MailCatcher::start();
    catcher.be(Manner::Waits);
    let ctx = desk.open().await;
    let sending = mailer(&catcher);
    let task = tokio::spawn(async move { deliver(&ctx, &sending).await });
    while catcher.caught().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The server ends after it has handed the mail over and before it knows that it was taken.
    task.abort();
    assert!(task.await.is_err());
    catcher.be(Manner::Takes);
    let next = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!(next.sent, 1, "the other one: {:?}", next.told);
    desk.clock.set("2014-02-03T13:11:00Z");
    let told = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!(told.sent, 0);
    assert_eq!(told.told.len(), 1, "{:?}", told.told);
    assert!(
        told.told[0].contains("It is not known whether"),
        "{:?}",
        told.told
    );
    let later = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!((later.sent, later.told.len()), (0, 0), "told once");
    assert_eq!(recipients(&catcher), ["bea@o.example", "sam@o.example"]);
    let mails = catcher.caught();
    let ids: Vec<_> = mails.iter().map(|one| one.header("Message-ID")).collect();
    assert!(
        ids.iter().all(Option::is_some) && ids[0] != ids[1],
        "{ids:?}"
    );
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_told_at_once() {
    let desk = Desk::new("answer").await;
    let catcher = MailCatcher::start();
    catcher.be(Manner::SaysNothing);
    let done = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!(
        (done.sent, done.waiting, done.told.len()),
        (0, 0, 2),
        "{:?}",
        done.told
    );
    catcher.be(Manner::Takes);
    desk.clock.set("2014-02-03T15:00:00Z");
    let again = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!(again.sent, 0);
    assert_eq!(catcher.caught().len(), 2);
}

#[tokio::test]
async fn whom_the_mail_server_does_not_know_gets_no_second_try() {
    let desk = Desk::new("unknown").await;
    let catcher = MailCatcher::start();
    catcher.be(Manner::KnowsNobody);
    let done = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!((done.sent, done.waiting), (0, 0));
    assert!(
        done.told[0].contains("refuses the digest"),
        "{:?}",
        done.told
    );
    catcher.be(Manner::Takes);
    desk.clock.set("2014-02-03T20:00:00Z");
    let again = deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    assert_eq!((again.sent, catcher.caught().len()), (0, 0));
}

/// Sends from two servers at the same time, again and again.
async fn by_two(desk: &Desk) {
    let catcher = MailCatcher::start();
    let other = desk.open().await;
    for at in [EIGHT_ON_MONDAY, "2014-02-03T13:02:00Z"] {
        desk.clock.set(at);
        let (one, two) = (mailer(&catcher), mailer(&catcher));
        let (one, two) = tokio::join!(deliver(&desk.ctx, &one), deliver(&other, &two));
        let sent = one.expect("mails").sent + two.expect("mails").sent;
        assert_eq!(sent, if at == EIGHT_ON_MONDAY { 2 } else { 0 }, "{at}");
    }
    assert_eq!(recipients(&catcher), ["bea@o.example", "sam@o.example"]);
}

#[tokio::test]
async fn two_servers_on_one_ledger_send_each_mail_once() {
    by_two(&Desk::new("two").await).await;
}

#[tokio::test]
async fn two_servers_on_one_database_send_each_mail_once() {
    let Some(database) = Database::new() else {
        return;
    };
    by_two(&Desk::in_database(&database.url()).await).await;
}

#[tokio::test]
async fn a_link_in_the_mail_switches_it_off() {
    let desk = Desk::new("off").await;
    let catcher = MailCatcher::start();
    deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    let mails = catcher.caught();
    let to_sam = mails.iter().find(|one| one.to == "sam@o.example");
    let token = to_sam.and_then(|one| one.token_after("/mails/off/"));
    let token = token.expect("a link");
    let door = throughline_app::access::Door::default();
    let nobody = desk.nobody().await;
    // Looking changes nothing.
    let named = off_link(&nobody, &door, &token).await.expect("an answer");
    assert_eq!(named.map(|kind| kind.word()), Some("digest"));
    let off = switch_off(&nobody, &door, &token).await.expect("an answer");
    assert_eq!(off.map(|kind| kind.word()), Some("digest"));
    let wrong = switch_off(&nobody, &door, "00").await.expect("an answer");
    assert_eq!(wrong, None);
    desk.clock.set("2014-02-10T13:00:00Z");
    deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    let subjects: Vec<String> = catcher.caught()[2..]
        .iter()
        .map(|one| {
            let subject = one.header("Subject").unwrap_or_default();
            format!(
                "{} {}",
                one.to,
                subject.split(':').next().unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(subjects, ["bea@o.example Your week"]);
}
