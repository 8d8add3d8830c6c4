//! Status, score and gap of a value against its target and floor (SEMANTICS 5 and 6).

use std::fmt;

use throughline_model::records::Better;

use crate::compare::{below, is_nothing_of, same};
use crate::reading::Edge;

/// The word for a measure or node against its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Worse than the floor.
    OffTrack,
    /// Between floor and target.
    AtRisk,
    /// At the target or better.
    OnTrack,
    /// There is nothing to hold it against.
    NoTarget,
    /// Nothing can be said.
    NoData,
}

impl Status {
    /// Whether it is a judgement: on track, at risk or off track.
    pub fn is_judgement(self) -> bool {
        matches!(self, Status::OffTrack | Status::AtRisk | Status::OnTrack)
    }

    /// The words that are shown.
    pub fn word(self) -> &'static str {
        match self {
            Status::OffTrack => "off track",
            Status::AtRisk => "at risk",
            Status::OnTrack => "on track",
            Status::NoTarget => "no target",
            Status::NoData => "no data",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

/// What is said of a value that has a target and a floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) status: Status,
    pub(crate) score: f64,
    /// On which side of a range it lies; for a number that is worse than its target always the same.
    pub(crate) side: Side,
}

/// The side of a range on which a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Inside,
    Below,
    Above,
}

/// Turns numbers so that greater is better.
fn turned(better: Better, number: f64) -> f64 {
    if better == Better::Lower {
        -number
    } else {
        number
    }
}

/// The distance from the target, positive where favourable; for a range to the nearer edge, negative outside.
pub(crate) fn gap(better: Better, value: f64, target: Edge) -> f64 {
    match target {
        Edge::Number(target) => turned(better, value) - turned(better, target),
        Edge::Range(low, high) => (value - low).min(high - value),
    }
}

/// Judges a value. The floor is on the worse side of the target, or on it.
pub(crate) fn judge(better: Better, value: f64, target: Edge, floor: Edge) -> Judgement {
    match (target, floor) {
        (Edge::Range(low, high), floor) => {
            let (floor_low, floor_high) = match floor {
                Edge::Range(low, high) => (low, high),
                Edge::Number(number) => (number, number),
            };
            if value - low <= high - value {
                judge_number(value, low, floor_low, Side::Below)
            } else {
                judge_number(-value, -high, -floor_high, Side::Above)
            }
        }
        (Edge::Number(target), floor) => {
            let floor = match floor {
                Edge::Number(floor) => floor,
                Edge::Range(low, _) => low,
            };
            judge_number(
                turned(better, value),
                turned(better, target),
                turned(better, floor),
                Side::Below,
            )
        }
    }
}

/// Judges where greater is better.
fn judge_number(value: f64, target: f64, floor: f64, side: Side) -> Judgement {
    // Beside a border at 0 nothing is near in relation to it; there the room between target and floor is the scale.
    let stands_on =
        |border: f64| same(value, border) || is_nothing_of(value - border, target - floor);
    let (status, score) = if value >= target || stands_on(target) {
        (Status::OnTrack, 100.0)
    } else if has_no_room(target, floor) {
        (Status::OffTrack, 0.0)
    } else if stands_on(floor) {
        (Status::AtRisk, 60.0)
    } else {
        let status = if value < floor {
            Status::OffTrack
        } else {
            Status::AtRisk
        };
        (status, 60.0 + 40.0 * (value - floor) / (target - floor))
    };
    let side = if status == Status::OnTrack {
        Side::Inside
    } else {
        side
    };
    Judgement {
        status,
        score: score.clamp(0.0, 100.0),
        side,
    }
}

/// Whether nothing lies between target and floor, greater being better.
fn has_no_room(target: f64, floor: f64) -> bool {
    !below(floor, target)
}

/// Whether target and floor leave no room between on track and off track.
pub(crate) fn leaves_no_room(better: Better, target: Edge, floor: Edge) -> bool {
    match (target, floor) {
        (Edge::Range(low, high), Edge::Range(floor_low, floor_high)) => {
            has_no_room(low, floor_low) || has_no_room(-high, -floor_high)
        }
        (Edge::Number(target), Edge::Number(floor)) => {
            has_no_room(turned(better, target), turned(better, floor))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(better: Better, value: f64, target: Edge, floor: Edge, expected: (Status, f64)) {
        let judgement = judge(better, value, target, floor);
        assert_eq!(judgement.status, expected.0, "{value}");
        assert!(
            (judgement.score - expected.1).abs() < 1e-9,
            "{value}: {}",
            judgement.score
        );
    }

    #[test]
    fn values_are_judged_at_and_between_the_borders() {
        let (target, floor) = (Edge::Number(95.0), Edge::Number(85.5));
        check(
            Better::Higher,
            95.0,
            target,
            floor,
            (Status::OnTrack, 100.0),
        );
        check(Better::Higher, 90.25, target, floor, (Status::AtRisk, 80.0));
        check(Better::Higher, 85.5, target, floor, (Status::AtRisk, 60.0));
        check(
            Better::Higher,
            85.4,
            target,
            floor,
            (Status::OffTrack, 60.0 - 40.0 * 0.1 / 9.5),
        );
        check(
            Better::Lower,
            9.8,
            Edge::Number(6.0),
            Edge::Number(8.0),
            (Status::OffTrack, 24.0),
        );
        check(
            Better::Between,
            24.5,
            Edge::Range(18.0, 22.0),
            Edge::Range(16.0, 24.0),
            (Status::OffTrack, 50.0),
        );
        check(
            Better::Between,
            20.0,
            Edge::Range(18.0, 22.0),
            Edge::Range(16.0, 24.0),
            (Status::OnTrack, 100.0),
        );
        check(
            Better::Lower,
            1.0,
            Edge::Number(0.0),
            Edge::Number(0.0),
            (Status::OffTrack, 0.0),
        );
    }

    #[test]
    fn what_is_within_a_billionth_of_the_target_is_on_track() {
        check(
            Better::Higher,
            0.3,
            Edge::Number(0.1 + 0.2),
            Edge::Number(0.2),
            (Status::OnTrack, 100.0),
        );
    }
}
