//! What can be done to a registration and what goes with it, as devices and requests say it.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::ids::{AttendeeId, RecordId};
use shared::problem_code::ProblemCode;
use shared::programme::DelegationRole;
use shared::registration::form::Answers;
use shared::registration::{AccessNeeds, Details, GivenConsent, PartCategory, RegistrationStatus, Shared};

use super::operations::Replacement;
use crate::programme::operations::read;
use crate::refusal::Refusal;
use crate::sync::change_log::Relation;

/// One thing to do to a registration, or to what goes with it.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// Register an attendee; the second says whether the attendee may be new.
    Request(Box<Request>, bool),
    /// Change what a registration says.
    Change(Change),
    /// Move it to another status.
    Move(Move),
    /// Give its place to somebody new, under the id that the device made.
    Replace(Box<Replacement>, AttendeeId),
    /// Say what the attendee needs to take part; none where that is nothing.
    Needs(Option<AccessNeeds>),
    /// Say what the attendee agrees to, or takes back.
    Consents(Vec<GivenConsent>),
}

/// A registration as it is asked for.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The attendee's name; required where they are new.
    pub name: Option<String>,
    /// The language that they read.
    pub language: Option<String>,
    /// The address of an account of their own, which is made where there is none.
    pub email: Option<String>,
    /// How the account that asks stands to a new attendee. Absent, it registers them by its duty,
    /// or itself where it has none.
    pub relation: Option<Relation>,
    /// What the person is known by where the organisers' lists come from.
    pub external_id: Option<String>,
    /// The category.
    pub category: RecordId,
    /// Its categories in parts where they differ.
    pub part_categories: Option<Vec<PartCategory>>,
    /// The delegation.
    pub delegation: Option<RecordId>,
    /// The role there.
    pub delegation_role: Option<DelegationRole>,
    /// Whether the place is for somebody not yet named.
    #[serde(default)]
    pub is_placeholder: bool,
    /// Personal details.
    #[serde(default)]
    pub details: Details,
    /// Answers to the category's form.
    #[serde(default)]
    pub answers: Answers,
    /// Whom the attendee accompanies.
    pub companion_of: Option<AttendeeId>,
    /// What other attendees may see.
    #[serde(default)]
    pub shares: Vec<Shared>,
    /// What they agree to.
    #[serde(default)]
    pub consents: Vec<GivenConsent>,
    /// What they need to take part.
    pub access_needs: Option<AccessNeeds>,
    /// The status, where staff name it.
    pub status: Option<RegistrationStatus>,
    /// Whether an organiser confirms without a free place.
    #[serde(default, rename = "override")]
    pub is_override: bool,
}

impl Request {
    /// The fields that it sets.
    pub fn set_fields(&self) -> impl Iterator<Item = &'static str> {
        let set = [
            ("name", self.name.is_some()),
            ("language", self.language.is_some()),
            ("email", self.email.is_some()),
            ("external_id", self.external_id.is_some()),
            ("category", true),
            ("part_categories", self.part_categories.is_some()),
            ("delegation", self.delegation.is_some()),
            ("delegation_role", self.delegation_role.is_some()),
            ("is_placeholder", self.is_placeholder),
            ("details", self.details != Details::default()),
            ("answers", !self.answers.is_empty()),
            ("companion_of", self.companion_of.is_some()),
            ("shares", !self.shares.is_empty()),
            ("consents", !self.consents.is_empty()),
            ("access_needs", self.access_needs.is_some()),
            ("status", self.status.is_some()),
            ("override", self.is_override),
        ];
        set.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name)
    }
}

/// A change of what a registration says.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// A merge patch of what can be changed, the name and language of the attendee among it.
    pub patch: Map<String, Value>,
    /// The address of an account of the attendee's own from now on.
    pub email: Option<String>,
    /// What they agree to, or take back.
    pub consents: Vec<GivenConsent>,
    /// Whether an organiser changes it without a free place.
    pub is_override: bool,
    /// The revs of which the registration must have one (If-Match).
    pub revs: Option<Vec<u64>>,
}

/// What a change holds beside the merge patch.
#[derive(Deserialize)]
struct Beside {
    email: Option<String>,
    #[serde(default)]
    consents: Vec<GivenConsent>,
    #[serde(default, rename = "override")]
    is_override: bool,
}

impl Change {
    /// Reads a change from the body of a request or the arguments of a mutation.
    pub fn read(body: &Value, revs: Option<Vec<u64>>) -> Result<Self, Refusal> {
        let Beside { email, consents, is_override } = read(body)?;
        if body.get("email").is_some_and(Value::is_null) {
            return Err(Refusal::new(ProblemCode::InvalidValue, "An address cannot be taken away.").at("/email"));
        }
        let mut patch = body.as_object().cloned().unwrap_or_default();
        for name in ["email", "consents", "override"] {
            patch.shift_remove(name);
        }
        Ok(Self { patch, email, consents, is_override, revs })
    }
}

/// A move to another status.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Where it is to stand.
    pub status: RegistrationStatus,
    /// Why, in words.
    pub reason: Option<String>,
    /// Whether an organiser confirms without a free place.
    #[serde(default, rename = "override")]
    pub is_override: bool,
}

/// The answer to being asked to come.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerArguments {
    answer: Answer,
    reason: Option<String>,
}

/// Yes or no.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Accepted,
    Declined,
}

/// Why it is cancelled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CancelArguments {
    reason: Option<String>,
}

/// Whose the place is to be.
#[derive(Deserialize)]
struct Taker {
    by: AttendeeId,
}

/// What somebody agrees to, or takes back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentArguments {
    /// Each text once.
    pub consents: Vec<GivenConsent>,
}

/// Nothing else is to be said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoArguments {}

/// Reads a mutation; none where it is not an operation of this domain.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    let to = |status, reason| Command::Move(Move { status, reason, is_override: false });
    Some(match op {
        "registration.request" => read(args).map(|request| Command::Request(Box::new(request), true)),
        "registration.change" => read_change(args),
        "registration.answer" => read(args).map(|AnswerArguments { answer, reason }| match answer {
            Answer::Accepted => to(RegistrationStatus::Confirmed, reason),
            Answer::Declined => to(RegistrationStatus::Declined, reason),
        }),
        "registration.cancel" => read(args).map(|CancelArguments { reason }| to(RegistrationStatus::Cancelled, reason)),
        "registration.move" => read(args).map(Command::Move),
        "registration.replace" => read_replacement(args),
        "consent.set" => read(args).map(|ConsentArguments { consents }| Command::Consents(consents)),
        "access_needs.put" => read(args).map(|needs| Command::Needs(Some(needs))),
        "access_needs.delete" => read(args).map(|NoArguments {}| Command::Needs(None)),
        _ => return None,
    })
}

fn read_replacement(args: &Value) -> Result<Command, Refusal> {
    let Taker { by } = read(args)?;
    let mut with = args.as_object().cloned().unwrap_or_default();
    with.shift_remove("by");
    read(&Value::Object(with)).map(|with| Command::Replace(Box::new(with), by))
}

fn read_change(args: &Value) -> Result<Command, Refusal> {
    if !args.is_object() {
        return Err(Refusal::new(ProblemCode::InvalidRequest, "The arguments are to be an object."));
    }
    Change::read(args, None).map(Command::Change)
}
