//! The shape of `explain`.
