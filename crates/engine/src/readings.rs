//! Readings in an order: a later list shares with an earlier one those that did not change.

use std::ops::Index;
use std::sync::Arc;

/// Readings, in the order of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Readings<R>(Vec<Arc<R>>);

impl<R: PartialEq> Readings<R> {
    /// The readings, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &R> + ExactSizeIterator + Clone {
        self.0.iter().map(Arc::as_ref)
    }

    /// The reading at a place, from 0.
    pub fn get(&self, place: usize) -> Option<&R> {
        self.0.get(place).map(Arc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a reading in the place of another one, unless they are equal. Returns whether it did; there is no place that
    /// is not in the list.
    pub(crate) fn renew(&mut self, place: usize, reading: impl Into<Arc<R>>) -> bool {
        let reading = reading.into();
        match self.0.get_mut(place) {
            Some(before) if **before != *reading => {
                *before = reading;
                true
            }
            _ => false,
        }
    }
}

impl<R> FromIterator<Arc<R>> for Readings<R> {
    fn from_iter<I: IntoIterator<Item = Arc<R>>>(readings: I) -> Self {
        Readings(readings.into_iter().collect())
    }
}

impl<R> Index<usize> for Readings<R> {
    type Output = R;

    fn index(&self, place: usize) -> &R {
        &self.0[place]
    }
}
