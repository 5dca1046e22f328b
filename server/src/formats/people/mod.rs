//! Files of people: a table in a CSV or XLSX file, a heading over each column, a person in each row.
//!
//! Reading goes in two steps: [`read_table`] makes text of any file, and [`read_people`] makes of each
//! row what it says of a person, by the words of an event. Writing takes the same headings and words,
//! so that what was exported is read again as it was.

mod cells;
mod columns;
mod countries;
mod encoding;
mod fault;
mod file;
mod headings;
mod kept;
mod names;
mod package;
mod row;
mod seats;
mod separated;
mod table;
mod words;
mod workbook;
mod write;

pub use columns::{Column, Layout};
pub use fault::{CellFault, CellProblem, FileFault};
pub use file::{Faults, MOST_FAULTS, PeopleFile, read_people};
pub use headings::Known;
pub use kept::{Kept, cells_of};
pub use names::Names;
pub use row::{PersonRow, Reader, is_same_text};
pub use seats::{SeatSession, seat_cells, seat_headings, session_cells, session_headings};
pub use table::{MOST_CELL_CHARS, MOST_COLUMNS, MOST_ROWS, Row, Table, address};
pub use words::fold;
pub use write::{SeparatedWriter, WorkbookWriter};

/// Reads a file, whatever it is called: a zip package is a workbook, everything else is text.
///
/// # Errors
///
/// A file that cannot be a table of people, or is larger than one may be.
pub fn read_table(bytes: &[u8]) -> Result<Table, FileFault> {
    let table = if bytes.starts_with(b"PK") {
        workbook::read(bytes)?
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(FileFault::OldWorkbook);
    } else {
        separated::read(&encoding::decode(bytes)?)?
    };
    if table.is_empty() { Err(FileFault::Empty) } else { Ok(table) }
}

#[cfg(test)]
mod tests;
