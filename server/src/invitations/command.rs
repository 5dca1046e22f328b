//! What can be done with invitations, as devices and requests say it.

use serde::Deserialize;
use serde_json::Value;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{InvitedTo, Reply};
use shared::localised::is_text;
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use crate::refusal::{Refusal, read};

/// The longest message of whoever invites, reminds or withdraws, in characters.
const MESSAGE_MAX_CHARS: usize = 2_000;

/// One thing to do with an invitation.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Invite somebody.
    Invite(Invite),
    /// Answer an invitation; the last says whether an organiser makes an exception from quotas.
    Answer(Uuid, Reply, bool),
    /// Answer the invitation to a part or session, for the one who is invited.
    AnswerTo(RecordId, Reply),
    /// Take it back.
    Withdraw(Uuid, Withdraw),
    /// Remind somebody of one that is not answered.
    Remind(Uuid, Remind),
}

/// Whom to invite, and to what.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Who, a placeholder among them.
    pub attendee: AttendeeId,
    /// The collection of what they are invited to.
    pub collection: InvitedTo,
    /// What they are invited to.
    pub object: RecordId,
    /// What the inbox and the mail say beside it.
    pub message: Option<String>,
}

/// How an invitation is withdrawn.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Whether the person is told; else it disappears without a word.
    #[serde(default)]
    pub tell: bool,
    /// What they are told beside it.
    pub message: Option<String>,
}

impl Withdraw {
    /// Refuses a message that cannot be, or is for nobody.
    pub fn require_message(&self) -> Result<(), Refusal> {
        if self.message.is_some() && !self.tell {
            let detail = "A message is for who is told.";
            return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/message"));
        }
        require_message(self.message.as_deref())
    }
}

/// What a reminder says.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remind {
    /// What the inbox and the mail say beside it.
    pub message: Option<String>,
}

/// Which invitation `invitation.answer` is about: by its id, or by what it is to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerArguments {
    id: Option<Uuid>,
    object: Option<RecordId>,
}

impl Command {
    /// Refuses a message that cannot be.
    pub fn require_message(&self) -> Result<(), Refusal> {
        match self {
            Self::Invite(args) => require_message(args.message.as_deref()),
            Self::Withdraw(_, args) => args.require_message(),
            Self::Remind(_, args) => require_message(args.message.as_deref()),
            Self::Answer(..) | Self::AnswerTo(..) => Ok(()),
        }
    }
}

/// Refuses a message that cannot be.
pub fn require_message(message: Option<&str>) -> Result<(), Refusal> {
    if message.is_none_or(|text| is_text(text) && text.chars().count() <= MESSAGE_MAX_CHARS) {
        return Ok(());
    }
    let detail = "A message is 1 to 2,000 characters.";
    Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/message"))
}

/// Reads a mutation; none where it is not an operation of this domain.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    (op == "invitation.answer").then(|| {
        let mut args = args.clone();
        let mut named = serde_json::Map::new();
        for name in ["id", "object"] {
            let value = args.as_object_mut().and_then(|fields| fields.shift_remove(name));
            named.extend(value.map(|value| (name.to_owned(), value)));
        }
        let AnswerArguments { id, object } = read(&Value::Object(named))?;
        match (id, object) {
            (Some(id), None) => Ok(Command::Answer(id, read(&args)?, false)),
            (None, Some(object)) => Ok(Command::AnswerTo(object, read(&args)?)),
            _ => {
                let detail = "Exactly one of id and object says which invitation is answered.";
                Err(Refusal::new(ProblemCode::InvalidRequest, detail).at("/id"))
            }
        }
    })
}
