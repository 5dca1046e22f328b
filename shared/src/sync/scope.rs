//! Scopes: sets of rows that a device holds as a whole or not at all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;
use uuid::Uuid;

use crate::ids::{AttendeeId, RecordId};

/// A scope of one event. Its name on the wire is `public`, `gate:<object>`, `own:<attendee>`,
/// `delegation:<delegation>`, `organiser`, `roster:full`, `roster:door`, `roster:protocol:<session>` or
/// `boarding:<checkpoint>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// The published programme; everybody holds it.
    Public,
    /// The full rows of one gated object.
    Gate(RecordId),
    /// One attendee's own rows.
    Own(AttendeeId),
    /// What focal points and liaison officers of a delegation see of its members.
    Delegation(RecordId),
    /// What organisers see.
    Organiser,
    /// What a device that checks who may enter needs, by its profile.
    Roster(Profile),
    /// Who is to ride in the vehicle behind one door, by name, for the devices at that door.
    Boarding(RecordId),
}

/// How much an enrolled device holds. On the wire it is `full`, `door` or `protocol:<session>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Profile {
    /// A desk's: everybody with their names, to be looked for.
    Full,
    /// A door's: personal details are readable only once the badge is presented.
    Door,
    /// That of the door of one session, whose few guests are shown in clear.
    Protocol(RecordId),
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
            Self::Delegation(delegation) => write!(f, "delegation:{delegation}"),
            Self::Organiser => f.write_str("organiser"),
            Self::Roster(profile) => write!(f, "roster:{profile}"),
            Self::Boarding(checkpoint) => write!(f, "boarding:{checkpoint}"),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("full"),
            Self::Door => f.write_str("door"),
            Self::Protocol(session) => write!(f, "protocol:{session}"),
        }
    }
}

impl FromStr for Profile {
    type Err = MalformedScope;
    fn from_str(text: &str) -> Result<Self, MalformedScope> {
        match text.split_once(':') {
            None if text == "full" => Ok(Self::Full),
            None if text == "door" => Ok(Self::Door),
            Some(("protocol", id)) => Ok(Self::Protocol(RecordId(canonical(id)?))),
            _ => Err(MalformedScope),
        }
    }
}

impl FromStr for Scope {
    type Err = MalformedScope;
    fn from_str(text: &str) -> Result<Self, MalformedScope> {
        match text.split_once(':') {
            None if text == "public" => Ok(Self::Public),
            None if text == "organiser" => Ok(Self::Organiser),
            Some(("gate", id)) => Ok(Self::Gate(RecordId(canonical(id)?))),
            Some(("own", id)) => Ok(Self::Own(AttendeeId(canonical(id)?))),
            Some(("delegation", id)) => Ok(Self::Delegation(RecordId(canonical(id)?))),
            Some(("roster", profile)) => Ok(Self::Roster(profile.parse()?)),
            Some(("boarding", id)) => Ok(Self::Boarding(RecordId(canonical(id)?))),
            _ => Err(MalformedScope),
        }
    }
}

/// An id in its only spelling, lower-case with hyphens: two names of one scope would be two scopes
/// in a device's store.
fn canonical(id: &str) -> Result<Uuid, MalformedScope> {
    if id.len() != 36 || id.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(MalformedScope);
    }
    Uuid::try_parse(id).map_err(|_| MalformedScope)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_has_one_name() {
        let id = "0192f1aa-7a10-7000-8000-00000000000a";
        for name in [
            "public".to_owned(),
            "organiser".to_owned(),
            format!("gate:{id}"),
            format!("own:{id}"),
            format!("delegation:{id}"),
            "roster:full".to_owned(),
            "roster:door".to_owned(),
            format!("roster:protocol:{id}"),
            format!("boarding:{id}"),
        ] {
            assert_eq!(name.parse::<Scope>().map(|scope| scope.to_string()), Ok(name));
        }
        let (upper, plain) = (id.to_uppercase(), id.replace('-', ""));
        for name in [
            format!("gate:{upper}"),
            format!("gate:{plain}"),
            format!("roster:{id}"),
            format!("roster:protocol:{upper}"),
            "roster:protocol".to_owned(),
            format!("boarding:{upper}"),
            "roster:".to_owned(),
            "gate:".to_owned(),
        ] {
            assert_eq!(name.parse::<Scope>(), Err(MalformedScope), "{name}");
        }
    }
}
