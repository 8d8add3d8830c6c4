//! Forms and choosers with the mouse, with the keyboard, and without script, as a real browser sends them.
//!
//! With `no-referrer` a browser hides even our own origin (`Origin: null`), and the server refused its own forms: only a
//! real browser shows that.

use std::sync::Arc;

use serde_json::json;

use crate::chromium::chromium;
use crate::pages::a_tab;
use crate::site::Site;
use crate::tab::Tab;

/// How somebody uses a control.
#[derive(Clone, Copy, Debug)]
enum Way {
    Mouse,
    Keyboard,
}

use Way::{Keyboard, Mouse};

fn use_control(tab: &mut Tab, way: Way, selector: &str) {
    match way {
        Mouse => tab.click(selector),
        Keyboard => {
            tab.focus(selector);
            tab.press("Enter");
        }
    }
}

pub fn without_script(tab: &mut Tab) {
    tab.ask(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    );
}

/// The origin of the last form that was sent.
fn origin_sent(tab: &Tab) -> Option<String> {
    let requests = tab.events().iter().rev();
    let mut posted = requests.filter(|event| event["params"]["request"]["method"] == "POST");
    let headers = &posted.next()?["params"]["request"]["headers"];
    Some(headers["Origin"].as_str()?.to_owned())
}

#[test]
fn whom_to_look_through_is_chosen() {
    let Some(chromium) = chromium() else { return };
    let site = Arc::new(Site::start());
    let mut tab = Tab::open(chromium, Arc::clone(&site), 1440);
    tab.enter();
    assert_eq!(tab.address(), "/look-through");
    let ways = [
        (Mouse, true),
        (Keyboard, true),
        (Mouse, false),
        (Keyboard, false),
    ];
    for ((way, has_script), (key, name)) in ways.into_iter().zip(CHOSEN) {
        if !has_script {
            without_script(&mut tab);
        }
        tab.goto("/look-through");
        tab.follow(|tab| use_control(tab, way, &format!("button[value={key}]")));
        let about = format!("{way:?}, script {has_script}");
        assert_eq!(
            origin_sent(&tab).as_deref(),
            Some(site.origin.as_str()),
            "{about}"
        );
        let looks = tab.see("document.querySelector('.side .who').textContent");
        assert!(
            looks.as_str().is_some_and(|who| who.contains(name)),
            "{about}: {looks}"
        );
    }
}

/// Who is chosen, one after the other.
const CHOSEN: [(&str, &str); 4] = [
    ("o-brightwater", "Odalys Brightwater"),
    ("d-marrowby", "Dashiell Marrowby"),
    ("o-brightwater", "Odalys Brightwater"),
    ("d-marrowby", "Dashiell Marrowby"),
];

#[test]
fn the_theme_is_chosen_and_kept() {
    for (way, has_script) in [
        (Mouse, true),
        (Keyboard, true),
        (Mouse, false),
        (Keyboard, false),
    ] {
        let Some(mut tab) = a_tab(1440) else { return };
        if !has_script {
            without_script(&mut tab);
        }
        let about = format!("{way:?}, script {has_script}");
        tab.pretend("screen", &[("prefers-color-scheme", "light")]);
        tab.goto("/strategy?period=2013-06");
        let light = tab.see(GROUND);
        let dark = ".side .theme button[value=dark]";
        if has_script {
            let since = tab.events().len();
            use_control(&mut tab, way, dark);
            tab.until("document.documentElement.dataset.theme === 'dark'");
            tab.wait_for("Network.responseReceivedExtraInfo", since);
        } else {
            tab.follow(|tab| use_control(tab, way, dark));
        }
        assert_eq!(tab.address(), "/strategy?period=2013-06", "{about}");
        assert_ne!(tab.see(GROUND), light, "{about}");
        tab.goto("/map");
        assert_eq!(
            tab.see("document.documentElement.dataset.theme"),
            "dark",
            "{about}"
        );
        assert_ne!(tab.see(GROUND), light, "{about}");
    }
}

const GROUND: &str = "getComputedStyle(document.querySelector('.main')).backgroundColor";

#[test]
fn unit_period_and_clocks_are_chosen() {
    for (way, has_script) in [(Mouse, true), (Keyboard, true), (Mouse, false)] {
        let Some(mut tab) = a_tab(1440) else { return };
        if !has_script {
            without_script(&mut tab);
        }
        let about = format!("{way:?}, script {has_script}");
        let mut check = |control: &str, inside: Option<&str>, expected: &str| {
            tab.goto("/strategy?period=2013-06");
            let mut last = control;
            if let Some(inside) = inside {
                use_control(&mut tab, way, control);
                last = inside;
            }
            tab.follow(|tab| use_control(tab, way, last));
            assert_eq!(tab.address(), expected, "{about}");
        };
        check(".stepper [rel=prev]", None, "/strategy?period=2013-05");
        check(".stepper [rel=next]", None, "/strategy?period=2013-07");
        check(".segments a:last-child", None, "/strategy?period=2013");
        check(
            ".place summary",
            Some(".popover a[href*='unit=ewr']"),
            "/strategy?unit=ewr&period=2013-06",
        );
        tab.goto("/strategy?period=2013-06");
        use_control(&mut tab, way, ".place details:last-of-type summary");
        tab.focus("[name=known-at]");
        tab.see("document.querySelector('[name=known-at]').value = '2014-01-31'");
        tab.follow(|tab| use_control(tab, way, ".popover .fields button"));
        assert!(
            tab.address().contains("known-at=2014-01-31"),
            "{about}: {}",
            tab.address()
        );
    }
}

#[test]
fn rows_open_with_and_without_script() {
    for has_script in [true, false] {
        let Some(mut tab) = a_tab(1440) else { return };
        if !has_script {
            without_script(&mut tab);
        }
        tab.goto("/scorecard?period=2013-06&open=none");
        let rows = tab.see("document.querySelectorAll('#scorecard tr').length");
        if has_script {
            tab.click("#scorecard .toggle");
            tab.until(&format!(
                "document.querySelectorAll('#scorecard tr').length > {rows}"
            ));
        } else {
            tab.follow(|tab| tab.click("#scorecard .toggle"));
        }
        let opened = tab.see("document.querySelectorAll('#scorecard tr').length");
        assert!(opened.as_u64() > rows.as_u64(), "{rows} {opened}");
        let address = tab.address();
        tab.goto(&address);
        let again = tab.see("document.querySelectorAll('#scorecard tr').length");
        assert_eq!(again, opened, "the address shows the same: {address}");
    }
}
