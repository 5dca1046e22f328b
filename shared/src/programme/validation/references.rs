//! Which records a record points to.

use crate::ids::RecordId;
use crate::programme::{Admission, Collection, InvalidBody, OrganisationPart, Participation, RecordBody, RecordKey};
use crate::programme::{Person, Session, Transfer, ValueProblem, Venue};

/// Every record that `body` points to, each with the field as a JSON pointer. Attendees are not
/// records of the programme and are left out.
pub fn references(body: &RecordBody) -> Vec<(String, RecordKey)> {
    let mut found = References::default();
    match body {
        RecordBody::Events(event) => {
            found.one("/series", Collection::Series, event.series);
            found.organisations(&event.organisations);
        }
        RecordBody::Parts(part) => {
            found.one("/series", Collection::Series, part.series);
            found.admission(Some(&part.admission));
            found.organisations(&part.organisations);
        }
        RecordBody::Venues(venue) => found.venue(venue),
        RecordBody::Rooms(room) => found.one("/venue", Collection::Venues, Some(room.venue)),
        RecordBody::People(person) => found.person(person),
        RecordBody::ChoiceGroups(group) => found.one("/part", Collection::Parts, group.part),
        RecordBody::Sessions(session) => found.session(session),
        RecordBody::Exhibitors(exhibitor) => {
            found.one("/organisation", Collection::Organisations, exhibitor.organisation);
            found.many("/sessions", Collection::Sessions, &exhibitor.sessions);
        }
        RecordBody::Documents(document) => {
            found.one("/part", Collection::Parts, document.part);
            found.one("/session", Collection::Sessions, document.session);
            found.admission(document.admission.as_ref());
        }
        RecordBody::OverviewEntries(entry) => {
            found.one("/part", Collection::Parts, entry.part);
            found.many("/sessions", Collection::Sessions, &entry.sessions);
        }
        RecordBody::Delegations(delegation) => {
            found.one("/organisation", Collection::Organisations, delegation.organisation);
            for (index, quota) in delegation.quotas.iter().enumerate() {
                found.one(&format!("/quotas/{index}/part"), Collection::Parts, quota.part);
                found.one(&format!("/quotas/{index}/session"), Collection::Sessions, quota.session);
            }
        }
        RecordBody::Audiences(audience) => {
            for (index, rule) in audience.rules.iter().enumerate() {
                let field = format!("/rules/{index}");
                found.many(&format!("{field}/categories"), Collection::Categories, &rule.categories);
                found.one(&format!("{field}/part"), Collection::Parts, rule.part);
                found.many(&format!("{field}/delegations"), Collection::Delegations, &rule.delegations);
            }
        }
        RecordBody::AccessAreas(area) => {
            found.one("/part", Collection::Parts, area.part);
            found.one("/room", Collection::Rooms, area.room);
            found.one("/session", Collection::Sessions, area.session);
            found.many("/categories", Collection::Categories, &area.categories);
            found.many("/audiences", Collection::Audiences, &area.audiences);
            found.one("/way_back_of", Collection::AccessAreas, area.way_back_of);
        }
        RecordBody::Checkpoints(checkpoint) => {
            found.one("/area", Collection::AccessAreas, Some(checkpoint.area));
            found.one("/room", Collection::Rooms, checkpoint.room);
            found.one("/vehicle", Collection::Vehicles, checkpoint.vehicle);
        }
        RecordBody::Vehicles(vehicle) => {
            found.one("/session", Collection::Sessions, Some(vehicle.session));
            for (index, stop) in vehicle.stops.iter().enumerate() {
                found.one(&format!("/stops/{index}/venue"), Collection::Venues, stop.venue);
            }
        }
        RecordBody::Series(_) | RecordBody::Organisations(_) | RecordBody::Tracks(_) | RecordBody::Categories(_) => {}
    }
    found.0
}

/// The fields of `body` that point to a record for which `exists` is false.
pub fn missing_references(body: &RecordBody, exists: &dyn Fn(Collection, RecordId) -> bool) -> Vec<InvalidBody> {
    references(body)
        .into_iter()
        .filter(|(_, (collection, id))| !exists(*collection, *id))
        .map(|(field, (among, id))| InvalidBody {
            field,
            problem: ValueProblem::NamesNone { name: id.to_string(), among },
        })
        .collect()
}

#[derive(Default)]
struct References(Vec<(String, RecordKey)>);

impl References {
    fn one(&mut self, field: &str, collection: Collection, id: Option<RecordId>) {
        self.0.extend(id.map(|id| (field.to_owned(), (collection, id))));
    }

    fn many(&mut self, field: &str, collection: Collection, ids: &[RecordId]) {
        for (index, id) in ids.iter().enumerate() {
            self.one(&format!("{field}/{index}"), collection, Some(*id));
        }
    }

    fn organisations(&mut self, organisations: &[OrganisationPart]) {
        for (index, part) in organisations.iter().enumerate() {
            let field = format!("/organisations/{index}/organisation");
            self.one(&field, Collection::Organisations, Some(part.organisation));
        }
    }

    fn admission(&mut self, admission: Option<&Admission>) {
        if let Some(admission) = admission {
            self.many("/admission/audiences", Collection::Audiences, &admission.audiences);
        }
    }

    fn people(&mut self, field: &str, people: &[Participation]) {
        for (index, person) in people.iter().enumerate() {
            self.one(&format!("{field}/people/{index}/person"), Collection::People, Some(person.person));
        }
    }

    fn venue(&mut self, venue: &Venue) {
        for (index, way) in venue.travel_times.iter().enumerate() {
            self.one(&format!("/travel_times/{index}/to"), Collection::Venues, Some(way.to));
        }
    }

    fn person(&mut self, person: &Person) {
        for (index, affiliation) in person.affiliations.iter().enumerate() {
            let field = format!("/affiliations/{index}/organisation");
            self.one(&field, Collection::Organisations, affiliation.organisation);
        }
    }

    fn session(&mut self, session: &Session) {
        self.one("/part", Collection::Parts, session.part);
        self.one("/venue", Collection::Venues, session.venue);
        self.one("/room", Collection::Rooms, session.room);
        self.many("/tracks", Collection::Tracks, &session.tracks);
        self.admission(session.admission.as_ref());
        self.one("/choice_group", Collection::ChoiceGroups, session.choice_group);
        if let Some(Transfer { from, to, after, before }) = &session.transfer {
            self.one("/transfer/from", Collection::Venues, *from);
            self.one("/transfer/to", Collection::Venues, *to);
            self.one("/transfer/after", Collection::Sessions, *after);
            self.one("/transfer/before", Collection::Sessions, *before);
        }
        for (index, talk) in session.talks.iter().enumerate() {
            self.people(&format!("/talks/{index}"), &talk.people);
        }
        self.people("", &session.people);
    }
}
