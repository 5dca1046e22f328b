//! The rows of attendees: one's own, the organisers', and those of a delegation.

use std::collections::BTreeMap;

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::programme::Programme;
use shared::registration::{GivenConsent, Registration};
use shared::sync::Scope;

use super::consents::list_withdrawn;
use super::room::{find_category, find_delegation};
use super::store;
use crate::attendees::{Attendee, list_named};
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Writes the rows of every attendee of whom the group changed something.
pub fn write_rows(unit: &mut Unit<'_>) -> QueryResult<()> {
    let ids: Vec<AttendeeId> = unit.group.changed_attendees().iter().copied().collect();
    if ids.is_empty() {
        return Ok(());
    }
    let event = unit.group.event;
    let registrations: BTreeMap<_, _> = store::list_registrations(unit.connection, event, &ids)?.into_iter().collect();
    let consents = store::list_consents(unit.connection, event, &ids)?;
    let needs = store::list_access_needs(unit.connection, event, &ids)?;
    let named = list_named(unit.connection, event, &ids)?;
    let named: BTreeMap<_, _> = named.into_iter().map(|attendee| (attendee.id, attendee)).collect();
    for id in ids {
        let registration = registrations.get(&id);
        let consents = consents.get(&id).map(Vec::as_slice).unwrap_or_default();
        let whole = registration.map(|registration| whole_row(unit.group.programme(), registration, consents));
        let key = (RowCollection::Registrations, id.0);
        unit.group.put_row(Scope::Own(id), key, whole.as_ref());
        unit.group.put_row(Scope::Organiser, key, whole.as_ref());
        let needed = needs.get(&id).map(|needs| json!(needs));
        let needs_key = (RowCollection::AccessNeeds, id.0);
        unit.group.put_row(Scope::Own(id), needs_key, needed.as_ref());
        let Some(registration) = registration else { continue };
        let (Some(delegation), Some(attendee)) = (registration.delegation, named.get(&id)) else { continue };
        let member = member_row(attendee, registration);
        unit.group.put_row(Scope::Delegation(delegation), (RowCollection::DelegationMembers, id.0), Some(&member));
        unit.group.put_row(Scope::Delegation(delegation), needs_key, needed.as_ref());
    }
    Ok(())
}

/// A registration as its attendee and organisers see it. The name of its delegation is part of it,
/// since not every delegation is public; so are the required texts that the person no longer agrees to,
/// so that an organiser sees that there is something to decide.
pub fn whole_row(programme: &Programme, registration: &Registration, consents: &[GivenConsent]) -> Value {
    let mut row = json!(registration);
    let delegation = registration.delegation.and_then(|id| find_delegation(programme, id));
    if let Some(delegation) = delegation {
        row["delegation_name"] = json!(delegation.name);
    }
    if !consents.is_empty() {
        row["consents"] = json!(consents);
    }
    let withdrawn = find_category(programme, registration.category)
        .map(|category| list_withdrawn(category, consents))
        .filter(|withdrawn| !withdrawn.is_empty());
    if let Some(withdrawn) = withdrawn {
        row["withdrawn_consents"] = json!(withdrawn);
    }
    row
}

/// A member as those see them who look after the delegation: without what was asked of the person.
pub fn member_row(attendee: &Attendee, registration: &Registration) -> Value {
    let mut row = json!(registration);
    if let Some(fields) = row.as_object_mut() {
        for field in ["answers", "shares", "delegation"] {
            fields.shift_remove(field);
        }
        fields.insert("name".to_owned(), attendee.name.as_str().into());
        if let Some(language) = &attendee.language {
            fields.insert("language".to_owned(), language.as_str().into());
        }
    }
    row
}
