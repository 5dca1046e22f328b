//! The event that is measured: public sessions, eighteen gates, and attendees.

use cumbre::app::App;
use cumbre::database::schema::audience_members;
use cumbre::database::{Connection, DatabaseUrl, create_counter, migrate};
use cumbre::on;
use cumbre::sync::WriteError;
use cumbre::sync::change_log::{Actor, Relation, Role, Unit};
use cumbre::sync::row::RowCollection;
use diesel::{ExpressionMethods, QueryResult, RunQueryDsl};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId, RecordId};
use shared::programme::{Collection, RecordBody, RecordEdit};
use shared::sync::Scope;
use shared::time::Timestamp;
use uuid::Uuid;

use crate::Failure;

/// The event's slug.
pub const SLUG: &str = "bench";

/// The first attendee holds all of them, the others the first one: with `public` and their own
/// scope, twenty and three.
pub const GATES: u64 = 18;

/// Records or attendees in one commit while the event is made.
const CHUNK: u64 = 2_000;

/// How large the event is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Public sessions, each of about 550 bytes.
    pub rows: u64,
    /// Attendees, each with an account.
    pub attendees: u64,
}

fn id(kind: u64, n: u64) -> Uuid {
    let bits = (u128::from(0x0192_f1aa_0000_7000 + kind) << 64) | (0x8000 << 48) | u128::from(n);
    Uuid::from_u128(bits)
}

/// The event.
pub fn event() -> EventId {
    EventId(id(0, 0))
}

/// The account of the attendee of this number.
pub fn account(n: u64) -> AccountId {
    AccountId(id(1, n))
}

/// The account that holds the organiser's role.
pub fn organiser() -> AccountId {
    AccountId(id(6, 0))
}

/// The phone of the attendee of this number.
pub fn device(n: u64) -> DeviceId {
    DeviceId(id(7, n))
}

/// The attendee of this number.
pub fn attendee(n: u64) -> AttendeeId {
    AttendeeId(id(2, n))
}

/// The own scope of the first attendee.
pub fn first_attendee() -> AttendeeId {
    attendee(0)
}

/// A public session.
pub fn public_session(n: u64) -> RecordId {
    RecordId(id(3, n))
}

fn gated_session(n: u64) -> RecordId {
    RecordId(id(4, n))
}

fn audience(n: u64) -> RecordId {
    RecordId(id(5, n))
}

/// A new database with the event's counter row, before a server opens it.
pub fn create_database(url: &DatabaseUrl) -> Result<(), Failure> {
    let mut connection = Connection::open(url)?;
    migrate(&mut connection)?;
    create_counter(&mut connection, event(), SLUG, Timestamp(1_543_190_400_000))?;
    Ok(())
}

/// Fills the event.
pub async fn populate(app: &App, size: Size) -> Result<(), Failure> {
    edit(app, first_edits()?).await?;
    let appoint = |unit: &mut Unit<'_>| {
        unit.group.set_role(organiser(), Role::Organiser, true);
        Ok(())
    };
    app.writer.unit(event(), appoint).await?;
    for start in (0..size.rows).step_by(CHUNK as usize) {
        let edits = (start..size.rows.min(start + CHUNK)).map(|n| put_public(n, 0));
        edit(app, edits.collect::<Result<_, _>>()?).await?;
    }
    for start in (0..size.attendees).step_by(CHUNK as usize) {
        let end = size.attendees.min(start + CHUNK);
        app.writer.unit(event(), move |unit| Ok(add_attendees(unit, start..end)?)).await?;
    }
    Ok(())
}

/// Changes public sessions, as one commit.
pub async fn edit_public(app: &App, count: u64, version: u64) -> Result<(), Failure> {
    let edits = (0..count).map(|n| put_public(n, version));
    Ok(edit(app, edits.collect::<Result<_, _>>()?).await?)
}

/// Moves a public session to another minute, two days from now.
pub async fn move_session(app: &App, n: u64, version: u64) -> Result<(), Failure> {
    let mut value = session(format!("s{n}"), 0);
    let starts_at = app.clock.now().plus_minutes(2 * 24 * 60 + i64::try_from(version % 60)?);
    value["starts_at"] = json!(starts_at);
    value["ends_at"] = json!(starts_at.plus_minutes(60));
    Ok(edit(app, vec![put(Collection::Sessions, public_session(n), value)?]).await?)
}

/// Changes one session of any event, as one commit.
pub async fn edit_any_session(app: &App, slug: &str, version: u64) -> Result<(), Failure> {
    let event = app.events.find_by_slug(slug).ok_or("there is no such event")?.id;
    let change = move |unit: &mut Unit<'_>| {
        let found = unit.group.programme().list(Collection::Sessions).find_map(|record| match &record.body {
            RecordBody::Sessions(session) if session.admission.is_none() => Some((record.id, session.clone())),
            _ => None,
        });
        if let Some((id, mut session)) = found {
            session.number = Some(version.to_string());
            let edit = RecordEdit::Put { id, body: RecordBody::Sessions(session) };
            unit.group.edit(Actor::default(), "record.patch", &[edit]);
        }
        Ok(())
    };
    app.writer.unit(event, change).await?;
    Ok(())
}

/// Changes a row of the first attendee's own and a session behind each of two gates, as one commit.
pub async fn edit_own_and_gates(app: &App, version: u64) -> Result<(), Failure> {
    let edits = vec![put_gated(0, version)?, put_gated(1, version)?];
    let change = move |unit: &mut Unit<'_>| {
        unit.group.edit(Actor::default(), "record.patch", &edits);
        put_own_row(unit, 0, version);
        Ok(())
    };
    app.writer.unit(event(), change).await?;
    Ok(())
}

/// Writes one row of an attendee's own scope, as a unit of work.
pub fn put_own_row(unit: &mut Unit<'_>, n: u64, version: u64) {
    let value = json!({ "name": format!("Attendee {n}"), "version": version, "note": "x".repeat(400) });
    unit.group.put_row(Scope::Own(attendee(n)), (RowCollection::Attendees, attendee(n).0), Some(&value));
}

async fn edit(app: &App, edits: Vec<RecordEdit>) -> Result<(), WriteError> {
    let change = move |unit: &mut Unit<'_>| {
        unit.group.edit(Actor::default(), "record.patch", &edits);
        Ok(())
    };
    app.writer.unit(event(), change).await.map(|_| ())
}

fn put(collection: Collection, id: RecordId, value: Value) -> Result<RecordEdit, Failure> {
    Ok(RecordEdit::Put { id, body: RecordBody::from_json(collection, value)? })
}

fn first_edits() -> Result<Vec<RecordEdit>, Failure> {
    let event_body = json!({ "slug": SLUG, "title": { "en": "Benchmark" }, "starts_on": "2018-11-26", "ends_on": "2018-11-30",
                             "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": "published" });
    let mut edits = vec![put(Collection::Events, RecordId(event().0), event_body)?];
    for n in 0..GATES {
        let value = json!({ "slug": format!("a{n}"), "title": { "en": format!("Audience {n}") } });
        edits.push(put(Collection::Audiences, audience(n), value)?);
        edits.push(put_gated(n, 0)?);
    }
    Ok(edits)
}

fn session(slug: String, version: u64) -> Value {
    let description = "People of many countries look at what was tried, what it cost and what came of it. ".repeat(4);
    json!({ "slug": slug, "kind": "session", "state": "published", "title": { "en": format!("Session {slug}, version {version}") },
            "description": { "en": description }, "starts_at": "2018-11-26T12:00:00Z", "ends_at": "2018-11-26T13:00:00Z" })
}

fn put_public(n: u64, version: u64) -> Result<RecordEdit, Failure> {
    put(Collection::Sessions, public_session(n), session(format!("s{n}"), version))
}

fn put_gated(n: u64, version: u64) -> Result<RecordEdit, Failure> {
    let mut value = session(format!("g{n}"), version);
    value["admission"] = json!({ "policy": "by_invitation", "visibility": "listed", "audiences": [audience(n)] });
    put(Collection::Sessions, gated_session(n), value)
}

fn add_attendees(unit: &mut Unit<'_>, numbers: std::ops::Range<u64>) -> QueryResult<()> {
    let member = |audience_number: u64, n: u64| {
        (
            audience_members::event_id.eq(event().to_string()),
            audience_members::audience_id.eq(audience(audience_number).to_string()),
            audience_members::attendee_id.eq(attendee(n).to_string()),
        )
    };
    let mut members: Vec<_> = numbers.clone().map(|n| member(0, n)).collect();
    unit.group.audience_changed(audience(0), numbers.clone().map(attendee));
    if numbers.contains(&0) {
        members.extend((1..GATES).map(|gate| member(gate, 0)));
        (1..GATES).for_each(|gate| unit.group.audience_changed(audience(gate), [attendee(0)]));
    }
    for chunk in members.chunks(500) {
        on!(&mut *unit.connection, |c| diesel::insert_into(audience_members::table).values(chunk.to_vec()).execute(c))?;
    }
    for n in numbers {
        unit.group.set_relation(attendee(n), account(n), Some(Relation::Myself));
        put_own_row(unit, n, 0);
    }
    Ok(())
}
