//! The outbox: which mail is to be sent to whom, and how far that is. A row stands for one mail, by person, sort and day, so
//! that none is there twice; it holds no words and no address, which are made when it is sent.
//!
//! A mail cannot be sent exactly once: between handing it over and noting that, a server can end. A row says `sending`
//! before; one that is found so afterwards is told and not sent again. Each mail is sent at most once.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_core::{PersonId, Uuid};
use throughline_ledger::{Ledger, WORKINGS_READ_MAX, Workings};

use super::matters::MailKind;
use crate::AppError;

/// Under which purpose the rows are kept among the workings.
const PURPOSE: &str = "mail";
/// Under which purpose it is kept that the mails of a day are in the outbox.
const MADE: &str = "mail-made";

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It waits: for its turn, or for the next try.
    Waiting {
        /// How often it was tried in vain.
        tries: u32,
        /// From when on it is tried, in microseconds.
        from: i64,
    },
    /// It is being sent.
    Sending {
        /// How often it was tried in vain before.
        tries: u32,
        /// Since when, in microseconds.
        since: i64,
    },
    /// The mail server took it.
    Sent,
    /// There was nothing left to say, or nobody left who wants it.
    Nothing,
    /// It was not sent and will not be.
    GivenUp,
    /// It may have been sent.
    Unknown,
}

/// Which mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Which {
    pub person: PersonId,
    pub kind: MailKind,
    pub day: Date,
}

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub which: Which,
    pub state: State,
    body: Vec<u8>,
}

impl Which {
    fn key(&self) -> String {
        let (person, kind) = (self.person.as_uuid(), self.kind.word());
        format!("{person}/{kind}/{}", self.day)
    }

    fn read(key: &str) -> Option<Which> {
        let mut parts = key.splitn(3, '/');
        Some(Which {
            person: PersonId::from_uuid(parts.next()?.parse::<Uuid>().ok()?),
            kind: MailKind::of(parts.next()?)?,
            day: parts.next()?.parse().ok()?,
        })
    }

    /// What stands for the mail wherever it goes.
    pub fn id(&self) -> String {
        let digest = Sha256::digest(self.key());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// All workings of a purpose.
pub(super) async fn all(workings: &Workings<'_>) -> Result<Vec<(String, Vec<u8>)>, AppError> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    loop {
        let last = all.last().map_or("", |(key, _)| key.as_str());
        let read = workings.after(last).await?;
        let is_end = read.len() < WORKINGS_READ_MAX;
        all.extend(read);
        if is_end {
            return Ok(all);
        }
    }
}

fn written(state: State) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(&state).map_err(|error| AppError::failed("a mail could not be kept", error))
}

/// Every row.
pub(super) async fn rows(ledger: &Ledger) -> Result<Vec<Row>, AppError> {
    let kept = all(&ledger.workings(PURPOSE)).await?.into_iter();
    let rows = kept.filter_map(|(key, body)| {
        Some(Row {
            which: Which::read(&key)?,
            state: serde_json::from_slice(&body).ok()?,
            body,
        })
    });
    Ok(rows.collect())
}

/// Puts a mail there, unless it is.
pub(super) async fn put(
    ledger: &Ledger,
    which: Which,
    from: Timestamp,
    until: Timestamp,
) -> Result<(), AppError> {
    let state = State::Waiting {
        tries: 0,
        from: from.as_microsecond(),
    };
    let body = written(state)?;
    ledger
        .workings(PURPOSE)
        .put_new(&which.key(), &body, until)
        .await?;
    Ok(())
}

/// Changes how far a mail is. Returns the row as it is now; `None` if somebody else has changed it meanwhile.
pub(super) async fn change(
    ledger: &Ledger,
    row: &Row,
    state: State,
) -> Result<Option<Row>, AppError> {
    let body = written(state)?;
    let changed = ledger
        .workings(PURPOSE)
        .replace(&row.which.key(), &row.body, &body)
        .await?;
    let (which, state) = (row.which, state);
    Ok(changed.then_some(Row { which, state, body }))
}

/// The days of which all mails are in the outbox, by sort.
pub(super) async fn made(ledger: &Ledger) -> Result<Vec<(MailKind, Date)>, AppError> {
    let kept = all(&ledger.workings(MADE)).await?.into_iter();
    let days = kept.filter_map(|(key, _)| {
        let (kind, day) = key.split_once('/')?;
        Some((MailKind::of(kind)?, day.parse().ok()?))
    });
    Ok(days.collect())
}

/// Notes that all mails of a day are in the outbox.
pub(super) async fn note_made(
    ledger: &Ledger,
    kind: MailKind,
    day: Date,
    until: Timestamp,
) -> Result<(), AppError> {
    let key = format!("{}/{day}", kind.word());
    ledger.workings(MADE).put(&key, b"", until).await?;
    Ok(())
}
