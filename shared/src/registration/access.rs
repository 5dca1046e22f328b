//! What somebody needs to take part. Few may read it.

use serde::{Deserialize, Serialize};

use crate::localised::is_text;
use crate::programme::{InvalidBody, ValueProblem};

/// The longest note, in characters.
const NOTE_MAX_CHARS: usize = 2_000;

/// What somebody needs to take part.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessNeeds {
    /// Needs that have a name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<AccessNeed>,
    /// What else there is to know, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A need that has a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessNeed {
    /// Ways without steps.
    StepFree,
    /// Space for a wheelchair.
    Wheelchair,
    /// Somebody who comes along.
    Companion,
    /// Interpretation into a sign language.
    SignLanguage,
    /// What is said, as text.
    Captions,
    /// A hearing loop.
    HearingLoop,
    /// Papers in large print or in a form that a screen reader reads.
    ReadableDocuments,
    /// An assistance animal comes along.
    AssistanceAnimal,
    /// A place to rest or to be alone.
    QuietRoom,
}

impl AccessNeeds {
    /// Everything wrong with them, with its field as a JSON pointer.
    pub fn faults(&self) -> Vec<InvalidBody> {
        let fault = |field: String, problem: ValueProblem| InvalidBody { field, problem };
        let mut faults = Vec::new();
        for (index, need) in self.needs.iter().enumerate() {
            if self.needs[..index].contains(need) {
                faults.push(fault(format!("/needs/{index}"), ValueProblem::ListedTwice));
            }
        }
        if self.note.as_deref().is_some_and(|note| !is_text(note) || note.chars().count() > NOTE_MAX_CHARS) {
            faults.push(fault("/note".into(), ValueProblem::NotAText { most: NOTE_MAX_CHARS }));
        }
        if self.needs.is_empty() && self.note.is_none() {
            faults.push(fault(String::new(), "says nothing".into()));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_named_once_and_a_note_is_text() {
        let fields = |needs: AccessNeeds| needs.faults().into_iter().map(|fault| fault.field).collect::<Vec<_>>();
        let note = |text: &str| AccessNeeds { needs: Vec::new(), note: Some(text.to_owned()) };
        let needs = |needs: &[AccessNeed]| AccessNeeds { needs: needs.to_vec(), note: None };
        assert_eq!(fields(needs(&[AccessNeed::StepFree, AccessNeed::Companion])), [""; 0]);
        assert_eq!(fields(needs(&[AccessNeed::StepFree, AccessNeed::StepFree])), ["/needs/1"]);
        assert_eq!(fields(note("A seat near the door.\nThank you.")), [""; 0]);
        assert_eq!(fields(note("bell \u{7}")), ["/note"]);
        assert_eq!(fields(note(&"x".repeat(2_001))), ["/note"]);
        assert_eq!(fields(AccessNeeds::default()), [""]);
    }
}
