//! One tab with cookies, cache and storage of its own: what a person does in it, and what is seen and counted there.

use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::chromium::{Chromium, Session};
use crate::site::Site;

/// The height of the window, as of a laptop.
const HEIGHT: u32 = 900;

/// How often it is looked whether something has become true, and how long in between.
const LOOKS: u32 = 250;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The parts of the protocol that tell of what is counted in `delivery.rs`.
const TOLD_OF: [&str; 5] = ["Page", "Runtime", "Log", "Network", "Audits"];

/// A tab.
pub struct Tab {
    chromium: &'static Chromium,
    session: Session,
    context: Value,
    /// What it looks at; it stays up as long as somebody does.
    site: Arc<Site>,
    /// Scheme, name and port of the site.
    pub origin: String,
    /// The world in which tests look at the page: its own variables, the page's document, no content policy.
    world: Option<Value>,
}

impl Drop for Tab {
    fn drop(&mut self) {
        let context = json!({ "browserContextId": self.context });
        self.chromium.ask("Target.disposeBrowserContext", context);
    }
}

impl Tab {
    /// Opens an empty tab.
    pub fn open(chromium: &'static Chromium, site: Arc<Site>, width: u32) -> Tab {
        let context =
            chromium.ask("Target.createBrowserContext", json!({}))["browserContextId"].take();
        let blank = json!({ "url": "about:blank", "browserContextId": context, "newWindow": true });
        let target = chromium.ask("Target.createTarget", blank)["targetId"].take();
        let attached = json!({ "targetId": target, "flatten": true });
        let attached = chromium.ask("Target.attachToTarget", attached);
        let session = chromium.session(attached["sessionId"].as_str().unwrap_or_default());
        let mut tab = Tab {
            chromium,
            session,
            context,
            origin: site.origin.clone(),
            site,
            world: None,
        };
        for part in TOLD_OF {
            tab.ask(&format!("{part}.enable"), json!({}));
        }
        // Each tab believes that it is the one in front, so that tests can run side by side.
        tab.ask(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        );
        tab.resize(width);
        tab
    }

    /// Asks the tab.
    ///
    /// # Panics
    /// If it refuses.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let answer = self.session.ask(self.chromium, method, parameters);
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Asks the tab for something that it may refuse.
    pub fn try_to(&mut self, method: &str, parameters: Value) -> Result<Value, String> {
        self.session.ask(self.chromium, method, parameters)
    }

    /// What happened so far, in its order.
    pub fn events(&self) -> &[Value] {
        &self.session.events
    }

    /// Forgets what happened so far.
    pub fn forget(&mut self) {
        self.session.events.clear();
    }

    /// Waits until something has happened since there were that many events.
    pub fn wait_for(&mut self, event: &str, since: usize) {
        self.session.wait_for(event, since);
    }

    /// Makes the window another width.
    pub fn resize(&mut self, width: u32) {
        let size =
            json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false });
        self.ask("Emulation.setDeviceMetricsOverride", size);
    }

    /// Lets the browser work that many times slower, as on an old phone or a machine that does much else.
    pub fn slow_down(&mut self, times: u32) {
        self.ask("Emulation.setCPUThrottlingRate", json!({ "rate": times }));
    }

    /// Pretends a medium (`screen`, `print`) and what its user prefers, such as `("prefers-color-scheme", "dark")`.
    pub fn pretend(&mut self, medium: &str, preferred: &[(&str, &str)]) {
        let features: Vec<Value> = preferred
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let media = json!({ "media": medium, "features": features });
        self.ask("Emulation.setEmulatedMedia", media);
    }

    /// Opens the site with the link of the console.
    pub fn enter(&mut self) {
        let link = self.site.link.clone();
        self.follow(|tab| {
            tab.ask("Page.navigate", json!({ "url": link }));
        });
    }

    /// Looks through somebody's eyes, in the one session that tabs of a site share.
    pub fn look_through(&mut self, person: &str) {
        let site = Arc::clone(&self.site);
        let session = site.session.get_or_init(|| {
            let mut first = Tab::open(self.chromium, Arc::clone(&site), HEIGHT);
            first.enter();
            first.follow(|tab| tab.click(&format!("button[value={person}]")));
            first.session()
        });
        let cookie = json!({ "name": self.session_name(), "value": session, "url": self.origin });
        self.ask("Network.setCookie", cookie);
    }

    /// The session by which the site knows this tab.
    fn session(&mut self) -> String {
        let cookies = self.ask("Network.getCookies", json!({}));
        let cookies = cookies["cookies"].as_array().into_iter().flatten();
        let name = self.session_name();
        let mut ours = cookies.filter(|cookie| cookie["name"] == name);
        let session = ours.next().and_then(|cookie| cookie["value"].as_str());
        session.expect("whoever is in has a session").to_owned()
    }

    fn session_name(&self) -> String {
        let port = self.origin.rsplit(':').next().unwrap_or_default();
        format!("throughline-{port}")
    }

    /// Goes to a page, and waits until all of it is there.
    pub fn goto(&mut self, path: &str) {
        let url = format!("{}{path}", self.origin);
        self.follow(|tab| {
            let gone = tab.ask("Page.navigate", json!({ "url": url }));
            assert_eq!(gone["errorText"], Value::Null, "{url}");
        });
    }

    /// Does something that leads to another page, and waits until all of it is there.
    pub fn follow(&mut self, act: impl FnOnce(&mut Self)) {
        let since = self.session.events.len();
        act(self);
        self.session.wait_for("Page.loadEventFired", since);
        self.world = None;
        self.see(SETTLED);
    }

    /// What an expression gives, seen from outside of the page's scripts; a promise is waited for.
    ///
    /// # Panics
    /// If it throws.
    pub fn see(&mut self, expression: &str) -> Value {
        let world = self.world();
        let asked = json!({
            "expression": expression,
            "contextId": world,
            "awaitPromise": true,
            "returnByValue": true,
        });
        let mut seen = self.ask("Runtime.evaluate", asked);
        let thrown = &seen["exceptionDetails"];
        assert!(thrown.is_null(), "{expression:.200}: {thrown}");
        seen["result"]["value"].take()
    }

    /// What an expression gives as lines.
    pub fn see_lines(&mut self, expression: &str) -> Vec<String> {
        let seen = self.see(expression);
        let lines = seen.as_array().expect("a list of texts").iter();
        lines
            .map(|line| line.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Waits until an expression is true.
    ///
    /// # Panics
    /// If it does not become true.
    pub fn until(&mut self, expression: &str) {
        for _ in 0..LOOKS {
            if self.see(expression) == true {
                return;
            }
            sleep(BETWEEN_LOOKS);
        }
        panic!("never true: {expression}");
    }

    /// Path and query of the page.
    pub fn address(&mut self) -> String {
        let address = self.see("location.pathname + location.search");
        address.as_str().unwrap_or_default().to_owned()
    }

    /// Presses a key, such as `Tab`, `g`, `?`, or with others held, `Control+k`, `Shift+Tab`.
    pub fn press(&mut self, keys: &str) {
        let (held, key) = keys.rsplit_once('+').unwrap_or(("", keys));
        let modifiers = match held {
            "Control" => 2,
            "Shift" => 8,
            _ => 0,
        };
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            " " => (32, " "),
            "End" => (35, ""),
            "Home" => (36, ""),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            _ => (0, if modifiers == 0 { key } else { "" }),
        };
        let mut event = json!({
            "type": if text.is_empty() { "rawKeyDown" } else { "keyDown" },
            "key": key,
            "text": text,
            "modifiers": modifiers,
            "windowsVirtualKeyCode": code,
        });
        self.ask("Input.dispatchKeyEvent", event.clone());
        event["type"] = json!("keyUp");
        self.ask("Input.dispatchKeyEvent", event);
    }

    /// Types a text.
    pub fn type_in(&mut self, text: &str) {
        self.ask("Input.insertText", json!({ "text": text }));
    }

    /// Clicks with the mouse on the middle of the first element of a selector that can be seen.
    ///
    /// # Panics
    /// If there is none, or something else lies over it.
    pub fn click(&mut self, selector: &str) {
        let middle = self.see(&format!("({MIDDLE})({})", json!(selector)));
        assert!(middle["x"].is_number(), "{selector}: {middle}");
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind,
                "x": middle["x"],
                "y": middle["y"],
                "button": if kind == "mouseMoved" { "none" } else { "left" },
                "clickCount": 1,
            });
            self.ask("Input.dispatchMouseEvent", event);
        }
    }

    /// Focuses the first element of a selector, as if one had tabbed there.
    pub fn focus(&mut self, selector: &str) {
        let there = format!(
            "(() => {{ const found = document.querySelector({}); found?.focus(); return found !== null && document.activeElement === found }})()",
            json!(selector)
        );
        assert_eq!(self.see(&there), true, "{selector} cannot be focused");
    }

    /// The world in which tests look at the page; made anew after each change of page.
    fn world(&mut self) -> Value {
        if let Some(world) = &self.world {
            return world.clone();
        }
        let frame = self.ask("Page.getFrameTree", json!({}))["frameTree"]["frame"]["id"].take();
        let world = self.ask("Page.createIsolatedWorld", json!({ "frameId": frame }));
        let world = world["executionContextId"].clone();
        self.world = Some(world.clone());
        world
    }
}

/// The font is there, and what was drawn with it was shown.
pub const SETTLED: &str = "document.fonts.ready.then(() => new Promise((done) => \
    requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))";

/// The middle of what a selector finds, brought into view.
const MIDDLE: &str = include_str!("probes/middle.js");
