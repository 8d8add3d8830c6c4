//! Values of measures at units over periods, as they were read. What is made of many of them is made anew after a commit of
//! observations, and read again are those alone that it changed.

use std::collections::HashMap;
use std::sync::Arc;

use throughline_core::{MeasureId, UnitId};

/// The values of a series, period by period.
pub(crate) type Values = Arc<[Option<f64>]>;

/// Values by measure and unit, all over the same periods, by the same two clocks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ReadValues(HashMap<(MeasureId, UnitId), Values>);

impl ReadValues {
    /// The values of a measure at a unit, if they were read.
    pub fn get(&self, measure: MeasureId, unit: UnitId) -> Option<&Values> {
        self.0.get(&(measure, unit))
    }

    /// Takes what was read.
    pub fn put(&mut self, measure: MeasureId, unit: UnitId, values: Values) {
        self.0.insert((measure, unit), values);
    }

    /// How many values there are.
    pub fn weight(&self) -> usize {
        self.0.values().map(|values| values.len()).sum()
    }

    /// What is left of them: themselves, where all are.
    pub fn left(self: &Arc<Self>, is_left: impl Fn((MeasureId, UnitId)) -> bool) -> Arc<Self> {
        if self.0.keys().all(|of| is_left(*of)) {
            return Arc::clone(self);
        }
        let left = self.0.iter().filter(|(of, _)| is_left(**of));
        let left = left.map(|(of, values)| (*of, Arc::clone(values)));
        Arc::new(ReadValues(left.collect()))
    }
}
