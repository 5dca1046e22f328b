//! Who is expected at this checkpoint and has not come: what a coach waits for.

use std::collections::{HashMap, HashSet};

use shared::admission::{GuestDetails, Ride, Standing, Use, is_expected, subject_at, use_at};
use shared::ids::GuestIndex;

use super::super::error::DeviceError;
use super::roster::Rider;
use super::station::{Asking, Station};
use super::words;

/// Somebody for whom the checkpoint waits.
struct Awaited {
    index: Option<GuestIndex>,
    details: Option<GuestDetails>,
    ride: Option<Ride>,
}

impl Station {
    /// How many are expected and have come, by vehicle and stop where some run, and who has not. A coach that
    /// people were told is theirs waits for those.
    pub(super) fn missing(&mut self, asking: Asking<'_>) -> Result<String, DeviceError> {
        let at = self.now(asking)?.corrected();
        let places = self.roster.places();
        let (place, area) = places.checkpoint(self.checkpoint).ok_or(DeviceError::NoRoster)?;
        let subject = subject_at(places, area, at);
        let of = use_at((place.area, area), subject.as_ref());
        let came: Option<HashSet<GuestIndex>> =
            area.way_back_of.map(|there| self.roster.list_admissions(there).map(|one| one.guest).collect());
        let riders = self.roster.list_riders(self.checkpoint);
        let own = places.vehicle(self.checkpoint).map(|(id, _)| id);
        let has_riders = riders.iter().any(|rider| Some(rider.ride.vehicle) == own);
        let awaited = match has_riders {
            true => riders
                .into_iter()
                .map(Awaited::from)
                .filter(|one| came.as_ref().is_none_or(|came| one.is_in(came)))
                .collect(),
            false => self.list_awaited(came.as_ref(), riders, |guest| is_expected(guest, subject.as_ref())),
        };
        let missing: Vec<&Awaited> = awaited.iter().filter(|one| !self.has_come(of, one.index)).collect();
        let counts = (awaited.len(), awaited.len() - missing.len());
        let nameless = missing.iter().filter(|one| one.details.is_none()).count();
        let mut names: Vec<String> = missing.iter().filter_map(|one| self.call(one, asking.language)).collect();
        names.sort();
        let stops = if has_riders { self.count_stops(of, &awaited, asking.language) } else { Vec::new() };
        let inside = self.list_inside(of);
        let aboard = self.roster.places().vehicle(self.checkpoint).map(|(id, vehicle)| {
            let name = vehicle.name.in_language(asking.language, self.roster.language());
            (name.to_owned(), self.count_aboard((of, id), &inside), vehicle.seats)
        });
        Ok(words::missing(counts, (aboard.as_ref(), &stops), (&names, nameless), asking.language))
    }

    fn has_come(&self, of: Use, index: Option<GuestIndex>) -> bool {
        index.is_some_and(|index| self.admission(of, index).is_some())
    }

    /// Who is expected by what the roster says, with what is known of their names and rides.
    fn list_awaited(
        &self,
        came: Option<&HashSet<GuestIndex>>,
        riders: Vec<Rider>,
        is_expected: impl Fn(Standing<'_>) -> bool,
    ) -> Vec<Awaited> {
        let mut known: HashMap<GuestIndex, Rider> =
            riders.into_iter().filter_map(|rider| Some((rider.index?, rider))).collect();
        let mut awaited = Vec::new();
        for (index, guest, person) in self.roster.list_guests() {
            let is_awaited = match came {
                Some(came) => index.is_some_and(|index| came.contains(&index)),
                None => is_expected(guest),
            };
            if !is_awaited {
                continue;
            }
            let rider = index.and_then(|index| known.remove(&index));
            let ride = rider.as_ref().map(|rider| rider.ride);
            let details = person.map(|person| person.details.clone()).or(rider.map(|rider| rider.details));
            awaited.push(Awaited { index, details, ride });
        }
        awaited
    }

    /// Somebody's name, and where they board.
    fn call(&self, one: &Awaited, language: &str) -> Option<String> {
        let name = words::name(one.details.as_ref()?, language);
        match one.ride.and_then(|ride| self.stop_of(ride, language)) {
            Some(stop) => Some(format!("{name} [{stop}]")),
            None => Some(name),
        }
    }

    /// A stop in words: where, and when.
    fn stop_of(&self, ride: Ride, language: &str) -> Option<String> {
        let vehicle = self.roster.places().vehicles.get(&ride.vehicle)?;
        let stop = vehicle.stops.get(usize::try_from(ride.stop?).ok()?)?;
        let place = stop.place.in_language(language, self.roster.language());
        Some(words::stop(place, stop.at, self.roster.zone()))
    }

    /// How many board where, and how many of them have come, in the order of the way.
    fn count_stops(&self, of: Use, awaited: &[Awaited], language: &str) -> Vec<(String, usize, usize)> {
        let Some((id, vehicle)) = self.roster.places().vehicle(self.checkpoint) else { return Vec::new() };
        let counts = (0..).zip(&vehicle.stops).filter_map(|(place, _)| {
            let ride = Ride { vehicle: id, stop: Some(place) };
            let here: Vec<&Awaited> = awaited.iter().filter(|one| one.ride == Some(ride)).collect();
            let come = here.iter().filter(|one| self.has_come(of, one.index)).count();
            Some((self.stop_of(ride, language)?, here.len(), come)).filter(|_| !here.is_empty())
        });
        counts.collect()
    }
}

impl Awaited {
    fn is_in(&self, came: &HashSet<GuestIndex>) -> bool {
        self.index.is_some_and(|index| came.contains(&index))
    }
}

impl From<Rider> for Awaited {
    fn from(Rider { index, details, ride }: Rider) -> Self {
        Self { index, details: Some(details), ride: Some(ride) }
    }
}
