//! The rows of rosters that are about guests.

use serde::{Deserialize, Serialize};

use super::{Claim, RosterGuest, Standing};
use crate::badge::{BadgeSecret, CarrierKind, SealFault, VoidReason, open, seal};
use crate::ids::{AttendeeId, DeviceId, EventId, GuestIndex, RecordId};
use crate::localised::Localised;
use crate::object;
use crate::registration::RegistrationStatus;
use crate::time::Timestamp;

/// A guest as doors know them (`door_guests`): the row's id is their index, and names nobody.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoorGuest {
    /// What a door counts by, whoever holds it.
    pub guest: CountedGuest,
    /// Everything else ([`SealedGuest`]), for who has their badge ([`DoorGuest::open`]).
    pub sealed: String,
}

/// What a door must know of a guest who has not shown a badge: to tell how many are expected, and how many of a
/// delegation are inside. A category or a delegation would say who a minister is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedGuest {
    /// Where the registration stands.
    pub status: RegistrationStatus,
    /// Their delegation, where so many of it may be inside at one time and no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<RecordId>,
    /// What they have in parts and sessions that are not open to everybody registered, or where they are on duty.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

impl CountedGuest {
    /// Where the registration stands, and what the guest has.
    pub fn standing(&self) -> Standing<'_> {
        (self.status, &self.claims)
    }
}

/// What a guest's badge opens at a door.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedGuest {
    /// Who they are.
    pub details: GuestDetails,
    /// What lets them in, but for their claims, which stand in the row.
    pub guest: RosterGuest,
}

impl DoorGuest {
    /// The row of a guest. Its sealed part is as long as the next multiple of [`SEALED_STEP`]: how long it is says
    /// little of whether there is a note.
    ///
    /// # Errors
    ///
    /// It cannot be sealed.
    pub fn seal(
        (secret, event): (&BadgeSecret, EventId),
        (guest, details): (&RosterGuest, &GuestDetails),
        delegation: Option<RecordId>,
    ) -> Result<Self, SealFault> {
        let counted = CountedGuest { status: guest.status, delegation, claims: guest.claims.clone() };
        let sealed =
            SealedGuest { details: details.clone(), guest: RosterGuest { claims: Vec::new(), ..guest.clone() } };
        let mut sealed = serde_json::to_vec(&sealed).unwrap_or_default();
        // White space behind a document says nothing.
        sealed.resize(sealed.len().next_multiple_of(SEALED_STEP), b' ');
        Ok(Self { guest: counted, sealed: seal(secret, event, &sealed)? })
    }

    /// The guest whose badge was shown; none where it is another's.
    pub fn open(&self, secret: &BadgeSecret, event: EventId) -> Option<SealedGuest> {
        let opened = open(secret, event, &self.sealed).ok()?;
        let mut opened: SealedGuest = serde_json::from_slice(&opened).ok()?;
        opened.guest.claims.clone_from(&self.guest.claims);
        Some(opened)
    }
}

/// In steps of how many bytes the sealed part of a row gets longer.
const SEALED_STEP: usize = 128;

/// Who a guest is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuestDetails {
    /// Their name, as they want it on the badge.
    pub name: String,
    /// Title or rank before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_of_address: Option<String>,
    /// Position held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The name of their delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation_name: Option<Localised>,
}

/// Somebody as desks know them (`desk_people`): the row's id is the attendee's.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskPerson {
    /// By what doors know them; absent where they have no badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<GuestIndex>,
    /// Who they are.
    pub details: GuestDetails,
    /// Their name in the list of attendees, where the badge has another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_name: Option<String>,
    /// The language that they read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What lets them in.
    pub guest: RosterGuest,
    /// What carries their badge, void ones too.
    #[serde(default, deserialize_with = "object::list", skip_serializing_if = "Vec::is_empty")]
    pub carriers: Vec<DeskCarrier>,
    /// Their photo, by the SHA-256 of its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// How they were registered at a desk, where they were.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub walk_in: Option<WalkedIn>,
}

/// That somebody was registered at a desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkedIn {
    /// When the server heard of it.
    pub registered_at: Timestamp,
    /// The desk's device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// Others who may be the same person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_be: Vec<AttendeeId>,
    /// When somebody said who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
}

/// What carries somebody's badge, as desks know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskCarrier {
    /// Its number.
    pub carrier: u32,
    /// What it is.
    pub kind: CarrierKind,
    /// When it was handed to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_out_at: Option<Timestamp>,
    /// Why it does not count any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_reason: Option<VoidReason>,
}

/// Somebody who is to ride in the vehicle behind a door, as the devices at that door know them (`passengers`):
/// the row's id is the attendee's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoardingPassenger {
    /// By what doors know them; absent where they have no badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<GuestIndex>,
    /// Who they are.
    pub details: GuestDetails,
    /// The vehicle that is theirs.
    pub vehicle: RecordId,
    /// At which of its stops they board, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<u32>,
}

/// One of the few guests of a session, as its door knows them (`protocol_guests`): the row's id is the
/// attendee's.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtocolGuest {
    /// By what doors know them; absent where they have no badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<GuestIndex>,
    /// Who they are.
    pub details: GuestDetails,
    /// What lets them in there; nothing of other sessions.
    pub guest: RosterGuest,
    /// Their photo, by the SHA-256 of its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}
