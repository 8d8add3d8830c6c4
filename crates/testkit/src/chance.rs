//! Chances that can be drawn again, how many of them a run takes, and what it says of them at its end.
//!
//! A test has a short form that runs by itself, and a full form for `cargo xtask nightly`: each count has a variable of
//! its own, which nothing but its tests reads, and `xtask/src/nightly.rs` has the list. All chances are drawn from a seed,
//! which is printed with what was found and can be set again with `THROUGHLINE_SEED`.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// The seed where none is asked for.
const SEED: u64 = 20_261_123;

/// A source of chances that says the same for the same seed (SplitMix64).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// Of one test, by its name.
    #[must_use]
    pub fn new(test: &str) -> Chance {
        let seed = count("THROUGHLINE_SEED", SEED);
        let of_test = test.bytes().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Chance(seed ^ of_test.rotate_left(32))
    }

    /// Any number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a limit; 0 if that is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.draw().checked_rem(limit).unwrap_or(0)
    }

    /// One of a list, which is not empty.
    ///
    /// # Panics
    /// If it is empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// Heads or tails.
    pub fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// Fills in bytes that no call before it was given: in place of the machine's randomness, where ids and keys are to differ.
pub fn fill_anew(bytes: &mut [u8]) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    for chunk in bytes.chunks_mut(8) {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        chunk.copy_from_slice(&number.to_le_bytes()[..chunk.len()]);
    }
}

/// How many times something is done: what the variable says, or else that.
///
/// # Panics
/// If the variable is no number.
#[must_use]
pub fn count(variable: &str, short: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => short,
    }
}

/// Says what a test has done: past the capture of its output, and to the file that `THROUGHLINE_FAULTS_REPORT` names.
///
/// # Panics
/// If that cannot be written.
pub fn report(line: &str) {
    let line = format!("{line} (seed {})\n", count("THROUGHLINE_SEED", SEED));
    drop(std::io::stderr().write_all(line.as_bytes()));
    if let Ok(file) = std::env::var("THROUGHLINE_FAULTS_REPORT") {
        let mut options = std::fs::OpenOptions::new();
        let mut file = options
            .create(true)
            .append(true)
            .open(file)
            .expect("the report can be written");
        file.write_all(line.as_bytes())
            .expect("the report can be written");
    }
}

/// Says that a test is skipped; in CI that is an error.
///
/// # Panics
/// In CI.
pub fn skip(why: &str) {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "cannot be tested: {why}");
    drop(writeln!(std::io::stderr(), "skipped: {why}"));
}
