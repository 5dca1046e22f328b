//! Tables as text: cells separated by commas, semicolons or tabs, as spreadsheets write them.

use csv::{ReaderBuilder, StringRecord};

use super::cells::strip_guard;
use super::fault::FileFault;
use super::table::{RowBuilder, Table};

/// What may stand between cells; of two that occur as often, the earlier one it is.
const SEPARATORS: [char; 3] = ['\t', ';', ','];

/// Reads the rows of a text.
pub(super) fn read(text: &str) -> Result<Table, FileFault> {
    let (separator, text) = split_declaration(text);
    let separator = separator.unwrap_or_else(|| find_separator(text));
    let mut reader =
        ReaderBuilder::new().delimiter(separator as u8).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut table, mut record, mut number) = (Table::default(), StringRecord::new(), 0);
    let mut last_start = 0;
    while reader.read_record(&mut record).map_err(|_| FileFault::Damaged)? {
        last_start = record.position().map_or(0, |position| position.byte() as usize);
        number += 1 + count_blank_lines(text, last_start);
        let mut row = RowBuilder::new(number);
        for (column, cell) in record.iter().enumerate() {
            row.put(column, strip_guard(cell))?;
        }
        table.push(row)?;
    }
    if is_left_open(&text[last_start..], separator) {
        return Err(FileFault::OpenQuote { row: number });
    }
    Ok(table)
}

/// The separator that a first line `sep=;` declares, which spreadsheets read and do not show.
fn split_declaration(text: &str) -> (Option<char>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end_matches('\r');
    let declared =
        line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| line[4..].chars().next());
    match declared {
        Some(separator) if separator.is_ascii() && line.len() == 5 => (Some(separator), rest),
        _ => (None, text),
    }
}

/// How many blank lines stand from here on: the reader leaves them out, a spreadsheet counts them.
fn count_blank_lines(text: &str, start: usize) -> u32 {
    let mut rest = &text[start..];
    // The reader ends a record at the first character of a line break of two.
    if text[..start].ends_with('\r') {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut count = 0;
    while let Some(next) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])) {
        rest = next;
        count += 1;
    }
    count
}

/// The separator that occurs most outside quotes in the first line that has any.
fn find_separator(text: &str) -> char {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut is_quoted = false;
    for c in text.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\n' | '\r' if !is_quoted && counts.iter().any(|count| *count > 0) => break,
            _ if is_quoted => {}
            _ => {
                if let Some(index) = SEPARATORS.iter().position(|separator| *separator == c) {
                    counts[index] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    match counts.iter().position(|count| *count == most && most > 0) {
        Some(index) => SEPARATORS[index],
        None => ',',
    }
}

/// Whether the last record begins a quoted cell that has no end: what follows it was swallowed.
fn is_left_open(text: &str, separator: char) -> bool {
    let (mut is_quoted, mut is_at_start) = (false, true);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if is_quoted && characters.peek() == Some(&'"') => drop(characters.next()),
            '"' if is_quoted => is_quoted = false,
            '"' if is_at_start => is_quoted = true,
            _ => {}
        }
        is_at_start = !is_quoted && (c == separator || c == '\n' || c == '\r');
    }
    is_quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(u32, Vec<String>)> {
        let table = read(text).unwrap();
        table.rows().iter().map(|row| (row.number, row.cells().map(str::to_owned).collect())).collect()
    }

    fn rows(rows: &[(u32, &[&str])]) -> Vec<(u32, Vec<String>)> {
        rows.iter().map(|(number, cells)| (*number, cells.iter().map(|cell| (*cell).to_owned()).collect())).collect()
    }

    #[test]
    fn commas_semicolons_and_tabs_are_told_apart() {
        let expected = rows(&[(1, &["Name", "Position"]), (2, &["Soto, Ana", "Head; acting"])]);
        assert_eq!(cells("Name,Position\n\"Soto, Ana\",\"Head; acting\"\n"), expected);
        assert_eq!(cells("Name;Position\r\n\"Soto, Ana\";\"Head; acting\"\r\n"), expected);
        assert_eq!(cells("Name\tPosition\nSoto, Ana\tHead; acting"), expected);
        assert_eq!(cells("List of people\n\"Name, as printed\";Position\n")[1].1, ["Name, as printed", "Position"]);
    }

    #[test]
    fn a_separator_that_is_declared_counts_and_the_line_does_not() {
        assert_eq!(
            cells("sep=|\r\nName|E-mail\nAna|a@b.org\n"),
            rows(&[(1, &["Name", "E-mail"]), (2, &["Ana", "a@b.org"])])
        );
        assert_eq!(cells("SEP=,\nName;E-mail,City\n")[0].1, ["Name;E-mail", "City"]);
    }

    #[test]
    fn quotes_hold_line_breaks_quotes_and_separators() {
        let text = "Name,Note\n\"Ana \"\"La Jefa\"\" Soto\",\"two\r\nlines, one cell\"\nBruno,\"\"\n";
        let expected =
            rows(&[(1, &["Name", "Note"]), (2, &["Ana \"La Jefa\" Soto", "two\r\nlines, one cell"]), (3, &["Bruno"])]);
        assert_eq!(cells(text), expected);
        assert_eq!(cells("Name,Size\nAna,5\" disk\n")[1].1, ["Ana", "5\" disk"]);
    }

    #[test]
    fn rows_are_numbered_as_the_spreadsheet_shows_them() {
        let text = "Name,Note\n\nAna,\"a\nb\"\n,,,\n\n\nBruno,c\n";
        assert_eq!(cells(text).iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 3, 7]);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_and_not_read_as_one_large_cell() {
        assert_eq!(read("Name,Note\nAna,\"x\nBruno,y\n"), Err(FileFault::OpenQuote { row: 2 }));
        assert!(read("Name,Note\nAna,\"x\"\"\"\n").is_ok());
        let long = format!("Name,Note\nAna,\"{}\nBruno,y\n", "x".repeat(30_000));
        assert_eq!(read(&long), Err(FileFault::TooLongCell { cell: "B2".to_owned() }));
    }

    #[test]
    fn a_million_columns_are_refused_and_a_million_empty_ones_are_none() {
        assert_eq!(read(&"x,".repeat(1_000_000)), Err(FileFault::TooManyColumns { row: 1 }));
        assert_eq!(cells(&format!("Name{}\n", ",".repeat(1_000_000))), rows(&[(1, &["Name"])]));
    }
}
