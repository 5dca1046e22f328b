//! What a record must satisfy beyond its types: one set of rules for REST, mutations and imports.
//! Every fault is told with its field as a JSON pointer; nothing here looks at other records except
//! through [`missing_references`], [`missing_affiliations`] and [`endless_ways`].

mod affiliations;
mod bodies;
mod check_in;
mod faults;
mod people;
mod references;
mod session;
mod ways;

use super::{InvalidBody, RecordBody};
pub use affiliations::missing_affiliations;
pub use references::{missing_references, references};
pub use ways::endless_ways;

/// The longest list accepted in a record.
pub const LIST_MAX: usize = 500;

/// The largest number of people that a record may name.
pub const PEOPLE_MAX: u32 = 1_000_000;

/// Everything wrong with the fields of a record; empty if nothing is.
pub fn validate_body(body: &RecordBody) -> Vec<InvalidBody> {
    let mut faults = faults::Faults::default();
    faults.slug("/slug", body.slug());
    match body {
        RecordBody::Events(event) => bodies::check_event(&mut faults, event),
        RecordBody::Series(series) => bodies::check_series(&mut faults, series),
        RecordBody::Organisations(organisation) => bodies::check_organisation(&mut faults, organisation),
        RecordBody::Venues(venue) => bodies::check_venue(&mut faults, venue),
        RecordBody::Rooms(room) => bodies::check_room(&mut faults, room),
        RecordBody::Tracks(track) => bodies::check_track(&mut faults, track),
        RecordBody::People(person) => bodies::check_person(&mut faults, person),
        RecordBody::Delegations(delegation) => people::check_delegation(&mut faults, delegation),
        RecordBody::Categories(category) => people::check_category(&mut faults, category),
        RecordBody::Audiences(audience) => people::check_audience(&mut faults, audience),
        RecordBody::Parts(part) => bodies::check_part(&mut faults, part),
        RecordBody::ChoiceGroups(group) => faults.line_by_language("/title", &group.title),
        RecordBody::Sessions(session) => session::check_session(&mut faults, session),
        RecordBody::Exhibitors(exhibitor) => bodies::check_exhibitor(&mut faults, exhibitor),
        RecordBody::Documents(document) => bodies::check_document(&mut faults, document),
        RecordBody::OverviewEntries(entry) => bodies::check_overview_entry(&mut faults, entry),
        RecordBody::AccessAreas(area) => check_in::check_access_area(&mut faults, area),
        RecordBody::Vehicles(vehicle) => check_in::check_vehicle(&mut faults, vehicle),
        RecordBody::Checkpoints(checkpoint) => check_in::check_checkpoint(&mut faults, checkpoint),
    }
    faults.into_list()
}

#[cfg(test)]
mod tests;
