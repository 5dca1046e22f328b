//! Real devices: the replica, over a real connection.

use cumbre::clock::Clock;
use cumbre::device::live::LiveStream;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, MutationId, RecordId};
use shared::replica::{
    Applied, LiveEvent, LiveOutcome, MemoryStore, Outgoing, Replica, RequestLimits, RequestToken, RowFilter, ShownRow,
};
use shared::sync::{ExchangeResponse, Mutation, MutationResult, ResetReason, SCHEMA};
use uuid::Uuid;

use super::Actor;
use super::wire::Answer;

/// One person's phone at one event.
pub struct Device {
    /// Who holds it, and where it connects.
    pub actor: Actor,
    /// What it stores.
    pub replica: Replica<MemoryStore>,
    /// What its requests may hold.
    pub limits: RequestLimits,
    event: String,
    clock: Clock,
    log: Vec<ExchangeResponse>,
}

impl Device {
    /// A device that holds nothing yet.
    pub fn new(actor: Actor, event: &str, clock: &Clock) -> Self {
        let replica = Replica::open(MemoryStore::default(), actor.account(), actor.device()).unwrap();
        let limits = RequestLimits::default();
        Self { actor, replica, limits, event: event.to_owned(), clock: clock.clone(), log: Vec::new() }
    }

    /// The same device, which now connects to another address.
    pub fn connect_to(&mut self, base: &str) {
        self.actor = self.actor.at(base);
    }

    /// The path of the exchange.
    pub fn sync_path(&self) -> String {
        format!("/v1/events/{}/sync", self.event)
    }

    /// The path of the live stream.
    pub fn live_path(&self) -> String {
        format!("/v1/events/{}/live", self.event)
    }

    /// Makes the next request without sending it.
    pub fn prepare(&mut self) -> (RequestToken, Outgoing) {
        let token = RequestToken(rand::random());
        let outgoing = self.replica.next_request(token, self.clock.now(), &self.limits).unwrap();
        (token, outgoing)
    }

    /// Sends a request that was made; an error is a connection that broke.
    pub async fn transmit(&self, outgoing: &Outgoing) -> reqwest::Result<Answer> {
        let headers = [("content-type", "application/json")];
        let path = self.sync_path();
        self.actor.send_whole((Method::POST, &path), &headers, Some(outgoing.body.clone())).await
    }

    /// One exchange, stored. What the device does where its answer is lost is to ask again.
    pub async fn exchange(&mut self) -> Applied {
        let (token, outgoing) = self.prepare();
        let answer: ExchangeResponse = self.transmit(&outgoing).await.unwrap().expect(200).read();
        let applied = self.replica.apply_answer(token, &answer, self.clock.now()).unwrap().stored().unwrap();
        self.log.push(answer);
        applied
    }

    /// One exchange over a cable that may break; `None` if it did.
    pub async fn try_exchange(&mut self) -> Option<Applied> {
        let (token, outgoing) = self.prepare();
        let Ok(answer) = self.transmit(&outgoing).await else {
            self.replica.abandon_request().unwrap();
            return None;
        };
        let answer: ExchangeResponse = answer.expect(200).read();
        let stored = self.replica.apply_answer(token, &answer, self.clock.now()).unwrap().stored();
        self.log.push(answer);
        stored
    }

    /// Exchanges until there is nothing left to send or to fetch; what became of its edits.
    pub async fn sync(&mut self) -> Vec<MutationResult> {
        let mut results = Vec::new();
        for _ in 0..1_000 {
            let applied = self.exchange().await;
            assert_eq!(applied.diverged, Vec::<String>::new(), "digests agree");
            results.extend(applied.results.into_iter().map(|(_, result)| result));
            if !applied.more && !applied.resend && !applied.live_needs_exchange {
                return results;
            }
        }
        panic!("the server always has more");
    }

    /// Opens the live stream from what the device holds.
    pub async fn listen(&mut self) -> LiveStream {
        let body =
            json!({ "device": self.actor.device(), "schema": SCHEMA, "holds": self.replica.live_holds().unwrap() });
        LiveStream::new(self.actor.wire.open(&self.live_path(), self.actor.token(), &body).await)
    }

    /// Applies what the live stream sends up to its next `covers`, `scopes` or `exchange`; `None`
    /// when it has ended.
    pub async fn follow(&mut self, live: &mut LiveStream) -> Option<(LiveEvent, LiveOutcome)> {
        loop {
            let event = live.next().await.unwrap()?;
            let outcome = self.replica.apply_live(event.clone()).unwrap();
            if !matches!(event, LiveEvent::Changes(_)) {
                return Some((event, outcome));
            }
        }
    }

    /// The answers of all exchanges so far.
    pub fn answers(&self) -> &[ExchangeResponse] {
        &self.log
    }

    /// The newest answer.
    pub fn last_answer(&self) -> &ExchangeResponse {
        self.log.last().unwrap()
    }

    /// The reason of the newest answer's reset of a scope.
    pub fn reset_of(&self, scope: &str) -> Option<ResetReason> {
        self.last_answer().scopes.iter().find(|entry| entry.scope == scope)?.reset
    }

    /// Puts an edit into the outbox.
    pub fn edit(&mut self, op: &str, attendee: Option<AttendeeId>, args: Value) -> MutationId {
        let mutation = self.mutation(op, attendee, args);
        self.replica.edit(&mutation).unwrap();
        mutation.id
    }

    /// An edit that is made now, with the position of the attendee's own scope as its base.
    pub fn mutation(&mut self, op: &str, attendee: Option<AttendeeId>, args: Value) -> Mutation {
        let scope = attendee.map_or("organiser".to_owned(), |attendee| format!("own:{attendee}"));
        Mutation {
            id: MutationId(Uuid::new_v4()),
            op: op.to_owned(),
            for_attendee: attendee,
            args,
            base: self.replica.find_position(&scope).unwrap(),
            at: Some(self.clock.now()),
            depends_on: None,
        }
    }

    /// Stars a session, or takes the star away.
    pub fn star(&mut self, attendee: AttendeeId, session: RecordId, on: bool) -> MutationId {
        self.edit("favourite.set", Some(attendee), json!({ "session": session, "on": on }))
    }

    /// Writes a note.
    pub fn write_note(&mut self, attendee: AttendeeId, id: Uuid, text: &str) -> MutationId {
        self.edit("note.put", Some(attendee), json!({ "id": id, "text": text }))
    }

    /// The row shown of a record, wherever it is from.
    pub fn find(&mut self, collection: &str, id: impl ToString) -> Option<Value> {
        let rows = self.replica.read(&RowFilter::of_collection(collection)).unwrap();
        let id = id.to_string();
        rows.into_iter().find(|row| row.id == id).map(|row| serde_json::from_str(&row.value).unwrap())
    }

    /// The rows shown of a collection.
    pub fn list(&mut self, collection: &str) -> Vec<ShownRow> {
        self.replica.read(&RowFilter::of_collection(collection)).unwrap()
    }

    /// The names of the scopes held.
    pub fn scopes(&mut self) -> Vec<String> {
        self.replica.list_scopes().unwrap().into_iter().map(|(name, _)| name).collect()
    }

    /// Everything that the device stores of the programme, as one text.
    pub fn everything(&mut self) -> String {
        let rows = self.replica.list_held(&RowFilter::default()).unwrap();
        let lines =
            rows.iter().map(|row| format!("{} {} {} {} {}\n", row.scope, row.collection, row.id, row.rev, row.value));
        lines.collect()
    }
}
