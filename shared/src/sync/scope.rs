//! Scopes: sets of rows that a device holds as a whole or not at all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::ids::{AttendeeId, RecordId};

/// A scope of one event. Its name on the wire is `public`, `gate:<object>`, `own:<attendee>` or
/// `organiser`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// The published programme; everybody holds it.
    Public,
    /// The full rows of one gated object.
    Gate(RecordId),
    /// One attendee's own rows.
    Own(AttendeeId),
    /// What organisers see.
    Organiser,
}

/// A text that names no scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("is not the name of a scope")]
pub struct MalformedScope;

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Gate(object) => write!(f, "gate:{object}"),
            Self::Own(attendee) => write!(f, "own:{attendee}"),
            Self::Organiser => f.write_str("organiser"),
        }
    }
}

impl FromStr for Scope {
    type Err = MalformedScope;
    fn from_str(text: &str) -> Result<Self, MalformedScope> {
        // Only the canonical spelling: two names of one scope would be two rows in a device's store.
        let scope = match text.split_once(':') {
            None if text == "public" => Self::Public,
            None if text == "organiser" => Self::Organiser,
            Some(("gate", id)) => Self::Gate(id.parse().map_err(|_| MalformedScope)?),
            Some(("own", id)) => Self::Own(id.parse().map_err(|_| MalformedScope)?),
            _ => return Err(MalformedScope),
        };
        if scope.to_string() == text { Ok(scope) } else { Err(MalformedScope) }
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
