//! What attendees see of each other: what each of them allowed, and nothing else.

use diesel::QueryResult;
use serde::Serialize;
use shared::ids::{AttendeeId, EventId};
use shared::registration::{Registration, Shared};

use super::names::fold;
use super::store;
use crate::database::Connection;

/// How many people are read at a time while others are looked for.
const READ_AT_ONCE: usize = 500;

/// Somebody as other attendees see them.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Listed {
    /// Who.
    pub attendee: AttendeeId,
    /// Their name as on the badge.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    form_of_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

impl Listed {
    /// What a person allowed; `None` where not even their name.
    fn of(attendee: AttendeeId, name: &str, registration: &Registration) -> Option<Self> {
        let allows = |what: Shared| registration.shares.contains(&what);
        let details = registration.details.clone();
        let if_allowed = |what: Shared, value: Option<String>| value.filter(|_| allows(what));
        allows(Shared::Name).then(|| Self {
            attendee,
            name: details.badge_name.unwrap_or_else(|| name.to_owned()),
            form_of_address: details.form_of_address,
            position: if_allowed(Shared::Affiliation, details.position),
            organisation: if_allowed(Shared::Affiliation, details.organisation),
            country: if_allowed(Shared::Affiliation, details.country),
            email: if_allowed(Shared::Email, details.email),
            phone: if_allowed(Shared::Phone, details.phone),
        })
    }

    /// Whether a text is in what is shown of the name, the position or the organisation, accents and
    /// capitals left aside. Nobody is found by what they do not show.
    fn mentions(&self, text: &str) -> bool {
        let texts = [Some(&self.name), self.position.as_ref(), self.organisation.as_ref()];
        texts.into_iter().flatten().any(|said| fold(said).contains(text))
    }
}

/// Somebody with their place in the order of the list.
pub type Placed = (String, Listed);

/// The place of somebody: their stored name and id, by which the list is ordered.
fn place_of(name: &str, attendee: AttendeeId) -> String {
    format!("{attendee} {name}")
}

/// Reads a place; `None` where it is none.
pub fn read_place(place: &str) -> Option<(String, AttendeeId)> {
    let (attendee, name) = place.split_once(' ')?;
    Some((name.to_owned(), attendee.parse().ok()?))
}

/// People in whose entries a text is, by name, behind `after`; at most `limit`.
pub fn search(
    connection: &mut Connection,
    event: EventId,
    (text, after, limit): (Option<&str>, Option<(String, AttendeeId)>, usize),
) -> QueryResult<Vec<Placed>> {
    let text = text.map(fold);
    let (mut name, mut id) = after.map(|(name, id)| (name, id.to_string())).unwrap_or_default();
    let mut found = Vec::new();
    loop {
        let read = store::list_sharing(connection, event, ((&name, &id), READ_AT_ONCE))?;
        let is_last = read.len() < READ_AT_ONCE;
        if let Some((last, last_name, _)) = read.last() {
            (name, id) = (last_name.clone(), last.to_string());
        }
        let entries = read.iter().filter_map(|(attendee, name, registration)| {
            let listed = Listed::of(*attendee, name, registration)?;
            let is_asked_for = text.as_ref().is_none_or(|text| listed.mentions(text));
            is_asked_for.then(|| (place_of(name, *attendee), listed))
        });
        found.extend(entries);
        if is_last || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    fn listed(shares: Value) -> Value {
        let details = json!({ "badge_name": "Ana R.", "form_of_address": "H.E.", "position": "Minister",
            "organisation": "Ministry", "country": "CL", "email": "ana@example.org", "phone": "+56 2 2345 6789" });
        let registration =
            json!({ "status": "confirmed", "category": Uuid::nil(), "details": details, "shares": shares });
        let registration: Registration = serde_json::from_value(registration).unwrap();
        json!(Listed::of(AttendeeId(Uuid::nil()), "Ana Rojas", &registration))
    }

    #[test]
    fn somebody_is_seen_as_far_as_they_allowed_and_nameless_not_at_all() {
        assert_eq!(listed(json!([])), Value::Null);
        assert_eq!(listed(json!(["affiliation", "email", "phone"])), Value::Null);
        let name = json!({ "attendee": Uuid::nil(), "name": "Ana R.", "form_of_address": "H.E." });
        assert_eq!(listed(json!(["name"])), name);
        let mut whole = name.clone();
        for (field, value) in [("position", "Minister"), ("organisation", "Ministry"), ("country", "CL")] {
            whole[field] = json!(value);
        }
        assert_eq!(listed(json!(["name", "affiliation"])), whole);
        let mut reachable = name;
        (reachable["email"], reachable["phone"]) = (json!("ana@example.org"), json!("+56 2 2345 6789"));
        assert_eq!(listed(json!(["name", "email", "phone"])), reachable);
    }

    #[test]
    fn a_place_in_the_list_is_read_as_it_was_written() {
        let id = AttendeeId(Uuid::from_u128(7));
        assert_eq!(read_place(&place_of("Ana María Soto", id)), Some(("Ana María Soto".to_owned(), id)));
        assert_eq!(read_place("Ana"), None);
    }
}
