//! Scans: what happened at a checkpoint, as the device that saw it says.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Reason, Use};
use crate::ids::{GuestIndex, RecordId};
use crate::localised::is_line;
use crate::object;
use crate::reading::{Misfit, read};
use crate::sync::Position;
use crate::time::Timestamp;

/// The id of a scan, made by the device: a UUID, never a counter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScanId(pub Uuid);

impl fmt::Display for ScanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ScanId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::parse_str(text).map(Self)
    }
}

/// One scan, as it travels and as it is kept: a fact that nothing changes. What was wrong is taken back by
/// another one (`undoes`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Its id.
    pub id: ScanId,
    /// Where.
    pub checkpoint: RecordId,
    /// What was entered or left.
    pub area: RecordId,
    /// The session that was on, where the area guards a room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// Who; absent where the code named nobody, and for a hand counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<GuestIndex>,
    /// Which of the guest's badges; absent where they were found by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<u32>,
    /// The SHA-256, in hexadecimal, of a code that named nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_hash: Option<String>,
    /// In which direction.
    #[serde(default, skip_serializing_if = "Direction::is_in")]
    pub direction: Direction,
    /// When.
    pub at: ScanTime,
    /// What was decided; absent for a hand counter and where a scan is taken back.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Decided>,
    /// What it was decided on.
    #[serde(default, skip_serializing_if = "Basis::is_none")]
    pub decided_on: Basis,
    /// Why somebody was let in or turned away by hand, against the verdict or without a badge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
    /// The scan that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<ScanId>,
    /// How many people a hand counter counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// In which direction somebody goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// In.
    #[default]
    In,
    /// Out.
    Out,
}

impl Direction {
    /// Whether it is in.
    pub fn is_in(&self) -> bool {
        *self == Self::In
    }
}

/// When something happened by a device's clocks, and what the device knew of the server's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanTime {
    /// Wall time.
    pub wall: Timestamp,
    /// Milliseconds of a clock that never jumps, since `boot`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monotonic_ms: Option<u64>,
    /// Names the device's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
    /// How far the server's clock is ahead of the device's wall time, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_ms: Option<i64>,
    /// How far from that the truth may lie either way, in milliseconds; absent where nobody can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncertainty_ms: Option<u64>,
}

impl ScanTime {
    /// A time that is known exactly: the server's own.
    pub fn exact(at: Timestamp) -> Self {
        Self { wall: at, monotonic_ms: None, boot: None, offset_ms: Some(0), uncertainty_ms: Some(0) }
    }

    /// The time by the server's clock, as far as the device knew.
    pub fn corrected(&self) -> Timestamp {
        Timestamp(self.wall.0.saturating_add(self.offset_ms.unwrap_or(0)))
    }

    /// The earliest and the latest that it can have been; none where nobody can say.
    pub fn bounds(&self) -> Option<(Timestamp, Timestamp)> {
        let (at, either_way) = (self.corrected().0, self.uncertainty_ms.filter(|_| self.offset_ms.is_some())?);
        Some((Timestamp(at.saturating_sub_unsigned(either_way)), Timestamp(at.saturating_add_unsigned(either_way))))
    }

    /// Whether it cannot be: later than the server received it, by more than the clocks may differ.
    pub fn is_implausible(&self, received_at: Timestamp) -> bool {
        let earliest = self.bounds().map_or(self.corrected(), |(earliest, _)| earliest);
        earliest > received_at.plus_minutes(TOLERANCE_MINUTES)
    }
}

/// By how much a time may lie in the future before it is said to be odd.
const TOLERANCE_MINUTES: i64 = 2;

/// What was decided at a checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// Whether the guest was let through.
    pub admits: bool,
    /// What the judge said. It refuses where somebody was let in by hand all the same.
    pub reason: Reason,
}

/// What something was decided on.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Basis {
    /// The newest `covers` that the device had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<Position>,
    /// How old that was, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
}

impl Basis {
    /// Whether it says nothing.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Scan {
    /// The most people that one scan of a hand counter counts.
    pub const MOST_COUNTED: u32 = 10_000;

    /// Reads one that a device hands in.
    ///
    /// # Errors
    ///
    /// The field at fault: of the wrong form, or longer than what anybody writes.
    pub fn read(value: &Value) -> Result<Self, Misfit> {
        let scan: Self = read(value)?;
        let is_hash = |hash: &String| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let fault = |field: &str, problem: &str| Misfit { field: field.to_owned(), problem: problem.to_owned() };
        if scan.by_hand.as_deref().is_some_and(|reason| !is_line(reason)) {
            return Err(fault("/by_hand", "is not a line of text"));
        }
        if scan.at.boot.as_deref().is_some_and(|boot| !is_line(boot)) {
            return Err(fault("/at/boot", "is not a line of text"));
        }
        if scan.code_hash.as_ref().is_some_and(|hash| !is_hash(hash)) {
            return Err(fault("/code_hash", "is not 64 hexadecimal digits"));
        }
        if scan.count.is_some_and(|count| count > Self::MOST_COUNTED) {
            return Err(fault("/count", &format!("is more than {}", Self::MOST_COUNTED)));
        }
        Ok(scan)
    }

    /// What an admission by it counts for.
    pub fn of_use(&self) -> Use {
        Use { area: self.area, session: self.session }
    }

    /// Under what it is kept: a UUID of version 5 of its whole content. The same scan handed in twice is
    /// kept once, and another under the same id beside it.
    pub fn fact(&self) -> Uuid {
        let content = serde_json::to_vec(self).unwrap_or_default();
        Uuid::new_v5(&self.id.0, &content)
    }

    /// Whether it says that a guest went in.
    pub fn lets_in(&self) -> bool {
        self.passes() && self.direction == Direction::In
    }

    /// Whether it says that a guest went through, in whichever direction.
    pub fn passes(&self) -> bool {
        self.undoes.is_none() && self.guest.is_some() && self.verdict.is_some_and(|verdict| verdict.admits)
    }
}

#[cfg(test)]
mod tests;
