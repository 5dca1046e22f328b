//! How long to wait before something that was not taken is tried again.

use uuid::Uuid;

/// A pause that doubles with each attempt.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// After the first attempt, in milliseconds.
    pub first_ms: i64,
    /// The longest, in milliseconds.
    pub longest_ms: i64,
}

impl Backoff {
    /// The pause after `attempts` attempts, in milliseconds: a quarter more or less, by the id, keeps apart
    /// what failed together.
    pub fn pause_ms(self, id: Uuid, attempts: u32) -> i64 {
        let doubled = self.first_ms.saturating_mul(1_i64.checked_shl(attempts.saturating_sub(1)).unwrap_or(i64::MAX));
        let usual = doubled.clamp(self.first_ms, self.longest_ms);
        usual * 3 / 4 + usual / 2 * chance(id, attempts) / 1_000
    }
}

/// A number from 0 to 999 that an id has for an attempt.
pub fn chance(id: Uuid, attempts: u32) -> i64 {
    i64::try_from(Uuid::new_v5(&id, &attempts.to_be_bytes()).as_u128() % 1_000).unwrap_or_default()
}
