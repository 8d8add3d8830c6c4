//! A chart over time: arrows and the pointer read out its periods, and looking away brings back the one that is shown.

use crate::pages::a_tab;
use crate::tab::Tab;

/// How likely targets are stands on the map whatever is open in the scorecard below it, once it is worked out.
#[test]
fn the_map_of_the_strategy_says_how_likely_targets_are() {
    let Some(mut tab) = a_tab(1440) else { return };
    let mut said = |path: &str| {
        tab.goto(path);
        let said = tab.see("document.querySelector('#map').textContent.split('likely').length - 1");
        said.as_u64().expect("a number")
    };
    let mut closed = 0;
    for _ in 0..100 {
        let before = std::mem::replace(&mut closed, said("/strategy?open=none"));
        if before == closed && closed > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(closed > 0);
    assert_eq!(closed, said("/strategy?open=all"));
}

const READOUT: &str = "document.querySelector('.readout b').textContent";

#[test]
fn arrows_and_the_pointer_read_out_a_chart() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/measures/on-time-arrival?period=2013-06");
    assert_eq!(tab.see(READOUT), "Jun 2013");
    tab.focus("figure.chart");
    let check = |tab: &mut Tab, key: &str, expected: &str| {
        tab.press(key);
        assert_eq!(tab.see(READOUT), expected, "{key}");
    };
    check(&mut tab, "ArrowLeft", "May 2013");
    check(&mut tab, "Home", "Jan 2013");
    check(&mut tab, "ArrowLeft", "Jan 2013");
    check(&mut tab, "ArrowRight", "Feb 2013");
    check(&mut tab, "End", "Jun 2013");
    check(&mut tab, "Home", "Jan 2013");
    tab.see("document.activeElement.blur()");
    assert_eq!(tab.see(READOUT), "Jun 2013");
    let pointed = "(() => {
        const dot = document.querySelectorAll('svg.from-800 .c-dot')[2].getBoundingClientRect();
        const at = { clientX: dot.x + 3, clientY: dot.y, bubbles: true };
        document.querySelector('svg.from-800 .c-grid').dispatchEvent(new PointerEvent('pointermove', at));
        return document.querySelector('.readout b').textContent;
    })()";
    assert_eq!(tab.see(pointed), "Mar 2013");
}
