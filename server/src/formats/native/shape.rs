//! How a field of the file relates to the same field on the wire.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned};
use serde_json::Value;
use shared::programme::Collection;
use thiserror::Error;
use uuid::Uuid;

use super::problem::FileProblem;

/// The form of a value in the file.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A text: a string in the event's fallback language, or a map by language.
    Text,
    /// A string that has no language.
    Line,
    /// A word of a fixed set; the function tells what is wrong with another.
    Word(fn(&str) -> Option<FileProblem>),
    /// A whole number from 0.
    Number,
    /// `true` or `false`.
    Flag,
    /// A number with a fraction.
    Degrees,
    /// A day, `2018-11-26`.
    Day,
    /// A time in the event's zone, `2018-11-26 09:00`; in UTC on the wire.
    Moment,
    /// The slug of a record; its id on the wire.
    Reference(Collection),
    /// A list.
    List(&'static Shape),
    /// A map with these fields.
    Map(&'static [Field]),
    /// Records of another collection, written inside this one and kept beside it.
    Inner,
}

/// One field of a map.
pub(super) struct Field {
    /// Its name in the file.
    pub(super) name: &'static str,
    /// Its name on the wire.
    pub(super) wire: &'static str,
    /// Its form.
    pub(super) shape: Shape,
    /// What holds where it is not written.
    pub(super) absence: Absence,
}

/// What holds where a field is not written.
#[derive(Clone, Copy)]
pub(super) enum Absence {
    /// It is absent on the wire too.
    Fine,
    /// That is a fault. The JSON text stands in for a value that is missing or faulty, so that the
    /// rest of the record can still be checked.
    Fault(&'static str),
    /// It is this, as JSON text.
    Means(&'static str),
    /// It is `t1`, `t2` and so on, by its map's place in the list.
    Numbered,
}

impl Field {
    pub(super) const fn optional(name: &'static str, shape: Shape) -> Self {
        Self { name, wire: name, shape, absence: Absence::Fine }
    }

    pub(super) const fn required(name: &'static str, shape: Shape, stand_in: &'static str) -> Self {
        Self { name, wire: name, shape, absence: Absence::Fault(stand_in) }
    }

    pub(super) const fn with_default(name: &'static str, shape: Shape, json: &'static str) -> Self {
        Self { name, wire: name, shape, absence: Absence::Means(json) }
    }

    /// The same field under another name on the wire.
    pub(super) const fn on_the_wire(self, wire: &'static str) -> Self {
        Self { wire, ..self }
    }

    /// The slug of an item of a list that may do without one.
    pub(super) const fn numbered_slug() -> Self {
        Self { name: "slug", wire: "slug", shape: Shape::Line, absence: Absence::Numbered }
    }
}

/// The slug of a list's item that has none of its own; `index` counts from 0.
pub(super) fn numbered_slug(index: usize) -> String {
    format!("t{}", index + 1)
}

/// A JSON text of the tables as a value.
pub(super) fn constant(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or(Value::Null)
}

/// What is wrong with `text` as a word of `T`, a type of nothing but words.
pub(super) fn check_word<T: DeserializeOwned>(text: &str) -> Option<FileProblem> {
    let NoWord { words } = T::deserialize(StrDeserializer::new(text)).err()?;
    Some(FileProblem::NotAWord { words })
}

/// What is wrong with `text` as the id of an attendee.
pub(super) fn check_attendee(text: &str) -> Option<FileProblem> {
    text.parse::<Uuid>().err().map(|_| FileProblem::NotAnId)
}

/// Why a text is no word of a type: those that are.
#[derive(Debug, Error)]
#[error("is none of {words:?}")]
struct NoWord {
    words: &'static [&'static str],
}

impl de::Error for NoWord {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self { words: &[] }
    }

    fn unknown_variant(_: &str, words: &'static [&'static str]) -> Self {
        Self { words }
    }
}
