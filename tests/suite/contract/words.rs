//! The words of the document are those of the code.

use std::collections::BTreeSet;

use cumbre::sync::row::RowCollection;
use serde_json::Value;
use shared::problem_code::ProblemCode;
use shared::programme::Collection;

use super::document::{DOCUMENT, list_operations};

fn words(schema: &str) -> BTreeSet<&'static str> {
    let listed = DOCUMENT["components"]["schemas"][schema]["enum"].as_array();
    listed.unwrap_or_else(|| panic!("{schema} has no enum")).iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_codes_of_problems_are_those_of_the_code() {
    assert_eq!(words("ProblemCode"), ProblemCode::ALL.iter().map(|code| code.as_str()).collect());
}

#[test]
fn the_collections_are_those_of_the_code() {
    assert_eq!(words("Collection"), Collection::ALL.iter().map(|collection| collection.as_str()).collect());
    assert_eq!(words("RowCollection"), RowCollection::ALL.iter().map(|collection| collection.as_str()).collect());
}

#[test]
fn each_code_stands_in_the_table_with_its_status_and_in_the_response_of_that_status() {
    let table = DOCUMENT["components"]["schemas"]["ProblemCode"]["description"].as_str().unwrap_or_default();
    let responses = DOCUMENT["components"]["responses"].as_object().expect("there are responses");
    for code in ProblemCode::ALL {
        let row = format!("| `{}` | {} |", code.as_str(), code.status());
        assert!(table.contains(&row), "the table lacks {row}");
        for (name, response) in responses {
            let schema = &response["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"];
            let named = &schema["code"];
            let names_it = named["const"] == code.as_str()
                || named["enum"].as_array().is_some_and(|codes| codes.iter().any(|one| one == code.as_str()));
            assert!(
                !names_it || schema["status"]["const"] == code.status(),
                "{name} has {} under another status",
                code.as_str()
            );
        }
    }
}

#[test]
fn what_is_not_for_everybody_says_so() {
    for operation in list_operations() {
        let responses = operation.body["responses"].as_object().expect("there are responses");
        let is_for_everybody = operation.body["security"].as_array().is_some_and(|schemes| {
            schemes.is_empty() || schemes.iter().any(|scheme| scheme.as_object().is_some_and(serde_json::Map::is_empty))
        });
        assert!(
            is_for_everybody || responses.contains_key("401"),
            "{} {} needs a token and has no 401",
            operation.method,
            operation.path
        );
    }
}
