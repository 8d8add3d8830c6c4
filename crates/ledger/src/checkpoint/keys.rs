//! The keys that sign checkpoints, and those by which their signatures are known: each a few lines of text.

use std::path::Path;

use ring::signature::{Ed25519KeyPair, KeyPair};

use super::lines::{Lines, no_text};
use crate::backup::NewFile;
use crate::error::Result;
use crate::hash::hex;
use crate::naming::folder_of;
use crate::seal::Randomness;

const TITLE_OF_SECRET: &str = "throughline signing key 1";
const TITLE_OF_PUBLIC: &str = "throughline public key 1";

/// The key by which a signature is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(pub(super) Vec<u8>);

/// The key that signs.
pub struct SigningKey {
    seed: [u8; 32],
    pub(super) pair: Ed25519KeyPair,
}

impl SigningKey {
    /// A new key.
    ///
    /// # Panics
    /// Never: every 32 bytes are a key.
    #[must_use]
    pub fn new(randomness: &Randomness) -> SigningKey {
        let mut seed = [0; 32];
        randomness(&mut seed);
        Self::of_seed(seed).expect("every 32 bytes are a key")
    }

    fn of_seed(seed: [u8; 32]) -> Option<SigningKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok()?;
        Some(SigningKey { seed, pair })
    }

    /// Reads the text of [`SigningKey::text`].
    ///
    /// # Errors
    /// [`LedgerError::NoSuchText`]; it does not repeat what was given.
    pub fn parse(text: &str) -> Result<SigningKey> {
        let mut lines = Lines::of("signing key", text, TITLE_OF_SECRET)?;
        let seed = lines.bytes::<32>("secret")?;
        lines.end()?;
        Self::of_seed(seed).ok_or_else(|| no_text("signing key", "its secret is none"))
    }

    /// The key as text. Whoever has it can sign.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{TITLE_OF_SECRET}\nsecret: {}\n", hex(&self.seed))
    }

    /// The key by which its signatures are known.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.pair.public_key().as_ref().to_vec())
    }

    /// Writes the key to a new file that nobody but its owner can read.
    ///
    /// # Errors
    /// [`LedgerError::FileExists`]; what the system says.
    pub fn save(&self, file: &Path, randomness: &Randomness) -> Result<()> {
        save(file, &self.text(), randomness)
    }
}

/// Writes a text to a new file that nobody but its owner can read.
fn save(file: &Path, text: &str, randomness: &Randomness) -> Result<()> {
    use std::io::Write;
    let mut new = NewFile::begin(folder_of(file), randomness)?;
    new.write_all(text.as_bytes())?;
    new.finish(file)
}

impl PublicKey {
    /// Reads the text of [`PublicKey::text`].
    ///
    /// # Errors
    /// [`LedgerError::NoSuchText`].
    pub fn parse(text: &str) -> Result<PublicKey> {
        let mut lines = Lines::of("public key", text, TITLE_OF_PUBLIC)?;
        let key = PublicKey(lines.bytes::<32>("public")?.to_vec());
        lines.end()?;
        Ok(key)
    }

    /// The key as text.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{TITLE_OF_PUBLIC}\npublic: {self}\n")
    }

    /// Writes the key to a new file.
    ///
    /// # Errors
    /// [`LedgerError::FileExists`]; what the system says.
    pub fn save(&self, file: &Path, randomness: &Randomness) -> Result<()> {
        save(file, &self.text(), randomness)
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}
