//! The shape of whether chances came true.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_insight::forecast::{Bin, SaidAs};

use crate::insight::{ReadTrack, track_in_words};

/// Whether the chances that were said came true.
#[derive(Serialize, JsonSchema)]
pub struct TrackAnswer {
    unit: String,
    period: String,
    known_at: String,
    /// The same in sentences.
    says: Vec<String>,
    /// How many chances have come due.
    n: usize,
    /// Of how many targets they are: what was said of one at the end of each of several months counts as often.
    targets: usize,
    /// At the ends of how many months they were said.
    months: usize,
    /// Whether nothing that was said has come due, and this is what would have been said from the figures as they are known now.
    is_rehearsed: bool,
    /// The mean squared distance of chances in numbers from what happened; 0 is perfect.
    brier: Option<f64>,
    /// By how much that is less than if the overall share had been said each time, as a share of it.
    skill: Option<f64>,
    bins: Vec<BinLine>,
    /// Whether so much is known that the ends of quarters alone were looked at.
    is_sampled: bool,
}

/// Chances that are near each other, as they were said.
#[derive(Serialize, JsonSchema)]
struct BinLine {
    /// The word, where it was said without a number: `unlikely`, `even` or `likely`.
    word: Option<&'static str>,
    /// The least chance that was said, from 0 to 1, where numbers were said.
    from: Option<f64>,
    /// The greatest.
    to: Option<f64>,
    /// Their mean.
    said: Option<f64>,
    /// How many were said.
    n: usize,
    /// Of how many targets.
    targets: usize,
    /// The share that came true.
    came_true: f64,
}

impl BinLine {
    fn of(bin: &Bin) -> BinLine {
        let (word, numbers) = match bin.said {
            SaidAs::Word(word) => (Some(word.word()), None),
            SaidAs::Percent { least, most, mean } => {
                let numbers = [f64::from(least), f64::from(most), mean];
                (None, Some(numbers.map(|percent| percent / 100.0)))
            }
        };
        BinLine {
            word,
            from: numbers.map(|[from, ..]| from),
            to: numbers.map(|[_, to, _]| to),
            said: numbers.map(|[.., said]| said),
            n: bin.count,
            targets: bin.targets,
            came_true: bin.came_true,
        }
    }
}

impl TrackAnswer {
    /// The answer.
    #[must_use]
    pub fn of(read: &ReadTrack) -> TrackAnswer {
        let track = read.track.as_ref();
        let bins = track.into_iter().flat_map(|track| &track.bins);
        TrackAnswer {
            unit: read.selected.unit_key(),
            period: read.selected.period_name(),
            known_at: read.selected.known_at.to_string(),
            says: track_in_words(read),
            n: track.map_or(0, |track| track.count),
            targets: track.map_or(0, |track| track.targets),
            months: read.months,
            is_rehearsed: read.is_rehearsed,
            brier: track.and_then(|track| track.brier),
            skill: track.and_then(|track| track.skill),
            bins: bins.map(BinLine::of).collect(),
            is_sampled: read.is_sampled,
        }
    }
}
