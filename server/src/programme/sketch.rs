//! Small programmes for tests. A record's id is made from its slug, so that records name each
//! other by `id("slug")`.

use chrono::NaiveDateTime;
use serde_json::{Value, json};
use shared::ids::RecordId;
use shared::programme::{Collection, Programme, Record, RecordBody, Session};
use shared::time::Timestamp;
use uuid::Uuid;

/// The id of the record with this slug.
pub fn id(slug: &str) -> RecordId {
    RecordId(Uuid::new_v5(&Uuid::NAMESPACE_URL, slug.as_bytes()))
}

/// A day and hour of November 2018 as clocks in Santiago show it: `at("29 15:45")`.
pub fn at(day_and_hour: &str) -> Timestamp {
    let local = NaiveDateTime::parse_from_str(&format!("2018-11-{day_and_hour}"), "%Y-%m-%d %H:%M").unwrap();
    Timestamp::from_local(local, chrono_tz::America::Santiago).unwrap()
}

/// A programme in the making, in Santiago, from 25 November to 1 December 2018, in English.
pub struct Sketch {
    /// What there is so far.
    pub programme: Programme,
}

impl Sketch {
    /// The event alone.
    pub fn new() -> Self {
        let event = json!({
            "slug": "csw-2018", "title": {"en": "Citizen Security Week"}, "starts_on": "2018-11-25",
            "ends_on": "2018-12-01", "time_zone": "America/Santiago", "languages": ["en"],
            "fallback_language": "en", "state": "published",
        });
        Self { programme: Programme::default() }.with(Collection::Events, event)
    }

    /// With one record more (or another body for its slug).
    pub fn with(mut self, collection: Collection, body: Value) -> Self {
        let body = RecordBody::from_json(collection, body).unwrap();
        let id = id(body.slug());
        self.programme.put(Record { id, rev: 1, field_revs: Default::default(), created_rev: 1, body });
        self
    }

    /// With a venue, and the minutes to other venues.
    pub fn venue(self, slug: &str, ways: &[(&str, u32)]) -> Self {
        let ways: Vec<_> = ways.iter().map(|(to, minutes)| json!({"to": id(to), "minutes": minutes})).collect();
        self.with(Collection::Venues, json!({"slug": slug, "name": {"en": slug}, "travel_times": ways}))
    }

    /// With a room; `more` has any further fields.
    pub fn room(self, slug: &str, venue: &str, more: Value) -> Self {
        let base = json!({"slug": slug, "venue": id(venue), "name": {"en": slug}});
        self.with(Collection::Rooms, merged(base, more))
    }

    /// With a published part; `more` has any further fields.
    pub fn part(self, slug: &str, more: Value) -> Self {
        let base = json!({"slug": slug, "title": {"en": slug}, "state": "published"});
        self.with(Collection::Parts, merged(base, more))
    }

    /// With a person without affiliations.
    pub fn person(self, slug: &str) -> Self {
        self.with(Collection::People, json!({"slug": slug, "name": slug}))
    }

    /// With a published session from one time to another; `more` has any further fields.
    pub fn session(self, slug: &str, (from, to): (&str, &str), more: Value) -> Self {
        let base = json!({
            "slug": slug, "kind": "session", "title": {"en": slug}, "starts_at": at(from), "ends_at": at(to),
            "state": "published",
        });
        self.with(Collection::Sessions, merged(base, more))
    }

    /// The session with this slug.
    pub fn find(&self, slug: &str) -> &Session {
        self.programme.session(id(slug)).unwrap()
    }
}

/// The interval of a session, for comparisons.
pub fn times(programme: &Programme, slug: &str) -> (Timestamp, Timestamp) {
    programme.session(id(slug)).unwrap().interval().unwrap()
}

fn merged(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}
