//! What was scanned here and the server may not know of yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::admission::{Admission, Recorded, Use, UseFacts, derive};
use shared::ids::GuestIndex;
use shared::programme::EntryRule;

/// The scans of this device with what follows from them, by guest: a day without a network makes thousands,
/// of which a verdict looks at those of one.
#[derive(Default)]
pub struct OwnScans {
    of_guests: HashMap<GuestIndex, Vec<Recorded>>,
    admissions: HashMap<Use, BTreeMap<GuestIndex, Admission>>,
}

impl OwnScans {
    /// Of these scans.
    pub fn of(scans: Vec<Recorded>) -> Self {
        let mut own = Self::default();
        let mut guests = BTreeSet::new();
        for recorded in scans {
            if let Some(guest) = recorded.scan.guest {
                own.of_guests.entry(guest).or_default().push(recorded);
                guests.insert(guest);
            }
        }
        guests.into_iter().for_each(|guest| own.derive(guest));
        own
    }

    /// One more.
    pub fn push(&mut self, recorded: Recorded) {
        let Some(guest) = recorded.scan.guest else { return };
        self.of_guests.entry(guest).or_default().push(recorded);
        self.derive(guest);
    }

    fn derive(&mut self, guest: GuestIndex) {
        let Some(scans) = self.of_guests.get(&guest) else { return };
        let uses: BTreeSet<Use> = scans.iter().map(|recorded| recorded.scan.of_use()).collect();
        for of in uses {
            // Who was let in does not depend on the rule; what is odd is the server's to find.
            let facts = UseFacts { of, rule: EntryRule::Free, scans, voided: &BTreeMap::new(), share_seat: &[] };
            let admissions = self.admissions.entry(of).or_default();
            admissions.remove(&guest);
            admissions.extend(derive(&facts).admissions);
        }
    }

    /// That a guest was let in here.
    pub fn find(&self, of: Use, guest: GuestIndex) -> Option<&Admission> {
        self.admissions.get(&of)?.get(&guest)
    }

    /// Everybody who was let in here to a use.
    pub fn list(&self, of: Use) -> impl Iterator<Item = &Admission> {
        self.admissions.get(&of).into_iter().flat_map(BTreeMap::values)
    }
}
