//! A review is held by keyboard: from item to item, on the wall, and each record in three acts.

use std::sync::Arc;

use crate::chromium::chromium;
use crate::forms::without_script;
use crate::site::Site;
use crate::states::{self as flaws, WIDTHS};
use crate::tab::Tab;

const REVIEW: &str = "/reviews/operations-2014-01-14";

/// A tab of who leads the review, at a site that nobody else looks at.
fn chair() -> Option<Tab> {
    let chromium = chromium()?;
    let mut tab = Tab::open(chromium, Arc::new(Site::start()), 1440);
    tab.look_through("t-fennimore");
    Some(tab)
}

fn text(tab: &mut Tab, selector: &str) -> String {
    let seen = tab.see(&format!(
        "document.querySelector('{selector}')?.textContent ?? ''"
    ));
    seen.as_str().unwrap_or_default().to_owned()
}

/// Takes the next step of the review with its button.
fn step(tab: &mut Tab) {
    tab.follow(|tab| tab.click(".step button"));
}

#[test]
fn each_record_takes_three_acts_and_is_undone_with_one() {
    let Some(mut tab) = chair() else { return };
    tab.goto(REVIEW);
    // Decisions are made once the figures are frozen and the review is open.
    step(&mut tab);
    step(&mut tab);
    for (letter, label) in [
        ("d", "Decision"),
        ("a", "Action"),
        ("r", "Root cause"),
        ("l", "Lesson"),
        ("n", "Note"),
    ] {
        // One: the letter. Two: the sentence. Three: Control and Enter.
        tab.press(letter);
        tab.type_in("Ask the crews of the evening");
        tab.follow(|tab| tab.press("Control+Enter"));
        let told = text(&mut tab, ".recorded-now p");
        assert!(
            told.starts_with(label) && told.ends_with("is recorded."),
            "{letter}: {told}"
        );
        let recorded = text(&mut tab, "ul.recorded");
        assert!(
            recorded.contains("Ask the crews of the evening"),
            "{letter}"
        );
    }
    tab.follow(|tab| tab.press("u"));
    let left = tab.see("document.querySelectorAll('ul.recorded > li').length");
    assert_eq!(left, 4);
}

#[test]
fn what_is_typed_stays_when_another_kind_is_chosen_and_a_refusal_has_the_focus() {
    for has_script in [true, false] {
        let Some(mut tab) = chair() else { return };
        if !has_script {
            without_script(&mut tab);
        }
        tab.goto(REVIEW);
        tab.focus("#what");
        tab.type_in("Ask the crews of the evening");
        tab.click(".record label:has([value=action])");
        let seen = "[document.querySelector('#what').value, getComputedStyle(document.querySelector('#due')).display != 'none' && document.querySelector('#due').offsetParent != null, document.querySelector('#why').offsetParent == null]";
        let typed = tab.see(seen);
        assert_eq!(
            typed,
            serde_json::json!(["Ask the crews of the evening", true, true]),
            "script {has_script}"
        );
        tab.click(".record label:has([value=cause])");
        tab.follow(|tab| tab.click(".record-foot button"));
        let focused = tab.see("document.activeElement.className");
        assert_eq!(focused, "problems", "script {has_script}");
        assert_eq!(
            tab.see("document.querySelector('#what').value"),
            "Ask the crews of the evening"
        );
        tab.click(".problems a");
        assert_eq!(tab.see("document.activeElement.id"), "why1");
    }
}

#[test]
fn the_wall_goes_from_item_to_item_and_its_clock_stays_with_each() {
    let Some(mut tab) = chair() else { return };
    tab.goto(REVIEW);
    step(&mut tab);
    step(&mut tab);
    let first = text(&mut tab, "#item-title");
    tab.follow(|tab| tab.press("w"));
    assert_eq!(tab.address(), format!("{REVIEW}/wall?item=1"));
    assert_eq!(text(&mut tab, "#item-title"), first);
    // Keys of a presenter do the same as letters.
    for (key, item) in [("j", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("k", 1)] {
        tab.follow(|tab| tab.press(key));
        assert_eq!(tab.address(), format!("{REVIEW}/wall?item={item}"), "{key}");
    }
    // Two seconds were spent on the first item at least; the second begins with what it had.
    tab.until("document.querySelector('[role=timer]').textContent >= '00:02'");
    assert!(text(&mut tab, ".clock .about").starts_with("Meeting "));
    tab.follow(|tab| tab.press("j"));
    tab.follow(|tab| tab.press("k"));
    let seen = text(&mut tab, "[role=timer]");
    assert!(seen.as_str() >= "00:02", "{seen}");
    // A decision of the wall stands on it afterwards.
    tab.follow(|tab| tab.press("d"));
    tab.type_in("Add a crew in the evening");
    tab.follow(|tab| tab.press("Control+Enter"));
    tab.follow(|tab| tab.press("w"));
    assert!(text(&mut tab, "ul.recorded").contains("Add a crew in the evening"));
    tab.follow(|tab| tab.press("Escape"));
    assert_eq!(tab.address(), format!("{REVIEW}?item=1"));
}

#[test]
fn who_is_here_is_changed_by_keyboard_while_the_review_lasts() {
    let Some(mut tab) = chair() else { return };
    tab.goto(REVIEW);
    step(&mut tab);
    // All are proposed; who is away is taken off.
    let marked = "document.querySelectorAll('.step [name=present]:checked').length";
    assert_eq!(tab.see(marked), 5);
    tab.focus(".step [name=present]");
    tab.press(" ");
    step(&mut tab);
    assert_eq!(text(&mut tab, ".there .label"), "Present, 4 of 5");
    tab.press("p");
    tab.until("document.querySelector('.there details').open");
    tab.focus(".there [name=present]:not(:checked)");
    tab.press(" ");
    tab.follow(|tab| tab.press("Control+Enter"));
    assert_eq!(
        text(&mut tab, ".recorded-now p"),
        "Who is present is marked."
    );
    assert_eq!(text(&mut tab, ".there .label"), "Present, 5 of 5");
    tab.follow(|tab| tab.press("u"));
    assert_eq!(text(&mut tab, ".there .label"), "Present, 4 of 5");
}

#[test]
fn each_step_of_a_review_is_clean() {
    let Some(mut tab) = chair() else { return };
    let mut found = Vec::new();
    let looked = |tab: &mut Tab, what: &str, found: &mut Vec<String>| {
        for width in WIDTHS {
            tab.resize(width);
            flaws::check(tab, &format!("{what} at {width}"), found);
        }
        tab.resize(WIDTHS[0]);
    };
    tab.goto(REVIEW);
    tab.follow(|tab| tab.click(".record-foot button"));
    assert_eq!(text(&mut tab, "title").split(':').next(), Some("Error"));
    looked(&mut tab, "422", &mut found);
    tab.goto(REVIEW);
    for what in ["frozen", "in session", "closed"] {
        step(&mut tab);
        looked(&mut tab, what, &mut found);
    }
    tab.goto(&format!("{REVIEW}/minutes"));
    assert!(!text(&mut tab, "h1").is_empty());
    looked(&mut tab, "minutes", &mut found);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_wall_fits_with_all_that_is_recorded() {
    let Some(mut tab) = chair() else { return };
    tab.goto(REVIEW);
    step(&mut tab);
    step(&mut tab);
    // The second item has a chart: a decision whose effect is due.
    tab.goto(&format!("{REVIEW}?item=2"));
    for sentence in [
        "Add a crew in the evening",
        "Ask the crews of the morning",
        "Write it down",
    ] {
        tab.press("d");
        tab.type_in(sentence);
        tab.follow(|tab| tab.press("Control+Enter"));
    }
    tab.follow(|tab| tab.press("w"));
    for width in [1440, 900] {
        tab.resize(width);
        let over = tab.see("document.documentElement.scrollHeight - innerHeight");
        assert!(
            over.as_f64().is_some_and(|over| over <= 0.0),
            "{width}: {over}"
        );
        let unseen = tab.see_lines(
            "['.clock', '.chart svg', '.wall-records', '.wall-foot a:last-child'].filter((one) => { \
             const box = document.querySelector(one)?.getBoundingClientRect(); \
             return !(box?.height > 20 && box.top >= 0 && box.bottom <= innerHeight) })",
        );
        assert!(unseen.is_empty(), "{width}: {unseen:?}");
    }
}
