//! Whether the chances that were said lean one way: too hopeful, where fewer targets were reached than was said, or too
//! cautious.
//!
//! Each target counts once, however often something was said of it: by the mean of its chances in numbers, and by what came of
//! it when it was said last. If each chance was right, the targets reached are the sum of unequal coins (Poisson's binomial),
//! whose probabilities are added up exactly. Of a target that was spoken of several times the mean varies more under that than
//! what came of it does, so that the test errs on the side of saying nothing. It takes targets for separate, which those of
//! one organisation seldom are wholly; therefore much is asked before a leaning is told.

use std::collections::BTreeMap;

use super::track::{Said, Stated};

/// Below so many targets with a chance in numbers nothing is told.
pub const TARGETS_MIN: usize = 10;
/// A leaning is told where chances that are right would be as far off in so many cases at most.
pub const BY_CHANCE_MAX: f64 = 0.01;

/// How chances compare with what came of them, on the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overall {
    /// How many targets there are of which chances were said in numbers.
    pub targets: usize,
    /// How many of them came true.
    pub came_true: usize,
    /// How many were to be expected by what was said.
    pub expected: f64,
    /// How often it would be as far off, on either side, if each chance was right: two-sided, exact.
    pub by_chance: f64,
}

/// Which way chances lean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaning {
    /// Fewer than [`TARGETS_MIN`] targets: that cannot be told.
    TooFew,
    /// Fewer targets came true than was said, beyond what chance does.
    Hopeful,
    /// More did.
    Cautious,
    /// Nothing beyond what chance does.
    Neither,
}

impl Overall {
    /// What is said of all targets together.
    pub fn of(said: &[Said]) -> Overall {
        let mut targets: BTreeMap<usize, (f64, usize, bool)> = BTreeMap::new();
        for one in said {
            if let Stated::Percent(percent) = one.stated {
                let (sum, times, came_true) = targets.entry(one.target).or_default();
                *sum += f64::from(percent) / 100.0;
                *times += 1;
                *came_true = one.came_true;
            }
        }
        let chances = targets.values();
        let chances: Vec<f64> = chances
            .map(|(sum, times, _)| (sum / *times as f64).clamp(0.0, 1.0))
            .collect();
        let came_true = targets.values().filter(|(.., came_true)| *came_true);
        let came_true = came_true.count();
        Overall {
            targets: chances.len(),
            came_true,
            expected: chances.iter().sum(),
            by_chance: by_chance(&chances, came_true),
        }
    }

    /// Which way they lean.
    pub fn leaning(&self) -> Leaning {
        if self.targets < TARGETS_MIN {
            return Leaning::TooFew;
        }
        let is_far_off = self.by_chance <= BY_CHANCE_MAX;
        let came_true = self.came_true as f64;
        match is_far_off {
            true if came_true < self.expected => Leaning::Hopeful,
            true if came_true > self.expected => Leaning::Cautious,
            _ => Leaning::Neither,
        }
    }
}

/// Twice the probability that as few come true, or as many, whichever is less.
fn by_chance(chances: &[f64], came_true: usize) -> f64 {
    // The probability that 0, 1, 2 ... of the targets so far come true.
    let mut number = vec![1.0];
    for chance in chances {
        let one_more = number.iter().map(|share| share * chance);
        let one_more: Vec<f64> = std::iter::once(0.0).chain(one_more).collect();
        number.push(0.0);
        for (share, one_more) in number.iter_mut().zip(one_more) {
            *share = *share * (1.0 - chance) + one_more;
        }
    }
    let at_most: f64 = number.iter().take(came_true + 1).sum();
    let at_least: f64 = number.iter().skip(came_true).sum();
    (2.0 * at_most.min(at_least)).min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::forecast::ChanceWord;
    use crate::golden::assert_near;

    /// So many targets with one chance, of which the first come true.
    fn targets(percent: u8, count: usize, came_true: usize) -> Vec<Said> {
        let one = |target| Said {
            stated: Stated::Percent(percent),
            target,
            came_true: target < came_true,
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn equal_chances_are_those_of_the_binomial() {
        let found = Overall::of(&targets(50, 10, 1));
        assert_eq!((found.targets, found.came_true), (10, 1));
        assert_near(found.expected, 5.0, 1e-12);
        assert_near(found.by_chance, 2.0 * 11.0 / 1024.0, 1e-12);
        assert_eq!(found.leaning(), Leaning::Neither);
        let none = Overall::of(&targets(50, 10, 0));
        assert_near(none.by_chance, 2.0 / 1024.0, 1e-12);
        assert_eq!(none.leaning(), Leaning::Hopeful);
        let all = Overall::of(&targets(50, 10, 10));
        assert_eq!(all.leaning(), Leaning::Cautious);
        let as_said = Overall::of(&targets(50, 10, 5));
        assert_near(as_said.by_chance, 1.0, 1e-12);
    }

    #[test]
    fn unequal_chances_are_added_up_exactly() {
        assert_near(by_chance(&[0.2, 0.7], 0), 2.0 * 0.8 * 0.3, 1e-12);
        assert_near(by_chance(&[0.2, 0.7], 2), 2.0 * 0.2 * 0.7, 1e-12);
        assert_near(by_chance(&[0.2, 0.7], 1), 1.0, 1e-12);
        assert_near(by_chance(&[], 0), 1.0, 1e-12);
    }

    #[test]
    fn targets_count_and_not_times() {
        // What was said of nine targets in each of many months is of nine.
        let mut said = Vec::new();
        for _ in 0..20 {
            said.extend(targets(80, 9, 0));
        }
        let found = Overall::of(&said);
        assert_eq!((found.targets, found.leaning()), (9, Leaning::TooFew));
        // A chance in words has no number to be held against.
        said.push(Said {
            stated: Stated::Word(ChanceWord::Likely),
            target: 9,
            came_true: false,
        });
        assert_eq!(Overall::of(&said), found);
        // The mean of what was said of one counts.
        let said = [targets(40, 10, 0), targets(60, 10, 0)].concat();
        assert_near(Overall::of(&said).expected, 5.0, 1e-12);
    }

    proptest! {
        /// What does not come true is what its complement says: the leaning is the other one.
        #[test]
        fn complements_lean_the_other_way(
            all in proptest::collection::vec((1..20_u8, proptest::bool::ANY), 0..60)
        ) {
            let said = |is_complement: bool| -> Vec<Said> {
                let one = |(target, (percent, came_true)): (usize, &(u8, bool))| Said {
                    stated: Stated::Percent(if is_complement { 100 - 5 * percent } else { 5 * percent }),
                    target,
                    came_true: *came_true != is_complement,
                };
                all.iter().enumerate().map(one).collect()
            };
            let (one, other) = (Overall::of(&said(false)), Overall::of(&said(true)));
            assert_near(one.by_chance, other.by_chance, 1e-9);
            prop_assert!((0.0..=1.0).contains(&one.by_chance));
            // On the border itself the last digit decides.
            if (one.by_chance - BY_CHANCE_MAX).abs() > 1e-9 {
                let turned = match one.leaning() {
                    Leaning::Hopeful => Leaning::Cautious,
                    Leaning::Cautious => Leaning::Hopeful,
                    same => same,
                };
                prop_assert_eq!(other.leaning(), turned);
            }
        }
    }
}
