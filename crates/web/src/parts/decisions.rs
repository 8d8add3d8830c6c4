//! What needs a decision: up to three measures, chosen by a rule that the page says.

use askama::Template;
use throughline_app::words::{self, numbers};
use throughline_app::{ReadScorecard, decisions};
use throughline_engine::{MeasureReading, Status};
use throughline_model::records::{Measure, Objective};

use super::status::Glyph;
use crate::pages::links;
use crate::place::Place;

/// How many are shown: more than this nobody decides at once.
const SHOWN_MAX: usize = 3;

/// What needs a decision.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/decisions.html")]
pub struct Decisions {
    /// Each of them.
    pub shown: Vec<Decision>,
    /// How many more the rule finds.
    pub more: usize,
    /// Whether the period has begun: before that there is nothing to decide by.
    pub has_begun: bool,
}

/// One thing that needs a decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its status.
    pub status: Status,
    /// What is the case: `On-time arrivals are 74.2% against ≥ 80.0%`.
    pub title: String,
    /// Where to look closer.
    pub href: Option<String>,
    /// Why it is here.
    pub why: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// For what.
    pub objective: String,
}

impl Decision {
    fn glyph(&self) -> Glyph {
        Glyph(self.status)
    }
}

impl Decisions {
    /// What needs a decision at a unit in a period, the most urgent of it.
    #[must_use]
    pub fn of(read: &ReadScorecard, place: &Place) -> Decisions {
        let found = decisions(read);
        let shown = found.iter().take(SHOWN_MAX);
        Decisions {
            more: found.len().saturating_sub(SHOWN_MAX),
            has_begun: read.selected.has_begun(),
            shown: shown
                .filter_map(|decision| Some(Candidate::of(read, decision)?.decision(read, place)))
                .collect(),
        }
    }
}

/// A measure that needs a decision, with what is said of it.
struct Candidate<'a> {
    reading: &'a MeasureReading,
    measure: &'a Measure,
    objective: &'a Objective,
    is_critical: bool,
}

impl<'a> Candidate<'a> {
    fn of(read: &'a ReadScorecard, decision: &throughline_app::Decision) -> Option<Candidate<'a>> {
        let model = &read.selected.model;
        Some(Candidate {
            reading: read.scorecard.measure(decision.measure)?,
            measure: model.measures().get(decision.measure)?,
            objective: model.objectives().get(decision.objective)?,
            is_critical: decision.is_critical,
        })
    }
}

impl Candidate<'_> {
    fn decision(&self, read: &ReadScorecard, place: &Place) -> Decision {
        let model = &read.selected.model;
        let value = numbers::value(self.reading.value, self.measure);
        let title = match (self.reading.value, self.reading.target) {
            (None, _) => format!("{}: nothing was observed", self.measure.name),
            (_, None) => format!("{}: {value}", self.measure.name),
            (_, Some(target)) => format!(
                "{}: {value} against {}",
                self.measure.name,
                numbers::target_in_words(target, self.measure)
            ),
        };
        let owner = self.objective.owner.or(self.measure.owner);
        Decision {
            status: self.reading.status,
            title,
            href: links::measure(place, self.measure.key.as_str()),
            why: self.why(),
            owner: owner.and_then(|owner| Some(model.people().get(owner)?.name.clone())),
            objective: self.objective.name.clone(),
        }
    }

    fn why(&self) -> String {
        let gap = self
            .reading
            .gap
            .map(|gap| {
                format!(
                    "{}. ",
                    words::sentence(&numbers::against_plan(Some(gap), self.measure))
                )
            })
            .unwrap_or_default();
        let part = if self.is_critical {
            format!(
                "Critical for “{}”: where it is off track, so is the objective",
                self.objective.name
            )
        } else {
            format!("Counts in “{}”", self.objective.name)
        };
        format!("{gap}{part}.")
    }
}
