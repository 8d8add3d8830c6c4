//! How fast pages appear and answer on a phone of the middle: measured for docs/BENCHMARKS.md and judged by nobody, since
//! times differ from machine to machine. `cargo xtask bench --browser` runs it.

use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use crate::chromium::chromium;
use crate::pages::EYES;
use crate::site::Site;
use crate::tab::Tab;

const PHONE: u32 = 390;
/// How many times slower the browser works than this machine lets it.
const SLOWER: u32 = 4;
/// Milliseconds until an answer begins, and bits in a second down and up, as of a phone on a road.
const LATENCY: f64 = 150.0;
const BITS_DOWN: f64 = 1_600_000.0;
const BITS_UP: f64 = 750_000.0;
/// Each page is opened so often, each time by somebody who was never there; of an odd number one is the median.
const RUNS: usize = 5;
/// How long events of a page are waited for after it was touched.
const AFTER: Duration = Duration::from_millis(700);

/// What somebody does on a page.
enum Act {
    Tap(&'static str),
    Press(&'static str, &'static str),
}

use Act::{Press, Tap};

const MENU: Act = Tap(".menu > summary");

/// Each page with what is done on it, and that in words.
const PAGES: &[(&str, &[Act], &str)] = &[
    ("/strategy", &[MENU], "menu"),
    ("/map", &[MENU], "menu"),
    (
        "/scorecard?period=2013-12&open=all",
        &[Tap(".toggle"), MENU],
        "fold, menu",
    ),
    ("/measures?period=2013-12", &[MENU], "menu"),
    (
        "/measures/on-time-arrival?period=2013-12",
        &[
            Press("figure.chart", "ArrowLeft"),
            Press("figure.chart", "Home"),
            MENU,
        ],
        "arrows of the chart, menu",
    ),
    ("/initiatives?period=2013-12", &[MENU], "menu"),
    ("/line-of-sight", &[MENU], "menu"),
];

/// When the largest thing was painted, in milliseconds from the beginning of the visit.
const PAINTED: &str = "new Promise((done) => new PerformanceObserver((list) =>
    done(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }))";

/// Begins to keep how long events took until what they did was painted; shorter ones than 16 ms are not told.
const LISTEN: &str = "globalThis.taken = []; new PerformanceObserver((list) => taken.push(
    ...list.getEntries().filter((event) => event.interactionId).map((event) => event.duration)))
    .observe({ type: 'event', durationThreshold: 16 }); true";

const SLOWEST: &str = "Math.max(0, ...taken)";

fn number(tab: &mut Tab, expression: &str) -> f64 {
    tab.see(expression).as_f64().expect("a number")
}

/// First visit, a later one, and the slowest answer to what is done, in milliseconds.
fn visit(tab: &mut Tab, path: &str, acts: &[Act]) -> [f64; 3] {
    tab.goto(path);
    let first = number(tab, PAINTED);
    tab.goto(path);
    let later = number(tab, PAINTED);
    tab.see(LISTEN);
    for act in acts {
        match act {
            Tap(selector) => tab.click(selector),
            Press(selector, key) => {
                tab.focus(selector);
                tab.press(key);
            }
        }
        sleep(AFTER);
    }
    [first, later, number(tab, SLOWEST)]
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

#[test]
#[ignore = "measures, and checks nothing"]
#[expect(clippy::print_stdout, reason = "printing is all it does")]
fn how_fast_a_phone_is() {
    let Some(chromium) = chromium() else { return };
    let site = Site::shared();
    // What the server makes at the first look is made.
    let mut before = Tab::open(chromium, Arc::clone(&site), PHONE);
    before.look_through(EYES);
    for (path, ..) in PAGES {
        before.goto(path);
    }
    println!("\n| address | first visit, LCP ms | later, LCP ms | slowest answer, ms | to |");
    println!("|---|---:|---:|---:|---|");
    for (path, acts, words) in PAGES {
        let visits: Vec<[f64; 3]> = (0..RUNS)
            .map(|_| {
                let mut tab = Tab::open(chromium, Arc::clone(&site), PHONE);
                tab.look_through(EYES);
                tab.slow_down(SLOWER);
                let network = json!({
                    "offline": false,
                    "latency": LATENCY,
                    "downloadThroughput": BITS_DOWN / 8.0,
                    "uploadThroughput": BITS_UP / 8.0,
                });
                tab.ask("Network.emulateNetworkConditions", network);
                visit(&mut tab, path, acts)
            })
            .collect();
        let of = |index: usize| median(visits.iter().map(|visit| visit[index]).collect());
        let (first, later) = (of(0), of(1));
        let slowest = match of(2) {
            0.0 => "under 16".to_owned(),
            slowest => format!("{slowest:.0}"),
        };
        println!("| {path} | {first:.0} | {later:.0} | {slowest} | {words} |");
    }
}
