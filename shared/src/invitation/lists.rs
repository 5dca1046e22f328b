//! Invitations of everybody in a delegation or audience.

use serde::{Deserialize, Serialize};

use uuid::Uuid;

use super::{Invitation, InvitedTo};
use crate::ids::RecordId;
use crate::programme::Collection;
use crate::time::Timestamp;

/// The collection of those who are invited together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteeCollection {
    /// A delegation.
    Delegations,
    /// An audience.
    Audiences,
}

impl InviteeCollection {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Delegations, Self::Audiences];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        self.collection().as_str()
    }

    /// As a collection of the programme.
    pub fn collection(self) -> Collection {
        match self {
            Self::Delegations => Collection::Delegations,
            Self::Audiences => Collection::Audiences,
        }
    }
}

impl std::str::FromStr for InviteeCollection {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|collection| collection.as_str() == text).ok_or(())
    }
}

/// One invitation of everybody in a delegation or audience, who are invited as they join.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationList {
    /// The collection of what they are invited to.
    pub collection: InvitedTo,
    /// What they are invited to.
    pub object: RecordId,
    /// Whether those invited are a delegation or an audience.
    pub invitee_collection: InviteeCollection,
    /// The delegation or audience.
    pub invitee: RecordId,
    /// When it was withdrawn, and with it every invitation that came by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
}

/// What becomes of an attendee's invitation to an object, as they join and leave what is invited to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// They are invited, by this list.
    Invite(Uuid),
    /// The invitation that they had by a list comes back by this one, with its answer.
    Restore(Uuid),
    /// It stays, by this list from now on.
    Keep(Uuid),
    /// It is withdrawn with its list.
    Withdraw,
}

/// What is to be done for an attendee about an object. `invitation` is what they have, withdrawn or
/// not; `lists` are the invitations to the object that are not withdrawn of those delegations and
/// audiences that the attendee is in, the oldest first.
///
/// An invitation by hand stays as it is, and so does one that was withdrawn by hand.
pub fn follow(invitation: Option<&Invitation>, lists: &[Uuid]) -> Option<Step> {
    let first = lists.first().copied();
    let Some(invitation) = invitation else { return first.map(Step::Invite) };
    let own = invitation.list?;
    let same = lists.contains(&own).then_some(own);
    match (invitation.is_withdrawn(), same.or(first)) {
        (false, Some(list)) => (list != own).then_some(Step::Keep(list)),
        (false, None) => Some(Step::Withdraw),
        (true, list) => list.filter(|_| invitation.is_withdrawn_with_list).map(Step::Restore),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::AttendeeId;

    const A: Uuid = Uuid::from_u128(0xa);
    const B: Uuid = Uuid::from_u128(0xb);

    /// An invitation by `list`, withdrawn with the list or by hand or not at all.
    fn by(list: Option<Uuid>, withdrawn_with_list: Option<bool>) -> Invitation {
        let object = (InvitedTo::Parts, RecordId(Uuid::from_u128(1)));
        let invitation = Invitation::new(AttendeeId(Uuid::from_u128(2)), object, list);
        let withdrawn_at = withdrawn_with_list.map(|_| Timestamp(1));
        Invitation { withdrawn_at, is_withdrawn_with_list: withdrawn_with_list == Some(true), ..invitation }
    }

    #[test]
    fn who_joins_is_invited_once_and_who_leaves_loses_what_came_by_the_list() {
        assert_eq!((follow(None, &[]), follow(None, &[A, B])), (None, Some(Step::Invite(A))));
        let live = by(Some(A), None);
        assert_eq!((follow(Some(&live), &[A]), follow(Some(&live), &[B, A])), (None, None));
        assert_eq!(follow(Some(&live), &[]), Some(Step::Withdraw));
        assert_eq!(follow(Some(&live), &[B]), Some(Step::Keep(B)), "they are in another one that is invited");
    }

    #[test]
    fn what_was_withdrawn_with_a_list_comes_back_with_one() {
        let gone = by(Some(A), Some(true));
        assert_eq!(follow(Some(&gone), &[]), None);
        assert_eq!(
            (follow(Some(&gone), &[B, A]), follow(Some(&gone), &[B])),
            (Some(Step::Restore(A)), Some(Step::Restore(B)))
        );
    }

    #[test]
    fn what_is_done_by_hand_stays() {
        for own in [by(None, None), by(None, Some(false)), by(Some(A), Some(false))] {
            assert_eq!((follow(Some(&own), &[]), follow(Some(&own), &[A, B])), (None, None), "{own:?}");
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for collection in InviteeCollection::ALL {
            assert_eq!(collection.as_str().parse(), Ok(collection));
            assert_eq!(json!(collection), collection.as_str());
        }
        assert_eq!("parts".parse::<InviteeCollection>(), Err(()));
    }
}
