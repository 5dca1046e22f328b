//! The checks of every collection but sessions.

use super::PEOPLE_MAX;
use super::faults::Faults;
use crate::programme::{
    Document, Event, Exhibitor, Organisation, OverviewEntry, Part, Person, Room, Series, Track, ValueProblem, Venue,
};

pub(super) fn check_event(faults: &mut Faults, event: &Event) {
    faults.line_by_language("/title", &event.title);
    faults.optional_line_by_language("/theme", event.theme.as_ref());
    faults.paragraphs("/description", event.description.as_ref());
    faults.number("/ordinal", event.ordinal, 1..=10_000);
    faults.require(event.ends_on >= event.starts_on, "/ends_on", ValueProblem::Before { field: "starts_on" });
    let zone_known = event.time_zone.parse::<chrono_tz::Tz>().is_ok();
    faults.require(zone_known, "/time_zone", ValueProblem::NotATimeZone);
    faults.list("/languages", &event.languages);
    faults.require(!event.languages.is_empty(), "/languages", ValueProblem::Empty);
    for (index, tag) in event.languages.iter().enumerate() {
        faults.language(format!("/languages/{index}"), tag);
    }
    let fallback_declared = event.languages.contains(&event.fallback_language);
    faults.require(fallback_declared, "/fallback_language", ValueProblem::NotOneOfTheLanguages);
    faults.optional_line_by_language("/place", event.place.as_ref());
    faults.organisations(&event.organisations);
    faults.links(&event.links);
}

pub(super) fn check_series(faults: &mut Faults, series: &Series) {
    faults.line_by_language("/title", &series.title);
    faults.paragraphs("/description", series.description.as_ref());
    faults.links(&series.links);
}

pub(super) fn check_organisation(faults: &mut Faults, organisation: &Organisation) {
    faults.line_by_language("/name", &organisation.name);
    faults.optional_line("/short_name", organisation.short_name.as_ref());
    faults.country("/country", organisation.country.as_ref());
    faults.links(&organisation.links);
}

pub(super) fn check_venue(faults: &mut Faults, venue: &Venue) {
    faults.line_by_language("/name", &venue.name);
    faults.optional_line("/address", venue.address.as_ref());
    faults.optional_line("/city", venue.city.as_ref());
    faults.country("/country", venue.country.as_ref());
    faults.paragraphs("/directions", venue.directions.as_ref());
    let latitude_real = venue.latitude.is_none_or(|degrees| (-90.0..=90.0).contains(&degrees));
    faults.require(latitude_real, "/latitude", ValueProblem::OutOfRange { least: -90, most: 90 });
    let longitude_real = venue.longitude.is_none_or(|degrees| (-180.0..=180.0).contains(&degrees));
    faults.require(longitude_real, "/longitude", ValueProblem::OutOfRange { least: -180, most: 180 });
    let both = venue.latitude.is_some() == venue.longitude.is_some();
    faults.require(both, "/latitude", ValueProblem::GoesWith { field: "longitude" });
    let targets: Vec<_> = venue.travel_times.iter().map(|way| way.to).collect();
    faults.list("/travel_times", &targets);
    for (index, way) in venue.travel_times.iter().enumerate() {
        faults.number(format!("/travel_times/{index}/minutes"), Some(way.minutes), 0..=1_440);
    }
}

pub(super) fn check_room(faults: &mut Faults, room: &Room) {
    faults.line_by_language("/name", &room.name);
    faults.number("/capacity", room.capacity, 1..=PEOPLE_MAX);
    faults.list("/layouts", &room.layouts);
    for (index, layout) in room.layouts.iter().enumerate() {
        faults.line(format!("/layouts/{index}"), layout);
    }
    faults.list("/features", &room.features);
    faults.paragraphs("/directions", room.directions.as_ref());
    faults.length("/closures", room.closures.len());
    for (index, closure) in room.closures.iter().enumerate() {
        let in_order = closure.to.is_none_or(|to| to > closure.from);
        faults.require(in_order, format!("/closures/{index}/to"), ValueProblem::NotAfter { field: "from" });
        faults.paragraphs(format!("/closures/{index}/reason"), closure.reason.as_ref());
    }
}

pub(super) fn check_track(faults: &mut Faults, track: &Track) {
    faults.line_by_language("/title", &track.title);
    faults.paragraphs("/description", track.description.as_ref());
    faults.colour("/colour", track.colour.as_ref());
}

pub(super) fn check_person(faults: &mut Faults, person: &Person) {
    faults.line("/name", &person.name);
    faults.optional_line("/form_of_address", person.form_of_address.as_ref());
    faults.length("/affiliations", person.affiliations.len());
    for (index, affiliation) in person.affiliations.iter().enumerate() {
        let field = format!("/affiliations/{index}");
        faults.optional_line_by_language(format!("{field}/position"), affiliation.position.as_ref());
        faults.optional_line(format!("{field}/organisation_name"), affiliation.organisation_name.as_ref());
        faults.country(format!("{field}/country"), affiliation.country.as_ref());
        let says_something = affiliation.position.is_some()
            || affiliation.organisation.is_some()
            || affiliation.organisation_name.is_some()
            || affiliation.country.is_some();
        faults.require(says_something, field, ValueProblem::Empty);
    }
    faults.paragraphs("/biography", person.biography.as_ref());
}

pub(super) fn check_part(faults: &mut Faults, part: &Part) {
    faults.line_by_language("/title", &part.title);
    faults.optional_line_by_language("/theme", part.theme.as_ref());
    faults.paragraphs("/description", part.description.as_ref());
    faults.number("/ordinal", part.ordinal, 1..=10_000);
    let in_order = part.starts_on.zip(part.ends_on).is_none_or(|(starts, ends)| ends >= starts);
    faults.require(in_order, "/ends_on", ValueProblem::Before { field: "starts_on" });
    faults.admission(Some(&part.admission));
    faults.length("/topics", part.topics.len());
    for (index, topic) in part.topics.iter().enumerate() {
        faults.line_by_language(format!("/topics/{index}"), topic);
    }
    faults.organisations(&part.organisations);
    faults.links(&part.links);
}

pub(super) fn check_exhibitor(faults: &mut Faults, exhibitor: &Exhibitor) {
    faults.line_by_language("/name", &exhibitor.name);
    faults.list("/sessions", &exhibitor.sessions);
    faults.optional_line("/stand", exhibitor.stand.as_ref());
    faults.paragraphs("/description", exhibitor.description.as_ref());
}

pub(super) fn check_document(faults: &mut Faults, document: &Document) {
    faults.optional_line("/symbol", document.symbol.as_ref());
    faults.number("/revision", document.revision, 1..=10_000);
    faults.line_by_language("/title", &document.title);
    if let Some(tag) = &document.language {
        faults.language("/language", tag);
    }
    faults.admission(document.admission.as_ref());
    faults.links(&document.links);
}

pub(super) fn check_overview_entry(faults: &mut Faults, entry: &OverviewEntry) {
    faults.require(is_time_of_day(&entry.starts), "/starts", ValueProblem::NotATimeOfDay);
    if let Some(ends) = &entry.ends {
        faults.require(is_time_of_day(ends), "/ends", ValueProblem::NotATimeOfDay);
        // Both have the form HH:MM, in which the order of texts is the order of times.
        faults.require(
            *ends > entry.starts || !is_time_of_day(ends),
            "/ends",
            ValueProblem::NotAfter { field: "starts" },
        );
    }
    faults.line_by_language("/title", &entry.title);
    faults.list("/sessions", &entry.sessions);
}

fn is_time_of_day(text: &str) -> bool {
    let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok())?;
    match text.split_once(':') {
        Some((hour, minute)) if hour.len() == 2 && minute.len() == 2 => {
            number(hour).is_some_and(|h| h < 24) && number(minute).is_some_and(|m| m < 60)
        }
        _ => false,
    }
}
