//! Sealing what is personal: each person has a data key of their own, and without it their name, key and address
//! cannot be read, in no backup and by nobody. Erasing a person is deleting that key.
//!
//! XChaCha20-Poly1305 with a random nonce for each field; the place of the field is authenticated with it, so that a
//! sealed text that is moved to another record or field does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use throughline_core::id::PersonId;
use throughline_model::{Kind, Tree};
use uuid::Uuid;

use crate::hash::{from_hex, hex};

/// Length of a data key, in bytes.
pub(crate) const KEY_LENGTH: usize = 32;

/// Length of a nonce, in bytes.
const NONCE_LENGTH: usize = 24;

/// Fills a slice with random bytes that nobody can foresee.
pub type Randomness = dyn Fn(&mut [u8]) + Send + Sync;

/// The key under which one person's fields are sealed.
#[derive(Clone)]
pub(crate) struct DataKey(pub(crate) [u8; KEY_LENGTH]);

impl DataKey {
    /// A new key.
    pub(crate) fn new(randomness: &Randomness) -> DataKey {
        let mut key = [0; KEY_LENGTH];
        randomness(&mut key);
        DataKey(key)
    }

    /// The tree of a field as it is stored: `{"sealed": "..."}`.
    pub(crate) fn seal(
        &self,
        place: &SealedPlace<'_>,
        field: &Tree,
        randomness: &Randomness,
    ) -> Tree {
        let mut nonce = [0; NONCE_LENGTH];
        randomness(&mut nonce);
        let plain = field.to_json();
        let aad = place.bytes();
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: &aad,
        };
        let cipher = XChaCha20Poly1305::new(&self.0.into());
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a field is far shorter than the 256 GiB that the cipher takes");
        let stored = hex(&[nonce.as_slice(), &sealed].concat());
        Tree::Map(vec![("sealed".to_owned(), Tree::text(stored))])
    }

    /// The tree of a field that was sealed at that place; `None` if this key did not seal it there.
    pub(crate) fn open(&self, place: &SealedPlace<'_>, stored: &str) -> Option<Tree> {
        let bytes = from_hex(stored)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>()?;
        let aad = place.bytes();
        let payload = Payload {
            msg: sealed,
            aad: &aad,
        };
        let cipher = XChaCha20Poly1305::new(&self.0.into());
        let plain = cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Tree::from_json(std::str::from_utf8(&plain).ok()?).ok()
    }
}

/// Where a sealed field stands.
#[derive(Clone, Copy)]
pub(crate) struct SealedPlace<'a> {
    pub(crate) person: PersonId,
    pub(crate) kind: Kind,
    pub(crate) record: Uuid,
    pub(crate) field: &'a str,
}

impl SealedPlace<'_> {
    /// The additional data: both ids, and the two words apart by a zero, which no word contains.
    fn bytes(&self) -> Vec<u8> {
        let kind = self.kind.word().as_bytes();
        let ids = [self.person.as_bytes().as_slice(), self.record.as_bytes()];
        [ids[0], ids[1], kind, &[0], self.field.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(number: u128, field: &str) -> SealedPlace<'_> {
        SealedPlace {
            person: PersonId::from_uuid(Uuid::from_u128(number)),
            kind: Kind::Person,
            record: Uuid::from_u128(number),
            field,
        }
    }

    #[test]
    fn a_sealed_field_opens_at_its_place_alone() {
        let fill: &Randomness = &|bytes| bytes.fill(9);
        let key = DataKey::new(fill);
        let field = Tree::text("Ruth Okafor");
        let sealed = key.seal(&place(1, "name"), &field, fill);
        let stored = sealed.get("sealed").and_then(Tree::scalar).unwrap();
        assert!(!stored.contains("Ruth"));
        assert_eq!(key.open(&place(1, "name"), stored), Some(field));
        assert_eq!(key.open(&place(1, "email"), stored), None);
        assert_eq!(key.open(&place(2, "name"), stored), None);
        assert_eq!(DataKey([1; 32]).open(&place(1, "name"), stored), None);
        for broken in [
            "",
            "00",
            "zz",
            stored.trim_start_matches("09"),
            &format!("{stored}00"),
        ] {
            assert_eq!(key.open(&place(1, "name"), broken), None, "{broken}");
        }
    }
}
