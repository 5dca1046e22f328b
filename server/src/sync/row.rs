//! Rows of scopes, as the server keeps them.

use std::str::FromStr;

use shared::sync::row_check;
use uuid::Uuid;

macro_rules! row_collections {
    ($($(#[$doc:meta])+ $name:ident = $text:literal;)+) => {
        /// A collection of rows. The order is that of the names, which pages follow.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum RowCollection { $($(#[$doc])+ $name,)+ }

        impl RowCollection {
            /// Every collection.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }

        impl FromStr for RowCollection {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($text => Ok(Self::$name),)+ _ => Err(()) }
            }
        }
    };
}

row_collections! {
    /// What is entered by a check, for organisers and rosters.
    AccessAreas = "access_areas";
    /// What somebody needs to take part, for those whose duty needs to know.
    AccessNeeds = "access_needs";
    /// That guests were let in, for rosters.
    Admissions = "admissions";
    /// Attendees: one's own, and everybody for organisers.
    Attendees = "attendees";
    /// Audiences, for organisers.
    Audiences = "audiences";
    /// The keys that badges are verified with, for desks and doors.
    BadgeKeys = "badge_keys";
    /// What carries an attendee's badge: their own.
    Badges = "badges";
    /// Categories of registrations.
    Categories = "categories";
    /// Where checks are made, for organisers and rosters.
    Checkpoints = "checkpoints";
    /// Choice groups.
    ChoiceGroups = "choice_groups";
    /// Delegations with their limits, for their focal points and organisers.
    DelegationDetails = "delegation_details";
    /// Members of a delegation, for its focal points and liaison officers.
    DelegationMembers = "delegation_members";
    /// Delegations.
    Delegations = "delegations";
    /// Everybody with what a desk needs to know of them, for desks.
    DeskPeople = "desk_people";
    /// What went out to many at once, for organisers.
    Dispatches = "dispatches";
    /// That there is a document by invitation.
    DocumentStubs = "document_stubs";
    /// Documents.
    Documents = "documents";
    /// Whom doors let in, without a name: that is sealed.
    DoorGuests = "door_guests";
    /// Who works where: one's own duties, and all for organisers.
    Duties = "duties";
    /// The event.
    Events = "events";
    /// Exhibitors.
    Exhibitors = "exhibitors";
    /// Starred sessions.
    Favourites = "favourites";
    /// What was handed out, lent and taken back, for desks.
    Handovers = "handovers";
    /// What is odd about scans, for desks and organisers.
    Incidents = "incidents";
    /// Invitations: one's own, and all for organisers.
    Invitations = "invitations";
    /// What is out on loan, for desks.
    Loans = "loans";
    /// The rooms that sessions have left, for rosters.
    MovedSessions = "moved_sessions";
    /// Personal notes.
    Notes = "notes";
    /// What an attendee is told.
    Notices = "notices";
    /// Organisations.
    Organisations = "organisations";
    /// The week's overview.
    OverviewEntries = "overview_entries";
    /// That there is a part by invitation.
    PartStubs = "part_stubs";
    /// Parts.
    Parts = "parts";
    /// Who is to ride in a vehicle, by name, for the devices at its door.
    Passengers = "passengers";
    /// People of the programme, for organisers; others find them inside sessions.
    People = "people";
    /// The few guests of one session with their names, for its door.
    ProtocolGuests = "protocol_guests";
    /// Registrations: one's own, and all for organisers.
    Registrations = "registrations";
    /// How long before sessions an attendee wants to be reminded of them.
    ReminderChoices = "reminder_choices";
    /// Rooms.
    Rooms = "rooms";
    /// Categories as desks know them.
    RosterCategories = "roster_categories";
    /// How many of which delegation may be inside where, for desks and doors.
    RosterDelegations = "roster_delegations";
    /// Enrolled devices and where they check, in their rosters.
    RosterDevices = "roster_devices";
    /// Parts as rosters show them.
    RosterParts = "roster_parts";
    /// Sessions as rosters show them.
    RosterSessions = "roster_sessions";
    /// Series.
    Series = "series";
    /// How full a session with seats is, as a word.
    SessionFills = "session_fills";
    /// That there is a session by invitation.
    SessionStubs = "session_stubs";
    /// Sessions.
    Sessions = "sessions";
    /// Seats: one's own, and all for organisers.
    SignUps = "sign_ups";
    /// Who sits in for whom.
    StandIns = "stand_ins";
    /// Tracks.
    Tracks = "tracks";
    /// Coaches and cars, for organisers and rosters.
    Vehicles = "vehicles";
    /// Venues.
    Venues = "venues";
    /// What carries a badge and does not count any more, for desks and doors.
    VoidBadges = "void_badges";
}

/// Names a row within a scope.
pub type RowKey = (RowCollection, Uuid);

/// A row as it now is, or its tombstone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Which row.
    pub key: RowKey,
    /// The commit that last changed its bytes in this scope.
    pub rev: u64,
    /// Its check.
    pub check: u32,
    /// Its encoded JSON; none for a tombstone.
    pub value: Option<Box<str>>,
}

impl Row {
    /// A row of the commit `rev`.
    pub fn new(key: RowKey, rev: u64, value: Option<Box<str>>) -> Self {
        let mut id = Uuid::encode_buffer();
        let check = row_check(key.0.as_str(), key.1.as_hyphenated().encode_lower(&mut id), rev);
        Self { key, rev, check, value }
    }
}

#[cfg(test)]
mod tests {
    use shared::replica::KNOWN_COLLECTIONS;

    use super::*;

    #[test]
    fn devices_show_every_collection_that_the_server_sends() {
        let unknown: Vec<_> =
            RowCollection::ALL.iter().filter(|name| !KNOWN_COLLECTIONS.contains(&name.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert_eq!(KNOWN_COLLECTIONS.len(), RowCollection::ALL.len());
    }

    #[test]
    fn the_order_of_collections_is_that_of_their_names() {
        assert!(RowCollection::ALL.is_sorted_by_key(|collection| collection.as_str()));
    }
}
