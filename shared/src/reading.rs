//! Reading types from JSON values: structures from objects alone, and what is wrong by its field.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Why a value is not of the type that was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misfit {
    /// The field at fault, as a JSON pointer; empty for the whole.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

/// Reads a value. Serde by itself would also read a structure from an array of its fields, which no
/// document of ours describes; here it is refused at any depth.
///
/// # Errors
///
/// The first thing wrong; what is missing is named like what is there.
pub fn read<T: de::DeserializeOwned>(value: &Value) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
        let mut field = json_pointer(error.path());
        let Fault { problem, missing } = error.into_inner();
        field.extend(missing.map(|name| format!("/{name}")));
        Misfit { field, problem }
    })
}

/// Where serde was when it failed, as a JSON pointer; empty for the whole.
pub fn json_pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

/// What serde says is wrong, with the name of the field if it is that one is missing.
#[derive(Debug)]
struct Fault {
    problem: String,
    missing: Option<&'static str>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self { problem: problem.to_string(), missing: None }
    }

    fn missing_field(field: &'static str) -> Self {
        Self { problem: format!("missing field `{field}`"), missing: Some(field) }
    }
}

/// A JSON value that gives a structure from an object only.
#[derive(Clone, Copy)]
struct Strict<'de>(&'de Value);

impl<'de> Strict<'de> {
    fn unexpected(self) -> Unexpected<'de> {
        match self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(number) => Unexpected::Float(number.as_f64().unwrap_or_default()),
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        }
    }
}

impl<'de> IntoDeserializer<'de, Fault> for Strict<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => visitor.visit_u64(whole),
                (None, Some(negative)) => visitor.visit_i64(negative),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Strict));
                let read = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(read)
            }
            Value::Object(fields) => {
                let mut fields =
                    MapDeserializer::new(fields.iter().map(|(name, value)| (name.as_str(), Strict(value))));
                let read = visitor.visit_map(&mut fields)?;
                fields.end()?;
                Ok(read)
            }
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Object(_) => self.deserialize_any(visitor),
            _ => Err(de::Error::invalid_type(self.unexpected(), &"an object")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.0 {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Object(fields) => {
                let fields = MapDeserializer::new(fields.iter().map(|(name, value)| (name.as_str(), Strict(value))));
                visitor.visit_enum(MapAccessDeserializer::new(fields))
            }
            _ => Err(de::Error::invalid_type(self.unexpected(), &"a word")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(PartialEq, Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Open,
        Until(u32),
    }

    #[derive(PartialEq, Debug, Deserialize)]
    struct Door {
        kind: Kind,
        #[serde(default)]
        width: Option<f64>,
    }

    #[derive(PartialEq, Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct House {
        doors: Vec<Door>,
        #[serde(default)]
        size: (i32, u8),
        #[serde(default)]
        rest: Value,
    }

    fn fault(value: Value) -> (String, String) {
        let misfit = read::<House>(&value).unwrap_err();
        (misfit.field, misfit.problem)
    }

    #[test]
    fn what_fits_is_read_as_serde_reads_it() {
        let value = json!({ "doors": [{ "kind": "open", "width": 1 }, { "kind": { "until": 9 }, "width": null }],
            "size": [-3, 4], "rest": { "a": [null, true, 1.5, "b"] } });
        let house: House = read(&value).unwrap();
        assert_eq!(house, serde_json::from_value(value).unwrap());
        assert_eq!(house.doors[1], Door { kind: Kind::Until(9), width: None });
    }

    #[test]
    fn a_structure_is_read_from_an_object_only_at_any_depth() {
        assert_eq!(fault(json!([[]])), (String::new(), "invalid type: sequence, expected an object".to_owned()));
        assert_eq!(fault(json!({ "doors": [["open", 2]] })).0, "/doors/0");
        assert_eq!(fault(json!({ "doors": [{ "kind": "open" }, null] })).0, "/doors/1");
    }

    #[test]
    fn what_is_missing_is_named_by_its_field() {
        assert_eq!(fault(json!({})), ("/doors".to_owned(), "missing field `doors`".to_owned()));
        assert_eq!(fault(json!({ "doors": [{}] })).0, "/doors/0/kind");
    }

    #[test]
    fn what_is_of_another_type_or_too_much_is_named_by_its_field() {
        assert_eq!(fault(json!({ "doors": [{ "kind": "ajar" }] })).0, "/doors/0/kind");
        assert_eq!(fault(json!({ "doors": [{ "kind": 7 }] })).0, "/doors/0/kind");
        assert_eq!(fault(json!({ "doors": [], "windows": 2 })).0, "/windows");
        assert_eq!(fault(json!({ "doors": [], "size": [1, 2, 3] })).0, "/size");
        assert_eq!(fault(json!({ "doors": [], "size": [1, 256] })).0, "/size/1");
    }
}
