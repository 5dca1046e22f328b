//! What is wrong with a file, and where.

use std::fmt;

use super::problem::FileProblem;

/// How many faults of one file are told; a file with more is not of this format.
pub(super) const FAULTS_MAX: usize = 1_000;

/// One thing wrong with a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The field, such as `sessions[3].starts` (items counted from 0); empty for the whole file.
    pub field: String,
    /// What is wrong.
    pub problem: FileProblem,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = if self.field.is_empty() { "the file" } else { &self.field };
        write!(f, "line {}, column {}: {subject} {}", self.line, self.column, self.problem)
    }
}

/// Where something stands in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Place {
    pub(super) const START: Self = Self { line: 1, column: 1 };
}

/// The faults found so far.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, place: Place, field: &str, problem: impl Into<FileProblem>) {
        if self.0.len() < FAULTS_MAX {
            let (field, problem) = (field.to_owned(), problem.into());
            self.0.push(Fault { line: place.line, column: place.column, field, problem });
        }
    }

    /// The faults in the order of the file.
    pub(super) fn into_list(mut self) -> Vec<Fault> {
        self.0.sort_by_key(|fault| (fault.line, fault.column));
        self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
