//! What took an event from one head to another, as memory applies it.

use std::sync::Arc;

use shared::ids::{AccountId, AttendeeId, RecordId};
use shared::programme::{DelegationDuty, Programme, Record, RecordKey};
use shared::sync::{Digest, Head, Scope};

use crate::sync::change_log::{Assignment, Relation, Role};
use crate::sync::row::Row;

/// The head of one scope with what the server keeps beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScopeHead {
    /// The last commit that touched the scope.
    pub head: Head,
    /// Tombstones up to this commit may have been purged.
    pub floor: u64,
    /// How many rows, and the sum of their checks.
    pub digest: Digest,
}

/// A change of the programme.
pub enum RecordChange {
    /// The whole programme as a commit of this node left it.
    Whole(Programme),
    /// Records as another node's commits left them; `None` is gone.
    Some(Vec<(RecordKey, Option<Record>)>),
}

/// All changes between two heads.
pub struct Delta {
    /// The head that it starts from.
    pub from: Head,
    /// The commits in between, ascending; the last is the new head.
    pub commits: Vec<Head>,
    /// Changed rows by scope.
    pub rows: Vec<(Scope, Vec<Arc<Row>>)>,
    /// The new heads of the scopes with changed rows.
    pub scope_heads: Vec<(Scope, ScopeHead)>,
    /// Gates, attendees and whether they hold them now.
    pub grants: Vec<(RecordId, AttendeeId, bool)>,
    /// Accounts, roles and whether they have them now.
    pub roles: Vec<(AccountId, Role, bool)>,
    /// Delegations, accounts, duties and whether they have them now.
    pub duties: Vec<(RecordId, AccountId, DelegationDuty, bool)>,
    /// Attendees, accounts and how they stand to each other now.
    pub relations: Vec<(AttendeeId, AccountId, Option<Relation>)>,
    /// Accounts of enrolled devices and what those are for now.
    pub enrolments: Vec<(AccountId, Assignment)>,
    /// The programme.
    pub records: RecordChange,
    /// The event's slug.
    pub slug: String,
}

impl Delta {
    /// The head that it leads to.
    pub fn head(&self) -> Head {
        self.commits.last().copied().unwrap_or(self.from)
    }

    /// Whether it changes who may hold what.
    pub fn changes_rights(&self) -> bool {
        !self.grants.is_empty()
            || !self.roles.is_empty()
            || !self.duties.is_empty()
            || !self.relations.is_empty()
            || !self.enrolments.is_empty()
    }
}
