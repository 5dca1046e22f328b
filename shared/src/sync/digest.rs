//! Divergence: how a device and the server find that their rows differ.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The check of one row: the first four bytes, big endian, of
/// SHA-256(`collection \0 id \0 rev`), rev in decimal.
pub fn row_check(collection: &str, id: &str, rev: u64) -> u32 {
    let mut hash = Sha256::new();
    hash.update(collection.as_bytes());
    hash.update([0]);
    hash.update(id.as_bytes());
    hash.update([0]);
    hash.update(rev.to_string().as_bytes());
    let bytes = hash.finalize();
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// A scope's digest: how many rows it has, and the sum of their checks modulo 2^32.
/// `[rows, sum]` on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Digest(pub u64, pub u32);

impl Digest {
    /// The digest after a row with this check was added.
    pub fn add(&mut self, check: u32) {
        self.0 += 1;
        self.1 = self.1.wrapping_add(check);
    }

    /// The digest after a row with this check was taken away.
    pub fn remove(&mut self, check: u32) {
        self.0 = self.0.saturating_sub(1);
        self.1 = self.1.wrapping_sub(check);
    }
}
