use serde_json::{Value, json};
use shared::ids::{AccountId, DeviceId, EventId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme};
use shared::sync::{Head, Nonce};
use shared::time::Timestamp;
use uuid::Uuid;

use super::*;
use crate::database::{Connection, DatabaseUrl, migrate};
use crate::programme::sketch::{Sketch, id};
use crate::sync::change_log::Group;

/// One group on a database in a folder of its own.
struct Desk {
    connection: Connection,
    group: Group,
    folder: std::path::PathBuf,
}

impl Desk {
    fn new(programme: Programme) -> Self {
        let folder = std::env::temp_dir().join(format!("cumbre-operations-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(folder.join("desk.sqlite"))).unwrap();
        migrate(&mut connection).unwrap();
        let head = |seq| Head { seq, nonce: Nonce(7) };
        let group = Group::new(EventId(Uuid::from_u128(1)), Timestamp(0), head(4), head(5), programme);
        Self { connection, group, folder }
    }

    fn run(&mut self, actor: Actor, op: &str, args: &Value, base: Option<u64>) -> Result<Done, Failure> {
        let command = parse_mutation(op, args, base).unwrap()?;
        run(&mut Unit { connection: &mut self.connection, group: &mut self.group }, actor, &command)
    }

    fn refused(&mut self, op: &str, args: &Value) -> (ProblemCode, String) {
        match self.run(Actor::default(), op, args, None) {
            Err(Failure::Refused(refusal)) => (refusal.code, refusal.field),
            other => panic!("not refused: {other:?}"),
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn sketch() -> Programme {
    Sketch::new()
        .venue("club", &[])
        .room("library", "club", json!({}))
        .room("cinema", "club", json!({}))
        .session("reality", ("26 18:00", "26 19:30"), json!({"room": id("library")}))
        .programme
}

fn from_device(number: u128) -> Actor {
    Actor { account: Some(AccountId(Uuid::nil())), device: Some(DeviceId(Uuid::from_u128(number))), attendee: None }
}

fn patch(fields: Value) -> Value {
    json!({"collection": "sessions", "id": id("reality"), "patch": fields})
}

#[test]
fn the_same_field_is_a_conflict_for_another_device_and_none_for_ones_own() {
    let mut desk = Desk::new(sketch());
    let (cinema, nowhere) = (json!({"session": id("reality"), "room": id("cinema")}), patch(json!({"room": null})));
    let done = desk.run(from_device(1), "session.move", &cinema, Some(4)).unwrap();
    assert_eq!(done.keys, [(Collection::Sessions, id("reality"))]);
    match desk.run(from_device(2), "record.patch", &nowhere, Some(4)) {
        Err(Failure::Stale(stale)) => assert_eq!((stale.id, stale.fields), (id("reality").0, vec!["room".to_owned()])),
        other => panic!("no conflict: {other:?}"),
    }
    assert!(desk.run(from_device(2), "record.patch", &patch(json!({"expected_people": 80})), Some(4)).is_ok());
    assert!(desk.run(from_device(1), "record.patch", &nowhere, Some(4)).is_ok());
}

#[test]
fn an_edit_that_changes_nothing_leaves_the_rev_alone() {
    let mut desk = Desk::new(sketch());
    let before = desk.group.programme().clone();
    let done = desk.run(from_device(1), "record.patch", &patch(json!({"slug": "reality"})), None).unwrap();
    assert_eq!(done, Done::default());
    assert_eq!(*desk.group.programme(), before);
}

#[test]
fn if_match_is_strict() {
    let mut desk = Desk::new(sketch());
    let rev = desk.group.programme().find(Collection::Sessions, id("reality")).unwrap().rev;
    let mut command = parse_mutation("record.patch", &patch(json!({"expected_people": 80})), None).unwrap().unwrap();
    command.guard.revs = Some(vec![rev + 1]);
    let mut attempt = |command: &Command| {
        run(&mut Unit { connection: &mut desk.connection, group: &mut desk.group }, Actor::default(), command)
    };
    let Err(Failure::Refused(refusal)) = attempt(&command) else { panic!("it was run") };
    assert_eq!(refusal.code, ProblemCode::PreconditionFailed);
    command.guard.revs = Some(vec![rev + 1, rev]);
    assert!(attempt(&command).is_ok());
}

#[test]
fn what_would_leave_a_record_invalid_is_refused_by_its_field() {
    let mut desk = Desk::new(sketch());
    let track = |id: RecordId, body: Value| json!({"collection": "tracks", "id": id, "body": body});
    let new = RecordId(Uuid::from_u128(99));
    assert_eq!(
        desk.refused("record.patch", &patch(json!({"room": new}))),
        (ProblemCode::UnknownReference, "/room".to_owned())
    );
    assert_eq!(
        desk.refused("record.patch", &patch(json!({"slug": "No slug"}))),
        (ProblemCode::InvalidValue, "/slug".to_owned())
    );
    let shape = desk.refused("record.patch", &json!({"collection": "sessions", "id": "x", "patch": {}}));
    assert_eq!(shape, (ProblemCode::InvalidRequest, "/id".to_owned()));
    let person = json!({"collection": "people", "id": new, "body": {"slug": "a", "name": "A", "attendee": new}});
    assert_eq!(desk.refused("record.create", &person), (ProblemCode::UnknownReference, "/attendee".to_owned()));
    let body = json!({"slug": "trade", "title": {"en": "Trade"}});
    assert_eq!(
        desk.refused("record.create", &track(id("reality"), body)),
        (ProblemCode::InvalidValue, "/id".to_owned())
    );
}

#[test]
fn a_session_prints_only_affiliations_that_its_people_have() {
    let programme = Sketch { programme: sketch() }
        .with(
            Collection::People,
            json!({"slug": "alba", "name": "Alba", "affiliations": [{"country": "CL"}, {"country": "PE"}]}),
        )
        .programme;
    let mut desk = Desk::new(programme);
    let host = |affiliation: u32| {
        patch(json!({"people": [{"person": id("alba"), "role": "host", "affiliation": affiliation}]}))
    };
    assert_eq!(desk.refused("record.patch", &host(2)), (ProblemCode::InvalidValue, "/people/0/affiliation".to_owned()));
    desk.run(Actor::default(), "record.patch", &host(1), None).unwrap();
    let keep =
        |countries: Value| json!({"collection": "people", "id": id("alba"), "patch": {"affiliations": countries}});
    assert_eq!(
        desk.refused("record.patch", &keep(json!([{"country": "CL"}]))),
        (ProblemCode::StillReferenced, "/affiliations".to_owned())
    );
    desk.run(Actor::default(), "record.patch", &host(0), None).unwrap();
    assert!(desk.run(Actor::default(), "record.patch", &keep(json!([{"country": "CL"}])), None).is_ok());
}

#[test]
fn a_slug_is_of_one_record_of_its_collection() {
    let mut desk = Desk::new(sketch());
    let room = |slug: &str, number| {
        let body = json!({"slug": slug, "venue": id("club"), "name": {"en": "Room"}});
        json!({"collection": "rooms", "id": Uuid::from_u128(number), "body": body})
    };
    assert_eq!(desk.refused("record.create", &room("library", 98)), (ProblemCode::SlugTaken, "/slug".to_owned()));
    assert!(desk.run(Actor::default(), "record.create", &room("reality", 98), None).is_ok());
}

#[test]
fn a_shift_is_read_whether_it_names_a_day_or_a_part() {
    let day = json!({"day": "2018-11-26", "from": "2018-11-26T12:00:00Z", "minutes": 25, "breaks_absorb": true});
    assert!(matches!(parse_mutation("sessions.shift", &day, None), Some(Ok(_))));
    let unknown = json!({"day": "2018-11-26", "from": "2018-11-26T12:00:00Z", "minutes": 25, "hours": 1});
    assert!(matches!(parse_mutation("sessions.shift", &unknown, None), Some(Err(_))));
    assert!(parse_mutation("note.put", &json!({}), None).is_none());
}
