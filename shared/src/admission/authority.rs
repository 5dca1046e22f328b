//! By what right scans were made, and which of them count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Incident, IncidentKind, Recorded, Scan, ScanId, Use};
use crate::ids::{DeviceId, GuestIndex};
use crate::time::Timestamp;

/// By what right a scan was made. The server decides it when the scan is handed in, and it stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// A desk's, or that of a person who works at one: it takes back what anybody scanned.
    Desk,
    /// A door's: it takes back what it scanned itself.
    Door,
    /// None: the device was not in use by then, or the checkpoint was not its own. It counts for nothing.
    None,
}

impl Authority {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Desk, Self::Door, Self::None];

    /// The word in the database and in vectors.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Door => "door",
            Self::None => "none",
        }
    }
}

impl std::str::FromStr for Authority {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|authority| authority.as_str() == text).ok_or(())
    }
}

/// What takes scans back, by the scan.
pub(super) struct Undoing<'a>(BTreeMap<ScanId, Vec<&'a Recorded>>);

impl<'a> Undoing<'a> {
    pub(super) fn of(scans: &'a [Recorded]) -> Self {
        let mut undoing: BTreeMap<ScanId, Vec<&Recorded>> = BTreeMap::new();
        for recorded in scans {
            if let Some(undone) = recorded.scan.undoes {
                undoing.entry(undone).or_default().push(recorded);
            }
        }
        Self(undoing)
    }

    /// Whether a scan of a device is taken back by somebody who may.
    pub(super) fn takes_back(&self, (scan, device): (ScanId, Option<DeviceId>)) -> bool {
        self.0.get(&scan).is_some_and(|undoing| undoing.iter().any(|undo| may_take_back(undo, device)))
    }
}

fn may_take_back(undo: &Recorded, device: Option<DeviceId>) -> bool {
    match undo.authority {
        Authority::Desk => true,
        Authority::Door => undo.device == device,
        Authority::None => false,
    }
}

/// The scans that count: made by right, and taken back by nobody who may; each once, in their order.
pub(super) fn effective(scans: &[Recorded]) -> Vec<&Recorded> {
    let undoing = Undoing::of(scans);
    let counts = |recorded: &&Recorded| {
        let Recorded { scan, device, authority } = recorded;
        scan.undoes.is_none() && *authority != Authority::None && !undoing.takes_back((scan.id, *device))
    };
    let in_order: BTreeMap<(Timestamp, ScanId, Uuid), &Recorded> = scans
        .iter()
        .filter(counts)
        .map(|recorded| ((recorded.scan.at.corrected(), recorded.scan.id, recorded.scan.fact()), recorded))
        .collect();
    in_order.into_values().collect()
}

/// What somebody would have changed without a right to: scans by which guests would have gone through or people
/// would have been counted, and the taking back of others'. One incident of each guest in a use.
pub fn list_unauthorised(scans: &[Recorded]) -> Vec<Incident> {
    let undoing = Undoing::of(scans);
    let mut found: BTreeMap<(Use, Option<GuestIndex>), BTreeMap<Uuid, &Recorded>> = BTreeMap::new();
    for recorded in scans.iter().filter(|recorded| has_effect(&recorded.scan)) {
        let Recorded { scan, device, authority } = recorded;
        if undoing.takes_back((scan.id, *device)) {
            continue;
        }
        let undos = undoing.0.get(&scan.id).map(Vec::as_slice).unwrap_or_default();
        if *authority != Authority::None && undos.is_empty() {
            continue;
        }
        let shows = undos.iter().copied().chain([recorded]).map(|one| (one.scan.fact(), one));
        found.entry((scan.of_use(), scan.guest)).or_default().extend(shows);
    }
    let incident = |((of, guest), scans): ((Use, Option<GuestIndex>), BTreeMap<Uuid, &Recorded>)| {
        let guests: Vec<GuestIndex> = guest.into_iter().collect();
        Incident::of_use(IncidentKind::Unauthorised, of, &guests, &scans.into_values().collect::<Vec<_>>())
    };
    found.into_iter().map(incident).collect()
}

fn has_effect(scan: &Scan) -> bool {
    scan.passes() || (scan.undoes.is_none() && scan.count.is_some())
}

#[cfg(test)]
mod tests;
