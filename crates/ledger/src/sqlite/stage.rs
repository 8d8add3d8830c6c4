//! A ledger that is made beside another one and then takes its place, with one change of a name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection as _};
use throughline_core::id::PersonId;
use uuid::Uuid;

use super::connect::{create_file, filled, publish, settle};
use super::{Connection, FILE_NAME, Pool, erased_persons};
use crate::commit::Head;
use crate::error::{LedgerError, Result};
use crate::naming::{give_name, sync_folder};

/// What SQLite writes beside a file.
const JOURNALS: [&str; 2] = ["-wal", "-shm"];

/// How long is waited for whoever has the ledger open that is to make room.
const HELD_WITHIN: Duration = Duration::from_secs(2);

/// A ledger in a file under another name.
pub(crate) struct Staged {
    folder: PathBuf,
    unfinished: PathBuf,
    made_the_folder: bool,
    pub(crate) pool: Pool,
}

/// Makes an empty ledger beside the place where it will stand.
///
/// # Errors
/// [`LedgerError::LedgerExists`] unless it is to be replaced; what the system or the database says.
pub(crate) async fn stage(
    folder: &Path,
    name: &str,
    id: Uuid,
    head: &Head,
    replace: bool,
) -> Result<Staged> {
    if folder.join(FILE_NAME).exists() && !replace {
        return Err(LedgerError::LedgerExists {
            location: folder.into(),
        });
    }
    let made_the_folder = !folder.exists();
    let unfinished = folder.join(format!("{name}.unfinished"));
    create_file(folder, &unfinished)?;
    match filled(&unfinished, id, head).await {
        Ok(pool) => Ok(Staged {
            folder: folder.to_owned(),
            unfinished,
            made_the_folder,
            pool,
        }),
        Err(error) => {
            remove(&unfinished);
            Err(error)
        }
    }
}

impl Staged {
    /// Gives it the name of the ledger. What had the name before keeps its contents under another one, which is
    /// returned. `erased`: whom that one is known to have erased.
    ///
    /// # Errors
    /// [`LedgerError::LedgerExists`]; [`LedgerError::InUse`] if somebody has that one open, or erased somebody else in it
    /// since; what the system says.
    pub(crate) async fn publish(
        self,
        replace: bool,
        erased: &BTreeSet<PersonId>,
    ) -> Result<Option<String>> {
        let file = self.folder.join(FILE_NAME);
        let published = match settle(self.pool.clone(), &self.unfinished).await {
            Ok(()) if replace && file.exists() => self.replace(&file, erased).await.map(Some),
            Ok(()) => publish(&self.unfinished, &file)
                .and_then(|()| sync_folder(&self.folder))
                .map(|()| None),
            Err(error) => Err(error),
        };
        self.discard().await;
        let kept_aside = published?;
        Ok(kept_aside.map(|path| path.display().to_string()))
    }

    /// Takes the place of a file, which nobody can open in the meantime.
    async fn replace(&self, file: &Path, erased: &BTreeSet<PersonId>) -> Result<PathBuf> {
        match hold(file).await? {
            Some(mut held) => {
                let replaced = match held.erased_only(erased).await {
                    Ok(()) => self.swap(file, &free_name(file)),
                    Err(error) => Err(error),
                };
                // Whoever waits for it until now has the file of before, and finds that it is none any more.
                held.let_go().await;
                replaced
            }
            None => {
                // The file is damaged, so that its journal could not be moved into it: both go, and the journal first,
                // which must not be taken for that of the new one.
                let aside = free_name(file);
                for journal in JOURNALS {
                    let beside = with_suffix(file, journal);
                    if beside.exists() {
                        std::fs::rename(&beside, with_suffix(&aside, journal))?;
                    }
                }
                self.swap(file, &aside)
            }
        }
    }

    /// Gives the name of a file to the new one, and keeps the file under another name.
    fn swap(&self, file: &Path, aside: &Path) -> Result<PathBuf> {
        give_name(file, aside)?;
        // Else a loss of power could bring the journal of the old one back beside the new one, or lose the name of the old.
        sync_folder(&self.folder)?;
        // A journal would be that of somebody who has the old file open, and would be taken for that of the new one.
        let is_in_use = |journal| with_suffix(file, journal).exists();
        if JOURNALS.into_iter().any(is_in_use) {
            return Err(LedgerError::InUse);
        }
        std::fs::rename(&self.unfinished, file)?;
        sync_folder(&self.folder)?;
        Ok(aside.to_owned())
    }

    /// Removes what is not yet, or no longer, needed.
    pub(crate) async fn discard(self) {
        self.pool.close().await;
        remove(&self.unfinished);
        if self.made_the_folder {
            // It stays if there is something in it.
            drop(std::fs::remove_dir(&self.folder));
        }
    }
}

/// A ledger all of which is in its file, and which nobody else can open as long as it is held.
struct Held(Connection);

/// Moves the journal of a ledger into its file and holds the file, for which nobody else may have it open. `None` where
/// that is not possible because the file is damaged.
///
/// # Errors
/// [`LedgerError::InUse`]; what keeps it from being done at this moment only.
async fn hold(file: &Path) -> Result<Option<Held>> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(HELD_WITHIN)
        .journal_mode(SqliteJournalMode::Delete)
        .pragma("secure_delete", "on")
        .disable_statement_logging();
    let held = async {
        let mut connection = options.connect().await?;
        sqlx::raw_sql("begin exclusive")
            .execute(&mut connection)
            .await?;
        // Whoever opened it in between has given it a journal again, beside which this lock keeps nobody off.
        let (journal,): (String,) = sqlx::query_as("pragma journal_mode")
            .fetch_one(&mut connection)
            .await?;
        Ok((connection, journal))
    };
    match held.await.map_err(|error: sqlx::Error| error.into()) {
        Ok((connection, journal)) if journal == "wal" => {
            drop(connection.close().await);
            Err(LedgerError::InUse)
        }
        Ok((connection, _)) => Ok(Some(Held(connection))),
        Err(LedgerError::Locked) => Err(LedgerError::InUse),
        Err(passing @ (LedgerError::DiskFull | LedgerError::InputOutput { .. })) => Err(passing),
        Err(_) => Ok(None),
    }
}

impl Held {
    /// That nobody is erased in it but these. Where it is damaged nobody can know.
    ///
    /// # Errors
    /// [`LedgerError::InUse`]: somebody was erased since it was looked at.
    async fn erased_only(&mut self, known: &BTreeSet<PersonId>) -> Result<()> {
        let erased = erased_persons(&mut self.0).await.unwrap_or_default();
        if erased.iter().all(|person| known.contains(person)) {
            Ok(())
        } else {
            Err(LedgerError::InUse)
        }
    }

    async fn let_go(self) {
        // Nothing was written, so that there is nothing to lose where that fails.
        drop(self.0.close().await);
    }
}

/// The first name of this form that is free: `ledger.sqlite.before-restore-1`.
fn free_name(file: &Path) -> PathBuf {
    (1_u64..)
        .map(|number| with_suffix(file, &format!(".before-restore-{number}")))
        .find(|name| !name.exists())
        .unwrap_or_else(|| with_suffix(file, ".before-restore"))
}

pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Removes a file with what SQLite wrote beside it. That it is gone already is as good.
pub(super) fn remove(file: &Path) {
    for journal in JOURNALS {
        drop(std::fs::remove_file(with_suffix(file, journal)));
    }
    drop(std::fs::remove_file(file));
}
