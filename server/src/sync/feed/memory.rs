//! One event in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use shared::ids::{AccountId, AttendeeId, RecordId};
use shared::programme::Programme;
use shared::sync::{Head, Nonce, Scope};

use super::delta::{Delta, RecordChange, ScopeHead};
use super::rights::Rights;
use crate::sync::page::{Entry, EntryKey};
use crate::sync::scope_log::ScopeLog;

/// The most encoded entries kept for one scope; they are dropped with its next change.
const ENTRIES_KEPT: usize = 64;

/// One scope in memory: always its head, its rows once somebody read them.
#[derive(Default)]
pub struct ScopeMemory {
    /// Its head.
    pub head: ScopeHead,
    /// Its rows, if they are loaded.
    pub log: Option<ScopeLog>,
    entries: Mutex<HashMap<EntryKey, Arc<OnceLock<Entry>>>>,
    last_used: AtomicU64,
}

impl ScopeMemory {
    /// The encoded entry for `key`, made once: whoever asks for the same meanwhile waits for it, and
    /// nobody else does.
    pub fn entry(&self, key: &EntryKey, encode: impl FnOnce() -> Entry) -> Entry {
        let place = self.place_of(key);
        let made = place.get_or_init(|| {
            crate::telemetry::record_encoded_entry();
            encode()
        });
        made.clone()
    }

    fn place_of(&self, key: &EntryKey) -> Arc<OnceLock<Entry>> {
        let mut entries = self.entries.lock();
        if let Some(found) = entries.get(key) {
            return Arc::clone(found);
        }
        if entries.len() >= ENTRIES_KEPT {
            entries.clear();
        }
        Arc::clone(entries.entry(key.clone()).or_default())
    }

    /// Notes that the rows were used, so that others are dropped before them.
    pub fn touch(&self, moment: u64) {
        self.last_used.store(moment, Ordering::Relaxed);
    }
}

/// One event in memory. It is read under one lock, so that heads and rights are of one moment.
#[derive(Default)]
pub struct EventMemory {
    /// The event's slug.
    pub slug: String,
    /// The newest commit.
    pub head: Head,
    /// Whether the event was removed; then there is nothing else here.
    pub is_removed: bool,
    /// The programme, once somebody edited it on this node.
    pub programme: Option<Programme>,
    pub(super) commits: Vec<Head>,
    pub(super) scopes: HashMap<Scope, ScopeMemory>,
    pub(super) grants: HashMap<AttendeeId, BTreeSet<RecordId>>,
    pub(super) rights: HashMap<AccountId, Rights>,
}

impl EventMemory {
    /// Whether this database has the commit. No commit at all is always known.
    pub fn knows(&self, head: Head) -> bool {
        if head.seq == 0 {
            return head.nonce == Nonce(0);
        }
        self.commits.binary_search_by_key(&head.seq, |c| c.seq).is_ok_and(|at| self.commits[at].nonce == head.nonce)
    }

    /// One scope; none where nothing was ever in it.
    pub fn scope(&self, scope: &Scope) -> Option<&ScopeMemory> {
        self.scopes.get(scope)
    }

    /// Whether everybody may know of the event: its public scope has rows.
    pub fn is_published(&self) -> bool {
        self.scopes.get(&Scope::Public).is_some_and(|scope| scope.head.digest.0 > 0)
    }

    /// How many scopes ever had a row.
    pub fn scope_count(&self) -> usize {
        self.scopes.len()
    }

    /// What the account may do and hold.
    pub fn rights(&self, account: AccountId) -> Rights {
        self.rights.get(&account).cloned().unwrap_or_default()
    }

    /// What the account may do and hold, without a copy.
    pub fn find_rights(&self, account: AccountId) -> Option<&Rights> {
        self.rights.get(&account)
    }

    /// Whether the account may hold the scope.
    pub fn may_hold(&self, account: AccountId, scope: &Scope) -> bool {
        let Some(rights) = self.rights.get(&account) else { return *scope == Scope::Public };
        match scope {
            Scope::Public => true,
            Scope::Organiser => rights.sees_everything(),
            Scope::Roster(profile) => rights.roster() == Some(*profile),
            Scope::Boarding(checkpoint) => rights.boards_at(*checkpoint),
            Scope::Own(attendee) => rights.attendees.contains_key(attendee),
            // Who sees everything has the same rows in `organiser`.
            Scope::Delegation(delegation) => !rights.sees_everything() && rights.delegations.contains_key(delegation),
            Scope::Gate(gate) => {
                if rights.sees_everything() {
                    return self.scopes.contains_key(scope);
                }
                rights.attendees.keys().any(|a| self.grants.get(a).is_some_and(|gates| gates.contains(gate)))
            }
        }
    }

    /// Whether one attendee, whoever acts for them, may hold the scope.
    pub fn attendee_may_hold(&self, attendee: AttendeeId, scope: &Scope) -> bool {
        match scope {
            Scope::Public => true,
            Scope::Organiser | Scope::Delegation(_) | Scope::Roster(_) | Scope::Boarding(_) => false,
            Scope::Own(own) => *own == attendee,
            Scope::Gate(gate) => self.grants.get(&attendee).is_some_and(|gates| gates.contains(gate)),
        }
    }

    /// Every scope that the account may hold and that has ever had a row, in order.
    pub fn scopes_of(&self, account: AccountId) -> BTreeSet<Scope> {
        let mut held = BTreeSet::from([Scope::Public]);
        let Some(rights) = self.rights.get(&account) else { return held };
        held.extend(rights.attendees.keys().map(|attendee| Scope::Own(*attendee)));
        held.extend(rights.roster().map(Scope::Roster));
        let doors = rights.enrolment.iter().flat_map(|assignment| &assignment.checkpoints);
        let boarding = doors.filter(|door| rights.boards_at(**door)).map(|door| Scope::Boarding(*door));
        held.extend(boarding.filter(|scope| self.scopes.contains_key(scope)));
        if rights.sees_everything() {
            held.insert(Scope::Organiser);
            held.extend(self.scopes.keys().filter(|scope| matches!(scope, Scope::Gate(_))));
        } else {
            held.extend(rights.delegations.keys().map(|delegation| Scope::Delegation(*delegation)));
            let gates = rights.attendees.keys().filter_map(|attendee| self.grants.get(attendee)).flatten();
            held.extend(gates.map(|gate| Scope::Gate(*gate)).filter(|scope| self.scopes.contains_key(scope)));
        }
        held
    }

    /// The attendees that hold a gate.
    pub fn holders(&self, gate: RecordId) -> BTreeSet<AttendeeId> {
        self.holders_of_each(&[gate].into()).remove(&gate).unwrap_or_default()
    }

    /// The attendees that hold each of these gates, in one look through the event's people; a gate that
    /// nobody holds is left out.
    pub fn holders_of_each(&self, gates: &BTreeSet<RecordId>) -> BTreeMap<RecordId, BTreeSet<AttendeeId>> {
        let mut holders = BTreeMap::<_, BTreeSet<AttendeeId>>::new();
        for (attendee, held) in &self.grants {
            for gate in held.iter().filter(|gate| gates.contains(gate)) {
                holders.entry(*gate).or_default().insert(*attendee);
            }
        }
        holders
    }

    /// Accounts that have to do with the event, and how.
    pub fn list_rights(&self) -> impl Iterator<Item = (&AccountId, &Rights)> {
        self.rights.iter()
    }

    /// Takes the memory to the delta's head. False, and unchanged, if it does not start from the
    /// memory's own.
    pub fn apply(&mut self, delta: &Delta) -> bool {
        if delta.from != self.head {
            return false;
        }
        self.head = delta.head();
        self.commits.extend(&delta.commits);
        self.slug.clone_from(&delta.slug);
        for (scope, head) in &delta.scope_heads {
            let memory = self.scopes.entry(*scope).or_default();
            memory.head = *head;
            memory.entries.lock().clear();
        }
        for (scope, rows) in &delta.rows {
            if let Some(log) = self.scopes.entry(*scope).or_default().log.as_mut() {
                rows.iter().for_each(|row| log.put(row.clone()));
            }
        }
        self.apply_rights(delta);
        match (&delta.records, &mut self.programme) {
            (RecordChange::Whole(programme), mine) => *mine = Some(programme.clone()),
            (RecordChange::Some(changes), Some(mine)) => {
                for (key, record) in changes {
                    match record {
                        Some(record) => mine.put(record.clone()),
                        None => mine.remove(*key),
                    }
                }
            }
            (RecordChange::Some(_), None) => {}
        }
        true
    }

    pub(super) fn apply_rights(&mut self, delta: &Delta) {
        for (gate, attendee, is_held) in &delta.grants {
            let gates = self.grants.entry(*attendee).or_default();
            if *is_held {
                gates.insert(*gate)
            } else {
                gates.remove(gate)
            };
        }
        for (account, role, is_held) in &delta.roles {
            self.rights.entry(*account).or_default().set_role(*role, *is_held);
        }
        for (delegation, account, duty, is_held) in &delta.duties {
            self.rights.entry(*account).or_default().set_duty((*delegation, *duty), *is_held);
        }
        for (attendee, account, relation) in &delta.relations {
            self.rights.entry(*account).or_default().set_relation(*attendee, *relation);
        }
        for (account, assignment) in &delta.enrolments {
            self.rights.entry(*account).or_default().enrolment = Some(assignment.clone());
        }
    }

    /// Bytes of loaded rows.
    pub fn loaded_bytes(&self) -> usize {
        self.scopes.values().filter_map(|scope| scope.log.as_ref()).map(ScopeLog::bytes).sum()
    }

    /// Drops the rows used longest ago until at most `budget` bytes are loaded; `keep` stays.
    pub fn shrink_to(&mut self, budget: usize, keep: &Scope) {
        let mut bytes = self.loaded_bytes();
        if bytes <= budget {
            return;
        }
        let mut loaded: Vec<(u64, Scope)> = self
            .scopes
            .iter()
            .filter(|(scope, memory)| memory.log.is_some() && *scope != keep)
            .map(|(scope, memory)| (memory.last_used.load(Ordering::Relaxed), *scope))
            .collect();
        loaded.sort_unstable();
        for (_, scope) in loaded {
            if bytes <= budget {
                break;
            }
            if let Some(log) = self.scopes.get_mut(&scope).and_then(|memory| memory.log.take()) {
                bytes -= log.bytes();
            }
        }
    }

    /// Drops the tombstones up to `floor`, which the database no longer has.
    pub(super) fn raise_floor(&mut self, scope: Scope, floor: u64) {
        if let Some(memory) = self.scopes.get_mut(&scope) {
            memory.head.floor = memory.head.floor.max(floor);
            memory.entries.lock().clear();
            if let Some(log) = memory.log.as_mut() {
                log.purge_tombstones(floor);
            }
        }
    }

    /// Puts the rows of a scope in memory, if they were read at its present head.
    pub fn install(&mut self, scope: Scope, read_at: ScopeHead, log: ScopeLog) -> bool {
        let memory = self.scopes.entry(scope).or_default();
        if memory.head.head != read_at.head {
            return false;
        }
        memory.head.floor = read_at.floor;
        memory.log = Some(log);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::AtomicUsize;

    use shared::sync::ResetReason;

    use super::*;
    use crate::sync::page::Start;
    use crate::sync::scope_log::PageLimit;

    #[test]
    fn an_entry_that_many_ask_for_at_once_is_encoded_once() {
        const ASKING: usize = 8;
        let (scope, all_here, encoded) = (ScopeMemory::default(), Barrier::new(ASKING), AtomicUsize::new(0));
        let key = EntryKey { start: Start::Reset(ResetReason::New), limit: PageLimit { rows: 1, bytes: 1 } };
        let encode = || {
            encoded.fetch_add(1, Ordering::SeqCst);
            // The others have their turn while the entry is being made.
            (0..100).for_each(|_| std::thread::yield_now());
            Entry { bytes: "{}".into(), more: false }
        };
        std::thread::scope(|threads| {
            for _ in 0..ASKING {
                threads.spawn(|| {
                    all_here.wait();
                    assert_eq!(scope.entry(&key, encode).bytes, "{}");
                });
            }
        });
        assert_eq!(encoded.load(Ordering::SeqCst), 1);
    }
}
