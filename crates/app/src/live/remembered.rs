//! What was read or computed and may be asked for again: bounded in number and in weight, since each may be as large as the
//! whole ledger, and made once however many ask for it at the same time.

use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use throughline_core::hash::Map;
use tokio::sync::OnceCell;

/// How much is remembered.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many values.
    pub most: usize,
    /// How much they may weigh together, in whatever they are weighed by.
    pub heaviest: usize,
}

/// Remembers values up to a number and a weight; the oldest goes first.
pub struct Remembered<K, V> {
    limits: Limits,
    kept: Mutex<Kept<K, V>>,
}

struct Kept<K, V> {
    values: Map<K, Entry<V>>,
    order: VecDeque<K>,
    weight: usize,
}

struct Entry<V> {
    /// Empty while the value is being made: the others who ask for it wait here. With its weight.
    cell: Arc<OnceCell<(V, usize)>>,
    /// What was counted for it.
    weight: usize,
}

impl<K: Clone + Eq + Hash, V: Clone> Remembered<K, V> {
    /// Nothing yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Remembered {
            limits,
            kept: Mutex::new(Kept {
                values: Map::default(),
                order: VecDeque::new(),
                weight: 0,
            }),
        }
    }

    /// The value of a key, if it is remembered.
    pub fn get(&self, key: &K) -> Option<V> {
        let kept = self.kept();
        let (value, _) = kept.values.get(key)?.cell.get()?;
        Some(value.clone())
    }

    /// Remembers a value.
    pub fn put(&self, key: K, value: V, weight: usize) {
        let cell = self.cell(&key);
        // Somebody else may have made it meanwhile, and it is the same.
        let _ = cell.set((value, weight));
        self.weigh(&key, &cell, weight);
    }

    /// Remembers a value in the place of the one that there may be.
    pub fn renew(&self, key: K, value: V, weight: usize) {
        self.kept().forget(&key);
        self.put(key, value, weight);
    }

    /// The value of a key: remembered, or made with its weight. Whoever asks for it while it is being made waits; if that
    /// fails, the next one tries.
    ///
    /// # Errors
    /// What making it says.
    pub async fn get_or_make<E>(
        &self,
        key: K,
        make: impl Future<Output = Result<(V, usize), E>>,
    ) -> Result<V, E> {
        let cell = self.cell(&key);
        // Apart from the future of whoever asks, which would hold it several times.
        let make = Box::pin(make);
        let (value, weight) = cell.get_or_try_init(|| make).await?;
        self.weigh(&key, &cell, *weight);
        Ok(value.clone())
    }

    /// What is remembered, the oldest first, each with its weight.
    pub fn entries(&self) -> Vec<(K, V, usize)> {
        let kept = self.kept();
        let made = kept.order.iter().filter_map(|key| {
            let (value, weight) = kept.values.get(key)?.cell.get()?;
            Some((key.clone(), value.clone(), *weight))
        });
        made.collect()
    }

    /// What is remembered of some keys, for whoever comes after this one.
    #[must_use]
    pub fn carried(&self, holds: impl Fn(&K) -> bool) -> Remembered<K, V> {
        self.carried_with(|key, _| holds(key))
    }

    /// What is remembered of some keys and values, for whoever comes after this one.
    #[must_use]
    pub fn carried_with(&self, holds: impl Fn(&K, &V) -> bool) -> Remembered<K, V> {
        let before = self.kept();
        let mut carried = Kept {
            values: Map::with_capacity_and_hasher(before.values.len(), Default::default()),
            order: VecDeque::with_capacity(before.order.len()),
            weight: 0,
        };
        for key in &before.order {
            let Some(Entry { cell, .. }) = before.values.get(key) else {
                continue;
            };
            let Some((value, weight)) = cell.get() else {
                continue;
            };
            if *weight <= self.limits.heaviest && holds(key, value) {
                // It is made, so that both can have the same place for it.
                let (cell, weight) = (Arc::clone(cell), *weight);
                carried.values.insert(key.clone(), Entry { cell, weight });
                carried.order.push_back(key.clone());
                carried.weight += weight;
            }
        }
        carried.forget_beyond(self.limits);
        Remembered {
            limits: self.limits,
            kept: Mutex::new(carried),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept<K, V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of a value.
    fn cell(&self, key: &K) -> Arc<OnceCell<(V, usize)>> {
        let mut kept = self.kept();
        if let Some(entry) = kept.values.get(key) {
            return Arc::clone(&entry.cell);
        }
        let cell = Arc::new(OnceCell::new());
        let entry = Entry {
            cell: Arc::clone(&cell),
            weight: 0,
        };
        kept.values.insert(key.clone(), entry);
        kept.order.push_back(key.clone());
        kept.forget_beyond(self.limits);
        cell
    }

    /// Counts the weight of a value that is there now, unless it was forgotten or counted before.
    fn weigh(&self, key: &K, cell: &Arc<OnceCell<(V, usize)>>, weight: usize) {
        let mut kept = self.kept();
        let Some(entry) = kept.values.get_mut(key) else {
            return;
        };
        if !Arc::ptr_eq(&entry.cell, cell) || entry.weight == weight {
            return;
        }
        if weight > self.limits.heaviest {
            // It is handed out and not kept: nothing is gained by forgetting the others for it.
            kept.values.remove(key);
            kept.order.retain(|other| other != key);
            return;
        }
        entry.weight = weight;
        kept.weight += weight;
        kept.forget_beyond(self.limits);
    }
}

impl<K: Clone + Eq + Hash, V> Kept<K, V> {
    fn forget(&mut self, key: &K) {
        if let Some(entry) = self.values.remove(key) {
            self.weight -= entry.weight;
            self.order.retain(|other| other != key);
        }
    }

    fn forget_beyond(&mut self, limits: Limits) {
        while self.order.len() > limits.most || self.weight > limits.heaviest {
            let Some(oldest) = self.order.pop_front() else {
                return;
            };
            if let Some(entry) = self.values.remove(&oldest) {
                self.weight -= entry.weight;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const LIMITS: Limits = Limits {
        most: 3,
        heaviest: 10,
    };

    #[test]
    fn the_oldest_goes_when_there_are_too_many_or_they_weigh_too_much() {
        let check = |put: &[(u32, usize)], expected: &[u32]| {
            let remembered = Remembered::new(LIMITS);
            for (key, weight) in put {
                remembered.put(*key, key * 10, *weight);
            }
            let keys: Vec<u32> = (0..10)
                .filter(|key| remembered.get(key).is_some())
                .collect();
            assert_eq!(keys, expected, "{put:?}");
            let weight = remembered.kept().weight;
            assert!(weight <= LIMITS.heaviest, "{put:?}: {weight}");
        };
        check(&[(1, 1), (2, 1), (3, 1)], &[1, 2, 3]);
        check(&[(1, 1), (2, 1), (3, 1), (4, 1)], &[2, 3, 4]);
        check(&[(1, 1), (2, 1), (1, 1), (3, 1)], &[1, 2, 3]);
        check(&[(1, 4), (2, 4), (3, 4)], &[2, 3]);
        check(&[(1, 4), (2, 10)], &[2]);
        // What is put anew takes the place of what was there.
        let remembered = Remembered::new(LIMITS);
        for (key, value, weight) in [(1, 10, 6), (2, 20, 2), (1, 11, 4)] {
            remembered.renew(key, value, weight);
        }
        assert_eq!(remembered.entries(), [(2, 20, 2), (1, 11, 4)]);
        assert_eq!(remembered.kept().weight, 6);
        // Carried over is what holds, in its order, and what is made since stays apart.
        let carried = remembered.carried(|key| *key != 2);
        carried.put(4, 40, 1);
        assert_eq!(carried.entries(), [(1, 11, 4), (4, 40, 1)]);
        assert_eq!(carried.kept().weight, 5);
        assert_eq!(remembered.entries(), [(2, 20, 2), (1, 11, 4)]);
        // What is too heavy by itself is not kept, and the others are.
        check(&[(1, 4), (2, 11)], &[1]);
        check(&[(2, 11), (3, 4)], &[3]);
    }

    #[tokio::test]
    async fn a_value_is_made_once_for_all_who_ask_at_once() {
        let remembered: Remembered<u32, usize> = Remembered::new(LIMITS);
        let made = AtomicUsize::new(0);
        let make = || async {
            tokio::task::yield_now().await;
            match made.fetch_add(1, Ordering::Relaxed) {
                0 => Err("the first one fails"),
                number => Ok((number, 5)),
            }
        };
        let (first, second, third) = tokio::join!(
            remembered.get_or_make(7, make()),
            remembered.get_or_make(7, make()),
            remembered.get_or_make(7, make()),
        );
        assert_eq!(first, Err("the first one fails"));
        assert_eq!((second, third), (Ok(1), Ok(1)));
        assert_eq!(remembered.get_or_make(7, make()).await, Ok(1));
        assert_eq!(made.load(Ordering::Relaxed), 2);
        assert_eq!(remembered.kept().weight, 5);
        // Another key is made while one is being made.
        assert_eq!(remembered.get_or_make(8, make()).await, Ok(2));
    }
}
