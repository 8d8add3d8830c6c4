//! The pages, one file each: `get` parses, calls one use case, and renders.

pub mod api;
pub mod commit;
pub mod comparison;
pub mod explanation;
pub mod find;
pub mod history;
pub mod initiatives;
pub mod line_of_sight;
pub mod links;
pub mod look_through;
pub mod map;
pub mod measure;
pub mod measure_not_read;
pub mod measures;
pub mod message;
pub mod moved_targets;
pub mod node;
pub mod observation;
pub mod people;
pub mod person;
pub mod scorecard;
pub mod strategy;
pub mod theme;
