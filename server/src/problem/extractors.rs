//! What the framework refuses before a handler runs, in our form: bodies, queries, paths, methods.

use actix_web::error::{JsonPayloadError, PathError, PayloadError};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{JsonConfig, PathConfig};
use actix_web::{HttpRequest, HttpResponse};
use shared::problem_code::ProblemCode;

use super::{Fault, Problem};

/// The configuration of JSON bodies: at most `most_bytes`, errors as problems.
pub fn json_config(most_bytes: usize) -> JsonConfig {
    JsonConfig::default()
        .limit(most_bytes)
        .content_type(|kind| kind.subtype() == "json" || kind.suffix().is_some_and(|suffix| suffix == "json"))
        .error_handler(|error, _| json_problem(&error).into())
}

/// The configuration of path segments: one that cannot be read names nothing.
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|error, _| path_problem(&error).into())
}

/// Requires a file to be of one of `types`, by its `Content-Type` without parameters (RFC 9110).
///
/// # Errors
///
/// It is of another type, or of none.
pub fn require_media_type(request: &HttpRequest, types: &[&str]) -> Result<(), Problem> {
    let given = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if types.contains(&essence.as_str()) {
        return Ok(());
    }
    let detail = format!("Send the file as one of {}.", types.join(", "));
    Err(Problem::new(ProblemCode::UnsupportedMediaType, detail))
}

/// The answer where no route matches.
pub async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::new(ProblemCode::NotFound, "No resource has this address."))
}

/// The answer where the resource has other methods than the one asked for.
pub fn method_not_allowed(methods: &[&str]) -> Problem {
    let mut allow: Vec<&str> = methods.to_vec();
    if allow.contains(&"GET") {
        allow.push("HEAD");
    }
    let allow = allow.join(", ");
    let mut problem = Problem::new(ProblemCode::MethodNotAllowed, format!("This resource knows {allow}."));
    problem.allow = Some(allow);
    problem
}

/// An error of the framework that no handler made: by its status, without its words.
pub fn of_framework(error: &actix_web::Error) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    match error.as_response_error().status_code().as_u16() {
        413 => Problem::new(ProblemCode::TooLarge, "The body is too large."),
        415 => Problem::new(ProblemCode::UnsupportedMediaType, "The type of the body is not supported."),
        404 => Problem::new(ProblemCode::NotFound, "No resource has this address."),
        400..500 => Problem::new(ProblemCode::InvalidRequest, "The request cannot be read."),
        _ => Problem::internal(error),
    }
}

fn json_problem(error: &JsonPayloadError) -> Problem {
    match error {
        JsonPayloadError::OverflowKnownLength { limit, .. } | JsonPayloadError::Overflow { limit } => too_large(*limit),
        JsonPayloadError::ContentType => {
            Problem::new(ProblemCode::UnsupportedMediaType, "Send the body as application/json.")
        }
        JsonPayloadError::Deserialize(error) => deserialise_problem(error),
        JsonPayloadError::Payload(error) => payload_problem(error),
        other => Problem::internal(other),
    }
}

fn too_large(most_bytes: usize) -> Problem {
    Problem::new(ProblemCode::TooLarge, format!("The body may have at most {most_bytes} bytes."))
}

fn payload_problem(error: &PayloadError) -> Problem {
    match error {
        PayloadError::Overflow => Problem::new(ProblemCode::TooLarge, "The body is too large."),
        _ => Problem::new(ProblemCode::InvalidRequest, "The body ended before its time or cannot be decoded."),
    }
}

/// What serde_json says, with its place: not JSON at all, or JSON of another shape.
fn deserialise_problem(error: &serde_json::Error) -> Problem {
    let code = if error.is_data() { ProblemCode::InvalidRequest } else { ProblemCode::MalformedJson };
    let text = error.to_string();
    let said = text.split(" at line ").next().unwrap_or_default();
    let fault =
        Fault { line: Some(error.line()), column: Some(error.column()), problem: said.to_owned(), ..Fault::default() };
    Problem::new(code, format!("The body cannot be read: {text}.")).with_faults([fault])
}

fn path_problem(error: &PathError) -> Problem {
    tracing::debug!(%error, "a path could not be read");
    Problem::new(ProblemCode::NotFound, "No resource has this address.")
}

impl From<PayloadError> for Problem {
    fn from(error: PayloadError) -> Self {
        payload_problem(&error)
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        deserialise_problem(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Problem {
        match serde_json::from_str::<[u8; 1]>(text) {
            Ok(_) => Problem::new(ProblemCode::Internal, "it was read"),
            Err(error) => error.into(),
        }
    }

    #[test]
    fn what_is_no_json_and_what_has_another_shape_are_two_things() {
        assert_eq!(read("[1").code, ProblemCode::MalformedJson);
        let shape = read("[\n300]");
        assert_eq!((shape.code, shape.faults[0].line), (ProblemCode::InvalidRequest, Some(2)));
    }

    #[test]
    fn head_goes_with_get() {
        assert_eq!(method_not_allowed(&["GET", "PATCH"]).allow.as_deref(), Some("GET, PATCH, HEAD"));
        assert_eq!(method_not_allowed(&["POST"]).allow.as_deref(), Some("POST"));
    }
}
