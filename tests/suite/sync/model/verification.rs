//! The end of a schedule: the network is good, and then everybody agrees.

use std::collections::{BTreeMap, BTreeSet};

use cumbre::database::schema::notes;
use cumbre::database::{Connection, DatabaseUrl};
use cumbre::on;
use cumbre::sync::projection::project;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use rand::Rng;
use shared::ids::{AttendeeId, EventId};
use shared::replica::{RequestLimits, RequestToken, RowFilter};
use shared::sync::Digest;
use uuid::Uuid;

use super::World;

impl World {
    /// Every device exchanges over a good network until nothing is left to say.
    pub(super) async fn settle(&mut self) {
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
    pub(super) async fn verify(&mut self) {
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
        self.verify_rosters(&stored).await;
        let kept: Vec<(String, String)> =
            on!(&mut connection, |c| notes::table.select((notes::attendee_id, notes::id)).load(c)).unwrap();
        let kept: BTreeSet<(AttendeeId, Uuid)> =
            kept.into_iter().map(|(a, n)| (a.parse().unwrap(), n.parse().unwrap())).collect();
        assert_eq!(kept, self.notes, "a note was lost");
    }
}

impl World {
    /// Rosters that followed every change are what the programme makes of them at once.
    async fn verify_rosters(&self, stored: &StoredRows) {
        let cell = self.server.cell(self.event);
        let programme = self.server.events.programme(&cell).await.unwrap();
        let keys = programme.iter().map(|(key, _)| *key).collect();
        let is_of_programme = |scope: &str, collection: &str| {
            let ours = ["access_areas", "checkpoints", "vehicles", "roster_parts", "roster_sessions"];
            scope.starts_with("roster:") && ours.contains(&collection)
        };
        let fresh: BTreeMap<_, _> = project(&programme, &keys)
            .into_iter()
            .map(|((scope, (collection, id)), value)| {
                ((scope.to_string(), collection.as_str().to_owned(), id.to_string()), value)
            })
            .filter(|((scope, collection, _), _)| is_of_programme(scope, collection))
            .collect();
        let followed: BTreeMap<_, _> = stored
            .iter()
            .filter(|((scope, collection, _), _)| is_of_programme(scope, collection))
            .map(|(key, (_, value))| (key.clone(), value.clone()))
            .collect();
        assert_eq!(followed, fresh, "a roster did not follow the programme");
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
