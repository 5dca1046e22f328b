//! Running the mutations of one exchange: each once, each by itself, in order.

use std::collections::HashMap;
use std::sync::Arc;

use diesel::{QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, AttendeeId, DeviceId, EventId, MutationId};
use shared::problem_code::ProblemCode;
use shared::sync::{Mutation, MutationResult, Position, content_hash};
use tokio::sync::oneshot;

use super::change_log::{Actor, Group, StoredResult, Unit};
use super::feed::{EventCell, Events, Rights, load};
use super::held_back::HeldBack;
use super::ledger::ChangeLog;
use crate::database::schema::mutation_results;
use crate::database::{Connection, StepEnd, Work};
use crate::invitations::stand_ins;
use crate::refusal::{Failure, Refusal, StaleEdit};
use crate::{badges, check_in, desk_work, invitations, notify, on, personal, programme, registration, signups};

/// After how many seconds a device tries again what could not be done now.
const RETRY_AFTER_S: u32 = 5;

/// Who sends mutations: the account and the device that its token names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sender {
    /// The account.
    pub account: AccountId,
    /// The device.
    pub device: DeviceId,
}

/// What became of a batch.
#[derive(Debug)]
pub struct BatchAnswer {
    /// One result for each mutation, in order.
    pub results: Vec<MutationResult>,
    /// The rows behind conflicts, by the place of the result; read anew by whoever answers.
    pub stale: HashMap<usize, StaleEdit>,
    /// A restore lost mutations that this device was told were done: none of the batch was run.
    pub resend: bool,
}

/// A batch of mutations with the caller who waits for it.
pub struct Batch {
    pub(super) events: Arc<Events>,
    pub(super) cell: Arc<EventCell>,
    pub(super) sender: Sender,
    pub(super) mutations: Vec<Mutation>,
    pub(super) acknowledged: Option<Position>,
    /// What an earlier batch of the same exchange left to be tried again.
    pub(super) held_back: HeldBack,
    pub(super) answers: Vec<Option<MutationResult>>,
    pub(super) stale: HashMap<usize, StaleEdit>,
    pub(super) resend: bool,
    pub(super) reply: oneshot::Sender<BatchAnswer>,
}

/// A command of any domain that mutations can name.
enum Command {
    Personal(AttendeeId, personal::Command),
    Notices(AttendeeId, notify::Command),
    Programme(programme::operations::Command),
    Registration(AttendeeId, Box<registration::Command>),
    SignUp(AttendeeId, signups::Command),
    Invitation(AttendeeId, invitations::Command),
    StandIn(AttendeeId, stand_ins::Command),
    Badge(AttendeeId, badges::Command),
    Scan(check_in::Command),
    Desk(Option<AttendeeId>, desk_work::Command),
}

impl Command {
    /// Whether it waits for who leads desks where a desk hands it in that is not in use any more.
    fn waits_when_late(&self) -> bool {
        match self {
            Self::SignUp(..) | Self::Invitation(..) | Self::Badge(..) => true,
            Self::Scan(command) => matches!(command, check_in::Command::Settle(..)),
            Self::Desk(_, command) => command.waits_when_late(),
            _ => false,
        }
    }
}

impl Work<ChangeLog> for Batch {
    fn event(&self) -> EventId {
        self.cell.id
    }

    fn steps(&self) -> usize {
        self.mutations.len()
    }

    fn run_step(&mut self, step: usize, connection: &mut Connection, group: &mut Group) -> QueryResult<StepEnd> {
        if step == 0 {
            self.stale.clear();
            self.resend = !self.is_acknowledged_known(connection)?;
        }
        // The exchange of a batch whose event was removed meanwhile is answered so when it reads.
        if group.is_removed() || self.resend || self.must_wait(step) {
            self.answers[step] = Some(MutationResult::Retry { after_s: RETRY_AFTER_S });
            return Ok(StepEnd::Undo);
        }
        let mutation = &self.mutations[step];
        let hash = content_hash(mutation);
        if let Some(stored) = find_stored(connection, group, self.sender, mutation.id)? {
            self.answers[step] = Some(answer_again(stored, &hash));
            return Ok(StepEnd::Undo);
        }
        let (result, end) = match self.run(step, connection, group) {
            Ok(outcome) => (MutationResult::Applied { rev: group.seq(), outcome }, StepEnd::Keep),
            Err(Failure::Database(error)) => return Err(error),
            Err(Failure::Refused(refusal)) => (rejected(refusal), StepEnd::Undo),
            Err(Failure::Stale(stale)) => {
                let fields = stale.fields.clone();
                self.stale.insert(step, stale);
                (MutationResult::Conflict { reason: "stale_base".to_owned(), fields, server: None }, StepEnd::Undo)
            }
        };
        group.store_result(StoredResult {
            account: self.sender.account,
            device: self.sender.device,
            mutation: self.mutations[step].id,
            content_hash: hash,
            result: result.clone(),
        });
        self.answers[step] = Some(result);
        Ok(end)
    }

    fn fail_step(&mut self, step: usize) {
        self.answers[step] = Some(MutationResult::Retry { after_s: RETRY_AFTER_S });
    }

    fn answer(self: Box<Self>, _: Option<Position>) {
        let retry = MutationResult::Retry { after_s: RETRY_AFTER_S };
        let results = self.answers.into_iter().map(|answer| answer.unwrap_or_else(|| retry.clone())).collect();
        let _ = self.reply.send(BatchAnswer { results, stale: self.stale, resend: self.resend });
    }
}

impl Batch {
    /// Decided under the counter's lock, from the database: memory may not know of a restore yet.
    fn is_acknowledged_known(&self, connection: &mut Connection) -> QueryResult<bool> {
        match &self.acknowledged {
            None => Ok(true),
            Some(position) if position.epoch != self.events.epoch => Ok(false),
            Some(position) => load::has_commit(connection, self.cell.id, position.head),
        }
    }

    /// Whether an earlier mutation is to be tried again first.
    fn must_wait(&self, step: usize) -> bool {
        let mut held_back = self.held_back.clone();
        let earlier = self.mutations[..step].iter().zip(&self.answers);
        for (mutation, _) in earlier.filter(|(_, answer)| matches!(answer, Some(MutationResult::Retry { .. }))) {
            held_back.add(mutation);
        }
        held_back.holds(&self.mutations[step])
    }

    fn run(&self, step: usize, connection: &mut Connection, group: &mut Group) -> Result<Option<String>, Failure> {
        let mutation = &self.mutations[step];
        self.require_dependency(connection, group, mutation.depends_on)?;
        let mut rights = self.cell.read().rights(self.sender.account);
        group.adjust_rights(self.sender.account, &mut rights);
        let command = self.read_command(mutation, &rights)?;
        let actor = Actor {
            account: Some(self.sender.account),
            device: Some(self.sender.device),
            attendee: mutation.for_attendee,
        };
        let mut unit = Unit { connection, group };
        if command.waits_when_late() && check_in::is_late(&rights) {
            return Ok(Some(check_in::keep_late(&mut unit, actor, mutation)?));
        }
        match command {
            Command::Personal(attendee, command) => {
                let memory = self.cell.read();
                personal::run(&mut unit, &memory, (actor, attendee), &command).map(|()| None)
            }
            Command::Notices(attendee, command) => notify::run(&mut unit, (actor, attendee), &command).map(|()| None),
            Command::Programme(command) => {
                programme::operations::run(&mut unit, actor, &command).map(|done| done.outcome)
            }
            Command::Registration(attendee, command) => {
                let caller = registration::Caller { actor, rights: &rights };
                let status = registration::run(&mut unit, &caller, attendee, &command).map_err(hide_attendee)?;
                Ok(status.map(|status| status.as_str().to_owned()))
            }
            Command::SignUp(attendee, command) => {
                let memory = self.cell.read();
                let sign_up = signups::run(&mut unit, &memory, (actor, &rights), (attendee, &command));
                sign_up.map(|sign_up| Some(sign_up.state.as_str().to_owned())).map_err(hide_attendee)
            }
            Command::Invitation(attendee, command) => {
                let caller = invitations::Caller { actor, rights: &rights };
                let stored = invitations::run_for(&mut unit, &caller, (attendee, &command)).map_err(hide_attendee)?;
                Ok(Some(stored.invitation.answer.as_str().to_owned()))
            }
            Command::StandIn(attendee, command) => {
                let (memory, caller) = (self.cell.read(), invitations::Caller { actor, rights: &rights });
                stand_ins::run(&mut unit, &memory, &caller, (attendee, &command)).map_err(hide_attendee)?;
                Ok(None)
            }
            Command::Badge(attendee, command) => {
                let caller = badges::Caller { actor, rights: &rights };
                let carrier = badges::run(&mut unit, &caller, (attendee, command)).map_err(hide_attendee)?;
                Ok(Some(carrier.carrier.to_string()))
            }
            Command::Scan(command) => check_in::run(&mut unit, &self.cell, (actor, &rights), &command).map(Some),
            Command::Desk(attendee, command) => {
                desk_work::run(&mut unit, (actor, &rights), (attendee, &command)).map_err(hide_attendee)
            }
        }
    }

    fn require_dependency(
        &self,
        connection: &mut Connection,
        group: &Group,
        depends_on: Option<MutationId>,
    ) -> Result<(), Failure> {
        let Some(id) = depends_on else { return Ok(()) };
        match find_stored(connection, group, self.sender, id)? {
            Some(StoredResult { result: MutationResult::Rejected { .. }, .. }) => {
                Err(Refusal::new(ProblemCode::Dependency, "the mutation that it depends on was rejected").into())
            }
            _ => Ok(()),
        }
    }

    /// Who may do this: an attendee's own things are for the accounts that are or act for them, the
    /// programme for organisers.
    fn read_command(&self, mutation: &Mutation, rights: &Rights) -> Result<Command, Refusal> {
        let base = mutation.base.as_ref().and_then(|base| self.base_seq(base));
        if let Some(command) = personal::parse_mutation(&mutation.op, &mutation.args, base) {
            let attendee = require_own(mutation, rights)?;
            return command.map(|command| Command::Personal(attendee, command));
        }
        if let Some(command) = notify::parse_mutation(&mutation.op, &mutation.args) {
            let attendee = require_own(mutation, rights)?;
            return command.map(|command| Command::Notices(attendee, command));
        }
        if let Some(command) = registration::parse_mutation(&mutation.op, &mutation.args) {
            let attendee = mutation.for_attendee.ok_or_else(no_attendee)?;
            return command.map(|command| Command::Registration(attendee, Box::new(command)));
        }
        if let Some(command) = signups::parse_mutation(&mutation.op, &mutation.args) {
            let attendee = mutation.for_attendee.ok_or_else(no_attendee)?;
            return command.map(|command| Command::SignUp(attendee, command));
        }
        if let Some(command) = invitations::parse_mutation(&mutation.op, &mutation.args) {
            let attendee = mutation.for_attendee.ok_or_else(no_attendee)?;
            return command.map(|command| Command::Invitation(attendee, command));
        }
        if let Some(command) = stand_ins::parse_mutation(&mutation.op, &mutation.args) {
            let attendee = mutation.for_attendee.ok_or_else(no_attendee)?;
            return command.map(|command| Command::StandIn(attendee, command));
        }
        if let Some(command) = badges::parse_mutation(&mutation.op, &mutation.args) {
            let attendee = mutation.for_attendee.ok_or_else(no_attendee)?;
            return command.map(|command| Command::Badge(attendee, command));
        }
        if let Some(command) = check_in::parse_mutation(&mutation.op, &mutation.args) {
            return command.map(Command::Scan);
        }
        if let Some(command) = desk_work::parse_mutation(&mutation.op, &mutation.args) {
            let command = command?;
            let attendee = mutation.for_attendee;
            if command.is_about_somebody() && attendee.is_none() {
                return Err(no_attendee());
            }
            return Ok(Command::Desk(attendee, command));
        }
        // An unknown base is older than everything.
        let base = mutation.base.as_ref().map(|_| base.unwrap_or(0));
        match programme::operations::parse_mutation(&mutation.op, &mutation.args, base) {
            Some(command) => {
                let command = command?;
                if !programme::operations::may_run(rights, &command.verb) {
                    return Err(Refusal::new(ProblemCode::Forbidden, "only an organiser of the event may do this"));
                }
                Ok(Command::Programme(command))
            }
            None => Err(Refusal::new(ProblemCode::UnknownOperation, "the operation is not known here")),
        }
    }

    fn base_seq(&self, base: &Position) -> Option<u64> {
        (base.epoch == self.events.epoch && self.cell.read().knows(base.head)).then_some(base.head.seq)
    }
}

/// The attendee in `for`, whom the account is or acts for.
fn require_own(mutation: &Mutation, rights: &Rights) -> Result<AttendeeId, Refusal> {
    let attendee = mutation.for_attendee.filter(|attendee| rights.attendees.contains_key(attendee));
    attendee.ok_or_else(no_attendee)
}

fn no_attendee() -> Refusal {
    Refusal::new(ProblemCode::Forbidden, "the account does not act for that attendee").at("/for")
}

/// An attendee who is not there is refused like one for whom the account does not act.
fn hide_attendee(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) if refusal.code == ProblemCode::NotFound => no_attendee().into(),
        other => other,
    }
}

fn rejected(refusal: Refusal) -> MutationResult {
    MutationResult::Rejected {
        reason: refusal.code.as_str().to_owned(),
        detail: Some(refusal.detail),
        field: Some(refusal.field).filter(|field| !field.is_empty()),
    }
}

fn answer_again(stored: StoredResult, hash: &str) -> MutationResult {
    if stored.content_hash == hash {
        return MutationResult::Duplicate { original: Box::new(stored.result) };
    }
    rejected(Refusal::new(ProblemCode::IdReused, "the id was used for another mutation"))
}

/// The answer that a mutation had before, in this group or an earlier one.
pub fn find_stored(
    connection: &mut Connection,
    group: &Group,
    sender: Sender,
    id: MutationId,
) -> QueryResult<Option<StoredResult>> {
    if let Some(found) = group.find_result(sender.account, sender.device, id) {
        return Ok(Some(found.clone()));
    }
    use diesel::OptionalExtension;
    let key = (sender.account.to_string(), sender.device.to_string(), id.to_string());
    let line: Option<(String, String)> = on!(connection, |c| mutation_results::table
        .find(key)
        .select((mutation_results::content_hash, mutation_results::result))
        .first(c)
        .optional())?;
    Ok(line.and_then(|(content_hash, result)| {
        let result = serde_json::from_str(&result).ok()?;
        Some(StoredResult { account: sender.account, device: sender.device, mutation: id, content_hash, result })
    }))
}
