//! What readers are shown of a record: without what would tell them of what they may not know.

use serde_json::{Map, Value, json};
use shared::programme::{Collection, Programme, RecordBody};
use shared::sync::Scope;

use super::placement::is_known;
use crate::sync::row::RowCollection;

/// How many of whom may come is between the organisers and each delegation.
pub(super) fn strip_limits(body: &RecordBody, value: &mut Value) {
    let Some(fields) = value.as_object_mut() else { return };
    if matches!(body, RecordBody::Delegations(_) | RecordBody::Categories(_)) {
        fields.remove("capacity");
        fields.remove("quotas");
    }
}

/// Takes away what would tell readers of other scopes: whose audiences it is for, and the ids of
/// records that a holder of `scope` may not know of.
pub(super) fn strip_for_readers(programme: &Programme, scope: Scope, value: &mut Value) {
    let Some(fields) = value.as_object_mut() else { return };
    if let Some(Value::Object(admission)) = fields.get_mut("admission") {
        admission.remove("audiences");
    }
    if let Some(Value::Object(transfer)) = fields.get_mut("transfer") {
        strip_reference(programme, scope, transfer, ("after", Collection::Sessions));
        strip_reference(programme, scope, transfer, ("before", Collection::Sessions));
    }
    strip_reference(programme, scope, fields, ("part", Collection::Parts));
    strip_reference(programme, scope, fields, ("session", Collection::Sessions));
    strip_reference(programme, scope, fields, ("choice_group", Collection::ChoiceGroups));
    if let Some(Value::Array(sessions)) = fields.get_mut("sessions") {
        sessions.retain(|id| may_name(programme, scope, Collection::Sessions, id));
        // An empty list would tell that there is something not to be named.
        if sessions.is_empty() {
            fields.remove("sessions");
        }
    }
}

fn strip_reference(
    programme: &Programme,
    scope: Scope,
    fields: &mut Map<String, Value>,
    (field, collection): (&str, Collection),
) {
    if fields.get(field).is_some_and(|id| !may_name(programme, scope, collection, id)) {
        fields.remove(field);
    }
}

fn may_name(programme: &Programme, scope: Scope, collection: Collection, id: &Value) -> bool {
    id.as_str().and_then(|id| id.parse().ok()).is_some_and(|id| is_known(programme, scope, (collection, id)))
}

pub(super) fn stub_of(body: &RecordBody) -> Option<(RowCollection, Value)> {
    let full = body.to_json();
    let (collection, kept): (_, &[&str]) = match body {
        RecordBody::Sessions(_) => (
            RowCollection::SessionStubs,
            &["slug", "kind", "title", "number", "part", "starts_at", "ends_at", "day", "order", "state"],
        ),
        RecordBody::Parts(_) => {
            (RowCollection::PartStubs, &["slug", "title", "ordinal", "starts_on", "ends_on", "state"])
        }
        RecordBody::Documents(_) => {
            (RowCollection::DocumentStubs, &["slug", "title", "symbol", "revision", "language", "state"])
        }
        _ => return None,
    };
    let mut stub: Map<String, Value> =
        kept.iter().filter_map(|field| Some(((*field).to_owned(), full.get(*field)?.clone()))).collect();
    let policy = body.admission().map(|admission| admission.policy);
    stub.insert("policy".to_owned(), json!(policy));
    Some((collection, Value::Object(stub)))
}
