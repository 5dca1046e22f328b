//! What is held about somebody, as documents. A document has facts and lists; a list that is longer
//! than a document bears goes on in the next one.

mod account;
mod lists;
mod person;
mod presence;
mod sight;
mod work;

use std::collections::BTreeMap;

use diesel::QueryResult;
use serde_json::{Map, Value};

use crate::database::Connection;

pub use account::read_account;
pub use person::read_person;
pub use sight::{Sight, add_titles};

/// How far each list was read, by its name: the key of the last line.
pub type Places = BTreeMap<String, String>;

/// Which document is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extent {
    /// How far the lists were read before; none for the first document, which has all.
    pub places: Option<Places>,
    /// The most lines of each list.
    pub limit: usize,
}

/// One document of what is held.
#[derive(Clone, PartialEq, Debug)]
pub struct Holdings {
    /// What there is one of, and the lists, by name.
    pub sections: Map<String, Value>,
    /// Where the next document goes on; none after the last.
    pub next: Option<Places>,
}

/// Lines with their keys, in the order of the keys.
type Lines = QueryResult<Vec<(String, Value)>>;

/// A list of what is held: its name, and how its lines after a key are read, at most so many.
type List<S> = (&'static str, fn(&mut Connection, &S, (&str, i64)) -> Lines);

impl Extent {
    /// Whether this is the first document, which has the facts.
    fn is_first(&self) -> bool {
        self.places.is_none()
    }

    /// After which key a list goes on; none where it was read to its end.
    fn after(&self, name: &str) -> Option<&str> {
        match &self.places {
            None => Some(""),
            Some(places) => places.get(name).map(String::as_str),
        }
    }
}

/// Reads the lists into the document.
fn read_lists<S>(
    connection: &mut Connection,
    subject: &S,
    lists: &[List<S>],
    (extent, mut sections): (&Extent, Map<String, Value>),
) -> QueryResult<Holdings> {
    let mut next = Places::new();
    for (name, read) in lists {
        let Some(after) = extent.after(name) else { continue };
        let mut lines = read(connection, subject, (after, extent.limit as i64 + 1))?;
        if lines.len() > extent.limit {
            lines.truncate(extent.limit);
            next.extend(lines.last().map(|(key, _)| ((*name).to_owned(), key.clone())));
        }
        sections.insert((*name).to_owned(), lines.into_iter().map(|(_, value)| value).collect());
    }
    Ok(Holdings { sections, next: (!next.is_empty()).then_some(next) })
}

/// Stored JSON; what is none is shown as it lies there.
fn stored_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// Puts a field into an object unless it is null.
fn put(object: &mut Value, name: &str, value: Value) {
    if !value.is_null() {
        object[name] = value;
    }
}

/// The object without its fields that are null: what has no value is absent.
fn without_nulls(mut object: Value) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.retain(|_, value| !value.is_null());
    }
    object
}
