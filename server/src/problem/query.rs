//! The parameters of a query string.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde_urlencoded::Deserializer;
use shared::problem_code::ProblemCode;

use super::Problem;

/// The parameters of a request's query. One that cannot be read is refused by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Query<T>(pub T);

impl<T> Query<T> {
    /// The parameters themselves.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let pairs = Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let name = error.path().to_string();
        // A parameter that is missing or unknown is named by the text; the path is then the whole's.
        match name.as_str() {
            "." | "?" => {
                let detail = format!("The query cannot be read: {}.", error.inner());
                Problem::new(ProblemCode::InvalidRequest, detail)
            }
            _ => {
                Problem::new(ProblemCode::InvalidRequest, format!("{name} cannot be read: {}.", error.inner())).at(name)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Parameters {
        limit: Option<u32>,
        #[serde(default)]
        preview: bool,
    }

    fn refused(query: &str) -> (Option<String>, String) {
        let problem = read::<Parameters>(query).unwrap_err();
        (problem.field, problem.detail)
    }

    #[test]
    fn parameters_are_read_and_refused_by_their_names() {
        let read = read::<Parameters>("limit=5&preview=true").unwrap();
        assert_eq!((read.limit, read.preview), (Some(5), true));
        let (field, detail) = refused("preview=true&limit=abc");
        assert_eq!(field.as_deref(), Some("limit"));
        assert_eq!(detail, "limit cannot be read: invalid digit found in string.");
        assert_eq!(refused("preview=perhaps").0.as_deref(), Some("preview"));
        assert!(refused("speed=1").1.contains("unknown field `speed`"));
    }
}
