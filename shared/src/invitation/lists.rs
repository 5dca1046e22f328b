//! Invitations of everybody in a delegation or audience.

use serde::{Deserialize, Serialize};

use super::InvitedTo;
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for collection in InviteeCollection::ALL {
            assert_eq!(collection.as_str().parse(), Ok(collection));
            assert_eq!(json!(collection), collection.as_str());
        }
        assert_eq!("parts".parse::<InviteeCollection>(), Err(()));
    }
}
