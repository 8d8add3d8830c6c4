//! The shape of whether chances came true.

use schemars::JsonSchema;
use serde::Serialize;

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
    /// At the ends of how many months they were said.
    months: usize,
    /// Whether nothing that was said has come due, and this is what would have been said from the figures as they are known now.
    is_rehearsed: bool,
    /// The mean squared distance of chances from what happened; 0 is perfect.
    brier: Option<f64>,
    /// By how much that is less than if the overall share had been said each time, as a share of it.
    skill: Option<f64>,
    bins: Vec<BinLine>,
    /// Whether so much is known that the ends of quarters alone were looked at.
    is_sampled: bool,
}

/// Chances that are near each other.
#[derive(Serialize, JsonSchema)]
struct BinLine {
    /// The least chance of the bin, which reaches to 0.2 above.
    from: f64,
    n: usize,
    /// Their mean.
    said: f64,
    /// The share that came true.
    came_true: f64,
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
            months: read.months,
            is_rehearsed: read.is_rehearsed,
            brier: track.map(|track| track.brier),
            skill: track.and_then(|track| track.skill),
            bins: bins
                .map(|bin| BinLine {
                    from: bin.from,
                    n: bin.count,
                    said: bin.said,
                    came_true: bin.came_true,
                })
                .collect(),
            is_sampled: read.is_sampled,
        }
    }
}
