//! The pages, one file each: `get` parses, calls one use case, and renders.

pub mod find;
pub mod links;
pub mod look_through;
pub mod map;
pub mod message;
pub mod scorecard;
pub mod strategy;
pub mod theme;
