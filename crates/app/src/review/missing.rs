//! Which figures of the period of a review are still missing, and from whom: what a chair asks for the day before.

use std::sync::Arc;

use throughline_model::Entry;
use throughline_model::records::{Measure, Person};

use super::{ReadReview, facts};
use crate::entry::is_entered;

/// A measure of which not all figures are there.
#[derive(Debug, Clone)]
pub struct MissingFigures {
    /// The measure.
    pub measure: Arc<Entry<Measure>>,
    /// Who collects it, else who answers for it.
    pub from: Option<Arc<Entry<Person>>>,
    /// The share of its figures that is there; none where nothing is known of it.
    pub there: Option<f64>,
}

impl ReadReview {
    /// The measures of the review that are entered by people and of which figures of its period are missing, in the order of the plan.
    #[must_use]
    pub fn missing(&self) -> Vec<MissingFigures> {
        let plan = self.plan();
        let reviewed = facts::reviewed(&self.body, &self.read).into_iter();
        let missing = reviewed.filter_map(|id| {
            let (measure, reading) = (plan.measures().get(id)?, self.reading(id)?);
            let is_whole =
                reading.value.is_some() && reading.completeness.is_none_or(|of| of >= 1.0);
            if is_whole || !is_entered(measure) {
                return None;
            }
            let from = measure.steward.or(measure.owner);
            Some(MissingFigures {
                measure: Arc::clone(measure),
                from: from.and_then(|id| plan.people().get(id)).cloned(),
                there: reading.completeness,
            })
        });
        missing.collect()
    }
}
