//! What a desk does for a guest only while it is connected: a name or an address put right, a code to sign in
//! with. None of it waits in the outbox, so that what a stolen desk does ends with its suspension.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::time::Timestamp;

use super::super::api::ApiError;
use super::super::enrolment::Enrolment;
use super::super::error::DeviceError;
use super::super::store::SqliteStore;
use super::station::{Asking, Station};
use super::words;

#[derive(Deserialize)]
struct HandedOut {
    code: String,
    expires_at: Timestamp,
}

impl Station {
    /// Puts the name or the address of somebody right.
    pub(super) fn correct(
        &mut self,
        number: usize,
        (field, value): (&str, &str),
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let Some((attendee, _)) = self.person(number).cloned() else {
            return Ok(words::not_so(&format!(":{field}"), asking.language));
        };
        self.ask((attendee, "corrections"), &json!({ field: value }), asking, |told| {
            let name = told["name"].as_str().unwrap_or_default();
            words::corrected(name, Some(value).filter(|_| field == "email"), asking.language)
        })
    }

    /// A code that signs somebody in.
    pub(super) fn sign_in_code(&mut self, number: usize, asking: Asking<'_>) -> Result<String, DeviceError> {
        let Some((attendee, _)) = self.person(number).cloned() else {
            return Ok(words::not_so(":code", asking.language));
        };
        let zone = self.roster.zone();
        self.ask((attendee, "sign-in-code"), &json!({}), asking, |told| {
            match serde_json::from_value::<HandedOut>(told.clone()) {
                Ok(handed) => words::sign_in_code(&handed.code, (handed.expires_at, zone), asking.language),
                Err(_) => words::no_network(asking.language).to_owned(),
            }
        })
    }

    /// Asks the server, and waits for it; what it refuses, and that it is not there, is told in words.
    pub(super) fn ask(
        &mut self,
        (attendee, what): (AttendeeId, &str),
        body: &Value,
        asking: Asking<'_>,
        tell: impl FnOnce(&Value) -> String,
    ) -> Result<String, DeviceError> {
        let Some(store) = self.line.clone() else { return Ok(words::no_network(asking.language).to_owned()) };
        match ask_server(store, format!("/attendees/{attendee}/{what}"), body.clone())? {
            Ok(told) => Ok(tell(&told)),
            Err(ApiError::Refused { status, detail, after_s, .. }) if status != 401 && status < 500 => {
                Ok(words::not_done(&detail, after_s, asking.language))
            }
            // A token that has run out is renewed by the next exchange.
            Err(_) => Ok(words::no_network(asking.language).to_owned()),
        }
    }
}

/// On a thread of its own, so that it may be asked from within a runtime.
fn ask_server(store: PathBuf, path: String, body: Value) -> Result<Result<Value, ApiError>, DeviceError> {
    let asked = std::thread::spawn(move || ask_blocking(&store, &path, &body));
    asked.join().unwrap_or_else(|_| Err(DeviceError::Network(std::io::Error::other("the request ended early"))))
}

fn ask_blocking(store: &Path, path: &str, body: &Value) -> Result<Result<Value, ApiError>, DeviceError> {
    let enrolment = Enrolment::load(&mut SqliteStore::open(store)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(DeviceError::Network)?;
    Ok(runtime.block_on(enrolment.ask(path, body)))
}
