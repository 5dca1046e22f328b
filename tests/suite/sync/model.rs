//! The model test: random schedules on the real writer, feed and exchange, and on real replicas.
//! At the end of each, every device holds exactly what the database says its account may hold,
//! every digest agrees, and no note that anybody wrote is lost.
//!
//! `CUMBRE_SCHEDULES` says how many schedules to run (10,000 by default); `CUMBRE_SEED` is the
//! first seed. A failure names its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cumbre::clock::Clock;
use cumbre::consequences::AllDomains;
use cumbre::database::schema::{audience_members, notes};
use cumbre::database::{Connection, DatabaseUrl, Readers, create_counter, load_or_mint_epoch, migrate};
use cumbre::on;
use cumbre::sync::change_log::{Actor, Relation, Unit};
use cumbre::sync::exchange::Exchanges;
use cumbre::sync::feed::{EventCell, Events};
use cumbre::sync::mutations::Sender;
use cumbre::sync::{ChangeLog, EventWriter, compaction};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId, MutationId, RecordId};
use shared::programme::{Collection, RecordBody, RecordEdit};
use shared::replica::{MemoryStore, Outgoing, Replica, RequestLimits, RequestToken, RowFilter};
use shared::sync::{Digest, Epoch, ExchangeResponse, Mutation, Scope};
use shared::time::Timestamp;
use uuid::Uuid;

const START: Timestamp = Timestamp(1_543_190_400_000);

/// One schedule's world: a server on a database of its own, and devices.
struct World {
    random: StdRng,
    folder: PathBuf,
    clock: Clock,
    server: Server,
    event: EventId,
    gates: Vec<RecordId>,
    sessions: Vec<RecordId>,
    audiences: Vec<RecordId>,
    attendees: Vec<AttendeeId>,
    devices: Vec<Device>,
    notes: BTreeSet<(AttendeeId, Uuid)>,
    backup: Option<PathBuf>,
}

struct Server {
    events: Arc<Events>,
    exchanges: Exchanges,
}

struct Device {
    replica: Replica<MemoryStore>,
    attendees: Vec<AttendeeId>,
    late: Option<(RequestToken, ExchangeResponse)>,
}

impl Server {
    async fn open(file: &Path, clock: &Clock, mint: Option<Epoch>) -> Self {
        let url = DatabaseUrl::Sqlite(file.to_owned());
        let mut connection = Connection::open(&url).unwrap();
        migrate(&mut connection).unwrap();
        if let Some(epoch) = mint {
            use cumbre::database::schema::deployment;
            on!(&mut connection, |c| diesel::update(deployment::table)
                .set(deployment::epoch.eq(i64::from(epoch.0)))
                .execute(c))
            .unwrap();
        }
        let epoch = load_or_mint_epoch(&mut connection, Epoch(0xabcd_0001), clock.now()).unwrap();
        drop(connection);
        let readers = Readers::new(url.clone(), 2);
        let loading = (readers, clock.clone());
        let events = tokio::task::spawn_blocking(move || Events::load(loading.0, loading.1, epoch, 8 << 20));
        let events = Arc::new(events.await.unwrap().unwrap());
        let log = Arc::new(ChangeLog::new(Arc::clone(&events), clock.clone(), None, Box::new(AllDomains)));
        let writer = EventWriter::start(&url, &log).unwrap();
        let exchanges =
            Exchanges { events: Arc::clone(&events), writer, clock: clock.clone(), settings: Default::default() };
        Self { events, exchanges }
    }

    fn cell(&self, event: EventId) -> Arc<EventCell> {
        self.events.find(event).unwrap()
    }

    /// Whether nothing of the server uses its file any more.
    async fn close(self) {
        let writer = self.exchanges.writer.clone();
        drop(self);
        writer.close().await;
    }
}

fn body(collection: Collection, value: Value) -> RecordBody {
    RecordBody::from_json(collection, value).unwrap()
}

fn id(random: &mut StdRng) -> Uuid {
    Uuid::from_u128(random.random())
}

impl World {
    async fn new(seed: u64, template: &Path, folder: PathBuf) -> Self {
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
        for account in [0, 0, 1, 1] {
            let device = DeviceId(id(&mut self.random));
            let replica = Replica::open(MemoryStore::default(), accounts[account], device).unwrap();
            let attendees = if account == 0 { vec![a, b] } else { vec![b, c] };
            self.devices.push(Device { replica, attendees, late: None });
        }
    }

    /// A session that may lie anywhere: public, in the part, behind a gate of its own, listed or hidden.
    fn session(&mut self, n: usize, title: &str) -> RecordBody {
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

    async fn write(&self, run: impl FnMut(&mut Unit<'_>) + Send + 'static) {
        let mut run = run;
        let work = move |unit: &mut Unit<'_>| {
            run(unit);
            Ok(())
        };
        self.server.exchanges.writer.unit(self.event, work).await.unwrap();
    }

    async fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..22 => self.edit_session().await,
            22..27 => self.remove_session().await,
            27..32 => self.edit_part().await,
            32..42 => self.change_membership().await,
            42..54 => self.edit_on_device(),
            54..92 => self.exchange().await,
            92..95 => self.purge().await,
            95..97 => self.keep_backup().await,
            97..98 => self.restore().await,
            _ => self.clock.advance_ms(60_000),
        }
    }

    async fn edit_session(&mut self) {
        let n = self.random.random_range(0..self.sessions.len());
        let title = format!("title {}", self.random.random_range(0..1_000));
        let edits = vec![RecordEdit::Put { id: self.sessions[n], body: self.session(n, &title) }];
        self.write(move |unit| unit.group.edit(Actor::default(), "record.patch", &edits)).await;
    }

    async fn remove_session(&mut self) {
        let key = (Collection::Sessions, *self.sessions.choose(&mut self.random).unwrap());
        self.write(move |unit| unit.group.edit(Actor::default(), "record.delete", &[RecordEdit::Remove { key }])).await;
    }

    async fn edit_part(&mut self) {
        let visibility = *["public", "listed", "hidden"].choose(&mut self.random).unwrap();
        let state = *["published", "published", "draft"].choose(&mut self.random).unwrap();
        let audience = *self.audiences.choose(&mut self.random).unwrap();
        let value = json!({ "slug": "dialogue", "title": { "en": "Dialogue" }, "state": state,
                            "admission": { "policy": "by_invitation", "visibility": visibility, "audiences": [audience] } });
        let edits = vec![RecordEdit::Put { id: self.gates[0], body: body(Collection::Parts, value) }];
        self.write(move |unit| unit.group.edit(Actor::default(), "record.patch", &edits)).await;
    }

    async fn change_membership(&mut self) {
        let (event, audience) = (self.event, *self.audiences.choose(&mut self.random).unwrap());
        let (attendee, joins) = (*self.attendees.choose(&mut self.random).unwrap(), self.random.random_bool(0.5));
        self.write(move |unit| {
            let key = (event.to_string(), audience.to_string(), attendee.to_string());
            on!(unit.connection, |c| {
                if joins {
                    let row = (
                        audience_members::event_id.eq(key.0),
                        audience_members::audience_id.eq(key.1),
                        audience_members::attendee_id.eq(key.2),
                    );
                    diesel::insert_into(audience_members::table).values(row).on_conflict_do_nothing().execute(c)
                } else {
                    diesel::delete(audience_members::table.find(key)).execute(c)
                }
            })
            .unwrap();
            unit.group.audience_changed(audience, [attendee]);
        })
        .await;
    }

    fn edit_on_device(&mut self) {
        let n = self.random.random_range(0..self.devices.len());
        let attendee = *self.devices[n].attendees.choose(&mut self.random).unwrap();
        let mutation_id = MutationId(id(&mut self.random));
        let mut written = None;
        let (op, args) = if self.random.random_bool(0.5) {
            let session = *self.sessions.choose(&mut self.random).unwrap();
            ("favourite.set", json!({ "session": session, "on": self.random.random_bool(0.6) }))
        } else {
            let note = id(&mut self.random);
            written = Some((attendee, note));
            ("note.put", json!({ "id": note, "text": format!("note {}", self.random.random_range(0..99)) }))
        };
        let mutation = Mutation {
            id: mutation_id,
            op: op.to_owned(),
            for_attendee: Some(attendee),
            args,
            base: None,
            at: Some(self.clock.now()),
            depends_on: None,
        };
        // An edit that the device died over was never made.
        if self.devices[n].replica.edit(&mutation).is_ok() {
            self.notes.extend(written);
        }
    }

    /// One exchange of one device, over a network that loses, delays and doubles.
    async fn exchange(&mut self) {
        let n = self.random.random_range(0..self.devices.len());
        let rows = self.random.random_bool(0.7).then(|| self.random.random_range(1..5));
        let fate = self.random.random_range(0..10);
        if fate == 0 {
            // The device dies in the middle of a local transaction.
            let writes = self.random.random_range(0..12);
            self.devices[n].replica.store_mut().die_after(writes);
        }
        let token = RequestToken(self.random.random());
        let limits = RequestLimits { page_rows: rows, ..RequestLimits::default() };
        let now = self.clock.now();
        let Ok(outgoing) = self.devices[n].replica.next_request(token, now, &limits) else { return };
        if fate == 1 {
            return;
        }
        let answer = self.ask(n, &outgoing).await;
        let device = &mut self.devices[n];
        if let Some((token, late)) = device.late.take() {
            let _ = device.replica.apply_answer(token, &late, now);
        }
        match fate {
            2 => {}
            3 => device.late = Some((token, answer)),
            4 => {
                let _ = device.replica.apply_answer(token, &answer, now);
                let _ = device.replica.apply_answer(token, &answer, now);
            }
            _ => {
                let _ = device.replica.apply_answer(token, &answer, now);
            }
        }
    }

    async fn ask(&self, n: usize, outgoing: &Outgoing) -> ExchangeResponse {
        // The digest would heal what the protocol gets wrong, so it must never have to.
        assert_eq!(outgoing.request.diverged, Vec::<String>::new(), "a device diverged");
        let device = &self.devices[n].replica;
        let sender = Sender { account: device.account(), device: device.device() };
        let cell = self.server.cell(self.event);
        let request = serde_json::from_slice(&outgoing.body).unwrap();
        let bytes = self.server.exchanges.answer(&cell, sender, request).await.unwrap();
        let answer: ExchangeResponse = serde_json::from_slice(&bytes).unwrap();
        let may_hold: BTreeSet<String> =
            cell.read().scopes_of(sender.account).iter().map(ToString::to_string).collect();
        for entry in &answer.scopes {
            assert!(entry.gone || may_hold.contains(&entry.scope), "{} reached one who may not hold it", entry.scope);
        }
        answer
    }

    async fn purge(&self) {
        let cell = self.server.cell(self.event);
        let head = cell.read().head.seq;
        compaction::purge(&self.server.events, &self.server.exchanges.writer, (&cell, head)).await.unwrap();
    }

    async fn keep_backup(&mut self) {
        let copy = self.folder.join("backup.sqlite3");
        let _ = std::fs::remove_file(&copy);
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(self.folder.join("a.sqlite3"))).unwrap();
        connection.execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
        self.backup = Some(copy);
    }

    async fn restore(&mut self) {
        let Some(copy) = self.backup.clone() else { return };
        let file = self.folder.join("a.sqlite3");
        let epoch = Epoch(self.random.random());
        let old = std::mem::replace(
            &mut self.server,
            Server::open(&self.folder.join("idle.sqlite3"), &self.clock, None).await,
        );
        old.close().await;
        for name in ["a.sqlite3", "a.sqlite3-wal", "a.sqlite3-shm"] {
            let _ = std::fs::remove_file(self.folder.join(name));
        }
        std::fs::copy(copy, &file).unwrap();
        let idle = std::mem::replace(&mut self.server, Server::open(&file, &self.clock, Some(epoch)).await);
        idle.close().await;
    }

    /// Every device exchanges over a good network until nothing is left to say.
    async fn settle(&mut self) {
        self.clock.advance_ms(60_000);
        for device in &mut self.devices {
            device.replica.store_mut().die_after(usize::MAX);
        }
        // Twice around: what one device sent, the others see.
        for n in (0..self.devices.len()).chain(0..self.devices.len()) {
            for round in 0.. {
                assert!(round < 200, "a device does not come to rest");
                let token = RequestToken(self.random.random());
                let now = self.clock.now();
                let limits = RequestLimits { page_rows: Some(3), ..RequestLimits::default() };
                let outgoing = self.devices[n].replica.next_request(token, now, &limits).unwrap();
                let answer = self.ask(n, &outgoing).await;
                let is_quiet = answer.scopes.is_empty() && !answer.more && answer.results.is_empty() && !answer.resend;
                self.devices[n].replica.apply_answer(token, &answer, now).unwrap();
                self.clock.advance_ms(10_000);
                if is_quiet && !self.devices[n].replica.has_waiting_edits().unwrap() {
                    break;
                }
            }
        }
    }

    /// What each device holds is what the database says, and what its digests say.
    async fn verify(&mut self) {
        let cell = self.server.cell(self.event);
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(self.folder.join("a.sqlite3"))).unwrap();
        let stored = stored_rows(&mut connection, self.event);
        for device in &mut self.devices {
            let account = device.replica.account();
            let scopes = cell.read().scopes_of(account);
            let expected: BTreeMap<_, _> = stored
                .iter()
                .filter(|((scope, _, _), _)| scopes.contains(&scope.parse().unwrap()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let held: BTreeMap<_, _> = device
                .replica
                .list_held(&RowFilter::default())
                .unwrap()
                .into_iter()
                .map(|row| ((row.scope, row.collection, row.id), (row.rev, row.value)))
                .collect();
            assert_eq!(held, expected, "a device differs from the database");
            for scope in scopes {
                let digest = cell.read().scope(&scope).map(|memory| memory.head.digest).unwrap_or_default();
                let mut mine = Digest::default();
                let rows = expected.iter().filter(|((name, _, _), _)| *name == scope.to_string());
                rows.for_each(|((_, c, id), (rev, _))| mine.add(shared::sync::row_check(c, id, *rev)));
                assert_eq!(mine, digest, "the digest of {scope} differs from its rows");
            }
        }
        let kept: Vec<(String, String)> =
            on!(&mut connection, |c| notes::table.select((notes::attendee_id, notes::id)).load(c)).unwrap();
        let kept: BTreeSet<(AttendeeId, Uuid)> =
            kept.into_iter().map(|(a, n)| (a.parse().unwrap(), n.parse().unwrap())).collect();
        assert_eq!(kept, self.notes, "a note was lost");
    }
}

type StoredRows = BTreeMap<(String, String, String), (u64, String)>;

fn stored_rows(connection: &mut Connection, event: EventId) -> StoredRows {
    use cumbre::database::schema::scope_rows;
    type Line = (String, String, String, i64, Option<String>);
    let lines: Vec<Line> = on!(connection, |c| scope_rows::table
        .filter(scope_rows::event_id.eq(event.to_string()))
        .filter(scope_rows::value.is_not_null())
        .select((scope_rows::scope, scope_rows::collection, scope_rows::id, scope_rows::rev, scope_rows::value))
        .load(c))
    .unwrap();
    lines.into_iter().map(|(s, c, id, rev, value)| ((s, c, id), (rev as u64, value.unwrap()))).collect()
}

async fn run_schedule(seed: u64, template: &Path, folder: PathBuf) {
    let mut world = World::new(seed, template, folder.clone()).await;
    for _ in 0..30 {
        world.step().await;
    }
    world.settle().await;
    world.verify().await;
    world.server.close().await;
    let _ = std::fs::remove_dir_all(folder);
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn every_replica_equals_the_servers_view_after_any_schedule() {
    let count = setting("CUMBRE_SCHEDULES", 10_000);
    let first = setting("CUMBRE_SEED", 1);
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let base = base.join(format!("cumbre-model-{}", std::process::id()));
    std::fs::create_dir_all(&base).unwrap();
    let template = base.join("template.sqlite3");
    let mut connection = Connection::open(&DatabaseUrl::Sqlite(template.clone())).unwrap();
    migrate(&mut connection).unwrap();
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE").unwrap();
    drop(connection);
    let threads = std::thread::available_parallelism().map_or(2, usize::from) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (base, template) = (&base, &template);
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                for seed in (first..first + count).filter(|seed| seed % threads == thread) {
                    let run = run_schedule(seed, template, base.join(seed.to_string()));
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(run)));
                    assert!(
                        outcome.is_ok(),
                        "schedule {seed} failed; repeat it with CUMBRE_SEED={seed} CUMBRE_SCHEDULES=1"
                    );
                }
            });
        }
    });
    std::fs::remove_dir_all(&base).unwrap();
}
