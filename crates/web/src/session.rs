//! Who is in: sessions of browsers, and the one link that starts the first.
//!
//! Ids and tokens are 256 random bits; only their hashes are kept. Sessions live in memory and end with the process. Who
//! signed in is let out after an hour without use; a demonstration stays open for the day.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use throughline_core::PersonId;

/// A session ends after a day, whatever happens in it.
const LASTS: SignedDuration = SignedDuration::from_hours(24);
/// ... and one of somebody who signed in after an hour without use.
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(1);
/// The most sessions at a time; the oldest makes room.
const SESSIONS_MAX: usize = 1000;
/// How many random bytes an id or a token has.
pub const SECRET_BYTES: usize = 32;

/// A secret, as it travels in a cookie or a link.
#[must_use]
pub fn secret(bytes: [u8; SECRET_BYTES]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

type Hash = [u8; 32];

fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// One session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// When it began.
    pub began: Timestamp,
    /// When it was last used.
    used: Timestamp,
    /// Whether it ends where it is not used.
    ends_idle: bool,
    /// Through whose eyes it looks; nobody's until somebody was chosen.
    pub person: Option<PersonId>,
}

/// The sessions that are open.
#[derive(Debug, Default)]
pub struct Sessions {
    open: Mutex<HashMap<Hash, Session>>,
}

impl Sessions {
    /// Opens a session under a secret id, of somebody who signed in, or of nobody yet.
    pub fn open(&self, id: &str, person: Option<PersonId>, now: Timestamp) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| is_alive(session, now));
        if open.len() >= SESSIONS_MAX {
            let oldest = open.iter().min_by_key(|(_, session)| session.began);
            if let Some(oldest) = oldest.map(|(hash, _)| *hash) {
                open.remove(&oldest);
            }
        }
        let session = Session {
            began: now,
            used: now,
            ends_idle: person.is_some(),
            person,
        };
        open.insert(hash(id), session);
    }

    /// The session of an id, while it lasts; it counts as used now.
    #[must_use]
    pub fn get(&self, id: &str, now: Timestamp) -> Option<Session> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let session = open.get_mut(&hash(id))?;
        if !is_alive(session, now) {
            return None;
        }
        session.used = session.used.max(now);
        Some(*session)
    }

    /// Ends the session of an id.
    pub fn end(&self, id: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&hash(id));
    }

    /// Ends the sessions of nobody: those of the console's link.
    pub fn end_of_nobody(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.person.is_some());
    }

    /// Ends the sessions of a person.
    pub fn end_of(&self, person: PersonId) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.person != Some(person));
    }

    /// Looks through somebody's eyes from now on.
    pub fn look_through(&self, id: &str, person: Option<PersonId>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = open.get_mut(&hash(id)) {
            session.person = person;
        }
    }
}

fn is_alive(session: &Session, now: Timestamp) -> bool {
    let is_idle = session.ends_idle && now.duration_since(session.used) >= IDLE_MAX;
    now.duration_since(session.began) < LASTS && !is_idle
}

/// A token that opens one session, once.
#[derive(Debug)]
pub struct OneTimeToken(Mutex<Option<Hash>>);

impl OneTimeToken {
    /// Of a secret.
    #[must_use]
    pub fn of(secret: &str) -> OneTimeToken {
        OneTimeToken(Mutex::new(Some(hash(secret))))
    }

    /// Opens nothing any more.
    pub fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether the token is the right one and was not used before. Hashes are compared, so that time tells nothing.
    #[must_use]
    pub fn is_taken_by(&self, token: &str) -> bool {
        let mut unused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_right = *unused == Some(hash(token));
        if is_right {
            *unused = None;
        }
        is_right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_once() {
        let token = OneTimeToken::of("right");
        assert!(!token.is_taken_by("wrong"));
        assert!(!token.is_taken_by(""));
        assert!(token.is_taken_by("right"));
        assert!(!token.is_taken_by("right"));
    }

    #[test]
    fn a_session_lasts_a_day() {
        let sessions = Sessions::default();
        let began: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        sessions.open("id", None, began);
        let check = |hours: i64, is_there: bool| {
            let now = began + SignedDuration::from_hours(hours);
            assert_eq!(sessions.get("id", now).is_some(), is_there, "{hours}");
        };
        check(0, true);
        check(23, true);
        check(24, false);
        assert_eq!(sessions.get("other", began), None);
    }

    #[test]
    fn who_signed_in_is_let_out_when_idle() {
        let person = PersonId::from_uuid(uuid::Uuid::nil());
        let sessions = Sessions::default();
        let began: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        sessions.open("id", Some(person), began);
        let check = |minutes: i64, is_there: bool| {
            let now = began + SignedDuration::from_mins(minutes);
            assert_eq!(sessions.get("id", now).is_some(), is_there, "{minutes}");
        };
        check(59, true);
        check(59 + 59, true);
        check(59 + 59 + 60, false);
        sessions.open("other", Some(person), began);
        sessions.end_of(person);
        assert_eq!(sessions.get("other", began), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let sessions = Sessions::default();
        let began: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for number in 0..=SESSIONS_MAX {
            let later = began + SignedDuration::from_secs(number as i64);
            sessions.open(&number.to_string(), None, later);
        }
        assert_eq!(sessions.get("0", began), None);
        assert!(sessions.get("1", began).is_some());
    }
}
