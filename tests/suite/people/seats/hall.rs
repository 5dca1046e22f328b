//! The small week with seats in its visits, and people who want them.

use std::collections::BTreeMap;

use cumbre::database::schema::attendees;
use cumbre::due::run_due;
use cumbre::on;
use cumbre::registration::store::put_registration;
use cumbre::sync::change_log::{Relation, Unit};
use diesel::{ExpressionMethods, RunQueryDsl};
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::programme::{Collection, DelegationDuty};
use shared::registration::Registration;
use shared::signup::{SignUp, SignUpState, sign_up_id};
use uuid::Uuid;

use crate::harness::{Actor, Answer, Device, Site};
use crate::people::world::World;

/// The week in which ana, bruno and carla are registered.
pub struct Hall<'a> {
    /// The server and the programme.
    pub site: &'a Site,
    /// The week and its organiser.
    pub world: World<'a>,
    /// The category of everybody.
    pub delegates: RecordId,
}

impl<'a> Hall<'a> {
    /// Opens it; `visit` has this many seats.
    pub async fn of(site: &'a Site, seats: u32) -> Self {
        let world = World::of(site).await;
        let delegates = world.category("delegates").await;
        let hall = Self { site, world, delegates };
        for name in ["ana", "bruno", "carla"] {
            hall.register(name, json!({})).await;
        }
        hall.patch("visit", json!({ "seats": seats })).await;
        hall
    }

    /// Registers somebody as confirmed, with these fields beside.
    pub async fn register(&self, name: &str, fields: Value) {
        let mut registration = json!({ "status": "confirmed", "category": self.delegates });
        for (field, value) in fields.as_object().unwrap() {
            registration[field] = value.clone();
        }
        self.world.register(name, registration).await;
    }

    /// Changes a session of the week; null takes a field away.
    pub async fn patch(&self, session: &'static str, fields: Value) {
        self.site.week.patch(self.site.node.app(), (Collection::Sessions, session), fields).await;
    }

    /// Makes a published session on the week's first day, at these hours in Santiago.
    pub async fn session(&self, slug: &str, (from, to): (&str, &str), fields: Value) -> RecordId {
        let mut body = json!({ "slug": slug, "kind": "field_visit", "state": "published", "title": { "en": slug },
            "starts_at": format!("2018-11-26T{from}:00-03:00"), "ends_at": format!("2018-11-26T{to}:00-03:00") });
        for (field, value) in fields.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.world.create("sessions", body).await
    }

    /// Makes visits of one choice group, all in the afternoon.
    pub async fn choice(&self, seats: &[u32]) -> Vec<RecordId> {
        let group = self.world.create("choice-groups", json!({ "slug": "visits", "title": { "en": "Visits" } })).await;
        let mut visits = Vec::new();
        for (number, seats) in seats.iter().enumerate() {
            let fields = json!({ "seats": seats, "choice_group": group });
            visits.push(self.session(&format!("visit-{number}"), ("14:00", "16:00"), fields).await);
        }
        visits
    }

    /// Makes a delegation with a quota for a session.
    pub async fn delegation(&self, slug: &str, (session, at_most): (RecordId, u32)) -> RecordId {
        let quotas = json!([{ "session": session, "at_most": at_most }]);
        self.world.create("delegations", json!({ "slug": slug, "name": { "en": slug }, "quotas": quotas })).await
    }

    /// Gives an account a duty for a delegation.
    pub async fn give_duty(&self, name: &str, delegation: RecordId, duty: DelegationDuty) {
        let account = self.site.week.account(name);
        let work = move |unit: &mut Unit<'_>| {
            unit.group.set_duty((delegation, account), duty, true);
            Ok(())
        };
        self.site.node.app().writer.unit(self.site.week.event, work).await.unwrap();
    }

    /// Enters people with confirmed registrations, for all of whom sol acts.
    pub async fn crowd(&self, count: usize, fields: Value) -> Vec<AttendeeId> {
        let people: Vec<AttendeeId> = (0..count).map(|_| AttendeeId(Uuid::now_v7())).collect();
        let mut registration = json!({ "status": "confirmed", "category": self.delegates });
        for (field, value) in fields.as_object().unwrap() {
            registration[field] = value.clone();
        }
        let registration: Registration = serde_json::from_value(registration).unwrap();
        let (event, sol, entered) = (self.site.week.event, self.site.week.account("sol"), people.clone());
        let work = move |unit: &mut Unit<'_>| {
            let at = (unit.group.seq(), unit.group.now);
            for attendee in &entered {
                let row = (
                    attendees::event_id.eq(event.to_string()),
                    attendees::id.eq(attendee.to_string()),
                    attendees::name.eq("Somebody"),
                    attendees::created_at.eq(at.1.0),
                );
                on!(&mut *unit.connection, |c| diesel::insert_into(attendees::table).values(row).execute(c))?;
                put_registration(unit.connection, (event, *attendee), &registration, at)?;
                unit.group.set_relation(*attendee, sol, Some(Relation::Assistant));
                unit.group.attendee_changed(*attendee);
            }
            Ok(())
        };
        self.site.node.app().writer.unit(event, work).await.unwrap();
        people
    }

    /// The path of somebody's sign-up.
    pub fn path(&self, attendee: AttendeeId, session: RecordId) -> String {
        self.world.path(&format!("/attendees/{attendee}/sign-ups/{session}"))
    }

    /// Somebody asks for a seat for somebody.
    pub async fn ask(&self, who: &Actor, attendee: AttendeeId, session: RecordId) -> Answer {
        who.send((Method::PUT, &self.path(attendee, session)), &[], &json!({})).await
    }

    /// Somebody of the week asks for themselves, and what they get.
    pub async fn take(&self, name: &str, session: RecordId) -> String {
        let answer = self.ask(&self.site.sign_in(name).await, self.site.week.attendee(name), session).await;
        answer.expect(200).json()["state"].as_str().unwrap().to_owned()
    }

    /// Somebody of the week gives their seat back.
    pub async fn give_back(&self, name: &str, session: RecordId) {
        let path = self.path(self.site.week.attendee(name), session);
        self.site.sign_in(name).await.delete(&path).await.expect(204);
    }

    /// Everything that stands for a session, by attendee.
    pub async fn list(&self, session: RecordId) -> BTreeMap<AttendeeId, SignUp> {
        let mut found = BTreeMap::new();
        let path = self.world.path(&format!("/sessions/{session}/sign-ups?limit=500"));
        let mut cursor = String::new();
        loop {
            let page = self.world.olga.get(&format!("{path}{cursor}")).await.expect(200).json();
            for item in page["items"].as_array().unwrap() {
                let mut item = item.clone();
                item.as_object_mut().unwrap().shift_remove("name");
                let one: SignUp = serde_json::from_value(item).unwrap();
                found.insert(one.attendee, one);
            }
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }

    /// Where somebody of the week stands in a session.
    pub async fn state(&self, name: &str, session: RecordId) -> Option<SignUpState> {
        self.list(session).await.get(&self.site.week.attendee(name)).map(|one| one.state)
    }

    /// Lets time pass and does what that brings.
    pub async fn wait_ms(&self, milliseconds: i64) {
        self.site.clock.advance_ms(milliseconds);
        run_due(self.site.node.app()).await.unwrap();
    }

    /// The row shown of somebody's sign-up.
    pub fn row(&self, device: &mut Device, name: &str, session: RecordId) -> Option<Value> {
        device.find("sign_ups", sign_up_id(self.site.week.attendee(name), session))
    }

    /// What a device shows in the inbox, oldest first: the kind and the details of each.
    pub fn notices(&self, device: &mut Device) -> Vec<(String, Value)> {
        let mut rows: Vec<_> = device.list("notices").into_iter().collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        let read = |value: &str| serde_json::from_str::<Value>(value).unwrap();
        rows.iter()
            .map(|row| read(&row.value))
            .map(|notice| (notice["kind"].as_str().unwrap().to_owned(), notice["details"].clone()))
            .collect()
    }
}
