//! What a page shows in boxes of its own: tables that need no scrolling, and charts that are read without a glass.

use crate::accessibility::overflow;
use crate::pages::{a_tab, on_each_page};

/// From a desk through small laptops and tablets to the narrowest phone.
const WIDTHS: [u32; 5] = [1440, 1280, 1024, 390, 320];

#[test]
fn tables_fit_their_boxes_and_charts_are_read_without_a_glass() {
    on_each_page(WIDTHS[0], |page, tab, found| {
        tab.goto(page.path);
        for width in WIDTHS {
            tab.resize(width);
            found.add(page, &format!("at {width}"), overflow(tab));
            let boxes = tab.see_lines(include_str!("probes/boxes.js"));
            found.add(page, &format!("at {width} scrolls sideways"), boxes);
            let words = tab.see_lines(include_str!("probes/chart_text.js"));
            found.add(page, &format!("at {width} is too small in a chart"), words);
        }
    });
}

/// The lower edge of the last box of the map, and how many rows it has.
const MAP: &str = "(() => {
    const boxes = [...document.querySelectorAll('svg.map .m-box')].map((box) => box.getBoundingClientRect());
    return [Math.max(...boxes.map((box) => box.bottom)), new Set(boxes.map((box) => box.top)).size];
})()";

#[test]
fn all_of_the_map_of_the_strategy_stands_above_the_fold() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/strategy");
    // Chances come by themselves, and take a line in each box.
    tab.until("document.querySelector('#map').textContent.includes('likely')");
    let map = tab.see(MAP);
    assert_eq!(map[1], 5, "rows");
    let end = map[0].as_f64();
    assert!(end.is_some_and(|end| 0.0 < end && end <= 900.0), "{map}");
}

/// So many pages the navigation leads to at least.
const LINKS_MIN: u64 = 10;

#[test]
fn all_of_the_map_is_seen_on_small_laptops() {
    let Some(mut tab) = a_tab(1280) else { return };
    for path in ["/strategy?period=2013-06", "/map?period=2013-06"] {
        tab.goto(path);
        for width in [1280, 1366] {
            tab.resize(width);
            let seen = tab.see("(() => { const box = document.querySelector('.map-drawing'); return [box.clientWidth, box.scrollWidth - box.clientWidth] })()");
            let shown = seen[0].as_u64();
            assert!(shown.is_some_and(|shown| shown > 0), "{path} at {width}");
            assert_eq!(seen[1], 0, "{path} at {width}");
        }
    }
    // There the navigation is a rail of icons, whose words are read out and told to a pointer.
    let links = tab.see("document.querySelectorAll('.side .nav a, .side .side-link').length");
    assert!(
        links.as_u64().is_some_and(|links| links >= LINKS_MIN),
        "{links}"
    );
    let nameless = tab.see_lines(
        "[...document.querySelectorAll('.side .nav a, .side .side-link')]
        .filter((link) => link.offsetWidth > 60 || !link.title || link.textContent.trim() !== link.title)
        .map((link) => link.outerHTML.slice(0, 80))",
    );
    assert_eq!(nameless, Vec::<String>::new());
}

/// Of somebody who answers for something and checks figures, and of somebody who does something.
const LINES: [&str; 2] = [
    "/line-of-sight?period=2013-12",
    "/line-of-sight/j-cobblestone?period=2013-12",
];

#[test]
fn a_line_of_sight_begins_above_the_fold_of_a_phone() {
    let Some(mut tab) = a_tab(390) else { return };
    for path in LINES {
        tab.goto(path);
        let first = tab.see("document.querySelector('.sight h3').getBoundingClientRect().bottom");
        assert!(
            first.as_f64().is_some_and(|end| 0.0 < end && end <= 844.0),
            "{path}: {first}"
        );
    }
}

#[test]
fn an_axis_of_money_is_in_millions() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/measures/delay-cost?period=2013-12");
    let labels = tab.see_lines("[...document.querySelectorAll('.chart svg')].filter((one) => one.checkVisibility()).flatMap((one) => [...one.querySelectorAll('text')].map((text) => text.textContent))");
    let with_unit = |label: &&String| label.starts_with('$') && label.ends_with('m');
    assert!(labels.iter().any(|label| with_unit(&label)), "{labels:?}");
    let in_full = labels.iter().find(|label| label.matches(',').count() > 1);
    assert_eq!(in_full, None);
}
