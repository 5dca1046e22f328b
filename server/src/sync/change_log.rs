//! What one commit group changes: gathered while its units run, written at its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId, MutationId, RecordId};
use shared::programme::{Collection, DelegationDuty, Programme, RecordBody, RecordEdit, RecordKey};
use shared::sync::{Head, MutationResult, Scope};
use shared::time::Timestamp;

use super::feed::Rights;
use super::row::RowKey;
use crate::database::Connection;

pub use super::actors::{Actor, Assignment, AuditLine, EnrolmentState, Relation, Role};
pub use super::sight::{Consequences, Sight};
pub use super::tellings::{PersonalLink, Telling};

/// The stored answer to a mutation.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredResult {
    /// With the device and the id, the key.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
    /// The id that the device made.
    pub mutation: MutationId,
    /// What it said.
    pub content_hash: String,
    /// What it was answered; never a retry, and without rows.
    pub result: MutationResult,
}

/// What the units of one group changed so far. Nothing of it is visible before the commit.
pub struct Group {
    /// The event.
    pub event: EventId,
    /// When the group began, by the server's clock.
    pub now: Timestamp,
    /// The event's head before the group.
    pub head: Head,
    /// The head that it will have if the group changes anything.
    pub next: Head,
    pub(super) before: Programme,
    pub(super) results: Vec<StoredResult>,
    pub(super) draft: Draft,
}

/// What is undone together with a savepoint.
#[derive(Clone, Default)]
pub struct Draft {
    pub(super) programme: Programme,
    pub(super) changed: BTreeSet<RecordKey>,
    pub(super) rows: BTreeMap<(Scope, RowKey), Option<String>>,
    pub(super) audiences: BTreeMap<RecordId, BTreeSet<AttendeeId>>,
    pub(super) roles: BTreeMap<(AccountId, Role), bool>,
    pub(super) duties: BTreeMap<(RecordId, AccountId, DelegationDuty), bool>,
    pub(super) relations: BTreeMap<(AttendeeId, AccountId), Option<Relation>>,
    pub(super) enrolments: BTreeMap<AccountId, Assignment>,
    pub(super) gates: BTreeMap<RecordId, BTreeSet<AttendeeId>>,
    pub(super) attendees: BTreeSet<AttendeeId>,
    pub(super) guests: BTreeSet<AttendeeId>,
    pub(super) freed: BTreeSet<RecordId>,
    pub(super) places: BTreeMap<RecordId, u64>,
    pub(super) seats: BTreeSet<RecordId>,
    pub(super) tellings: Vec<Telling>,
    // Shared, since a group is remembered as it is before each of its steps.
    pub(super) audit: Vec<Arc<AuditLine>>,
    pub(super) renews_rows: bool,
    pub(super) is_touched: bool,
    pub(super) is_removed: bool,
}

impl Group {
    /// A group on the event as it is at `head`.
    pub fn new(event: EventId, now: Timestamp, head: Head, next: Head, programme: Programme) -> Self {
        let draft = Draft { programme: programme.clone(), ..Draft::default() };
        Self { event, now, head, next, before: programme, results: Vec::new(), draft }
    }

    /// A group on an event that was removed meanwhile; nothing can be written to it.
    pub(super) fn of_removed(event: EventId, now: Timestamp) -> Self {
        let mut group = Self::new(event, now, Head::default(), Head::default(), Programme::default());
        group.draft.is_removed = true;
        group
    }

    /// Removes the event with everything that is its. What follows in the group finds no event.
    pub fn remove_event(&mut self) {
        self.draft.is_removed = true;
        self.draft.is_touched = true;
    }

    /// Makes every row of the programme anew, as this version of the projection has them.
    pub(super) fn renew_rows(&mut self) {
        self.draft.renews_rows = true;
        self.draft.is_touched = true;
    }

    /// Whether the event was removed, by this group or before it.
    pub fn is_removed(&self) -> bool {
        self.draft.is_removed
    }

    /// The number of the commit that the group's changes will be of.
    pub fn seq(&self) -> u64 {
        self.next.seq
    }

    /// The programme with what the group changed so far.
    pub fn programme(&self) -> &Programme {
        &self.draft.programme
    }

    /// Puts records into the programme, with a line of the audit log for each.
    pub fn edit(&mut self, actor: Actor, operation: &str, edits: &[RecordEdit]) {
        // What leaves a record as it is must not touch its rev.
        let differs = |edit: &&RecordEdit| match edit {
            RecordEdit::Put { body, .. } => self.body(edit.key()) != Some(body),
            RecordEdit::Remove { .. } => self.body(edit.key()).is_some(),
        };
        let edits: Vec<RecordEdit> = edits.iter().filter(differs).cloned().collect();
        let after = self.draft.programme.with_edits(&edits, self.next.seq);
        for key in edits.iter().map(RecordEdit::key) {
            let body = |programme: &Programme| programme.find(key.0, key.1).map(|record| record.body.to_json());
            let (before, after) = (body(&self.draft.programme), body(&after));
            self.draft.changed.insert(key);
            let operation = operation.to_owned();
            let line = AuditLine { actor, operation, collection: key.0.as_str(), record: key.1.0, before, after };
            self.draft.audit.push(Arc::new(line));
        }
        if edits.iter().any(|edit| edit.key().0 == Collection::Categories) {
            // A category says whether its places count in delegations.
            self.draft.places.clear();
        }
        if !self.draft.changed.is_empty() {
            self.draft.is_touched = true;
        }
        self.draft.programme = after;
    }

    /// Puts a row that is no record's into a scope; `None` takes it away.
    pub fn put_row(&mut self, scope: Scope, key: RowKey, value: Option<&Value>) {
        self.draft.rows.insert((scope, key), value.map(Value::to_string));
        self.draft.is_touched = true;
    }

    /// Says of whom it changed whether they are in an audience (in the database, by this unit).
    pub fn audience_changed(&mut self, audience: RecordId, members: impl IntoIterator<Item = AttendeeId>) {
        self.draft.audiences.entry(audience).or_default().extend(members);
        self.draft.is_touched = true;
    }

    /// The audiences whose members changed, and who came or left.
    pub fn changed_audiences(&self) -> &BTreeMap<RecordId, BTreeSet<AttendeeId>> {
        &self.draft.audiences
    }

    /// Gives a role or takes it.
    pub fn set_role(&mut self, account: AccountId, role: Role, is_held: bool) {
        self.draft.roles.insert((account, role), is_held);
        self.draft.is_touched = true;
    }

    /// Gives an account a duty for a delegation or takes it.
    pub fn set_duty(&mut self, (delegation, account): (RecordId, AccountId), duty: DelegationDuty, is_held: bool) {
        self.draft.duties.insert((delegation, account, duty), is_held);
        self.draft.is_touched = true;
    }

    /// Says what an enrolled device is for from now on (in the database, by this unit).
    pub fn set_enrolment(&mut self, account: AccountId, assignment: Assignment) {
        self.draft.enrolments.insert(account, assignment);
        self.draft.is_touched = true;
    }

    /// Says of whom it changed whether they hold the gate of a part, session or document by an entry
    /// of `gate_rights` (in the database, by this unit).
    pub fn gate_changed(&mut self, object: RecordId, holders: impl IntoIterator<Item = AttendeeId>) {
        self.draft.gates.entry(object).or_default().extend(holders);
        self.draft.is_touched = true;
    }

    /// The parts, sessions and documents whose gates changed hands by an entry of `gate_rights`, and of
    /// whom.
    pub fn changed_gates(&self) -> &BTreeMap<RecordId, BTreeSet<AttendeeId>> {
        &self.draft.gates
    }

    /// Says that seats of a session were taken or became free (in the database, by this unit). Who
    /// waits for one, and what is said of how full it is, follows when the group ends.
    pub fn seats_changed(&mut self, session: RecordId) {
        self.draft.seats.insert(session);
        self.draft.is_touched = true;
    }

    /// The sessions in which seats were taken or became free so far.
    pub fn changed_seats(&self) -> &BTreeSet<RecordId> {
        &self.draft.seats
    }

    /// Says that what is kept of an attendee changed (in the database, by this unit): their
    /// registration, invitations, seats or stand-ins. What follows from it, and their rows, are made
    /// once, when the group ends.
    pub fn attendee_changed(&mut self, attendee: AttendeeId) {
        self.draft.attendees.insert(attendee);
        self.draft.is_touched = true;
    }

    /// Says of an attendee that it changed whether their registration lets them have what they are invited to, or
    /// whether they come at all (in the database, by this unit).
    pub fn guest_changed(&mut self, attendee: AttendeeId) {
        self.draft.guests.insert(attendee);
        self.draft.is_touched = true;
    }

    /// The attendees of whom that changed.
    pub fn changed_guests(&self) -> &BTreeSet<AttendeeId> {
        &self.draft.guests
    }

    /// The attendees of whom something changed.
    pub fn changed_attendees(&self) -> &BTreeSet<AttendeeId> {
        &self.draft.attendees
    }

    /// Says that a place has become free in what this record limits (a category, a delegation).
    pub fn place_freed(&mut self, record: RecordId) {
        self.draft.freed.insert(record);
    }

    /// The records in which places have become free since this was last asked.
    pub fn take_freed(&mut self) -> BTreeSet<RecordId> {
        std::mem::take(&mut self.draft.freed)
    }

    /// How many places are taken in what this record limits, if the group knows.
    pub fn places_taken(&self, record: RecordId) -> Option<u64> {
        self.draft.places.get(&record).copied()
    }

    /// Remembers how many places are taken, as counted in the database. The group holds the event's
    /// lock, so that nobody else takes one before it ends.
    pub fn remember_places(&mut self, record: RecordId, taken: u64) {
        self.draft.places.insert(record, taken);
    }

    /// Says that the group gave a place in what this record limits (in the database, by this unit).
    pub fn place_given(&mut self, record: RecordId) {
        self.draft.places.entry(record).and_modify(|taken| *taken += 1);
    }

    /// Says that the group took a place back in what this record limits (in the database, by this unit).
    pub fn place_taken_back(&mut self, record: RecordId) {
        self.draft.places.entry(record).and_modify(|taken| *taken -= 1);
    }

    /// What an account may do, with what the group changed of it so far.
    pub fn adjust_rights(&self, account: AccountId, rights: &mut Rights) {
        let draft = &self.draft;
        for ((_, role), is_held) in draft.roles.iter().filter(|((of, _), _)| *of == account) {
            rights.set_role(*role, *is_held);
        }
        for ((delegation, _, duty), is_held) in draft.duties.iter().filter(|((_, of, _), _)| *of == account) {
            rights.set_duty((*delegation, *duty), *is_held);
        }
        for ((attendee, _), relation) in draft.relations.iter().filter(|((_, of), _)| *of == account) {
            rights.set_relation(*attendee, *relation);
        }
        if let Some(assignment) = draft.enrolments.get(&account) {
            rights.enrolment = Some(assignment.clone());
        }
    }

    /// The records that the group changed so far.
    pub fn changed_records(&self) -> &BTreeSet<RecordKey> {
        &self.draft.changed
    }

    /// The programme before the group.
    pub fn programme_before(&self) -> &Programme {
        &self.before
    }

    /// Says which account is or acts for an attendee; `None` ends it.
    pub fn set_relation(&mut self, attendee: AttendeeId, account: AccountId, relation: Option<Relation>) {
        self.draft.relations.insert((attendee, account), relation);
        self.draft.is_touched = true;
    }

    /// Which accounts the group made to be or act for which attendees so far; `None` ended it.
    pub fn changed_relations(&self) -> &BTreeMap<(AttendeeId, AccountId), Option<Relation>> {
        &self.draft.relations
    }

    /// Writes a line of the audit log for what is no record of the programme.
    pub fn audit(&mut self, line: AuditLine) {
        self.draft.audit.push(Arc::new(line));
        self.draft.is_touched = true;
    }

    /// Leaves of the lines that the group has so far, where they fit, only who did what and when.
    pub fn redact_audit(&mut self, is_redacted: impl Fn(&AuditLine) -> bool) {
        for line in self.draft.audit.iter_mut().filter(|line| is_redacted(line)) {
            let line = Arc::make_mut(line);
            (line.before, line.after) = (None, None);
        }
    }

    /// The lines of the audit log that the group has so far, in order.
    pub fn audit_lines(&self) -> &[Arc<AuditLine>] {
        &self.draft.audit
    }

    /// The rows that the group put into a scope so far, tombstones among them.
    pub fn row_keys(&self, scope: Scope) -> impl Iterator<Item = RowKey> {
        self.draft.rows.keys().filter(move |(in_scope, _)| *in_scope == scope).map(|(_, key)| *key)
    }

    /// A row as the group has put it so far: none where it has not, nothing inside where it takes it away.
    pub fn find_row(&self, scope: Scope, key: RowKey) -> Option<Option<&str>> {
        self.draft.rows.get(&(scope, key)).map(Option::as_deref)
    }

    /// The roles that the group gave or took so far.
    pub fn changed_roles(&self) -> &BTreeMap<(AccountId, Role), bool> {
        &self.draft.roles
    }

    /// The duties that the group gave or took so far.
    pub fn changed_duties(&self) -> &BTreeMap<(RecordId, AccountId, DelegationDuty), bool> {
        &self.draft.duties
    }

    /// The result that this group already holds for a mutation.
    pub fn find_result(&self, account: AccountId, device: DeviceId, mutation: MutationId) -> Option<&StoredResult> {
        self.results.iter().find(|r| r.account == account && r.device == device && r.mutation == mutation)
    }

    /// Stores the answer to a mutation; it stays when the mutation's savepoint is undone.
    pub fn store_result(&mut self, result: StoredResult) {
        self.results.push(result);
    }

    /// The body of a record as the group has it.
    pub fn body(&self, key: RecordKey) -> Option<&RecordBody> {
        self.draft.programme.find(key.0, key.1).map(|record| &record.body)
    }
}

/// What a unit of work may use: the connection inside the group's transaction, and the group.
pub struct Unit<'a> {
    /// The connection.
    pub connection: &'a mut Connection,
    /// The group.
    pub group: &'a mut Group,
}
