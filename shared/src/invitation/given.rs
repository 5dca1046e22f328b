//! What somebody gives as an answer.

use serde::{Deserialize, Serialize};

use super::{Answer, AnsweredAs};
use crate::ids::AttendeeId;
use crate::localised::{is_line, is_text};
use crate::object;
use crate::programme::{InvalidBody, ValueProblem};
use crate::registration::form::is_email;

/// The longest word with a decline, and the longest note, in characters.
const WORD_MAX_CHARS: usize = 1_000;

/// The longest name of a delegate, in characters.
const NAME_MAX_CHARS: usize = 200;

/// Who is to come in somebody's place: an attendee, or a name with an address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegate {
    /// The attendee, where they are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attendee: Option<AttendeeId>,
    /// Their name as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where mail reaches them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// An answer to an invitation, as it is given.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The answer.
    pub answer: Answer,
    /// What they say with a decline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// Who is to come in their place.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub delegate: Option<Delegate>,
    /// What staff note with it ("by note no. 12").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

pub(super) fn fault(field: &str, problem: impl Into<ValueProblem>) -> InvalidBody {
    InvalidBody { field: field.to_owned(), problem: problem.into() }
}

/// Whether something may be written with an answer.
pub(super) fn is_words(text: &str) -> bool {
    is_text(text) && text.chars().count() <= WORD_MAX_CHARS
}

/// What is wrong with what may not.
pub(super) const WORDS_PROBLEM: ValueProblem = ValueProblem::NotAText { most: WORD_MAX_CHARS };

impl Delegate {
    /// Whether what is given names the one who is kept, of whom more may be known.
    pub(super) fn names(&self, kept: &Self) -> bool {
        self.attendee.is_none_or(|given| kept.attendee == Some(given))
            && (self.name.is_none() || self.name == kept.name)
            && (self.email.is_none() || self.email == kept.email)
    }

    fn faults(&self) -> Vec<InvalidBody> {
        let is_name = |name: &str| is_line(name) && name.chars().count() <= NAME_MAX_CHARS;
        if self.attendee.is_some() {
            let given = [("name", &self.name), ("email", &self.email)].into_iter().filter(|(_, given)| given.is_some());
            return given.map(|(name, _)| fault(&format!("/delegate/{name}"), "is known of an attendee")).collect();
        }
        let mut faults = Vec::new();
        if !self.name.as_deref().is_some_and(is_name) {
            faults.push(fault("/delegate/name", ValueProblem::NotALine { most: NAME_MAX_CHARS }));
        }
        if !self.email.as_deref().is_some_and(is_email) {
            faults.push(fault("/delegate/email", "is not an address for mail"));
        }
        faults
    }
}

impl Reply {
    /// Everything wrong with it, for who answers so, with its field as a JSON pointer.
    pub fn faults(&self, by: AnsweredAs) -> Vec<InvalidBody> {
        let mut faults = Vec::new();
        match &self.word {
            Some(_) if self.answer != Answer::Declined => faults.push(fault("/word", "goes with a decline only")),
            Some(word) if !is_words(word) => faults.push(fault("/word", WORDS_PROBLEM)),
            _ => {}
        }
        match (&self.delegate, self.answer) {
            (None, Answer::Delegated) => faults.push(fault("/delegate", ValueProblem::Missing)),
            (Some(delegate), Answer::Delegated) => faults.extend(delegate.faults()),
            (Some(_), _) => faults.push(fault("/delegate", "goes with the answer delegated only")),
            (None, _) => {}
        }
        match &self.note {
            Some(_) if !by.is_staff() => faults.push(fault("/note", "is written by organisers and protocol officers")),
            Some(note) if !is_words(note) => faults.push(fault("/note", WORDS_PROBLEM)),
            _ => {}
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fields(by: AnsweredAs, reply: Value) -> Vec<String> {
        let reply: Reply = serde_json::from_value(reply).unwrap();
        reply.faults(by).into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn a_word_goes_with_a_decline() {
        let word = |answer: &str, word: &str| fields(AnsweredAs::Myself, json!({ "answer": answer, "word": word }));
        assert_eq!(word("declined", "I am sorry.\nNext year."), [""; 0]);
        assert_eq!(word("declined", &"x".repeat(1_000)), [""; 0]);
        assert_eq!(word("declined", &"x".repeat(1_001)), ["/word"]);
        assert_eq!(word("declined", " "), ["/word"]);
        assert_eq!(word("accepted", "With pleasure"), ["/word"]);
        assert_eq!(fields(AnsweredAs::Myself, json!({ "answer": "declined" })), [""; 0]);
    }

    #[test]
    fn a_delegate_is_an_attendee_or_a_name_with_an_address() {
        let to = |delegate: Value| fields(AnsweredAs::Link, json!({ "answer": "delegated", "delegate": delegate }));
        let attendee = uuid::Uuid::from_u128(7);
        assert_eq!(to(json!({ "attendee": attendee })), [""; 0]);
        assert_eq!(to(json!({ "name": "Ana Ñúñez", "email": "ana@example.org" })), [""; 0]);
        assert_eq!(to(json!({ "attendee": attendee, "email": "ana@example.org" })), ["/delegate/email"]);
        assert_eq!(to(json!({ "attendee": attendee, "name": "Ana" })), ["/delegate/name"]);
        assert_eq!(to(json!({ "name": "Ana" })), ["/delegate/email"]);
        assert_eq!(to(json!({ "name": "Ana\nBeto", "email": "ana" })), ["/delegate/name", "/delegate/email"]);
        assert_eq!(to(json!({ "name": "x".repeat(200), "email": "a@example.org" })), [""; 0]);
        assert_eq!(to(json!({ "name": "x".repeat(201), "email": "a@example.org" })), ["/delegate/name"]);
        assert_eq!(to(Value::Null), ["/delegate"]);
        let accepted = json!({ "answer": "accepted", "delegate": { "attendee": attendee } });
        assert_eq!(fields(AnsweredAs::Link, accepted), ["/delegate"]);
    }

    #[test]
    fn only_staff_note_how_an_answer_reached_them() {
        for by in AnsweredAs::ALL {
            let noted = fields(by, json!({ "answer": "accepted", "note": "by note no. 12" }));
            assert_eq!(noted.is_empty(), by.is_staff(), "{by:?}");
        }
        let long = "x".repeat(1_001);
        assert_eq!(fields(AnsweredAs::Protocol, json!({ "answer": "accepted", "note": long })), ["/note"]);
    }

    #[test]
    fn a_reply_is_an_object_of_known_fields() {
        for bad in [
            json!({ "answer": "maybe" }),
            json!({ "answer": "accepted", "by": 1 }),
            json!({ "answer": "delegated", "delegate": [] }),
        ] {
            assert!(serde_json::from_value::<Reply>(bad.clone()).is_err(), "{bad}");
        }
    }
}
