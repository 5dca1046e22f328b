//! The secret of an invitation. It is the link's, and can be typed as a code: both are one, and only
//! its fingerprint is stored. Sixteen characters of 32 are too many to guess, here or from a copy of
//! the database.

use crate::identity::{fingerprint, normalise_characters, random_code};
use crate::sync::change_log::PersonalLink;

/// How many characters it has.
const CHARS: usize = 16;

/// How many characters stand together in a code.
const GROUP: usize = 4;

/// A secret that was just made. It is nowhere but in the mail.
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn random() -> Self {
        Self(random_code(CHARS))
    }

    /// What is stored of it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }

    /// As a mail shows it.
    pub fn link(&self) -> PersonalLink {
        let groups: Vec<&str> = (0..CHARS).step_by(GROUP).filter_map(|from| self.0.get(from..from + GROUP)).collect();
        PersonalLink { secret: self.0.clone(), code: Some(groups.join("-")) }
    }
}

/// What is stored of the secret that somebody shows, however they typed it; none if no secret was
/// ever like it.
pub fn fingerprint_of(shown: &str) -> Option<String> {
    let secret = normalise_characters(shown, CHARS)?;
    (secret.len() == CHARS).then(|| fingerprint(&secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_and_code_open_the_same() {
        let secret = Secret::random();
        let link = secret.link();
        let code = link.code.unwrap();
        assert_eq!((link.secret.len(), code.len()), (16, 19));
        for shown in [link.secret.clone(), code.clone(), format!(" {} ", code.to_lowercase())] {
            assert_eq!(fingerprint_of(&shown), Some(secret.fingerprint()), "{shown}");
        }
        assert!(!secret.fingerprint().contains(&link.secret));
    }

    #[test]
    fn what_was_never_a_secret_has_no_fingerprint() {
        for shown in ["", "7KQ2-M9XT", "UUUUUUUUUUUUUUUU", "00000000000000000", "000000000000000"] {
            assert_eq!(fingerprint_of(shown), None, "{shown}");
        }
    }
}
