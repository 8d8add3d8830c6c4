//! What a person does in the browser, counted: a click, a key, a field that is typed or chosen, a file, an address is one act
//! each.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;

use serde_json::json;

use crate::tab::Tab;

/// How many acts there were, of all people together.
pub type Count = Rc<Cell<u32>>;

/// Somebody at a browser.
pub struct Person {
    /// The browser, to look at.
    pub tab: Tab,
    count: Count,
}

impl Person {
    /// Sits down.
    pub fn at(tab: Tab, count: &Count) -> Person {
        Person {
            tab,
            count: Rc::clone(count),
        }
    }

    fn act(&self) {
        self.count.set(self.count.get() + 1);
    }

    /// Opens an address.
    pub fn open(&mut self, url: &str) {
        self.act();
        let url = url.to_owned();
        self.tab.follow(|tab| {
            tab.ask("Page.navigate", json!({ "url": url }));
        });
    }

    /// Follows a link or presses a button.
    pub fn click(&mut self, selector: &str) {
        self.act();
        self.tab.follow(|tab| tab.click(selector));
    }

    /// Follows the link, or presses the button, that has these words.
    pub fn press_on(&mut self, words: &str) {
        let mark = format!(
            "(() => {{ const all = [...document.querySelectorAll('main a, main button, .side a')]; \
             const found = all.filter((one) => one.offsetParent && one.textContent.trim().startsWith({})); \
             found[0]?.setAttribute('data-pressed', ''); return found.length > 0 }})()",
            json!(words)
        );
        assert_eq!(self.tab.see(&mark), true, "{words}: {}", self.words());
        self.click("[data-pressed]");
    }

    /// Presses a key that leads on.
    pub fn key(&mut self, keys: &str) {
        self.act();
        self.tab.follow(|tab| tab.press(keys));
    }

    /// Presses keys that lead nowhere else.
    pub fn presses(&mut self, keys: &str) {
        self.act();
        self.tab.press(keys);
    }

    /// Writes into the field that the page has put the cursor in.
    pub fn write(&mut self, text: &str) {
        self.act();
        self.tab.type_in(text);
    }

    /// Writes into a field.
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.act();
        self.tab.focus(selector);
        self.tab.type_in(text);
    }

    /// Chooses from a list, by the words of the choice.
    pub fn choose(&mut self, selector: &str, words: &str) {
        self.act();
        let chosen = format!(
            "(() => {{ const list = document.querySelector({}); \
             const found = [...list.options].find((one) => one.text === {}); \
             if (found) list.value = found.value; return Boolean(found) }})()",
            json!(selector),
            json!(words)
        );
        assert_eq!(self.tab.see(&chosen), true, "{words}");
    }

    /// Chooses a file.
    pub fn bring(&mut self, selector: &str, file: &Path) {
        self.act();
        let document = self.tab.ask("DOM.getDocument", json!({}))["root"]["nodeId"].clone();
        let field = json!({ "nodeId": document, "selector": selector });
        let field = self.tab.ask("DOM.querySelector", field)["nodeId"].clone();
        let chosen = json!({ "nodeId": field, "files": [file] });
        self.tab.ask("DOM.setFileInputFiles", chosen);
    }

    /// Copies what stands in a field, to give it to somebody.
    pub fn copy(&mut self, label: &str) -> String {
        self.act();
        let selector = format!("[aria-label='{label}']");
        let seen = self.tab.see(&format!(
            "document.querySelector({}).value",
            json!(selector)
        ));
        seen.as_str().unwrap_or_default().to_owned()
    }

    /// Opens what a link leads to that is no page, and reads it.
    pub fn fetches(&mut self, words: &str) -> String {
        self.act();
        let fetched = format!(
            "(async () => {{ const link = [...document.querySelectorAll('main a')].find((one) => one.textContent.trim() === {}); \
             return await (await fetch(link.href)).text() }})()",
            json!(words)
        );
        let seen = self.tab.see(&fetched);
        seen.as_str().unwrap_or_default().to_owned()
    }

    /// What stands on the page.
    pub fn words(&mut self) -> String {
        let seen = self.tab.see("document.querySelector('main').innerText");
        seen.as_str().unwrap_or_default().to_owned()
    }

    /// Sees that these words stand on the page.
    pub fn sees(&mut self, words: &str) {
        let all = self.words();
        assert!(all.contains(words), "{words:?} is not on the page:\n{all}");
    }
}
