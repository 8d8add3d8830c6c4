//! Pages besides their usual state: what is open over them, what answers a slip, and what somebody sees who sees little.

use std::sync::Arc;

use crate::accessibility::{axe, overflow};
use crate::chromium::chromium;
use crate::pages::a_tab;
use crate::site::Site;
use crate::tab::Tab;

/// A desk and a phone.
pub const WIDTHS: [u32; 2] = [1440, 390];

/// What axe finds, and what does not fit, in both themes at the width that the tab has.
fn flaws(tab: &mut Tab) -> Vec<String> {
    let mut found = overflow(tab);
    for theme in ["light", "dark"] {
        let preferred = [
            ("prefers-color-scheme", theme),
            ("prefers-reduced-motion", "reduce"),
        ];
        tab.pretend("screen", &preferred);
        found.extend(axe(tab, true));
    }
    found
}

/// Notes what axe finds and what does not fit.
pub fn check(tab: &mut Tab, what: &str, found: &mut Vec<String>) {
    let flaws = flaws(tab);
    found.extend(flaws.iter().map(|flaw| format!("{what}: {flaw}")));
}

#[test]
fn what_is_open_over_a_page_is_clean() {
    let mut found = Vec::new();
    for width in WIDTHS {
        let Some(mut tab) = a_tab(width) else { return };
        tab.goto("/strategy?period=2013-06");
        tab.press("Control+k");
        tab.type_in("on time");
        tab.until("document.querySelector('#found [role=option][aria-selected=true]') !== null");
        check(&mut tab, &format!("Find at {width}"), &mut found);
        tab.type_in(" in no name of anything");
        tab.until("document.querySelector('#found p') !== null");
        check(&mut tab, &format!("Find of nothing at {width}"), &mut found);
        tab.press("Escape");
        tab.until("document.querySelector('dialog[open]') === null && document.activeElement === document.body");
        tab.press("?");
        tab.until("document.querySelector('dialog.keys[open]') !== null");
        check(&mut tab, &format!("keys at {width}"), &mut found);
        tab.press("Escape");
        tab.until("document.querySelector('dialog[open]') === null");
        for picker in [0, 1] {
            tab.see(&format!(
                "document.querySelectorAll('.place summary')[{picker}].focus()"
            ));
            tab.press("Enter");
            tab.until("document.querySelector('details.picker[open]') !== null");
            check(&mut tab, &format!("picker {picker} at {width}"), &mut found);
            tab.press("Escape");
        }
        if width == WIDTHS[1] {
            tab.focus(".menu > summary");
            tab.press("Enter");
            tab.until("document.querySelector('details.menu[open]') !== null");
            check(&mut tab, "menu", &mut found);
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn slips_are_answered_cleanly() {
    let mut found = Vec::new();
    for width in WIDTHS {
        let Some(mut tab) = a_tab(width) else { return };
        for path in [
            "/no-such-page",
            "/strategy?unit=no-such-unit",
            "/strategy?period=no-period",
            "/measures/no-such-measure",
            "/measures/shift-briefings?unit=harbour",
            "/history/between?from=yesterday&to=2014-02-03",
            "/history?by=nobody&since=soon",
            "/find?q=no-name-of-anything",
            "/strategy?period=2016",
        ] {
            tab.goto(path);
            check(&mut tab, &format!("{path} at {width}"), &mut found);
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn who_sees_little_sees_it_cleanly() {
    let Some(chromium) = chromium() else { return };
    let site = Arc::new(Site::start());
    let mut tab = Tab::open(chromium, Arc::clone(&site), WIDTHS[0]);
    tab.enter();
    tab.follow(|tab| tab.click("button[value=d-marrowby]"));
    let mut found = Vec::new();
    for width in WIDTHS {
        tab.resize(width);
        for path in [
            "/strategy",
            "/strategy?unit=jfk",
            "/map",
            "/measures/on-time-arrival",
            "/people",
            "/people/o-brightwater",
            "/line-of-sight",
            "/history",
        ] {
            tab.goto(path);
            check(&mut tab, &format!("{path} at {width}"), &mut found);
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn what_one_may_not_do_is_said_cleanly() {
    let Some(chromium) = chromium() else { return };
    let mut tab = Tab::open(chromium, Arc::new(Site::start()), WIDTHS[0]);
    tab.look_through("d-marrowby");
    let mut found = Vec::new();
    for width in WIDTHS {
        tab.resize(width);
        tab.goto("/import");
        let status = "performance.getEntriesByType('navigation')[0].responseStatus";
        assert_eq!(tab.see(status), 403);
        check(&mut tab, &format!("403 at {width}"), &mut found);
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn a_map_on_which_something_is_picked_is_clean() {
    let mut found = Vec::new();
    for width in WIDTHS {
        let Some(mut tab) = a_tab(width) else { return };
        for path in [
            "/map?period=2013-06&focus=late-flights-recover",
            "/strategy?period=2013-06&evidence=decided&sort=-name",
            "/scorecard?period=2013-06&sort=likely",
        ] {
            tab.goto(path);
            check(&mut tab, &format!("{path} at {width}"), &mut found);
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn what_is_opened_goes_along_with_unit_and_period() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/scorecard?period=2013-06&open=none");
    assert_eq!(
        tab.see("document.querySelector('.place [rel=prev]').search.includes('open=none')"),
        true
    );
    let key = "[...document.querySelectorAll('.toggle')][0]";
    tab.see(&format!("{key}.click()"));
    tab.until(&format!("{key}.ariaExpanded === 'true'"));
    tab.until("document.querySelector('.place [rel=prev]').search.includes('open=none') === false");
    tab.follow(|tab| tab.click(".place [rel=prev]"));
    assert_eq!(tab.see(&format!("{key}.ariaExpanded")), "true");
}

#[test]
fn find_is_a_field_with_a_list() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/map?period=2013-06");
    tab.press("Control+k");
    tab.type_in("on time");
    tab.until("document.querySelectorAll('#found [role=option]').length > 2");
    let at = |tab: &mut Tab| {
        tab.see("(() => {
            const field = document.activeElement;
            const list = document.getElementById(field.getAttribute('aria-controls'));
            const option = document.getElementById(field.getAttribute('aria-activedescendant'));
            return [field.role, field.ariaExpanded, list.role, option.role, option.ariaSelected, [...list.querySelectorAll('[role=option]')].indexOf(option)].join();
        })()")
    };
    assert_eq!(at(&mut tab), "combobox,true,listbox,option,true,0");
    tab.press("ArrowDown");
    assert_eq!(at(&mut tab), "combobox,true,listbox,option,true,1");
    let said = "document.querySelector('.find-box [role=status]').textContent";
    tab.until(&format!("/^\\d+ found$/.test({said})"));
    tab.type_in(" in no name of anything");
    tab.until(&format!("{said}.startsWith('Nothing has')"));
    assert_eq!(tab.see("document.activeElement.ariaExpanded"), "false");
}
