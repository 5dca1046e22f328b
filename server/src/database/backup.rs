//! Copying an SQLite database while it is used, and putting a copy in its place.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, RunQueryDsl};
use shared::sync::Epoch;
use shared::time::Timestamp;
use thiserror::Error;

use super::{Connection, DatabaseUrl, Erasure, MigrateError, add_pending_erasures, list_erasures, migrate, mint_epoch};
use crate::on;

/// Why a database was not copied or put back.
#[derive(Debug, Error)]
pub enum BackupError {
    /// Something is in the way.
    #[error("{0} exists already; choose another name")]
    Exists(PathBuf),
    /// The file is no whole database.
    #[error("{0} is damaged: {1}")]
    Damaged(PathBuf, String),
    /// The file is a database, but not of this program.
    #[error("{0} is no copy of a Cumbre database; nothing was replaced")]
    Foreign(PathBuf),
    /// The copy is the database that is to be replaced.
    #[error("{0} is the database itself; nothing was replaced")]
    Same(PathBuf),
    /// It cannot be opened.
    #[error("{0} cannot be opened: {1}")]
    Open(PathBuf, diesel::ConnectionError),
    /// A statement failed.
    #[error("{0}: {1}")]
    Query(PathBuf, diesel::result::Error),
    /// The copy is of a newer schema, or cannot be brought to this one.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The machine refuses.
    #[error("{0}: {1}")]
    Machine(PathBuf, io::Error),
}

/// Copies the database at `from`, as it is at one moment, to a new file, and checks the copy.
pub fn back_up(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    if !from.exists() {
        return Err(BackupError::Machine(from.to_owned(), io::ErrorKind::NotFound.into()));
    }
    let part = with_ending(to, ".part");
    make(&part, || {
        let mut source = open(from)?;
        let copy = diesel::sql_query("VACUUM INTO $1").bind::<Text, _>(part.display().to_string());
        on!(&mut source, |c| copy.execute(c)).map_err(|error| BackupError::Query(from.to_owned(), error))?;
        keep_private(&part)?;
        drop(check(&part, to)?);
        flush(&part)
    })?;
    fs::rename(&part, to).map_err(|error| BackupError::Machine(to.to_owned(), error))?;
    flush_folder(to)
}

/// Makes a file. Where that fails nothing of it stays: it would be one more copy of what is known about people.
fn make<T>(file: &Path, work: impl FnOnce() -> Result<T, BackupError>) -> Result<T, BackupError> {
    remove_database(file)?;
    let made = work();
    if made.is_err() {
        // Why it was not made is more to know than why it is still there.
        let _ = remove_database(file);
    }
    made
}

/// What became of a restore.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// How many erasures, made since the copy, the server will apply again; none where there was a
    /// database that cannot be read.
    pub erasure_count: Option<usize>,
    /// Where the database that was there lies now, if there was one.
    pub put_aside: Option<PathBuf>,
}

/// Puts the copy at `from` in the place of the database at `to`, with a new epoch, since devices may
/// hold commits that the copy lacks. Data that were erased since the copy are to be erased again.
/// What was there is kept beside it, ending in `.replaced`, and in a number where an earlier one lies there. The
/// caller holds the lock.
pub fn restore(from: &Path, to: &Path, epoch: Epoch, now: Timestamp) -> Result<Restored, BackupError> {
    if to.exists() && fs::canonicalize(from).ok() == fs::canonicalize(to).ok() {
        return Err(BackupError::Same(from.to_owned()));
    }
    let fresh = with_ending(to, ".restoring");
    let erasure_count = make(&fresh, || prepare((from, &fresh), to, (epoch, now)))?;
    let put_aside = put_aside(to)?;
    fs::rename(&fresh, to).map_err(|error| BackupError::Machine(to.to_owned(), error))?;
    flush_folder(to)?;
    Ok(Restored { erasure_count, put_aside })
}

/// Makes of the copy at `from` the file `fresh`, which may take the place of `to`: how many erasures are to be applied
/// again.
fn prepare(
    (from, fresh): (&Path, &Path),
    to: &Path,
    (epoch, now): (Epoch, Timestamp),
) -> Result<Option<usize>, BackupError> {
    let query = |error| BackupError::Query(from.to_owned(), error);
    fs::copy(from, fresh).map_err(|error| BackupError::Machine(from.to_owned(), error))?;
    keep_private(fresh)?;
    let mut connection = check(fresh, from)?;
    if !is_ours(&mut connection).map_err(query)? {
        return Err(BackupError::Foreign(from.to_owned()));
    }
    migrate(&mut connection)?;
    mint_epoch(&mut connection, epoch, now).map_err(query)?;
    let erasures = read_erasures(to);
    add_pending_erasures(&mut connection, erasures.as_deref().unwrap_or_default()).map_err(query)?;
    let pending = list_erasures(&mut connection, true).map_err(query)?.len();
    connection.execute("PRAGMA journal_mode = DELETE").map_err(query)?;
    drop(connection);
    flush(fresh)?;
    Ok(erasures.map(|_| pending))
}

#[derive(diesel::QueryableByName)]
struct Tables {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whether a database has what every schema of this program has: an empty file is a database to SQLite as well.
fn is_ours(connection: &mut Connection) -> QueryResult<bool> {
    let tables = diesel::sql_query(
        "SELECT COUNT(*) AS count FROM sqlite_master \
         WHERE type = 'table' AND name IN ('__diesel_schema_migrations', 'deployment', 'event_counters')",
    );
    let tables: Tables = on!(connection, |c| tables.get_result(c))?;
    Ok(tables.count == 3)
}

/// The erasures of the database that is there; none where it cannot be read.
fn read_erasures(file: &Path) -> Option<Vec<Erasure>> {
    if !file.exists() {
        return Some(Vec::new());
    }
    list_erasures(&mut open(file).ok()?, false).ok()
}

#[derive(diesel::QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// Opens a file and lets SQLite look at every page of it. What is wrong is said of `named`, which people know.
fn check(file: &Path, named: &Path) -> Result<Connection, BackupError> {
    let mut connection = Connection::open(&DatabaseUrl::Sqlite(file.to_owned()))
        .map_err(|error| BackupError::Open(named.to_owned(), error))?;
    let findings: QueryResult<Vec<Finding>> =
        on!(&mut connection, |c| diesel::sql_query("PRAGMA integrity_check").load(c));
    let findings = findings.map_err(|error| BackupError::Query(named.to_owned(), error))?;
    match findings.first() {
        Some(finding) if finding.integrity_check == "ok" => Ok(connection),
        Some(finding) => Err(BackupError::Damaged(named.to_owned(), finding.integrity_check.clone())),
        None => Err(BackupError::Damaged(named.to_owned(), "it does not answer".to_owned())),
    }
}

fn open(file: &Path) -> Result<Connection, BackupError> {
    Connection::open(&DatabaseUrl::Sqlite(file.to_owned())).map_err(|error| BackupError::Open(file.to_owned(), error))
}

/// Keeps what lies at `file` under another name. The log goes first: left behind, SQLite would
/// apply it to the database that takes the place.
fn put_aside(file: &Path) -> Result<Option<PathBuf>, BackupError> {
    if !file.exists() {
        return Ok(None);
    }
    if let Ok(mut connection) = open(file) {
        // A damaged database is put aside as it is.
        let _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    let aside = free_name(file);
    for ending in ["-wal", "-shm"] {
        let log = with_ending(file, ending);
        if log.exists() {
            fs::rename(&log, with_ending(&aside, ending)).map_err(|error| BackupError::Machine(log, error))?;
        }
    }
    // A second name, so that the place is never empty: the new file replaces the old in one step.
    fs::hard_link(file, &aside).map_err(|error| BackupError::Machine(aside.clone(), error))?;
    Ok(Some(aside))
}

/// A name beside `file` that nothing has: what an earlier restore put aside may be all that is left of a day.
fn free_name(file: &Path) -> PathBuf {
    let numbered = (2..).map(|number: u32| with_ending(file, &format!(".replaced-{number}")));
    let mut names = std::iter::once(with_ending(file, ".replaced")).chain(numbered);
    let is_free = |name: &PathBuf| ["-wal", "-shm", ""].iter().all(|ending| !with_ending(name, ending).exists());
    names.find(is_free).unwrap_or_default()
}

fn remove_database(file: &Path) -> Result<(), BackupError> {
    for ending in ["-wal", "-shm", ""] {
        let path = with_ending(file, ending);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(BackupError::Machine(path, error)),
            _ => {}
        }
    }
    Ok(())
}

/// Only the owner reads it: the database holds signing keys.
#[cfg(unix)]
fn keep_private(file: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600))
        .map_err(|error| BackupError::Machine(file.to_owned(), error))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> Result<(), BackupError> {
    Ok(())
}

fn flush(file: &Path) -> Result<(), BackupError> {
    File::open(file).and_then(|open| open.sync_all()).map_err(|error| BackupError::Machine(file.to_owned(), error))
}

fn flush_folder(file: &Path) -> Result<(), BackupError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { flush(folder) } else { Ok(()) }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::load_or_mint_epoch;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> io::Result<Self> {
            let path = std::env::temp_dir().join(format!("cumbre-backup-{}", uuid::Uuid::new_v4()));
            fs::create_dir_all(&path)?;
            Ok(Self(path))
        }

        fn file(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn epoch_of(connection: &mut Connection) -> QueryResult<Epoch> {
        load_or_mint_epoch(connection, Epoch(1), Timestamp(0))
    }

    #[test]
    fn a_copy_of_a_database_in_use_comes_back_with_a_new_epoch() -> Outcome {
        let folder = Folder::new()?;
        let (database, copy) = (folder.file("it's.sqlite3"), folder.file("copy.sqlite3"));
        let mut used = open(&database)?;
        migrate(&mut used)?;
        assert_eq!(epoch_of(&mut used)?, Epoch(1));
        used.execute("CREATE TABLE marks (mark TEXT); INSERT INTO marks VALUES ('kept')")?;
        back_up(&database, &copy)?;
        assert!(matches!(back_up(&database, &copy), Err(BackupError::Exists(_))));
        used.execute("DELETE FROM marks")?;
        drop(used);

        restore(&copy, &database, Epoch(77), Timestamp(5))?;
        let mut restored = open(&database)?;
        assert_eq!(epoch_of(&mut restored)?, Epoch(77));
        let kept = on!(&mut restored, |c| diesel::sql_query("DELETE FROM marks WHERE mark = 'kept'").execute(c))?;
        assert_eq!(kept, 1);
        assert!(folder.file("it's.sqlite3.replaced").exists());
        Ok(())
    }

    #[test]
    fn what_was_erased_since_the_copy_is_to_be_erased_again() -> Outcome {
        let folder = Folder::new()?;
        let (database, copy) = (folder.file("data.sqlite3"), folder.file("copy.sqlite3"));
        let mut used = open(&database)?;
        migrate(&mut used)?;
        let erasure = |id: u128| Erasure {
            event: shared::ids::EventId(uuid::Uuid::from_u128(1)),
            attendee: shared::ids::AttendeeId(uuid::Uuid::from_u128(id)),
            at: Timestamp(7),
        };
        add_pending_erasures(&mut used, &[erasure(1)])?;
        used.execute("UPDATE erasures SET is_applied = TRUE")?;
        back_up(&database, &copy)?;
        add_pending_erasures(&mut used, &[erasure(1), erasure(2)])?;
        used.execute("UPDATE erasures SET is_applied = TRUE")?;
        drop(used);

        assert_eq!(restore(&copy, &database, Epoch(2), Timestamp(9))?.erasure_count, Some(1));
        assert_eq!(list_erasures(&mut open(&database)?, true)?, [erasure(2)]);
        assert_eq!(list_erasures(&mut open(&database)?, false)?, [erasure(1), erasure(2)]);
        fs::write(&database, "no database")?;
        assert_eq!(restore(&copy, &database, Epoch(3), Timestamp(9))?.erasure_count, None);
        Ok(())
    }

    #[test]
    fn what_is_no_database_is_not_put_in_place() -> Outcome {
        let folder = Folder::new()?;
        let (database, junk) = (folder.file("data.sqlite3"), folder.file("junk"));
        migrate(&mut open(&database)?)?;
        let before = fs::read(&database)?;
        fs::write(&junk, "this is a letter, not a database, and quite a long one at that ".repeat(40))?;
        let refused = restore(&junk, &database, Epoch(2), Timestamp(0)).unwrap_err().to_string();
        assert!(refused.starts_with(&junk.display().to_string()), "{refused}");
        assert_eq!(fs::read(&database)?, before);
        let foreign = folder.file("foreign");
        open(&foreign)?.execute("CREATE TABLE addresses (name TEXT)")?;
        fs::write(&junk, "")?;
        for other in [&junk, &foreign] {
            assert!(matches!(restore(other, &database, Epoch(2), Timestamp(0)), Err(BackupError::Foreign(_))));
        }
        assert!(matches!(restore(&database, &database, Epoch(2), Timestamp(0)), Err(BackupError::Same(_))));
        let newer = folder.file("newer");
        back_up(&database, &newer)?;
        open(&newer)?.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')")?;
        assert!(matches!(restore(&newer, &database, Epoch(2), Timestamp(0)), Err(BackupError::Migrate(_))));
        assert_eq!(fs::read(&database)?, before);
        assert!(back_up(&folder.file("foreign"), &folder.file("nowhere").join("copy")).is_err());
        let left: Vec<String> = fs::read_dir(&folder.0)?
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .filter(|name| name.as_ref().is_ok_and(|name| name.contains(".restoring") || name.contains(".replaced")))
            .collect::<Result<_, _>>()?;
        assert_eq!(left, [""; 0]);
        Ok(())
    }

    #[test]
    fn what_an_earlier_restore_put_aside_stays() -> Outcome {
        let folder = Folder::new()?;
        let (database, copy) = (folder.file("data.sqlite3"), folder.file("copy.sqlite3"));
        let mut used = open(&database)?;
        migrate(&mut used)?;
        epoch_of(&mut used)?;
        back_up(&database, &copy)?;
        used.execute("CREATE TABLE of_today (mark TEXT)")?;
        drop(used);
        for name in ["data.sqlite3.replaced", "data.sqlite3.replaced-2", "data.sqlite3.replaced-3"] {
            let restored = restore(&copy, &database, Epoch(2), Timestamp(0))?;
            assert_eq!(restored.put_aside, Some(folder.file(name)));
        }
        open(&folder.file("data.sqlite3.replaced"))?.execute("INSERT INTO of_today VALUES ('kept')")?;
        Ok(())
    }
}
