//! The rules of the replica, each on its own.

mod edits;
mod live;
mod scopes;
mod server;
mod simulation;
mod time;
mod vectors;

use serde_json::{Value, json};

use super::{Applied, MemoryStore, Outgoing, Replica, RequestLimits, RequestToken, RowFilter};
use crate::ids::{AccountId, AttendeeId, DeviceId, MutationId};
use crate::sync::{Change, Digest, ExchangeResponse, Mutation, MutationAnswer, MutationResult, Position};
use crate::sync::{ScopeEntry, row_check};
use crate::time::Timestamp;

pub const NOW: Timestamp = Timestamp(1_543_244_400_000);

pub fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0192_f1aa_7a10_7000_8000_0000_0000_0000 | n)
}

pub fn account(n: u128) -> AccountId {
    AccountId(uuid(0xc00 + n))
}

pub fn attendee() -> AttendeeId {
    AttendeeId(uuid(0xa1))
}

pub fn position(seq: u64) -> Position {
    format!("00000001.{seq}.0000000a").parse().unwrap()
}

pub fn page_position(seq: u64, id: &str) -> Position {
    format!("00000001.{seq}.0000000a:{seq}.sessions.{id}").parse().unwrap()
}

pub fn row(collection: &str, id: &str, rev: u64, value: Value) -> Change {
    let value = Some(serde_json::value::to_raw_value(&value).unwrap());
    let check = Some(row_check(collection, id, rev));
    Change { collection: collection.to_owned(), id: id.to_owned(), rev, check, value, deleted: false }
}

pub fn session(id: &str, rev: u64, title: &str) -> Change {
    row("sessions", id, rev, json!({ "title": title }))
}

pub fn tombstone(id: &str, rev: u64) -> Change {
    Change { collection: "sessions".into(), id: id.into(), rev, check: None, value: None, deleted: true }
}

pub fn digest_of(rows: &[Change]) -> Option<Digest> {
    let mut digest = Digest::default();
    for row in rows {
        digest.add(row_check(&row.collection, &row.id, row.rev));
    }
    Some(digest)
}

pub fn delta(scope: &str, from: u64, to: u64, changes: Vec<Change>) -> ScopeEntry {
    ScopeEntry {
        scope: scope.into(),
        from: Some(position(from)),
        to: Some(position(to)),
        reset: None,
        gone: false,
        digest: None,
        changes,
        more: false,
    }
}

pub fn reset(scope: &str, to: u64, changes: Vec<Change>) -> ScopeEntry {
    let digest = digest_of(&changes);
    ScopeEntry { from: None, reset: Some(crate::sync::ResetReason::New), digest, ..delta(scope, 0, to, changes) }
}

pub fn gone(scope: &str) -> ScopeEntry {
    ScopeEntry { from: None, to: None, gone: true, ..delta(scope, 0, 0, Vec::new()) }
}

pub fn answer(covers: u64, scopes: Vec<ScopeEntry>) -> ExchangeResponse {
    let more = scopes.iter().any(|entry| entry.more);
    ExchangeResponse {
        results: Vec::new(),
        covers: position(covers),
        server_time: NOW,
        next_poll_s: 60,
        scopes,
        more,
        resend: false,
    }
}

pub fn result(n: u128, result: MutationResult) -> MutationAnswer {
    MutationAnswer { id: MutationId(uuid(n)), result }
}

pub fn applied(rev: u64) -> MutationResult {
    MutationResult::Applied { rev, outcome: None }
}

pub fn favourite(n: u128, session: &str, on: bool) -> Mutation {
    mutation(n, "favourite.set", json!({ "session": session, "on": on }))
}

pub fn mutation(n: u128, op: &str, args: Value) -> Mutation {
    Mutation {
        id: MutationId(uuid(n)),
        op: op.into(),
        for_attendee: Some(attendee()),
        args,
        base: None,
        at: None,
        depends_on: None,
    }
}

/// A device under test.
pub struct Phone {
    pub replica: Replica<MemoryStore>,
    last_token: u128,
}

impl Phone {
    pub fn new() -> Self {
        Self::with(MemoryStore::default())
    }

    pub fn with(store: MemoryStore) -> Self {
        let replica = Replica::open(store, account(1), DeviceId(uuid(0xd1))).unwrap();
        Self { replica, last_token: 0 }
    }

    /// A phone whose `public` is at `seq`, with these rows.
    pub fn holding(seq: u64, rows: Vec<Change>) -> Self {
        let mut phone = Self::new();
        phone.exchange(&answer(seq, vec![reset("public", seq, rows)]));
        phone
    }

    pub fn send(&mut self) -> (RequestToken, Outgoing) {
        self.send_at(NOW)
    }

    pub fn send_at(&mut self, now: Timestamp) -> (RequestToken, Outgoing) {
        self.last_token += 1;
        let token = RequestToken(self.last_token);
        (token, self.replica.next_request(token, now, &RequestLimits::default()).unwrap())
    }

    /// Sends a request and stores this answer to it.
    pub fn exchange(&mut self, answer: &ExchangeResponse) -> Applied {
        let (token, _) = self.send();
        self.replica.apply_answer(token, answer, NOW).unwrap().stored().expect("the answer is to the newest request")
    }

    /// What a request would hold: scope and position.
    pub fn holds(&mut self) -> Vec<(String, Option<Position>)> {
        self.send().1.request.holds.into_iter().collect()
    }

    /// The rows held: (scope, id, value), in order.
    pub fn rows(&mut self) -> Vec<(String, String, String)> {
        let rows = self.replica.list_held(&RowFilter::default()).unwrap();
        rows.into_iter().map(|row| (row.scope, row.id, row.value)).collect()
    }

    /// The titles held, by (scope, id).
    pub fn titles(&mut self) -> Vec<String> {
        let title = |value: &str| serde_json::from_str::<Value>(value).unwrap()["title"].as_str().unwrap().to_owned();
        self.rows().iter().map(|(_, _, value)| title(value)).collect()
    }

    /// The sessions shown as starred, with whether each waits for the server.
    pub fn stars(&mut self) -> Vec<(String, bool)> {
        let rows = self.replica.read(&RowFilter::of_collection("favourites")).unwrap();
        let session =
            |value: &str| serde_json::from_str::<Value>(value).unwrap()["session"].as_str().unwrap().to_owned();
        rows.iter().map(|row| (session(&row.value), row.is_pending)).collect()
    }
}
