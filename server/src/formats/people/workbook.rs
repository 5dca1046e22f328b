//! Tables in workbooks (.xlsx): the first visible sheet, cell by cell.

use std::io::Cursor;
use std::panic::catch_unwind;

use calamine::{DataRef, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xlsx};

use super::fault::FileFault;
use super::package;
use super::table::{RowBuilder, Table};

/// What stands for a cell in which the spreadsheet could not calculate.
pub(super) const ERROR_CELL: &str = "#ERROR!";

/// Reads the first visible sheet.
pub(super) fn read(bytes: &[u8]) -> Result<Table, FileFault> {
    package::check(bytes)?;
    // The reader is not ours; a damaged file that it stumbles over is to be told as one.
    catch_unwind(|| read_checked(bytes)).unwrap_or(Err(FileFault::Damaged))
}

fn read_checked(bytes: &[u8]) -> Result<Table, FileFault> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| FileFault::Damaged)?;
    let is_read = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let name = workbook.sheets_metadata().iter().find(is_read).map(|sheet| sheet.name.clone());
    let name = name.ok_or(FileFault::NoSheet)?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|_| FileFault::Damaged)?;
    let mut table = Table::default();
    let mut row = RowBuilder::new(1);
    while let Some(cell) = cells.next_cell().map_err(|_| FileFault::Damaged)? {
        let ((line, column), text) = (cell.get_position(), text_of(cell.get_value()));
        let number = line.saturating_add(1);
        if number != row.number() {
            let finished = std::mem::replace(&mut row, RowBuilder::new(number));
            if number < finished.number() {
                return Err(FileFault::Damaged);
            }
            table.push(finished)?;
        }
        if (column as usize) < row.len() {
            return Err(FileFault::Damaged);
        }
        row.put(column as usize, &text)?;
    }
    table.push(row)?;
    if table.is_empty() { Err(FileFault::NoSheet) } else { Ok(table) }
}

/// A cell as somebody reads it: whole numbers without a point, days as in ISO 8601.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // `{}` writes a float without an exponent, however large.
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(moment) => text_of_moment(moment),
        DataRef::Error(_) => ERROR_CELL.to_owned(),
        DataRef::Empty => String::new(),
    }
}

fn text_of_moment(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }
}
