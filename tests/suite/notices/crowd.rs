//! The 640 people of Punta Nueva, and what they can be reached by.

use cumbre::app::App;
use cumbre::database::schema::{attendees, audience_members, favourites};
use cumbre::identity::{NewAccount, ensure_account};
use cumbre::on;
use cumbre::sync::change_log::{self, Relation, Unit};
use cumbre::sync::row::RowCollection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, RecordId};
use shared::programme::{Collection, RecordBody, RecordEdit};
use shared::sync::Scope;
use uuid::Uuid;

use super::cast::path;
use super::pushing::register;
use crate::harness::{Actor, Device, PushServices, Site};

/// Everybody.
pub const PEOPLE: usize = 640;

/// What is written nowhere but in the supper that few know of.
pub const SUPPER: &str = "Supper that six ministers hide";

/// Whom a change of the room concerns, by number: phones that are in touch, phones that are not until later,
/// phones whose token is dead, people with mail alone, people with nothing.
pub const ONLINE: std::ops::Range<usize> = 0..90;
/// See [`ONLINE`].
pub const OFFLINE: std::ops::Range<usize> = 90..110;
/// See [`ONLINE`].
pub const DEAD: std::ops::Range<usize> = 110..115;
/// See [`ONLINE`].
pub const MAIL_ONLY: std::ops::Range<usize> = 115..118;
/// See [`ONLINE`].
pub const NOTHING: std::ops::Range<usize> = 118..120;
/// Who was invited to the supper until a minute before.
pub const UNINVITED: usize = 120;
/// Some with phones whom it does not concern.
pub const BYSTANDERS: std::ops::Range<usize> = 121..126;

/// Whether somebody is concerned by the supper, and not by the session that all may see.
pub fn is_at_supper(number: usize) -> bool {
    number % 12 == 5
}

/// A person.
pub struct Guest {
    /// As an attendee.
    pub attendee: AttendeeId,
    /// Their account.
    pub account: AccountId,
    /// Their phone, where it matters.
    pub phone: Option<Device>,
}

/// The people, and the records of the day.
pub struct Crowd {
    /// Everybody, by number.
    pub guests: Vec<Guest>,
    /// The room that is closed.
    pub york: RecordId,
    /// The supper.
    pub supper: RecordId,
    audience: RecordId,
}

/// The name of somebody.
pub fn name(number: usize) -> String {
    format!("Guest {number:03}")
}

fn put(id: RecordId, collection: Collection, body: Value) -> RecordEdit {
    RecordEdit::Put { id, body: RecordBody::from_json(collection, body).unwrap() }
}

impl Crowd {
    /// Lets everybody in, writes the evening's sessions, and registers the phones.
    pub async fn gather(site: &Site, services: &PushServices) -> Self {
        let app = site.node.app();
        let [york, hotel, supper, audience] = std::array::from_fn(|_| RecordId(Uuid::now_v7()));
        let mut crowd = Self { guests: make_accounts(app).await, york, supper, audience };
        let edits = vec![
            put(hotel, Collection::Venues, json!({ "slug": "punta-nueva", "name": { "en": "Punta Nueva" } })),
            put(york, Collection::Rooms, json!({ "slug": "york", "venue": hotel, "name": { "en": "York" } })),
            put(audience, Collection::Audiences, json!({ "slug": "supper", "title": { "en": "Supper" } })),
            put(
                supper,
                Collection::Sessions,
                json!({ "slug": "supper", "kind": "meal", "state": "published", "title": { "en": SUPPER }, "room": york,
                "starts_at": "2018-11-26T18:15:00-03:00", "ends_at": "2018-11-26T20:00:00-03:00",
                "admission": { "policy": "by_invitation", "visibility": "hidden", "audiences": [audience] } }),
            ),
        ];
        let write = move |unit: &mut Unit<'_>| {
            unit.group.edit(change_log::Actor::default(), "import", &edits);
            Ok(())
        };
        app.writer.unit(site.week.event, write).await.unwrap();
        site.week.patch(app, (Collection::Sessions, "reality"), json!({ "room": york })).await;
        // It was so before anybody came.
        site.organiser().await.post(&path(site, "/notices/held/discard"), &json!({})).await.expect(204);
        crowd.let_in(site).await;
        crowd.register_phones(site, services).await;
        crowd
    }

    async fn let_in(&self, site: &Site) {
        let people: Vec<(AttendeeId, AccountId)> = self.guests.iter().map(|g| (g.attendee, g.account)).collect();
        let (event, audience, reality) = (site.week.event, self.audience, site.week.id("reality"));
        let write = move |unit: &mut Unit<'_>| {
            let (event, now) = (event.to_string(), unit.group.now.0);
            let row = |(number, (attendee, _)): (usize, &(AttendeeId, AccountId))| {
                (
                    attendees::event_id.eq(event.clone()),
                    attendees::id.eq(attendee.to_string()),
                    attendees::name.eq(name(number)),
                    attendees::created_at.eq(now),
                )
            };
            let rows: Vec<_> = people.iter().enumerate().map(row).collect();
            let concerned = |at_supper: bool| {
                let all = people.iter().take(NOTHING.end).enumerate();
                all.filter(move |(number, _)| is_at_supper(*number) == at_supper).map(|(_, (attendee, _))| *attendee)
            };
            let starred = concerned(false).map(|attendee| {
                (
                    favourites::event_id.eq(event.clone()),
                    favourites::attendee_id.eq(attendee.to_string()),
                    favourites::session_id.eq(reality.to_string()),
                )
            });
            let starred: Vec<_> = starred.collect();
            let invited: Vec<AttendeeId> = concerned(true).chain([people[UNINVITED].0]).collect();
            let members = invited.iter().map(|attendee| {
                (
                    audience_members::event_id.eq(event.clone()),
                    audience_members::audience_id.eq(audience.to_string()),
                    audience_members::attendee_id.eq(attendee.to_string()),
                )
            });
            let members: Vec<_> = members.collect();
            on!(&mut *unit.connection, |c| {
                diesel::insert_into(attendees::table).values(rows).execute(&mut *c)?;
                diesel::insert_into(favourites::table).values(starred).execute(&mut *c)?;
                diesel::insert_into(audience_members::table).values(members).execute(c)
            })?;
            unit.group.audience_changed(audience, invited);
            for (number, (attendee, account)) in people.iter().enumerate() {
                unit.group.set_relation(*attendee, *account, Some(Relation::Myself));
                let key = (RowCollection::Attendees, attendee.0);
                unit.group.put_row(Scope::Own(*attendee), key, Some(&json!({ "name": name(number) })));
            }
            Ok(())
        };
        site.node.app().writer.unit(event, write).await.unwrap();
    }

    async fn register_phones(&mut self, site: &Site, services: &PushServices) {
        let with_phones = ONLINE.chain(OFFLINE).chain(DEAD).chain([UNINVITED]).chain(BYSTANDERS);
        for number in with_phones {
            let actor = Actor::sign_in(site.node.app(), &site.node.base(), self.guests[number].account).await;
            let name = phone_of(number);
            let address = match number % 3 {
                0 => services.fcm.register(&name),
                1 => services.apns.register(&name),
                _ => services.browsers.subscribe(&name),
            };
            register(&actor, &address).await.expect(200);
            let mut phone = Device::new(actor, &site.week.slug, &site.clock);
            phone.sync().await;
            self.guests[number].phone = Some(phone);
        }
        for number in DEAD {
            let name = phone_of(number);
            services.fcm.forget(&name);
            services.apns.forget(&name);
            services.browsers.forget(&name);
        }
    }

    /// The phones show newer access tokens from now on, as apps do of themselves.
    pub async fn renew_tokens(&mut self) {
        for phone in self.guests.iter_mut().filter_map(|guest| guest.phone.as_mut()) {
            let signed_in = phone.actor.signed_in.as_ref().unwrap();
            let body = json!({ "refresh_token": signed_in.refresh_token });
            let renewed = phone.actor.post("/v1/tokens/refresh", &body).await.expect(200).json();
            let text = |name: &str| renewed[name].as_str().unwrap().to_owned();
            let signed_in = phone.actor.signed_in.as_mut().unwrap();
            (signed_in.access_token, signed_in.refresh_token) = (text("access_token"), text("refresh_token"));
        }
    }

    /// Takes the invitation to the supper from somebody.
    pub async fn uninvite(&self, site: &Site, number: usize) {
        let (event, audience, attendee) = (site.week.event, self.audience, self.guests[number].attendee);
        let work = move |unit: &mut Unit<'_>| {
            let key = (event.to_string(), audience.to_string(), attendee.to_string());
            on!(&mut *unit.connection, |c| diesel::delete(audience_members::table.find(key)).execute(c))?;
            unit.group.audience_changed(audience, [attendee]);
            Ok(())
        };
        site.node.app().writer.unit(event, work).await.unwrap();
    }

    /// Closes the room: what is there is elsewhere, and The Internal Reality a quarter of an hour later, when the
    /// cinema is free; by one commit.
    pub async fn close_york(&self, site: &Site) {
        let (event, cinema) = (site.week.event, site.week.id("cinema"));
        let (reality, moved) = (site.week.id("reality"), [site.week.id("reality"), self.supper]);
        let work = move |unit: &mut Unit<'_>| {
            let edit = |id: &RecordId| {
                let mut body = unit.group.body((Collection::Sessions, *id)).unwrap().to_json();
                body["room"] = json!(cinema);
                if *id == reality {
                    body["starts_at"] = json!("2018-11-26T18:15:00-03:00");
                    body["ends_at"] = json!("2018-11-26T19:15:00-03:00");
                }
                put(*id, Collection::Sessions, body)
            };
            let edits: Vec<RecordEdit> = moved.iter().map(edit).collect();
            unit.group.edit(change_log::Actor::default(), "room.close", &edits);
            Ok(())
        };
        site.node.app().writer.unit(event, work).await.unwrap();
    }

    /// Somebody's phone.
    pub fn phone(&mut self, number: usize) -> &mut Device {
        self.guests[number].phone.as_mut().unwrap()
    }
}

/// What somebody's phone is called at its service.
pub fn phone_of(number: usize) -> String {
    format!("phone-{number:03}")
}

/// Half of them read Spanish; those with nothing have no address.
async fn make_accounts(app: &App) -> Vec<Guest> {
    let now = app.clock.now();
    let make = move |connection: &mut cumbre::database::Connection| {
        let make = |number: usize| {
            let has_mail = !NOTHING.contains(&number);
            let language = if number.is_multiple_of(2) { "es" } else { "en" };
            let new = NewAccount {
                email: has_mail.then(|| format!("guest-{number}@example.org")),
                name: name(number),
                language: Some(language.to_owned()),
            };
            let account = ensure_account(connection, &new, now)?.id;
            Ok(Guest { attendee: AttendeeId(Uuid::now_v7()), account, phone: None })
        };
        (0..PEOPLE).map(make).collect()
    };
    app.writer.system(make).await.unwrap()
}
