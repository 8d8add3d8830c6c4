//! What a decision was predicted to bring against what is there, drawn: the same on the page of a review, on the wall and in
//! the pack.

use askama::Template;
use throughline_app::agenda::Subject;
use throughline_app::review::{OutcomeOf, ReadReview, outcome_of};
use throughline_app::words::numbers;
use throughline_charts::{Change, Chart, PredictedChart};
use throughline_core::UnitOfMeasure;

/// The drawing, with what it shows in words and as a table.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/predicted.html")]
pub struct Predicted {
    /// What is drawn.
    pub chart: PredictedChart,
}

impl Predicted {
    /// The drawing of an item; none where it is no decision whose effect can be read.
    #[must_use]
    pub fn of_item(read: &ReadReview, number: usize) -> Option<Predicted> {
        let item = read.agenda.items.get(number.checked_sub(1)?)?;
        let Subject::Effect(decision) = item.subject else {
            return None;
        };
        let decision = read.plan().decisions().get(decision)?;
        let chart = chart_of(&outcome_of(read, decision)?);
        Some(Predicted { chart })
    }
}

fn chart_of(outcome: &OutcomeOf) -> PredictedChart {
    let (effect, measure) = (&outcome.effect, &outcome.measure);
    let unit = numbers::unit_of(measure);
    // Changes of a percentage are read in points.
    let (scale, unit) = match unit {
        UnitOfMeasure::Percent => (100.0, "points".to_owned()),
        UnitOfMeasure::None => (1.0, String::new()),
        unit => (1.0, unit.to_string()),
    };
    let change = |size: f64| Change {
        size: size * scale,
        said: numbers::change_like(size, effect, measure),
    };
    PredictedChart {
        name: measure.name.clone(),
        unit,
        change: change(effect.change),
        least: change(effect.least),
        most: change(effect.most),
        actual: outcome.actual.map(change),
        outcome: outcome.outcome.words().to_owned(),
    }
}
