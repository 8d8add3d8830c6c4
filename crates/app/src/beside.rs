//! Work that no page waits for to its end: so much of it may wait for its turn, and no more; a request waits for so long in all,
//! and then goes without it.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::time::Instant;

use crate::AppError;

/// How many pages may have such work done, or waiting to be done, at once. Each holds what it works on.
const WAITING_MAX: usize = 16;
/// Of how much such work it is remembered that it failed when nobody waited any longer.
const FAILED_MAX: usize = 64;

/// Of how much such work it is remembered how long it took.
const TAKEN_MAX: usize = 256;

/// How long a page waits in all for what nobody asked for before; it goes on being worked out, and is there the next time.
pub const PATIENCE: Duration = Duration::from_millis(1);

/// How many times as long a request waits for work that took no longer the last time than what is left of its patience: it is
/// nearly there, and without it all of the wait is lost.
const QUICK_WAITS: u32 = 4;

/// How long work that a request does not wait for waits until that is answered, which then has the machine for itself.
const ANSWERED_AFTER: Duration = Duration::from_secs(5);

/// The places of work of one kind that waits for its turn: one after the other, so that none takes the machine for itself or makes what
/// another one makes.
pub(crate) struct Beside {
    places: Arc<Semaphore>,
    turn: Arc<Mutex<()>>,
    failed: Arc<Failed>,
    taken: Arc<Taken>,
}

/// How long work took when it was done the last time: nobody waits for what takes longer than they would.
#[derive(Default)]
struct Taken(std::sync::Mutex<VecDeque<(u64, Duration)>>);

impl Taken {
    fn remember(&self, work: u64, long: Duration) {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|(other, _)| *other != work);
        taken.push_front((work, long));
        taken.truncate(TAKEN_MAX);
    }

    /// How long the same work took, or what was done of its kind the last time where it was not done yet.
    fn of(&self, work: u64) -> Option<Duration> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = taken.iter().find(|(other, _)| *other == work);
        same.or(taken.front()).map(|(_, long)| *long)
    }
}

/// What failed when nobody waited any longer: it is told to the next one who asks for the same, and tried by the one after.
#[derive(Default)]
struct Failed(std::sync::Mutex<VecDeque<u64>>);

impl Failed {
    fn remember(&self, work: u64) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failed.retain(|other| *other != work);
        failed.push_front(work);
        failed.truncate(FAILED_MAX);
    }

    /// Whether it failed; that is told once.
    fn take(&self, work: u64) -> bool {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = failed.iter().position(|other| *other == work);
        place.and_then(|place| failed.remove(place)).is_some()
    }
}

impl Beside {
    /// All places free.
    pub(crate) fn new() -> Beside {
        Beside {
            places: Arc::new(Semaphore::new(WAITING_MAX)),
            turn: Arc::default(),
            failed: Arc::default(),
            taken: Arc::default(),
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
    has_failed: AtomicBool,
    /// Closed when the request is answered.
    answering: watch::Sender<()>,
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

    /// Whether some of what was left out could not be worked out: to ask again by itself brings nothing.
    pub fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// Has something worked out beside whoever asks, and waits for it as long as there is patience, unless it, or else
    /// what was done of its kind, took longer the last time: that begins when the request is answered. It goes on where nobody
    /// waits any longer; that it failed then is known to the next one who asks for the same ([`Waiting::has_failed`]), and the
    /// one after has it tried again.
    ///
    /// # Errors
    /// What the work says, or that it ended by a fault of ours, while somebody waits for it.
    pub(crate) async fn for_work(
        &self,
        beside: &Beside,
        of: impl Hash,
        work: impl Future<Output = Result<(), AppError>> + Send + 'static,
    ) -> Result<(), AppError> {
        let of = name_of(of);
        let (turn, taken) = (Arc::clone(&beside.turn), Arc::clone(&beside.taken));
        let work = async move {
            let _turn = turn.lock().await;
            // That it waited for others says nothing of it.
            let begun = now();
            let done = work.await;
            taken.remember(of, now() - begun);
            done
        };
        let Some(longest) = self.longest else {
            return finished(work).await;
        };
        if beside.failed.take(of) {
            self.has_failed.store(true, Ordering::Relaxed);
            return Ok(());
        }
        let now = now();
        let end = *self.end.get_or_init(|| now + longest);
        if let Some(place) = beside.place() {
            let (tell, told) = oneshot::channel();
            let failed = Arc::clone(&beside.failed);
            let until = waits_until(beside.taken.of(of), now, (end, longest));
            let is_in_vain = until.is_none();
            let mut answering = self.answering.subscribe();
            tokio::spawn(async move {
                let _place = place;
                if is_in_vain {
                    let _ = tokio::time::timeout(ANSWERED_AFTER, answering.changed()).await;
                }
                let done = finished(work).await;
                if let Err(Err(_)) = tell.send(done) {
                    failed.remember(of);
                }
            });
            if let Some(until) = until
                && let Ok(Ok(done)) = tokio::time::timeout_at(until, told).await
            {
                return done;
            }
        }
        Ok(())
    }
}

/// Until when work is waited for that took so long the last time, if that is known, by whose patience is so long and ends then;
/// `None` where that would be in vain.
fn waits_until(
    long: Option<Duration>,
    now: Instant,
    (end, longest): (Instant, Duration),
) -> Option<Instant> {
    let Some(long) = long else {
        return (now < end).then_some(end);
    };
    (now + long <= end).then_some(end + (QUICK_WAITS - 1) * longest)
}

/// By what work is known again.
fn name_of(work: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    work.hash(&mut hasher);
    hasher.finish()
}

/// The moment, by the clock of the timers.
fn now() -> Instant {
    tokio::time::sleep(Duration::ZERO).deadline()
}

/// Work that was done to its end, apart from whoever asked for it.
async fn finished(
    work: impl Future<Output = Result<(), AppError>> + Send + 'static,
) -> Result<(), AppError> {
    let done = tokio::spawn(work).await;
    done.map_err(|error| AppError::failed("it could not be worked out", error))?
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
            waiting.for_work(&beside, 1, never).await.expect("no error");
        }
        // All places are taken: nobody waits at all.
        assert!(beside.place().is_none());
        waiting
            .for_work(&beside, 1, std::future::pending())
            .await
            .expect("no error");
        let end = waiting.end.get().copied();
        assert!(end.is_some() && waiting.anew().end.get().is_none());
    }

    #[tokio::test]
    async fn whoever_has_all_the_time_hears_what_went_wrong() {
        let failed = async { Err(AppError::bad_request("nothing came of it")) };
        let told = Waiting::default().for_work(&Beside::new(), 1, failed).await;
        assert!(told.is_err());
    }

    #[tokio::test]
    async fn whoever_still_waits_hears_what_went_wrong() {
        let (beside, waiting) = (Beside::new(), Waiting::of(Duration::from_secs(3600)));
        let failed = async { Err(AppError::bad_request("nothing came of it")) };
        assert!(waiting.for_work(&beside, 1_u8, failed).await.is_err());
        let panics = async { panic!("a fault") };
        assert!(waiting.for_work(&beside, 1_u8, panics).await.is_err());
        let failed = beside.failed.0.lock().expect("a list");
        assert!(failed.is_empty(), "it was told");
    }

    /// What fails when nobody waits any longer is told to the next one who asks for the same, and tried by the one after.
    #[tokio::test]
    async fn what_fails_later_is_told_once() {
        let beside = Beside::new();
        let hurried = || Waiting::of(Duration::ZERO);
        let (goes_on, waits) = oneshot::channel::<()>();
        let panics = async {
            let _ = waits.await;
            panic!("a fault")
        };
        let first = hurried();
        first
            .for_work(&beside, 1_u8, panics)
            .await
            .expect("no error");
        assert!(!first.has_failed());
        drop((first, goes_on));
        // It has ended when its place is free again.
        let all = WAITING_MAX as u32;
        let ended = beside.places.acquire_many(all).await.expect("all places");
        drop(ended);
        let tried = Arc::new(AtomicBool::new(false));
        let ask = async |of: u8| {
            let (waiting, tries) = (hurried(), Arc::clone(&tried));
            let work = async move {
                tries.store(true, Ordering::Relaxed);
                Ok(())
            };
            let told = waiting.for_work(&beside, of, work).await;
            told.expect("no error");
            let has_failed = waiting.has_failed();
            drop(waiting);
            let ended = beside.places.acquire_many(all).await.expect("all places");
            drop(ended);
            (has_failed, tried.swap(false, Ordering::Relaxed))
        };
        assert_eq!(ask(2).await, (false, true));
        assert_eq!(ask(1).await, (true, false));
        assert_eq!(ask(1).await, (false, true));
    }

    /// Nobody waits for what took longer the last time than they would, and everybody for what did not.
    #[tokio::test]
    async fn what_takes_too_long_is_not_waited_for() {
        let (beside, waiting) = (Beside::new(), Waiting::of(Duration::from_secs(3600)));
        let of = name_of(1_u8);
        beside.taken.remember(of, Duration::from_secs(7200));
        let never = std::future::pending();
        waiting
            .for_work(&beside, 1_u8, never)
            .await
            .expect("no error");
        // The other one has its turn for good.
        let beside = Beside::new();
        beside.taken.remember(of, Duration::ZERO);
        let failed = async { Err(AppError::bad_request("nothing came of it")) };
        assert!(waiting.for_work(&beside, 1_u8, failed).await.is_err());
        assert!(beside.taken.of(of) > Some(Duration::ZERO));
        // What was not done yet takes as long as what was done last.
        assert_eq!(beside.taken.of(name_of(2_u8)), beside.taken.of(of));
    }

    /// What a request does not wait for leaves it the machine until it is answered.
    #[tokio::test]
    async fn what_is_not_waited_for_begins_when_the_request_is_answered() {
        let (beside, waiting) = (Beside::new(), Waiting::of(Duration::from_secs(3600)));
        beside
            .taken
            .remember(name_of(1_u8), Duration::from_secs(7200));
        let begun = Arc::new(AtomicBool::new(false));
        let begins = Arc::clone(&begun);
        let work = async move {
            begins.store(true, Ordering::Relaxed);
            Ok(())
        };
        waiting
            .for_work(&beside, 1_u8, work)
            .await
            .expect("no error");
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!begun.load(Ordering::Relaxed));
        drop(waiting);
        // Long before it would begin without an answer.
        let ended = beside.places.acquire_many(WAITING_MAX as u32);
        let ended = tokio::time::timeout(ANSWERED_AFTER / 2, ended).await;
        drop(ended.expect("it ends").expect("all places"));
        assert!(begun.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn what_was_quick_is_waited_for_a_little_longer() {
        let (now, longest) = (now(), Duration::from_millis(1));
        let end = now + longest;
        let until = |long| waits_until(long, now, (end, longest));
        assert_eq!(until(None), Some(end));
        assert_eq!(until(Some(longest)), Some(now + QUICK_WAITS * longest));
        assert_eq!(until(Some(2 * longest)), None);
        // Whose patience has ended waits for nothing more.
        let later = |long| waits_until(long, end, (end, longest));
        assert_eq!((later(None), later(Some(longest))), (None, None));
    }

    #[test]
    fn few_failures_are_remembered() {
        let failed = Failed::default();
        (0..=FAILED_MAX as u64).for_each(|work| failed.remember(work));
        assert!(!failed.take(0) && failed.take(1) && !failed.take(1));
    }
}
