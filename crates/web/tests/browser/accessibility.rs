//! Nothing for axe to find, on any page, in either theme, at any width; and nothing that does not fit.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::delivery::complaints;
use crate::pages::on_each_page;
use crate::tab::Tab;

/// A desk, a phone, and the narrowest that anybody uses.
pub const WIDTHS: [u32; 3] = [1440, 390, 320];

const AXE: &str = include_str!("axe/axe-4.14.1.min.js");

/// What axe finds; with `contrast`, colours are measured, too.
pub fn axe(tab: &mut Tab, contrast: bool) -> Vec<String> {
    if tab.see("typeof axe === 'undefined'") == true {
        tab.see(&format!("{AXE};null"));
    }
    tab.see_lines(&format!("({})({contrast})", include_str!("probes/axe.js")))
}

/// What does not fit into the window.
pub fn overflow(tab: &mut Tab) -> Vec<String> {
    tab.see_lines(include_str!("probes/overflow.js"))
}

#[test]
fn axe_finds_nothing_and_all_of_it_fits() {
    on_each_page(WIDTHS[0], |page, tab, found| {
        tab.goto(page.path);
        for width in WIDTHS {
            tab.resize(width);
            found.add(page, &format!("at {width}"), overflow(tab));
            for theme in ["light", "dark"] {
                let preferred = [
                    ("prefers-color-scheme", theme),
                    ("prefers-reduced-motion", "reduce"),
                ];
                tab.pretend("screen", &preferred);
                found.add(page, &format!("at {width}, {theme}"), axe(tab, true));
            }
        }
    });
}

#[test]
fn forced_colours_keep_everything() {
    on_each_page(WIDTHS[0], |page, tab, found| {
        tab.pretend("screen", &[("forced-colors", "active")]);
        tab.goto(page.path);
        for width in [WIDTHS[0], WIDTHS[1]] {
            tab.resize(width);
            found.add(page, &format!("forced colours at {width}"), overflow(tab));
        }
        // The colours are the system's then, and not ours to measure.
        found.add(page, "forced colours", axe(tab, false));
        found.add(page, "forced colours", complaints(tab));
        let hollow = tab.see_lines(HOLLOW);
        found.add(page, "forced colours", hollow);
    });
}

/// Icons and glyphs of status that forced colours would paint like the ground behind them.
const HOLLOW: &str = "[...document.querySelectorAll('svg.glyph, svg.icon')]
    .filter((glyph) => glyph.checkVisibility() && getComputedStyle(glyph).color === getComputedStyle(document.body).backgroundColor)
    .map((glyph) => `cannot be seen: ${glyph.outerHTML.slice(0, 120)}`).slice(0, 3)";

#[test]
fn what_is_wrong_is_found() {
    let Some(mut tab) = crate::pages::a_tab(320) else {
        return;
    };
    tab.goto("/strategy");
    assert_eq!(axe(&mut tab, true), [""; 0]);
    assert_eq!(overflow(&mut tab), [""; 0]);
    tab.see("document.querySelector('h1').style.color = 'rgb(200 200 200)'");
    let found = axe(&mut tab, true).join("\n");
    assert!(found.starts_with("color-contrast (1)"), "{found}");
    tab.see("document.querySelector('h1').style.minWidth = '900px'");
    let found = overflow(&mut tab).join("\n");
    assert!(found.starts_with("the page is "), "{found}");
}

#[test]
fn axe_is_as_it_came() {
    let found: String = Sha256::digest(AXE.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let recorded = include_str!("axe/checksums.sha256");
    assert_eq!(json!(recorded.split_whitespace().next()), json!(found));
}
