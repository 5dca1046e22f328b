//! Positions: how far a device has got in one scope.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// The database's epoch: minted by a restore, an operator's reset or a fail-over that lost commits.
/// Eight hexadecimal digits on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Epoch(pub u32);

/// The random nonce of one commit. Eight hexadecimal digits on the wire, `0` for no commit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub struct Nonce(pub u32);

/// One commit of an event: its number and nonce. `0.0` stands for no commit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Head {
    /// The number of the commit in its event, from 1.
    pub seq: u64,
    /// Its nonce.
    pub nonce: Nonce,
}

/// The row that a page ended with.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Place {
    /// Its rev.
    pub rev: u64,
    /// Its collection.
    pub collection: String,
    /// Its id.
    pub id: String,
}

/// A position: `epoch.seq.nonce`, and while a device pages `:rev.collection.id`, and inside a
/// reset also `:seq.nonce` of the head when the reset began. Devices compare positions for
/// equality only.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Position {
    /// The database's epoch.
    pub epoch: Epoch,
    /// The scope's head that the page was read with (for `covers`, the event's).
    pub head: Head,
    /// Where the page ended, if there are further ones.
    pub place: Option<Place>,
    /// The scope's head when the reset began that this page belongs to.
    pub reset_began: Option<Head>,
}

impl Position {
    /// A position at a head, not inside a page.
    pub fn at(epoch: Epoch, head: Head) -> Self {
        Self { epoch, head, place: None, reset_began: None }
    }

    /// Whether this `covers` is newer than `other`: of one epoch, and of a later commit.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        self.epoch == other.epoch && self.head.seq > other.head.seq
    }
}

/// A text that is no position.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("is not a position")]
pub struct MalformedPosition;

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            n => write!(f, "{n:08x}"),
        }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.nonce)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.head)?;
        if let Some(place) = &self.place {
            write!(f, ":{}.{}.{}", place.rev, place.collection, place.id)?;
        }
        if let Some(began) = &self.reset_began {
            write!(f, ":{began}")?;
        }
        Ok(())
    }
}

fn hex(text: &str) -> Result<u32, MalformedPosition> {
    let well_formed = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !well_formed {
        return Err(MalformedPosition);
    }
    u32::from_str_radix(text, 16).map_err(|_| MalformedPosition)
}

fn number(text: &str) -> Result<u64, MalformedPosition> {
    let canonical = text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    match (canonical, text.parse::<u64>()) {
        (true, Ok(n)) if n <= i64::MAX as u64 => Ok(n),
        _ => Err(MalformedPosition),
    }
}

impl FromStr for Epoch {
    type Err = MalformedPosition;
    fn from_str(text: &str) -> Result<Self, MalformedPosition> {
        hex(text).map(Self)
    }
}

impl FromStr for Nonce {
    type Err = MalformedPosition;
    fn from_str(text: &str) -> Result<Self, MalformedPosition> {
        match text {
            "0" => Ok(Self(0)),
            _ => match hex(text)? {
                0 => Err(MalformedPosition),
                n => Ok(Self(n)),
            },
        }
    }
}

impl FromStr for Head {
    type Err = MalformedPosition;
    fn from_str(text: &str) -> Result<Self, MalformedPosition> {
        let (seq, nonce) = text.split_once('.').ok_or(MalformedPosition)?;
        Ok(Self { seq: number(seq)?, nonce: nonce.parse()? })
    }
}

impl FromStr for Place {
    type Err = MalformedPosition;
    fn from_str(text: &str) -> Result<Self, MalformedPosition> {
        let mut parts = text.splitn(3, '.');
        let (Some(rev), Some(collection), Some(id)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(MalformedPosition);
        };
        let plain = |t: &str| {
            (1..=64).contains(&t.len())
                && t.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
        };
        if !plain(collection) || !plain(id) {
            return Err(MalformedPosition);
        }
        Ok(Self { rev: number(rev)?, collection: collection.to_owned(), id: id.to_owned() })
    }
}

impl FromStr for Position {
    type Err = MalformedPosition;
    fn from_str(text: &str) -> Result<Self, MalformedPosition> {
        let mut parts = text.split(':');
        let (epoch, head) = parts.next().and_then(|t| t.split_once('.')).ok_or(MalformedPosition)?;
        let place = parts.next().map(str::parse).transpose()?;
        let reset_began = parts.next().map(str::parse).transpose()?;
        if parts.next().is_some() {
            return Err(MalformedPosition);
        }
        Ok(Self { epoch: epoch.parse()?, head: head.parse()?, place, reset_began })
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct PositionVisitor;

impl de::Visitor<'_> for PositionVisitor {
    type Value = Position;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a position")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Position, E> {
        text.parse().map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By a visitor, so that no text is copied: a poll names twenty positions.
        deserializer.deserialize_str(PositionVisitor)
    }
}
