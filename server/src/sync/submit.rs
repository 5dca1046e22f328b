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

type Ended<T> = (Vec<Result<T, WriteError>>, Option<Position>);

/// Steps of one kind with the caller who waits for them.
struct Steps<T, F> {
    event: EventId,
    run: F,
    outcomes: Vec<Option<Result<T, WriteError>>>,
    reply: oneshot::Sender<Ended<T>>,
}

impl<T, F> Work<ChangeLog> for Steps<T, F>
where
    T: Send,
    F: FnMut(&mut Unit<'_>, usize) -> Result<(T, StepEnd), Failure> + Send,
{
    fn event(&self) -> EventId {
        self.event
    }

    fn steps(&self) -> usize {
        self.outcomes.len()
    }

    fn run_step(&mut self, step: usize, connection: &mut Connection, group: &mut Group) -> QueryResult<StepEnd> {
        if group.is_removed() {
            let refusal = Refusal::new(ProblemCode::NotFound, "There is no such event, or not any more.");
            self.outcomes[step] = Some(Err(WriteError::Refused(refusal)));
            return Ok(StepEnd::Undo);
        }
        let (outcome, end) = match (self.run)(&mut Unit { connection, group }, step) {
            Ok((value, end)) => (Ok(value), end),
            Err(Failure::Refused(refusal)) => (Err(WriteError::Refused(refusal)), StepEnd::Undo),
            Err(Failure::Stale(stale)) => (Err(WriteError::Stale(stale)), StepEnd::Undo),
            Err(Failure::Database(error)) => return Err(error),
        };
        self.outcomes[step] = Some(outcome);
        Ok(end)
    }

    fn fail_step(&mut self, step: usize) {
        self.outcomes[step] = Some(Err(WriteError::Unavailable));
    }

    fn answer(self: Box<Self>, covers: Option<Position>) {
        let is_committed = covers.is_some();
        let outcome = |outcome: Option<Result<T, WriteError>>| match outcome {
            Some(Ok(value)) if is_committed => Ok(value),
            Some(Err(error)) => Err(error),
            _ => Err(WriteError::Unavailable),
        };
        let _ = self.reply.send((self.outcomes.into_iter().map(outcome).collect(), covers));
    }
}

impl Writer<ChangeLog> {
    /// Runs one unit in the event's next commit group. The unit may be run again when the group is
    /// undone, so it has no effects outside the database and the group.
    pub async fn unit<T, F>(&self, event: EventId, mut run: F) -> Result<Committed<T>, WriteError>
    where
        T: Send + 'static,
        F: FnMut(&mut Unit<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let run = move |unit: &mut Unit<'_>, _: usize| run(unit).map(|value| (value, StepEnd::Keep));
        let (mut outcomes, covers) = self.submit_steps(event, 1, run).await?;
        match (outcomes.pop(), covers) {
            (Some(Ok(value)), Some(covers)) => Ok(Committed { value, covers }),
            (Some(Err(error)), _) => Err(error),
            _ => Err(WriteError::Unavailable),
        }
    }

    /// Runs several steps, at most [`GROUP_STEPS`](crate::database::GROUP_STEPS), in one commit group.
    /// Each is undone by itself where it is refused, or says so: that is how something is tried
    /// without being done. Like a unit they may be run again, from the first.
    pub async fn steps<T, F>(
        &self,
        event: EventId,
        count: usize,
        run: F,
    ) -> Result<Vec<Result<T, WriteError>>, WriteError>
    where
        T: Send + 'static,
        F: FnMut(&mut Unit<'_>, usize) -> Result<(T, StepEnd), Failure> + Send + 'static,
    {
        self.submit_steps(event, count, run).await.map(|(outcomes, _)| outcomes)
    }

    async fn submit_steps<T, F>(&self, event: EventId, count: usize, run: F) -> Result<Ended<T>, WriteError>
    where
        T: Send + 'static,
        F: FnMut(&mut Unit<'_>, usize) -> Result<(T, StepEnd), Failure> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let outcomes = (0..count).map(|_| None).collect();
        self.submit(Box::new(Steps { event, run, outcomes, reply })).map_err(|_| WriteError::Unavailable)?;
        answer.await.map_err(|_| WriteError::Unavailable)
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
