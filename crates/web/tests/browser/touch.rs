//! On a phone each control is large enough for a thumb.

use crate::accessibility::overflow;
use crate::pages::{a_tab, on_each_page};

const PHONE: u32 = 390;
const PROBE: &str = include_str!("probes/touch.js");

#[test]
fn a_thumb_hits_each_control_of_each_page() {
    on_each_page(PHONE, |page, tab, found| {
        tab.goto(page.path);
        let small = tab.see_lines(PROBE);
        found.add(page, "is too small to touch", small);
        // What lies over the page is looked at below.
        tab.see("document.querySelectorAll('main details:not(.picker)').forEach((one) => one.open = true)");
        let small = tab.see_lines(PROBE);
        found.add(page, "is too small to touch, once opened", small);
        found.add(page, "does not fit, once opened", overflow(tab));
    });
}

#[test]
fn a_thumb_hits_what_is_open_over_a_page() {
    let Some(mut tab) = a_tab(PHONE) else { return };
    tab.goto("/scorecard?period=2013-06");
    for picker in [0, 1] {
        tab.see(&format!(
            "document.querySelectorAll('.place details.picker').forEach((one, place) => one.open = place === {picker})"
        ));
        assert_eq!(
            tab.see_lines(PROBE),
            Vec::<String>::new(),
            "picker {picker}"
        );
    }
}
