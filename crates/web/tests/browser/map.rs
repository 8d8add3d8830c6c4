//! The map in a browser: what is not connected with the node under the pointer, or with the focus, steps back.

use crate::pages::a_tab;
use crate::tab::Tab;

/// How many nodes and links stand out, of how many; nothing while none does.
const STANDS_OUT: &str = "(() => {
    const map = document.querySelector('svg.map');
    const count = (which) => map.querySelectorAll(which).length;
    const parts = '.m-node, .m-e';
    return map.classList.contains('dim') ? [count('.m-node.hot, .m-e.hot'), count(parts)] : [];
})()";

#[test]
fn what_is_not_connected_steps_back() {
    let Some(mut tab) = a_tab(1440) else { return };
    tab.goto("/map?period=2013-06");
    let stands_out = |tab: &mut Tab| {
        let seen = tab.see(STANDS_OUT);
        let counts = seen.as_array().expect("a list").iter();
        counts
            .filter_map(serde_json::Value::as_u64)
            .collect::<Vec<u64>>()
    };
    assert!(stands_out(&mut tab).is_empty());
    let move_to = |tab: &mut Tab, x: i64, y: i64| {
        let event = serde_json::json!({ "type": "mouseMoved", "x": x, "y": y });
        tab.ask("Input.dispatchMouseEvent", event);
    };
    tab.see("document.querySelector('svg.map .m-node').scrollIntoView({ block: 'center' })");
    let middle = "(() => { const box = document.querySelector('svg.map .m-node').getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round) })()";
    let middle = tab.see(middle);
    let place = |index: usize| middle[index].as_i64().unwrap_or_default();
    move_to(&mut tab, place(0), place(1));
    let pointed = stands_out(&mut tab);
    assert!(
        pointed.len() == 2 && pointed[0] > 1 && pointed[0] < pointed[1],
        "{pointed:?}"
    );
    move_to(&mut tab, 1, 1);
    assert!(stands_out(&mut tab).is_empty());
    // The keyboard reaches it, too.
    tab.focus("main");
    let is_there = "document.activeElement.matches('svg.map .m-node')";
    for _ in 0..40 {
        if tab.see(is_there) == true {
            break;
        }
        tab.press("Tab");
    }
    assert_eq!(tab.see(is_there), true);
    assert!(!stands_out(&mut tab).is_empty());
    tab.see("document.activeElement.blur()");
    assert!(stands_out(&mut tab).is_empty());
}
