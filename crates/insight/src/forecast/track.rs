//! Whether chances came true: of the times we said 70 %, how often did it happen?
//!
//! Held against what happened is what was said, as it was said: in percent that are rounded and never certain, or in words
//! alone where too little was known for a number. A target of which something was said at the end of several months counts as
//! often, because each time somebody may have acted on it; but as it comes true all of these times or none, it is told of how
//! many targets it is.

use std::collections::HashSet;

use super::{Chance, ChanceWord, Overall};

/// A chance as it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// In percent.
    Percent(u8),
    /// In words alone.
    Word(ChanceWord),
}

impl Stated {
    /// What is said of a chance.
    pub fn of(chance: &Chance) -> Stated {
        let word = || Stated::Word(chance.word());
        chance.percent().map_or_else(word, Stated::Percent)
    }
}

/// A chance that was said, and whether the target was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The chance.
    pub stated: Stated,
    /// Of which target: the same number for all that was said of one.
    pub target: usize,
    /// Whether it came true.
    pub came_true: bool,
}

/// How well chances came true.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Chances that are near each other, those in numbers first; bins without any are left out.
    pub bins: Vec<Bin>,
    /// The mean squared distance of chances in numbers from what happened (Brier 1950); 0 is perfect. `None` where none was said
    /// in numbers.
    pub brier: Option<f64>,
    /// The part by which that is less than if the overall share had been said each time; below 0 it is more. `None` where all or
    /// nothing came true.
    pub skill: Option<f64>,
    /// How many chances there are.
    pub count: usize,
    /// Of how many targets.
    pub targets: usize,
    /// How the chances in numbers compare with what came of them, on the whole.
    pub overall: Overall,
}

/// Chances that are near each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// What was said.
    pub said: SaidAs,
    /// How many times.
    pub count: usize,
    /// Of how many targets.
    pub targets: usize,
    /// The share that came true.
    pub came_true: f64,
}

/// What was said in a bin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SaidAs {
    /// Numbers.
    Percent {
        /// The least percent that were said.
        least: u8,
        /// The most.
        most: u8,
        /// Their mean.
        mean: f64,
    },
    /// A word without a number.
    Word(ChanceWord),
}

/// The most percent of each bin: of the numbers that are called unlikely, even and likely, and the outer ones in two, so that
/// a target and its complement are in bins of the same size.
const MOST: [u8; 5] = [15, 30, 65, 80, 100];

/// How well chances came true, or `None` if none was said or one is more than 100 percent.
pub fn track(said: &[Said]) -> Option<Track> {
    let is_percent = |one: &Said| !matches!(one.stated, Stated::Percent(percent) if percent > 100);
    if said.is_empty() || !said.iter().all(is_percent) {
        return None;
    }
    let mut from = 0;
    let in_numbers = MOST.iter().filter_map(|most| {
        let least = std::mem::replace(&mut from, most + 1);
        let is_of_bin = |percent: u8| (least..=*most).contains(&percent);
        let of_bin = said
            .iter()
            .filter(|one| matches!(one.stated, Stated::Percent(percent) if is_of_bin(percent)));
        bin(&of_bin.collect::<Vec<&Said>>())
    });
    let words = [ChanceWord::Unlikely, ChanceWord::Even, ChanceWord::Likely];
    let in_words = words.iter().filter_map(|word| {
        let of_bin = said.iter().filter(|one| one.stated == Stated::Word(*word));
        bin(&of_bin.collect::<Vec<&Said>>())
    });
    let bins = in_numbers.chain(in_words).collect();
    let brier = brier(said);
    Some(Track {
        bins,
        brier: brier.map(|(brier, _)| brier),
        skill: brier.and_then(|(_, skill)| skill),
        count: said.len(),
        targets: targets(said.iter()),
        overall: Overall::of(said),
    })
}

/// What was said in one bin; `None` of an empty one.
fn bin(said: &[&Said]) -> Option<Bin> {
    let came_true = said.iter().filter(|one| one.came_true).count();
    let percents = said.iter().filter_map(|one| percent(one));
    let said_as = match (
        said.first()?.stated,
        percents.clone().min(),
        percents.clone().max(),
    ) {
        (Stated::Word(word), ..) => SaidAs::Word(word),
        (Stated::Percent(_), least, most) => SaidAs::Percent {
            least: least?,
            most: most?,
            mean: percents.map(f64::from).sum::<f64>() / said.len() as f64,
        },
    };
    Some(Bin {
        said: said_as,
        count: said.len(),
        targets: targets(said.iter().copied()),
        came_true: came_true as f64 / said.len() as f64,
    })
}

fn percent(said: &Said) -> Option<u8> {
    match said.stated {
        Stated::Percent(percent) => Some(percent),
        Stated::Word(_) => None,
    }
}

/// Of how many targets something was said.
fn targets<'a>(said: impl Iterator<Item = &'a Said>) -> usize {
    said.map(|one| one.target).collect::<HashSet<usize>>().len()
}

/// The Brier score of the chances in numbers, and its skill.
fn brier(said: &[Said]) -> Option<(f64, Option<f64>)> {
    let pairs: Vec<(f64, f64)> = said
        .iter()
        .filter_map(|one| {
            let truth = f64::from(u8::from(one.came_true));
            Some((f64::from(percent(one)?) / 100.0, truth))
        })
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let count = pairs.len() as f64;
    let distances = pairs.iter().map(|(chance, truth)| (chance - truth).powi(2));
    let brier = distances.sum::<f64>() / count;
    let share = pairs.iter().map(|(_, truth)| truth).sum::<f64>() / count;
    let plain = share * (1.0 - share);
    Some((brier, (plain > 0.0).then(|| 1.0 - brier / plain)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::golden::assert_near;

    fn said(percent: u8, target: usize, came_true: bool) -> Said {
        Said {
            stated: Stated::Percent(percent),
            target,
            came_true,
        }
    }

    #[test]
    fn chances_are_held_against_what_happened() {
        let all = [
            said(70, 0, true),
            said(75, 0, true),
            said(70, 1, false),
            said(10, 2, false),
            said(95, 3, true),
        ];
        let found = track(&all).unwrap();
        assert_eq!(found.bins.len(), 3);
        assert_eq!((found.count, found.targets), (5, 4));
        let likely = found.bins[1];
        assert_eq!((likely.count, likely.targets), (3, 2));
        let SaidAs::Percent { least, most, mean } = likely.said else {
            panic!("numbers were said");
        };
        assert_eq!((least, most), (70, 75));
        assert_near(mean, 215.0 / 3.0, 1e-12);
        assert_near(likely.came_true, 2.0 / 3.0, 1e-12);
        let missed = 0.09 + 0.0625 + 0.49 + 0.01 + 0.0025;
        assert_near(found.brier.unwrap(), missed / 5.0, 1e-12);
        assert_near(found.skill.unwrap(), 1.0 - missed / 5.0 / 0.24, 1e-12);
        assert_eq!(track(&[]), None);
        assert_eq!(track(&[said(150, 0, true)]), None);
        assert_eq!(track(&[said(50, 0, true)]).unwrap().skill, None);
    }

    #[test]
    fn what_was_said_in_words_is_told_by_the_word() {
        let word = |word, came_true| Said {
            stated: Stated::Word(word),
            target: 7,
            came_true,
        };
        let all = [
            word(ChanceWord::Likely, true),
            word(ChanceWord::Unlikely, false),
            word(ChanceWord::Likely, false),
        ];
        let found = track(&all).unwrap();
        let told: Vec<(SaidAs, usize)> =
            found.bins.iter().map(|bin| (bin.said, bin.count)).collect();
        assert_eq!(
            told,
            [
                (SaidAs::Word(ChanceWord::Unlikely), 1),
                (SaidAs::Word(ChanceWord::Likely), 2)
            ]
        );
        assert_eq!((found.brier, found.skill, found.targets), (None, None, 1));
    }

    proptest! {
        /// No bin tells what was never said, and each is of numbers that are called by one word.
        #[test]
        fn bins_hold_what_was_said(
            shares in proptest::collection::vec((0.0..=1.0_f64, 20..40_usize, 0..9_usize, proptest::bool::ANY), 1..60)
        ) {
            let chance = |share: f64, series: usize| Chance { share, paths: 40, series };
            let all: Vec<Said> = shares
                .iter()
                .map(|(share, series, target, came_true)| Said {
                    stated: Stated::of(&chance(*share, *series)),
                    target: *target,
                    came_true: *came_true,
                })
                .collect();
            let found = track(&all).unwrap();
            prop_assert_eq!(found.bins.iter().map(|bin| bin.count).sum::<usize>(), all.len());
            for bin in &found.bins {
                prop_assert!(bin.targets <= bin.count && bin.targets >= 1);
                let SaidAs::Percent { least, most, mean } = bin.said else {
                    prop_assert!(all.iter().any(|one| matches!((one.stated, bin.said), (Stated::Word(one), SaidAs::Word(word)) if one == word)));
                    continue;
                };
                for edge in [least, most] {
                    prop_assert!(edge.is_multiple_of(5) && (5..=95).contains(&edge));
                    prop_assert!(all.iter().any(|one| one.stated == Stated::Percent(edge)));
                }
                prop_assert!((f64::from(least)..=f64::from(most)).contains(&mean));
                let word = |percent: u8| chance(f64::from(percent) / 100.0, 40).word();
                prop_assert_eq!(word(least), word(most));
            }
        }
    }
}
