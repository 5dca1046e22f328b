//! The change log as the writer drives it: what is read when a group opens, and written when it
//! is sealed.

use std::collections::BTreeMap;
use std::sync::Arc;

use diesel::{Insertable, QueryResult};
use rand::Rng;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::Programme;
use shared::sync::{Head, Nonce, Position, Scope};

use super::change_log::{Consequences, Draft, Group, Sight, Unit};
use super::feed::load;
use super::feed::{Announcer, Delta, EventCell, Events, RecordChange, ScopeHead, stored_rows};
use super::grants;
use super::projection;
use super::reprojection;
use super::row::{Row, RowKey};
use super::seal;
use crate::clock::Clock;
use crate::database::{Connection, Ledger, erase_event};

/// The change log of all events.
pub struct ChangeLog {
    events: Arc<Events>,
    clock: Clock,
    announcer: Option<Announcer>,
    consequences: Box<dyn Consequences>,
}

/// A group whose rows are written.
pub struct Sealed {
    event: EventId,
    head: Head,
    outcome: Outcome,
}

/// What a sealed group does to its event.
enum Outcome {
    /// It has no commit of its own.
    Nothing,
    /// It has a commit, of what belongs to no event.
    System,
    /// It takes the event to a new head.
    Changed(Box<Delta>),
    /// It removes the event.
    Removed,
}

/// The event of what belongs to none: accounts, devices, keys.
pub const SYSTEM: EventId = EventId(uuid::Uuid::nil());

impl ChangeLog {
    /// The change log over these events, which tells other nodes of its commits where there are any.
    pub fn new(
        events: Arc<Events>,
        clock: Clock,
        announcer: Option<Announcer>,
        consequences: Box<dyn Consequences>,
    ) -> Self {
        Self { events, clock, announcer, consequences }
    }

    fn cell(&self, connection: &mut Connection, event: EventId) -> QueryResult<Arc<EventCell>> {
        self.events.load_cell_with(connection, event)
    }
}

impl Ledger for ChangeLog {
    type Group = Group;
    type Mark = Draft;
    type Sealed = Sealed;
    type Covers = Position;

    fn open(&self, connection: &mut Connection, event: EventId) -> QueryResult<Group> {
        let Some(head) = load::lock_head(connection, event)? else {
            self.events.remove(event);
            return Ok(Group::of_removed(event, self.clock.now()));
        };
        let next = Head { seq: head.seq + 1, nonce: Nonce(rand::rng().random_range(1..=u32::MAX)) };
        if event == SYSTEM {
            return Ok(Group::new(event, self.clock.now(), head, next, Programme::default()));
        }
        let cell = self.cell(connection, event)?;
        // Once may not do: a reader of this node that saw an earlier moment may have been quicker, and
        // what is decided on a memory short of the head loses what lies between.
        while cell.read().head != head {
            self.events.catch_up(connection, &cell)?;
        }
        let programme = self.events.programme_with(connection, &cell)?;
        Ok(Group::new(event, self.clock.now(), head, next, programme))
    }

    fn mark(&self, group: &Group) -> Draft {
        group.draft.clone()
    }

    fn undo(&self, group: &mut Group, mark: Draft) {
        group.draft = mark;
    }

    fn seal(&self, connection: &mut Connection, mut group: Group) -> QueryResult<Sealed> {
        let (event, head) = (group.event, group.head);
        let results = std::mem::take(&mut group.results);
        seal::write_results(connection, &group, &results)?;
        if event == SYSTEM {
            seal::write_system_commit(connection, &group)?;
            return Ok(Sealed { event, head: group.next, outcome: Outcome::System });
        }
        if !group.draft.is_touched {
            return Ok(Sealed { event, head, outcome: Outcome::Nothing });
        }
        if group.draft.is_removed {
            erase_event(connection, event)?;
            return Ok(Sealed { event, head, outcome: Outcome::Removed });
        }
        self.consequences.draw(&mut Unit { connection, group: &mut group })?;
        let cell = self.cell(connection, event)?;
        let grants = grants::changed_grants(connection, &cell, &group)?;
        let mut unit = Unit { connection: &mut *connection, group: &mut group };
        self.consequences.hide(&mut unit, &Sight::new(&cell.read(), &grants))?;
        let rows = changed_rows(connection, &cell, &group)?;
        let delta = compose(&cell, group, rows, grants, |group, delta| seal::write(connection, group, delta))?;
        Ok(Sealed { event, head: delta.head(), outcome: Outcome::Changed(Box::new(delta)) })
    }

    fn is_committed(&self, connection: &mut Connection, sealed: &Sealed) -> QueryResult<bool> {
        // Behind the broken connection the commit may still be on its way; until it is through, or
        // undone, it holds the counter's lock.
        let found = load::lock_head(connection, sealed.event)?;
        match sealed.outcome {
            // Such a group stored answers only; asking again finds or repeats them.
            Outcome::Nothing => Ok(false),
            Outcome::System | Outcome::Changed(_) => load::has_commit(connection, sealed.event, sealed.head),
            Outcome::Removed => Ok(found.is_none()),
        }
    }

    fn publish(&self, sealed: Sealed) -> Position {
        let covers = Position::at(self.events.epoch, sealed.head);
        match (sealed.outcome, self.events.find(sealed.event)) {
            (Outcome::Changed(delta), Some(cell)) => {
                // False when the tail was quicker: then memory has it already.
                self.events.apply(&cell, &delta);
            }
            (Outcome::Removed, _) => self.events.remove(sealed.event),
            _ => {}
        }
        // Also of what belongs to no event: the end of a device is to reach every node at once.
        if let Some(announcer) = &self.announcer {
            announcer.say();
        }
        covers
    }
}

/// The rows whose bytes differ from what is stored, with the digest of their scopes.
struct ChangedRows {
    rows: BTreeMap<Scope, Vec<Arc<Row>>>,
    heads: Vec<(Scope, ScopeHead)>,
}

fn changed_rows(connection: &mut Connection, cell: &EventCell, group: &Group) -> QueryResult<ChangedRows> {
    let mut wanted = wanted_rows(group);
    if group.draft.renews_rows {
        wanted.extend(reprojection::wanted_rows(connection, group)?);
    }
    let mut by_scope: BTreeMap<Scope, Vec<(RowKey, Option<String>)>> = BTreeMap::new();
    for ((scope, key), value) in wanted {
        by_scope.entry(scope).or_default().push((key, value));
    }
    let keys = by_scope.iter().map(|(scope, rows)| (*scope, rows.iter().map(|(key, _)| *key).collect())).collect();
    let mut stored = stored_rows(connection, cell, &keys)?;
    let mut changed = ChangedRows { rows: BTreeMap::new(), heads: Vec::new() };
    for (scope, rows) in by_scope {
        let stored = stored.remove(&scope).unwrap_or_default();
        let mut head = cell.read().scope(&scope).map(|memory| memory.head).unwrap_or_default();
        let mut fresh = Vec::new();
        for (key, value) in rows {
            let old = stored.get(&key);
            let old_value = old.and_then(|row| row.value.as_deref());
            if old_value == value.as_deref() {
                continue;
            }
            if let Some(old) = old.filter(|row| row.value.is_some()) {
                head.digest.remove(old.check);
            }
            let row = Row::new(key, group.next.seq, value.map(String::into_boxed_str));
            if row.value.is_some() {
                head.digest.add(row.check);
            }
            fresh.push(Arc::new(row));
        }
        if !fresh.is_empty() {
            head.head = group.next;
            changed.heads.push((scope, head));
            changed.rows.insert(scope, fresh);
        }
    }
    Ok(changed)
}

/// Every row that may have changed, as it is to be.
fn wanted_rows(group: &Group) -> BTreeMap<(Scope, RowKey), Option<String>> {
    let (before, after) = (&group.before, &group.draft.programme);
    let keys = projection::affected(before, after, &group.draft.changed);
    let old = projection::project(before, &keys);
    let new = projection::project(after, &keys);
    let mut wanted: BTreeMap<_, Option<String>> =
        old.iter().filter(|(at, _)| !new.contains_key(at)).map(|(at, _)| (*at, None)).collect();
    wanted.extend(new.into_iter().filter(|(at, value)| old.get(at) != Some(value)).map(|(at, v)| (at, Some(v))));
    wanted.extend(group.draft.rows.iter().map(|(at, value)| (*at, value.clone())));
    wanted
}

fn compose(
    cell: &EventCell,
    group: Group,
    rows: ChangedRows,
    grants: Vec<(RecordId, AttendeeId, bool)>,
    write: impl FnOnce(&Group, &Delta) -> QueryResult<()>,
) -> QueryResult<Delta> {
    let slug = group.draft.programme.event().map(|(_, event)| event.slug.clone());
    let delta = Delta {
        from: group.head,
        commits: vec![group.next],
        rows: rows.rows.into_iter().collect(),
        scope_heads: rows.heads,
        grants,
        roles: group.draft.roles.iter().map(|((account, role), held)| (*account, *role, *held)).collect(),
        duties: group.draft.duties.iter().map(|((d, account, duty), held)| (*d, *account, *duty, *held)).collect(),
        relations: group.draft.relations.iter().map(|((a, account), r)| (*a, *account, *r)).collect(),
        enrolments: group.draft.enrolments.iter().map(|(account, a)| (*account, a.clone())).collect(),
        records: RecordChange::Whole(group.draft.programme.clone()),
        slug: slug.unwrap_or_else(|| cell.read().slug.clone()),
    };
    write(&group, &delta)?;
    Ok(delta)
}

/// Rows that are inserted, or take the place of the one with their key.
#[derive(Insertable)]
#[diesel(table_name = crate::database::schema::scope_rows, treat_none_as_default_value = false)]
pub(super) struct NewScopeRow<'a> {
    pub event_id: &'a str,
    pub scope: &'a str,
    pub collection: &'a str,
    pub id: String,
    pub rev: i64,
    pub value: Option<&'a str>,
}
