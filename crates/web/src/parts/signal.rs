//! What the newest point of a measure says: sign and word first, colour last.

use askama::Template;
use throughline_app::Trend;
use throughline_app::insight::Verdict;
use throughline_app::words;
use throughline_core::Period;
use throughline_insight::signals::State;

use crate::assets;

/// What is said, in words and with its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "parts/signal.html")]
pub struct SignalMark {
    /// What is said.
    pub verdict: Verdict,
    /// Whether the number moved up.
    pub is_up: bool,
}

impl SignalMark {
    /// What is said of a measure in the period that is shown; none where nothing new is.
    #[must_use]
    pub fn of(trend: &Trend, shown: &Period) -> Option<SignalMark> {
        Some(SignalMark {
            verdict: trend.verdict(shown)?,
            is_up: trend.signals.is_up(),
        })
    }

    fn word(&self) -> String {
        words::sentence(self.verdict.words())
    }

    fn class(&self) -> &'static str {
        match self.verdict {
            Verdict::Of(State::Improving) => "good",
            Verdict::Of(State::Worsening) => "bad",
            Verdict::Of(State::Moved) => "moved",
            Verdict::Of(State::Steady) => "steady",
            Verdict::TooFew | Verdict::Doubtful => "steady undecided",
        }
    }

    fn href(&self) -> String {
        let sign = match (self.verdict, self.is_up) {
            (Verdict::Of(State::Steady) | Verdict::TooFew | Verdict::Doubtful, _) => "steady",
            (_, true) => "up",
            (_, false) => "down",
        };
        format!("{}#signal-{sign}", assets::href("icons/sprite.svg"))
    }
}
