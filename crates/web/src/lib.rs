//! The pages: what `demo` and `serve` show in a browser.
//!
//! One table of routes, each with the rule that it needs ([`routes`]); a handler parses, calls one use case, renders.
//! Everything is drawn by the server and works without script; script and htmx add comfort. How to add a page is
//! written in `docs/adding-a-page.md`.

mod address;
mod ahead;
pub mod api;
mod assets;
mod entrance;
mod error;
mod frame;
mod grading;
mod guard;
mod imports;
mod mailing;
mod markdown;
mod on_paper;
pub mod pages;
pub mod parts;
mod place;
mod public_url;
mod routes;
mod server;
mod session;
mod typeset;
mod viewer;

pub use error::{PageResult, WebError};
pub use frame::{Frame, Section};
pub use on_paper::pack;
pub use place::Place;
pub use public_url::PublicUrl;
pub use routes::{ROUTES, Route, Rule, router};
pub use server::{Mode, Server};
pub use viewer::Viewer;
