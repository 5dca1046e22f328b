//! Telling other nodes on PostgreSQL that something was committed, and hearing it from them.
//!
//! NOTIFY takes a lock that serialises the commits of the whole database, so it is never sent from
//! the writer's transaction: a thread with a connection of its own sends one for all commits that
//! gathered while the last was on its way.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError};
use diesel::{PgConnection, QueryResult};
use tokio::sync::Notify;

use crate::database::{Connection, DatabaseUrl, announce_presence};

/// The channel in PostgreSQL.
const CHANNEL: &str = "cumbre_commits";

/// How often the socket is looked at: diesel offers no waiting on it.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How long to wait before a lost connection is opened again.
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Says that something was committed here. Saying it again before it was sent costs nothing.
#[derive(Clone)]
pub struct Announcer(Sender<()>);

impl Announcer {
    /// Starts the thread that sends; none on SQLite, where nobody would hear. It ends with the
    /// last clone of the announcer.
    pub fn start(url: &DatabaseUrl) -> std::io::Result<Option<Self>> {
        let DatabaseUrl::Postgres(_) = url else { return Ok(None) };
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let url = url.clone();
        std::thread::Builder::new().name("announcer".to_owned()).spawn(move || announce(&url, &receiver))?;
        Ok(Some(Self(sender)))
    }

    /// Something was committed.
    pub fn say(&self) {
        match self.0.try_send(()) {
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }
}

fn announce(url: &DatabaseUrl, receiver: &Receiver<()>) {
    let mut connection = None;
    while receiver.recv().is_ok() {
        if connection.is_none() {
            connection = Connection::open(url).ok();
        }
        let sent =
            connection.as_mut().map(|connection: &mut Connection| connection.execute(&format!("NOTIFY {CHANNEL}")));
        if !matches!(sent, Some(Ok(()))) {
            // The others compare twice a second whether they are told or not.
            tracing::warn!("other nodes could not be told of a commit at once");
            connection = None;
        }
    }
}

/// Wakes `heard` whenever any node has committed, until `heard` has no other owner. A new
/// connection wakes it too, since something may have been missed. Returns once it listens, or has tried to.
pub fn listen(url: &DatabaseUrl, heard: Arc<Notify>) -> std::io::Result<()> {
    let DatabaseUrl::Postgres(_) = url else { return Ok(()) };
    let url = url.clone();
    let mut first = open_ear(&url);
    std::thread::Builder::new().name("listener".to_owned()).spawn(move || {
        while Arc::strong_count(&heard) > 1 {
            if let Some(mut connection) = first.take().or_else(|| open_ear(&url)) {
                heard.notify_one();
                let ended = hear(&mut connection, &heard);
                tracing::warn!(error = ?ended.err(), "the connection that hears of commits was lost");
            }
            std::thread::sleep(RECONNECT_AFTER);
        }
    })?;
    Ok(())
}

/// A connection that hears of commits, and says that a server runs; none where the database cannot be reached.
fn open_ear(url: &DatabaseUrl) -> Option<Box<PgConnection>> {
    use diesel::connection::SimpleConnection;
    let Ok(Connection::Postgres(mut connection)) = Connection::open(url) else { return None };
    connection.batch_execute(&format!("LISTEN {CHANNEL}")).ok()?;
    announce_presence(&mut connection).ok()?;
    Some(connection)
}

fn hear(connection: &mut PgConnection, heard: &Arc<Notify>) -> QueryResult<()> {
    while Arc::strong_count(heard) > 1 {
        let mut any = false;
        for notification in connection.notifications_iter() {
            notification?;
            any = true;
        }
        if any {
            heard.notify_one();
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(())
}
