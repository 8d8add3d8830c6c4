//! Figures are entered on a phone, with and without script, taken back, and pasted as a column.

use std::sync::Arc;

use crate::chromium::{Chromium, chromium};
use crate::forms::without_script;
use crate::site::Site;
use crate::tab::Tab;

/// How many figures are due.
const CELLS: &str = "document.querySelectorAll('[data-column]').length";

#[test]
fn a_figure_is_entered_with_the_thumb_and_taken_back() {
    let Some(chromium) = chromium() else { return };
    for has_script in [true, false] {
        let mut tab = Tab::open(chromium, Arc::new(Site::start()), 390);
        tab.look_through("d-marrowby");
        if !has_script {
            without_script(&mut tab);
        }
        tab.goto("/due");
        let due = tab.see(CELLS).as_u64().expect("a number");
        assert!(due > 1, "{due}");
        tab.click("#value0");
        tab.type_in("95");
        tab.follow(|tab| tab.press("Enter"));
        assert!(
            tab.address().starts_with("/due?saved="),
            "{}",
            tab.address()
        );
        assert_eq!(tab.see(CELLS), due - 1);
        tab.follow(|tab| tab.click(".recorded-now button"));
        assert_eq!(tab.address(), "/due?figures=1&kept=0");
        assert_eq!(tab.see(CELLS), due);
    }
}

/// The field of a figure that Dashiell Marrowby answers for himself.
const OWN_FIELD: &str =
    "document.querySelector('[value^=\"shift-briefings/ewr\"]').name.replace('cell', '#value')";

/// Due from me of a site of its own, in that field.
fn in_own_field(chromium: &'static Chromium, width: u32, has_script: bool) -> Tab {
    let mut tab = Tab::open(chromium, Arc::new(Site::start()), width);
    tab.look_through("d-marrowby");
    if !has_script {
        without_script(&mut tab);
    }
    tab.goto("/due");
    let field = tab.see(OWN_FIELD);
    tab.click(field.as_str().expect("a name"));
    tab
}

#[test]
fn an_owner_saves_a_figure_and_publishes_it_later_with_a_comment() {
    let Some(chromium) = chromium() else { return };
    for (width, has_script) in [(390, true), (390, false), (1440, true)] {
        let mut tab = in_own_field(chromium, width, has_script);
        tab.type_in("95");
        tab.follow(|tab| tab.click(".entry-save [value=later]"));
        assert!(tab.address().ends_with("&waiting=1"), "{}", tab.address());
        assert_eq!(
            tab.see("document.querySelectorAll('.waiting .waits').length"),
            1
        );
        let is_wider =
            "document.documentElement.scrollWidth > document.documentElement.clientWidth";
        assert_eq!(tab.see(is_wider), false);
        tab.click(".waits [name=comment]");
        tab.type_in("As agreed on Monday");
        tab.follow(|tab| tab.press("Enter"));
        assert_eq!(tab.address(), "/due?published=1");
        assert_eq!(
            tab.see("document.querySelectorAll('.waiting .waits').length"),
            0
        );
    }
}

#[test]
fn a_column_fills_the_fields_below() {
    let Some(chromium) = chromium() else { return };
    let mut tab = Tab::open(chromium, Site::shared(), 1440);
    tab.look_through("d-marrowby");
    tab.goto("/due");
    let filled = tab.see(
        "(() => {
            const data = new DataTransfer();
            data.setData('text/plain', '91\\nBriefings\\t92,4\\n');
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            document.querySelector('#value1').dispatchEvent(new ClipboardEvent('paste', pasted));
            const fields = [...document.querySelectorAll('[data-column]')].slice(0, 4);
            return fields.map((field) => field.value).join(' ');
        })()",
    );
    assert_eq!(filled, " 91 92,4 ");
    // Lines that name what they are of go there, and one button takes them back.
    let named = tab.see(
        "(() => {
            const fields = [...document.querySelectorAll('[data-column]')];
            const [first, , third] = fields.map((field) => field.dataset.column.split('\\n').slice(0, 3).join('\\t'));
            const data = new DataTransfer();
            data.setData('text/plain', `${third}\\t7\\nNothing like it\\t1\\n${first}\\t5\\n`);
            fields.forEach((field) => { field.value = '' });
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            fields[1].dispatchEvent(new ClipboardEvent('paste', pasted));
            const at = (name) => fields.find((field) => field.dataset.column.replaceAll('\\n', '\\t').startsWith(name)).value;
            return [at(third), at(first)].join(' ');
        })()",
    );
    assert_eq!(named, "7 5");
    let said = "document.querySelector('[data-pasted]').textContent";
    let told = tab.see(said);
    assert_eq!(
        told,
        "2 of 3 lines pasted, by name; left: Nothing like it 1"
    );
    tab.click("[data-unpaste]");
    assert_eq!(tab.see(said), "The paste is undone");
    let left =
        "[...document.querySelectorAll('[data-column]')].filter((field) => field.value).length";
    assert_eq!(tab.see(left), 0);
    // What was typed stays and uses up its line, and whatever undoes typing takes the column back, field by field.
    let kept = tab.see(
        "(() => {
            const fields = [...document.querySelectorAll('[data-column]')].slice(0, 4);
            fields[2].value = '88';
            const data = new DataTransfer();
            data.setData('text/plain', '91\\n87\\n92\\n');
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            fields[1].dispatchEvent(new ClipboardEvent('paste', pasted));
            return fields.map((field) => field.value).join(' ');
        })()",
    );
    assert_eq!(kept, " 91 88 92");
    assert_eq!(
        tab.see(said),
        "2 of 3 lines pasted; 1 field keeps what was typed"
    );
    let undone = tab.see(
        "(() => {
            document.execCommand('undo');
            document.execCommand('undo');
            const fields = [...document.querySelectorAll('[data-column]')].slice(0, 4);
            return fields.map((field) => field.value).join(' ');
        })()",
    );
    assert_eq!(undone, "  88 ");
    // Where there are as many lines as empty fields, these are meant; one line more, and each has its place.
    let mut into_the_last = |lines: &str| {
        tab.see(&format!(
            "(() => {{
                const fields = [...document.querySelectorAll('[data-column]')].slice(-4);
                ['', '', '88', ''].forEach((typed, at) => {{ fields[at].value = typed }});
                const data = new DataTransfer();
                data.setData('text/plain', '{lines}');
                const pasted = {{ clipboardData: data, bubbles: true, cancelable: true }};
                fields[0].dispatchEvent(new ClipboardEvent('paste', pasted));
                return fields.map((field) => field.value).join(' ')
                    + ': ' + document.querySelector('[data-pasted]').textContent;
            }})()"
        ))
    };
    assert_eq!(
        into_the_last("91\\n92\\n93"),
        "91 92 88 93: 3 of 3 lines pasted; 1 field keeps what was typed"
    );
    assert_eq!(
        into_the_last("91\\n92\\n93\\n94"),
        "91 92 88 94: 3 of 4 lines pasted; 1 field keeps what was typed"
    );
    assert_eq!(into_the_last("91\\n92"), "91 92 88 : 2 of 2 lines pasted");
    assert_eq!(
        into_the_last("91\\n92\\n93\\n94\\n95"),
        "91 92 88 94: 3 of 5 lines pasted; 1 field keeps what was typed; left: 95"
    );
}

#[test]
fn a_published_figure_is_found_again_and_corrected() {
    let Some(chromium) = chromium() else { return };
    for (width, has_script) in [(390, true), (390, false), (1440, true)] {
        let mut tab = in_own_field(chromium, width, has_script);
        tab.type_in("59");
        tab.follow(|tab| tab.press("Enter"));
        let correct = "table a[href*='change=']";
        tab.follow(|tab| tab.click(correct));
        assert_eq!(tab.see("document.querySelector('#value0').value"), "59");
        tab.see("document.querySelector('#value0').value = ''");
        tab.click("#value0");
        tab.type_in("95");
        tab.click("#comment0");
        tab.type_in("Digits the wrong way round");
        tab.follow(|tab| tab.press("Enter"));
        assert!(tab.address().contains("saved="), "{}", tab.address());
        let lately = tab
            .see("document.querySelector('table a[href*=\"change=\"]').closest('tr').textContent");
        assert!(
            lately.as_str().is_some_and(|text| text.contains("95%")),
            "{lately}"
        );
    }
}
