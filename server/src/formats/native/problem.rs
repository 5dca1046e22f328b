//! What may be wrong with a file of a programme.

use chrono_tz::Tz;
use serde::Serialize;
use shared::programme::ValueProblem;
use thiserror::Error;

use super::{FILE_MAX_BYTES, FORMAT_VERSION};

/// What is wrong with a file or with something in it: on the wire a stable word with what it names, in English the rest
/// of a sentence that begins with the field.
#[derive(Clone, PartialEq, Eq, Debug, Error, Serialize)]
#[serde(tag = "code", content = "details", rename_all = "snake_case")]
pub enum FileProblem {
    /// Too many bytes.
    #[error("is larger than {} MiB", FILE_MAX_BYTES >> 20)]
    TooLarge,
    /// Not the bytes of UTF-8.
    #[error("is not UTF-8 text from here on")]
    NotUtf8,
    /// What the parser says.
    #[error("is not valid YAML: {detail}")]
    NotYaml {
        /// The parser's own words, in English.
        detail: String,
    },
    /// Another document after the first.
    #[error("holds more than one YAML document")]
    SeveralDocuments,
    /// A tag, `!!binary`.
    #[error("has a YAML tag, which this format does not use")]
    Tag,
    /// An alias, `*name`.
    #[error("has a YAML alias, which this format does not use")]
    Alias,
    /// Lists in lists in lists.
    #[error("is nested too deeply")]
    TooDeep,
    /// More values than a programme has.
    #[error("has too many values")]
    TooManyValues,
    /// More keys than a map has.
    #[error("has a map with too many keys")]
    TooManyKeys,
    /// One key a second time.
    #[error("is there twice")]
    KeyTwice,
    /// A key that is no text.
    #[error("has a list or map as a key")]
    KeyNotText,
    /// Something else than a programme.
    #[error("is not a map that begins with cumbre: {FORMAT_VERSION}")]
    NotAProgramme,
    /// No version.
    #[error("is missing: a programme begins with cumbre: {FORMAT_VERSION}")]
    NoVersion,
    /// Another version.
    #[error("is not a version that can be read: this is version {FORMAT_VERSION}")]
    OtherVersion,
    /// A key that means nothing where it stands.
    #[error("is not a field here; these are: {}", .known.join(", "))]
    UnknownField {
        /// Those that do.
        known: Vec<&'static str>,
    },
    /// A list is to stand here.
    #[error("is not a list")]
    NotAList,
    /// A map is to stand here.
    #[error("is not a map of fields")]
    NotAMap,
    /// One value is to stand here.
    #[error("is a list or map, where one value is expected")]
    NotOneValue,
    /// A text is to stand here.
    #[error("is a list, where a text is expected")]
    NotTexts,
    /// No text in any language.
    #[error("has no text")]
    NoText,
    /// None of the words that may stand here.
    #[error("is none of {}", .words.join(", "))]
    NotAWord {
        /// Those that may.
        words: &'static [&'static str],
    },
    /// No id of an attendee.
    #[error("is not the id of an attendee")]
    NotAnId,
    /// No number from 0.
    #[error("is not a whole number from 0 to {}", u32::MAX)]
    NotAWholeNumber,
    /// No number.
    #[error("is not a number")]
    NotANumber,
    /// Neither word.
    #[error("is neither true nor false")]
    NotTrueOrFalse,
    /// No day.
    #[error("is not a day of the form 2018-11-26 from the year 1900 to 2200")]
    NotADay,
    /// No time.
    #[error("is not a time of the form 2018-11-26 09:00 from the year 1900 to 2200")]
    NotAMoment,
    /// A time in the hour that a change of clocks leaves out.
    #[error("does not exist: clocks in {zone} skip it")]
    SkippedHour {
        /// The time zone.
        zone: Tz,
    },
    /// What is wrong with the value of any record.
    #[error(transparent)]
    #[serde(untagged)]
    Value(#[from] ValueProblem),
}
