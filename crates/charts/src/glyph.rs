//! The signs that say status and evidence: shape and word first, colour last.

use crate::svg::{Coordinate, Svg};

/// Is it on plan?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// At the target or better.
    OnTrack,
    /// Between floor and target.
    AtRisk,
    /// Worse than the floor.
    OffTrack,
    /// There is nothing to hold it against.
    NoTarget,
    /// Nothing can be said.
    NoData,
}

impl Status {
    /// All, best first.
    pub const ALL: [Status; 5] = [
        Status::OnTrack,
        Status::AtRisk,
        Status::OffTrack,
        Status::NoTarget,
        Status::NoData,
    ];

    /// The word that is shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Status::OnTrack => "On track",
            Status::AtRisk => "At risk",
            Status::OffTrack => "Off track",
            Status::NoTarget => "No target",
            Status::NoData => "No data",
        }
    }

    /// The end of the class names that style it: `g-on`, `w-on`, `bar-on`.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Status::OnTrack => "on",
            Status::AtRisk => "watch",
            Status::OffTrack => "off",
            Status::NoTarget | Status::NoData => "none",
        }
    }

    /// Filled circle with tick, triangle, diamond with cross, ring, dashed ring; on a grid of 16.
    fn shapes(self) -> &'static str {
        match self {
            Status::OnTrack => {
                r#"<circle class="g-fill" cx="8" cy="8" r="7"/><path class="g-mark" d="m4.9 8.3 2.2 2.1 4-4.6"/>"#
            }
            Status::AtRisk => {
                r#"<path class="g-fill" d="M8 1.5c.5 0 .9.3 1.2.7l5.6 10.1c.5.9-.1 2-1.2 2H2.4c-1.1 0-1.7-1.1-1.2-2L6.8 2.2c.3-.4.7-.7 1.2-.7z"/><path class="g-mark" d="M8 5.6v4M8 12v.1"/>"#
            }
            Status::OffTrack => {
                r#"<path class="g-fill" d="M7 1.4a1.4 1.4 0 0 1 2 0L14.6 7a1.4 1.4 0 0 1 0 2L9 14.6a1.4 1.4 0 0 1-2 0L1.4 9a1.4 1.4 0 0 1 0-2z"/><path class="g-mark" d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2"/>"#
            }
            Status::NoTarget => r#"<circle class="g-ring" cx="8" cy="8" r="6.1"/>"#,
            Status::NoData => r#"<circle class="g-ring g-dash" cx="8" cy="8" r="6.1"/>"#,
        }
    }

    /// Draws the sign in a square with this left top corner.
    pub(crate) fn draw(self, svg: &mut Svg, x: f64, y: f64, size: f64) {
        let [x, y, scale] = [x, y, size / 16.0].map(Coordinate);
        let (class, shapes) = (self.class(), self.shapes());
        svg.raw(&format!(
            r#"<g class="g-{class}" transform="translate({x} {y}) scale({scale})">{shapes}</g>"#
        ));
    }
}

/// Does the link hold?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Shown more than once.
    Strong,
    /// Shown.
    Supported,
    /// The data lean that way.
    Plausible,
    /// The data do not say.
    NotShown,
    /// Nobody has looked.
    Untested,
    /// Shown to be too small to matter.
    Negligible,
    /// Shown to be otherwise.
    Contradicted,
}

impl Evidence {
    /// All, for before against.
    pub const ALL: [Evidence; 7] = [
        Evidence::Strong,
        Evidence::Supported,
        Evidence::Plausible,
        Evidence::NotShown,
        Evidence::Untested,
        Evidence::Negligible,
        Evidence::Contradicted,
    ];

    /// The word that is shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Evidence::Strong => "Strong",
            Evidence::Supported => "Supported",
            Evidence::Plausible => "Plausible",
            Evidence::NotShown => "Not shown",
            Evidence::Untested => "Untested",
            Evidence::Negligible => "Negligible",
            Evidence::Contradicted => "Contradicted",
        }
    }

    /// The sign that stands on its line, as a path around the middle of a circle with a radius of 7.5: tick, double tick,
    /// double wave, wave or cross. What nobody looked at has none.
    #[must_use]
    pub fn sign(self) -> Option<&'static str> {
        match self {
            Evidence::Untested => None,
            Evidence::Supported => Some("m-2.9 .2 2 2 3.7-4.1"),
            Evidence::Strong => Some("m-4.4 .4 1.8 1.8 3-3.6m-.6 3.2.4.4 3-3.6"),
            Evidence::Plausible => Some(
                "m-3.5-1.2c1.1-2 2.3-2 3.5-.7s2.4 1.3 3.5-.7m-7 5.2c1.1-2 2.3-2 3.5-.7s2.4 1.3 3.5-.7",
            ),
            Evidence::NotShown => Some("m-3.5.7c1.1-2 2.3-2 3.5-.7s2.4 1.3 3.5-.7"),
            Evidence::Negligible | Evidence::Contradicted => Some("m-2.5-2.5 5 5m0-5-5 5"),
        }
    }

    /// The classes that style a line of it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Evidence::Strong | Evidence::Supported => "yes",
            Evidence::Plausible => "mixed",
            Evidence::NotShown => "mixed open",
            Evidence::Untested => "untested",
            Evidence::Negligible | Evidence::Contradicted => "no",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What leans one way and what the data do not say are told apart without colour: by sign and by line.
    #[test]
    fn plausible_is_not_drawn_as_not_shown() {
        let drawn = |evidence: Evidence| (evidence.sign(), evidence.class());
        let (plausible, not_shown) = (drawn(Evidence::Plausible), drawn(Evidence::NotShown));
        assert_ne!(plausible.0, not_shown.0);
        assert_ne!(plausible.1, not_shown.1);
    }
}
