//! JSON objects, where nothing else will do.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

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

#[cfg(test)]
mod tests {
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
}
