//! What speaks against a link: why it is not called what it seems to be, and which checks speak against it.

use super::link::is_clear;
use super::listed;
use crate::links::{Doubt, Grade, Lacking, LinkEstimate};

/// Why a link is not called what it seems to be, where nothing else holds it back.
const BY_CHANCE: &str = "of all links of the map together, that much may come from chance";

/// What speaks against a link, or against calling it what it seems to be.
pub(super) struct Against<'a> {
    /// Where the interval leaves no doubt of the direction and the link is not shown all the same: whether it goes as was
    /// stated, and why it is not called so.
    unshown: Option<(bool, Unshown)>,
    /// The checks that speak against a link that is not said to hold.
    doubts: &'a [Doubt],
}

/// Why a link is not called what its interval seems to say.
enum Unshown {
    /// The effect lacks something by itself.
    Lacks(Vec<Lacking>),
    /// A check speaks against it.
    Doubted,
    /// All links of the map are asked about together.
    ByChance,
}

impl<'a> Against<'a> {
    pub(super) fn of(estimate: &LinkEstimate, grade: Grade, doubts: &'a [Doubt]) -> Against<'a> {
        let is_unshown = grade == Grade::NotShown && is_clear(estimate);
        let unshown = is_unshown.then(|| {
            let lacking = estimate.lacking();
            let why = match (lacking.is_empty(), doubts.is_empty()) {
                (false, _) => Unshown::Lacks(lacking),
                (true, false) => Unshown::Doubted,
                (true, true) => Unshown::ByChance,
            };
            (estimate.theta() > 0.0, why)
        });
        let is_held_back = matches!(grade, Grade::Plausible | Grade::NotShown);
        Against {
            unshown,
            doubts: if is_held_back { doubts } else { &[] },
        }
    }

    /// Why it is not called what it seems to be, with the numbers.
    pub(super) fn not_called(&self) -> Option<String> {
        let (is_as_stated, why) = self.unshown.as_ref()?;
        let word = match *is_as_stated {
            true => "supported",
            false => "contradicted",
        };
        let why = match why {
            Unshown::Lacks(lacking) => {
                let lacking: Vec<String> = lacking.iter().map(ToString::to_string).collect();
                listed(&lacking)
            }
            Unshown::Doubted => "a check speaks against it".to_owned(),
            Unshown::ByChance => BY_CHANCE.to_owned(),
        };
        Some(format!("it is not called {word}, as {why}"))
    }

    /// Which checks speak against it.
    pub(super) fn held_back(&self) -> Option<String> {
        let doubts: Vec<String> = self.doubts.iter().map(ToString::to_string).collect();
        (!doubts.is_empty()).then(|| format!("what speaks against it: {}", listed(&doubts)))
    }

    /// All of it one by one, without numbers.
    pub(super) fn one_by_one(&self) -> Vec<String> {
        let mut said = Vec::new();
        if let Some((is_as_stated, why)) = &self.unshown {
            said.extend((!is_as_stated).then(|| "it goes against what was stated".to_owned()));
            match why {
                Unshown::Lacks(lacking) => said.extend(lacking.iter().map(lacking_in_words)),
                // The check itself is said below.
                Unshown::Doubted => {}
                Unshown::ByChance => said.push(BY_CHANCE.to_owned()),
            }
        }
        said.extend(self.doubts.iter().map(ToString::to_string));
        said
    }
}

/// What an effect lacks, without its numbers.
fn lacking_in_words(lacking: &Lacking) -> String {
    let said = match lacking {
        Lacking::Usefulness(_) => "it is not sure enough that the effect is large enough to matter",
        Lacking::Evidence(_) => "the evidence is less than is asked for",
    };
    said.to_owned()
}
