//! The writer: everything that is waiting for one event is written in one transaction.
//!
//! A group is what is waiting, at most [`GROUP_STEPS`] steps, never a pause to fill it. Each step
//! runs in a savepoint of its own. A database error ends the group: the connection is discarded
//! and the steps run again one by one, since an error may have undone more than it says (with a
//! full disk SQLite rolls the whole transaction back, and what followed would commit by itself).
//! Nobody is answered before the commit.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};
use diesel::QueryResult;
use parking_lot::Mutex;
use shared::ids::EventId;

use super::{Connection, DatabaseUrl};
use crate::telemetry;

/// The most steps in one transaction: PostgreSQL keeps up to 64 subtransactions of each backend in
/// shared memory, and slows down for everybody beyond.
pub const GROUP_STEPS: usize = 50;

/// How often a commit with unknown outcome is looked up before the callers are told to try again.
const LOOKUPS: u32 = 10;

/// What a group reads and writes beside its steps: the event's counter, log and memory.
pub trait Ledger: Send + Sync + 'static {
    /// The state of an open group.
    type Group;
    /// What a step changed, to be undone with its savepoint.
    type Mark;
    /// A group whose rows are written, ready to commit.
    type Sealed;
    /// What callers are told of the commit.
    type Covers: Clone + Send;

    /// Locks the event's counter row and reads what the group needs.
    fn open(&self, connection: &mut Connection, event: EventId) -> QueryResult<Self::Group>;
    /// Remembers the state before a step.
    fn mark(&self, group: &Self::Group) -> Self::Mark;
    /// Goes back to it.
    fn undo(&self, group: &mut Self::Group, mark: Self::Mark);
    /// Writes what the steps changed.
    fn seal(&self, connection: &mut Connection, group: Self::Group) -> QueryResult<Self::Sealed>;
    /// Whether the commit of a sealed group took place.
    fn is_committed(&self, connection: &mut Connection, sealed: &Self::Sealed) -> QueryResult<bool>;
    /// Makes a committed group visible to readers.
    fn publish(&self, sealed: Self::Sealed) -> Self::Covers;
}

/// Whether what a step did stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepEnd {
    /// It stays.
    Keep,
    /// It is undone; the step has noted why.
    Undo,
}

/// What is to be written, in steps that succeed or fail each by itself.
pub trait Work<L: Ledger>: Send {
    /// The event that it is about.
    fn event(&self) -> EventId;
    /// How many steps there are.
    fn steps(&self) -> usize;
    /// Runs a step. It may be called again when the group was undone, and then begins anew.
    fn run_step(&mut self, step: usize, connection: &mut Connection, group: &mut L::Group) -> QueryResult<StepEnd>;
    /// Notes that a step could not be run, also alone; it may be sent again.
    fn fail_step(&mut self, step: usize);
    /// Answers the caller, after the commit; `None` where nothing was committed.
    fn answer(self: Box<Self>, covers: Option<L::Covers>);
}

type Queued<L> = Box<dyn Work<L>>;

enum Message<L> {
    Work(Queued<L>),
    Stop,
}

/// The writer has ended, or is far behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the writer takes no more work now")]
pub struct NotQueued;

/// Sends work to the writer's threads. On SQLite there is one, on PostgreSQL one per shard of events.
pub struct Writer<L: Ledger> {
    shards: Vec<Sender<Message<L>>>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl<L: Ledger> Clone for Writer<L> {
    fn clone(&self) -> Self {
        Self { shards: self.shards.clone(), threads: Arc::clone(&self.threads) }
    }
}

impl<L: Ledger> Writer<L> {
    /// Starts the threads. They end when the last clone of the writer is gone and the work is done.
    pub fn start(url: &DatabaseUrl, ledger: &Arc<L>) -> std::io::Result<Self> {
        let count = match url {
            DatabaseUrl::Sqlite(_) => 1,
            DatabaseUrl::Postgres(_) => 3,
        };
        let (mut shards, mut threads) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for shard in 0..count {
            let (sender, receiver) = crossbeam_channel::bounded(10_000);
            let thread = Shard { url: url.clone(), ledger: Arc::clone(ledger), connection: None };
            let named = std::thread::Builder::new().name(format!("writer-{shard}"));
            threads.push(named.spawn(move || thread.run(&receiver))?);
            shards.push(sender);
        }
        Ok(Self { shards, threads: Arc::new(Mutex::new(threads)) })
    }

    /// Queues work. It is dropped, unanswered, when the writer has ended or is far behind.
    pub fn submit(&self, work: Box<dyn Work<L>>) -> Result<(), NotQueued> {
        let shard = work.event().0.as_u128() % self.shards.len() as u128;
        self.shards[shard as usize].try_send(Message::Work(work)).map_err(|_| NotQueued)
    }

    /// Ends the writer after everything that is queued: returns when the last group is committed.
    /// Later work is not taken.
    pub async fn close(&self) {
        for shard in &self.shards {
            let _ = shard.send(Message::Stop);
        }
        let threads = std::mem::take(&mut *self.threads.lock());
        let joining = move || threads.into_iter().for_each(|thread| drop(thread.join()));
        let _ = tokio::task::spawn_blocking(joining).await;
    }
}

/// Why a group has no commit to tell of.
#[derive(Debug, thiserror::Error)]
enum NotWritten {
    /// Nothing of it was committed.
    #[error(transparent)]
    Failed(#[from] diesel::result::Error),
    /// Whether it was committed cannot be found out: nothing of it may run again before the callers ask.
    #[error("whether the group was committed is not known")]
    Unknown,
}

struct Shard<L: Ledger> {
    url: DatabaseUrl,
    ledger: Arc<L>,
    connection: Option<Connection>,
}

impl<L: Ledger> Shard<L> {
    fn run(mut self, receiver: &Receiver<Message<L>>) {
        let mut waiting: VecDeque<Queued<L>> = VecDeque::new();
        let mut is_stopping = false;
        loop {
            if waiting.is_empty() {
                match receiver.recv() {
                    Ok(Message::Work(work)) => waiting.push_back(work),
                    Ok(Message::Stop) | Err(_) => return,
                }
            }
            for message in receiver.try_iter().take(GROUP_STEPS) {
                match message {
                    Message::Work(work) => waiting.push_back(work),
                    Message::Stop => is_stopping = true,
                }
            }
            let group = take_group(&mut waiting);
            self.write(group);
            if is_stopping && waiting.is_empty() {
                return;
            }
        }
    }

    fn write(&mut self, mut group: Vec<Queued<L>>) {
        match self.attempt(&mut group) {
            Ok(covers) => group.into_iter().for_each(|work| work.answer(Some(covers.clone()))),
            Err(error) => {
                tracing::warn!(%error, works = group.len(), "a commit group failed; its steps run again one by one");
                telemetry::record_failed_commit_group();
                self.connection = None;
                group.into_iter().for_each(|work| self.write_singly(work));
            }
        }
    }

    fn attempt(&mut self, group: &mut [Queued<L>]) -> Result<L::Covers, NotWritten> {
        let began = Instant::now();
        let ledger = Arc::clone(&self.ledger);
        let connection = self.connected()?;
        connection.begin_write()?;
        let mut open = ledger.open(connection, group[0].event())?;
        for work in group.iter_mut() {
            for step in 0..work.steps() {
                run_step(ledger.as_ref(), connection, &mut open, (work.as_mut(), step))?;
            }
        }
        let sealed = ledger.seal(connection, open)?;
        let covers = self.commit(sealed)?;
        let steps = group.iter().map(|work| work.steps()).sum();
        telemetry::record_commit_group(steps, began.elapsed().as_secs_f64());
        Ok(covers)
    }

    /// Each step in a transaction of its own; one that fails again is noted as failed.
    fn write_singly(&mut self, mut work: Queued<L>) {
        let mut newest = None;
        for step in 0..work.steps() {
            match self.attempt_step(work.as_mut(), step) {
                Ok(covers) => newest = Some(covers),
                Err(error) => {
                    tracing::error!(%error, "a step failed alone; its caller is asked to try again");
                    self.connection = None;
                    work.fail_step(step);
                }
            }
        }
        work.answer(newest);
    }

    fn attempt_step(&mut self, work: &mut dyn Work<L>, step: usize) -> Result<L::Covers, NotWritten> {
        let ledger = Arc::clone(&self.ledger);
        let connection = self.connected()?;
        connection.begin_write()?;
        let mut open = ledger.open(connection, work.event())?;
        run_step(ledger.as_ref(), connection, &mut open, (work, step))?;
        let sealed = ledger.seal(connection, open)?;
        self.commit(sealed)
    }

    /// A commit that fails may have taken place: the log is asked on a new connection.
    fn commit(&mut self, sealed: L::Sealed) -> Result<L::Covers, NotWritten> {
        let ledger = Arc::clone(&self.ledger);
        if let Err(error) = self.connected()?.execute("COMMIT") {
            self.connection = None;
            match self.look_up(&sealed) {
                Some(true) => {}
                Some(false) => return Err(error.into()),
                None => return Err(NotWritten::Unknown),
            }
        }
        Ok(ledger.publish(sealed))
    }

    /// Whether a group was committed; none where the database does not say in time.
    fn look_up(&mut self, sealed: &L::Sealed) -> Option<bool> {
        let ledger = Arc::clone(&self.ledger);
        for attempt in 0..LOOKUPS {
            let found = self.connected().and_then(|connection| ledger.is_committed(connection, sealed));
            match found {
                Ok(found) => return Some(found),
                Err(error) => tracing::warn!(%error, attempt, "the outcome of a commit cannot be looked up yet"),
            }
            self.connection = None;
            std::thread::sleep(Duration::from_millis(200));
        }
        None
    }

    fn connected(&mut self) -> QueryResult<&mut Connection> {
        if self.connection.is_none() {
            let opened = Connection::open(&self.url).map_err(|error| {
                tracing::error!(%error, "the writer cannot reach the database");
                diesel::result::Error::BrokenTransactionManager
            })?;
            self.connection = Some(opened);
        }
        self.connection.as_mut().ok_or(diesel::result::Error::BrokenTransactionManager)
    }
}

fn run_step<L: Ledger>(
    ledger: &L,
    connection: &mut Connection,
    group: &mut L::Group,
    (work, step): (&mut dyn Work<L>, usize),
) -> QueryResult<()> {
    connection.execute("SAVEPOINT step")?;
    let mark = ledger.mark(group);
    let ended = catch_unwind(AssertUnwindSafe(|| work.run_step(step, connection, group)));
    let end = match ended {
        Ok(end) => end?,
        Err(_) => {
            tracing::error!("a step panicked; what it did is undone");
            work.fail_step(step);
            StepEnd::Undo
        }
    };
    if end == StepEnd::Undo {
        ledger.undo(group, mark);
        connection.execute("ROLLBACK TO SAVEPOINT step")?;
    }
    connection.execute("RELEASE SAVEPOINT step")
}

/// The first work and what else waits for the same event, in order, while there is room.
fn take_group<L: Ledger>(waiting: &mut VecDeque<Queued<L>>) -> Vec<Queued<L>> {
    let Some(first) = waiting.pop_front() else { return Vec::new() };
    let event = first.event();
    let mut steps = first.steps();
    let mut group = vec![first];
    let mut others = VecDeque::new();
    let mut is_full = false;
    for work in waiting.drain(..) {
        // Once one did not fit, none behind it may: the order of an event's work is kept.
        let fits = work.event() == event && !is_full && steps + work.steps() <= GROUP_STEPS;
        if fits {
            steps += work.steps();
            group.push(work);
        } else {
            is_full |= work.event() == event;
            others.push_back(work);
        }
    }
    *waiting = others;
    group
}
