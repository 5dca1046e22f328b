//! Who brings a file in or takes one out, and whom they reach.

use std::collections::BTreeSet;
use std::sync::Arc;

use shared::ids::{AccountId, DeviceId, RecordId};
use shared::programme::{DelegationDuty, Programme, Record, RecordBody, State, Visibility};

use crate::formats::people::Names;
use crate::sync::change_log::{Actor, Role};
use crate::sync::feed::{EventCell, Rights};

/// Who acts by file.
#[derive(Clone)]
pub enum Authority {
    /// Somebody who signed in, with the rights that they have at each moment.
    Account(Arc<EventCell>, AccountId, DeviceId),
    /// Whoever has the machine.
    CommandLine,
}

/// Whom they reach.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Everybody.
    Everybody,
    /// The members of the delegations whose focal point they are.
    Delegations(BTreeSet<RecordId>),
}

impl Authority {
    /// What they may do now.
    pub fn rights(&self) -> Rights {
        match self {
            Self::Account(cell, account, _) => cell.read().rights(*account),
            Self::CommandLine => Rights { roles: BTreeSet::from([Role::Organiser]), ..Rights::default() },
        }
    }

    /// The same as one who acts.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Account(_, account, device) => {
                Actor { account: Some(*account), device: Some(*device), attendee: None }
            }
            Self::CommandLine => Actor::default(),
        }
    }
}

impl Reach {
    /// Whom an account with these rights reaches; none where it reaches nobody by file.
    pub fn of(rights: &Rights) -> Option<Self> {
        if rights.sees_everything() {
            return Some(Self::Everybody);
        }
        let own: BTreeSet<RecordId> =
            rights.delegations.keys().copied().filter(|id| rights.has_duty(*id, DelegationDuty::FocalPoint)).collect();
        (!own.is_empty()).then_some(Self::Delegations(own))
    }

    /// Whether somebody of this delegation, or of none, is reached.
    pub fn has(&self, delegation: Option<RecordId>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Delegations(own) => delegation.is_some_and(|delegation| own.contains(&delegation)),
        }
    }

    /// The one delegation that people belong to where a file names none.
    pub fn only_delegation(&self) -> Option<RecordId> {
        match self {
            Self::Delegations(own) if own.len() == 1 => own.first().copied(),
            _ => None,
        }
    }

    /// What a file may name: a focal point knows their own delegations and what is no secret.
    pub fn names(&self, programme: &Programme) -> Names {
        Names::new(programme, |record: &Record| match (self, &record.body) {
            (Self::Everybody, _) => true,
            (Self::Delegations(own), RecordBody::Delegations(_)) => own.contains(&record.id),
            (Self::Delegations(_), RecordBody::Parts(part)) => {
                part.state == State::Published && part.admission.visibility() != Visibility::Hidden
            }
            (Self::Delegations(_), _) => true,
        })
    }
}
