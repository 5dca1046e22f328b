//! Validators of the document's schemas, each built once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::document::DOCUMENT;

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// What is wrong with `instance` by the schema at `pointer`; nothing where it is as described.
pub fn list_faults(pointer: &str, instance: &Value) -> Vec<String> {
    let validator = validator(pointer);
    if validator.is_valid(instance) {
        return Vec::new();
    }
    let evaluation = validator.evaluate(instance);
    let mut faults: Vec<String> = evaluation
        .iter_errors()
        .map(|entry| format!("at {:?}: {}", entry.instance_location.as_str(), entry.error))
        .collect();
    faults.dedup();
    faults
}

fn validator(pointer: &str) -> Arc<Validator> {
    let mut built = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let validator = built.entry(pointer.to_owned()).or_insert_with(|| Arc::new(build(pointer)));
    Arc::clone(validator)
}

/// References lead through the whole document, so the whole document is the schema, and what is to
/// hold is referred to at its root.
fn build(pointer: &str) -> Validator {
    let mut schema = DOCUMENT.clone();
    schema["$ref"] = json!(format!("#{}", percent_encode(pointer)));
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|error| panic!("the schema at {pointer} of openapi.yaml cannot be used: {error}"))
}

/// A pointer as a URI's fragment: braces of paths must not stand there as they are.
fn percent_encode(pointer: &str) -> String {
    pointer.replace('{', "%7B").replace('}', "%7D")
}
