//! A badge's bytes and its text.

use super::{Access, BadgeClaims, BadgeFault, BadgeSecret, base45};

/// The version of the layout.
const VERSION: u8 = 1;
/// How many bytes are signed: one more would take a larger code.
pub const CLAIMS_BYTES: usize = 38;
/// How many bytes a signature has.
pub const SIGNATURE_BYTES: usize = 64;
/// How many characters a badge has.
pub const TEXT_CHARS: usize = (CLAIMS_BYTES + SIGNATURE_BYTES) / 2 * 3;
/// What stands before the claims where they are signed, so that no signature of something else is one.
const CONTEXT: &[u8] = b"cumbre badge\0";

/// What is signed.
pub fn signed_bytes(claims: &[u8; CLAIMS_BYTES]) -> Vec<u8> {
    [CONTEXT, claims].concat()
}

/// The claims as bytes.
pub fn claims_bytes(claims: &BadgeClaims) -> [u8; CLAIMS_BYTES] {
    let mut writer = Writer { bytes: [0; CLAIMS_BYTES], at: 0 };
    writer.put(&[VERSION, claims.key]);
    writer.put(&claims.event);
    writer.put(&claims.secret.0);
    writer.put(&claims.carrier.to_be_bytes());
    writer.put(&claims.category.to_be_bytes());
    writer.put(&claims.access.0.to_be_bytes());
    writer.put(&claims.not_before.to_be_bytes());
    writer.put(&claims.expires.to_be_bytes());
    writer.bytes
}

/// The text of claims with their signature.
pub fn text(claims: &[u8; CLAIMS_BYTES], signature: &[u8]) -> String {
    base45::encode(&[claims, signature].concat())
}

/// A badge as it was read, before anybody looked at its signature.
pub struct Unverified {
    /// What it says.
    pub claims: BadgeClaims,
    /// The bytes of that.
    pub bytes: [u8; CLAIMS_BYTES],
    /// The signature.
    pub signature: [u8; SIGNATURE_BYTES],
}

/// Reads a badge. What a scanner that types puts behind it, a line end or a tab, is no part of it;
/// neither is it missed where a space in front got lost.
///
/// # Errors
///
/// It is no badge, or one of another version.
pub fn read(text: &str) -> Result<Unverified, BadgeFault> {
    let text = text.trim_matches(['\r', '\n', '\t']);
    let bytes = match text.len() {
        TEXT_CHARS => base45::decode(text),
        SHORT_OF_A_SPACE => base45::decode(&format!(" {text}")),
        _ => None,
    };
    let bytes = bytes.ok_or(BadgeFault::Malformed)?;
    let (claims, signature) = bytes.split_first_chunk().ok_or(BadgeFault::Malformed)?;
    let signature = signature.try_into().map_err(|_| BadgeFault::Malformed)?;
    match claims[0] {
        VERSION => Ok(Unverified { claims: claims_of(claims), bytes: *claims, signature }),
        _ => Err(BadgeFault::UnsupportedVersion),
    }
}

/// Some keys' numbers make the first character a space.
const SHORT_OF_A_SPACE: usize = TEXT_CHARS - 1;

fn claims_of(bytes: &[u8; CLAIMS_BYTES]) -> BadgeClaims {
    let mut reader = Reader { bytes, at: 1 };
    BadgeClaims {
        key: u8::from_be_bytes(reader.take()),
        event: reader.take(),
        secret: BadgeSecret(reader.take()),
        carrier: u32::from_be_bytes(reader.take()),
        category: u16::from_be_bytes(reader.take()),
        access: Access(u16::from_be_bytes(reader.take())),
        not_before: u32::from_be_bytes(reader.take()),
        expires: u32::from_be_bytes(reader.take()),
    }
}

struct Writer {
    bytes: [u8; CLAIMS_BYTES],
    at: usize,
}

impl Writer {
    fn put(&mut self, field: &[u8]) {
        for byte in field {
            self.bytes[self.at] = *byte;
            self.at += 1;
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8; CLAIMS_BYTES],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let from = self.at;
        self.at += N;
        std::array::from_fn(|place| self.bytes[from + place])
    }
}
