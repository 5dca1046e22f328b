//! Admission: whether a badge, or a person found by hand, is let in at a checkpoint, and what follows
//! from all that was scanned.
//!
//! Everything that decides is here and pure. [`judge`] answers one [`Question`] with a [`Verdict`]: the
//! server, a desk and a door ask it of what each of them knows. A [`Scan`] records what was decided. From
//! the scans of one use, whoever hands them in and in whatever order, [`derive`] tells who was let in and
//! what is odd about it.

mod authority;
mod boarding;
mod crossing;
mod derive;
mod desk_badges;
mod ground;
mod guest;
mod incident;
mod judge;
mod next_step;
mod places;
mod question;
mod reason;
mod room;
mod roster;
mod scan;
mod second_use;
mod use_of;
mod verdict;

pub use authority::{Authority, list_unauthorised};
pub use boarding::{Fleet, Ride, rides_at, rides_of_session};
pub use crossing::{Way, list_crossings};
pub use derive::{Admission, Derived, Entry, Occupancy, Recorded, Turn, UseFacts, derive};
pub use desk_badges::{DeskBadges, list_by_desk_badge};
pub use ground::{Ground, Guarded, Ways, find_area, find_checkpoint, list_moved, subject_at, use_at};
pub use guest::{Claim, RosterGuest, SitsInFor, Standing, StoodInBy, facts_of, is_expected};
pub use incident::{Incident, IncidentKind, LateWork, Unread, list_reused, list_stolen};
pub use judge::judge;
pub use next_step::NextStep;
pub use places::{MovedSession, Places};
pub use question::{Knowledge, Limit, LimitOf, Presence, Presented, Question, ReadBadge, Subject};
pub use reason::Reason;
pub use room::{is_entered_at, subject_of_room};
pub use roster::{
    BoardingPassenger, CountedGuest, DeskCarrier, DeskPerson, DoorGuest, GuestDetails, ProtocolGuest, SealedGuest,
    WalkedIn,
};
pub use scan::{Basis, Decided, Direction, Scan, ScanId, ScanTime};
pub use use_of::{Use, admission_id};
pub use verdict::{MovedTo, Verdict};
