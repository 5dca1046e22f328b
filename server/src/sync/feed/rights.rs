//! What accounts may do and hold at an event.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{AttendeeId, RecordId};
use shared::programme::DelegationDuty;
use shared::sync::Profile;

use crate::sync::change_log::{Assignment, EnrolmentState, Relation, Role};

/// What an account may hold at an event.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rights {
    /// Its roles.
    pub roles: BTreeSet<Role>,
    /// The attendees that it is or acts for.
    pub attendees: BTreeMap<AttendeeId, Relation>,
    /// What it does for which delegations.
    pub delegations: BTreeMap<RecordId, BTreeSet<DelegationDuty>>,
    /// What it is for, where it is the account of an enrolled device, in use or not.
    pub enrolment: Option<Assignment>,
}

impl Rights {
    /// Whether it changes the programme.
    pub fn is_organiser(&self) -> bool {
        self.roles.contains(&Role::Organiser)
    }

    /// Whether it sees what is gated, whoever that is for.
    pub fn sees_everything(&self) -> bool {
        self.is_organiser() || self.roles.contains(&Role::Protocol)
    }

    /// The roster that it holds as an enrolled device in use.
    pub fn roster(&self) -> Option<Profile> {
        let in_use = self.enrolment.as_ref().filter(|assignment| assignment.state == EnrolmentState::Active);
        in_use.map(|assignment| assignment.profile)
    }

    /// Whether it is a door's device that was enrolled for this very checkpoint, and is in use. Desks have
    /// everybody's names; a device that may stand anywhere has nobody's.
    pub fn boards_at(&self, checkpoint: RecordId) -> bool {
        let is_named = self.enrolment.as_ref().is_some_and(|assignment| assignment.checkpoints.contains(&checkpoint));
        is_named && self.roster() == Some(Profile::Door)
    }

    /// Whether it has a duty for a delegation.
    pub fn has_duty(&self, delegation: RecordId, duty: DelegationDuty) -> bool {
        self.delegations.get(&delegation).is_some_and(|duties| duties.contains(&duty))
    }

    /// Whether the account is this attendee itself.
    pub fn is_self(&self, attendee: AttendeeId) -> bool {
        self.attendees.get(&attendee) == Some(&Relation::Myself)
    }

    /// Gives it a role or takes it.
    pub fn set_role(&mut self, role: Role, is_held: bool) {
        if is_held {
            self.roles.insert(role)
        } else {
            self.roles.remove(&role)
        };
    }

    /// Gives it a duty for a delegation or takes it.
    pub fn set_duty(&mut self, (delegation, duty): (RecordId, DelegationDuty), is_held: bool) {
        let duties = self.delegations.entry(delegation).or_default();
        if is_held {
            duties.insert(duty)
        } else {
            duties.remove(&duty)
        };
        if duties.is_empty() {
            self.delegations.remove(&delegation);
        }
    }

    /// Says how it stands to an attendee; `None` ends it.
    pub fn set_relation(&mut self, attendee: AttendeeId, relation: Option<Relation>) {
        match relation {
            Some(relation) => self.attendees.insert(attendee, relation),
            None => self.attendees.remove(&attendee),
        };
    }

    /// Whether it has anything to do with the event.
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.attendees.is_empty() && self.delegations.is_empty() && self.enrolment.is_none()
    }
}
