//! Chances that can be drawn again, how many of them a run takes, and what it says of them at its end.

use std::io::Write;

/// The seed where none is asked for.
const SEED: u64 = 20_261_123;

/// A source of chances that says the same for the same seed.
pub struct Chance(u64);

impl Chance {
    /// Of one test, by its name.
    pub fn new(test: &str) -> Chance {
        let seed = count("THROUGHLINE_SEED", SEED);
        let of_test = test.bytes().fold(0_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Chance(seed ^ of_test.rotate_left(32))
    }

    /// A number below a limit; 0 if that is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).checked_rem(limit).unwrap_or(0)
    }

    /// Heads or tails.
    pub fn coin(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// How many times something is done: what the variable says, or else that.
pub fn count(variable: &str, short: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => short,
    }
}

/// Says what a test has done: past the capture of its output, and to the file that `THROUGHLINE_FAULTS_REPORT` names.
pub fn report(line: &str) {
    let line = format!("{line} (seed {})\n", count("THROUGHLINE_SEED", SEED));
    drop(std::io::stderr().write_all(line.as_bytes()));
    if let Ok(file) = std::env::var("THROUGHLINE_FAULTS_REPORT") {
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.create(true).append(true).open(file).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}

/// Says that a test is skipped; in CI that is an error.
#[cfg(target_os = "linux")]
pub fn skip(why: &str) {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "cannot be tested: {why}");
    drop(writeln!(std::io::stderr(), "skipped: {why}"));
}
