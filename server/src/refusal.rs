//! Why an operation was not done.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use shared::problem_code::ProblemCode;
use shared::reading::{self, Misfit};

/// A decision against what was asked: final as long as nothing else changes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The stable word.
    pub code: ProblemCode,
    /// The argument at fault, as a JSON pointer; empty for the whole.
    pub field: String,
    /// A sentence in English for developers.
    pub detail: String,
}

impl Refusal {
    /// A refusal of the whole.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, field: String::new(), detail: detail.into() }
    }

    /// The same refusal, at one argument.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}

/// Reads arguments; the first thing wrong is refused with its field.
pub fn read<T: DeserializeOwned>(args: &Value) -> Result<T, Refusal> {
    reading::read(args).map_err(|Misfit { field, problem }| {
        let subject = if field.is_empty() { "The arguments" } else { &field };
        Refusal::new(ProblemCode::InvalidRequest, format!("{subject}: {problem}.")).at(field)
    })
}

/// Why a unit of work ended without success.
#[derive(Debug)]
pub enum Failure {
    /// It was refused; its savepoint is undone.
    Refused(Refusal),
    /// What it edits has changed since its base: these fields, of this record.
    Stale(StaleEdit),
    /// The database failed; the whole group is undone.
    Database(diesel::result::Error),
}

/// An edit of what has changed since its base.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StaleEdit {
    /// The collection of the row.
    pub collection: &'static str,
    /// The row's id.
    pub id: uuid::Uuid,
    /// The fields that both changed; empty where the policy is by row.
    pub fields: Vec<String>,
    /// What the record has now; none where the row is told instead.
    pub present: Option<Box<Present>>,
}

/// What a record has now, for an edit of what it had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Present {
    /// Its rev.
    pub rev: u64,
    /// Its values of the fields that both changed; null where it has none.
    pub values: Map<String, Value>,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}
