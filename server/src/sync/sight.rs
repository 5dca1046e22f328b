//! What follows from a group's changes in other domains, and what attendees may see once it is committed.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{AttendeeId, RecordId};
use shared::sync::Scope;

use super::change_log::Unit;
use super::feed::EventMemory;

/// What follows from the changes of a group in other domains: audiences by rule, places that are
/// free again, the rows of attendees. Runs once, before the group's rows are written.
pub trait Consequences: Send + Sync {
    /// Draws them. Domains cannot refuse here; a database error ends the group.
    fn draw(&self, unit: &mut Unit<'_>) -> diesel::QueryResult<()>;

    /// Takes away what was written into attendees' own scopes of what they may not see any more. Runs behind
    /// [`Consequences::draw`], once it is known who may hold which gate.
    fn hide(&self, unit: &mut Unit<'_>, sight: &Sight<'_>) -> diesel::QueryResult<()>;
}

/// Which attendees may hold which scopes once the group is committed.
pub struct Sight<'a> {
    memory: &'a EventMemory,
    changed: BTreeMap<(RecordId, AttendeeId), bool>,
}

impl<'a> Sight<'a> {
    /// Of an event as it is in memory, with the gates, attendees and whether they hold them that the group changes.
    pub(super) fn new(memory: &'a EventMemory, grants: &[(RecordId, AttendeeId, bool)]) -> Self {
        let changed = grants.iter().map(|(gate, attendee, is_held)| ((*gate, *attendee), *is_held)).collect();
        Self { memory, changed }
    }

    /// Whether an attendee, whoever acts for them, may hold a scope.
    pub fn may_hold(&self, attendee: AttendeeId, scope: &Scope) -> bool {
        let changed = match scope {
            Scope::Gate(gate) => self.changed.get(&(*gate, attendee)).copied(),
            _ => None,
        };
        changed.unwrap_or_else(|| self.memory.attendee_may_hold(attendee, scope))
    }

    /// Those who lose a gate.
    pub fn losers(&self) -> BTreeSet<AttendeeId> {
        self.changed.iter().filter(|(_, is_held)| !**is_held).map(|((_, attendee), _)| *attendee).collect()
    }
}
