//! From the errors of other modules to problems.

use shared::problem_code::ProblemCode;
use shared::programme::InvalidBody;

use super::{Fault, Problem};
use crate::database::ReadError;

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Busy | ReadError::Unreachable(_) | ReadError::Cancelled => Self::unavailable(error),
            ReadError::Query(_) => Self::internal(error),
        }
    }
}

impl From<InvalidBody> for Fault {
    fn from(fault: InvalidBody) -> Self {
        Self { line: None, column: None, field: fault.field, problem: fault.problem }
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
