//! The link to figures: to whom it opens, to what, and how long.

use throughline_app::access::{Door, Given, give_role};
use throughline_app::entry::{Entered, Publishing, TypedCell, due, enter, take_back};
use throughline_app::mail::{ByLink, by_link, deliver, wishes};
use throughline_app::{AppError, Selection, current_plan, erase_person, scorecard};
use throughline_testkit::mail::{Caught, MailCatcher};

use super::desk::{Desk, mailer};

/// The last mail to an address.
fn last_to(catcher: &MailCatcher, to: &str) -> Caught {
    let mails = catcher.caught();
    let found = mails.into_iter().rev().find(|one| one.to == to);
    found.expect("a mail")
}

/// The token of the link to figures in the last mail to an address.
fn token_of(catcher: &MailCatcher, to: &str) -> String {
    let token = last_to(catcher, to).token_after("/figures/");
    token.expect("a link to figures")
}

/// Mails of Monday, and the tokens of Sam and Bea.
async fn mailed(name: &str) -> (Desk, MailCatcher, [String; 2]) {
    let desk = Desk::new(name).await;
    let catcher = MailCatcher::start();
    deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    let tokens = ["sam@o.example", "bea@o.example"].map(|to| token_of(&catcher, to));
    (desk, catcher, tokens)
}

async fn opened(desk: &Desk, token: &str) -> Option<ByLink> {
    let nobody = desk.nobody().await;
    let live = nobody.live().await.expect("a live state");
    let by = by_link(&nobody, &live, &Door::default(), token).await;
    by.expect("an answer")
}

/// The cells that a link asks for.
async fn asked(by: &ByLink) -> Vec<String> {
    let due = due(&by.ctx, &[]).await.expect("what is due");
    assert!(due.late_with_others.is_empty());
    let names = due.cells.iter().map(|cell| cell.name(&due.model));
    let mut names: Vec<String> = names
        .map(|name| format!("{}/{}/{}", name.measure, name.unit, name.period))
        .collect();
    names.sort();
    names
}

fn typed(cell: &str, value: &str) -> TypedCell {
    let mut parts = cell.split('/').map(str::to_owned);
    TypedCell {
        measure: parts.next().unwrap_or_default(),
        unit: parts.next().unwrap_or_default(),
        period: parts.next().unwrap_or_default(),
        value: value.to_owned(),
        is_routine: true,
        ..TypedCell::default()
    }
}

fn is_hidden<T>(answer: Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotFound { .. }))
}

#[tokio::test]
async fn it_leads_to_the_figures_of_one_person() {
    let (desk, _, [of_sam, of_bea]) = mailed("one-person").await;
    let by = opened(&desk, &of_sam).await.expect("a link");
    assert_eq!(by.name, "Sam");
    let all = ["leaks/a/2014-01", "shifts/a/2014-01", "shifts/b/2014-01"];
    assert_eq!(asked(&by).await, all);
    let by = opened(&desk, &of_bea).await.expect("a link");
    assert_eq!(asked(&by).await, ["leaks/a/2014-01", "shifts/a/2014-01"]);
    assert!(opened(&desk, "00").await.is_none());
    assert!(opened(&desk, "").await.is_none());
}

#[tokio::test]
async fn it_leads_to_nothing_else() {
    let (desk, _, [of_sam, of_bea]) = mailed("nothing-else").await;
    let by = opened(&desk, &of_bea).await.expect("a link");
    // A unit that is not theirs, another period, a cell of another's link.
    for cell in ["shifts/b/2014-01", "shifts/a/2013-12", "leaks/a/2013-01"] {
        let entered = enter(&by.ctx, &[typed(cell, "90")], Publishing::Now).await;
        assert!(entered.is_err(), "{cell}: {entered:?}");
    }
    let mixed = [
        typed("leaks/a/2014-01", "150"),
        typed("leaks/a/2013-12", "1"),
    ];
    assert!(is_hidden(enter(&by.ctx, &mixed, Publishing::Now).await));
    assert_eq!(asked(&by).await.len(), 2, "nothing was recorded");
    // Nothing that its person may do elsewhere.
    let by = opened(&desk, &of_sam).await.expect("a link");
    let selection = Selection::default();
    assert!(scorecard(&by.ctx, &selection).await.is_err());
    assert!(is_hidden(wishes(&by.ctx).await));
    assert!(give_role(&by.ctx, "sam", &Given::default()).await.is_err());
    // The plan is everybody's to read; what is personal in it is not the link's.
    if let Ok(plan) = current_plan(&by.ctx).await {
        let people = plan.people().iter();
        let addresses: Vec<_> = people.filter_map(|one| one.email.clone()).collect();
        assert!(addresses.is_empty(), "{addresses:?}");
    }
}

#[tokio::test]
async fn it_opens_until_its_figures_are_there() {
    let (desk, _, [of_sam, of_bea]) = mailed("until-there").await;
    let by = opened(&desk, &of_bea).await.expect("a link");
    let entered = enter(&by.ctx, &[typed("leaks/a/2014-01", "150")], Publishing::Now).await;
    let Ok(Entered::Saved {
        commit: Some(commit),
        cells: 1,
        ..
    }) = entered
    else {
        panic!("{entered:?}");
    };
    // It opens again, to what is left; so does that of another.
    let by = opened(&desk, &of_bea).await.expect("a link");
    assert_eq!(asked(&by).await, ["shifts/a/2014-01"]);
    let left = ["shifts/a/2014-01", "shifts/b/2014-01"];
    let of_sam = opened(&desk, &of_sam).await.expect("a link");
    assert_eq!(asked(&of_sam).await, left);
    let mut other = typed("shifts/a/2014-01", "92");
    other.weight = "40".to_owned();
    let entered = enter(&by.ctx, &[other], Publishing::Now).await;
    assert!(matches!(entered, Ok(Entered::Saved { .. })), "{entered:?}");
    let by = opened(&desk, &of_bea).await.expect("a link");
    assert!(asked(&by).await.is_empty());
    let _ = take_back(&by.ctx, commit.0).await;
}

#[tokio::test]
async fn it_ends_after_a_week() {
    let (desk, _, [of_sam, _]) = mailed("week-over").await;
    desk.clock.set("2014-02-10T12:59:59Z");
    assert!(opened(&desk, &of_sam).await.is_some());
    desk.clock.set("2014-02-10T13:00:00Z");
    assert!(opened(&desk, &of_sam).await.is_none());
}

#[tokio::test]
async fn a_newer_one_ends_it() {
    let (desk, catcher, [before, of_bea]) = mailed("newer").await;
    desk.clock.set("2014-02-04T13:00:00Z");
    deliver(&desk.ctx, &mailer(&catcher)).await.expect("mails");
    let after = token_of(&catcher, "sam@o.example");
    assert_ne!(before, after);
    assert!(opened(&desk, &before).await.is_none());
    let by = opened(&desk, &after).await.expect("a link");
    assert_eq!(asked(&by).await, ["shifts/a/2014-01", "shifts/b/2014-01"]);
    assert!(opened(&desk, &of_bea).await.is_none(), "hers was renewed");
}

#[tokio::test]
async fn it_ends_with_the_role_of_its_person() {
    let (desk, _, [of_sam, of_bea]) = mailed("role-over").await;
    let viewer = Given {
        role: Some(throughline_model::records::PersonRole::Viewer),
        unit: None,
    };
    give_role(&desk.ctx, "sam", &viewer).await.expect("a role");
    assert!(
        opened(&desk, &of_sam).await.is_none(),
        "a viewer records nothing"
    );
    erase_person(&desk.ctx, "bea").await.expect("erased");
    assert!(opened(&desk, &of_bea).await.is_none(), "she is gone");
}

#[tokio::test]
async fn wrong_ones_are_not_tried_out() {
    let (desk, _, [of_sam, _]) = mailed("tried").await;
    let nobody = desk.nobody().await;
    let live = nobody.live().await.expect("a live state");
    let door = Door::default();
    let try_one = async |token: &str| by_link(&nobody, &live, &door, token).await;
    for _ in 0..throughline_app::access::ATTEMPTS_MAX {
        assert!(try_one("wrong").await.expect("an answer").is_none());
    }
    assert!(matches!(
        try_one("wrong").await,
        Err(AppError::TooManyAttempts { .. })
    ));
    for _ in 0..2 * throughline_app::access::ATTEMPTS_MAX {
        assert!(try_one(&of_sam).await.expect("an answer").is_some());
    }
}
