//! How the world of a schedule begins, and how its programme is written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cumbre::clock::Clock;
use cumbre::database::schema::enrolments;
use cumbre::database::{Connection, DatabaseUrl, create_counter};
use cumbre::on;
use cumbre::sync::change_log::{Actor, Assignment, EnrolmentState, Relation, Unit};
use diesel::{ExpressionMethods, RunQueryDsl};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId, RecordId};
use shared::programme::{Collection, RecordBody, RecordEdit};
use shared::replica::{MemoryStore, Replica};
use shared::sync::{Profile, Scope};
use shared::time::Timestamp;
use uuid::Uuid;

use super::server::Server;
use super::{Device, World};

const START: Timestamp = Timestamp(1_543_190_400_000);

pub(super) fn body(collection: Collection, value: Value) -> RecordBody {
    RecordBody::from_json(collection, value).unwrap()
}

pub(super) fn id(random: &mut StdRng) -> Uuid {
    Uuid::from_u128(random.random())
}

impl World {
    pub(super) async fn new(seed: u64, template: &Path, folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a.sqlite3");
        std::fs::copy(template, &file).unwrap();
        let mut random = StdRng::seed_from_u64(seed);
        let clock = Clock::fixed(START);
        let event = EventId(id(&mut random));
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(file.clone())).unwrap();
        assert!(create_counter(&mut connection, event, "model", START).unwrap());
        drop(connection);
        let server = Server::open(&file, &clock, None).await;
        let mut world = Self {
            folder,
            clock,
            server,
            event,
            gates: Vec::new(),
            sessions: Vec::new(),
            audiences: (0..2).map(|_| RecordId(id(&mut random))).collect(),
            areas: (0..2).map(|_| RecordId(id(&mut random))).collect(),
            attendees: (0..3).map(|_| AttendeeId(id(&mut random))).collect(),
            devices: Vec::new(),
            notes: BTreeSet::new(),
            backup: None,
            random,
        };
        world.populate().await;
        world
    }

    async fn populate(&mut self) {
        let (event, audiences) = (RecordId(self.event.0), self.audiences.clone());
        let part = RecordId(id(&mut self.random));
        self.gates = vec![part];
        self.sessions = (0..6).map(|_| RecordId(id(&mut self.random))).collect();
        let mut edits = vec![RecordEdit::Put {
            id: event,
            body: body(
                Collection::Events,
                json!({ "slug": "model", "title": { "en": "Model" }, "starts_on": "2018-11-26", "ends_on": "2018-11-30",
                        "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en", "state": "published" }),
            ),
        }];
        for (n, audience) in audiences.iter().enumerate() {
            let value = json!({ "slug": format!("a{n}"), "title": { "en": "Some" } });
            edits.push(RecordEdit::Put { id: *audience, body: body(Collection::Audiences, value) });
        }
        let value = json!({ "slug": "dialogue", "title": { "en": "Dialogue" }, "state": "published",
                            "admission": { "policy": "by_invitation", "audiences": [audiences[0]] } });
        edits.push(RecordEdit::Put { id: part, body: body(Collection::Parts, value) });
        for (n, session) in self.sessions.clone().into_iter().enumerate() {
            edits.push(RecordEdit::Put { id: session, body: self.session(n, "first") });
        }
        // Two accounts: one attendee, and an assistant of two, one of whom the first also acts for.
        let accounts = [AccountId(id(&mut self.random)), AccountId(id(&mut self.random))];
        let (a, b, c) = (self.attendees[0], self.attendees[1], self.attendees[2]);
        let relations = [(a, accounts[0]), (b, accounts[1]), (c, accounts[1]), (b, accounts[0])];
        self.write(move |unit| {
            unit.group.edit(Actor::default(), "record.create", &edits);
            for (attendee, account) in relations {
                unit.group.set_relation(attendee, account, Some(Relation::Assistant));
                let value = json!({ "name": "Somebody" });
                let key = (cumbre::sync::row::RowCollection::Attendees, attendee.0);
                unit.group.put_row(Scope::Own(attendee), key, Some(&value));
            }
        })
        .await;
        self.enrol(Profile::Door).await;
        self.enrol(Profile::Protocol(self.sessions[0])).await;
        for account in [0, 0, 1, 1] {
            let device = DeviceId(id(&mut self.random));
            let replica = Replica::open(MemoryStore::default(), accounts[account], device).unwrap();
            let attendees = if account == 0 { vec![a, b] } else { vec![b, c] };
            self.devices.push(Device { replica, attendees, late: None });
        }
    }

    /// A device that holds a roster, and nothing of anybody's.
    async fn enrol(&mut self, profile: Profile) {
        let (account, device) = (AccountId(id(&mut self.random)), DeviceId(id(&mut self.random)));
        let replica = Replica::open(MemoryStore::default(), account, device).unwrap();
        self.devices.push(Device { replica, attendees: Vec::new(), late: None });
        self.set_enrolment((account, device), (profile, EnrolmentState::Active)).await;
    }

    /// Says whether a device is in use.
    pub(super) async fn set_enrolment(
        &self,
        (account, device): (AccountId, DeviceId),
        (profile, state): (Profile, EnrolmentState),
    ) {
        let event = self.event.to_string();
        self.write(move |unit| {
            let row = (
                enrolments::event_id.eq(&event),
                enrolments::device_id.eq(device.to_string()),
                enrolments::account_id.eq(account.to_string()),
                enrolments::name.eq("A door"),
                enrolments::profile.eq(profile.to_string()),
                enrolments::checkpoints.eq("[]"),
                enrolments::is_lead.eq(false),
                enrolments::state.eq(state.as_str()),
                enrolments::enrolled_by.eq(account.to_string()),
                enrolments::enrolled_at.eq(0),
                enrolments::seq.eq(unit.group.seq() as i64),
            );
            let changed = (enrolments::state.eq(state.as_str()), enrolments::seq.eq(unit.group.seq() as i64));
            on!(&mut *unit.connection, |c| diesel::insert_into(enrolments::table)
                .values(row)
                .on_conflict((enrolments::event_id, enrolments::device_id))
                .do_update()
                .set(changed)
                .execute(c))
            .unwrap();
            let assignment = Assignment { profile, state, checkpoints: BTreeSet::new(), is_lead: false };
            unit.group.set_enrolment(account, assignment);
        })
        .await;
    }

    /// A session that may lie anywhere: public, in the part, behind a gate of its own, listed or hidden.
    pub(super) fn session(&mut self, n: usize, title: &str) -> RecordBody {
        let part = self.random.random_bool(0.5).then(|| json!(self.gates[0]));
        let audience = *self.audiences.choose(&mut self.random).unwrap();
        let visibility = *["public", "listed", "hidden"].choose(&mut self.random).unwrap();
        let admission = self
            .random
            .random_bool(0.5)
            .then(|| json!({ "policy": "by_invitation", "visibility": visibility, "audiences": [audience] }));
        let state = *["published", "published", "published", "cancelled", "draft"].choose(&mut self.random).unwrap();
        let mut value = json!({ "slug": format!("s{n}"), "kind": "session", "title": { "en": title }, "state": state,
                                "starts_at": "2018-11-26T12:00:00Z", "ends_at": "2018-11-26T13:00:00Z" });
        if let Some(part) = part {
            value["part"] = part;
        }
        if let Some(admission) = admission {
            value["admission"] = admission;
        }
        body(Collection::Sessions, value)
    }

    pub(super) async fn write(&self, run: impl FnMut(&mut Unit<'_>) + Send + 'static) {
        let mut run = run;
        let work = move |unit: &mut Unit<'_>| {
            run(unit);
            Ok(())
        };
        self.server.exchanges.writer.unit(self.event, work).await.unwrap();
    }
}
