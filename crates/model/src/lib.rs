//! The model room.

pub mod formula;
