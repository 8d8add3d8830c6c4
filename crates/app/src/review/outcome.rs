//! What became of a decision: the effect that it predicted against the one that is there.

use std::sync::Arc;
use throughline_core::Period;
use throughline_model::records::{Decision, Measure, PredictedEffect};
use throughline_model::{Entry, Kind};

use super::ReadReview;

/// How the actual change stands to the predicted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It went the other way.
    Against,
    /// Within the range that was predicted.
    Within,
    /// Less than was predicted, in the direction that was predicted.
    Below,
    /// More than was predicted, in the direction that was predicted.
    Above,
    /// A value is missing that it would be told from.
    Unknown,
}

impl Outcome {
    /// How a change stands to a prediction.
    #[must_use]
    pub fn of(effect: &PredictedEffect, actual: Option<f64>) -> Outcome {
        // Differences of decimal fractions are a little beside them; a border counts as within.
        let near =
            |border: f64, actual: f64| (border - actual).abs() <= 1e-9 * border.abs().max(1.0);
        match actual {
            None => Outcome::Unknown,
            Some(actual) if near(effect.least, actual) || near(effect.most, actual) => {
                Outcome::Within
            }
            Some(actual) if (effect.least..=effect.most).contains(&actual) => Outcome::Within,
            Some(actual) if actual * effect.change < 0.0 => Outcome::Against,
            // Of a predicted fall, a deeper one is more.
            Some(actual) if (actual > effect.most) == (effect.change >= 0.0) => Outcome::Above,
            Some(_) => Outcome::Below,
        }
    }

    /// The words for it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Outcome::Within => "as predicted",
            Outcome::Below => "less than predicted",
            Outcome::Above => "more than predicted",
            Outcome::Against => "the other way",
            Outcome::Unknown => "not known yet",
        }
    }
}

/// A predicted effect with what is there.
pub struct OutcomeOf {
    /// The measure.
    pub measure: Arc<Entry<Measure>>,
    /// The effect as it was predicted.
    pub effect: PredictedEffect,
    /// The value that the change is counted from.
    pub from: Option<f64>,
    /// The value of the period in which the change is due.
    pub to: Option<f64>,
    /// The change.
    pub actual: Option<f64>,
    /// How it stands to the prediction.
    pub outcome: Outcome,
}

/// What became of a decision, by the figures of a review; none where it predicted nothing, or of what is not reviewed.
#[must_use]
pub fn outcome_of(read: &ReadReview, decision: &Decision) -> Option<OutcomeOf> {
    let effect = decision.effect.clone()?;
    let model = &read.read.selected.model;
    let measure = model.measures().get(effect.measure)?;
    let unit = effect.unit.unwrap_or(read.read.selected.unit);
    if !read.read.selected.may_read(unit) || !model.has(Kind::Unit, unit.as_uuid()) {
        return None;
    }
    let view = read.read.selected.view();
    let value = |period: Period| {
        view.reading(effect.measure, unit, period)
            .and_then(|one| one.value)
    };
    let (from, to) = (value(effect.since), value(effect.by));
    let actual = to.zip(from).map(|(to, from)| to - from);
    Some(OutcomeOf {
        measure: Arc::clone(measure),
        outcome: Outcome::of(&effect, actual),
        effect,
        from,
        to,
        actual,
    })
}

#[cfg(test)]
mod tests {
    use throughline_core::{Calendar, MeasureId, Uuid};

    use super::*;

    #[test]
    fn a_change_is_in_its_range_or_not() {
        let period = |name| Calendar::default().parse_period(name).unwrap();
        let effect = |change: f64, least: f64, most: f64| PredictedEffect {
            measure: MeasureId::from_uuid(Uuid::nil()),
            unit: None,
            change,
            least,
            most,
            since: period("2013-06"),
            by: period("2013-Q3"),
        };
        let rise = effect(2.0, 0.5, 3.0);
        let check = |actual, expected| assert_eq!(Outcome::of(&rise, actual), expected);
        check(Some(2.0), Outcome::Within);
        check(Some(0.5), Outcome::Within);
        check(Some(3.0 + 1e-13), Outcome::Within);
        check(Some(0.1), Outcome::Below);
        check(Some(-2.0), Outcome::Against);
        check(Some(3.1), Outcome::Above);
        check(None, Outcome::Unknown);
        let fall = effect(-2.0, -3.0, -0.5);
        let check = |actual, expected| assert_eq!(Outcome::of(&fall, Some(actual)), expected);
        check(-2.0, Outcome::Within);
        check(-0.1, Outcome::Below);
        check(1.0, Outcome::Against);
        check(-4.0, Outcome::Above);
    }
}
