//! The collections of a programme.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! collections {
    ($($(#[$doc:meta])+ $name:ident = $text:literal, $segment:literal;)+) => {
        /// A kind of record.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Collection { $($(#[$doc])+ $name,)+ }

        impl Collection {
            /// Every collection, in the order in which references point (a record refers to
            /// records of its own or earlier collections, with few exceptions).
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The name in rows, mutations and the database.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The name as a segment of a URL.
            pub fn path_segment(self) -> &'static str {
                match self { $(Self::$name => $segment,)+ }
            }

            /// The collection that a URL's segment names.
            pub fn from_path_segment(segment: &str) -> Option<Self> {
                match segment { $($segment => Some(Self::$name),)+ _ => None }
            }
        }

        impl FromStr for Collection {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($text => Ok(Self::$name),)+ _ => Err(()) }
            }
        }
    };
}

collections! {
    /// The event itself: one record, whose id is the event's.
    Events = "events", "event";
    /// Recurring events that this one or its parts are editions of.
    Series = "series", "series";
    /// Hosts, exhibitors, employers.
    Organisations = "organisations", "organisations";
    /// Places with an address.
    Venues = "venues", "venues";
    /// Named spaces in venues.
    Rooms = "rooms", "rooms";
    /// Themes that run through the programme.
    Tracks = "tracks", "tracks";
    /// People of the programme.
    People = "people", "people";
    /// Countries and organisations that send people.
    Delegations = "delegations", "delegations";
    /// Categories of registrations.
    Categories = "categories", "categories";
    /// Named sets of attendees.
    Audiences = "audiences", "audiences";
    /// Sections of the event.
    Parts = "parts", "parts";
    /// Sets of sessions of which one attendee takes at most one.
    ChoiceGroups = "choice_groups", "choice-groups";
    /// Entries of the programme.
    Sessions = "sessions", "sessions";
    /// Stands of an exhibition.
    Exhibitors = "exhibitors", "exhibitors";
    /// Official papers.
    Documents = "documents", "documents";
    /// Cells of the week's overview, as it was printed.
    OverviewEntries = "overview_entries", "overview-entries";
    /// What is entered by a check.
    AccessAreas = "access_areas", "access-areas";
    /// Coaches and cars that run under a transfer or a visit.
    Vehicles = "vehicles", "vehicles";
    /// Where checks are made.
    Checkpoints = "checkpoints", "checkpoints";
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
