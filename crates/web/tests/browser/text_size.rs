//! Twice the size of text, as people set it in their browser, loses nothing.

use serde_json::json;

use crate::accessibility::overflow;
use crate::pages::on_each_page;

/// Pixels of a text of twice the usual size.
const DOUBLED: u32 = 32;

#[test]
fn text_of_twice_the_size_is_intact() {
    on_each_page(1280, |page, tab, found| {
        let sizes = json!({ "fontSizes": { "standard": DOUBLED, "fixed": DOUBLED } });
        tab.ask("Page.setFontSizes", sizes);
        tab.goto(page.path);
        let size = tab.see("getComputedStyle(document.documentElement).fontSize");
        assert_eq!(size, format!("{DOUBLED}px"), "the setting is heeded");
        for width in [1280, 390] {
            tab.resize(width);
            found.add(page, &format!("200 % text at {width}"), overflow(tab));
        }
    });
}

/// The widths of phones.
const PHONES: [u32; 2] = [390, 320];

#[test]
fn text_on_a_phone_is_read_without_a_glass() {
    on_each_page(PHONES[0], |page, tab, found| {
        tab.goto(page.path);
        for width in PHONES {
            tab.resize(width);
            let small = tab.see_lines(include_str!("probes/small_text.js"));
            found.add(page, &format!("at {width} is too small"), small);
            found.add(page, &format!("at {width}"), overflow(tab));
        }
        let size = tab.see("getComputedStyle(document.body).fontSize");
        assert_eq!(size, "16px", "{}", page.path);
    });
}
