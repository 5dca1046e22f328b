//! Who is expected at this checkpoint and has not come: what a coach waits for.

use std::collections::HashSet;

use shared::admission::{is_expected, subject_at, use_at};
use shared::ids::GuestIndex;

use super::super::error::DeviceError;
use super::roster::Person;
use super::station::{Asking, Station};
use super::words;

impl Station {
    /// How many are expected and have come, by vehicle where some run, and who has not.
    pub(super) fn missing(&mut self, asking: Asking<'_>) -> Result<String, DeviceError> {
        let at = self.now(asking)?.corrected();
        let places = self.roster.places();
        let (place, area) = places.checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        let subject = subject_at(places, area, at);
        let of = use_at((place.area, area), subject.as_ref());
        let on_the_way_there: Option<HashSet<GuestIndex>> =
            area.way_back_of.map(|there| self.roster.list_admissions(there).map(|one| one.guest).collect());
        let has_come = |index: Option<GuestIndex>| {
            index.is_some_and(|index| self.roster.admission(of, index).or_else(|| self.own.find(of, index)).is_some())
        };
        let (mut expected, mut come, mut missing) = (0, 0, Vec::new());
        for (index, guest, person) in self.roster.list_guests() {
            let is_awaited = match &on_the_way_there {
                Some(came) => index.is_some_and(|index| came.contains(&index)),
                None => is_expected(guest, subject.as_ref()),
            };
            if !is_awaited {
                continue;
            }
            expected += 1;
            if has_come(index) { come += 1 } else { missing.push(person) }
        }
        let nameless = missing.iter().filter(|person| person.is_none()).count();
        let mut names: Vec<String> = missing
            .into_iter()
            .flatten()
            .map(|person: &Person| words::name(&person.details, asking.language))
            .collect();
        names.sort();
        let inside = self.list_inside(of);
        let aboard = places.vehicle(self.checkpoint).map(|(id, vehicle)| {
            let name = vehicle.name.in_language(asking.language, self.roster.language());
            (name.to_owned(), self.count_aboard((of, id), &inside), vehicle.seats)
        });
        Ok(words::missing((expected, come), aboard.as_ref(), (&names, nameless), asking.language))
    }
}
