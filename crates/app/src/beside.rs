//! Work that no page waits for to its end: so much of it may wait for its turn, and no more; a request waits for so long in all,
//! and then goes without it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::AppError;

/// How many pages may have such work done, or waiting to be done, at once. Each holds what it works on.
const WAITING_MAX: usize = 16;

/// How long a page waits in all for what takes long to work out and nobody asked for before; it goes on being worked out, and is
/// there the next time.
pub const PATIENCE: Duration = Duration::from_millis(2);

/// The places of work that waits for its turn: one after the other, so that none takes the machine for itself or makes what
/// another one makes.
pub(crate) struct Beside {
    places: Arc<Semaphore>,
    turn: Arc<Mutex<()>>,
}

impl Beside {
    /// All places free.
    pub(crate) fn new() -> Beside {
        Beside {
            places: Arc::new(Semaphore::new(WAITING_MAX)),
            turn: Arc::default(),
        }
    }

    /// A place for one more, free again when it is dropped; none where all are taken: whoever asks is told that it is being
    /// worked out, and asks again.
    fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }
}

/// How long a request waits for such work, and whether it had to go without some of it.
#[derive(Debug, Default)]
pub struct Waiting {
    /// In all; without it, until everything is there.
    longest: Option<Duration>,
    /// When it has waited long enough; told from its first wait on.
    end: OnceLock<Instant>,
    went_without: AtomicBool,
}

impl Waiting {
    pub(crate) fn of(longest: Duration) -> Waiting {
        Waiting {
            longest: Some(longest),
            ..Waiting::default()
        }
    }

    /// As long, for a request that has not waited yet.
    pub(crate) fn anew(&self) -> Waiting {
        Waiting {
            longest: self.longest,
            ..Waiting::default()
        }
    }

    /// Whether something was left out of what was read, because it is still being worked out.
    pub fn went_without(&self) -> bool {
        self.went_without.load(Ordering::Relaxed)
    }

    /// Says that something was left out.
    pub(crate) fn go_without(&self) {
        self.went_without.store(true, Ordering::Relaxed);
    }

    /// Has something worked out beside whoever asks, and waits for it as long as there is patience. It goes on where nobody
    /// waits any longer; what fails then is tried by the next one who asks.
    ///
    /// # Errors
    /// Where nothing else is to be done than to wait, what the work says.
    pub(crate) async fn for_work(
        &self,
        beside: &Beside,
        work: impl Future<Output = Result<(), AppError>> + Send + 'static,
    ) -> Result<(), AppError> {
        let turn = Arc::clone(&beside.turn);
        let work = async move {
            let _turn = turn.lock().await;
            work.await
        };
        let Some(longest) = self.longest else {
            let done = tokio::spawn(work).await;
            return done.map_err(|error| AppError::failed("it could not be worked out", error))?;
        };
        let end = self
            .end
            .get_or_init(|| tokio::time::sleep(longest).deadline());
        if let Some(place) = beside.place() {
            let work = tokio::spawn(async move {
                let _place = place;
                work.await
            });
            let _ = tokio::time::timeout_at(*end, work).await;
        }
        Ok(())
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

    /// Whoever waited long enough once waits for nothing more.
    #[tokio::test]
    async fn a_request_has_one_patience() {
        let (beside, waiting) = (Beside::new(), Waiting::of(Duration::from_millis(1)));
        for _ in 0..WAITING_MAX {
            let never = std::future::pending();
            waiting.for_work(&beside, never).await.expect("no error");
        }
        // All places are taken: nobody waits at all.
        assert!(beside.place().is_none());
        waiting
            .for_work(&beside, std::future::pending())
            .await
            .expect("no error");
        let end = waiting.end.get().copied();
        assert!(end.is_some() && waiting.anew().end.get().is_none());
    }

    #[tokio::test]
    async fn whoever_has_all_the_time_hears_what_went_wrong() {
        let failed = async { Err(AppError::bad_request("nothing came of it")) };
        let told = Waiting::default().for_work(&Beside::new(), failed).await;
        assert!(told.is_err());
    }
}
