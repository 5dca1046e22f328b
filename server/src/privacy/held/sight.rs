//! The titles of what the lists name by its id, as far as the person may know them.

use serde_json::{Map, Value, json};
use shared::ids::RecordId;
use shared::programme::{Collection, Programme, RecordBody};
use shared::sync::Scope;

use super::put;
use crate::sync::projection::is_visible;

/// What a person may see of the programme.
pub struct Sight<'a> {
    /// The programme.
    pub programme: &'a Programme,
    /// Which scopes the person may hold.
    pub may_hold: &'a dyn Fn(Scope) -> bool,
}

impl Sight<'_> {
    fn title(&self, collection: Collection, id: &Value) -> Value {
        let Some(id) = id.as_str().and_then(|id| id.parse::<RecordId>().ok()) else { return Value::Null };
        // Members know their delegation, also where nobody else may.
        if collection != Collection::Delegations && !is_visible(self.programme, (collection, id), &self.may_hold) {
            return Value::Null;
        }
        match self.programme.find(collection, id).map(|record| &record.body) {
            Some(RecordBody::Sessions(session)) => json!(session.title),
            Some(RecordBody::Parts(part)) => json!(part.title),
            Some(RecordBody::Categories(category)) => json!(category.title),
            Some(RecordBody::Delegations(delegation)) => json!(delegation.name),
            Some(RecordBody::Rooms(room)) => json!(room.name),
            Some(RecordBody::Vehicles(vehicle)) => json!(vehicle.name),
            _ => Value::Null,
        }
    }
}

/// Puts the titles beside the ids: of sessions, of what invitations are to, of the category and the
/// delegation of the registration.
pub fn add_titles(sections: &mut Map<String, Value>, sight: &Sight<'_>) {
    for lines in sections.values_mut().filter_map(Value::as_array_mut) {
        for line in lines {
            let title = match (line.get("session"), line["collection"].as_str(), line.get("object")) {
                (Some(session), ..) => sight.title(Collection::Sessions, session),
                (_, Some(collection), Some(object)) => {
                    collection.parse().map_or(Value::Null, |collection| sight.title(collection, object))
                }
                _ => continue,
            };
            put(line, "title", title);
        }
    }
    if let Some(registration) = sections.get_mut("registration") {
        let category = sight.title(Collection::Categories, &registration["category"]);
        let delegation = sight.title(Collection::Delegations, &registration["delegation"]);
        put(registration, "category_title", category);
        put(registration, "delegation_name", delegation);
    }
}
