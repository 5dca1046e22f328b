//! What of whom something concerns is known in memory.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{AccountId, AttendeeId, RecordId};
use shared::programme::{DelegationDuty, Programme};

use super::DispatchBody;
use crate::sync::change_log::Relation;
use crate::sync::feed::EventMemory;

/// What of it is known in memory: who holds the gates, and who looks after whom.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub(super) holders: BTreeMap<RecordId, BTreeSet<AttendeeId>>,
    pub(super) officers: Vec<(AttendeeId, BTreeSet<RecordId>)>,
    /// Liaison officers who are no attendees themselves.
    pub(super) outside_officers: Vec<(AccountId, BTreeSet<RecordId>)>,
}

impl Known {
    /// For a dispatch. It is copied, so that nobody waits for the memory while the database is asked.
    pub fn of(memory: &EventMemory, programme: &Programme, body: &DispatchBody) -> Self {
        let of_audience = body.audience.iter().flat_map(|audience| audience.sessions.iter().copied());
        let sessions = body.changes.iter().map(|change| change.session).chain(of_audience);
        let gates = sessions.flat_map(|id| [Some(id), programme.session(id).and_then(|session| session.part)]);
        let holders = memory.holders_of_each(&gates.flatten().collect());
        let (mut officers, mut outside_officers) = (Vec::new(), Vec::new());
        for (account, rights) in memory.list_rights() {
            let looked_after =
                rights.delegations.iter().filter(|(_, duties)| duties.contains(&DelegationDuty::Liaison));
            let delegations: BTreeSet<RecordId> = looked_after.map(|(delegation, _)| *delegation).collect();
            if delegations.is_empty() {
                continue;
            }
            match rights.attendees.iter().find(|(_, relation)| **relation == Relation::Myself) {
                Some((own, _)) => officers.push((*own, delegations)),
                None => outside_officers.push((*account, delegations)),
            }
        }
        Self { holders, officers, outside_officers }
    }
}
