//! Values of measures at units over periods, as they were read. What is made of many of them is made anew after a commit of
//! observations, and read again are those alone that it changed, and those of later periods.

use std::collections::HashMap;
use std::sync::Arc;

use throughline_core::{MeasureId, UnitId};

/// The values of a series, period by period.
type Values = Arc<[Option<f64>]>;

/// Values by measure and unit, all from the same period on, by the same two clocks: over all periods that are looked at, or
/// over the first of them, where the others are to be read again.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ReadValues(HashMap<(MeasureId, UnitId), Values>);

impl ReadValues {
    /// The values of a measure at a unit, as far as they were read.
    pub fn get(&self, measure: MeasureId, unit: UnitId) -> &[Option<f64>] {
        self.0.get(&(measure, unit)).map_or(&[], |values| &**values)
    }

    /// Takes what was read after what is known.
    pub fn put(&mut self, measure: MeasureId, unit: UnitId, read: Vec<Option<f64>>) {
        let values = self.0.entry((measure, unit)).or_default();
        *values = values.iter().copied().chain(read).collect();
    }

    /// How many values there are.
    pub fn weight(&self) -> usize {
        self.0.values().map(|values| values.len()).sum()
    }

    /// What is left of them, where it is told of each how many of its first values are, if not all: themselves, where nothing
    /// else is left of any.
    pub fn left(
        self: &Arc<Self>,
        leaves: impl Fn((MeasureId, UnitId)) -> Option<usize>,
    ) -> Arc<Self> {
        let shortened = self.0.iter().filter_map(|(of, values)| {
            let values = values.get(..leaves(*of)?)?;
            (values.len() < self.get(of.0, of.1).len()).then(|| (*of, Values::from(values)))
        });
        let shortened: Vec<((MeasureId, UnitId), Values)> = shortened.collect();
        if shortened.is_empty() {
            return Arc::clone(self);
        }
        let mut left = self.0.clone();
        left.extend(shortened);
        Arc::new(ReadValues(left))
    }
}
