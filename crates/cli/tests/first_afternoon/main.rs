//! The first afternoon: from an empty folder and an awkward workbook to a review that is closed, with its pack, by three
//! people in a real browser. How many acts that takes is counted, and held.
//!
//! With `THROUGHLINE_WRITE_GUIDE` set, the pictures of `docs/guide/first-afternoon.md` are made anew. Where there is no
//! Chromium the test is skipped and says so; in CI (`CI=true`) that is an error.
#![cfg(unix)]

mod acts;
#[path = "../../../web/tests/browser/chromium.rs"]
mod chromium;
mod guide;
mod script;
mod site;
#[path = "../../../web/tests/browser/tab.rs"]
#[expect(dead_code, reason = "the tests of the pages use more of it")]
mod tab;
