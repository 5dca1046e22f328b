//! The real server over a fresh database, with the small week in it.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use cumbre::app::{App, Running, start};
use cumbre::clock::Clock;
use cumbre::config::Config;
use shared::sync::Epoch;
use shared::time::Timestamp;

use super::database::TestDatabase;
use super::week::Week;
use super::{Actor, Device, PostOffice, PushServices};

/// When every test begins: 26 November 2018, 08:00 in Santiago.
pub const MORNING: Timestamp = Timestamp(1_543_230_000_000);

/// Settings of a test's own, which go before the usual ones.
pub type Settings = Vec<(&'static str, String)>;

/// A server that answers, on a port of its own.
pub struct Node {
    running: Running,
}

impl Node {
    async fn start(database: &TestDatabase, (clock, settings): (&Clock, &Settings), post: &PostOffice) -> Self {
        let (smtp, folder) = (post.url(), database.folder().display().to_string());
        let usual = [
            ("database_url", database.url.as_str()),
            ("data_folder", folder.as_str()),
            ("smtp_url", smtp.as_str()),
            ("public_url", "http://cumbre.example"),
            ("workers", "2"),
            ("readers", "3"),
            ("requests_per_minute", "0"),
            ("sign_ins_per_hour_and_address", "0"),
            ("stop_timeout_s", "1"),
            ("push_private_networks", "127.0.0.0/8"),
        ];
        let own = settings.iter().map(|(name, value)| (*name, value.as_str()));
        let is_own = |name: &str| settings.iter().any(|(own, _)| *own == name);
        let pairs = usual.into_iter().filter(|(name, _)| !is_own(name)).chain(own);
        let app = App::open(Config::of_pairs(pairs).unwrap(), clock.clone()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self { running: start(app, listener).await.unwrap() }
    }

    /// What its requests use.
    pub fn app(&self) -> &App {
        self.running.app()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// Its URL, without a slash at its end.
    pub fn base(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Stops it and waits until nothing of it uses the database.
    pub async fn stop(self) {
        let writer = self.app().writer.clone();
        self.running.stop().await.unwrap();
        writer.close().await;
    }
}

/// One test's server, people and programme.
pub struct Site {
    /// The programme and the people.
    pub week: Week,
    /// The time, which stands until a test moves it.
    pub clock: Clock,
    /// The server.
    pub node: Node,
    /// The mail server that the server sends by.
    pub post: PostOffice,
    settings: Settings,
    database: TestDatabase,
}

impl Site {
    async fn open(database: TestDatabase) -> Self {
        Self::open_with(database, Clock::fixed(MORNING), Settings::new()).await
    }

    async fn open_with(database: TestDatabase, clock: Clock, settings: Settings) -> Self {
        let post = PostOffice::open().await;
        let node = Node::start(&database, (&clock, &settings), &post).await;
        let week = Week::write(node.app()).await;
        Self { week, clock, node, post, settings, database }
    }

    /// Another server on the same database.
    #[cfg(feature = "postgres")]
    pub async fn start_second_node(&self) -> Node {
        Node::start(&self.database, (&self.clock, &self.settings), &self.post).await
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Actor {
        Actor::anonymous(&self.node.base())
    }

    /// One of the week's people, signed in on a device of their own: `olga` organises the week,
    /// `otto` another event; `ana`, `bruno`, `carla` attend; `sol` acts for ana and bruno.
    pub async fn sign_in(&self, name: &str) -> Actor {
        Actor::sign_in(self.node.app(), &self.node.base(), self.week.account(name)).await
    }

    /// The organiser of the week.
    pub async fn organiser(&self) -> Actor {
        self.sign_in("olga").await
    }

    /// A device of one of the week's people that has just signed in and holds nothing yet.
    pub async fn device(&self, name: &str) -> Device {
        Device::new(self.sign_in(name).await, &self.week.slug, &self.clock)
    }

    /// A site over an SQLite file with settings of its own.
    pub async fn on_sqlite_with(settings: Settings) -> Self {
        Self::on_sqlite_by(Clock::fixed(MORNING), settings).await
    }

    /// The same where time goes by a clock of the test's own.
    pub async fn on_sqlite_by(clock: Clock, settings: Settings) -> Self {
        Self::open_with(TestDatabase::sqlite(), clock, settings).await
    }

    /// A site over an SQLite file, for tests that stop and start it themselves.
    pub async fn on_sqlite() -> Self {
        Self::open(TestDatabase::sqlite()).await
    }

    /// Copies the SQLite file while the server runs.
    pub fn back_up(&self) -> PathBuf {
        self.back_up_to("copy.sqlite3")
    }

    /// Copies the SQLite file to a new file of this name.
    pub fn back_up_to(&self, name: &str) -> PathBuf {
        let copy = self.database.folder().join(name);
        cumbre::database::back_up(&self.database.file(), &copy).unwrap();
        copy
    }

    /// Stops the server, puts the copy in the file's place and starts again.
    pub async fn restore(self, copy: &Path) -> Self {
        let Self { week, clock, node, post, settings, database } = self;
        node.stop().await;
        cumbre::database::restore(copy, &database.file(), Epoch(rand::random()), clock.now()).unwrap();
        let node = Node::start(&database, (&clock, &settings), &post).await;
        Self { week, clock, node, post, settings, database }
    }

    /// Stops the server and starts it again on its database.
    pub async fn restart(self) -> Self {
        let Self { week, clock, node, post, settings, database } = self;
        node.stop().await;
        let node = Node::start(&database, (&clock, &settings), &post).await;
        Self { week, clock, node, post, settings, database }
    }

    /// Stops the server; the database goes with it.
    pub async fn close(self) {
        self.node.stop().await;
    }
}

/// Runs a test over an SQLite file.
pub async fn run_on_sqlite(test: impl AsyncFnOnce(&Site)) {
    run(TestDatabase::sqlite(), test).await;
}

/// Runs a test over a PostgreSQL database.
#[cfg(feature = "postgres")]
pub async fn run_on_postgres(test: impl AsyncFnOnce(&Site)) {
    run(TestDatabase::postgres(), test).await;
}

async fn run(database: TestDatabase, test: impl AsyncFnOnce(&Site)) {
    let site = Site::open(database).await;
    test(&site).await;
    site.close().await;
}

/// Runs a test over an SQLite file, with a server that sends by push services of the test's own.
pub async fn run_with_services_on_sqlite(test: impl AsyncFnOnce(&Site, &PushServices)) {
    run_with_services(TestDatabase::sqlite(), test).await;
}

/// The same over a PostgreSQL database.
#[cfg(feature = "postgres")]
pub async fn run_with_services_on_postgres(test: impl AsyncFnOnce(&Site, &PushServices)) {
    run_with_services(TestDatabase::postgres(), test).await;
}

async fn run_with_services(database: TestDatabase, test: impl AsyncFnOnce(&Site, &PushServices)) {
    let clock = Clock::fixed(MORNING);
    let services = PushServices::open(&clock).await;
    let site = Site::open_with(database, clock, services.settings()).await;
    services.browsers.believe(site.node.app().push.web_push_key());
    test(&site, &services).await;
    site.close().await;
}
