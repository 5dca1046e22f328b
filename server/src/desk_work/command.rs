//! What desks do, as devices say it.

use serde::Deserialize;
use serde_json::Value;
use shared::ids::AttendeeId;
use shared::localised::is_text;
use shared::problem_code::ProblemCode;

use super::handovers::hand_in;
use super::walk_ins::{Settlement, WalkIn};
use super::{notes, walk_ins};
use crate::badges::{desk_keys, works_at_desk};
use crate::check_in::{is_late, may_record};
use crate::refusal::{Failure, Refusal, read};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::Rights;

/// The longest note, in characters.
const NOTE_MAX_CHARS: usize = 500;

/// One thing that a desk does.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Hand in that something was handed out, lent or taken back; read or not.
    Handover(Value),
    /// Give the desk's own key a number.
    Key(String),
    /// Register somebody who walks in.
    WalkIn(Box<WalkIn>),
    /// Say who a walk-in is.
    Settle(Settlement),
    /// Leave a note for whoever sees a guest first; without a text, take it away.
    Note(Option<String>),
}

impl Command {
    /// Whether it waits for who leads desks where a desk hands it in that is not in use any more. Facts are kept of
    /// everybody, and whom it registered waits by themselves.
    pub fn waits_when_late(&self) -> bool {
        matches!(self, Self::Settle(_) | Self::Note(_))
    }

    /// Whether it is about an attendee, who is named beside it.
    pub fn is_about_somebody(&self) -> bool {
        !matches!(self, Self::Handover(_) | Self::Key(_))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyArguments {
    public: String,
}

/// What a note says.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteText {
    /// The words.
    pub text: String,
}

impl NoteText {
    /// The command.
    ///
    /// # Errors
    ///
    /// It is no text, or too long to be read at a door.
    pub fn command(self) -> Result<Command, Refusal> {
        let text = self.text.trim();
        if is_text(text) && text.chars().count() <= NOTE_MAX_CHARS {
            return Ok(Command::Note(Some(text.to_owned())));
        }
        let detail = format!("A note is 1 to {NOTE_MAX_CHARS} characters.");
        Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/text"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoArguments {}

/// Reads a mutation; none where it is not an operation of this domain. `handover.undo` is a fact like others,
/// which names the one that it takes back.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    Some(match op {
        "handover.record" => Ok(Command::Handover(args.clone())),
        "handover.undo" if args.get("undoes").is_none_or(Value::is_null) => {
            let detail = "It does not say which fact it takes back.";
            Err(Refusal::new(ProblemCode::InvalidRequest, detail).at("/undoes"))
        }
        "handover.undo" => Ok(Command::Handover(args.clone())),
        "desk_key.register" => read(args).map(|KeyArguments { public }| Command::Key(public)),
        "walk_in.register" => read(args).map(|walk_in| Command::WalkIn(Box::new(walk_in))),
        "walk_in.settle" => read(args).map(Command::Settle),
        "door_note.put" => read::<NoteText>(args).and_then(NoteText::command),
        "door_note.delete" => read(args).map(|NoArguments {}| Command::Note(None)),
        _ => return None,
    })
}

/// Does it, for the attendee whom the mutation names; what came of it.
///
/// # Errors
///
/// The account does not work at a desk; what the rules refuse.
pub fn run(
    unit: &mut Unit<'_>,
    (actor, rights): (Actor, &Rights),
    (attendee, command): (Option<AttendeeId>, &Command),
) -> Result<Option<String>, Failure> {
    if let Command::Handover(value) = command {
        require(may_record(rights))?;
        let outcomes = hand_in(unit, actor, std::slice::from_ref(value))?;
        return Ok(outcomes.first().map(|outcome| outcome.as_str().to_owned()));
    }
    // Whom a desk registered before it heard that it is not in use any more it still hands in.
    let may_hand_in = matches!(command, Command::WalkIn(_)) && is_late(rights);
    require(works_at_desk(rights) || may_hand_in)?;
    let about = || attendee.ok_or_else(nobody);
    match command {
        Command::Handover(_) => Ok(None),
        Command::Key(public) => {
            desk_keys::register(unit, (actor, rights), public).map(|number| Some(number.to_string()))
        }
        Command::WalkIn(walk_in) => {
            let status = walk_ins::register(unit, (actor, rights), (about()?, walk_in))?;
            Ok(Some(status.as_str().to_owned()))
        }
        Command::Settle(settlement) => {
            let status = walk_ins::settle(unit, (actor, rights), (about()?, settlement))?;
            Ok(Some(status.as_str().to_owned()))
        }
        Command::Note(text) => notes::put(unit, actor, (about()?, text.as_deref())).map(|()| None),
    }
}

fn nobody() -> Refusal {
    Refusal::new(ProblemCode::InvalidRequest, "It does not say for whom.").at("/for")
}

/// Refuses whoever does not work at a desk.
///
/// # Errors
///
/// `forbidden`.
pub fn require(works_there: bool) -> Result<(), Refusal> {
    if works_there {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::Forbidden, "Only a desk or an organiser of the event does this."))
}
