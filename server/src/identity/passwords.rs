//! Passwords of staff: argon2id, a few at a time.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// The fewest characters of a password.
pub const MIN_CHARS: usize = 10;

/// The most bytes of a password.
pub const MAX_BYTES: usize = 512;

/// A hash of a random password that nobody kept: verified where there is no account, so that an
/// attempt takes as long there.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y3VtYnJlLW5vYm9keSEhIQ$Z3l0dGJtc2tqcXdlcnR5dWlvcGFzZGZnaGprbHp4Y3Y";

/// Hashes and verifies passwords on blocking threads, at most a few at a time: each takes 19 MiB
/// and tens of milliseconds of a core.
pub struct Passwords {
    turns: Semaphore,
}

/// Whether `password` may be set.
pub fn is_acceptable(password: &str) -> bool {
    password.chars().count() >= MIN_CHARS && password.len() <= MAX_BYTES
}

/// Hashes a password on this thread.
pub fn hash(password: &str) -> Option<String> {
    hasher()?.hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// The parameters that OWASP's password storage cheat sheet names for argon2id.
fn hasher() -> Option<Argon2<'static>> {
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None).ok()?))
}

impl Passwords {
    /// At most `at_once` at a time.
    pub fn new(at_once: usize) -> Self {
        Self { turns: Semaphore::new(at_once.max(1)) }
    }

    /// Hashes a password. `None` if the machine could not.
    pub async fn hash(&self, password: String) -> Option<String> {
        let _turn = self.turns.acquire().await.ok()?;
        tokio::task::spawn_blocking(move || hash(&password)).await.ok().flatten()
    }

    /// Whether `password` belongs to `hash`; without a hash it does not, after the same work.
    pub async fn is_right(&self, password: String, hash: Option<String>) -> bool {
        let Ok(_turn) = self.turns.acquire().await else { return false };
        let verified = tokio::task::spawn_blocking(move || {
            // Nobody could have set a longer one.
            let known = hash.is_some() && password.len() <= MAX_BYTES;
            let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
            let right = hasher().is_some_and(|h| h.verify_password(password.as_bytes(), hash.as_str()).is_ok());
            right && known
        });
        verified.await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let made = hash("correct horse battery").unwrap();
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(parameters(&made), parameters(NOBODYS));
        let parsed = argon2::password_hash::phc::PasswordHash::new(NOBODYS).unwrap();
        assert_eq!(parsed.hash.map(|hash| hash.as_bytes().len()), Some(32));
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::new(2);
        let hash = passwords.hash("correct horse battery".to_owned()).await;
        assert!(passwords.is_right("correct horse battery".to_owned(), hash.clone()).await);
        assert!(!passwords.is_right("correct horse batterz".to_owned(), hash).await);
        assert!(!passwords.is_right("correct horse battery".to_owned(), None).await);
        assert!(!passwords.is_right("correct horse battery".to_owned(), Some("not a hash".to_owned())).await);
    }
}
