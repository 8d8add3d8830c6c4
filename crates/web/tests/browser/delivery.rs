//! What goes over the wire, and what the browser has to say about it: the content policy, errors, weight, shifts.

use serde_json::Value;

use crate::pages::{a_tab, on_each_page};
use crate::tab::Tab;

/// The most bytes of a first visit, all of it compressed, font and headers included.
const FIRST_BYTES_MAX: u64 = 100_000;
/// The most bytes of a page when styles, scripts and font are known.
const REPEATED_BYTES_MAX: u64 = 20_000;
/// The most that what is there already may move while the rest comes, as browsers count it.
const SHIFT_MAX: f64 = 0.01;
/// How many times slower than this machine the browser works while it is looked whether anything moves: a page of which
/// only a part was read is drawn on slow machines alone.
const SLOWER: u32 = 4;

/// What the browser complained about: the content policy, errors of scripts and of the console, requests that failed or
/// that left the server.
pub fn complaints(tab: &Tab) -> Vec<String> {
    let events = tab.events().iter();
    events
        .filter_map(|event| complaint(event, &tab.origin))
        .collect()
}

fn complaint(event: &Value, origin: &str) -> Option<String> {
    let told = &event["params"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let is_bad = |level: &Value| {
        ["error", "warning", "assert"]
            .iter()
            .any(|bad| level == bad)
    };
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => Some(format!("a script failed: {}", told["exceptionDetails"])),
        "Runtime.consoleAPICalled" if is_bad(&told["type"]) => {
            Some(format!("in the console: {}", told["args"]))
        }
        "Log.entryAdded" if is_bad(&told["entry"]["level"]) => {
            Some(format!("in the console: {}", text(&told["entry"]["text"])))
        }
        "Audits.issueAdded" if told["issue"]["code"] == "ContentSecurityPolicyIssue" => Some(
            format!("against the content policy: {}", told["issue"]["details"]),
        ),
        "Network.loadingFailed" if told["canceled"] != true => {
            Some(format!("not loaded: {}", text(&told["errorText"])))
        }
        "Network.responseReceived" if told["response"]["status"].as_u64() >= Some(400) => {
            Some(format!(
                "answered {}: {}",
                told["response"]["status"],
                text(&told["response"]["url"])
            ))
        }
        "Network.requestWillBeSent" => {
            let url = text(&told["request"]["url"]);
            let is_ours = url.starts_with(&format!("{origin}/")) || url.starts_with("data:");
            (!is_ours).then(|| format!("left the server: {url}"))
        }
        _ => None,
    }
}

/// How many bytes came over the wire since events were forgotten.
fn bytes(tab: &Tab) -> u64 {
    let finished = tab
        .events()
        .iter()
        .filter(|event| event["method"] == "Network.loadingFinished");
    finished
        .map(|event| {
            event["params"]["encodedDataLength"]
                .as_f64()
                .unwrap_or_default() as u64
        })
        .sum()
}

#[test]
fn pages_are_small_and_clean() {
    on_each_page(1440, |page, tab, found| {
        let mut limited = |bytes: u64, most: u64, visit: &str| {
            let is_over = bytes > most || bytes == 0;
            found.add(
                page,
                visit,
                is_over.then(|| format!("{bytes} bytes of {most}")),
            );
        };
        tab.forget();
        tab.goto(page.path);
        limited(bytes(tab), FIRST_BYTES_MAX, "first visit");
        let mut all = complaints(tab);
        tab.forget();
        tab.goto(page.path);
        limited(bytes(tab), REPEATED_BYTES_MAX, "visited again");
        all.extend(complaints(tab));
        found.add(page, "", all);
    });
}

/// What moved while a page came, if it was more than it may.
fn shift(tab: &mut Tab) -> Option<String> {
    let seen = tab.see(include_str!("probes/shift.js"));
    let sum = seen["sum"].as_f64().unwrap_or(f64::INFINITY);
    (sum >= SHIFT_MAX).then(|| format!("shifted by {sum:.4}: {}", seen["moved"]))
}

#[test]
fn nothing_moves_while_a_page_comes() {
    for width in [1440, 390] {
        on_each_page(width, |page, tab, found| {
            tab.slow_down(SLOWER);
            tab.goto(page.path);
            found.add(page, &format!("at {width}"), shift(tab));
        });
    }
}

#[test]
fn what_moves_is_seen() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/strategy?period=2013-06");
    assert_eq!(shift(&mut tab), None);
    tab.see("document.querySelector('.head').insertAdjacentHTML('beforebegin', '<hr><hr><hr><hr><hr><hr>')");
    tab.see(crate::tab::SETTLED);
    let found = shift(&mut tab).unwrap_or_default();
    assert!(found.contains(" from "), "{found}");
}

#[test]
fn what_the_policy_refuses_is_seen() {
    let Some(mut tab) = a_tab(1440) else { return };
    let check = |tab: &mut Tab, script: &str, expected: &str| {
        tab.goto("/strategy");
        tab.forget();
        tab.see(&format!("(() => {{ {script} }})()"));
        // What is refused is told of after the page was drawn again.
        tab.see(crate::tab::SETTLED);
        let found = complaints(tab).join("\n");
        assert!(found.contains(expected), "{script}: {found}");
    };
    let put = |html: &str| format!("document.body.insertAdjacentHTML('beforeend', `{html}`)");
    let policy = "against the content policy";
    check(&mut tab, &put("<p style='color: red'>"), policy);
    check(
        &mut tab,
        &put("<img src='https://example.invalid/a.png'>"),
        policy,
    );
    check(
        &mut tab,
        "const inline = document.createElement('script'); inline.textContent = '1'; document.body.append(inline)",
        policy,
    );
}
