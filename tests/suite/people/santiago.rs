//! The Santiago week as a story: real devices that are offline by turns, and at its end hold what
//! their people may see, no more and no less.

use std::collections::BTreeMap;

use cumbre::administration::demonstration;
use cumbre::identity::find_account_by_email;
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::sync::MutationResult;

use crate::harness::{Actor, Device, Site};

const WEEK: &str = "csw-2018";

/// Who plays, by the name before the `@` of their address.
const ATTENDEES: [(&str, &str, Option<&str>); 4] = [
    ("minister", "delegates", Some("head")),
    ("delegate", "delegates", Some("member")),
    ("guest", "guests", None),
    ("participant", "participants", None),
];

/// The week with its people registered, and a phone of each.
struct Story<'a> {
    site: &'a Site,
    rosa: Actor,
    attendees: BTreeMap<&'static str, AttendeeId>,
    phones: BTreeMap<&'static str, Device>,
}

fn path(rest: &str) -> String {
    format!("/v1/events/{WEEK}{rest}")
}

async fn sign_in(site: &Site, name: &str) -> Actor {
    let app = site.node.app();
    let email = format!("{name}@demo.example");
    let account = app.readers.read(move |connection| find_account_by_email(connection, &email)).await.unwrap();
    Actor::sign_in(app, &site.node.base(), account.unwrap().id).await
}

async fn phone(site: &Site, name: &str) -> Device {
    Device::new(sign_in(site, name).await, WEEK, &site.clock)
}

impl<'a> Story<'a> {
    async fn begin(site: &'a Site) -> Self {
        demonstration::prepare(site.node.app(), false).await.unwrap();
        let rosa = sign_in(site, "organiser").await;
        let mut story = Self { site, rosa, attendees: BTreeMap::new(), phones: BTreeMap::new() };
        let categories = ["delegates", "guests", "participants"];
        let mut ids = BTreeMap::new();
        for slug in categories {
            ids.insert(slug, story.make("/categories", json!({ "slug": slug, "title": { "en": slug } })).await);
        }
        let bolivia =
            story.make("/delegations", json!({ "slug": "bo", "name": { "en": "Bolivia" }, "country": "BO" })).await;
        // The dialogue is for whoever is confirmed as a delegate, and for nobody by hand.
        let people = story.rosa.list_by_pages(&path("/attendees"), 50).await;
        let delegates = json!({ "rules": [{ "categories": [ids["delegates"]] }] });
        story.rosa.patch(&path("/audiences/dialogue-delegations"), &delegates).await.expect(200);
        let nobody = json!({ "members": [] });
        let members = path("/audiences/dialogue-delegations/members");
        story.rosa.send((Method::PUT, &members), &[], &nobody).await.expect(200);
        let names = [
            ("minister", "Amalia Quispe"),
            ("delegate", "Tomás Arrieta"),
            ("guest", "Irene Salvatierra"),
            ("participant", "Joaquín Meza"),
        ];
        for (name, printed) in names {
            let found = people.iter().find(|one| one["name"] == printed).unwrap();
            story.attendees.insert(name, found["id"].as_str().unwrap().parse().unwrap());
        }
        for (name, category, role) in ATTENDEES {
            let mut body = json!({ "category": ids[category], "status": "confirmed" });
            if let Some(role) = role {
                body["delegation"] = json!(bolivia);
                body["delegation_role"] = json!(role);
            }
            let registration = path(&format!("/attendees/{}/registration", story.attendees[name]));
            story.rosa.send((Method::PUT, &registration), &[], &body).await.expect(200);
        }
        for name in ["minister", "delegate", "guest", "participant", "assistant", "organiser"] {
            let mut device = phone(site, name).await;
            device.sync().await;
            story.phones.insert(name, device);
        }
        story
    }

    async fn make(&self, list: &str, body: Value) -> String {
        self.rosa.post(&path(list), &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
    }

    async fn session(&self, slug: &str) -> RecordId {
        let session = self.rosa.get(&path(&format!("/sessions/{slug}"))).await.expect(200).json();
        session["id"].as_str().unwrap().parse().unwrap()
    }

    fn phone(&mut self, name: &str) -> &mut Device {
        self.phones.get_mut(name).unwrap()
    }

    fn edit(&mut self, name: &str, of: &str, (op, args): (&str, Value)) {
        let attendee = self.attendees[of];
        self.phone(name).edit(op, Some(attendee), args);
    }

    async fn sync(&mut self, name: &str) -> Vec<MutationResult> {
        self.phone(name).sync().await
    }

    /// The slugs of the full rows of sessions that a phone shows.
    fn slugs(&mut self, name: &str) -> Vec<String> {
        let rows = self.phone(name).list("sessions");
        let slug = |row: &str| serde_json::from_str::<Value>(row).unwrap()["slug"].as_str().unwrap().to_owned();
        rows.iter().map(|row| slug(&row.value)).collect()
    }

    fn shows(&mut self, name: &str, slug: &str) -> bool {
        self.slugs(name).iter().any(|shown| shown == slug)
    }

    /// What a phone shows of the seat of an attendee.
    fn seat(&mut self, name: &str, session: RecordId) -> Option<String> {
        let rows = self.phone(name).list("sign_ups");
        let row = rows
            .iter()
            .map(|row| serde_json::from_str::<Value>(&row.value).unwrap())
            .find(|row| row["session"] == json!(session));
        row.map(|row| row["state"].as_str().unwrap().to_owned())
    }

    async fn dialogue_is_the_delegates(&mut self) {
        let dialogue = ["opening-of-the-dialogue", "dialogue-session-1", "dialogue-session-5", "ministers-reception"];
        for slug in dialogue {
            assert!(self.shows("minister", slug) && self.shows("delegate", slug), "{slug}");
            assert!(!self.shows("participant", slug) && !self.shows("guest", slug), "{slug}");
        }
        let ours = self.slugs("minister").len() - self.slugs("participant").len();
        assert_eq!(ours, 24, "23 entries of the dialogue's two days and the special event that is for delegations too");
        let stubs = self.phone("participant").list("part_stubs");
        assert!(
            stubs.iter().any(|row| row.value.contains("regional-policy-dialogue")),
            "that there is one everybody knows"
        );
    }

    async fn an_invitation_is_withdrawn_while_the_phone_is_off(&mut self) {
        let session = self.session("breaking-paradigms").await;
        assert!(!self.shows("participant", "breaking-paradigms"));
        let invited = json!({ "attendee": self.attendees["participant"], "collection": "sessions", "object": session });
        let id = self.make("/invitations", invited).await;
        self.sync("participant").await;
        assert!(self.shows("participant", "breaking-paradigms"));
        let words = "women's role in the security forces";
        assert!(self.phone("participant").everything().contains(words));
        self.edit("participant", "participant", ("favourite.set", json!({ "session": session, "on": true })));
        self.rosa.post(&path(&format!("/invitations/{id}/withdraw")), &json!({})).await.expect(200);
        self.sync("participant").await;
        let held = self.phone("participant").everything();
        assert!(!held.contains(words) && !held.contains(&id), "nothing of it is left");
        assert!(!self.shows("participant", "breaking-paradigms"));
    }

    async fn a_chief_of_staff_answers_for_a_minister(&mut self) {
        let session = self.session("we-are-community").await;
        let invited = json!({ "attendee": self.attendees["minister"], "collection": "sessions", "object": session });
        let id = self.make("/invitations", invited).await;
        self.sync("assistant").await;
        // In the car, without a network.
        self.edit("assistant", "minister", ("invitation.answer", json!({ "id": id, "answer": "accepted" })));
        let results = self.sync("assistant").await;
        assert!(matches!(&results[..], [MutationResult::Applied { .. }]), "{results:?}");
        self.sync("minister").await;
        let row = self.phone("minister").find("invitations", &id).unwrap();
        assert_eq!((&row["answer"], &row["answered_as"]), (&json!("accepted"), &json!("assistant")));
        let door = path(&format!("/sessions/we-are-community/admission/{}", self.attendees["minister"]));
        let verdict = self.rosa.get(&door).await.expect(200).json();
        assert_eq!((&verdict["may_enter"], &verdict["reason"]), (&json!(true), &json!("invited")));
    }

    async fn somebody_sits_in_for_one_session(&mut self) {
        let session = self.session("dialogue-session-4").await;
        let stand_in = json!({ "stand_in": self.attendees["guest"], "session": session });
        let stand_ins = path(&format!("/attendees/{}/stand-ins", self.attendees["minister"]));
        self.rosa.post(&stand_ins, &stand_in).await.expect(201);
        self.sync("guest").await;
        assert!(self.shows("guest", "dialogue-session-4"));
        assert!(!self.shows("guest", "dialogue-session-5"), "the rest of the dialogue stays closed");
        self.sync("minister").await;
        assert!(self.shows("minister", "dialogue-session-4"), "the minister keeps everything");
    }

    async fn the_visits_fill(&mut self) {
        let (small, other) = (self.session("visit-stop").await, self.session("visit-cenacrim").await);
        self.rosa.patch(&path("/sessions/visit-stop"), &json!({ "seats": 2 })).await.expect(200);
        // All three tap in the bus, where there is no network; they come back in this order.
        for name in ["participant", "guest", "delegate"] {
            self.edit(name, name, ("signup.request", json!({ "session": small })));
        }
        for name in ["participant", "guest", "delegate"] {
            self.sync(name).await;
        }
        let seats = ["participant", "guest", "delegate"].map(|name| self.seat(name, small).unwrap());
        assert_eq!(seats, ["confirmed", "confirmed", "waitlisted"]);
        // One changes to another visit of the same group: the old seat is free, and the line moves.
        self.edit("guest", "guest", ("signup.request", json!({ "session": other })));
        self.sync("guest").await;
        assert_eq!(self.seat("guest", other).as_deref(), Some("confirmed"));
        assert_ne!(self.seat("guest", small).as_deref(), Some("confirmed"), "one of five");
        self.sync("delegate").await;
        assert_eq!(self.seat("delegate", small).as_deref(), Some("confirmed"), "who waited moves up");
    }

    async fn the_head_of_a_delegation_cancels(&mut self) {
        self.edit("minister", "minister", ("registration.cancel", json!({ "reason": "The cabinet meets." })));
        self.sync("minister").await;
        for slug in ["dialogue-session-1", "dialogue-session-4", "ministers-reception"] {
            assert!(!self.shows("minister", slug), "{slug}");
        }
        assert!(self.shows("minister", "visit-stop"), "what is public stays");
        self.sync("guest").await;
        assert!(!self.shows("guest", "dialogue-session-4"), "who sat in for her has no ground any more");
        self.sync("delegate").await;
        assert!(self.shows("delegate", "dialogue-session-1"));
    }

    /// Every phone holds what a new one of the same person holds.
    async fn everybody_holds_what_they_may_see(mut self) {
        let names: Vec<_> = self.phones.keys().copied().collect();
        for name in names {
            self.sync(name).await;
            let mut fresh = phone(self.site, name).await;
            fresh.sync().await;
            assert_eq!(self.phone(name).everything(), fresh.everything(), "{name}");
            assert_eq!(self.phone(name).scopes(), fresh.scopes(), "{name}");
        }
    }
}

on_both! {
    async fn the_santiago_week_through_phones_that_are_offline_by_turns(site) {
        let mut story = Story::begin(site).await;
        story.dialogue_is_the_delegates().await;
        story.an_invitation_is_withdrawn_while_the_phone_is_off().await;
        story.a_chief_of_staff_answers_for_a_minister().await;
        story.somebody_sits_in_for_one_session().await;
        story.the_visits_fill().await;
        story.the_head_of_a_delegation_cancels().await;
        story.everybody_holds_what_they_may_see().await;
    }
}
