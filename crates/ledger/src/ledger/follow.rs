//! Following the line: whoever follows is told each new position soon after it is durable, whoever wrote it.
//!
//! What this process writes is told at once. What others write is told by PostgreSQL itself; SQLite has nobody who
//! could, so that the head is looked at now and then. Either way a lost word does no harm: the head is read again at
//! each beat and after each lost connection, and a position that was passed over was no longer the newest. Where a backup
//! is restored the line may end earlier than before, or at the same number with another commit, which is news too.

use std::sync::{PoisonError, Weak};
use std::time::Duration;

use throughline_model::observation::CommitNumber;
use tokio::sync::watch;

use super::{Inner, Ledger};
use crate::commit::Head;
use crate::error::{LedgerError, Result};
use crate::store::Listener;

/// How long a reader waits for a position that it was given.
pub const WAIT_LIMIT: Duration = Duration::from_secs(1);

/// Tells where the line ends, each time that it ends elsewhere.
#[derive(Debug)]
pub struct Follower {
    news: watch::Receiver<Option<Head>>,
    seen: Head,
}

impl Ledger {
    /// Follows the line from where it ends now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn follow(&self) -> Result<Follower> {
        self.inner.watch();
        // In this order, so that what comes in between is news.
        let news = self.inner.news.subscribe();
        let seen = self.head().await?;
        Ok(Follower { news, seen })
    }

    /// Waits until the line has reached a position, for at most [`WAIT_LIMIT`], so that one who wrote reads what was
    /// written, whichever process answers.
    ///
    /// # Errors
    /// [`LedgerError::NotYet`]; what the database says.
    pub async fn wait_for(&self, position: CommitNumber) -> Result<Head> {
        let head = self.head().await?;
        if head.number >= position {
            return Ok(head);
        }
        let mut follower = self.follow().await?;
        if follower.seen.number >= position {
            return Ok(follower.seen);
        }
        let reached = async {
            while let Some(head) = follower.next().await {
                if head.number >= position {
                    return Some(head);
                }
            }
            None
        };
        match tokio::time::timeout(WAIT_LIMIT, reached).await {
            Ok(Some(head)) => Ok(head),
            Ok(None) | Err(_) => Err(LedgerError::NotYet {
                position,
                last: follower.seen.number,
            }),
        }
    }
}

impl Follower {
    /// The newest position, once it is another than the last that was told; `None` once the ledger is closed.
    pub async fn next(&mut self) -> Option<Head> {
        loop {
            self.news.changed().await.ok()?;
            let newest = *self.news.borrow_and_update();
            if let Some(head) = newest.filter(|head| *head != self.seen) {
                self.seen = head;
                return Some(head);
            }
        }
    }
}

impl Inner {
    /// Tells those who follow in this process what was written in it.
    pub(crate) fn tell(&self, head: Head) {
        self.news.send_if_modified(|told| {
            let is_news = told.is_none_or(|told| told.number < head.number);
            if is_news {
                *told = Some(head);
            }
            is_news
        });
    }

    /// Looks where the line ends, and tells those who follow.
    async fn look(&self) -> Result<()> {
        loop {
            let told = *self.news.borrow();
            let head = self.head().await?;
            let is_newest = self.tell_after(told, head);
            if is_newest {
                return Ok(());
            }
        }
    }

    /// Tells what was read of the ledger, unless something was told since: then what was read may be from before it.
    fn tell_after(&self, last: Option<Head>, head: Head) -> bool {
        let mut is_newest = false;
        self.news.send_if_modified(|told| {
            is_newest = *told == last;
            let is_news = is_newest && *told != Some(head);
            if is_news {
                *told = Some(head);
            }
            is_news
        });
        is_newest
    }

    /// Watches what others write, from the first time that anybody follows until the handle is closed.
    fn watch(self: &std::sync::Arc<Self>) {
        let mut watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        if watching.as_ref().is_none_or(|task| task.is_finished()) {
            let listener = self.pool.listener(&self.location);
            let task = tokio::spawn(watch(std::sync::Arc::downgrade(self), listener));
            *watching = Some(task.abort_handle());
        }
    }

    /// Watches no longer.
    pub(crate) fn stop_watching(&self) {
        let watching = self.watching.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = watching.as_ref() {
            task.abort();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop_watching();
    }
}

async fn watch(ledger: Weak<Inner>, mut listener: Listener) {
    loop {
        // First listening, then looking: nothing falls between.
        listener.begin().await;
        let Some(inner) = ledger.upgrade() else {
            return;
        };
        // A database that cannot be reached is looked at again at the next beat.
        drop(inner.look().await);
        drop(inner);
        listener.wait().await;
    }
}
