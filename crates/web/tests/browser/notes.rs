//! Notes on a chart, by keyboard alone: one is added and undone, and new limits that the points do not carry are refused where
//! they were asked for.

use std::sync::Arc;

use crate::chromium::chromium;
use crate::forms::without_script;
use crate::site::Site;
use crate::tab::Tab;

const NOTES: &str = "document.querySelectorAll('.chart-notes > li').length";
const PAGE: &str = "/measures/cancellations?period=2013-12";

#[test]
fn a_note_is_added_by_keyboard_and_undone() {
    let Some(chromium) = chromium() else { return };
    for has_script in [true, false] {
        let mut tab = Tab::open(chromium, Arc::new(Site::start()), 1440);
        tab.enter();
        if !has_script {
            without_script(&mut tab);
        }
        tab.goto(PAGE);
        assert_eq!(tab.see(NOTES), 1);
        tab.focus(".note-more summary");
        tab.press("Enter");
        tab.focus("#note-what");
        tab.type_in("Crews trained");
        tab.follow(|tab| tab.press("Enter"));
        assert!(tab.address().contains("noted=n-4"), "{}", tab.address());
        assert_eq!(tab.see(NOTES), 2);
        let letters = "[...document.querySelectorAll('.chart .from-800 .c-flag-t')].map((one) => one.textContent).join('')";
        assert_eq!(tab.see(letters), "AB");
        tab.focus("#notes .recorded-now button");
        tab.follow(|tab| tab.press("Enter"));
        assert_eq!(tab.see(NOTES), 1);
        // That it was taken off is undone where it is told, too.
        tab.focus("#notes .recorded-now button");
        tab.follow(|tab| tab.press("Enter"));
        assert_eq!(tab.see(NOTES), 2);
    }
}

#[test]
fn new_limits_that_the_points_do_not_carry_are_refused_with_what_was_typed() {
    let Some(chromium) = chromium() else { return };
    let mut tab = Tab::open(chromium, Arc::new(Site::start()), 390);
    tab.enter();
    tab.goto(PAGE);
    tab.focus(".note-more summary");
    tab.press("Enter");
    tab.focus("#note-what");
    tab.type_in("A better timetable");
    tab.focus(".note-more [name=baseline]");
    tab.press(" ");
    tab.focus(".note-more .primary");
    tab.follow(|tab| tab.press("Enter"));
    assert_eq!(
        tab.see("document.querySelector('#note-what').value"),
        "A better timetable"
    );
    assert_eq!(tab.see("document.querySelector('.note-more').open"), true);
    let problem = tab.see("document.querySelector('.problems').textContent");
    assert!(
        problem
            .as_str()
            .is_some_and(|text| text.contains("do not begin anew")),
        "{problem}"
    );
    assert_eq!(tab.see(NOTES), 1);
    let is_wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(tab.see(is_wider), false);
}
