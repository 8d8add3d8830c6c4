//! A workbook is brought in with a real browser: chosen, corrected in its place, recorded; and its pages are clean.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use crate::accessibility::{axe, overflow};
use crate::chromium::chromium;
use crate::pages::EYES;
use crate::site::Site;
use crate::tab::Tab;

/// A desk, a phone, and the narrowest that anybody uses.
const WIDTHS: [u32; 3] = [1440, 390, 320];

/// What rows were taken for, where it is out of the box of the sheet.
const CUT: &str = "[...document.querySelectorAll('.sheet .taken > span')]
    .filter((said) => said.getBoundingClientRect().right > said.closest('.sheet-box').getBoundingClientRect().right)
    .map((said) => said.textContent)";

fn check(tab: &mut Tab, what: &str, found: &mut Vec<String>) {
    for width in WIDTHS {
        tab.resize(width);
        let mut flaws = overflow(tab);
        for theme in ["light", "dark"] {
            let preferred = [
                ("prefers-color-scheme", theme),
                ("prefers-reduced-motion", "reduce"),
            ];
            tab.pretend("screen", &preferred);
            flaws.extend(axe(tab, true));
        }
        found.extend(
            flaws
                .iter()
                .map(|flaw| format!("{what} at {width}: {flaw}")),
        );
    }
    tab.resize(WIDTHS[0]);
}

#[test]
fn a_workbook_is_chosen_corrected_and_recorded() {
    let Some(chromium) = chromium() else { return };
    let site = Arc::new(Site::start());
    let mut tab = Tab::open(chromium, site, WIDTHS[0]);
    tab.look_through(EYES);
    let mut found = Vec::new();
    tab.goto("/import");
    let document = tab.ask("DOM.getDocument", json!({}))["root"]["nodeId"].clone();
    let field = json!({ "nodeId": document, "selector": "#file" });
    let field = tab.ask("DOM.querySelector", field)["nodeId"].clone();
    // A browser takes no path that leads up.
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let examples = examples.canonicalize().expect("the examples");
    let workbook = examples.join("kpi-workbook/ops-kpis-v7.xlsx");
    let chosen = json!({ "nodeId": field, "files": [workbook] });
    tab.ask("DOM.setFileInputFiles", chosen);
    tab.follow(|tab| tab.click(".bring button"));
    let path = tab.address();
    assert!(path.starts_with("/import/"), "{path}");
    check(&mut tab, "what was understood", &mut found);
    // What each row was taken for is in sight, however wide the sheet is.
    for width in [1440, 1024] {
        tab.resize(width);
        assert_eq!(tab.see_lines(CUT), Vec::<String>::new(), "at {width}");
    }
    tab.resize(WIDTHS[0]);
    tab.goto(&format!("{path}?measure=0"));
    check(&mut tab, "a correction", &mut found);
    tab.see("document.querySelector('#name').value = 'First-visit fix rate'");
    tab.follow(|tab| tab.click("#correction .btn.primary"));
    assert_eq!(
        tab.see(
            "document.querySelector('#measure-0 th').textContent.includes('First-visit fix rate')"
        ),
        true
    );
    tab.follow(|tab| tab.click(".head .btn.primary"));
    assert!(tab.address().starts_with("/imports/"), "{}", tab.address());
    check(&mut tab, "what was recorded", &mut found);
    tab.goto("/measures/first-visit-fix-percent");
    assert_eq!(
        tab.see("document.querySelector('h1').textContent.includes('First-visit fix rate')"),
        true
    );
    tab.goto("/import");
    check(&mut tab, "the form with what was kept", &mut found);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
