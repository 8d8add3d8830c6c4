//! Passwords: what one must be like, and the form in which it is kept. Argon2id with the parameters that OWASP's
//! Password Storage Cheat Sheet names first (46 MiB, one pass, one lane); the rules are those of NIST SP 800-63B: length,
//! a list of what anybody would guess, and no mixture of characters asked for.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::AppError;

/// The fewest characters.
pub const PASSWORD_LENGTH_MIN: usize = 15;
/// The most bytes: hashing takes as long as it takes, and a longer text adds nothing.
pub const PASSWORD_LENGTH_MAX: usize = 256;
/// The fewest different characters.
const DIFFERENT_MIN: usize = 5;
/// A name of fewer characters may stand in a password by chance.
const NAME_LENGTH_MIN: usize = 4;
const SALT_BYTES: usize = 16;
/// Memory of a hash, in KiB.
const MEMORY_KIB: u32 = 46 * 1024;

/// What anybody would try first, in small letters and without spaces.
const GUESSED: [&str; 12] = [
    "password",
    "passwort",
    "letmein",
    "qwerty",
    "abcdef",
    "iloveyou",
    "welcome",
    "throughline",
    "changeme",
    "secret",
    "administrator",
    "123456",
];

/// A password as it is kept.
pub(crate) struct Kept(String);

fn hasher() -> Argon2<'static> {
    let params =
        Params::new(MEMORY_KIB, 1, 1, None).expect("parameters within the limits of Argon2");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl Kept {
    /// Of a password, with a random salt. Takes tens of milliseconds and 46 MiB.
    pub(crate) fn of(password: &str, salt: [u8; SALT_BYTES]) -> Result<Kept, AppError> {
        let failed = |error| AppError::failed("the password could not be kept", format!("{error}"));
        let salt = SaltString::encode_b64(&salt).map_err(failed)?;
        let hash = hasher()
            .hash_password(password.as_bytes(), &salt)
            .map_err(failed)?;
        Ok(Kept(hash.to_string()))
    }

    /// From bytes that were kept.
    pub(crate) fn read(bytes: Vec<u8>) -> Option<Kept> {
        String::from_utf8(bytes).ok().map(Kept)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether it is of that password.
    pub(crate) fn is_of(&self, password: &str) -> bool {
        let Ok(hash) = PasswordHash::new(&self.0) else {
            return false;
        };
        hasher().verify_password(password.as_bytes(), &hash).is_ok()
    }
}

/// What is wrong with a password, if anything is; `names` are what others know of the person.
pub(crate) fn refuse_weak(password: &str, names: &[&str]) -> Result<(), AppError> {
    let help = "a few words that have nothing to do with each other are easy to remember and hard to guess";
    let refuse = |message: String| Err(AppError::bad_request(message).with_help(help));
    if password.chars().count() < PASSWORD_LENGTH_MIN {
        return refuse(format!(
            "the password must have {PASSWORD_LENGTH_MIN} characters or more"
        ));
    }
    if password.len() > PASSWORD_LENGTH_MAX {
        return refuse(format!(
            "the password may have {PASSWORD_LENGTH_MAX} bytes at most"
        ));
    }
    let plain: String = password.to_lowercase().split_whitespace().collect();
    let mut different: Vec<char> = plain.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT_MIN {
        return refuse("the password repeats a few characters".to_owned());
    }
    let names = names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let names = names
        .map(str::to_lowercase)
        .filter(|name| name.chars().count() >= NAME_LENGTH_MIN);
    let guessed = GUESSED.into_iter().map(str::to_owned).chain(names);
    // What is left once everything is taken out that anybody would guess has to be long enough by itself.
    let left = guessed.fold(plain, |left, word| left.replace(&word, ""));
    if left.chars().count() < PASSWORD_LENGTH_MIN / 2 {
        return refuse("the password is made of what anybody would try first".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_knows_its_password_alone() {
        let kept = Kept::of("four unrelated plain words", [7; SALT_BYTES]).unwrap();
        assert!(kept.is_of("four unrelated plain words"));
        assert!(!kept.is_of("four unrelated plain word"));
        assert!(!kept.is_of(""));
        let text = std::str::from_utf8(kept.bytes()).unwrap();
        assert!(
            text.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"),
            "{text}"
        );
        let other = Kept::of("four unrelated plain words", [8; SALT_BYTES]).unwrap();
        assert_ne!(kept.bytes(), other.bytes());
        assert!(!Kept::read(b"damaged".to_vec()).unwrap().is_of("damaged"));
    }

    #[test]
    fn a_password_is_long_and_not_guessed() {
        let names = ["Ruth Okafor", "ruth@example.org", "Harbour Airports"];
        let check = |password: &str, expected: Option<&str>| {
            let told = refuse_weak(password, &names)
                .err()
                .map(|error| error.to_string());
            assert_eq!(told.as_deref(), expected, "{password}");
        };
        check("correct horse battery staple", None);
        check("ein langer Satz über Züge", None);
        let short = Some("the password must have 15 characters or more");
        check("", short);
        check("x7$kQ!z9", short);
        check("fourteen chars", short);
        check(
            "aaaaaaaaaaaaaaaaaaaa",
            Some("the password repeats a few characters"),
        );
        let guessed = Some("the password is made of what anybody would try first");
        check("Password123456!", guessed);
        check("ruth okafor harbour", guessed);
        check("qwerty qwerty qwerty", guessed);
        check(
            &"long enough ".repeat(40),
            Some("the password may have 256 bytes at most"),
        );
    }
}
