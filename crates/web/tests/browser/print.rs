//! On paper: the strategy takes two pages of A4, and no page complains.

use serde_json::json;

use crate::delivery::complaints;
use crate::pages::{a_tab, on_each_page};
use crate::tab::Tab;

/// How wide a sheet is within its margins, in pixels.
const SHEET_WIDTH: u32 = 1032;
/// The map is drawn at this share of its size on paper at least, so that its smallest words have 5 points.
const MAP_SCALE_MIN: f64 = 0.6;

/// Whether that page of paper exists, in A4 landscape.
fn has_sheet(tab: &mut Tab, number: u32) -> bool {
    let paper = json!({
        "preferCSSPageSize": true,
        "printBackground": true,
        "pageRanges": number.to_string(),
    });
    match tab.try_to("Page.printToPDF", paper) {
        Ok(printed) => printed["data"]
            .as_str()
            .is_some_and(|data| !data.is_empty()),
        Err(error) => {
            assert!(error.contains("exceeds page count"), "{error}");
            false
        }
    }
}

#[test]
fn the_strategy_takes_two_sheets() {
    let Some(mut tab) = a_tab(1440) else { return };
    for path in [
        "/strategy",
        "/strategy?period=2013-06",
        "/strategy?period=2013",
        "/strategy?unit=ewr&period=2013-Q3",
    ] {
        tab.goto(path);
        let sheets = [2, 3].map(|number| has_sheet(&mut tab, number));
        assert_eq!(sheets, [true, false], "{path}");
    }
}

#[test]
fn the_map_on_paper_can_be_read() {
    let Some(mut tab) = a_tab(SHEET_WIDTH) else {
        return;
    };
    tab.goto("/strategy");
    tab.pretend("print", &[]);
    let drawn = "(() => { const map = document.querySelector('.map-drawing svg'); return map.getBoundingClientRect().width / map.viewBox.baseVal.width })()";
    let scale = tab.see(drawn).as_f64().unwrap_or_default();
    assert!(scale >= MAP_SCALE_MIN, "{scale}");
}

#[test]
fn paper_has_no_controls_and_no_complaints() {
    on_each_page(1440, |page, tab, found| {
        tab.goto(page.path);
        tab.pretend("print", &[]);
        let shown = tab.see_lines(CONTROLS);
        found.add(page, "on paper", shown);
        assert!(has_sheet(tab, 1), "{}", page.path);
        found.add(page, "on paper", complaints(tab));
        let ground = tab.see("getComputedStyle(document.documentElement).colorScheme");
        let is_light = ground == "light";
        found.add(
            page,
            "on paper",
            (!is_light).then(|| format!("printed in {ground}")),
        );
    });
}

/// What paper cannot be clicked on, where it is printed all the same.
const CONTROLS: &str =
    "[...document.querySelectorAll('.side, .topbar, .skip, .place summary, .menu summary, dialog')]
    .filter((control) => control.checkVisibility())
    .map((control) => `printed: ${control.outerHTML.slice(0, 80)}`).slice(0, 4)";
