//! An organiser's patch of one record, and what it changes (RFC 7396).

use serde_json::{Map, Value};
use shared::object;
use shared::programme::{InvalidBody, Record, RecordBody};

/// The body after a JSON merge patch. The slug may change; the collection cannot. What the type
/// does not know is refused by its JSON pointer.
pub fn merge_patch(body: &RecordBody, patch: &Value) -> Result<RecordBody, InvalidBody> {
    if !patch.is_object() {
        return Err(InvalidBody { field: String::new(), problem: "must be an object of the fields to change".into() });
    }
    let mut merged = body.to_json();
    object::merge_patch(&mut merged, patch);
    RecordBody::from_json(body.collection(), merged)
}

/// The top-level fields in which two bodies differ, by name.
pub fn changed_fields(before: &RecordBody, after: &RecordBody) -> Vec<String> {
    list_differences(&before.to_json(), &after.to_json()).into_iter().map(|(name, ..)| name).collect()
}

/// The top-level fields in which two bodies differ, by name, with both values (null where absent).
pub(super) fn list_differences(before: &Value, after: &Value) -> Vec<(String, Value, Value)> {
    let fields_of = |body: &Value| body.as_object().cloned().unwrap_or_default();
    let (before, after) = (fields_of(before), fields_of(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let value = |fields: &Map<String, Value>, name: &String| fields.get(name).cloned().unwrap_or(Value::Null);
    names
        .into_iter()
        .map(|name| (name.clone(), value(&before, name), value(&after, name)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

/// Those of `fields` that were changed after the commit `base_seq`, which the editor had seen.
pub fn stale_fields(record: &Record, fields: &[String], base_seq: u64) -> Vec<String> {
    fields.iter().filter(|field| record.field_rev(field) > base_seq).cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::programme::Collection;

    use super::*;
    use crate::programme::sketch::{Sketch, id};

    fn club() -> Record {
        let sketch = Sketch::new().venue("club", &[("moneda", 15)]);
        Record::clone(sketch.programme.find(Collection::Venues, id("club")).unwrap())
    }

    #[test]
    fn a_patch_changes_the_fields_it_names() {
        let body = club().body;
        let patch = json!({"slug": "club-union", "name": {"es": "Club de la Unión"}, "travel_times": null});
        let after = merge_patch(&body, &patch).unwrap();
        let expected = json!({"slug": "club-union", "name": {"en": "club", "es": "Club de la Unión"}});
        assert_eq!(after.to_json(), expected);
        assert_eq!(changed_fields(&body, &after), ["name", "slug", "travel_times"]);
    }

    #[test]
    fn a_patch_that_does_not_fit_names_its_field() {
        let refused = |patch: Value| merge_patch(&club().body, &patch).unwrap_err().field;
        assert_eq!(refused(json!({"colour": "red"})), "/colour");
        assert_eq!(refused(json!({"travel_times": [{"to": id("moneda"), "hours": 1}]})), "/travel_times/0/hours");
        assert_eq!(refused(json!({"latitude": "north"})), "/latitude");
        assert_eq!(refused(json!([])), "");
        assert_eq!(refused(json!({"slug": null})), "/slug");
        assert_eq!(refused(json!({"travel_times": [[id("moneda"), 1]]})), "/travel_times/0");
    }

    #[test]
    fn a_field_is_stale_when_it_changed_after_the_editors_copy() {
        let record = club();
        let later = merge_patch(&record.body, &json!({"city": "Santiago"})).unwrap();
        let record = record.edited(later, 7);
        let fields = ["city".to_owned(), "name".to_owned()];
        assert_eq!(stale_fields(&record, &fields, 6), ["city"]);
        assert_eq!(stale_fields(&record, &fields, 7), [""; 0]);
        assert_eq!(stale_fields(&record, &fields, 0), ["city", "name"]);
    }
}
