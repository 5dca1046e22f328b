//! What somebody asks at a checkpoint by REST.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use shared::admission::{Direction, ScanId};
use shared::ids::{AttendeeId, GuestIndex, RecordId};
use shared::localised::is_line;
use shared::problem_code::ProblemCode;

use crate::refusal::Refusal;

/// The longest code that is looked at, in bytes: what is longer is no badge.
const CODE_MAX_BYTES: usize = 8_192;

/// What is asked: who comes, as a code, or as somebody found by hand.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The id of the scan, made by who asks: the same one asks the same question again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<ScanId>,
    /// What was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// By what doors know who comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<GuestIndex>,
    /// Who comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendee: Option<AttendeeId>,
    /// In which direction.
    #[serde(default, skip_serializing_if = "Direction::is_in")]
    pub direction: Direction,
    /// Why they are let in whatever the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
}

impl Asked {
    /// Whether it asks one thing.
    ///
    /// # Errors
    ///
    /// Nobody is named, or several times; the reason is no line of text.
    pub fn check(&self) -> Result<(), Refusal> {
        let fault = |field: &str, detail: &str| Err(Refusal::new(ProblemCode::InvalidRequest, detail).at(field));
        let named = [self.code.is_some(), self.guest.is_some(), self.attendee.is_some()];
        if named.into_iter().filter(|is_named| *is_named).count() != 1 {
            return fault("/code", "One of code, guest and attendee says who comes.");
        }
        if self.code.as_ref().is_some_and(|code| code.len() > CODE_MAX_BYTES) {
            return fault("/code", "The code is longer than any that can be shown.");
        }
        if self.by_hand.as_deref().is_some_and(|reason| !is_line(reason)) {
            return fault("/by_hand", "The reason is no line of text.");
        }
        Ok(())
    }

    /// What stands for the question in the database: the same id with another question is another scan.
    pub fn fingerprint(&self, checkpoint: RecordId) -> String {
        hexadecimal(json!([checkpoint, self]).to_string().as_bytes())
    }

    /// What stands for a code that names nobody.
    pub fn code_hash(&self) -> Option<String> {
        self.code.as_ref().map(|code| hexadecimal(code.as_bytes()))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn asked(more: serde_json::Value) -> Asked {
        serde_json::from_value(more).unwrap()
    }

    #[test]
    fn one_thing_says_who_comes() {
        let id = Uuid::from_u128(1);
        for one in [json!({ "code": "" }), json!({ "guest": id }), json!({ "attendee": id, "by_hand": "known" })] {
            assert_eq!(asked(one.clone()).check(), Ok(()), "{one}");
        }
        for (bad, field) in [
            (json!({}), "/code"),
            (json!({ "code": "A", "guest": id }), "/code"),
            (json!({ "code": "A".repeat(8_193) }), "/code"),
            (json!({ "code": "A", "by_hand": "\u{0}" }), "/by_hand"),
        ] {
            assert_eq!(asked(bad).check().map_err(|refusal| refusal.field), Err(field.to_owned()));
        }
    }

    #[test]
    fn the_same_question_has_one_fingerprint() {
        let (one, other) = (RecordId(Uuid::from_u128(1)), RecordId(Uuid::from_u128(2)));
        let question = asked(json!({ "code": "A" }));
        assert_eq!(question.fingerprint(one), asked(json!({ "code": "A", "direction": "in" })).fingerprint(one));
        assert_ne!(question.fingerprint(one), question.fingerprint(other));
        assert_ne!(question.fingerprint(one), asked(json!({ "code": "B" })).fingerprint(one));
        assert_eq!(question.code_hash().unwrap().len(), 64);
    }
}
