//! A sheet as text: what CSV and XLSX have in common, and how large it may be.

use shared::localised::TEXT_MAX_CHARS;

use super::fault::FileFault;

/// The most rows of a file, the headings among them.
pub const MOST_ROWS: usize = 50_000;

/// The most columns of a file.
pub const MOST_COLUMNS: usize = 200;

/// The longest text of a cell, in characters.
pub const MOST_CELL_CHARS: usize = TEXT_MAX_CHARS;

/// The rows of a file that hold anything, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Table {
    rows: Vec<Row>,
}

/// A row: its cells one behind the other in one text, since a file may have a million of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its number, from 1, as the spreadsheet shows it.
    pub number: u32,
    text: Box<str>,
    ends: Box<[u32]>,
}

impl Row {
    /// The text of a cell, by its column from 0; empty behind the last one.
    pub fn cell(&self, column: usize) -> &str {
        let end = |index: usize| self.ends.get(index).map_or(self.text.len(), |end| *end as usize);
        let start = if column == 0 { 0 } else { end(column - 1) };
        &self.text[start..end(column)]
    }

    /// How many cells it has, without empty ones at its end.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Its cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.cell(column))
    }
}

impl Table {
    /// Its rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row, unless all of it is blank.
    pub(super) fn push(&mut self, row: RowBuilder) -> Result<(), FileFault> {
        let Some(row) = row.finish() else { return Ok(()) };
        if self.rows.len() == MOST_ROWS {
            return Err(FileFault::TooManyRows);
        }
        self.rows.push(row);
        Ok(())
    }
}

/// A row that is being read.
#[derive(Debug)]
pub(super) struct RowBuilder {
    number: u32,
    text: String,
    ends: Vec<u32>,
}

impl RowBuilder {
    pub(super) fn new(number: u32) -> Self {
        Self { number, text: String::new(), ends: Vec::new() }
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// How many cells it has so far.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Puts a text into a column that lies behind the last one; cells between stay empty.
    pub(super) fn put(&mut self, column: usize, text: &str) -> Result<(), FileFault> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(FileFault::TooManyColumns { row: self.number });
        }
        // A character has four bytes at most: long texts are counted, short ones are not.
        if text.len() > MOST_CELL_CHARS && text.chars().count() > MOST_CELL_CHARS {
            return Err(FileFault::TooLongCell { cell: address(column, self.number) });
        }
        self.ends.resize(column, self.text.len() as u32);
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        Ok(())
    }

    fn finish(self) -> Option<Row> {
        (!self.ends.is_empty()).then(|| Row {
            number: self.number,
            text: self.text.into_boxed_str(),
            ends: self.ends.into_boxed_slice(),
        })
    }
}

/// A cell's name in a spreadsheet, such as `D17`; the column counts from 0, the row from 1.
pub fn address(column: usize, row: u32) -> String {
    format!("{}{row}", letters(column))
}

/// A column's name in a spreadsheet, such as `D`; it counts from 0.
pub(super) fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_in_a_spreadsheet() {
        let named = [0, 25, 26, 51, 52, 701, 702].map(|column| address(column, 7));
        assert_eq!(named, ["A7", "Z7", "AA7", "AZ7", "BA7", "ZZ7", "AAA7"]);
    }

    #[test]
    fn cells_stand_where_they_were_put_and_what_is_between_is_empty() {
        let mut row = RowBuilder::new(3);
        for (column, text) in [(1, " one "), (2, "  "), (4, "four"), (5, "")] {
            row.put(column, text).unwrap();
        }
        let mut table = Table::default();
        table.push(row).unwrap();
        table.push(RowBuilder::new(4)).unwrap();
        let [row] = table.rows() else { panic!("a blank row stayed: {table:?}") };
        assert_eq!(row.cells().collect::<Vec<_>>(), ["", "one", "", "", "four"]);
        assert_eq!((row.cell(9), row.number), ("", 3));
    }

    #[test]
    fn a_row_has_no_more_cells_and_a_cell_no_more_characters_than_may_be() {
        let mut row = RowBuilder::new(9);
        assert_eq!(row.put(MOST_COLUMNS, "x"), Err(FileFault::TooManyColumns { row: 9 }));
        assert_eq!(row.put(2, &"é".repeat(MOST_CELL_CHARS)), Ok(()));
        let long = row.put(3, &"é".repeat(MOST_CELL_CHARS + 1));
        assert_eq!(long, Err(FileFault::TooLongCell { cell: "D9".to_owned() }));
    }

    #[test]
    fn a_table_has_no_more_rows_than_may_be() {
        let mut table = Table::default();
        let mut push = |number: usize| {
            let mut row = RowBuilder::new(number as u32);
            row.put(0, "x").unwrap();
            table.push(row)
        };
        (1..=MOST_ROWS).for_each(|number| push(number).unwrap());
        assert_eq!(push(MOST_ROWS + 1), Err(FileFault::TooManyRows));
    }
}
