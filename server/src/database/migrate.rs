//! Bringing a database to this binary's schema.

use diesel::QueryDsl;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use shared::ids::EventId;
use thiserror::Error;

use super::Connection;

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Why a database could not be brought to this binary's schema.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// It has migrations that this binary does not know.
    #[error("the database was written by a newer version of this program (migration {0}); use that version")]
    DatabaseIsNewer(String),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Failed(String),
}

/// Applies what is missing. Nodes that start at once take turns.
pub fn migrate(connection: &mut Connection) -> Result<(), MigrateError> {
    match connection {
        Connection::Sqlite(c) => run(c.as_mut(), SQLITE),
        Connection::Postgres(c) => {
            use diesel::connection::SimpleConnection;
            // Any number will do, as long as it is always this one.
            c.batch_execute("SELECT pg_advisory_lock(7131985)").map_err(failed)?;
            let outcome = run(c.as_mut(), POSTGRES);
            c.batch_execute("SELECT pg_advisory_unlock(7131985)").map_err(failed)?;
            outcome
        }
    }
}

fn failed(error: impl std::fmt::Display) -> MigrateError {
    MigrateError::Failed(error.to_string())
}

fn run<DB, C>(connection: &mut C, migrations: EmbeddedMigrations) -> Result<(), MigrateError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    use diesel::migration::MigrationSource;
    let known: Vec<String> = MigrationSource::<DB>::migrations(&migrations)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = connection.applied_migrations().map_err(failed)?;
    if let Some(unknown) = applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        return Err(MigrateError::DatabaseIsNewer(unknown));
    }
    connection.run_pending_migrations(migrations).map_err(failed)?;
    Ok(())
}

/// The database's epoch; minted where there is none. The counter row of what belongs to no event
/// is made with it.
pub fn load_or_mint_epoch(
    connection: &mut Connection,
    mint: shared::sync::Epoch,
    now: shared::time::Timestamp,
) -> diesel::QueryResult<shared::sync::Epoch> {
    use super::schema::deployment;
    use crate::on;
    use diesel::{ExpressionMethods, OptionalExtension, RunQueryDsl};
    super::create_counter(connection, EventId(uuid::Uuid::nil()), super::SYSTEM_SLUG, now)?;
    let row = (deployment::id.eq(1), deployment::epoch.eq(i64::from(mint.0)), deployment::created_at.eq(now.0));
    on!(connection, |c| {
        diesel::insert_into(deployment::table).values(row).on_conflict_do_nothing().execute(c)?;
        let epoch: Option<i64> = deployment::table.select(deployment::epoch).first(c).optional()?;
        Ok(shared::sync::Epoch(epoch.unwrap_or_default() as u32))
    })
}

/// Gives the database a new epoch: every position that a device holds is then of another history.
pub fn mint_epoch(
    connection: &mut Connection,
    mint: shared::sync::Epoch,
    now: shared::time::Timestamp,
) -> diesel::QueryResult<shared::sync::Epoch> {
    use super::schema::deployment;
    use crate::on;
    use diesel::{ExpressionMethods, RunQueryDsl};
    load_or_mint_epoch(connection, mint, now)?;
    let row = (deployment::epoch.eq(i64::from(mint.0)), deployment::created_at.eq(now.0));
    on!(connection, |c| diesel::update(deployment::table.find(1)).set(row).execute(c)?);
    Ok(mint)
}

#[cfg(test)]
mod tests {
    use crate::database::query_plan;

    #[test]
    fn whose_an_account_is_at_an_event_is_found_without_going_through_its_people() {
        let mut connection = query_plan::open_empty();
        for accounts in ["= 'a'", "IN ('a', 'b')", "IN (SELECT id FROM accounts WHERE email IN ('a', 'b'))"] {
            let query =
                format!("SELECT attendee_id FROM attendee_accounts WHERE event_id = 'e' AND account_id {accounts}");
            let reads = query_plan::list_reads(&mut connection, &query);
            let first = &reads[0];
            assert!(first.ends_with("attendee_accounts_by_account (account_id=? AND event_id=?)"), "{first}");
        }
    }
}
