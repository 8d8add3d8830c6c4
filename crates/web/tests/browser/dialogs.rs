//! Find, the list of keys, and what opens over a page: by keyboard, and closed again with Escape.

use crate::pages::a_tab;
use crate::tab::Tab;

const IS_OPEN: &str =
    "document.querySelector('dialog[open], details.picker[open], details.menu[open]') !== null";

#[test]
fn escape_closes_what_keys_open() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/strategy?period=2013-06");
    let check = |tab: &mut Tab, keys: &str, opened: &str| {
        assert_eq!(tab.see(IS_OPEN), false, "{keys}");
        tab.press(keys);
        let is_right = format!("document.querySelector({opened:?}) !== null");
        tab.until(&is_right);
        tab.press("Escape");
        tab.until(&format!("!({IS_OPEN})"));
    };
    check(&mut tab, "Control+k", "dialog.find-box[open]");
    check(&mut tab, "/", "dialog.find-box[open]");
    check(&mut tab, "?", "dialog.keys[open]");
    for number in [1, 2] {
        tab.see(&format!(
            "document.querySelectorAll('.place summary')[{number} - 1].focus()"
        ));
        check(&mut tab, "Enter", "details.picker[open]");
        assert_eq!(tab.see("document.activeElement.tagName"), "SUMMARY");
    }
    tab.resize(390);
    tab.focus(".menu > summary");
    check(&mut tab, "Enter", "details.menu[open]");
}

#[test]
fn find_goes_to_what_was_typed() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/map?period=2013-06");
    tab.press("Control+k");
    tab.type_in("scorec");
    tab.until("document.querySelector('#found a')?.textContent.includes('Scorecard') === true");
    tab.follow(|tab| tab.press("Enter"));
    assert!(tab.address().starts_with("/scorecard"), "{}", tab.address());
}

#[test]
fn single_keys_can_be_switched_off() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/map");
    tab.press("?");
    tab.until(IS_OPEN);
    tab.click("dialog.keys input");
    tab.press("Escape");
    tab.until(&format!("!({IS_OPEN})"));
    tab.press("/");
    assert_eq!(tab.see(IS_OPEN), false);
    tab.press("g");
    tab.press("s");
    assert!(tab.address().starts_with("/map"));
    // The list itself stays, because it is where they are switched on again.
    tab.press("?");
    tab.until(IS_OPEN);
}
