//! What became of a file, row by row.

use serde::Serialize;
use shared::ids::AttendeeId;

use super::chunk::{Changed, Fate};
use crate::formats::people::{CellFault, CellProblem, Column, Faults, Layout, MOST_FAULTS, PersonRow, address};

/// How many rows of each fate are told one by one; all are counted.
const MOST_TOLD: usize = 100;

/// What became, or would become, of each row.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// Whether nothing was written.
    pub is_preview: bool,
    /// How many rows there are below the headings.
    pub row_count: usize,
    /// How many are of somebody new.
    pub new_count: usize,
    /// How many change somebody.
    pub changed_count: usize,
    /// How many say what is kept already.
    pub same_count: usize,
    /// How many have faults.
    pub faulty_count: usize,
    /// What each column is for.
    pub columns: Vec<ColumnUse>,
    /// Headings that name nothing; their columns are not read.
    pub unknown_columns: Vec<UnknownColumn>,
    /// The first rows of somebody new.
    pub new: Vec<NewRow>,
    /// The first rows that change somebody.
    pub changed: Vec<ChangedRow>,
    /// Faults, in the order of rows, up to a number.
    pub faults: Vec<RowFault>,
}

/// What a column is for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ColumnUse {
    /// Its heading.
    pub heading: String,
    /// What it is for, as a word for programs.
    pub field: String,
}

/// A heading that names nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct UnknownColumn {
    /// Where it stands.
    pub cell: String,
    /// The heading.
    pub heading: String,
}

/// A row of somebody new.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NewRow {
    /// The row.
    pub row: u32,
    /// The name.
    pub name: String,
}

/// A row that changes somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ChangedRow {
    /// The row.
    pub row: u32,
    /// Whom.
    pub attendee: AttendeeId,
    /// Their name before.
    pub name: String,
    /// What.
    pub fields: Vec<FieldChange>,
}

/// A field that a row changes. Of access needs only the fact is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FieldChange {
    /// What it is, as a word for programs.
    pub field: String,
    /// As it was, as an export would write it; absent where it was empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
}

/// A fault of a row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RowFault {
    /// The row.
    pub row: u32,
    /// The cell; absent where the row as a whole is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The heading of its column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// What is wrong, in English.
    pub problem: String,
    /// The same for programs.
    #[serde(flatten)]
    pub kind: CellProblem,
}

impl Report {
    /// A report to which fates are added; `faults` are of rows that could not be read.
    pub fn new(layout: &Layout, is_preview: bool, faults: &Faults) -> Self {
        let unknown = |(cell, heading): (String, &str)| UnknownColumn { cell, heading: heading.to_owned() };
        let used = layout
            .columns()
            .map(|(index, column)| ColumnUse { heading: layout.heading(index).to_owned(), field: column.word() });
        let mut report = Self {
            is_preview,
            row_count: faults.row_count,
            new_count: 0,
            changed_count: 0,
            same_count: 0,
            faulty_count: faults.row_count,
            columns: used.collect(),
            unknown_columns: layout.list_unknown().into_iter().map(unknown).collect(),
            new: Vec::new(),
            changed: Vec::new(),
            faults: Vec::new(),
        };
        report.tell_faults(&faults.list, layout);
        report
    }

    /// Adds the fate of a row.
    pub fn add(&mut self, row: &PersonRow, fate: Fate, layout: &Layout) {
        self.row_count += 1;
        match fate {
            Fate::New => {
                self.new_count += 1;
                if self.new.len() < MOST_TOLD {
                    self.new.push(NewRow { row: row.number, name: row.name.clone().unwrap_or_default() });
                }
            }
            Fate::Changed(changed) => {
                self.changed_count += 1;
                if self.changed.len() < MOST_TOLD {
                    self.changed.push(changed_row(row, changed));
                }
            }
            Fate::Same => self.same_count += 1,
            Fate::Faulty(faults) => {
                self.faulty_count += 1;
                self.tell_faults(&faults, layout);
            }
        }
    }

    /// Puts the faults into the order of rows.
    pub fn finish(mut self) -> Self {
        self.faults.sort_by_key(|fault| fault.row);
        self
    }

    fn tell_faults(&mut self, faults: &[CellFault], layout: &Layout) {
        let room = MOST_FAULTS.saturating_sub(self.faults.len());
        self.faults.extend(faults.iter().take(room).map(|fault| RowFault {
            row: fault.row,
            cell: fault.column.map(|column| address(column, fault.row)),
            heading: fault.column.map(|column| layout.heading(column).to_owned()),
            problem: fault.problem.to_string(),
            kind: fault.problem.clone(),
        }));
    }
}

fn changed_row(row: &PersonRow, changed: Changed) -> ChangedRow {
    let field = |(column, before): (Column, String)| FieldChange { field: column.word(), before };
    let fields = changed.columns.into_iter().map(field).collect();
    ChangedRow { row: row.number, attendee: changed.attendee, name: changed.name, fields }
}
