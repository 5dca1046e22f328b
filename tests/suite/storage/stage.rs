//! A small event with people whose phones are signed in, and servers inside this process.

use std::net::TcpListener;

use cumbre::app::{App, Running, start};
use cumbre::clock::Clock;
use cumbre::config::Config;
use cumbre::database::create_counter;
use cumbre::database::schema::attendees;
use cumbre::identity::{Credential, DeviceKind, NewAccount, NewDevice, ensure_account};
use cumbre::on;
use cumbre::sync::change_log::{Actor, Relation, Unit};
use diesel::{ExpressionMethods, RunQueryDsl};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::programme::{Collection, RecordBody, RecordEdit};
use uuid::Uuid;

use super::database::Database;
use super::phone::Phone;

/// The slug of every stage's event.
pub const SLUG: &str = "storm";

/// How many sessions the event has.
const SESSIONS: usize = 12;

/// An event in a database, and the phones of its people.
pub struct Stage {
    /// The database.
    pub database: Database,
    /// The event.
    pub event: EventId,
    /// A room whose capacity tests count down.
    pub room: RecordId,
    /// Sessions that everybody sees.
    pub sessions: Vec<RecordId>,
    /// A phone of each person, which holds nothing yet.
    pub phones: Vec<Phone>,
}

/// A record with this body.
pub fn put(id: RecordId, collection: Collection, body: Value) -> RecordEdit {
    RecordEdit::Put { id, body: RecordBody::from_json(collection, body).unwrap() }
}

/// How many seats the room has, as the unit sees it.
#[cfg(feature = "postgres")]
pub fn seats(unit: &Unit<'_>, room: RecordId) -> u64 {
    unit.group.body((Collection::Rooms, room)).unwrap().to_json()["capacity"].as_u64().unwrap()
}

/// Gives the room so many seats.
#[cfg(feature = "postgres")]
pub fn set_seats(unit: &mut Unit<'_>, room: RecordId, count: u64) {
    let mut body = unit.group.body((Collection::Rooms, room)).unwrap().to_json();
    body["capacity"] = json!(count);
    unit.group.edit(Actor::default(), "record.patch", &[put(room, Collection::Rooms, body)]);
}

/// Takes a seat if one is left: read, decided and written in one unit.
#[cfg(feature = "postgres")]
pub fn take_seat(unit: &mut Unit<'_>, room: RecordId) -> bool {
    let left = seats(unit, room);
    if left > 0 {
        set_seats(unit, room, left - 1);
    }
    left > 0
}

/// A session that everybody sees.
pub fn session_body(slug: &str, title: &str) -> Value {
    json!({ "slug": slug, "kind": "session", "title": { "en": title }, "state": "published",
            "starts_at": "2018-11-26T12:00:00Z", "ends_at": "2018-11-26T13:00:00Z" })
}

impl Stage {
    /// Writes the event, and signs `count` phones in.
    pub async fn set(database: Database, count: usize) -> Self {
        let app = open(&database).await;
        let event = EventId(Uuid::now_v7());
        let id = |_| RecordId(Uuid::now_v7());
        let mut stage =
            Self { database, event, room: id(0), sessions: (0..SESSIONS).map(id).collect(), phones: Vec::new() };
        let now = app.clock.now();
        app.writer.system(move |connection| create_counter(connection, event, SLUG, now)).await.unwrap();
        let edits = stage.programme();
        let write = move |unit: &mut Unit<'_>| {
            unit.group.edit(Actor::default(), "import", &edits);
            Ok(())
        };
        app.writer.unit(event, write).await.unwrap();
        for number in 0..count {
            let phone = stage.sign_in(&app, number).await;
            stage.phones.push(phone);
        }
        app.writer.close().await;
        stage
    }

    fn programme(&self) -> Vec<RecordEdit> {
        let venue = RecordId(Uuid::now_v7());
        let event = json!({ "slug": SLUG, "title": { "en": "Storm" }, "starts_on": "2018-11-26", "ends_on": "2018-11-30",
                            "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": "published" });
        let mut edits = vec![
            put(RecordId(self.event.0), Collection::Events, event),
            put(venue, Collection::Venues, json!({ "slug": "club", "name": { "en": "Club" } })),
            put(
                self.room,
                Collection::Rooms,
                json!({ "slug": "hall", "venue": venue, "name": { "en": "Hall" }, "capacity": 0 }),
            ),
        ];
        for (number, session) in self.sessions.iter().enumerate() {
            edits.push(put(*session, Collection::Sessions, session_body(&format!("s{number}"), "First")));
        }
        edits
    }

    async fn sign_in(&self, app: &App, number: usize) -> Phone {
        let (event, now) = (self.event, app.clock.now());
        let (name, attendee) = (format!("Person {number}"), AttendeeId(Uuid::now_v7()));
        let new =
            NewAccount { email: Some(format!("person-{number}@example.org")), name: name.clone(), language: None };
        let account = app.writer.system(move |connection| ensure_account(connection, &new, now)).await.unwrap().id;
        app.writer.unit(event, move |unit: &mut Unit<'_>| attend(unit, (attendee, account), &name)).await.unwrap();
        let (code, _) = app.identity.mint_code(account).await.unwrap();
        let device = NewDevice { name: "A phone".to_owned(), kind: DeviceKind::Phone };
        let answer = app.identity.sign_in(Credential::Code(code), device).await.unwrap();
        Phone::new((account, attendee), &serde_json::to_value(answer).unwrap(), self.sessions.clone())
    }
}

fn attend(
    unit: &mut Unit<'_>,
    (attendee, account): (AttendeeId, AccountId),
    name: &str,
) -> Result<(), cumbre::refusal::Failure> {
    let row = (
        attendees::event_id.eq(unit.group.event.to_string()),
        attendees::id.eq(attendee.to_string()),
        attendees::name.eq(name),
        attendees::created_at.eq(unit.group.now.0),
    );
    on!(&mut *unit.connection, |c| diesel::insert_into(attendees::table).values(row).execute(c))?;
    unit.group.set_relation(attendee, account, Some(Relation::Myself));
    Ok(())
}

/// Opens the database as a server does.
pub async fn open(database: &Database) -> App {
    let named = database.settings();
    let pairs = named.iter().map(|(name, value)| {
        let name = name.strip_prefix("CUMBRE_").unwrap_or(name).to_lowercase();
        (name, value.as_str())
    });
    let pairs: Vec<_> = pairs.collect();
    let config = Config::of_pairs(pairs.iter().map(|(name, value)| (name.as_str(), *value))).unwrap();
    App::open(config, Clock::system()).await.unwrap()
}

/// A server inside this process.
pub struct Node {
    running: Running,
}

impl Node {
    /// Starts one on a port of its own.
    pub async fn start(database: &Database) -> Self {
        let app = open(database).await;
        Self { running: start(app, TcpListener::bind("127.0.0.1:0").unwrap()).await.unwrap() }
    }

    /// What its requests use.
    #[cfg(feature = "postgres")]
    pub fn app(&self) -> &App {
        self.running.app()
    }

    /// Its URL, without a slash at its end.
    pub fn base(&self) -> String {
        format!("http://{}", self.running.address)
    }

    /// Stops it in good order.
    pub async fn stop(self) {
        self.running.stop().await.unwrap();
    }
}
