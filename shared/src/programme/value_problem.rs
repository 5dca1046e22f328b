//! What may be wrong with a value of a record.

use std::borrow::Cow;

use serde::Serialize;
use thiserror::Error;

use super::Collection;

/// What is wrong with a value: on the wire a stable word with what it names, in English the rest of a sentence that
/// begins with the field.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "code", content = "details", rename_all = "snake_case")]
pub enum ValueProblem {
    /// Nothing is there, and something has to be.
    #[error("is missing")]
    Missing,
    /// One of two fields that go together.
    #[error("is missing: it goes together with {field}")]
    MissingBeside {
        /// The other.
        field: &'static str,
    },
    /// A session without a time and without a day.
    #[error("is missing: a session has a time, or a day and order")]
    NoTime,
    /// A list or map with nothing in it.
    #[error("is empty")]
    Empty,
    /// Not of the form of a slug.
    #[error("is not a slug: lower-case letters, digits and single inner hyphens, at most 80, not shaped like a UUID")]
    NotASlug,
    /// A slug or key that an earlier item of the same list has.
    #[error("is that of an earlier one")]
    TakenEarlier,
    /// Not a line of text.
    #[error("is not one line of text of 1 to {most} characters without control characters")]
    NotALine {
        /// The most characters.
        most: usize,
    },
    /// Not a text of paragraphs.
    #[error("is blank, longer than {most} characters, or holds control characters")]
    NotAText {
        /// The most characters.
        most: usize,
    },
    /// No language tag (RFC 5646).
    #[error("is not a language tag such as en or pt-BR")]
    NotALanguage,
    /// A language that the event does not have.
    #[error("is not one of the languages")]
    NotOneOfTheLanguages,
    /// No country code (ISO 3166-1 alpha-2).
    #[error("is not a country code of two upper-case letters such as CL")]
    NotACountry,
    /// No colour.
    #[error("is not a colour such as #1f6feb")]
    NotAColour,
    /// No zone of the time zone database.
    #[error("is not a known time zone such as America/Santiago")]
    NotATimeZone,
    /// No time of day.
    #[error("is not a time of day such as 09:30")]
    NotATimeOfDay,
    /// No address of a page.
    #[error("is not an http or https address")]
    NotAWebAddress,
    /// A number that is too low or too high.
    #[error("is out of the range {least} to {most}")]
    OutOfRange {
        /// The least that it may be.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A list that is too long.
    #[error("has more than {most} items")]
    TooMany {
        /// The most items.
        most: usize,
    },
    /// The second time of one thing in a list.
    #[error("is in the list already")]
    ListedTwice,
    /// One person in one role twice.
    #[error("has the same person in the same role twice")]
    SameRoleTwice,
    /// A time that is to be later than another.
    #[error("is not after {field}")]
    NotAfter {
        /// The field with the other.
        field: &'static str,
    },
    /// A day before another that it may be the same as.
    #[error("is before {field}")]
    Before {
        /// The field with the other.
        field: &'static str,
    },
    /// A session of more than a week.
    #[error("is more than a week after {field}")]
    OverAWeekAfter {
        /// The field with the beginning.
        field: &'static str,
    },
    /// A field that means nothing without another.
    #[error("goes only together with {field}")]
    GoesWith {
        /// The other.
        field: &'static str,
    },
    /// A day or an order beside a time.
    #[error("is only for sessions without a time")]
    OnlyWithoutTime,
    /// A field of another kind of thing.
    #[error("is only for the kind {kind}")]
    OnlyForKind {
        /// The kind.
        kind: &'static str,
    },
    /// Choices where nothing is chosen, or none where something is.
    #[error("is for the kinds choice and choices, and only for them")]
    ChoicesMisplaced,
    /// A quota for nothing, or for two things.
    #[error("names a part or a session, and not both")]
    NotOneOfTwo,
    /// A quota of nothing.
    #[error("has neither at_most nor inside_at_most")]
    NoQuota,
    /// A second quota of one thing.
    #[error("is for the same as an earlier one")]
    SameAsEarlier,
    /// A rule that asks for nothing.
    #[error("has no list: nobody could meet it")]
    RuleForNobody,
    /// A second thing that an area guards.
    #[error("is one too many: an area guards a part, a room or a session, or none of them")]
    GuardsTwo,
    /// A margin around nothing.
    #[error("goes only together with a part, room or session")]
    GuardsNothing,
    /// A stop that a vehicle reaches before the one ahead of it.
    #[error("is before that of an earlier stop")]
    BeforeEarlierStop,
    /// A stop that the vehicle does not make.
    #[error("is none of the vehicle's stops")]
    NoSuchStop,
    /// An affiliation that the person does not have.
    #[error("is none of the person's {count}, which are counted from 0")]
    NoSuchAffiliation {
        /// How many the person has.
        count: usize,
    },
    /// A transfer without an end.
    #[error("leads back to the transfer itself")]
    LeadsBack,
    /// A reference to nothing.
    #[error("names {name:?}, which is not in {}", .among.as_str())]
    NamesNone {
        /// What it names: an id, or in a file a slug.
        name: String,
        /// Where that is not.
        among: Collection,
    },
    /// Another text under the version that people may have agreed to.
    #[error("is that of another text, which people may have agreed to; raise it")]
    VersionOfAnotherText,
    /// A version that goes back.
    #[error("is lower than that of the text before")]
    VersionGoesBack,
    /// A version that people said something to before the text was taken away.
    #[error("is to be over {newest}, which people said something to under this key")]
    VersionUsed {
        /// The newest of these.
        newest: u32,
    },
    /// What has no word, and is told in English alone.
    #[error("{detail}")]
    #[serde(skip)]
    Other {
        /// It in English.
        detail: Cow<'static, str>,
    },
}

impl ValueProblem {
    /// The problem with the names that its fields have elsewhere.
    pub fn with_fields_named(mut self, name_of: impl Fn(&'static str) -> &'static str) -> Self {
        match &mut self {
            Self::MissingBeside { field }
            | Self::NotAfter { field }
            | Self::Before { field }
            | Self::OverAWeekAfter { field }
            | Self::GoesWith { field } => *field = name_of(field),
            _ => {}
        }
        self
    }
}

impl From<&'static str> for ValueProblem {
    fn from(detail: &'static str) -> Self {
        Self::Other { detail: detail.into() }
    }
}

impl From<String> for ValueProblem {
    fn from(detail: String) -> Self {
        Self::Other { detail: detail.into() }
    }
}
