//! What it costs the database to tell many people.

use std::time::Duration;

use cumbre::database::schema::{accounts, attendees, devices, dispatches, favourites, push_devices};
use cumbre::on;
use cumbre::sync::change_log::{Relation, Unit};
use cumbre::sync::row::RowCollection;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::json;
use shared::ids::{AccountId, AttendeeId, DeviceId};
use shared::sync::Scope;
use uuid::Uuid;

use super::cast::{move_session, newest_dispatch, nothing, path};
use super::pushing::list_pushes;
use crate::harness::{Site, Statements};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Notifications for which there may be one statement, those of the loops that ask meanwhile included.
const FOR_EACH: u64 = 10;

/// People more, all of whom are told by a commit that holds as many as one may.
const MORE: usize = 500;

/// Lets people in who star a session, each with a phone that is reached by push and quiet all day: the push is
/// written and waits.
async fn let_in(site: &Site, count: usize) {
    let people: Vec<(AttendeeId, AccountId, DeviceId)> =
        (0..count).map(|_| (AttendeeId(Uuid::now_v7()), AccountId(Uuid::now_v7()), DeviceId(Uuid::now_v7()))).collect();
    let (event, reality) = (site.week.event, site.week.id("reality"));
    let quiet = json!({ "quiet_hours": { "from": "00:00", "to": "23:59", "time_zone": "UTC" } }).to_string();
    let write = move |unit: &mut Unit<'_>| {
        let (event, now) = (event.to_string(), unit.group.now.0);
        let account = |(_, account, _): &(AttendeeId, AccountId, DeviceId)| {
            (accounts::id.eq(account.to_string()), accounts::name.eq("A guest"), accounts::created_at.eq(now))
        };
        let device = |(_, account, device): &(AttendeeId, AccountId, DeviceId)| {
            (
                devices::id.eq(device.to_string()),
                devices::account_id.eq(account.to_string()),
                devices::name.eq("A phone"),
                devices::kind.eq("phone"),
                devices::created_at.eq(now),
                devices::last_seen_at.eq(now),
            )
        };
        let reached = |(_, account, device): &(AttendeeId, AccountId, DeviceId)| {
            (
                push_devices::device_id.eq(device.to_string()),
                push_devices::account_id.eq(account.to_string()),
                push_devices::provider.eq("webhook"),
                push_devices::address.eq(json!({ "provider": "webhook", "to": device }).to_string()),
                push_devices::preferences.eq(quiet.clone()),
                push_devices::registered_at.eq(now),
            )
        };
        let attendee = |(attendee, ..): &(AttendeeId, AccountId, DeviceId)| {
            (
                attendees::event_id.eq(event.clone()),
                attendees::id.eq(attendee.to_string()),
                attendees::name.eq("A guest"),
                attendees::created_at.eq(now),
            )
        };
        let star = |(attendee, ..): &(AttendeeId, AccountId, DeviceId)| {
            (
                favourites::event_id.eq(event.clone()),
                favourites::attendee_id.eq(attendee.to_string()),
                favourites::session_id.eq(reality.to_string()),
            )
        };
        on!(&mut *unit.connection, |c| {
            diesel::insert_into(accounts::table)
                .values(people.iter().map(account).collect::<Vec<_>>())
                .execute(&mut *c)?;
            diesel::insert_into(devices::table)
                .values(people.iter().map(device).collect::<Vec<_>>())
                .execute(&mut *c)?;
            diesel::insert_into(push_devices::table)
                .values(people.iter().map(reached).collect::<Vec<_>>())
                .execute(&mut *c)?;
            diesel::insert_into(attendees::table)
                .values(people.iter().map(attendee).collect::<Vec<_>>())
                .execute(&mut *c)?;
            diesel::insert_into(favourites::table).values(people.iter().map(star).collect::<Vec<_>>()).execute(c)
        })?;
        for (attendee, account, _) in &people {
            unit.group.set_relation(*attendee, *account, Some(Relation::Myself));
            let key = (RowCollection::Attendees, attendee.0);
            unit.group.put_row(Scope::Own(*attendee), key, Some(&json!({ "name": "A guest" })));
        }
        Ok(())
    };
    site.node.app().writer.unit(site.week.event, write).await.unwrap();
}

/// Waits until what goes out is in every inbox, by the node's own loop.
async fn until_sent(site: &Site) {
    let app = site.node.app();
    let mut moved = app.events.find(site.week.event).unwrap().watch();
    let waiting = async {
        loop {
            let sending = dispatches::table.filter(dispatches::state.eq("sending")).count();
            let count: i64 = app.readers.read(move |c| on!(c, |c| sending.get_result(c))).await.unwrap();
            if count == 0 {
                return;
            }
            moved.changed().await.unwrap();
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
}

/// The statements from the end of the pause until everybody has it in their inbox.
async fn tell(site: &Site, statements: &Statements, room: &str) -> u64 {
    let olga = site.organiser().await;
    move_session(site, &olga, "reality", json!({ "room": site.week.id(room) })).await;
    let before = statements.so_far();
    olga.post(&path(site, "/notices/held/send"), &nothing()).await.expect(202);
    until_sent(site).await;
    statements.so_far() - before
}

on_both! {
    async fn people_more_who_are_told_cost_one_statement_for_twenty(site) {
        let statements = Statements::count(site).await;
        let_in(site, MORE).await;
        let few = tell(site, &statements, "cinema").await;
        let_in(site, MORE).await;
        let many = tell(site, &statements, "library").await;
        let reach = newest_dispatch(site, &site.organiser().await).await["reach"].clone();
        assert_eq!((&reach["people"], list_pushes(site).await.len()), (&json!(2 * MORE), 3 * MORE));
        assert!(many > few, "the statements are counted");
        assert!((many - few) * FOR_EACH <= MORE as u64, "{few} for {MORE} people, {many} for twice as many");
    }
}
