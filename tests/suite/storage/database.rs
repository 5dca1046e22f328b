//! A database of a test's own, on a disk of its own where it is to be small.

use std::path::{Path, PathBuf};
use std::process::Command;

use cumbre::database::{Connection, DatabaseUrl};
use uuid::Uuid;

/// A database with the folder of what lies outside it, both gone at the end.
pub struct Database {
    /// What DATABASE_URL says.
    pub url: String,
    folder: PathBuf,
    is_mounted: bool,
    smtp_url: Option<String>,
    dropped_at_end: Option<(DatabaseUrl, String)>,
}

fn make_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = root.join(format!("cumbre-storm-{}", Uuid::new_v4().simple()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

impl Database {
    /// An SQLite file.
    pub fn sqlite() -> Self {
        Self::sqlite_in(make_folder(), false)
    }

    /// An SQLite file on a disk of `megabytes`; none where this process may not mount one.
    pub fn sqlite_on_small_disk(megabytes: u32) -> Option<Self> {
        let folder = make_folder();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "cumbre-storm"]).arg(&folder).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self::sqlite_in(folder, true));
        }
        std::fs::remove_dir(&folder).unwrap();
        None
    }

    fn sqlite_in(folder: PathBuf, is_mounted: bool) -> Self {
        let url = format!("sqlite:{}", folder.join("cumbre.sqlite3").display());
        Self { url, folder, is_mounted, smtp_url: None, dropped_at_end: None }
    }

    /// A database on the PostgreSQL server that CUMBRE_TEST_POSTGRES names.
    #[cfg(feature = "postgres")]
    pub fn postgres() -> Self {
        let usual = "postgres://root@127.0.0.1:5432/root".to_owned();
        let admin = std::env::var("CUMBRE_TEST_POSTGRES").unwrap_or(usual);
        let name = format!("cumbre_storm_{}", Uuid::new_v4().simple());
        let (server, _) = admin.rsplit_once('/').unwrap();
        let url = format!("{server}/{name}");
        let admin = DatabaseUrl::Postgres(admin);
        let mut connection = Connection::open(&admin).expect("PostgreSQL answers (see CUMBRE_TEST_POSTGRES)");
        connection.execute(&format!("CREATE DATABASE {name}")).unwrap();
        Self { url, folder: make_folder(), is_mounted: false, smtp_url: None, dropped_at_end: Some((admin, name)) }
    }

    /// Lets servers on this database send mail by a mail server at this address.
    pub fn send_mail_by(&mut self, smtp_url: String) {
        self.smtp_url = Some(smtp_url);
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.join("cumbre.sqlite3")
    }

    /// Where files beside the database lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A connection of the test's own.
    pub fn connect(&self) -> Connection {
        Connection::open(&self.url.parse().unwrap()).unwrap()
    }

    /// The settings of a server on this database, by their names in the environment. The public
    /// address is always the same, since it is in every token.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let fixed = [
            ("CUMBRE_PUBLIC_URL", "http://cumbre.example"),
            ("CUMBRE_LISTEN", "127.0.0.1:0"),
            ("CUMBRE_WORKERS", "1"),
            ("CUMBRE_READERS", "2"),
            ("CUMBRE_REQUESTS_PER_MINUTE", "0"),
            ("CUMBRE_SIGN_INS_PER_HOUR_AND_ADDRESS", "0"),
            ("CUMBRE_LOG_FORMAT", "json"),
            ("CUMBRE_PUSH_PRIVATE_NETWORKS", "127.0.0.0/8"),
        ];
        let mut settings: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).into();
        settings.push(("DATABASE_URL", self.url.clone()));
        settings.push(("CUMBRE_DATA_FOLDER", self.folder.display().to_string()));
        settings.extend(self.smtp_url.clone().map(|url| ("CUMBRE_SMTP_URL", url)));
        settings
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.is_mounted {
            let _ = Command::new("umount").arg("-l").arg(&self.folder).output();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Some((admin, name)) = &self.dropped_at_end
            && let Ok(mut connection) = Connection::open(admin)
        {
            let _ = connection.execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}
