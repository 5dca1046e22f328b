//! What attendees are told by a group: gathered while its units run, delivered at its end.

use serde::{Deserialize, Serialize};
use shared::notice::Notice;

use super::change_log::Group;

/// Something that an attendee is told.
#[derive(Clone, PartialEq, Debug)]
pub struct Telling {
    /// The id of the row in their inbox.
    pub id: uuid::Uuid,
    /// The row.
    pub notice: Notice,
    /// What only the mail says of it.
    pub link: Option<PersonalLink>,
}

/// A way to answer without a sign-in. It is nowhere but in a mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalLink {
    /// What stands behind the `#` of the link.
    pub secret: String,
    /// A code that can be said or typed in its place.
    pub code: Option<String>,
}

impl std::fmt::Debug for PersonalLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(personal link)")
    }
}

impl Group {
    /// Tells an attendee something, when the group ends.
    pub fn tell(&mut self, telling: Telling) {
        self.draft.tellings.push(telling);
        self.draft.is_touched = true;
    }

    /// Tells nobody what fits, as far as the group was to tell it.
    pub fn untell(&mut self, is_untold: impl Fn(&Telling) -> bool) {
        self.draft.tellings.retain(|telling| !is_untold(telling));
    }

    /// What the group told so far, in order; the group forgets it.
    pub fn take_tellings(&mut self) -> Vec<Telling> {
        std::mem::take(&mut self.draft.tellings)
    }
}
