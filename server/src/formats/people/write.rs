//! Writing tables: every cell as a text, none as a formula.

use std::fs::File;
use std::path::Path;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::cells::guard;

/// Rows as comma-separated values (RFC 4180), with the mark by which spreadsheets know UTF-8.
pub struct SeparatedWriter {
    buffer: Vec<u8>,
}

impl Default for SeparatedWriter {
    fn default() -> Self {
        Self { buffer: "\u{FEFF}".into() }
    }
}

impl SeparatedWriter {
    /// Adds a row.
    pub fn put(&mut self, cells: &[String]) {
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.buffer.push(b',');
            }
            let cell = guard(cell);
            if cell.contains(['"', ',', '\n', '\r', ';', '\t']) {
                self.buffer.push(b'"');
                self.buffer.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                self.buffer.push(b'"');
            } else {
                self.buffer.extend_from_slice(cell.as_bytes());
            }
        }
        self.buffer.extend_from_slice(b"\r\n");
    }

    /// What was added since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }
}

/// Rows as a workbook of one sheet. Rows that are written lie in a file, not in memory.
pub struct WorkbookWriter {
    workbook: Workbook,
    row: u32,
}

impl WorkbookWriter {
    /// An empty sheet; what is written lies in files without names in `folder`.
    ///
    /// # Errors
    ///
    /// The folder cannot be written to; a name that no sheet can have.
    pub fn new(folder: &Path, sheet: &str) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        workbook.add_worksheet_with_constant_memory()?.set_name(sheet)?.set_freeze_panes(1, 0)?;
        Ok(Self { workbook, row: 0 })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// More rows or columns than a sheet can have; the disk is full.
    pub fn put(&mut self, cells: &[String]) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(self.row, column as u16, cell)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the workbook.
    ///
    /// # Errors
    ///
    /// The disk is full.
    pub fn finish(mut self, to: &mut File) -> Result<(), XlsxError> {
        self.workbook.save_to_writer(to)
    }
}
