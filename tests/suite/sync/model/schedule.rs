//! What happens in a schedule: edits on both sides, exchanges over a bad network, purges, restores.

use std::collections::BTreeSet;

use cumbre::database::schema::audience_members;
use cumbre::database::{Connection, DatabaseUrl};
use cumbre::on;
use cumbre::sync::change_log::{Actor, EnrolmentState};
use cumbre::sync::compaction;
use cumbre::sync::mutations::Sender;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rand::Rng;
use rand::seq::IndexedRandom;
use serde_json::json;
use shared::ids::MutationId;
use shared::programme::{Collection, RecordEdit};
use shared::replica::{Outgoing, RequestLimits, RequestToken};
use shared::sync::{Epoch, ExchangeResponse, Mutation};

use super::World;
use super::server::Server;
use super::world::{body, id};

impl World {
    pub(super) async fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..18 => self.edit_session().await,
            18..22 => self.edit_area().await,
            22..27 => self.remove_session().await,
            27..32 => self.edit_part().await,
            32..40 => self.change_membership().await,
            40..42 => self.suspend_or_resume().await,
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

    /// An area that guards a session, or goes: the session's own roster comes and goes with it.
    async fn edit_area(&mut self) {
        let area = *self.areas.choose(&mut self.random).unwrap();
        let session = *self.sessions.choose(&mut self.random).unwrap();
        let edit = if self.random.random_bool(0.7) {
            let value = json!({ "slug": format!("area-{area}"), "name": { "en": "Area" }, "session": session });
            RecordEdit::Put { id: area, body: body(Collection::AccessAreas, value) }
        } else {
            RecordEdit::Remove { key: (Collection::AccessAreas, area) }
        };
        self.write(move |unit| unit.group.edit(Actor::default(), "record.patch", std::slice::from_ref(&edit))).await;
    }

    async fn suspend_or_resume(&mut self) {
        let enrolled: Vec<_> = self.devices.iter().filter(|device| device.attendees.is_empty()).collect();
        let replica = &enrolled.choose(&mut self.random).unwrap().replica;
        let who = (replica.account(), replica.device());
        let known = self.server.cell(self.event).read().find_rights(who.0).and_then(|rights| rights.enrolment.clone());
        // A restore may have taken the enrolment back.
        let Some(assignment) = known else { return };
        let state = if self.random.random_bool(0.5) { EnrolmentState::Active } else { EnrolmentState::Suspended };
        self.set_enrolment(who, (assignment.profile, state)).await;
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
        let Some(attendee) = self.devices[n].attendees.choose(&mut self.random).copied() else { return };
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

    pub(super) async fn ask(&self, n: usize, outgoing: &Outgoing) -> ExchangeResponse {
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
}
