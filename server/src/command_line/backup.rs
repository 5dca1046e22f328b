//! `cumbre backup` and `cumbre restore`.

use std::path::{Path, PathBuf};

use shared::sync::Epoch;

use super::epoch::take_lock;
use super::{CommandError, say};
use crate::clock::Clock;
use crate::config::Config;
use crate::database::{self, DatabaseUrl};

/// Copies the database, also while a server runs on it.
pub(super) fn back_up(config: &Config, to: &Path) -> Result<(), CommandError> {
    let database = sqlite_file(config)?;
    database::back_up(database, to)?;
    say(format_args!("Copied {} to {} and checked the copy.", database.display(), to.display()))
}

/// Puts a copy in the database's place while no server runs.
pub(super) fn restore(config: &Config, from: &Path) -> Result<(), CommandError> {
    let database = sqlite_file(config)?;
    let _lock = take_lock(&config.database_url.0)?;
    let epoch = Epoch(rand::random());
    let restored = database::restore(from, database, epoch, Clock::system().now())?;
    say(format_args!("Restored {} from {}.", database.display(), from.display()))?;
    if let Some(aside) = &restored.put_aside {
        say(format_args!("What was there is kept as {}.", aside.display()))?;
    }
    match restored.erasure_count {
        Some(0) => {}
        Some(count) => say(format_args!(
            "The next server that starts erases again {count} people who were erased since the copy."
        ))?,
        None => say("The database that was replaced cannot be read. If people were erased since the copy was made, \
                     bring their list to `cumbre erasures apply` before a server starts.")?,
    }
    say(format_args!("The new epoch is {epoch}. Every device takes its scopes anew and sends again what was lost."))
}

fn sqlite_file(config: &Config) -> Result<&PathBuf, CommandError> {
    match &config.database_url.0 {
        DatabaseUrl::Sqlite(path) => Ok(path),
        DatabaseUrl::Postgres(_) => Err(CommandError::Refused(
            "the database is PostgreSQL: copy it with pg_dump, bring it back with pg_restore while no server runs, \
             and run `cumbre epoch` before the first server starts"
                .to_owned(),
        )),
    }
}
