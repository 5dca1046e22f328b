//! Handing single units of work to the writer.

use diesel::QueryResult;
use shared::ids::EventId;
use shared::problem_code::ProblemCode;
use shared::sync::Position;
use thiserror::Error;
use tokio::sync::oneshot;

use super::change_log::{Group, Unit};
use super::ledger::{ChangeLog, SYSTEM};
use crate::database::{Connection, StepEnd, Work, Writer};
use crate::refusal::{Failure, Refusal, StaleEdit};

/// Why something was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// It was refused; nothing changed.
    #[error("refused: {}", .0.detail)]
    Refused(Refusal),
    /// What it edits has changed since its base; nothing changed.
    #[error("stale")]
    Stale(StaleEdit),
    /// The database, or the writer, cannot take it now.
    #[error("the database cannot be written to now")]
    Unavailable,
}

/// What a unit gave, and the commit that it was part of.
#[derive(Debug)]
pub struct Committed<T> {
    /// What the unit gave.
    pub value: T,
    /// The event's head after the commit.
    pub covers: Position,
}

type Reply<T> = oneshot::Sender<Result<Committed<T>, WriteError>>;

/// One unit with the caller who waits for it.
struct UnitWork<T, F> {
    event: EventId,
    run: F,
    outcome: Option<Result<T, WriteError>>,
    reply: Reply<T>,
}

impl<T, F> Work<ChangeLog> for UnitWork<T, F>
where
    T: Send,
    F: FnMut(&mut Unit<'_>) -> Result<T, Failure> + Send,
{
    fn event(&self) -> EventId {
        self.event
    }

    fn steps(&self) -> usize {
        1
    }

    fn run_step(&mut self, _: usize, connection: &mut Connection, group: &mut Group) -> QueryResult<StepEnd> {
        if group.is_removed() {
            let refusal = Refusal::new(ProblemCode::NotFound, "There is no such event, or not any more.");
            self.outcome = Some(Err(WriteError::Refused(refusal)));
            return Ok(StepEnd::Undo);
        }
        let (outcome, end) = match (self.run)(&mut Unit { connection, group }) {
            Ok(value) => (Ok(value), StepEnd::Keep),
            Err(Failure::Refused(refusal)) => (Err(WriteError::Refused(refusal)), StepEnd::Undo),
            Err(Failure::Stale(stale)) => (Err(WriteError::Stale(stale)), StepEnd::Undo),
            Err(Failure::Database(error)) => return Err(error),
        };
        self.outcome = Some(outcome);
        Ok(end)
    }

    fn fail_step(&mut self, _: usize) {
        self.outcome = Some(Err(WriteError::Unavailable));
    }

    fn answer(self: Box<Self>, covers: Option<Position>) {
        let answer = match (self.outcome, covers) {
            (Some(Ok(value)), Some(covers)) => Ok(Committed { value, covers }),
            (Some(Err(error)), _) => Err(error),
            _ => Err(WriteError::Unavailable),
        };
        let _ = self.reply.send(answer);
    }
}

impl Writer<ChangeLog> {
    /// Runs one unit in the event's next commit group. The unit may be run again when the group is
    /// undone, so it has no effects outside the database and the group.
    pub async fn unit<T, F>(&self, event: EventId, run: F) -> Result<Committed<T>, WriteError>
    where
        T: Send + 'static,
        F: FnMut(&mut Unit<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.submit(Box::new(UnitWork { event, run, outcome: None, reply })).map_err(|_| WriteError::Unavailable)?;
        answer.await.map_err(|_| WriteError::Unavailable)?
    }

    /// Writes what belongs to no event: accounts, devices, keys. The same rules as for a unit.
    pub async fn system<T, F>(&self, mut run: F) -> Result<T, WriteError>
    where
        T: Send + 'static,
        F: FnMut(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        let committed = self.unit(SYSTEM, move |unit| Ok(run(unit.connection)?)).await?;
        Ok(committed.value)
    }
}
