//! All records of one event, in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use rpds::RedBlackTreeMapSync;

use super::{Collection, Event, Part, RecordBody, Session, State};
use crate::ids::RecordId;

/// Names one record.
pub type RecordKey = (Collection, RecordId);

/// One record with what its edits need.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// The number of the commit that last changed it.
    pub rev: u64,
    /// For each top-level field that was ever changed after the record was made, the number of the
    /// commit that last did; other fields are as old as `created_rev`.
    pub field_revs: BTreeMap<String, u64>,
    /// The number of the commit that made it.
    pub created_rev: u64,
    /// Its body.
    pub body: RecordBody,
}

impl Record {
    /// The number of the commit that last changed `field`.
    pub fn field_rev(&self, field: &str) -> u64 {
        self.field_revs.get(field).copied().unwrap_or(self.created_rev)
    }
}

/// All records of one event. Cloning is cheap: clones share what they have in common, so the state
/// before and after an edit can be compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Programme {
    records: RedBlackTreeMapSync<RecordKey, Arc<Record>>,
}

impl Programme {
    /// The record, if there is one.
    pub fn find(&self, collection: Collection, id: RecordId) -> Option<&Arc<Record>> {
        self.records.get(&(collection, id))
    }

    /// The record with this slug, if there is one.
    pub fn find_by_slug(&self, collection: Collection, slug: &str) -> Option<&Arc<Record>> {
        self.list(collection).find(|record| record.body.slug() == slug)
    }

    /// The records of a collection, by id.
    pub fn list(&self, collection: Collection) -> impl Iterator<Item = &Arc<Record>> {
        let from = (collection, RecordId(uuid::Uuid::nil()));
        let to = (collection, RecordId(uuid::Uuid::max()));
        self.records.range(from..=to).map(|(_, record)| record)
    }

    /// Every record, by collection and id.
    pub fn iter(&self) -> impl Iterator<Item = (&RecordKey, &Arc<Record>)> {
        self.records.iter()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.size()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Puts a record in the place of the one with its key.
    pub fn put(&mut self, record: Record) {
        self.records.insert_mut((record.body.collection(), record.id), Arc::new(record));
    }

    /// Takes a record away.
    pub fn remove(&mut self, key: RecordKey) {
        self.records.remove_mut(&key);
    }

    /// The event's own record.
    pub fn event(&self) -> Option<(RecordId, &Event)> {
        self.list(Collection::Events).find_map(|record| match &record.body {
            RecordBody::Events(event) => Some((record.id, event)),
            _ => None,
        })
    }

    /// Every session.
    pub fn sessions(&self) -> impl Iterator<Item = (RecordId, &Session)> {
        self.list(Collection::Sessions).filter_map(|record| match &record.body {
            RecordBody::Sessions(session) => Some((record.id, session)),
            _ => None,
        })
    }

    /// One session.
    pub fn session(&self, id: RecordId) -> Option<&Session> {
        match &self.find(Collection::Sessions, id)?.body {
            RecordBody::Sessions(session) => Some(session),
            _ => None,
        }
    }

    /// The state of a session of this programme as people have it: what was published is cancelled with its part, and
    /// with the event.
    pub fn state_of(&self, session: &Session) -> State {
        match (session.state, self.state_within(session)) {
            (State::Published, State::Cancelled) => State::Cancelled,
            (state, _) => state,
        }
    }

    /// The state of a session of this programme together with its part's and the event's: what is wrong with any of
    /// them is wrong with it. A session is cancelled with its part and with the event, a draft too, which nobody was
    /// told of and nobody is to prepare any more.
    pub fn state_within(&self, session: &Session) -> State {
        let part = session.part.and_then(|part| self.part(part)).map(|part| part.state);
        let event = self.event().map(|(_, event)| event.state);
        [part, event].into_iter().flatten().fold(session.state, State::within)
    }

    /// One session as people have it: in the state of [`Self::state_of`].
    pub fn session_as_held(&self, id: RecordId) -> Option<Session> {
        let session = self.session(id)?;
        Some(Session { state: self.state_of(session), ..session.clone() })
    }

    /// One part.
    pub fn part(&self, id: RecordId) -> Option<&Part> {
        match &self.find(Collection::Parts, id)?.body {
            RecordBody::Parts(part) => Some(part),
            _ => None,
        }
    }
}
