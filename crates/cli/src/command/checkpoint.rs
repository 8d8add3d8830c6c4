//! `checkpoint`: a few signed lines that say where the ledger ends, to be kept elsewhere.

use std::path::{Path, PathBuf};

use serde::Serialize;
use throughline_app::{AppError, checkpoint as checkpoint_of, files, new_signing_key};
use throughline_ledger::{PublicKey, SigningKey};

use super::{Outcome, Session};
use crate::arguments::Checkpoint;

/// The answer of `checkpoint`.
#[derive(Serialize)]
struct Made {
    ledger: String,
    commit: u64,
    hash: String,
    made_at: String,
    public_key: Option<String>,
    file: Option<String>,
    text: String,
}

/// The answer of `checkpoint --new-key`.
#[derive(Serialize)]
struct NewKey {
    key: String,
    public_key_file: String,
    public_key: String,
}

/// Makes a checkpoint, or a key that signs some.
///
/// # Errors
/// If there is no ledger, the key does not read, or a file is there already or cannot be written.
pub async fn run(session: &Session<'_>, asked: &Checkpoint) -> Result<Outcome, AppError> {
    if let Some(secret) = &asked.new_key {
        return new_key(session, secret).await;
    }
    let key = match &asked.key {
        Some(file) => Some(SigningKey::parse(&files::read_small_text(file)?)?),
        None => None,
    };
    let checkpoint = checkpoint_of(&session.ctx, key.as_ref()).await?;
    let text = checkpoint.text();
    if let Some(file) = &asked.file {
        files::write_new(file, &text)?;
    }
    if session.is_json() {
        session.print_json(&Made {
            ledger: checkpoint.ledger.to_string(),
            commit: checkpoint.commit.0,
            hash: checkpoint.hash.to_string(),
            made_at: checkpoint.made_at.to_string(),
            public_key: checkpoint.signed.map(|signature| signature.by.to_string()),
            file: asked.file.as_ref().map(|file| file.display().to_string()),
            text,
        })?;
    } else if let Some(file) = &asked.file {
        session.print(&format!(
            "Wrote the checkpoint of commit {} to {}.\n",
            checkpoint.commit,
            file.display()
        ))?;
    } else {
        session.print(&text)?;
    }
    if key.is_none() {
        session.say("The checkpoint is not signed; `--key FILE` signs it.");
    }
    Ok(Outcome::Done)
}

async fn new_key(session: &Session<'_>, secret: &Path) -> Result<Outcome, AppError> {
    let mut public = secret.as_os_str().to_owned();
    public.push(".pub");
    let public = PathBuf::from(public);
    let key: PublicKey = new_signing_key(&session.ctx, secret, &public).await?;
    if session.is_json() {
        session.print_json(&NewKey {
            key: secret.display().to_string(),
            public_key_file: public.display().to_string(),
            public_key: key.to_string(),
        })?;
        return Ok(Outcome::Done);
    }
    session.print(&format!(
        "Wrote the key to {}, and its public key to {}.\n",
        secret.display(),
        public.display()
    ))?;
    session.say("Keep the key where those who can write to the ledger cannot read it.");
    Ok(Outcome::Done)
}
