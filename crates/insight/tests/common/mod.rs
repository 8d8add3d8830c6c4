//! How much is simulated. The kit of the other rooms' tests would bring along everything that it builds for them.

/// The count that a variable holds, or `otherwise`. `cargo xtask nightly` sets greater ones.
pub fn count(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).map_or(otherwise, |count| count.parse().expect("a count"))
}
