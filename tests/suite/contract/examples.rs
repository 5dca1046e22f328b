//! Every example of the document is what it is an example of, and every operation has some.

use serde_json::Value;

use super::document::{DOCUMENT, escape, list_operations};
use super::schemas::list_faults;

/// Where a schema stands beside examples of it.
struct Exemplified {
    schema: String,
    examples: Vec<(String, Value)>,
}

#[test]
fn every_example_is_valid_by_its_schema() {
    let mut faults = Vec::new();
    for Exemplified { schema, examples } in list_exemplified() {
        for (place, example) in examples {
            let found = list_faults(&schema, &example);
            if !found.is_empty() {
                faults.push(format!("{place}:\n  {}", found.join("\n  ")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_body_has_an_example() {
    let mut without = Vec::new();
    for operation in list_operations() {
        let place = format!("/paths/{}/{}", escape(operation.path), operation.method);
        visit(&place, operation.body, &mut |pointer, value| {
            let is_media = pointer.rsplit_once("/content/").is_some_and(|(_, media)| !media.contains('/'));
            if is_media && value.get("examples").is_none() {
                without.push(pointer.to_owned());
            }
        });
    }
    assert!(without.is_empty(), "{without:#?}");
}

/// Whatever has a schema and examples beside it (contents, parameters, headers), and schemas with an
/// example of their own.
fn list_exemplified() -> Vec<Exemplified> {
    let mut found = Vec::new();
    visit("", &DOCUMENT, &mut |pointer, value| {
        if value.get("schema").is_some() {
            found.push(Exemplified { schema: format!("{pointer}/schema"), examples: beside(pointer, value) });
        } else if is_schema(pointer) && value.get("example").is_some() {
            found.push(Exemplified { schema: pointer.to_owned(), examples: beside(pointer, value) });
        }
    });
    assert!(found.len() > 50, "the examples were not found");
    found
}

fn beside(pointer: &str, value: &Value) -> Vec<(String, Value)> {
    let one = value.get("example").map(|example| (format!("{pointer}/example"), example.clone()));
    let named = value
        .get("examples")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, example)| Some((format!("{pointer}/examples/{name}"), example.get("value")?.clone())));
    one.into_iter().chain(named).collect()
}

fn is_schema(pointer: &str) -> bool {
    pointer.starts_with("/components/schemas/") && !pointer.ends_with("/properties")
}

/// Calls for every object of the document but those inside examples, which are data.
fn visit(pointer: &str, value: &Value, call: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            call(pointer, value);
            for (name, inner) in fields.iter().filter(|(name, _)| *name != "example" && *name != "examples") {
                visit(&format!("{pointer}/{}", escape(name)), inner, call);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                visit(&format!("{pointer}/{index}"), inner, call);
            }
        }
        _ => {}
    }
}
