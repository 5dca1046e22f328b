//! What is wrong with a file, or with one of its cells.

use thiserror::Error;

use super::table::{MOST_CELL_CHARS, MOST_COLUMNS, MOST_ROWS};

/// Why a file is not read at all.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
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
    #[error("the file is in {0}; save it as \"CSV UTF-8\" or as .xlsx")]
    Encoding(&'static str),
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
    /// What is wrong, as the rest of a sentence or a sentence.
    pub problem: String,
}
