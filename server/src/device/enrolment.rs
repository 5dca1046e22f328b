//! Who is signed in on this device, where, and for which event.

use serde_json::Value;
use shared::ids::{AccountId, AttendeeId, DeviceId};
use shared::replica::{Replica, ReplicaError};
use shared::sync::DeskState;

use super::api::{Api, ApiError, Enrolled, SignedIn, Tokens};
use super::driver::HttpReplica;
use super::error::DeviceError;
use super::store::SqliteStore;
use crate::clock::Clock;

/// What a sign-in left in the local store.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The server's URL.
    pub server: String,
    /// The event's slug.
    pub event: String,
    /// The account.
    pub account: AccountId,
    /// The device, as the server knows it.
    pub device: DeviceId,
    /// The attendee whose stars and notes are edited here; an organiser may be none.
    pub attendee: Option<AttendeeId>,
    /// Whether it is nobody's, and checks who may enter.
    pub is_desk: bool,
    tokens: Tokens,
}

impl Enrolment {
    /// What a sign-in gives, for one event.
    ///
    /// Fails if no event was named and the account has to do with none or several.
    pub fn new(server: &str, event: Option<String>, signed_in: &SignedIn) -> Result<Self, DeviceError> {
        let event = match event {
            Some(event) => event,
            None => find_only_event(signed_in)?,
        };
        let own = signed_in.attendees.iter().find(|attendee| attendee.event.slug == event);
        Ok(Self {
            server: server.trim_end_matches('/').to_owned(),
            attendee: own.map(|attendee| attendee.id),
            event,
            account: signed_in.account.id,
            device: signed_in.device.id,
            is_desk: false,
            tokens: signed_in.tokens.clone(),
        })
    }

    /// What enrolling a device that is nobody's gives.
    pub fn of_desk(server: &str, enrolled: &Enrolled) -> Self {
        Self {
            server: server.trim_end_matches('/').to_owned(),
            event: enrolled.event.slug.clone(),
            account: enrolled.account.id,
            device: enrolled.device.id,
            attendee: None,
            is_desk: true,
            tokens: enrolled.tokens.clone(),
        }
    }

    /// Stores it, all or nothing.
    ///
    /// Fails where the store holds another event or another server's: rows of two would mix.
    pub fn store(&self, store: &mut SqliteStore) -> Result<(), DeviceError> {
        let former = (store.find_setting("server")?, store.find_setting("event")?);
        if let (Some(server), Some(event)) = former
            && (server != self.server || event != self.event)
        {
            return Err(DeviceError::OtherEvent { server, event });
        }
        let attendee = self.attendee.map(|attendee| attendee.to_string()).unwrap_or_default();
        store.put_settings(&[
            ("server", &self.server),
            ("event", &self.event),
            ("account", &self.account.to_string()),
            ("device", &self.device.to_string()),
            ("attendee", &attendee),
            ("is_desk", if self.is_desk { "yes" } else { "no" }),
            ("access_token", &self.tokens.access_token),
            ("refresh_token", self.tokens.refresh_token.as_deref().unwrap_or_default()),
        ])?;
        Ok(())
    }

    /// What is stored; fails with [`DeviceError::SignedOut`] if nobody has signed in.
    pub fn load(store: &mut SqliteStore) -> Result<Self, DeviceError> {
        let is_desk = store.find_setting("is_desk")?.is_some_and(|word| word == "yes");
        let mut load = |name| store.find_setting(name)?.ok_or(DeviceError::SignedOut);
        Ok(Self {
            server: load("server")?,
            event: load("event")?,
            account: parse(&load("account")?)?,
            device: parse(&load("device")?)?,
            attendee: match load("attendee")?.as_str() {
                "" => None,
                id => Some(parse(id)?),
            },
            is_desk,
            tokens: Tokens { access_token: load("access_token")?, refresh_token: Some(load("refresh_token")?) },
        })
    }

    /// Opens the replica alone, without any network.
    pub fn open(&self, store: SqliteStore) -> Result<Replica<SqliteStore>, DeviceError> {
        Ok(Replica::open(store, self.account, self.device)?)
    }

    /// Asks the server now for something about the event, by the newest access token. One that has run out is
    /// renewed by the next exchange, and by nothing else: a refresh token is used once.
    pub async fn ask(&self, path: &str, body: &Value) -> Result<Value, ApiError> {
        let path = format!("/v1/events/{}{path}", self.event);
        Api::new(&self.server)?.ask(&path, &self.tokens.access_token, body).await
    }

    /// Opens the replica with its server; `clock` is the device's own.
    pub fn connect(&self, store: SqliteStore, clock: Clock) -> Result<HttpReplica<SqliteStore>, DeviceError> {
        let api = Api::new(&self.server)?;
        let mut device = HttpReplica::new(self.open(store)?, api, &self.event, self.tokens.clone(), clock);
        let version = || format!("cumbre {}", env!("CARGO_PKG_VERSION"));
        device.limits.desk = self.is_desk.then(|| DeskState { app_version: Some(version()), ..DeskState::default() });
        Ok(device)
    }
}

fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, DeviceError> {
    text.parse().map_err(|error| ReplicaError::Store(format!("a setting is unreadable: {error}")).into())
}

fn find_only_event(signed_in: &SignedIn) -> Result<String, DeviceError> {
    let attended = signed_in.attendees.iter().map(|attendee| &attendee.event.slug);
    let mut events: Vec<&String> = attended.chain(signed_in.roles.iter().map(|role| &role.event.slug)).collect();
    events.sort_unstable();
    events.dedup();
    match events.as_slice() {
        [event] => Ok((*event).clone()),
        _ => Err(DeviceError::WhichEvent(events.into_iter().cloned().collect())),
    }
}
