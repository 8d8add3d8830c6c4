//! Restoring a backup: into a fresh place beside, verified there as a whole, and only then put in the place of the ledger.
//!
//! Whatever goes wrong before that, or stops the process, leaves what was there untouched. Workings are not restored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::actor::Origin;
use throughline_core::clock::Clock;
use throughline_core::id::PersonId;
use throughline_model::Kind;

use crate::backup::{Backup, BackupHeader, Part, read_keys};
use crate::body::{self, DataKeys};
use crate::commit::{Commit, Head};
use crate::error::{LedgerError, Result};
use crate::hash;
use crate::ledger::Ledger;
use crate::location::Location;
use crate::seal::{DataKey, Randomness};
use crate::store::{self, Transaction};
use crate::stored::{StoredChange, Version};
use crate::verify::{self, VerifyReport};

/// How a backup is restored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RestoreOptions {
    /// Whether a ledger that is there makes room; it is kept aside.
    pub replace: bool,
}

/// What restoring did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Where the line of commits ends.
    pub head: Head,
    /// When the backup was taken.
    pub taken_at: Timestamp,
    /// What was verified before the ledger came to its place.
    pub report: VerifyReport,
    /// What became of the data keys.
    pub keys: RestoredKeys,
    /// Where the ledger is that was there before.
    pub kept_aside: Option<String>,
    /// How many persons were erased anew, each with a commit after those of the backup, because the ledger that made
    /// room had erased them.
    pub erased_anew: u64,
    /// Why it is not known whom the ledger that made room had erased, where it could not be read.
    pub erasures_unknown: Option<String>,
}

/// What became of data keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RestoredKeys {
    /// How many persons can be read.
    pub restored: u64,
    /// How many keys were left out because their persons are erased.
    pub erased: u64,
    /// How many keys were left out because the ledger has nothing sealed of their persons.
    pub unknown: u64,
    /// How many persons stay sealed because there is no key of them, though they are not erased.
    pub missing: u64,
    /// How many persons stay sealed because the key that the ledger has of them opens nothing, and the file has no other.
    pub unopened: u64,
}

/// The reason of a commit that erases somebody while a backup is restored.
const ERASED_ANEW: &str = "erased in the ledger that made room for this one";

/// Why a backup is refused whose commits end elsewhere than it says.
const OTHER_COMMITS: &str = "it does not contain the commits that its header names";

/// Whose data keys belong into a ledger.
#[derive(Default)]
struct Persons {
    sealed: BTreeSet<PersonId>,
    erased: BTreeSet<PersonId>,
    /// Those who have a key already.
    with_key: BTreeSet<PersonId>,
}

impl Ledger {
    /// Restores a backup, with or without the data keys.
    ///
    /// A person who is erased by a commit of the backup stays erased, whatever keys there are. Whom the ledger that makes
    /// room had erased besides is erased anew, by commits after those of the backup, so that no later key and no later
    /// backup brings them back, also where this one does not know them.
    ///
    /// # Errors
    /// [`LedgerError::LedgerExists`] without `replace`; [`LedgerError::BackupRefused`] if the backup or the keys are not
    /// as they were written, or of different ledgers; [`LedgerError::InUse`] if another process has the ledger open that
    /// is to make room, or erased somebody in it meanwhile; what the system or the database says, also if it keeps the
    /// ledger that is to make room from being read at this moment only. Nothing is changed then.
    pub async fn restore(
        location: impl Into<Location>,
        backup: &Path,
        keys: Option<&Path>,
        options: RestoreOptions,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Result<Restored> {
        let location = location.into();
        let mut backup = Backup::open(backup)?;
        let keys = match keys {
            Some(file) => keys_of(file, &backup.header)?,
            None => Vec::new(),
        };
        let before = if options.replace {
            erased_before(&location, &clock, &randomness).await?
        } else {
            Erased::default()
        };
        let mut distinct = [0; 8];
        randomness(&mut distinct);
        let name = format!("restore_{}", hash::hex(&distinct));
        let header = backup.header;
        let empty = Head {
            number: throughline_model::observation::CommitNumber(0),
            hash: hash::of_ledger(header.ledger, header.created_at.as_microsecond()),
            at: header.created_at,
        };
        let staged = store::stage(&location, &name, header.ledger, &empty, options.replace).await?;
        let ledger = Ledger::of(location, staged.pool(), clock, randomness);
        let filled = fill(&ledger, &mut backup, keys, &before.persons).await;
        let filled = match filled {
            Ok(filled) => filled,
            Err(error) => {
                staged.discard().await;
                return Err(error);
            }
        };
        let kept_aside = staged.publish(options.replace, &before.persons).await?;
        Ok(Restored {
            head: filled.head,
            taken_at: header.taken_at,
            report: filled.report,
            keys: filled.keys,
            kept_aside,
            erased_anew: filled.erased_anew,
            erasures_unknown: before.unknown,
        })
    }

    /// Adds data keys to a ledger that was restored without them, and puts them in the place of those that open nothing.
    /// Persons who are erased stay erased; a key that opens nothing stays where the file has no other for its person, and
    /// keeps nobody else's out.
    ///
    /// # Errors
    /// [`LedgerError::BackupRefused`] if the file is not as it was written, or of another ledger; what the database says.
    pub async fn restore_keys(&self, file: &Path) -> Result<RestoredKeys> {
        let (header, keys) = read_keys(file)?;
        let mut transaction = self.inner.pool.begin_write().await?;
        let (ledger, _) = store::ledger(&mut transaction).await?;
        if header.ledger != ledger {
            return Err(of_another_ledger(file));
        }
        let of_file: BTreeMap<PersonId, Vec<u8>> = keys.iter().cloned().collect();
        let mut persons = Persons::of(&mut transaction).await?;
        // Set aside while the others are verified.
        let mut unopened = Vec::new();
        for (person, key) in store::data_keys(&mut transaction).await? {
            let is_other = of_file.get(&person).is_some_and(|other| *other != key);
            let opens = opens(&mut transaction, person, key.clone()).await?;
            if !opens {
                store::delete_data_key(&mut transaction, person).await?;
            }
            if opens || !is_other {
                persons.with_key.insert(person);
            }
            unopened.extend((!opens && !is_other).then_some((person, key)));
        }
        let mut restored = persons.insert(&mut transaction, keys).await?;
        restored.unopened = unopened.len() as u64;
        let report = verify::verify(&mut transaction, verify::Keys::MayBeMissing).await?;
        if let Some(problem) = report.problems.first() {
            return Err(LedgerError::BackupRefused {
                what: "file of data keys",
                file: file.display().to_string(),
                why: format!("with it the ledger does not verify: {}", problem.what),
            });
        }
        for (person, key) in &unopened {
            store::insert_data_key(&mut transaction, *person, key).await?;
        }
        transaction.commit().await?;
        Ok(restored)
    }
}

/// Whether a data key opens what is sealed of its person.
async fn opens(transaction: &mut Transaction, person: PersonId, key: Vec<u8>) -> Result<bool> {
    let Ok(key) = key.try_into() else {
        return Ok(false);
    };
    let keys = DataKeys::from([(person, DataKey(key))]);
    for row in store::versions_of_record(transaction, Kind::Person, person.as_uuid()).await? {
        let version = row.read()?;
        let is_sealed = body::has_sealed(&version.body);
        if is_sealed && body::key_of(version.kind, version.id, &version.body, &keys).is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The keys of a file, if it belongs to the backup.
fn keys_of(file: &Path, backup: &BackupHeader) -> Result<Vec<(PersonId, Vec<u8>)>> {
    let (header, keys) = read_keys(file)?;
    if header.ledger == backup.ledger {
        Ok(keys)
    } else {
        Err(of_another_ledger(file))
    }
}

fn of_another_ledger(file: &Path) -> LedgerError {
    LedgerError::BackupRefused {
        what: "file of data keys",
        file: file.display().to_string(),
        why: "it belongs to another ledger".to_owned(),
    }
}

/// Who is erased in a ledger that makes room.
#[derive(Default)]
struct Erased {
    persons: BTreeSet<PersonId>,
    /// Why that is not known.
    unknown: Option<String>,
}

/// The persons who are erased in the ledger that makes room. It may be damaged, which is why it makes room; then it is said
/// that nobody knows.
///
/// # Errors
/// What keeps it from being read at this moment only: it is there, and says it once the obstacle is gone.
async fn erased_before(
    location: &Location,
    clock: &Arc<dyn Clock>,
    randomness: &Arc<Randomness>,
) -> Result<Erased> {
    let read = async {
        let ledger = Ledger::open(location, Arc::clone(clock), Arc::clone(randomness)).await?;
        let erased = match ledger.inner.pool.begin_read().await {
            Ok(mut transaction) => store::erased_persons(&mut transaction).await,
            Err(error) => Err(error),
        };
        ledger.close().await;
        erased
    };
    match read.await {
        Ok(persons) => Ok(Erased {
            persons: persons.into_iter().collect(),
            unknown: None,
        }),
        Err(LedgerError::NoLedger { .. }) => Ok(Erased::default()),
        Err(
            passing @ (LedgerError::Locked
            | LedgerError::Unavailable { .. }
            | LedgerError::AccessRefused { .. }
            | LedgerError::DiskFull),
        ) => Err(passing),
        Err(lasting) => Ok(Erased {
            persons: BTreeSet::new(),
            unknown: Some(lasting.to_string()),
        }),
    }
}

/// What became of an empty ledger.
struct Filled {
    head: Head,
    report: VerifyReport,
    keys: RestoredKeys,
    erased_anew: u64,
}

/// Fills an empty ledger with a backup and keys, erases anew whom another ledger had erased, and verifies it.
async fn fill(
    ledger: &Ledger,
    backup: &mut Backup,
    keys: Vec<(PersonId, Vec<u8>)>,
    erased: &BTreeSet<PersonId>,
) -> Result<Filled> {
    let pool = &ledger.inner.pool;
    let mut persons = Persons::default();
    let mut transaction = pool.begin_write().await?;
    persons.read(backup, &mut transaction).await?;
    // Also those of whom this backup knows nothing: a later one may, and its keys would bring them back.
    let anew: Vec<PersonId> = erased.difference(&persons.erased).copied().collect();
    persons.erased.extend(&anew);
    let keys = persons.insert(&mut transaction, keys).await?;
    let header = backup.header;
    store::update_head(&mut transaction, &header.head).await?;
    transaction.commit().await?;
    let last = backup.commit().map(|last| (last.number, last.hash));
    if last.is_some_and(|last| last != (header.head.number, header.head.hash)) {
        return Err(backup.refused(OTHER_COMMITS));
    }
    let mut head = header.head;
    if !anew.is_empty() {
        let mut writer = ledger.write().await?;
        for person in &anew {
            let reason = Some(ERASED_ANEW.to_owned());
            writer
                .erase_known(*person, None, Origin::Job, reason)
                .await?;
        }
        head = writer.finish().await?;
    }

    let mut transaction = pool.begin_read().await?;
    let report = verify::verify(&mut transaction, verify::Keys::MayBeMissing).await?;
    if let Some(problem) = report.problems.first() {
        let place = problem.commit.map(|number| format!("commit {number}: "));
        let place = place.unwrap_or_default();
        return Err(backup.refused(format!("it does not verify: {place}{}", problem.what)));
    }
    if report.head != Some(head.hash) || report.commits != head.number.0 {
        return Err(backup.refused(OTHER_COMMITS));
    }
    Ok(Filled {
        head,
        report,
        keys,
        erased_anew: anew.len() as u64,
    })
}

impl Persons {
    /// The persons of a ledger.
    async fn of(transaction: &mut Transaction) -> Result<Persons> {
        let mut persons = Persons::default();
        let head = store::head(transaction).await?;
        for number in 1..=crate::stored::stored_number(head.number) {
            // A damaged head may name any number; `verify` says so.
            if store::commits(transaction, number, number)
                .await?
                .is_empty()
            {
                break;
            }
            let rows = store::versions(transaction, number, number).await?;
            let versions: Vec<Version> = rows
                .into_iter()
                .map(|row| row.read())
                .collect::<Result<_>>()?;
            persons.note(&versions);
        }
        Ok(persons)
    }

    /// Writes what a backup contains, and notes whose it is.
    async fn read(&mut self, backup: &mut Backup, transaction: &mut Transaction) -> Result<()> {
        let mut closed = Vec::new();
        while let Some(part) = backup.next()? {
            match part {
                Part::Draft(draft) => {
                    store::insert_label(transaction, &draft).await?;
                    closed.extend(draft.closed.is_some().then_some(draft));
                }
                Part::Commit(commit) => store::insert_commit(transaction, &commit).await?,
                Part::Records(versions) => {
                    let commit: Option<Commit> = backup.commit().cloned();
                    if let Some(commit) = commit {
                        store::insert_versions(transaction, &commit, &versions).await?;
                    }
                    self.note(&versions);
                }
                Part::Block(block) => store::insert_block(transaction, &block).await?,
            }
        }
        for draft in &closed {
            store::close_label(transaction, draft).await?;
        }
        Ok(())
    }

    fn note(&mut self, versions: &[Version]) {
        for version in versions {
            let Some(person) = body::subject(version.kind, version.id) else {
                continue;
            };
            match version.change {
                StoredChange::Put if body::has_sealed(&version.body) => {
                    self.sealed.insert(person);
                }
                StoredChange::Erase => {
                    self.erased.insert(person);
                }
                _ => {}
            }
        }
    }

    /// Inserts the keys of those who are sealed, not erased, and have none.
    async fn insert(
        &self,
        transaction: &mut Transaction,
        keys: Vec<(PersonId, Vec<u8>)>,
    ) -> Result<RestoredKeys> {
        let mut answer = RestoredKeys::default();
        for (person, key) in keys {
            if self.erased.contains(&person) {
                answer.erased += 1;
            } else if !self.sealed.contains(&person) {
                answer.unknown += 1;
            } else if !self.with_key.contains(&person) {
                store::insert_data_key(transaction, person, &key).await?;
                answer.restored += 1;
            }
        }
        let not_erased = self.sealed.difference(&self.erased);
        let without = not_erased.filter(|person| !self.with_key.contains(*person));
        answer.missing = (without.count() as u64).saturating_sub(answer.restored);
        Ok(answer)
    }
}
