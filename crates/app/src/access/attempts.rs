//! The door: how often somebody may try to come in, and how many are let try at a time.
//!
//! Every check of a credential passes here. Counted is by what was claimed, so that a password is not tried out, and in
//! all, so that many names are not tried out either. The time is an argument, which ready-made limiters read themselves.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::AppError;

/// How often one name may be tried in vain within the window.
pub const ATTEMPTS_MAX: u32 = 10;
/// How often all names together may be.
const ATTEMPTS_OF_ALL_MAX: u32 = 500;
/// How long a vain attempt counts.
pub const ATTEMPTS_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// How many names are counted at a time; no more can be tried in vain.
const NAMES_MAX: usize = ATTEMPTS_OF_ALL_MAX as usize;
/// How many passwords are hashed at a time: each takes 46 MiB.
const HASHED_AT_ONCE: usize = 2;

type Hash = [u8; 32];

#[derive(Debug, Clone, Copy)]
struct Count {
    since: Timestamp,
    attempts: u32,
}

/// What is counted.
#[derive(Debug, Default)]
struct Counts {
    by_name: HashMap<Hash, Count>,
    of_all: Option<Count>,
}

/// The door of a server.
#[derive(Debug)]
pub struct Door {
    counts: Mutex<Counts>,
    room: Semaphore,
}

impl Default for Door {
    fn default() -> Self {
        Door {
            counts: Mutex::default(),
            room: Semaphore::new(HASHED_AT_ONCE),
        }
    }
}

impl Count {
    fn is_over(self, now: Timestamp) -> bool {
        now.duration_since(self.since) >= ATTEMPTS_WINDOW
    }

    fn refuse_from(self, most: u32, now: Timestamp) -> Result<(), AppError> {
        if self.attempts < most || self.is_over(now) {
            return Ok(());
        }
        let wait = ATTEMPTS_WINDOW.saturating_sub(now.duration_since(self.since));
        Err(AppError::TooManyAttempts {
            wait: wait.unsigned_abs(),
        })
    }

    fn again(count: Option<Count>, now: Timestamp) -> Count {
        match count.filter(|count| !count.is_over(now)) {
            Some(count) => Count {
                attempts: count.attempts.saturating_add(1),
                ..count
            },
            None => Count {
                since: now,
                attempts: 1,
            },
        }
    }
}

impl Door {
    /// Counts an attempt under a name, before it is known whether it is in vain: whoever tries at the same time from many
    /// places is counted, too. A mailed link, which nobody guesses, knocks only once it was not found.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`].
    pub(crate) fn knock(&self, name: &str, now: Timestamp) -> Result<(), AppError> {
        let name: Hash = Sha256::digest(name).into();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.of_all {
            count.refuse_from(ATTEMPTS_OF_ALL_MAX, now)?;
        }
        if let Some(count) = counts.by_name.get(&name) {
            count.refuse_from(ATTEMPTS_MAX, now)?;
        }
        if counts.by_name.len() >= NAMES_MAX {
            counts.by_name.retain(|_, count| !count.is_over(now));
        }
        let known = counts.by_name.get(&name).copied();
        counts.by_name.insert(name, Count::again(known, now));
        counts.of_all = Some(Count::again(counts.of_all, now));
        Ok(())
    }

    /// Forgets the attempts under a name: its owner came in.
    pub(crate) fn opened(&self, name: &str) {
        let name: Hash = Sha256::digest(name).into();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let own = counts
            .by_name
            .remove(&name)
            .map_or(0, |count| count.attempts);
        if let Some(count) = &mut counts.of_all {
            count.attempts = count.attempts.saturating_sub(own);
        }
    }

    /// Waits for room to hash a password in.
    pub(crate) async fn room(&self) -> Result<SemaphorePermit<'_>, AppError> {
        let room = self.room.acquire().await;
        room.map_err(|error| AppError::failed("nobody can come in any more", error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        let start: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        start + SignedDuration::from_mins(minute)
    }

    #[test]
    fn a_name_is_tried_ten_times() {
        let door = Door::default();
        for _ in 0..ATTEMPTS_MAX {
            door.knock("ruth", at(0)).unwrap();
        }
        let refused = door.knock("ruth", at(5)).unwrap_err();
        assert_eq!(
            refused.retry_after(),
            Some(std::time::Duration::from_secs(600))
        );
        door.knock("ana", at(5)).unwrap();
        door.knock("ruth", at(15)).unwrap();
    }

    #[test]
    fn who_came_in_starts_anew() {
        let door = Door::default();
        for _ in 0..3 * ATTEMPTS_MAX {
            door.knock("ruth", at(0)).unwrap();
            door.opened("ruth");
        }
    }

    #[test]
    fn names_are_not_tried_out() {
        let door = Door::default();
        for number in 0..ATTEMPTS_OF_ALL_MAX {
            door.knock(&number.to_string(), at(0)).unwrap();
        }
        assert!(door.knock("another", at(1)).is_err());
        door.knock("another", at(15)).unwrap();
    }
}
