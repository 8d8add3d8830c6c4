//! A ledger that is made beside another one and then takes its place, with one change of a name.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection as _};
use uuid::Uuid;

use super::connect::{create_file, filled, publish, settle};
use super::{FILE_NAME, Pool};
use crate::backup::sync_folder;
use crate::commit::Head;
use crate::error::{LedgerError, Result};

/// What SQLite writes beside a file.
const JOURNALS: [&str; 2] = ["-wal", "-shm"];

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
    /// returned.
    ///
    /// # Errors
    /// [`LedgerError::LedgerExists`], [`LedgerError::InUse`]; what the system says.
    pub(crate) async fn publish(self, replace: bool) -> Result<Option<String>> {
        let file = self.folder.join(FILE_NAME);
        let published = match settle(self.pool.clone(), &self.unfinished).await {
            Ok(()) if replace && file.exists() => self.replace(&file).await.map(Some),
            Ok(()) => publish(&self.unfinished, &file).map(|()| None),
            Err(error) => Err(error),
        };
        self.discard().await;
        let kept_aside = published?;
        sync_folder(file.parent().unwrap_or(Path::new("")))?;
        Ok(kept_aside.map(|path| path.display().to_string()))
    }

    async fn replace(&self, file: &Path) -> Result<PathBuf> {
        let aside = free_name(file);
        let has_journal = !fold_journal(file).await?;
        if has_journal {
            // The file is damaged, so that its journal could not be moved into it: both go, and the journal first,
            // which must not be taken for that of the new one.
            for journal in JOURNALS {
                let beside = with_suffix(file, journal);
                if beside.exists() {
                    std::fs::rename(&beside, with_suffix(&aside, journal))?;
                }
            }
        }
        // With a second name there is a ledger under the first one at every moment.
        if std::fs::hard_link(file, &aside).is_err() {
            std::fs::rename(file, &aside)?;
        }
        // Else a loss of power could bring the journal of the old one back beside the new one, or lose the name of the old.
        sync_folder(&self.folder)?;
        std::fs::rename(&self.unfinished, file)?;
        Ok(aside)
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

/// Moves the journal of a ledger into its file, for which nobody else may have it open. Returns whether that was
/// possible: it is not where the file is damaged.
///
/// # Errors
/// [`LedgerError::InUse`].
async fn fold_journal(file: &Path) -> Result<bool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(super::BUSY_TIMEOUT.min(std::time::Duration::from_secs(2)))
        .journal_mode(SqliteJournalMode::Delete)
        .pragma("secure_delete", "on")
        .disable_statement_logging();
    match options.connect().await {
        Ok(mut connection) => {
            let mode: std::result::Result<(String,), sqlx::Error> =
                sqlx::query_as("pragma journal_mode")
                    .fetch_one(&mut connection)
                    .await;
            drop(connection.close().await);
            match mode {
                Ok((mode,)) if mode == "wal" => Err(LedgerError::InUse),
                Ok(_) => Ok(true),
                Err(_) => Ok(false),
            }
        }
        Err(error) => match error.into() {
            LedgerError::Locked => Err(LedgerError::InUse),
            _ => Ok(false),
        },
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
