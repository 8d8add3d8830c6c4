//! Checkpoints: a few lines that say which commit a ledger ended with, signed, to be kept elsewhere.
//!
//! The chain shows what was changed inside it. That its end was cut off, or that all of it was written anew with right
//! hashes, shows only against what somebody noted before: `docs/LEDGER_FORMAT.md` has the form.

mod keys;
mod lines;

use jiff::Timestamp;
use ring::signature::{ED25519, UnparsedPublicKey};
use throughline_model::observation::CommitNumber;
use uuid::Uuid;

pub use keys::{PublicKey, SigningKey};
use lines::{Lines, no_text};

use crate::commit::CommitHash;
use crate::error::Result;
use crate::hash::hex;
use crate::ledger::Ledger;
use crate::store;
use crate::stored::{commit_hash, stored_number, to_microsecond};
use crate::verify::{self, Problem, VerifyReport};

const TITLE: &str = "throughline checkpoint 1";

/// What to do where a checkpoint and a ledger do not agree.
const RESTORE: &str =
    "restore a backup that agrees with the checkpoint, and find out who could write to the ledger";

/// Where a ledger ended at a time, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The ledger.
    pub ledger: Uuid,
    /// The last commit; 0 while there was none.
    pub commit: CommitNumber,
    /// Its hash.
    pub hash: CommitHash,
    /// When the checkpoint was made.
    pub made_at: Timestamp,
    /// Whose signature it has.
    pub signed: Option<Signature>,
}

/// A signature, not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The key that it is said to be of.
    pub by: PublicKey,
    bytes: Vec<u8>,
}

impl Checkpoint {
    /// The same checkpoint, signed.
    #[must_use]
    pub fn signed_with(self, key: &SigningKey) -> Checkpoint {
        let by = key.public_key();
        let bytes = key.pair.sign(self.words(Some(&by)).as_bytes());
        let signature = Signature {
            by,
            bytes: bytes.as_ref().to_vec(),
        };
        Checkpoint {
            signed: Some(signature),
            ..self
        }
    }

    /// The checkpoint as text.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.signed {
            None => self.words(None),
            Some(signature) => {
                let words = self.words(Some(&signature.by));
                format!("{words}signature: {}\n", hex(&signature.bytes))
            }
        }
    }

    /// What is signed.
    fn words(&self, by: Option<&PublicKey>) -> String {
        let by = by.map(|key| format!("public key: {key}\n"));
        format!(
            "{TITLE}\nledger: {}\ncommit: {}\nhash: {}\nmade at: {}\n{}",
            self.ledger,
            self.commit,
            self.hash,
            self.made_at,
            by.unwrap_or_default()
        )
    }

    /// Reads the text of a checkpoint. Whether its signature is right is not looked at here.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchText`].
    pub fn parse(text: &str) -> Result<Checkpoint> {
        const WHAT: &str = "checkpoint";
        let mut lines = Lines::of(WHAT, text, TITLE)?;
        let ledger = lines.value("ledger")?.parse();
        let commit = lines.value("commit")?.parse();
        let hash = CommitHash(lines.bytes::<32>("hash")?);
        let made_at = lines.value("made at")?.parse();
        let checkpoint = Checkpoint {
            ledger: ledger.map_err(|_| no_text(WHAT, "its ledger is no id"))?,
            commit: CommitNumber(commit.map_err(|_| no_text(WHAT, "its commit is no number"))?),
            hash,
            made_at: made_at.map_err(|_| no_text(WHAT, "its time is none"))?,
            signed: if lines.is_at_end() {
                None
            } else {
                Some(Signature {
                    by: PublicKey(lines.bytes::<32>("public key")?.to_vec()),
                    bytes: lines.bytes::<64>("signature")?.to_vec(),
                })
            },
        };
        lines.end()?;
        // A text has one form, so that nothing in it goes unsigned.
        if checkpoint.text() == text.replace("\r\n", "\n") {
            Ok(checkpoint)
        } else {
            Err(no_text(
                WHAT,
                "it is written otherwise than checkpoints are",
            ))
        }
    }

    /// What is wrong with its signature.
    fn distrust(&self, trusted: Option<&PublicKey>) -> Option<&'static str> {
        let Some(signature) = &self.signed else {
            return trusted.map(|_| "the checkpoint is not signed");
        };
        if trusted.is_some_and(|trusted| *trusted != signature.by) {
            return Some("the checkpoint was signed with another key");
        }
        let key = UnparsedPublicKey::new(&ED25519, &signature.by.0);
        let words = self.words(Some(&signature.by));
        match key.verify(words.as_bytes(), &signature.bytes) {
            Ok(()) => None,
            Err(_) => Some("the signature of the checkpoint is not right: it was changed"),
        }
    }
}

impl Ledger {
    /// Where the ledger ends now, not signed yet.
    ///
    /// # Errors
    /// What the database says.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let (ledger, _) = store::ledger(&mut transaction).await?;
        let head = store::head(&mut transaction).await?;
        Ok(Checkpoint {
            ledger,
            commit: head.number,
            hash: head.hash,
            made_at: to_microsecond(self.inner.clock.now()),
            signed: None,
        })
    }

    /// Verifies the whole ledger, and that it still contains the commit of a checkpoint. With a public key the checkpoint
    /// must be signed by it.
    ///
    /// # Errors
    /// What the database says; what is wrong is in the report.
    pub async fn verify_against(
        &self,
        checkpoint: &Checkpoint,
        trusted: Option<&PublicKey>,
    ) -> Result<VerifyReport> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let mut report = verify::verify_with_the_plan(&mut transaction).await?;
        let problem = |commit, what: String, help: &str| Problem {
            commit,
            what,
            help: help.to_owned(),
        };
        if let Some(what) = checkpoint.distrust(trusted) {
            let help = "take the checkpoint from where it was kept, and the public key from whoever signed it";
            report.problems.push(problem(None, what.to_owned(), help));
        }
        let number = checkpoint.commit;
        let found = match store::ledger(&mut transaction).await {
            Ok((ledger, _)) if ledger != checkpoint.ledger => {
                let what = format!("the checkpoint is of another ledger, {}", checkpoint.ledger);
                report
                    .problems
                    .push(problem(None, what, "name the ledger that it is of"));
                return Ok(report);
            }
            Ok((ledger, created_at_us)) if number == CommitNumber(0) => {
                Some(crate::hash::of_ledger(ledger, created_at_us))
            }
            _ => {
                let stored = stored_number(number);
                let rows = store::commits(&mut transaction, stored, stored).await?;
                rows.first().and_then(|row| commit_hash(&row.hash))
            }
        };
        match found {
            Some(hash) if hash == checkpoint.hash => {}
            Some(_) => report.problems.push(problem(
                Some(number),
                "it has another hash than in the checkpoint: the ledger was written anew"
                    .to_owned(),
                RESTORE,
            )),
            None => report.problems.push(problem(
                Some(number),
                "it stands in the checkpoint and is not there: the end of the ledger was cut off"
                    .to_owned(),
                RESTORE,
            )),
        }
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Checkpoint {
        Checkpoint {
            ledger: Uuid::from_u128(7),
            commit: CommitNumber(3),
            hash: CommitHash([9; 32]),
            made_at: Timestamp::from_second(1_767_225_600).unwrap(),
            signed: None,
        }
    }

    #[test]
    fn checkpoints_and_keys_read_back() {
        let key = SigningKey::new(&|bytes: &mut [u8]| bytes.fill(7));
        for checkpoint in [sample(), sample().signed_with(&key)] {
            let text = checkpoint.text();
            assert_eq!(Checkpoint::parse(&text).unwrap(), checkpoint);
            assert_eq!(
                Checkpoint::parse(&text.replace('\n', "\r\n")).unwrap(),
                checkpoint
            );
            assert_eq!(checkpoint.distrust(None), None);
        }
        let again = SigningKey::parse(&key.text()).unwrap();
        assert_eq!(again.public_key(), key.public_key());
        let public = key.public_key();
        assert_eq!(PublicKey::parse(&public.text()).unwrap(), public);
    }

    /// Whatever is changed in a signed checkpoint, it does not read any more or its signature is not right.
    #[test]
    fn every_change_of_a_signed_checkpoint_is_found() {
        let key = SigningKey::new(&|bytes: &mut [u8]| bytes.fill(7));
        let text = sample().signed_with(&key).text();
        for position in 0..text.len() {
            for bit in 0..7 {
                let mut bytes = text.clone().into_bytes();
                bytes[position] ^= 1 << bit;
                let Ok(changed) = String::from_utf8(bytes) else {
                    continue;
                };
                let found = match Checkpoint::parse(&changed) {
                    Ok(read) => read.distrust(Some(&key.public_key())).is_some(),
                    Err(_) => true,
                };
                assert!(found, "bit {bit} of byte {position}: {changed}");
            }
        }
    }

    #[test]
    fn another_key_and_no_signature_are_found() {
        let key = SigningKey::new(&|bytes: &mut [u8]| bytes.fill(7));
        let other = SigningKey::new(&|bytes: &mut [u8]| bytes.fill(8));
        let check = |checkpoint: &Checkpoint, trusted: &SigningKey, expected: Option<&str>| {
            let said = checkpoint.distrust(Some(&trusted.public_key()));
            assert_eq!(said, expected);
        };
        let signed = sample().signed_with(&key);
        check(&signed, &key, None);
        check(
            &signed,
            &other,
            Some("the checkpoint was signed with another key"),
        );
        check(&sample(), &key, Some("the checkpoint is not signed"));
    }

    #[test]
    fn what_is_no_checkpoint_is_told() {
        let check = |text: &str, expected: &str| {
            let refused = Checkpoint::parse(text).unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        };
        let text = sample().text();
        check("", "does not begin with");
        check("throughline checkpoint 2\n", "does not begin with");
        check(&text.replace("commit: 3\n", ""), "`commit` is missing");
        check(&text.replace("commit: 3", "commit: three"), "no number");
        check(&text.replace("commit: 3", "commit: 03"), "otherwise");
        check(
            &text.replace("hash: 09", "hash: 0"),
            "64 hexadecimal digits",
        );
        check(&format!("{text}more\n"), "`public key` is missing");
        check(&"x".repeat(10_000), "does not begin with");
        assert!(SigningKey::parse("throughline signing key 1\nsecret: 00\n").is_err());
        assert!(PublicKey::parse(&text).is_err());
    }
}
