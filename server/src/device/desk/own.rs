//! What was scanned here and the server may not know of yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::admission::{Admission, Recorded, Use, UseFacts, derive};
use shared::ids::GuestIndex;
use shared::programme::EntryRule;

/// What follows for guests from the scans of this device, by use; none where such a scan took back what was known.
type OfGuests = BTreeMap<GuestIndex, Option<Admission>>;

/// The scans of this device with what follows from them and from what the server knows, by guest: a day without a
/// network makes thousands, of which a verdict looks at those of one.
#[derive(Default)]
pub struct OwnScans {
    of_guests: HashMap<GuestIndex, Vec<Recorded>>,
    admissions: HashMap<Use, OfGuests>,
}

impl OwnScans {
    /// Of these scans; `known` tells what the server knows.
    pub fn of<'a>(scans: Vec<Recorded>, known: impl Fn(Use, GuestIndex) -> Option<&'a Admission>) -> Self {
        let mut own = Self::default();
        let mut guests = BTreeSet::new();
        for recorded in scans {
            if let Some(guest) = recorded.scan.guest {
                own.of_guests.entry(guest).or_default().push(recorded);
                guests.insert(guest);
            }
        }
        guests.into_iter().for_each(|guest| own.derive(guest, &known));
        own
    }

    /// One more.
    pub fn push<'a>(&mut self, recorded: Recorded, known: impl Fn(Use, GuestIndex) -> Option<&'a Admission>) {
        let Some(guest) = recorded.scan.guest else { return };
        self.of_guests.entry(guest).or_default().push(recorded);
        self.derive(guest, &known);
    }

    fn derive<'a>(&mut self, guest: GuestIndex, known: &impl Fn(Use, GuestIndex) -> Option<&'a Admission>) {
        let Some(scans) = self.of_guests.get(&guest) else { return };
        let uses: BTreeSet<Use> = scans.iter().map(|recorded| recorded.scan.of_use()).collect();
        for of in uses {
            let known = known(of, guest).map(|admission| (guest, admission.clone())).into_iter().collect();
            // Who was let in does not depend on the rule; what is odd is the server's to find.
            let facts =
                UseFacts { of, rule: EntryRule::Free, scans, voided: &BTreeMap::new(), share_seat: &[], known: &known };
            let admission = derive(&facts).admissions.remove(&guest);
            self.admissions.entry(of).or_default().insert(guest, admission);
        }
    }

    /// What is to be said of a guest by what was scanned here; the outer is none where nothing was.
    pub fn find(&self, of: Use, guest: GuestIndex) -> Option<Option<&Admission>> {
        self.admissions.get(&of)?.get(&guest).map(Option::as_ref)
    }

    /// The same of everybody who was scanned here.
    pub fn list(&self, of: Use) -> impl Iterator<Item = (GuestIndex, Option<&Admission>)> {
        self.admissions.get(&of).into_iter().flatten().map(|(guest, admission)| (*guest, admission.as_ref()))
    }
}
