//! The rows of the local database's tables, to and from what the replica keeps.

use std::fmt::Display;
use std::str::FromStr;

use diesel::prelude::*;
use shared::ids::AccountId;
use shared::replica::{AccountState, DeviceState, EditState, HeldRow, RequestToken, ScopeState, Staging, StoredEdit};
use shared::sync::{Change, Digest, row_check};
use shared::time::Timestamp;

use super::fault::Fault;
use super::schema::{accounts, device, edits, held, scopes, staged};

#[derive(Queryable, Insertable)]
#[diesel(table_name = device, treat_none_as_default_value = false)]
pub struct DeviceRecord {
    id: i64,
    token: Option<String>,
    at_least: Option<String>,
    account: Option<String>,
    server_time: Option<String>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
pub struct AccountRecord {
    account: String,
    acknowledged: Option<String>,
    not_before: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = scopes, treat_none_as_default_value = false)]
pub struct ScopeRecord {
    scope: String,
    position: Option<String>,
    staged_position: Option<String>,
    staged_is_reset: bool,
    staged_is_finished: bool,
    staged_rows: Option<i64>,
    staged_sum: Option<i64>,
    diverged_at: Option<String>,
    asks_anew: bool,
}

#[derive(Queryable)]
pub struct HeldRecord {
    scope: String,
    collection: String,
    id: String,
    rev: i64,
    checksum: i64,
    value: String,
}

/// A row to be held. It borrows: a reset writes more than a thousand of them.
#[derive(Insertable)]
#[diesel(table_name = held)]
pub struct NewHeld<'a> {
    scope: &'a str,
    collection: &'a str,
    id: &'a str,
    rev: i64,
    checksum: i64,
    value: &'a str,
}

/// A row to be staged, or that it is gone.
#[derive(Insertable)]
#[diesel(table_name = staged, treat_none_as_default_value = false)]
pub struct NewStaged<'a> {
    scope: &'a str,
    collection: &'a str,
    id: &'a str,
    rev: i64,
    checksum: i64,
    value: Option<&'a str>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = edits, treat_none_as_default_value = false)]
pub struct EditRecord {
    account: String,
    place: i64,
    id: String,
    encoded: String,
    state: String,
    is_shown: bool,
    settled_at: Option<i64>,
    result: Option<String>,
}

impl DeviceRecord {
    pub fn new(state: &DeviceState) -> Self {
        Self {
            id: 1,
            token: state.token.map(|token| token.0.to_string()),
            at_least: state.at_least.as_ref().map(ToString::to_string),
            account: state.account.map(|account| account.to_string()),
            server_time: state.server_time.as_ref().map(|time| serde_json::json!(time).to_string()),
        }
    }

    pub fn read(self) -> Result<DeviceState, Fault> {
        Ok(DeviceState {
            token: parse_some::<u128>(self.token)?.map(RequestToken),
            at_least: parse_some(self.at_least)?,
            account: parse_some(self.account)?,
            // Without it the device only knows the time less well.
            server_time: self.server_time.and_then(|text| serde_json::from_str(&text).ok()),
        })
    }
}

impl AccountRecord {
    pub fn new(account: AccountId, state: &AccountState) -> Self {
        Self {
            account: account.to_string(),
            acknowledged: state.acknowledged.as_ref().map(ToString::to_string),
            not_before: state.not_before.map(|at| at.0),
        }
    }

    pub fn read(self) -> Result<AccountState, Fault> {
        Ok(AccountState { acknowledged: parse_some(self.acknowledged)?, not_before: self.not_before.map(Timestamp) })
    }
}

impl ScopeRecord {
    pub fn new(scope: &str, state: &ScopeState) -> Result<Self, Fault> {
        let staging = state.staging.as_ref();
        let digest = staging.and_then(|staging| staging.digest);
        Ok(Self {
            scope: scope.to_owned(),
            position: state.position.as_ref().map(ToString::to_string),
            staged_position: staging.map(|staging| staging.position.to_string()),
            staged_is_reset: staging.is_some_and(|staging| staging.is_reset),
            staged_is_finished: staging.is_some_and(|staging| staging.is_finished),
            staged_rows: digest.map(|digest| signed(digest.0)).transpose()?,
            staged_sum: digest.map(|digest| i64::from(digest.1)),
            diverged_at: state.diverged_at.as_ref().map(ToString::to_string),
            asks_anew: state.asks_anew,
        })
    }

    pub fn read(self) -> Result<(String, ScopeState), Fault> {
        let digest = match (self.staged_rows, self.staged_sum) {
            (Some(rows), Some(sum)) => Some(Digest(unsigned(rows)?, narrow(sum)?)),
            _ => None,
        };
        let staging = parse_some(self.staged_position)?.map(|position| Staging {
            position,
            is_reset: self.staged_is_reset,
            is_finished: self.staged_is_finished,
            digest,
        });
        let state = ScopeState {
            position: parse_some(self.position)?,
            staging,
            diverged_at: parse_some(self.diverged_at)?,
            asks_anew: self.asks_anew,
        };
        Ok((self.scope, state))
    }
}

impl HeldRecord {
    pub fn read(self) -> Result<HeldRow, Fault> {
        let Self { scope, collection, id, rev, checksum, value } = self;
        Ok(HeldRow { scope, collection, id, rev: unsigned(rev)?, check: narrow(checksum)?, value })
    }
}

impl<'a> NewHeld<'a> {
    pub fn new(scope: &'a str, change: &'a Change, value: &'a str) -> Result<Self, Fault> {
        let Change { collection, id, .. } = change;
        Ok(Self { scope, collection, id, rev: signed(change.rev)?, checksum: check_of(change), value })
    }
}

impl<'a> NewStaged<'a> {
    pub fn new(scope: &'a str, change: &'a Change) -> Result<Self, Fault> {
        let Change { collection, id, .. } = change;
        let value = change.value.as_ref().map(|value| value.get());
        Ok(Self { scope, collection, id, rev: signed(change.rev)?, checksum: check_of(change), value })
    }
}

impl EditRecord {
    pub fn new(account: AccountId, edit: &StoredEdit) -> Result<Self, Fault> {
        let result = edit.result.as_ref().map(serde_json::to_string).transpose().map_err(Fault::unreadable)?;
        Ok(Self {
            account: account.to_string(),
            place: signed(edit.order)?,
            id: edit.id.to_string(),
            encoded: edit.encoded.clone(),
            state: name_of(edit.state).to_owned(),
            is_shown: edit.is_shown,
            settled_at: edit.settled_at.map(|at| at.0),
            result,
        })
    }

    pub fn read(self) -> Result<StoredEdit, Fault> {
        let result = self.result.map(|json| serde_json::from_str(&json)).transpose().map_err(Fault::unreadable)?;
        Ok(StoredEdit {
            order: unsigned(self.place)?,
            id: parse(&self.id)?,
            encoded: self.encoded,
            state: state_named(&self.state)?,
            is_shown: self.is_shown,
            settled_at: self.settled_at.map(Timestamp),
            result,
        })
    }
}

/// The name under which an edit's state is stored.
pub fn name_of(state: EditState) -> &'static str {
    match state {
        EditState::Waiting => "waiting",
        EditState::Applied => "applied",
        EditState::Refused => "refused",
        EditState::Dismissed => "dismissed",
    }
}

fn state_named(name: &str) -> Result<EditState, Fault> {
    let all = [EditState::Waiting, EditState::Applied, EditState::Refused, EditState::Dismissed];
    all.into_iter().find(|state| name_of(*state) == name).ok_or_else(|| Fault::unreadable(name))
}

fn check_of(change: &Change) -> i64 {
    i64::from(change.check.unwrap_or_else(|| row_check(&change.collection, &change.id, change.rev)))
}

fn parse<T: FromStr<Err: Display>>(text: &str) -> Result<T, Fault> {
    text.parse().map_err(Fault::unreadable)
}

fn parse_some<T: FromStr<Err: Display>>(text: Option<String>) -> Result<Option<T>, Fault> {
    text.as_deref().map(parse).transpose()
}

pub(super) fn signed(number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(Fault::unreadable)
}

pub(super) fn unsigned(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(Fault::unreadable)
}

pub(super) fn narrow(number: i64) -> Result<u32, Fault> {
    u32::try_from(number).map_err(Fault::unreadable)
}
