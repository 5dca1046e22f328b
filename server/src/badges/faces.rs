//! What stands on the badges of people.

use std::path::Path;

use shared::programme::{Collection, Programme, RecordBody};

use super::print::{Face, Frame};
use super::standing::Holder;

/// The largest logo, in bytes.
const LOGO_MAX_BYTES: u64 = 4 << 20;

/// The language of badges: the one that is asked for, else the event's.
pub fn language_of(programme: &Programme, asked: Option<&str>) -> String {
    let own = || programme.event().map(|(_, event)| event.fallback_language.clone());
    asked.map(str::to_owned).or_else(own).unwrap_or_default()
}

/// What is on every badge of the event, in a language; the logo is `logos/<slug>.png` in the folder.
pub fn frame_of(programme: &Programme, language: &str, folder: &Path) -> Frame {
    let event = programme.event().map(|(_, event)| event);
    let fallback = event.map(|event| event.fallback_language.as_str()).unwrap_or_default();
    let logo = event.and_then(|event| {
        let path = folder.join("logos").join(format!("{}.png", event.slug));
        let is_small = std::fs::metadata(&path).is_ok_and(|about| about.len() <= LOGO_MAX_BYTES);
        is_small.then(|| std::fs::read(path).ok()).flatten()
    });
    let event_title = event.map(|event| event.title.in_language(language, fallback).to_owned());
    Frame { event_title: event_title.unwrap_or_default(), logo, language: language.to_owned() }
}

/// What is on a person's badge with this token. The name is as the person wants it; the delegation
/// comes before the organisation, which only who has no delegation shows.
pub fn face_of(programme: &Programme, language: &str, (holder, token): (&Holder, String)) -> Option<Face> {
    let (registration, _) = holder.registered.as_ref()?;
    let details = &registration.details;
    let fallback = programme.event().map(|(_, event)| event.fallback_language.as_str()).unwrap_or_default();
    let body = |collection, id| programme.find(collection, id).map(|record| &record.body);
    let (category, colour) = match body(Collection::Categories, registration.category) {
        Some(RecordBody::Categories(own)) => (own.title.in_language(language, fallback), own.colour.clone()),
        _ => ("", None),
    };
    let delegation = match registration.delegation.and_then(|id| body(Collection::Delegations, id)) {
        Some(RecordBody::Delegations(own)) => Some(own.name.in_language(language, fallback).to_owned()),
        _ => None,
    };
    Some(Face {
        name: details.badge_name.clone().unwrap_or_else(|| holder.attendee.name.clone()),
        form_of_address: details.form_of_address.clone(),
        affiliation: delegation.or_else(|| details.organisation.clone()),
        category: category.to_owned(),
        colour,
        token,
    })
}
