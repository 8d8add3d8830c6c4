//! The live state: the newest plan and observations as one immutable value, from which pages are answered without a
//! query and without waiting for a writer.
//!
//! A snapshot is made at the start and after each commit, from the one before it and what was committed since; whoever reads keeps the one that was there when the request
//! came, so that an answer is consistent in itself. What was computed from a snapshot is remembered in it and goes with
//! it: a reading is a function of plan, observations, day, unit and period, so nothing that is remembered grows stale. The next
//! snapshot takes over what does not rest on what was committed since.

pub(crate) mod looked_up;
mod memory;
mod remembered;
mod said;
mod since;
mod snapshot;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use throughline_ledger::{Follower, Ledger};
use throughline_model::observation::CommitNumber;
use tokio::sync::{Mutex, watch};

use crate::AppError;

pub(crate) use memory::{ScorecardKey, share_of_place};
pub use remembered::{Limits, Remembered};
pub(crate) use since::Since;
pub use snapshot::Snapshot;

/// How long nothing may be heard of the ledger before it is asked whether it is still there.
const LOOKED_AFTER: Duration = Duration::from_secs(5);
/// How soon a ledger that does not answer is asked again.
const RETRY: Duration = Duration::from_secs(1);

/// The newest state of a ledger, followed as it grows.
pub struct Live {
    ledger: Ledger,
    newest: ArcSwap<Snapshot>,
    /// The position of each that came after the first.
    news: watch::Sender<CommitNumber>,
    /// Held by whoever makes the next snapshot.
    turn: Mutex<()>,
}

impl Live {
    /// The state of a ledger as it is now.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn of(ledger: Ledger) -> Result<Arc<Live>, AppError> {
        let newest = ArcSwap::from_pointee(Snapshot::of(&ledger).await?);
        let news = watch::Sender::new(newest.load().position);
        let turn = Mutex::new(());
        Ok(Arc::new(Live {
            ledger,
            newest,
            news,
            turn,
        }))
    }

    /// The newest snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.newest.load_full()
    }

    /// Makes a new snapshot if the ledger ends elsewhere than before, and says whether it does: mostly it has grown; where a
    /// backup was restored under the server it may have become shorter, or have another last commit, or somebody's data key again.
    ///
    /// # Errors
    /// What the database says; the snapshot that was there stays.
    pub async fn catch_up(&self) -> Result<bool, AppError> {
        // One at a time, so that none is put in the place of a later one.
        let _turn = self.turn.lock().await;
        let standing = self.ledger.standing().await?;
        if standing == self.newest.load().standing {
            return Ok(false);
        }
        let next = self.snapshot().next(&self.ledger).await?;
        let position = next.position;
        self.newest.store(Arc::new(next));
        self.news.send_replace(position);
        Ok(true)
    }

    /// Tells of each snapshot that takes the place of another.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<CommitNumber> {
        self.news.subscribe()
    }

    /// The newest snapshot, once it contains a commit: whoever wrote reads what was written, whichever process they ask. A
    /// commit that is not there yet is waited for, a second at most.
    ///
    /// # Errors
    /// If it does not come, or what the database says.
    pub async fn reached(&self, position: CommitNumber) -> Result<Arc<Snapshot>, AppError> {
        if self.newest.load().position < position {
            self.ledger.wait_for(position).await?;
            self.catch_up().await?;
        }
        Ok(self.snapshot())
    }

    /// Follows the ledger until it is closed. While it does not answer readers keep what they have; that it does not, and
    /// that it does again, is said once each.
    pub async fn follow(self: Arc<Self>, say: impl Fn(&str)) {
        let mut is_away = false;
        loop {
            match self.followed(&say, &mut is_away).await {
                Ok(()) => return,
                Err(error) if !is_away => {
                    is_away = true;
                    let position = self.newest.load().position;
                    let why = crate::words::sentence(&error.to_string());
                    say(&format!(
                        "The ledger does not answer; pages show what was there at commit {position}. {why}."
                    ));
                }
                Err(_) => {}
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Catches up each time that the ledger says that it has grown, or has said nothing for a while, until it is closed.
    async fn followed(&self, say: &impl Fn(&str), is_away: &mut bool) -> Result<(), AppError> {
        let mut follower: Follower = self.ledger.follow().await?;
        loop {
            self.catch_up().await?;
            if std::mem::take(is_away) {
                say("The ledger answers again.");
            }
            let told = tokio::time::timeout(LOOKED_AFTER, follower.next()).await;
            if matches!(told, Ok(None)) {
                return Ok(());
            }
        }
    }
}
