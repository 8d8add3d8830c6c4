//! The shape of `history`.
