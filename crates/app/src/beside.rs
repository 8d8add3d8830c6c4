//! Work that no page waits for to its end: so much of it may wait for its turn, and no more.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many pages may have such work done, or waiting to be done, at once. Each holds what it works on.
const WAITING_MAX: usize = 16;

/// The places of work that waits for its turn.
pub(crate) struct Beside(Arc<Semaphore>);

impl Beside {
    /// All places free.
    pub(crate) fn new() -> Beside {
        Beside(Arc::new(Semaphore::new(WAITING_MAX)))
    }

    /// A place for one more, free again when it is dropped; none where all are taken: whoever asks is told that it is being
    /// worked out, and asks again.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_wait_than_there_are_places() {
        let beside = Beside::new();
        let mut taken: Vec<_> = (0..WAITING_MAX).map(|_| beside.place()).collect();
        assert!(taken.iter().all(Option::is_some));
        assert!(beside.place().is_none());
        taken.pop();
        assert!(beside.place().is_some());
    }
}
