//! Zoraida, about whom there is one of everything, each in words that are nowhere else.

use cumbre::database::Connection;
use cumbre::database::schema::{access_needs, consents, invitations, mails, notices, sign_ups, stand_ins};
use cumbre::on;
use cumbre::registration::store::put_registration;
use cumbre::sync::change_log::Unit;
use diesel::{ExpressionMethods, RunQueryDsl};
use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::programme::Collection;
use shared::time::Timestamp;
use uuid::Uuid;

use crate::harness::{Actor, Device, Site, dump};

/// Words that tell of Zoraida, and stand nowhere but in what is held about her.
pub const WORDS: &[&str] = &[
    "Zoraida",
    "Quintanilla",
    "zoraida@quintanilla.example",
    "+56 9 8765 4321",
    "gluten-intolerant",
    "a ramp at the stage",
    "sits badly near loudspeakers",
    "her brother drives",
    "cannot leave the ministry",
    "by her secretary",
    "ezequiel@example.org",
    "speaks for her from noon",
    "Zoraida's phone",
    "RUN 12.345.678-K",
    "holds the green banner",
];

/// Zoraida with her phone.
pub struct Zoraida {
    /// Her as attendee.
    pub attendee: AttendeeId,
    /// Her account.
    pub account: AccountId,
    /// Her phone.
    pub phone: Device,
}

impl Zoraida {
    /// Enters her, with one of everything; sol is her assistant.
    pub async fn come(site: &Site) -> Self {
        let (olga, app) = (site.organiser().await, site.node.app());
        let body = json!({ "name": "Zoraida Quintanilla", "language": "es", "email": "zoraida@quintanilla.example" });
        let made = olga.post(&path(site, "/attendees"), &body).await.expect(201).json();
        let attendee: AttendeeId = made["id"].as_str().unwrap().parse().unwrap();
        let account: AccountId = made["accounts"][0]["account"].as_str().unwrap().parse().unwrap();
        let assistant = path(site, &format!("/attendees/{attendee}/accounts/{}", site.week.account("sol")));
        olga.send((Method::PUT, &assistant), &[], &json!({ "relation": "assistant" })).await.expect(200);
        let alba = path(site, "/people/alba");
        olga.patch(&alba, &json!({ "attendee": attendee })).await.expect(200);
        let (event, category, invitation) = (site.week.event, make_category(site, &olga).await, Uuid::now_v7());
        let (session, clinic) = (site.week.id("visit"), site.week.id("clinic"));
        let write = move |unit: &mut Unit<'_>| {
            let now = unit.group.now;
            let registration = serde_json::from_value(registration(category, clinic)).unwrap();
            put_registration(unit.connection, (event, attendee), &registration, (unit.group.seq(), now))?;
            write_lines(unit.connection, (event, attendee), (account, invitation, session), now)?;
            unit.group.attendee_changed(attendee);
            Ok(())
        };
        app.writer.unit(event, write).await.unwrap();
        let duty = json!({ "attendee": attendee, "kind": "usher", "collection": "sessions", "object": session,
            "note": "holds the green banner" });
        olga.post(&path(site, "/duties"), &duty).await.expect(201);
        let coach = json!({ "slug": "coach", "name": { "en": "Coach 3" }, "session": session,
            "stops": [{ "place": { "en": "Club" } }, { "place": { "en": "Station", "es": "Comisaría" } }],
            "passengers": [{ "attendee": site.week.attendee("bruno") }, { "attendee": attendee, "stop": 1 }] });
        olga.post(&path(site, "/vehicles"), &coach).await.expect(201);
        let mut phone = Device::new(sign_in(site, account).await, &site.week.slug, &site.clock);
        phone.sync().await;
        phone.star(attendee, session, true);
        phone.write_note(attendee, Uuid::new_v4(), "her brother drives");
        phone.edit("reminders.set", Some(attendee), json!({ "starred": 30, "seat": "off" }));
        // An answer that repeats what was refused.
        phone.write_note(attendee, Uuid::new_v4(), "Zoraida \u{7}");
        phone.sync().await;
        Self { attendee, account, phone }
    }

    /// The address of something of hers.
    pub fn path(&self, site: &Site, rest: &str) -> String {
        path(site, &format!("/attendees/{}{rest}", self.attendee))
    }

    /// Her phone as who asks.
    pub fn actor(&self) -> &Actor {
        &self.phone.actor
    }

    /// The body that confirms her erasure.
    pub fn confirmation(&self) -> Value {
        json!({ "confirm": self.attendee })
    }
}

/// An address within the week.
pub fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

/// What the database holds of these words: the lines.
pub async fn find_words(site: &Site, words: &'static [&'static str]) -> Vec<String> {
    let lines = site.node.app().readers.read(|connection| Ok(dump(connection))).await.unwrap();
    lines.into_iter().filter(|line| words.iter().any(|word| line.contains(word))).collect()
}

async fn sign_in(site: &Site, account: AccountId) -> Actor {
    let (code, _) = site.node.app().identity.mint_code(account).await.unwrap();
    let mut actor = site.anonymous();
    let body = json!({ "code": code, "device": { "name": "Zoraida's phone", "kind": "phone" } });
    actor.take_tokens(&actor.post("/v1/sign-in", &body).await.expect(200).json());
    actor
}

async fn make_category(site: &Site, olga: &Actor) -> RecordId {
    let body = json!({
        "slug": "delegates", "title": { "en": "Delegate", "es": "Delegada" },
        "form": [
            { "key": "diet", "label": { "en": "Diet", "es": "Dieta" }, "kind": "text",
              "purpose": { "en": "For the caterer" }, "keep_days": 7 },
            { "key": "seat", "label": { "en": "Where do you like to sit?" }, "kind": "text" },
        ],
        "consents": [{ "key": "photos", "version": 2, "text": { "en": "May be photographed" } }],
    });
    let made = olga.post(&path(site, &format!("/{}", Collection::Categories)), &body).await.expect(201).json();
    made["id"].as_str().unwrap().parse().unwrap()
}

fn registration(category: RecordId, part: RecordId) -> Value {
    json!({
        "status": "confirmed", "category": category, "external_id": "RUN 12.345.678-K",
        "part_categories": [{ "part": part, "category": category }], "waitlist_number": 3,
        "details": { "family_name": "Quintanilla", "email": "zoraida@quintanilla.example", "phone": "+56 9 8765 4321" },
        "answers": { "diet": "gluten-intolerant", "seat": "sits badly near loudspeakers" },
        "shares": ["name", "email"],
    })
}

/// What other domains keep, as they keep it.
fn write_lines(
    connection: &mut Connection,
    (event, attendee): (EventId, AttendeeId),
    (account, invitation, session): (AccountId, Uuid, RecordId),
    now: Timestamp,
) -> diesel::QueryResult<()> {
    let (event, attendee, session) = (event.to_string(), attendee.to_string(), session.to_string());
    let (account, invitation, stand_in) = (account.to_string(), invitation.to_string(), Uuid::now_v7().to_string());
    let needs = (
        access_needs::event_id.eq(&event),
        access_needs::attendee_id.eq(&attendee),
        access_needs::body.eq(json!({ "needs": ["step_free"], "note": "a ramp at the stage" }).to_string()),
        access_needs::updated_at.eq(now.0),
    );
    let consent = (
        consents::event_id.eq(&event),
        consents::attendee_id.eq(&attendee),
        consents::consent.eq("photos"),
        consents::at.eq(now.0),
        consents::version.eq(2),
        consents::language.eq("es"),
        consents::is_given.eq(true),
        consents::account_id.eq(&account),
    );
    let invited = (
        invitations::event_id.eq(&event),
        invitations::id.eq(&invitation),
        invitations::collection.eq("sessions"),
        invitations::object_id.eq(&session),
        invitations::attendee_id.eq(&attendee),
        invitations::answer.eq("declined"),
        invitations::secret_hash.eq("hash of a secret"),
        invitations::body.eq(
            json!({ "attendee": attendee, "collection": "sessions", "object": session, "answer": "declined",
            "word": "cannot leave the ministry", "note": "by her secretary", "answered_at": now, "answered_by": account,
            "answered_as": "myself", "sent_at": now, "reminded_at": now, "list": Uuid::now_v7(), "delegated_by": attendee,
            "delegated_to": { "name": "Her brother Ezequiel", "email": "ezequiel@example.org" } })
            .to_string(),
        ),
        invitations::rev.eq(1),
        invitations::created_at.eq(now.0),
        invitations::updated_at.eq(now.0),
    );
    let stood_in = (
        stand_ins::event_id.eq(&event),
        stand_ins::id.eq(&stand_in),
        stand_ins::attendee_id.eq(&attendee),
        stand_ins::stand_in_id.eq(&attendee),
        stand_ins::session_id.eq(&session),
        stand_ins::is_ended.eq(false),
        stand_ins::body.eq(json!({ "attendee": attendee, "stand_in": attendee, "session": session,
            "note": "speaks for her from noon" })
        .to_string()),
        stand_ins::created_at.eq(now.0),
    );
    let seat = (
        sign_ups::event_id.eq(&event),
        sign_ups::session_id.eq(&session),
        sign_ups::attendee_id.eq(&attendee),
        sign_ups::state.eq("confirmed"),
        sign_ups::number.eq(Some(1)),
        sign_ups::is_override.eq(false),
        sign_ups::rev.eq(1),
        sign_ups::requested_at.eq(now.0),
        sign_ups::updated_at.eq(now.0),
    );
    let notice = (
        notices::event_id.eq(&event),
        notices::id.eq(Uuid::now_v7().to_string()),
        notices::attendee_id.eq(&attendee),
        notices::kind.eq("place_confirmed"),
        notices::body.eq(json!({ "kind": "place_confirmed", "details": { "name": "Zoraida" } }).to_string()),
        notices::at.eq(now.0),
    );
    let mail = (
        mails::id.eq(Uuid::now_v7().to_string()),
        mails::event_id.eq(&event),
        mails::attendee_id.eq(&attendee),
        mails::address.eq("zoraida@quintanilla.example"),
        mails::language.eq("es"),
        mails::kind.eq("place_confirmed"),
        mails::body.eq("{}"),
        mails::state.eq("sent"),
        mails::attempt_count.eq(1),
        mails::next_attempt_at.eq(now.0),
        mails::created_at.eq(now.0),
    );
    on!(connection, |c| {
        diesel::insert_into(access_needs::table).values(needs).execute(c)?;
        diesel::insert_into(consents::table).values(consent).execute(c)?;
        diesel::insert_into(invitations::table).values(invited).execute(c)?;
        diesel::insert_into(stand_ins::table).values(stood_in).execute(c)?;
        diesel::insert_into(sign_ups::table).values(seat).execute(c)?;
        diesel::insert_into(notices::table).values(notice).execute(c)?;
        diesel::insert_into(mails::table).values(mail).execute(c)
    })?;
    Ok(())
}
