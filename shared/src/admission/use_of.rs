//! What one admission counts for.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{GuestIndex, RecordId};

/// What one admission counts for: an access area, and where that guards a room the session on there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// The access area.
    pub area: RecordId,
    /// The session, where the area guards a room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
}

impl Use {
    pub(super) fn named(&self, more: &str) -> Uuid {
        let session = self.session.map(|session| session.to_string()).unwrap_or_default();
        Uuid::new_v5(&self.area.0, format!("{session}:{more}").as_bytes())
    }
}

/// The id of a guest's admission to a use: a UUID of version 5, so that every node and device makes the
/// same one.
pub fn admission_id(of: Use, guest: GuestIndex) -> Uuid {
    of.named(&guest.to_string())
}
