//! A person's phone: a real replica, real requests, and a memory of what its owner did.

use std::collections::BTreeMap;

use cumbre::clock::Clock;
use rand::Rng;
use rand::seq::{IndexedRandom, IteratorRandom};
use reqwest::Client;
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, DeviceId, MutationId, RecordId};
use shared::replica::{MemoryStore, Outgoing, Replica, RequestLimits, RequestToken};
use shared::sync::{ExchangeResponse, Mutation, MutationResult, ResetReason};
use shared::time::Timestamp;
use uuid::Uuid;

use super::stage::SLUG;
use crate::contract::check_response;

/// What became of an exchange.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exchanged {
    /// It was answered, and the answer is stored.
    Stored {
        /// Whether the answer brought nothing.
        is_quiet: bool,
    },
    /// The server cannot now, and said so with a 503.
    Refused,
    /// The connection broke.
    Broken,
}

/// One person's phone.
pub struct Phone {
    /// Whose it is.
    pub attendee: AttendeeId,
    /// Their account.
    pub account: AccountId,
    /// What it is to the server.
    pub device: DeviceId,
    /// What it stores.
    pub replica: Replica<MemoryStore>,
    /// The rows of a page; none leaves it to the server.
    pub page_rows: Option<u32>,
    /// About how long notes are, in characters.
    pub note_length: usize,
    /// The text of every note as last written here.
    pub notes: BTreeMap<Uuid, String>,
    /// The note or session of each mutation, in the order of making.
    pub made: Vec<(MutationId, Uuid)>,
    /// What the owner starred, or starred no more.
    pub stars: BTreeMap<RecordId, bool>,
    /// The commit of every mutation that the server said is applied.
    pub acknowledged: BTreeMap<MutationId, u64>,
    /// How often it was told to try again.
    pub retries: u64,
    /// Every reset that it was sent, by scope.
    pub resets: Vec<(String, ResetReason)>,
    sessions: Vec<RecordId>,
    token: String,
    client: Client,
    ahead_ms: i64,
}

impl Phone {
    /// A phone that holds nothing, signed in as the answer says.
    pub fn new((account, attendee): (AccountId, AttendeeId), answer: &Value, sessions: Vec<RecordId>) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let device: DeviceId = text(&answer["device"]["id"]).parse().unwrap();
        Self {
            attendee,
            account,
            device,
            replica: Replica::open(MemoryStore::default(), account, device).unwrap(),
            page_rows: None,
            note_length: 40,
            notes: BTreeMap::new(),
            made: Vec::new(),
            stars: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            retries: 0,
            resets: Vec::new(),
            sessions,
            token: text(&answer["access_token"]),
            client: Client::builder().no_gzip().build().unwrap(),
            ahead_ms: 0,
        }
    }

    /// Its owner writes a note, rewrites one, or stars a session.
    pub fn edit(&mut self) {
        let mut random = rand::rng();
        match random.random_range(0..10) {
            0..3 => {
                let session = *self.sessions.choose(&mut random).unwrap();
                self.star(session, random.random_bool(0.7));
            }
            3..5 => {
                let old = self.notes.keys().copied().choose(&mut random);
                self.write_note(old.unwrap_or_else(Uuid::new_v4));
            }
            _ => self.write_note(Uuid::new_v4()),
        }
    }

    fn star(&mut self, session: RecordId, on: bool) {
        self.stars.insert(session, on);
        self.make("favourite.set", session.0, json!({ "session": session, "on": on }));
    }

    /// Writes a note, new or over an old one.
    pub fn write_note(&mut self, note: Uuid) {
        let text = format!("{:x} ", rand::random::<u64>()).repeat(self.note_length / 17 + 1).trim_end().to_owned();
        self.notes.insert(note, text.clone());
        self.make("note.put", note, json!({ "id": note, "text": text }))
    }

    fn make(&mut self, op: &str, subject: Uuid, args: Value) {
        let id = MutationId(Uuid::now_v7());
        let mutation = Mutation {
            id,
            op: op.to_owned(),
            for_attendee: Some(self.attendee),
            args,
            base: None,
            at: Some(Clock::system().now()),
            depends_on: None,
        };
        self.replica.edit(&mutation).unwrap();
        self.made.push((id, subject));
    }

    /// How many edits wait to be sent.
    pub fn waiting(&mut self) -> usize {
        self.replica.list_outbox().unwrap().len()
    }

    /// Makes the next request without sending it.
    pub fn prepare(&mut self) -> (RequestToken, Outgoing) {
        let token = RequestToken(rand::random());
        let limits = RequestLimits { page_rows: self.page_rows, ..RequestLimits::default() };
        // Told to wait, it does so in no time: its clock goes ahead.
        let now = Clock::system().now();
        let outgoing = self.replica.next_request(token, Timestamp(now.0 + self.ahead_ms), &limits);
        (token, outgoing.unwrap())
    }

    /// Sends a request that was made; none if the connection broke.
    pub async fn transmit(&self, base: &str, outgoing: &Outgoing) -> Option<(u16, Vec<u8>)> {
        let path = format!("/v1/events/{SLUG}/sync");
        let request = self.client.post(format!("{base}{path}")).bearer_auth(&self.token);
        let request = request.header("content-type", "application/json").body(outgoing.body.clone());
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let content_type =
            answer.headers().get("content-type").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = answer.bytes().await.ok()?.to_vec();
        if status != 200 {
            check_response("POST", &path, status, content_type.as_deref(), &body);
        }
        Some((status, body))
    }

    /// One exchange with the server at `base`.
    pub async fn exchange(&mut self, base: &str) -> Exchanged {
        let (token, outgoing) = self.prepare();
        match self.transmit(base, &outgoing).await {
            Some((200, body)) => self.store(token, &serde_json::from_slice(&body).unwrap()),
            Some((503, _)) => {
                self.replica.abandon_request().unwrap();
                Exchanged::Refused
            }
            Some((status, body)) => panic!("{status}: {}", String::from_utf8_lossy(&body)),
            None => {
                self.replica.abandon_request().unwrap();
                Exchanged::Broken
            }
        }
    }

    /// Stores an answer.
    pub fn store(&mut self, token: RequestToken, answer: &ExchangeResponse) -> Exchanged {
        let now = Timestamp(Clock::system().now().0 + self.ahead_ms);
        let resets = answer.scopes.iter().filter_map(|entry| Some((entry.scope.clone(), entry.reset?)));
        self.resets.extend(resets);
        let applied = self.replica.apply_answer(token, answer, now).unwrap().stored().unwrap();
        assert_eq!(applied.diverged, Vec::<String>::new(), "digests agree");
        let mut must_wait = false;
        for (id, result) in &applied.results {
            must_wait |= self.note_result(*id, result);
        }
        if must_wait {
            self.ahead_ms += 10_000;
        }
        let is_quiet = answer.scopes.is_empty() && applied.results.is_empty() && !applied.more && !applied.resend;
        Exchanged::Stored { is_quiet }
    }

    /// Remembers an answer; true if it is to be tried again.
    fn note_result(&mut self, id: MutationId, result: &MutationResult) -> bool {
        let first = match result {
            MutationResult::Duplicate { original } => original.as_ref(),
            other => other,
        };
        match first {
            MutationResult::Applied { rev, .. } => {
                self.acknowledged.insert(id, *rev);
                false
            }
            MutationResult::Retry { .. } => {
                self.retries += 1;
                true
            }
            refused => panic!("{id} was refused: {refused:?}"),
        }
    }

    /// Exchanges until nothing is left to send or to fetch. The server is well.
    pub async fn settle(&mut self, base: &str) {
        for _ in 0..2_000 {
            match self.exchange(base).await {
                Exchanged::Stored { is_quiet: true } if self.waiting() == 0 => return,
                Exchanged::Stored { .. } => {}
                other => panic!("a server that is well answers: {other:?}"),
            }
        }
        panic!("the phone does not come to rest");
    }
}
