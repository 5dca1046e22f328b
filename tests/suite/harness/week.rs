//! A small week in Santiago that has one of everything that may not leak: an open part, a listed
//! part behind a gate, a listed and a hidden session, a person and a paper that are nowhere else,
//! a draft; and beside it another event with another organiser.

use std::collections::BTreeMap;

use cumbre::app::App;
use cumbre::database::create_counter;
use cumbre::database::schema::{attendees, audience_members};
use cumbre::identity::{NewAccount, ensure_account};
use cumbre::on;
use cumbre::sync::change_log::{Actor, Relation, Role, Unit};
use cumbre::sync::row::RowCollection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::programme::{Collection, RecordBody, RecordEdit};
use shared::sync::Scope;
use uuid::Uuid;

/// What is written nowhere but in the hidden session, its people and its paper.
pub const SECRETS: &[&str] = &[
    "quiet-lunch",
    "Lunch that nobody knows of",
    "Dora Stillwater",
    "dora-stillwater",
    "GTS/Q/doc.7",
    "An unwritten understanding",
    "Lunch for the few",
    "Which lunch to take",
];

/// The programme and the people of one test.
pub struct Week {
    /// The event.
    pub event: EventId,
    /// Its slug.
    pub slug: String,
    /// The event that otto organises.
    pub other: EventId,
    records: BTreeMap<&'static str, RecordId>,
    accounts: BTreeMap<&'static str, AccountId>,
    attendees: BTreeMap<&'static str, AttendeeId>,
}

const RECORDS: &[&str] = &[
    "club",
    "library",
    "cinema",
    "patio",
    "prevention",
    "alba",
    "max",
    "dora",
    "ministers",
    "advisers",
    "clinic",
    "dialogue",
    "opening",
    "reality",
    "visit",
    "round-table",
    "briefing",
    "quiet-lunch",
    "draft-idea",
    "paper",
    "cell",
    "lunches",
];

impl Week {
    /// Makes the week and its people.
    pub async fn write(app: &App) -> Self {
        let mut week = Self {
            event: EventId(Uuid::now_v7()),
            slug: "week-2018".to_owned(),
            other: EventId(Uuid::now_v7()),
            records: RECORDS.iter().map(|name| (*name, RecordId(Uuid::now_v7()))).collect(),
            accounts: BTreeMap::new(),
            attendees: ["ana", "bruno", "carla"].map(|name| (name, AttendeeId(Uuid::now_v7()))).into(),
        };
        week.make_accounts(app).await;
        let (event, other) = (week.event, week.other);
        let slugs = [(event, week.slug.clone()), (other, "other-2018".to_owned())];
        let now = app.clock.now();
        let made = app.writer.system(move |connection| {
            slugs.iter().try_for_each(|(event, slug)| create_counter(connection, *event, slug, now).map(drop))
        });
        made.await.unwrap();
        week.edit_event(app, other, vec![put(RecordId(other.0), Collection::Events, event_body("other-2018"))]).await;
        week.edit_event(app, event, week.programme()).await;
        week.let_people_in(app).await;
        week
    }

    /// A record's id, by its name here.
    #[track_caller]
    pub fn id(&self, name: &str) -> RecordId {
        *self.records.get(name).unwrap_or_else(|| panic!("{name} is a record of the week"))
    }

    /// The gate of a record.
    pub fn gate(&self, name: &str) -> String {
        Scope::Gate(self.id(name)).to_string()
    }

    /// Somebody's account.
    #[track_caller]
    pub fn account(&self, name: &str) -> AccountId {
        *self.accounts.get(name).unwrap_or_else(|| panic!("{name} has an account"))
    }

    /// Somebody as attendee.
    #[track_caller]
    pub fn attendee(&self, name: &str) -> AttendeeId {
        *self.attendees.get(name).unwrap_or_else(|| panic!("{name} attends"))
    }

    /// Somebody's own scope.
    pub fn own(&self, name: &str) -> String {
        Scope::Own(self.attendee(name)).to_string()
    }

    /// Changes a record by a merge of top-level fields; null removes one.
    pub async fn patch(&self, app: &App, (collection, name): (Collection, &'static str), fields: Value) {
        let id = self.id(name);
        let work = move |unit: &mut Unit<'_>| {
            let mut body = unit.group.body((collection, id)).unwrap().to_json();
            for (field, value) in fields.as_object().unwrap() {
                body[field] = value.clone();
            }
            body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            unit.group.edit(Actor::default(), "record.patch", &[put(id, collection, body)]);
            Ok(())
        };
        app.writer.unit(self.event, work).await.unwrap();
    }

    /// Takes an attendee into an audience.
    pub async fn grant(&self, app: &App, audience: &str, attendee: &str) {
        self.set_member(app, (audience, attendee), true).await;
    }

    /// Takes an attendee out of an audience.
    pub async fn withdraw(&self, app: &App, audience: &str, attendee: &str) {
        self.set_member(app, (audience, attendee), false).await;
    }

    async fn set_member(&self, app: &App, (audience, attendee): (&str, &str), is_member: bool) {
        let (event, audience, attendee) = (self.event, self.id(audience), self.attendee(attendee));
        let work = move |unit: &mut Unit<'_>| {
            let key = (event.to_string(), audience.to_string(), attendee.to_string());
            on!(&mut *unit.connection, |c| {
                if is_member {
                    let row = (
                        audience_members::event_id.eq(key.0),
                        audience_members::audience_id.eq(key.1),
                        audience_members::attendee_id.eq(key.2),
                    );
                    diesel::insert_into(audience_members::table).values(row).on_conflict_do_nothing().execute(c)
                } else {
                    diesel::delete(audience_members::table.find(key)).execute(c)
                }
            })?;
            unit.group.audience_changed(audience, [attendee]);
            Ok(())
        };
        app.writer.unit(self.event, work).await.unwrap();
    }

    async fn edit_event(&self, app: &App, event: EventId, edits: Vec<RecordEdit>) {
        let work = move |unit: &mut Unit<'_>| {
            unit.group.edit(Actor::default(), "import", &edits);
            Ok(())
        };
        app.writer.unit(event, work).await.unwrap();
    }

    async fn make_accounts(&mut self, app: &App) {
        let now = app.clock.now();
        let names = ["olga", "otto", "ana", "bruno", "carla", "sol"];
        let made = app.writer.system(move |connection| {
            let account = |name: &'static str| {
                let email = Some(format!("{name}@example.org"));
                let new = NewAccount { email, name: name.to_owned(), language: Some("es".to_owned()) };
                ensure_account(connection, &new, now).map(|account| (name, account.id))
            };
            names.map(account).into_iter().collect()
        });
        self.accounts = made.await.unwrap();
    }

    async fn let_people_in(&self, app: &App) {
        let (event, now) = (self.event, app.clock.now());
        let people: Vec<_> = self.attendees.iter().map(|(name, id)| (*name, *id, self.account(name))).collect();
        let acted_for = [self.attendee("ana"), self.attendee("bruno")];
        let (olga, otto, sol) = (self.account("olga"), self.account("otto"), self.account("sol"));
        let work = move |unit: &mut Unit<'_>| {
            for (name, attendee, account) in &people {
                let row = (
                    attendees::event_id.eq(event.to_string()),
                    attendees::id.eq(attendee.to_string()),
                    attendees::name.eq(*name),
                    attendees::created_at.eq(now.0),
                );
                on!(&mut *unit.connection, |c| diesel::insert_into(attendees::table).values(row).execute(c))?;
                unit.group.set_relation(*attendee, *account, Some(Relation::Myself));
                let key = (RowCollection::Attendees, attendee.0);
                unit.group.put_row(Scope::Own(*attendee), key, Some(&json!({ "name": name })));
            }
            for attendee in acted_for {
                unit.group.set_relation(attendee, sol, Some(Relation::Assistant));
            }
            unit.group.set_role(olga, Role::Organiser, true);
            Ok(())
        };
        app.writer.unit(event, work).await.unwrap();
        let give_otto_his = move |unit: &mut Unit<'_>| {
            unit.group.set_role(otto, Role::Organiser, true);
            Ok(())
        };
        app.writer.unit(self.other, give_otto_his).await.unwrap();
        self.grant(app, "ministers", "ana").await;
        self.grant(app, "advisers", "carla").await;
    }

    fn programme(&self) -> Vec<RecordEdit> {
        let mut edits = vec![put(RecordId(self.event.0), Collection::Events, event_body(&self.slug))];
        edits.extend(self.places());
        edits.extend(self.people());
        edits.extend(self.parts());
        edits.extend(self.sessions());
        edits
    }

    fn places(&self) -> Vec<RecordEdit> {
        let club = self.id("club");
        let room = |name, title, capacity| {
            let body = json!({ "slug": name, "venue": club, "name": { "en": title }, "capacity": capacity });
            self.put(name, Collection::Rooms, body)
        };
        vec![
            self.put(
                "club",
                Collection::Venues,
                json!({ "slug": "club", "name": { "en": "Military Club" }, "country": "CL" }),
            ),
            room("library", "Library", 200),
            room("cinema", "Cinema", 80),
            room("patio", "Patio", 40),
            self.put(
                "prevention",
                Collection::Tracks,
                json!({ "slug": "prevention", "title": { "en": "Prevention" } }),
            ),
        ]
    }

    fn people(&self) -> Vec<RecordEdit> {
        let person = |name, slug, printed| self.put(name, Collection::People, json!({ "slug": slug, "name": printed }));
        let audience =
            |name, title| self.put(name, Collection::Audiences, json!({ "slug": name, "title": { "en": title } }));
        vec![
            person("alba", "alba", "Alba Openshaw"),
            person("max", "max", "Max Rodante"),
            person("dora", "dora-stillwater", "Dora Stillwater"),
            audience("ministers", "Ministers"),
            audience("advisers", "Advisers"),
        ]
    }

    fn parts(&self) -> Vec<RecordEdit> {
        let ministers = self.id("ministers");
        let clinic = json!({ "slug": "clinic", "title": { "en": "Intensive Clinic" }, "state": "published",
            "admission": { "policy": "open" } });
        let dialogue = json!({ "slug": "dialogue", "title": { "en": "Regional Policy Dialogue" }, "state": "published",
            "admission": { "policy": "by_invitation", "visibility": "listed", "audiences": [ministers] } });
        vec![self.put("clinic", Collection::Parts, clinic), self.put("dialogue", Collection::Parts, dialogue)]
    }

    fn sessions(&self) -> Vec<RecordEdit> {
        let id = |name: &str| self.id(name);
        let by_invitation = |visibility: &str, audience: &str| json!({ "policy": "by_invitation", "visibility": visibility, "audiences": [id(audience)] });
        let with = |name: &str, role: &str| json!([{ "person": id(name), "role": role }]);
        let entries = [
            (
                "opening",
                ("09:00", "10:00"),
                json!({ "title": { "en": "Opening", "es": "Apertura" }, "kind": "opening",
                "room": id("library"), "part": id("clinic"), "people": with("alba", "opening_speaker") }),
            ),
            (
                "reality",
                ("18:00", "19:00"),
                json!({ "title": { "en": "The Internal Reality" }, "room": id("library"),
                "part": id("clinic"), "tracks": [id("prevention")] }),
            ),
            (
                "visit",
                ("14:00", "16:00"),
                json!({ "title": { "en": "Visit to a police station" }, "kind": "field_visit" }),
            ),
            (
                "round-table",
                ("10:30", "12:00"),
                json!({ "title": { "en": "Ministers' round table" }, "room": id("cinema"),
                "part": id("dialogue"), "people": with("max", "moderator") }),
            ),
            (
                "briefing",
                ("08:00", "08:30"),
                json!({ "title": { "en": "Briefing of advisers" }, "room": id("patio"),
                "admission": by_invitation("listed", "advisers") }),
            ),
            (
                "quiet-lunch",
                ("12:30", "13:30"),
                json!({ "title": { "en": "Lunch that nobody knows of" }, "kind": "meal",
                "room": id("patio"), "admission": by_invitation("hidden", "advisers"), "people": with("dora", "host"),
                "choice_group": id("lunches"),
                "talks": [{ "slug": "words", "title": { "en": "An unwritten understanding" } }] }),
            ),
            ("draft-idea", ("16:00", "17:00"), json!({ "title": { "en": "An idea for later" }, "state": "draft" })),
        ];
        let mut edits: Vec<_> =
            entries.into_iter().map(|(name, times, fields)| self.session(name, times, fields)).collect();
        let paper = json!({ "slug": "paper-quiet-lunch", "symbol": "GTS/Q/doc.7", "title": { "en": "An unwritten understanding" },
            "session": id("quiet-lunch"), "state": "published" });
        edits.push(self.put("paper", Collection::Documents, paper));
        let cell = json!({ "slug": "cell-quiet-lunch", "title": { "en": "Lunch for the few" }, "day": "2018-11-26",
            "starts": "12:00", "sessions": [id("quiet-lunch"), id("draft-idea")] });
        edits.push(self.put("cell", Collection::OverviewEntries, cell));
        let lunches = json!({ "slug": "lunches-quiet-lunch", "title": { "en": "Which lunch to take" } });
        edits.push(self.put("lunches", Collection::ChoiceGroups, lunches));
        edits
    }

    fn session(&self, name: &'static str, (from, to): (&str, &str), fields: Value) -> RecordEdit {
        let mut body = json!({ "slug": name, "kind": "session", "state": "published",
            "starts_at": format!("2018-11-26T{from}:00-03:00"), "ends_at": format!("2018-11-26T{to}:00-03:00") });
        for (field, value) in fields.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.put(name, Collection::Sessions, body)
    }

    fn put(&self, name: &str, collection: Collection, body: Value) -> RecordEdit {
        put(self.id(name), collection, body)
    }
}

fn event_body(slug: &str) -> Value {
    json!({ "slug": slug, "title": { "en": "Citizen Security Week", "es": "Semana de la Seguridad Ciudadana" },
        "starts_on": "2018-11-26", "ends_on": "2018-11-30", "time_zone": "America/Santiago",
        "languages": ["en", "es"], "fallback_language": "en", "state": "published" })
}

fn put(id: RecordId, collection: Collection, body: Value) -> RecordEdit {
    RecordEdit::Put { id, body: RecordBody::from_json(collection, body).unwrap() }
}
