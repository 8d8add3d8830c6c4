//! The pages in a real Chromium: what templates and unit tests cannot know.
//!
//! `pages.rs` names every page; each of the other files holds all of them to one kind of promise. Where there is no
//! Chromium these tests are skipped and say so; in CI (`CI=true`) that is an error. How to add a page, and what to do
//! when one fails, stands in `docs/adding-a-page.md`.
#![cfg(unix)]

mod accessibility;
mod charts;
mod chromium;
mod delivery;
mod dialogs;
mod entry;
mod fits;
mod forms;
mod imports;
mod keyboard;
mod map;
mod meeting;
mod notes;
mod pages;
mod print;
#[path = "../routes/mod.rs"]
mod routes;
mod site;
mod speed;
mod states;
mod tab;
mod text_size;
mod touch;
