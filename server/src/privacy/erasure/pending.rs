//! What is left to do after an erasure: accounts that have nothing else, and erasures that a restored
//! database had not seen.

use shared::ids::AccountId;
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;

use super::operations::erase_again;
use super::store;
use crate::app::App;
use crate::database::list_erasures;
use crate::identity::IdentityError;
use crate::sync::WriteError;

/// After how long nobody has to be told any more that an account is not an attendee's: each node
/// follows the others within seconds.
const TOLD_MS: i64 = 24 * 3_600_000;

/// Why something was not erased. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum NotErased {
    /// The database does not answer.
    #[error(transparent)]
    Read(#[from] crate::database::ReadError),
    /// The database cannot be written to.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// An account could not be removed.
    #[error(transparent)]
    Account(#[from] IdentityError),
}

/// Erases again who was erased since the copy was made from which the database was restored. How many.
pub async fn apply_pending(app: &App) -> Result<usize, NotErased> {
    let pending = app.readers.read(|connection| list_erasures(connection, true)).await?;
    let mut count = 0;
    for erasure in pending {
        let erased = app.writer.unit(erasure.event, move |unit| erase_again(unit, erasure.attendee)).await;
        match erased {
            Ok(committed) => {
                remove_idle_accounts(app, &committed.value).await?;
                count += 1;
            }
            // The copy is older than the event, which may come back by another copy.
            Err(WriteError::Refused(refusal)) if refusal.code == ProblemCode::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    if count > 0 {
        tracing::info!(count, "erased again what a restored database had brought back");
    }
    Ok(count)
}

/// Removes those of these accounts that are, do and act for nothing any more. How many.
pub async fn remove_idle_accounts(app: &App, accounts: &[AccountId]) -> Result<usize, IdentityError> {
    let mut count = 0;
    for account in accounts {
        count += usize::from(app.identity.remove_idle_account(*account).await?);
    }
    Ok(count)
}

/// Ends what earlier erasures could not end: accounts that are left, and who they were.
pub async fn tidy(app: &App, now: Timestamp) -> Result<(), NotErased> {
    let left = app.readers.read(store::list_left_accounts).await?;
    remove_idle_accounts(app, &left).await?;
    let before = Timestamp(now.0 - TOLD_MS);
    if app.readers.read(move |connection| store::has_relations(connection, before)).await? {
        app.writer.system(move |connection| store::forget_relations(connection, before)).await?;
    }
    Ok(())
}
