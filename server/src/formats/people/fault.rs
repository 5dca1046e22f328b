//! What is wrong with a file, or with one of its cells.

use serde::Serialize;
use shared::problem_code::ProblemCode;
use shared::programme::Collection;
use thiserror::Error;

use super::table::{MOST_CELL_CHARS, MOST_COLUMNS, MOST_ROWS};

/// Why a file is not read at all: on the wire a stable word with what it names, in English a sentence.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "code", content = "details", rename_all = "snake_case")]
pub enum FileFault {
    /// Nothing is in it.
    #[error("the file has no rows")]
    Empty,
    /// A workbook of the form before 2007, or one with a password.
    #[error("the file is a workbook of the old form (.xls) or has a password; save it as .xlsx without one")]
    OldWorkbook,
    /// Not the bytes of UTF-8.
    #[error(
        "the file is not UTF-8 from byte {at} on; it may be Windows-1252, in which names would be guessed at: save it \
         as \"CSV UTF-8\" or as .xlsx"
    )]
    NotUtf8 {
        /// The first byte that does not fit, from 1.
        at: usize,
    },
    /// An encoding that is told from its first bytes and not read.
    #[error("the file is in {encoding}; save it as \"CSV UTF-8\" or as .xlsx")]
    Encoding {
        /// Its name.
        encoding: &'static str,
    },
    /// A mark of UTF-16, and then something else.
    #[error("the file begins as UTF-16 and does not go on as such; save it as \"CSV UTF-8\" or as .xlsx")]
    BrokenUtf16,
    /// Zero characters.
    #[error(
        "line {line} holds NUL characters: the file is not text, or UTF-16 without its mark; save it as \"CSV UTF-8\""
    )]
    Nul {
        /// The line, from 1.
        line: usize,
    },
    /// A quotation mark opens a cell that never ends.
    #[error("a quotation mark in row {row} is not closed")]
    OpenQuote {
        /// The row, from 1.
        row: u32,
    },
    /// Too many rows.
    #[error("the file has more than {MOST_ROWS} rows")]
    TooManyRows,
    /// Too many columns.
    #[error("row {row} has more than {MOST_COLUMNS} columns")]
    TooManyColumns {
        /// The row, from 1.
        row: u32,
    },
    /// A cell of a length that no text has.
    #[error("cell {cell} has more than {MOST_CELL_CHARS} characters; a quotation mark may not be closed")]
    TooLongCell {
        /// The cell.
        cell: String,
    },
    /// A package that unpacks to more than a table of people is.
    #[error("the workbook unpacks to more than {most_mebibytes} MiB, or more than any table does for its size")]
    Bomb {
        /// The most that is unpacked.
        most_mebibytes: u64,
    },
    /// A package that cannot be read.
    #[error("the workbook is damaged or cut off")]
    Damaged,
    /// A package without a table.
    #[error("the workbook has no visible sheet with cells")]
    NoSheet,
    /// No heading names people.
    #[error("no row of headings was found: one of the first rows is to have a column such as Name, Nombre or Nome")]
    NoHeadings,
    /// Two columns for one thing.
    #[error("the columns {first} and {second} are both for {what}")]
    TwoColumns {
        /// The letters of the first.
        first: String,
        /// The letters of the second.
        second: String,
        /// What they are for.
        what: String,
    },
}

/// What is wrong with one cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellFault {
    /// The row, from 1, as the spreadsheet shows it.
    pub row: u32,
    /// The column, from 0; none where the row as a whole is at fault.
    pub column: Option<usize>,
    /// What is wrong.
    pub problem: CellProblem,
}

/// What may be wrong with a cell or a row: on the wire a stable word with what it names, in English the rest of a
/// sentence, or a sentence.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "code", content = "details", rename_all = "snake_case")]
pub enum CellProblem {
    /// A formula that went wrong.
    #[error("could not be calculated by the spreadsheet")]
    NotCalculated,
    /// The sign that stands for a lost one.
    #[error("holds U+FFFD: a character was lost when the file was saved")]
    LostCharacter,
    /// Signs that no text has.
    #[error("holds control characters")]
    ControlCharacters,
    /// An id that is none.
    #[error("is not the id of an attendee")]
    NotAnId,
    /// No country.
    #[error("is neither a country's code nor its name")]
    NotACountry,
    /// No role in a delegation.
    #[error("is none of head, alternate, member")]
    NotADelegationRole,
    /// No language.
    #[error("is neither a language nor a tag such as es or pt-BR")]
    NotALanguage,
    /// No status.
    #[error("is none of invited, requested, waitlisted, confirmed, declined, cancelled")]
    NotAStatus,
    /// Neither word.
    #[error("is neither yes nor no")]
    NotYesOrNo,
    /// No whole number.
    #[error("is not a whole number")]
    NotANumber,
    /// No address.
    #[error("is not an address for mail")]
    NotAnAddress,
    /// No telephone number.
    #[error("is not a number in international form such as +56 2 2345 6789")]
    NotAPhoneNumber,
    /// Too long, or of several lines.
    #[error("is not one line of 1 to {most} characters without control characters")]
    NotALine {
        /// The most characters.
        most: usize,
    },
    /// The name of nothing.
    #[error("{text:?} names none of the {}", .among.as_str())]
    NamesNone {
        /// What is written.
        text: String,
        /// What is named there.
        among: Collection,
    },
    /// The name of several.
    #[error("{text:?} is the name of several of the {}; write the slug", .among.as_str())]
    NamesSeveral {
        /// What is written.
        text: String,
        /// What is named there.
        among: Collection,
    },
    /// An answer to what is not asked.
    #[error("answers {question}, which is not asked in the category {category}")]
    NotAsked {
        /// The question's key.
        question: String,
        /// The category's slug.
        category: String,
    },
    /// None of the choices.
    #[error("{text:?} is none of the choices: {}", .choices.join(", "))]
    NotAChoice {
        /// What is written.
        text: String,
        /// The keys of the first choices.
        choices: Vec<String>,
    },
    /// A second row of one person.
    #[error("is the same person as in row {row}")]
    SamePerson {
        /// The first row.
        row: u32,
    },
    /// A second head of one delegation.
    #[error("heads the delegation that the person in row {row} heads")]
    SecondHead {
        /// The row of the first.
        row: u32,
    },
    /// A row of nobody.
    #[error("names nobody: there is neither a name nor an id nor an address")]
    Nobody,
    /// An id of somebody else's.
    #[error("is the id of nobody whom you reach")]
    NotReached,
    /// A name of several who are registered.
    #[error("may be one of several who are registered; write the attendee's id")]
    OneOfSeveral,
    /// An id of somebody who was erased.
    #[error("is the id of somebody who was erased; without it, the row is somebody new")]
    Erased,
    /// Nobody's name.
    #[error("is empty, and nobody who is registered has this id or address")]
    NameMissing,
    /// Somebody new without a category.
    #[error("is empty, and nobody who is registered is this person")]
    CategoryMissing,
    /// Somebody new of a focal point with several delegations.
    #[error("is empty; write which of your delegations it is")]
    DelegationMissing,
    /// What registering or changing them was refused with.
    #[error("{detail}")]
    Refused {
        /// The code of the refusal.
        reason: ProblemCode,
        /// The refusal in English.
        #[serde(skip)]
        detail: String,
    },
}

/// Why a text names no record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Misnamed {
    /// Nothing has the name.
    None,
    /// Several have it.
    Several,
}

impl Misnamed {
    /// What is wrong with a cell that holds such a text.
    pub fn in_cell(self, text: &str, among: Collection) -> CellProblem {
        let text = text.to_owned();
        match self {
            Self::None => CellProblem::NamesNone { text, among },
            Self::Several => CellProblem::NamesSeveral { text, among },
        }
    }
}
