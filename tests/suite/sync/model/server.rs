//! The server of one schedule: the real feed, writer and exchange on a file.

use std::path::Path;
use std::sync::Arc;

use cumbre::clock::Clock;
use cumbre::consequences::AllDomains;
use cumbre::database::{Connection, DatabaseUrl, Readers, load_or_mint_epoch, migrate};
use cumbre::on;
use cumbre::sync::exchange::Exchanges;
use cumbre::sync::feed::{EventCell, Events};
use cumbre::sync::{ChangeLog, EventWriter};
use diesel::{ExpressionMethods, RunQueryDsl};
use shared::ids::EventId;
use shared::sync::Epoch;

/// A server that can be closed and opened again, as after a restore.
pub(super) struct Server {
    pub(super) events: Arc<Events>,
    pub(super) exchanges: Exchanges,
}

impl Server {
    pub(super) async fn open(file: &Path, clock: &Clock, mint: Option<Epoch>) -> Self {
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
        let exchanges = Exchanges {
            events: Arc::clone(&events),
            writer,
            clock: clock.clone(),
            settings: Default::default(),
            pace: Default::default(),
        };
        Self { events, exchanges }
    }

    pub(super) fn cell(&self, event: EventId) -> Arc<EventCell> {
        self.events.find(event).unwrap()
    }

    /// Whether nothing of the server uses its file any more.
    pub(super) async fn close(self) {
        let writer = self.exchanges.writer.clone();
        drop(self);
        writer.close().await;
    }
}
