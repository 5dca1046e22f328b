//! Random secrets, their fingerprints, and comparing them in constant time.

use aws_lc_rs::{constant_time, digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore as _;
use shared::ids::AccountId;

/// Crockford's alphabet: no I, L, O, U, so that a code can be read aloud and typed again.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many characters a mailed code has. It is tried against one account, a few times only.
pub const MAILED_CODE_CHARS: usize = 8;

/// How many characters a code handed out by staff has. It is tried against all accounts, so it is longer.
pub const STAFF_CODE_CHARS: usize = 10;

fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// 32 random bytes as base64url.
pub fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// A code of at most 32 characters, without groups.
pub fn random_code(chars: usize) -> String {
    random_bytes::<32>().iter().take(chars).map(|byte| ALPHABET[usize::from(byte & 31)] as char).collect()
}

/// A code as people see it, in two groups: `7KQ2-M9XT`.
pub fn group_code(code: &str) -> String {
    match code.split_at_checked(code.len() / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}

/// A code as typed, in the form that was made: groups joined, capitals, look-alikes told apart.
/// `None` if no code was ever like it.
pub fn normalise_code(typed: &str) -> Option<String> {
    let code = normalise_characters(typed, STAFF_CODE_CHARS)?;
    (code.len() == MAILED_CODE_CHARS || code.len() == STAFF_CODE_CHARS).then_some(code)
}

/// The same of what may be of any length up to `most`.
pub fn normalise_characters(typed: &str, most: usize) -> Option<String> {
    let mut code = String::with_capacity(most);
    for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if code.len() == most || !ALPHABET.contains(&u8::try_from(c).ok()?) {
            return None;
        }
        code.push(c);
    }
    Some(code)
}

/// The SHA-256 of a secret of full strength, as stored.
pub fn fingerprint(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, secret.as_bytes()))
}

/// Whether two texts are equal, in a time that tells nothing of where they differ.
pub fn is_same(one: &str, other: &str) -> bool {
    constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// The key under which codes are hashed. They are short enough to be guessed from a plain hash.
pub struct Pepper(hmac::Key);

impl Pepper {
    /// The pepper made of a random secret.
    pub fn new(secret: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// What is stored of a code that was mailed to an account.
    pub fn seal_mailed(&self, account: AccountId, code: &str) -> String {
        self.seal(&format!("mail:{account}:{code}"))
    }

    /// What the codes are kept under that were mailed to an address without an account. It is no account's id.
    pub fn key_of_newcomer(&self, email: &str) -> AccountId {
        AccountId(uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, self.seal(&format!("newcomer:{email}")).as_bytes()))
    }

    /// What is stored of a code that staff handed out.
    pub fn seal_handed_out(&self, code: &str) -> String {
        self.seal(&format!("staff:{code}"))
    }

    /// What is stored of a code that enrols a device.
    pub fn seal_enrolment(&self, code: &str) -> String {
        self.seal(&format!("enrol:{code}"))
    }

    fn seal(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_however_it_is_typed() {
        let code = random_code(MAILED_CODE_CHARS);
        assert_eq!(code.len(), 8);
        assert_eq!(normalise_code(&group_code(&code)), Some(code.clone()));
        assert_eq!(normalise_code(&format!(" {} ", code.to_lowercase())), Some(code));
        assert_eq!(normalise_code("oil0-0000"), Some("01100000".to_owned()));
        for nonsense in ["", "1234", "ÑÑÑÑÑÑÑÑ", "UUUUUUUU", "123456789", "12345678901", "1234\u{0}5678"] {
            assert_eq!(normalise_code(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn a_sealed_code_fits_one_account_and_one_channel() {
        let pepper = Pepper::new("a secret");
        let [one, other] = [AccountId(uuid::Uuid::from_u128(1)), AccountId(uuid::Uuid::from_u128(2))];
        let sealed = pepper.seal_mailed(one, "00000000");
        assert!(is_same(&sealed, &pepper.seal_mailed(one, "00000000")));
        assert!(!is_same(&sealed, &pepper.seal_mailed(other, "00000000")));
        assert!(!is_same(&sealed, &pepper.seal_handed_out("00000000")));
        assert!(!is_same(&sealed, &Pepper::new("another").seal_mailed(one, "00000000")));
    }
}
