//! A server of one event in a few lines, for the simulation: logs of scopes, pages, rights,
//! mutations, backups.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::*;
use crate::replica::favourite_id;
use crate::sync::{Epoch, ExchangeRequest, Head, Nonce, Place, ResetReason};

type RowKey = (String, String);

#[derive(Clone, Default)]
struct Log {
    head: Head,
    /// Revision and value; none for a tombstone.
    rows: BTreeMap<RowKey, (u64, Option<String>)>,
}

#[derive(Clone, Default)]
struct Contents {
    seq: u64,
    commits: BTreeMap<u64, Nonce>,
    logs: BTreeMap<String, Log>,
    results: BTreeMap<MutationId, u64>,
}

#[derive(Clone)]
pub struct Server {
    contents: Contents,
    backup: Contents,
    epoch: Epoch,
    next_nonce: u32,
    /// What the device may hold.
    pub allowed: BTreeSet<String>,
    pub page: usize,
}

impl Server {
    pub fn new() -> Self {
        let allowed = BTreeSet::from(["public".to_owned(), own_scope()]);
        let (contents, backup) = Default::default();
        Self { contents, backup, epoch: Epoch(1), next_nonce: 1, allowed, page: 3 }
    }

    /// Commits rows; those whose value is none are deleted.
    pub fn commit(&mut self, changes: &[(&str, &str, &str, Option<String>)]) -> u64 {
        self.contents.seq += 1;
        self.next_nonce += 1;
        let head = Head { seq: self.contents.seq, nonce: Nonce(self.next_nonce) };
        self.contents.commits.insert(head.seq, head.nonce);
        for (scope, collection, id, value) in changes {
            let log = self.contents.logs.entry((*scope).to_owned()).or_default();
            log.head = head;
            log.rows.insert(((*collection).to_owned(), (*id).to_owned()), (head.seq, value.clone()));
        }
        head.seq
    }

    pub fn back_up(&mut self) {
        self.backup = self.contents.clone();
    }

    /// Puts the backup back: a new epoch, and what came after it is lost.
    pub fn restore(&mut self) {
        self.contents = self.backup.clone();
        self.epoch = Epoch(self.epoch.0 + 1);
    }

    pub fn covers(&self) -> Position {
        let nonce = self.contents.commits.get(&self.contents.seq).copied().unwrap_or_default();
        Position::at(self.epoch, Head { seq: self.contents.seq, nonce })
    }

    pub fn answer(&mut self, request: &ExchangeRequest) -> ExchangeResponse {
        let resend = request.acknowledged.as_ref().is_some_and(|known| !self.is_known(known));
        let results = request.mutations.iter().map(|mutation| self.run(mutation, resend)).collect();
        let mut scopes: Vec<ScopeEntry> =
            request.holds.keys().filter(|scope| !self.allowed.contains(*scope)).map(|scope| gone(scope)).collect();
        for scope in self.allowed.clone() {
            scopes.extend(self.entry(&scope, request.holds.get(&scope).cloned().flatten().as_ref()));
        }
        let more = scopes.iter().any(|entry| entry.more);
        ExchangeResponse { results, covers: self.covers(), more, scopes, resend, ..super::answer(0, vec![]) }
    }

    /// What the live stream sends for one commit, without pages.
    pub fn live_entries(&mut self, scopes: &[&str], before: &Self) -> Vec<ScopeEntry> {
        let page = std::mem::replace(&mut self.page, usize::MAX);
        let mut entries = Vec::new();
        for scope in scopes.iter().filter(|scope| self.allowed.contains(**scope)) {
            let head = before.contents.logs.get(*scope).map(|log| log.head).unwrap_or_default();
            entries.extend(self.entry(scope, Some(&Position::at(before.epoch, head))));
        }
        self.page = page;
        entries
    }

    /// The rows of a scope that is allowed: collection, id, value.
    pub fn view(&self) -> Vec<(String, String, String)> {
        let logs = self.contents.logs.iter().filter(|(scope, _)| self.allowed.contains(*scope));
        logs.flat_map(|(scope, log)| {
            log.rows.iter().filter_map(|(key, (_, value))| Some((scope.clone(), key.1.clone(), value.clone()?)))
        })
        .collect()
    }

    fn is_known(&self, position: &Position) -> bool {
        position.epoch == self.epoch
            && (position.head == Head::default()
                || self.contents.commits.get(&position.head.seq) == Some(&position.head.nonce))
    }

    fn run(&mut self, mutation: &Mutation, resend: bool) -> MutationAnswer {
        let answer = |result| MutationAnswer { id: mutation.id, result };
        if resend {
            return answer(MutationResult::Retry { after_s: 0 });
        }
        if let Some(rev) = self.contents.results.get(&mutation.id) {
            return answer(MutationResult::Duplicate { original: Box::new(applied(*rev)) });
        }
        let session = mutation.args["session"].as_str().unwrap();
        let id = favourite_id(attendee(), session).to_string();
        let value = mutation.args["on"].as_bool().unwrap().then(|| star_value(session));
        let rev = self.commit(&[(&own_scope(), "favourites", &id, value)]);
        self.contents.results.insert(mutation.id, rev);
        answer(applied(rev))
    }

    fn entry(&self, scope: &str, position: Option<&Position>) -> Option<ScopeEntry> {
        let log = self.contents.logs.get(scope).cloned().unwrap_or_default();
        let known = position.filter(|position| self.is_known(position));
        if let Some(at) = known
            && at.place.is_none()
            && at.head == log.head
        {
            return None;
        }
        let began = match known {
            None => Some(log.head),
            Some(position) => position.reset_began,
        };
        let is_wanted = |place: &Place| match known {
            None => true,
            Some(Position { place: Some(reached), .. }) => place > reached,
            Some(Position { head, .. }) => place.rev > head.seq,
        };
        let mut rows: Vec<(Place, Option<String>)> = log
            .rows
            .iter()
            .map(|((collection, id), (rev, value))| {
                (Place { rev: *rev, collection: collection.clone(), id: id.clone() }, value.clone())
            })
            .filter(|(place, value)| is_wanted(place) && (known.is_some() || value.is_some()))
            .collect();
        rows.sort();
        let more = rows.len() > self.page;
        rows.truncate(self.page);
        let mut to = Position::at(self.epoch, log.head);
        if more {
            to.place = rows.last().map(|(place, _)| place.clone());
            to.reset_began = began;
        }
        Some(ScopeEntry {
            scope: scope.to_owned(),
            from: known.cloned(),
            to: Some(to),
            reset: known.is_none().then_some(ResetReason::New),
            gone: false,
            digest: if more { None } else { log.digest() },
            changes: rows.into_iter().map(|(place, value)| change(place, value)).collect(),
            more,
        })
    }
}

impl Log {
    fn digest(&self) -> Option<Digest> {
        let mut digest = Digest::default();
        for ((collection, id), (rev, value)) in &self.rows {
            if value.is_some() {
                digest.add(row_check(collection, id, *rev));
            }
        }
        Some(digest)
    }
}

fn change(place: Place, value: Option<String>) -> Change {
    let Place { rev, collection, id } = place;
    let deleted = value.is_none();
    let check = value.is_some().then(|| row_check(&collection, &id, rev));
    let value = value.map(|value| serde_json::value::RawValue::from_string(value).unwrap());
    Change { collection, id, rev, check, value, deleted }
}

pub fn own_scope() -> String {
    format!("own:{}", attendee())
}

pub fn star_value(session: &str) -> String {
    json!({ "session": session, "attendee": attendee() }).to_string()
}
