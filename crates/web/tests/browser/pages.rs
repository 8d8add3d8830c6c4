//! Every page that there is, one line each: what the browser tests go through.

use std::sync::Arc;

use crate::chromium::chromium;
use crate::routes::pages;
use crate::site::Site;
use crate::tab::Tab;

/// A page of the demonstration.
pub struct Page {
    /// The name of its route.
    pub route: &'static str,
    /// An address of it that shows much.
    pub path: &'static str,
    /// Whose eyes it is looked at through.
    pub eyes: &'static str,
}

const fn page(route: &'static str, path: &'static str) -> Page {
    Page {
        route,
        path,
        eyes: EYES,
    }
}

/// The pages.
pub const PAGES: &[Page] = &[
    page("look_through", "/look-through"),
    page("strategy", "/strategy?period=2013-06&open=set-your-watch"),
    page("map", "/map?period=2013-06"),
    page(
        "link",
        "/links/set-honest-block-times%3Ecaught-up-flights?period=2013-12",
    ),
    page("scorecard", "/scorecard?period=2013-06"),
    page("find", "/find?q=on%20time"),
    page("objective", "/objectives/set-your-watch?period=2013-06"),
    page("outcome", "/outcomes/punctual-departures?period=2013-Q2"),
    page("behaviour", "/behaviours/brief-each-shift?period=2013-10"),
    page("measures", "/measures?period=2013-06"),
    page("measure", "/measures/on-time-arrival?period=2013-06"),
    page("measure", "/measures/shift-briefings?unit=ewr-ua"),
    page(
        "explanation",
        "/measures/on-time-arrival/explanation?period=2013-06",
    ),
    page("chances", "/chances?period=2013-12"),
    page("initiatives", "/initiatives?period=2013-08"),
    page("initiative", "/initiatives/catch-up-desk?period=2013-12"),
    page("people", "/people?period=2013-12"),
    page("person", "/people/d-marrowby?period=2013-12"),
    page("line_of_sight", "/line-of-sight?period=2013-12"),
    page(
        "line_of_sight_of",
        "/line-of-sight/p-halcyon?period=2013-12&from=plan-the-catch-up",
    ),
    page("history", "/history?period=2013-06"),
    page("commit", "/history/1"),
    page(
        "comparison",
        "/history/between?period=2013-06&from=2013-07-08&to=2014-02-03",
    ),
    page("moved_targets", "/history/targets?period=2013-06"),
    page(
        "observation",
        "/measures/on-time-arrival/observation?unit=ewr-ua&period=2013-W23",
    ),
    page("reviews", "/reviews"),
    page("review", "/reviews/operations-2014-01-14"),
    page("review_wall", "/reviews/operations-2014-01-14/wall?item=1"),
    page("actions", "/actions"),
    page("import", "/import"),
    Page {
        route: "due",
        path: "/due",
        eyes: "d-marrowby",
    },
    page("late_figures", "/due/late"),
    page("plan", "/plan?period=2013-06"),
    page("plan_of_kind", "/records/measure?period=2013-06"),
    page("new_record", "/records/objective/new"),
    page("edit_record", "/records/measure/on-time-arrival/edit"),
    page(
        "edit_record",
        "/records/target/on-time-arrival%40ewr/edit?saved=nothing",
    ),
    page("api", "/api"),
];

/// Whose eyes the pages are looked at through: somebody who sees all of the organisation.
pub const EYES: &str = "o-brightwater";

/// What was found on all pages, so that one run shows everything that is to be mended.
#[derive(Default)]
pub struct Found(Vec<String>);

impl Found {
    /// Notes what was found on a page.
    pub fn add(&mut self, page: &Page, about: &str, found: impl IntoIterator<Item = String>) {
        let lines = found.into_iter();
        self.0
            .extend(lines.map(|line| format!("{} {about}: {line}", page.path)));
    }
}

/// Goes through all pages, each in a tab without a memory of the others, in a window of that width, and fails with what
/// was found. Nothing is done where there is no Chromium.
pub fn on_each_page(width: u32, check: impl Fn(&Page, &mut Tab, &mut Found)) {
    let Some(chromium) = chromium() else { return };
    let site = Site::shared();
    let mut found = Found::default();
    for page in PAGES {
        let mut tab = Tab::open(chromium, Arc::clone(&site), width);
        tab.look_through(page.eyes);
        check(page, &mut tab, &mut found);
    }
    assert!(found.0.is_empty(), "\n{}\n", found.0.join("\n"));
}

/// A tab in which somebody was chosen; `None` where there is no Chromium.
pub fn a_tab(width: u32) -> Option<Tab> {
    let mut tab = Tab::open(chromium()?, Site::shared(), width);
    tab.look_through(EYES);
    Some(tab)
}

#[test]
fn every_page_stands_here() {
    for route in pages() {
        let stands_here = PAGES.iter().any(|page| page.route == route.name);
        assert!(
            stands_here,
            "the page `{}` has no line in PAGES",
            route.name
        );
    }
}
