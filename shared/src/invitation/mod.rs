//! Invitations to parts and sessions, who sits in for whom, and who may enter.
//!
//! What travels is here; what decides is beside it and pure: [`check`] whether somebody may enter,
//! [`decide`] on an answer, [`follow`] who is invited with a delegation or audience, [`arrange`] who
//! sits in for whom.

mod answer;
mod check;
mod given;
mod lists;
mod reason;
mod rejection;
mod stand_in;
mod terms;

use serde::{Deserialize, Serialize};

pub use answer::{Decision, Request, answered, decide, may_move};
pub use check::{Delegator, Facts, Guest, InvitedAs, Verdict, check};
pub use given::{Delegate, Reply};
pub use lists::{InvitationList, InviteeCollection, Step, follow};
pub use reason::Reason;
pub use rejection::Rejection;
pub use stand_in::{StandIn, arrange};
pub use terms::{EntryTerms, restricted_by};

use crate::ids::{AccountId, AttendeeId, RecordId};
use crate::programme::{Collection, RecordKey};
use crate::time::Timestamp;
use uuid::Uuid;

/// The collection of what somebody is invited to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitedTo {
    /// A part, and with it the sessions without an admission of their own.
    Parts,
    /// One session.
    Sessions,
}

impl InvitedTo {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Parts, Self::Sessions];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        self.collection().as_str()
    }

    /// As a collection of the programme.
    pub fn collection(self) -> Collection {
        match self {
            Self::Parts => Collection::Parts,
            Self::Sessions => Collection::Sessions,
        }
    }
}

impl std::str::FromStr for InvitedTo {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|to| to.as_str() == text).ok_or(())
    }
}

/// What somebody said to an invitation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nothing yet. It lets in all the same: nobody turns away a minister who did not tap.
    #[default]
    Pending,
    /// They come.
    Accepted,
    /// They do not.
    Declined,
    /// Somebody else is to come in their place.
    Delegated,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Declined, Self::Delegated];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Delegated => "delegated",
        }
    }

    /// Whether an invitation with it lets in.
    pub fn lets_in(self) -> bool {
        matches!(self, Self::Pending | Self::Accepted)
    }
}

impl std::str::FromStr for Answer {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == text).ok_or(())
    }
}

/// As what somebody answers an invitation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredAs {
    /// An organiser, who notes an answer.
    Organiser,
    /// The protocol officer, who notes an answer.
    Protocol,
    /// A focal point, for a member of their delegation.
    FocalPoint,
    /// An assistant of the invited.
    Assistant,
    /// The invited.
    Myself,
    /// Whoever opened the mailed link, without signing in.
    Link,
    /// A desk, for the guest who stands there.
    Desk,
}

impl AnsweredAs {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::Organiser, Self::Protocol, Self::FocalPoint, Self::Assistant, Self::Myself, Self::Link, Self::Desk];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organiser => "organiser",
            Self::Protocol => "protocol",
            Self::FocalPoint => "focal_point",
            Self::Assistant => "assistant",
            Self::Myself => "myself",
            Self::Link => "link",
            Self::Desk => "desk",
        }
    }

    /// Whether they note what reached the event on another way ("by note no. 12").
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Organiser | Self::Protocol)
    }
}

/// One attendee's invitation to a part or session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Who is invited.
    pub attendee: AttendeeId,
    /// The collection of what they are invited to.
    pub collection: InvitedTo,
    /// What they are invited to.
    pub object: RecordId,
    /// The invitation of a delegation or audience that it came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<Uuid>,
    /// Who was invited first, and named this attendee to come in their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated_by: Option<AttendeeId>,
    /// What was said to it.
    pub answer: Answer,
    /// When that was said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// By which account; none by the mailed link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<AccountId>,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_as: Option<AnsweredAs>,
    /// What they said with a decline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// What staff noted with the answer ("by note no. 12"): not for the invited ([`Self::for_invited`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who is to come in their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated_to: Option<Delegate>,
    /// When it was mailed, or put into an inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// When they were last reminded of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded_at: Option<Timestamp>,
    /// When it was withdrawn. The line is kept, so that it is not sent again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// Whether it was withdrawn with the list that it came by, or because the attendee left that
    /// list: then it comes back with them. One that somebody withdrew by hand does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_withdrawn_with_list: bool,
}

impl Invitation {
    /// One that nobody has answered, nor sent.
    pub fn new(attendee: AttendeeId, (collection, object): (InvitedTo, RecordId), list: Option<Uuid>) -> Self {
        Self {
            attendee,
            collection,
            object,
            list,
            delegated_by: None,
            answer: Answer::Pending,
            answered_at: None,
            answered_by: None,
            answered_as: None,
            word: None,
            note: None,
            delegated_to: None,
            sent_at: None,
            reminded_at: None,
            withdrawn_at: None,
            is_withdrawn_with_list: false,
        }
    }

    /// What it is to, as a key of the programme.
    pub fn object_key(&self) -> RecordKey {
        (self.collection.collection(), self.object)
    }

    /// Whether it was withdrawn.
    pub fn is_withdrawn(&self) -> bool {
        self.withdrawn_at.is_some()
    }

    /// Whether it lets in.
    pub fn lets_in(&self) -> bool {
        !self.is_withdrawn() && self.answer.lets_in()
    }

    /// As the invited and their assistants read it.
    pub fn for_invited(&self) -> Self {
        Self { note: None, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn invitation() -> Invitation {
        let object = RecordId(Uuid::from_u128(2));
        Invitation::new(AttendeeId(Uuid::from_u128(1)), (InvitedTo::Sessions, object), None)
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for answer in Answer::ALL {
            assert_eq!((json!(answer), answer.as_str().parse()), (json!(answer.as_str()), Ok(answer)));
        }
        for to in InvitedTo::ALL {
            assert_eq!((json!(to), to.as_str().parse()), (json!(to.as_str()), Ok(to)));
        }
        for by in AnsweredAs::ALL {
            assert_eq!(json!(by), by.as_str());
        }
        assert_eq!(("perhaps".parse::<Answer>(), "rooms".parse::<InvitedTo>()), (Err(()), Err(())));
    }

    #[test]
    fn staff_are_those_who_note_the_answers_of_others() {
        let staff: Vec<_> = AnsweredAs::ALL.into_iter().filter(|by| by.is_staff()).collect();
        assert_eq!(staff, [AnsweredAs::Organiser, AnsweredAs::Protocol]);
    }

    #[test]
    fn an_invitation_lets_in_until_it_is_declined_passed_on_or_withdrawn() {
        for (answer, expected) in Answer::ALL.into_iter().zip([true, true, false, false]) {
            let live = Invitation { answer, ..invitation() };
            assert_eq!(live.lets_in(), expected, "{answer:?}");
            assert!(!Invitation { withdrawn_at: Some(Timestamp(1)), ..live }.lets_in(), "{answer:?}");
        }
    }

    #[test]
    fn the_invited_read_everything_but_the_note_of_staff() {
        let noted = Invitation { note: Some("by note no. 12".into()), word: Some("Sorry".into()), ..invitation() };
        assert_eq!(noted.for_invited(), Invitation { note: None, ..noted.clone() });
        assert_eq!(noted.object_key(), (Collection::Sessions, noted.object));
    }

    #[test]
    fn what_is_not_said_does_not_travel() {
        let expected = json!({ "attendee": Uuid::from_u128(1), "collection": "sessions", "object": Uuid::from_u128(2), "answer": "pending" });
        assert_eq!(json!(invitation()), expected);
        assert_eq!(serde_json::from_value::<Invitation>(expected).unwrap(), invitation());
    }
}
