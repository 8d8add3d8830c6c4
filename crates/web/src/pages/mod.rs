//! The pages, one file each: `get` parses, calls one use case, and renders.

pub mod find;
pub mod links;
pub mod look_through;
pub mod message;
pub mod strategy;
pub mod theme;
