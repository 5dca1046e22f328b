//! JSON objects, where nothing else will do.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// A value that is read from a JSON object only. Serde would also read a structure from an array of
/// its fields, which no document of ours describes.
#[derive(Clone, PartialEq, Debug)]
pub struct Object<T>(pub T);

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserialiser: D) -> Result<Self, D::Error> {
        deserialiser.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

/// Reads a list of objects, for a field that is one.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserialiser: D) -> Result<Vec<T>, D::Error> {
    Vec::<Object<T>>::deserialize(deserialiser).map(|list| list.into_iter().map(|Object(read)| read).collect())
}

/// Reads an object or null, for a field that may be absent.
pub fn optional<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserialiser: D) -> Result<Option<T>, D::Error> {
    Option::<Object<T>>::deserialize(deserialiser).map(|found| found.map(|Object(read)| read))
}

/// Applies a JSON merge patch (RFC 7396, section 2).
pub fn merge_patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(fields) = target {
        for (name, value) in patch {
            if value.is_null() {
                fields.shift_remove(name);
            } else {
                merge_patch(fields.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(serde::Deserialize)]
    struct Name {
        name: Option<String>,
    }

    #[test]
    fn an_array_is_no_object() {
        let read = |text| serde_json::from_str::<Object<Name>>(text).map(|Object(read)| read.name);
        assert_eq!(read("{\"name\":\"Ana\"}").ok(), Some(Some("Ana".to_owned())));
        assert_eq!(read("{}").ok(), Some(None));
        for other in ["[]", "[\"Ana\"]", "null", "3", "\"Ana\""] {
            assert!(read(other).is_err_and(|error| error.to_string().contains("expected an object")), "{other}");
        }
    }

    #[test]
    fn every_example_of_the_standards_appendix_holds() {
        let examples = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ];
        for (mut target, patch, expected) in examples {
            merge_patch(&mut target, &patch);
            assert_eq!(target, expected, "{patch}");
        }
    }
}
