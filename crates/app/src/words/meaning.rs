//! What the short words of a reading mean, in a sentence each.

use throughline_engine::{Fragile, ReadingFinding};

/// With what a fragile status would differ.
pub fn fragile_in_words(reason: Fragile) -> &'static str {
    match reason {
        Fragile::EqualWeights => "with equal weights",
        Fragile::WorstChild => "with the worst child in place of the mean",
        Fragile::MissingAsZero => "with what is missing counted as 0",
    }
}

/// What a finding means, in a sentence.
pub fn finding_in_words(finding: ReadingFinding) -> &'static str {
    match finding {
        ReadingFinding::Partial => "Partial: added up over what is there; some figures are missing",
        ReadingFinding::NoWeights => "No weights: an observation has none, so all count the same",
        ReadingFinding::DiffersFromChildren => {
            "Differs from children: a unit’s own value is not what those below it add up to"
        }
        ReadingFinding::DivisionByZero => "Division by zero in its formula",
        ReadingFinding::NoFloor => "No floor: nothing lies between on track and off track",
        ReadingFinding::TooFew => "Too few: it rests on too little to be judged",
        ReadingFinding::SeasonUnknown => {
            "Season unknown: fewer than two earlier years, so the plain path is used"
        }
        ReadingFinding::SoFar => {
            "So far: the period is not over, and it is compared with as much of the year before"
        }
        ReadingFinding::NotComparable => {
            "Not comparable: what counts of this period, which is not over, is no part that an earlier one has, too"
        }
        ReadingFinding::OutsideDates => {
            "Outside dates: something was observed of a unit before its first day or after its last; it takes no part"
        }
        ReadingFinding::NotReadHere => {
            "Not read here: neither this unit nor one below it reports the measure"
        }
        ReadingFinding::TooDeep => {
            "Too deep: formulas or units stand in each other deeper than is read; `throughline check` names them"
        }
        ReadingFinding::BesideWhole => {
            "Beside a whole period: this one is not over, and `prev` reads all of an earlier one"
        }
    }
}
