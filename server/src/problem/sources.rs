//! From the errors of other modules to problems.

use shared::problem_code::ProblemCode;
use shared::programme::InvalidBody;

use super::{Fault, Problem};
use crate::database::ReadError;
use crate::identity::IdentityError;
use crate::notify::push::PushError;
use crate::refusal::{Refusal, StaleEdit};
use crate::sync::WriteError;

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Busy | ReadError::Unreachable(_) | ReadError::Lost(_) | ReadError::Cancelled => {
                Self::unavailable(error)
            }
            ReadError::Query(_) => Self::internal(error),
            ReadError::Removed => Self::new(ProblemCode::NotFound, "There is no such event, or not any more."),
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Refused => {
                let detail = "The code, link, password or token is not valid, or not any more.";
                Self::new(ProblemCode::CredentialRefused, detail)
            }
            IdentityError::TooMany { after_s } => {
                Self::new(ProblemCode::TooManyRequests, "Too many attempts. Wait and try again.").retry_after(after_s)
            }
            IdentityError::Invalid { field, problem } => {
                Self::new(ProblemCode::InvalidValue, format!("{field} {problem}.")).at(field)
            }
            IdentityError::Forbidden(detail) => Self::new(ProblemCode::Forbidden, detail),
            IdentityError::NotFound => Self::new(ProblemCode::NotFound, "There is no such thing, or not for you."),
            IdentityError::Unavailable(_) => Self::unavailable(error),
            IdentityError::Failed(_) => Self::internal(error),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::new(refusal.code, refusal.detail);
        if refusal.field.is_empty() { problem } else { problem.at(refusal.field) }
    }
}

impl From<StaleEdit> for Problem {
    fn from(stale: StaleEdit) -> Self {
        let problem =
            Self::new(ProblemCode::StaleBase, "What this edits has changed since the copy that it was made on.")
                .with("collection", stale.collection)
                .with("id", stale.id.to_string())
                .with("fields", stale.fields);
        match stale.present {
            Some(present) => problem.with("rev", present.rev).with("values", present.values),
            None => problem,
        }
    }
}

impl From<PushError> for Problem {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Refused(refusal) => refusal.into(),
            PushError::Read(error) => error.into(),
            PushError::Write(error) => error.into(),
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Refused(refusal) => refusal.into(),
            WriteError::Stale(stale) => stale.into(),
            WriteError::Unavailable => Self::unavailable(error),
        }
    }
}

impl From<InvalidBody> for Fault {
    fn from(fault: InvalidBody) -> Self {
        let (problem, kind) = (fault.problem.to_string(), Self::kind_of(&fault.problem));
        Self { field: fault.field, problem, kind, ..Self::default() }
    }
}

impl From<InvalidBody> for Problem {
    fn from(fault: InvalidBody) -> Self {
        let named = if fault.field.is_empty() { "The body" } else { fault.field.as_str() };
        let detail = format!("{named} {}.", fault.problem);
        Self::new(ProblemCode::InvalidValue, detail).at(fault.field.clone()).with_faults([fault.into()])
    }
}

impl From<Vec<InvalidBody>> for Problem {
    fn from(faults: Vec<InvalidBody>) -> Self {
        match <[InvalidBody; 1]>::try_from(faults) {
            Ok([fault]) => fault.into(),
            Err(faults) => Self::new(ProblemCode::InvalidValue, format!("{} values are wrong.", faults.len()))
                .with_faults(faults.into_iter().map(Fault::from)),
        }
    }
}
