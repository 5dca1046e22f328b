//! openapi.yaml as JSON, and what it says of one answer.

use std::sync::LazyLock;

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

/// The document.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| read_yaml(include_str!("../../../openapi.yaml")).expect("openapi.yaml is YAML"));

/// The methods that a path of the document may have.
pub const METHODS: &[&str] = &["get", "put", "post", "patch", "delete"];

/// One operation of the document.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The method in lower case.
    pub method: &'static str,
    /// Its object.
    pub body: &'static Value,
}

/// What the document says of an address.
pub enum Found {
    /// The operation.
    Operation(Operation),
    /// The path has other methods.
    OtherMethods,
    /// No path of the document.
    Nothing,
}

/// Every operation, in the order of the document.
pub fn list_operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().expect("paths is an object");
    let of_path = |(path, item): (&'static String, &'static Value)| {
        METHODS
            .iter()
            .filter_map(move |method| item.get(*method).map(|body| Operation { path: path.as_str(), method, body }))
    };
    paths.iter().flat_map(of_path).collect()
}

/// The operation that a request is; of two paths that fit, the one with fewer parameters.
pub fn find_operation(method: &str, path: &str) -> Found {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let method = method.to_ascii_lowercase();
    let fitting: Vec<Operation> =
        list_operations().into_iter().filter(|operation| fits(operation.path, path)).collect();
    let fewest = fitting.iter().map(|operation| operation.path.matches('{').count()).min();
    let mut here = fitting.iter().filter(|operation| Some(operation.path.matches('{').count()) == fewest).peekable();
    match (here.peek().is_some(), here.find(|operation| operation.method == method)) {
        (_, Some(operation)) => Found::Operation(*operation),
        (true, None) => Found::OtherMethods,
        (false, None) => Found::Nothing,
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            // The one parameter that slashes belong to.
            (Some("{path}"), Some(given)) => return !given.is_empty(),
            (Some(expected), Some(given)) => {
                let fits = if expected.starts_with('{') { !given.is_empty() } else { expected == given };
                if !fits {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// The place that `pointer` leads to, following one reference there.
pub fn resolve(pointer: &str) -> (String, &'static Value) {
    let value = DOCUMENT.pointer(pointer).unwrap_or_else(|| panic!("openapi.yaml has nothing at {pointer}"));
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => resolve(reference.trim_start_matches('#')),
        None => (pointer.to_owned(), value),
    }
}

/// A name as a segment of a JSON pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A YAML document as the JSON that it stands for.
pub fn read_yaml(text: &str) -> Result<Value, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| format!("the body is no YAML: {error}"))?;
    documents.first().map(json).ok_or_else(|| "there is no document".to_owned())
}

fn json(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Mapping(fields) => {
            let read = |(key, value): (&Yaml<'_>, &Yaml<'_>)| (key_text(key), json(value));
            let map: Map<String, Value> = fields.iter().map(read).collect();
            assert_eq!(map.len(), fields.len(), "a key stands twice");
            Value::Object(map)
        }
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(flag)) => Value::Bool(*flag),
        Yaml::Value(Scalar::Integer(number)) => Value::from(*number),
        Yaml::Value(Scalar::FloatingPoint(number)) => Value::from(number.into_inner()),
        Yaml::Value(Scalar::String(text)) => Value::String(text.to_string()),
        other => panic!("a node is none that JSON knows: {other:?}"),
    }
}

fn key_text(key: &Yaml<'_>) -> String {
    match json(key) {
        Value::String(text) => text,
        other => panic!("the key {other} is no text; quote it"),
    }
}
