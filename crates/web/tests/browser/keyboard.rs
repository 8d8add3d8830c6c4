//! Everything by keyboard: each stop in its order, seen, and not under something else; keys that go to pages.

use crate::pages::{Found, Page, a_tab, on_each_page};
use crate::tab::Tab;

/// No page has more stops.
const STOPS_MAX: usize = 600;

/// What is wrong with the way of the Tab key through a page.
fn walk(page: &Page, tab: &mut Tab, width: u32, found: &mut Found) {
    let stops = tab.see_lines(include_str!("probes/stops.js"));
    let about = format!("by keyboard at {width}");
    let mut reached = Vec::new();
    for _ in 0..STOPS_MAX {
        tab.press("Tab");
        let stop = tab.see(include_str!("probes/stop.js"));
        if stop["body"] == true {
            break;
        }
        let name = stop["name"].as_str().unwrap_or_default();
        let wrong = stop["wrong"].as_array().into_iter().flatten();
        found.add(page, &about, wrong.map(|wrong| format!("{wrong}: {name}")));
        match stop["number"].as_u64() {
            Some(number) => reached.push(number),
            // A box that scrolls is a stop of its own where nothing in it is one.
            None if stop["scrolls"] == true => {}
            None => found.add(page, &about, Some(format!("an unknown stop: {name}"))),
        }
        if reached.len() > 1 && reached.first() == reached.last() {
            reached.pop();
            break;
        }
    }
    let missed = (0..)
        .zip(&stops)
        .filter(|(number, _)| !reached.contains(number));
    found.add(
        page,
        &about,
        missed.map(|(_, name)| format!("not reached: {name}")),
    );
    let is_in_order = reached.is_sorted();
    found.add(
        page,
        &about,
        (!is_in_order).then(|| format!("out of order: {reached:?}")),
    );
    found.add(
        page,
        &about,
        stops.is_empty().then(|| "no stops".to_owned()),
    );
}

#[test]
fn tab_reaches_everything_in_order_and_shows_where_it_is() {
    on_each_page(1440, |page, tab, found| {
        for width in [1440, 390] {
            tab.resize(width);
            tab.goto(page.path);
            walk(page, tab, width, found);
        }
    });
}

#[test]
fn the_first_stop_skips_to_the_content() {
    on_each_page(1440, |page, tab, found| {
        tab.goto(page.path);
        // Pages that stand alone have nothing to skip.
        if tab.see("document.querySelector('.side') === null") == true {
            return;
        }
        tab.press("Tab");
        let is_seen = tab.see(
            "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0",
        );
        tab.press("Enter");
        let is_there = tab.see("document.activeElement.id === 'main'");
        let is_right = is_seen == true && is_there == true;
        found.add(
            page,
            "",
            (!is_right).then(|| format!("skip link: seen {is_seen}, leads there {is_there}")),
        );
    });
}

#[test]
fn letters_go_to_pages() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/strategy");
    let keys = tab.see_lines(
        "[...document.querySelectorAll('.side [data-key]')].map((link) => link.dataset.key)",
    );
    assert!(keys.len() >= 3, "{keys:?}");
    for key in keys {
        tab.goto("/strategy?period=2013-06");
        let link =
            format!("document.querySelector('.side [data-key=\"{key}\"]').getAttribute('href')");
        let href = tab.see(&link);
        tab.press("g");
        tab.follow(|tab| tab.press(&key));
        assert_eq!(tab.address(), href.as_str().unwrap_or_default(), "g {key}");
    }
}
