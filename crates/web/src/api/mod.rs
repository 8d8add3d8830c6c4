//! The programming interface, `/api/v1`: the same use cases, rules and figures as the pages, as JSON.
//!
//! An endpoint is a line of `routes.rs` like a page, with its description in [`table`]: parameters, answer, example. The
//! description is what requests are checked against and what the OpenAPI document is made of, so that it cannot say
//! something else than what is done. Every error below `/api/` is a problem document.

pub mod body;
pub mod caller;
pub mod evidence;
pub mod history;
pub mod insight;
pub mod observations;
pub mod openapi;
pub mod place;
pub mod problem;
pub mod readings;
pub mod records;
pub mod sight;
pub mod standing;
pub mod table;

pub use caller::{Caller, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, PAGE_OFFSET_MAX, Page};
pub use observations::OBSERVATIONS_BODY_LIMIT;
pub use openapi::document;
pub use problem::{ApiResult, Problem};
pub use table::{ENDPOINTS, Endpoint, Parameter};

/// Where the programming interface begins.
pub const ROOT: &str = "/api/";
