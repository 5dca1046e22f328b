//! A fresh database for one test, gone at its end.

use std::path::{Path, PathBuf};

#[cfg(feature = "postgres")]
use cumbre::database::{Connection, DatabaseUrl};
use uuid::Uuid;

/// A database and the folder of what lies outside it.
pub struct TestDatabase {
    /// What DATABASE_URL says.
    pub url: String,
    folder: PathBuf,
    #[cfg(feature = "postgres")]
    dropped_at_end: Option<(DatabaseUrl, String)>,
}

/// A new folder in memory where the machine has one.
fn make_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = root.join(format!("cumbre-test-{}", Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl TestDatabase {
    /// An SQLite file.
    pub fn sqlite() -> Self {
        let folder = make_folder();
        Self {
            url: format!("sqlite:{}", folder.join("cumbre.sqlite3").display()),
            folder,
            #[cfg(feature = "postgres")]
            dropped_at_end: None,
        }
    }

    /// A schema of its own in the PostgreSQL database that CUMBRE_TEST_POSTGRES names. Without a
    /// server the test fails.
    ///
    /// It is a schema and no database because dropping a database makes the server write
    /// everything out, which takes a second and more.
    #[cfg(feature = "postgres")]
    pub fn postgres() -> Self {
        let usual = "postgres://root@127.0.0.1:5432/root".to_owned();
        let server = std::env::var("CUMBRE_TEST_POSTGRES").unwrap_or(usual);
        let schema = format!("cumbre_test_{}", Uuid::new_v4().simple());
        let url = format!("{server}?options=-csearch_path%3D{schema}%20-csynchronous_commit%3Doff");
        let server = DatabaseUrl::Postgres(server);
        let mut connection = Connection::open(&server).expect("PostgreSQL answers (see CUMBRE_TEST_POSTGRES)");
        connection.execute(&format!("CREATE SCHEMA {schema}")).unwrap();
        Self { url, folder: make_folder(), dropped_at_end: Some((server, schema)) }
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.join("cumbre.sqlite3")
    }

    /// Where files beside the database lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        #[cfg(feature = "postgres")]
        if let Some((server, schema)) = &self.dropped_at_end
            && let Ok(mut connection) = Connection::open(server)
        {
            // A server that a failed test left running may still hold locks.
            let _ = connection.execute("SET lock_timeout = '2s'");
            let _ = connection.execute(&format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}
