//! Which column of a file is for what.

use shared::ids::RecordId;

use super::fault::FileFault;
use super::headings::Known;
use super::names::Names;
use super::table::{Row, Table, address, letters};
use super::words::fold;

/// How many rows may stand above the headings (a title, a date).
const ROWS_ABOVE: usize = 20;

/// What stands before a question's key or label in a heading.
const ANSWER_WORDS: [&str; 3] = ["answer", "respuesta", "resposta"];

/// What a column is for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Column {
    /// Something that every event has.
    Known(Known),
    /// The category in a part.
    PartCategory(RecordId),
    /// The answer to the question with this key.
    Answer(String),
}

impl Column {
    /// The column that a heading names.
    fn find(heading: &str, names: &Names) -> Option<Self> {
        if let Some((what, of)) = heading.split_once(':') {
            let (what, of) = (what.trim(), of.trim());
            if ANSWER_WORDS.contains(&fold(what).as_str()) {
                return names.find_question(of).map(|key| Self::Answer(key.to_owned()));
            }
            if Known::find(what) == Some(Known::Category)
                && let Ok(part) = names.parts.find(of)
            {
                return Some(Self::PartCategory(part));
            }
        }
        let known = Known::find(heading).map(Self::Known);
        known.or_else(|| names.find_question(heading).map(|key| Self::Answer(key.to_owned())))
    }

    /// What an export writes over the column, which names it again when it is read.
    pub fn heading(&self, names: &Names, language: &str) -> String {
        match self {
            Self::Known(known) => known.heading(language).to_owned(),
            Self::PartCategory(part) => {
                let part = names.parts.word_of(*part, language, names.fallback());
                format!("{}: {part}", Known::Category.heading(language))
            }
            Self::Answer(key) => {
                let label = names.label(key, language);
                let is_clear = Self::find(label, names).as_ref() == Some(self);
                let word = ANSWER_WORDS[super::words::language_index(language)];
                if is_clear { label.to_owned() } else { format!("{word}: {key}") }
            }
        }
    }

    /// The word for programs, such as `details/email` or `answers/diet`.
    pub fn word(&self) -> String {
        match self {
            Self::Known(known) => known.word().to_owned(),
            Self::PartCategory(part) => format!("part_categories/{part}"),
            Self::Answer(key) => format!("answers/{key}"),
        }
    }

    /// Every column that an export of this event can have, in order.
    pub fn list(names: &Names) -> Vec<Self> {
        let known = Known::ALL.iter().map(|(known, ..)| Self::Known(*known));
        let parts = names.parts.list().into_iter().map(Self::PartCategory);
        known.chain(parts).chain(names.question_keys().map(|key| Self::Answer(key.to_owned()))).collect()
    }
}

/// Where the headings of a file stand, and which column is for what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    columns: Vec<Option<Column>>,
    headings: Row,
    /// How many rows of the table come before the first person.
    skipped: usize,
}

impl Layout {
    /// Finds the headings: the first row that has a column by which people are known.
    ///
    /// # Errors
    ///
    /// There is none, or two columns are for one thing.
    pub fn find(table: &Table, names: &Names) -> Result<Self, FileFault> {
        for (index, row) in table.rows().iter().enumerate().take(ROWS_ABOVE) {
            let mut columns: Vec<_> = row.cells().map(|heading| Column::find(heading, names)).collect();
            let has = |known: Known| columns.contains(&Some(Column::Known(known)));
            let identifies =
                [Known::Name, Known::GivenName, Known::FamilyName, Known::Email, Known::ExternalId, Known::Attendee];
            if !identifies.into_iter().any(has) {
                continue;
            }
            if has(Known::FamilyName) && !has(Known::GivenName) {
                for (column, heading) in columns.iter_mut().zip(row.cells()) {
                    if Known::is_short_for_given_names(heading) {
                        *column = Some(Column::Known(Known::GivenName));
                    }
                }
            }
            refuse_twins(&columns, row)?;
            return Ok(Self { columns, headings: row.clone(), skipped: index + 1 });
        }
        Err(FileFault::NoHeadings)
    }

    /// The rows below the headings.
    pub fn people<'t>(&self, table: &'t Table) -> &'t [Row] {
        &table.rows()[self.skipped..]
    }

    /// The columns that are read, with their places from 0.
    pub fn columns(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter_map(|(index, column)| Some((index, column.as_ref()?)))
    }

    /// Where a column stands.
    pub fn position(&self, column: &Column) -> Option<usize> {
        self.columns().find(|(_, known)| *known == column).map(|(index, _)| index)
    }

    /// What the column at a place is for.
    pub fn column(&self, index: usize) -> Option<&Column> {
        self.columns.get(index)?.as_ref()
    }

    /// The heading over a place.
    pub fn heading(&self, index: usize) -> &str {
        self.headings.cell(index)
    }

    /// The headings that name nothing, each with its cell.
    pub fn list_unknown(&self) -> Vec<(String, &str)> {
        let headings = self.headings.cells().enumerate();
        let unknown = headings.filter(|(index, heading)| !heading.is_empty() && self.column(*index).is_none());
        unknown.map(|(index, heading)| (address(index, self.headings.number), heading)).collect()
    }
}

fn refuse_twins(columns: &[Option<Column>], row: &Row) -> Result<(), FileFault> {
    for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.is_some()) {
        if let Some(first) = columns[..index].iter().position(|earlier| earlier == column) {
            let what = format!("\"{}\" and \"{}\"", row.cell(first), row.cell(index));
            return Err(FileFault::TwoColumns { first: letters(first), second: letters(index), what });
        }
    }
    Ok(())
}
