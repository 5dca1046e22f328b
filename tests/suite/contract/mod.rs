//! openapi.yaml, enforced: every answer of the suite is held to it, it names exactly the routes of
//! the server, and its examples are true.

mod document;
mod examples;
mod routes;
mod schemas;
mod words;

use document::{Found, escape, find_operation, resolve};
use schemas::list_faults;
use serde_json::{Value, json};

const PROBLEM: &str = "application/problem+json";

/// Panics unless the document describes this answer: the operation, the status, the media type and
/// every field of the body. The suite's client calls it for every answer that it gets.
///
/// A body that is a stream may be given as far as it was read.
pub fn check_response(method: &str, path: &str, status: u16, content_type: Option<&str>, body: &[u8]) {
    if let Err(fault) = judge(method, path, (status, content_type, body)) {
        let shown = String::from_utf8_lossy(&body[..body.len().min(2_000)]);
        panic!(
            "openapi.yaml does not describe this answer to {method} {path}: {fault}\nstatus {status}, body: {shown}"
        );
    }
}

type Answer<'a> = (u16, Option<&'a str>, &'a [u8]);

fn judge(method: &str, path: &str, (status, content_type, body): Answer<'_>) -> Result<(), String> {
    let is_head = method.eq_ignore_ascii_case("head");
    let operation = match find_operation(if is_head { "get" } else { method }, path) {
        // What browsers ask before they call is answered by the rules of other origins.
        _ if method.eq_ignore_ascii_case("options") => return Ok(()),
        Found::Operation(operation) => operation,
        Found::OtherMethods => return judge_refusal((status, content_type, body), 405, is_head),
        Found::Nothing => return judge_refusal((status, content_type, body), 404, is_head),
    };
    let operation = format!("/paths/{}/{}", escape(operation.path), operation.method);
    if document::DOCUMENT.pointer(&format!("{operation}/responses/{status}")).is_none() {
        return Err(format!("the operation has no response {status}"));
    }
    let (response, described) = resolve(&format!("{operation}/responses/{status}"));
    let Some(contents) = described.get("content").and_then(Value::as_object) else {
        return if body.is_empty() { Ok(()) } else { Err("the response has no body".to_owned()) };
    };
    let media = media_type(content_type);
    if !contents.contains_key(&media) {
        return Err(format!("the response has no content of the type {media:?}"));
    }
    let schema = format!("{response}/content/{}/schema", escape(&media));
    if document::DOCUMENT.pointer(&schema).is_none() {
        // Bytes, which no schema describes (OpenAPI 3.1, 4.8.14.1).
        return Ok(());
    }
    if is_head { expect_no_body(body) } else { judge_body(&media, &schema, body) }
}

/// What is outside of the document is refused by a problem.
fn judge_refusal((status, content_type, body): Answer<'_>, expected: u16, is_head: bool) -> Result<(), String> {
    if status != expected || media_type(content_type) != PROBLEM {
        return Err(format!("what is not in the document is refused by the problem {expected}"));
    }
    if is_head { expect_no_body(body) } else { judge_body(PROBLEM, "/components/schemas/Problem", body) }
}

fn expect_no_body(body: &[u8]) -> Result<(), String> {
    if body.is_empty() { Ok(()) } else { Err("the answer to HEAD has a body".to_owned()) }
}

fn media_type(content_type: Option<&str>) -> String {
    content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn judge_body(media: &str, schema: &str, body: &[u8]) -> Result<(), String> {
    if media == "text/event-stream" {
        return judge_stream(body);
    }
    let instance = if media.ends_with("json") {
        serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?
    } else {
        let text = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
        if media.ends_with("yaml") { document::read_yaml(text)? } else { text.into() }
    };
    match list_faults(schema, &instance) {
        faults if faults.is_empty() => Ok(()),
        faults => Err(faults.join("\n")),
    }
}

fn judge_stream(body: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(body);
    // What follows the last blank line has not arrived whole.
    let whole = text.rfind("\n\n").map_or("", |end| &text[..end]);
    for event in whole.split("\n\n").filter(|event| !event.starts_with(':') && !event.is_empty()) {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_start);
        match (field("event:"), field("data:")) {
            (Some(name), Some(data)) => judge_event(name, data)?,
            _ => return Err(format!("an event lacks its name or data: {event}")),
        }
    }
    Ok(())
}

fn judge_event(event: &str, data: &str) -> Result<(), String> {
    let data: Value = serde_json::from_str(data).map_err(|error| format!("the data is no JSON: {error}"))?;
    match list_faults("/components/schemas/LiveEvent", &json!({ "event": event, "data": data })) {
        faults if faults.is_empty() => Ok(()),
        faults => Err(faults.join("\n")),
    }
}

#[test]
fn an_answer_that_the_document_does_not_describe_is_refused() {
    let ok = |body: &str| judge("GET", "/healthz", (200, Some("application/json"), body.as_bytes()));
    assert_eq!(ok(r#"{"status":"alive"}"#), Ok(()));
    assert!(ok(r#"{"status":"alive","mood":"good"}"#).unwrap_err().contains("mood"));
    assert!(ok(r#"{"status":"dead"}"#).is_err());
    assert!(judge("GET", "/healthz", (418, None, b"")).unwrap_err().contains("418"));
    assert!(judge("GET", "/healthz", (200, Some("text/html"), b"")).unwrap_err().contains("text/html"));
}

#[test]
fn problems_have_the_status_of_their_code() {
    let problem = |status: u16, code: &str| {
        let body = format!(r#"{{"type":"about:blank","title":"t","status":{status},"code":"{code}","detail":"d"}}"#);
        judge("POST", "/v1/sign-out", (status, Some(PROBLEM), body.as_bytes()))
    };
    assert_eq!(problem(401, "unauthenticated"), Ok(()));
    assert!(problem(401, "not_found").is_err());
    assert!(problem(404, "gone").is_err());
}

#[test]
fn addresses_and_methods_outside_of_the_document_are_problems() {
    let body = |status: u16, code: &str| {
        format!(r#"{{"type":"about:blank","title":"t","status":{status},"code":"{code}","detail":"d"}}"#)
    };
    let answer = |path, status, code| judge("DELETE", path, (status, Some(PROBLEM), body(status, code).as_bytes()));
    assert_eq!(answer("/nowhere", 404, "not_found"), Ok(()));
    assert_eq!(answer("/healthz", 405, "method_not_allowed"), Ok(()));
    assert!(answer("/nowhere", 405, "method_not_allowed").is_err());
}

#[test]
fn events_of_the_stream_are_held_to_their_schemas() {
    let covers = "event: covers\ndata: {\"covers\":\"e7a2b001.48214.5e5e0001\"}\n\n: still here\n\nevent: chan";
    assert_eq!(judge_stream(covers.as_bytes()), Ok(()));
    assert!(judge_stream(b"event: covers\ndata: {\"covers\":\"soon\"}\n\n").is_err());
    assert!(judge_stream(b"event: weather\ndata: {}\n\n").is_err());
}

#[test]
fn whoever_takes_an_idempotency_key_may_say_that_it_was_used_for_something_else() {
    let takes_key = |operation: &document::Operation| {
        let parameters = operation.body["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|one| one["$ref"] == "#/components/parameters/Idempotency-Key"))
    };
    let keyed: Vec<_> = document::list_operations().into_iter().filter(takes_key).collect();
    assert!(!keyed.is_empty());
    let silent: Vec<String> = keyed
        .iter()
        .filter(|operation| operation.body["responses"].get("422").is_none())
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}
