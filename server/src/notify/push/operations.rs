//! What somebody does about pushes to the device that they hold.

use shared::ids::{AccountId, DeviceId};
use shared::notice::Preferences;
use shared::problem_code::ProblemCode;
use shared::time::Timestamp;
use thiserror::Error;
use uuid::Uuid;

use super::providers::Address;
use super::store::{self, NewPush, Push, PushDevice};
use crate::app::App;
use crate::database::{Connection, ReadError};
use crate::refusal::Refusal;
use crate::sync::{SYSTEM, WriteError};

/// How long a message to try out is tried.
const TEST_LIFE_MS: i64 = 10 * 60_000;

/// Why it was not done.
#[derive(Debug, Error)]
pub enum PushError {
    /// It was refused.
    #[error("{}", .0.detail)]
    Refused(Refusal),
    /// The database could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database could not be written to.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// How a device is reached, and what is wanted of it.
pub async fn find_device(app: &App, device: DeviceId) -> Result<PushDevice, PushError> {
    Ok(app.readers.read(move |c| store::find_device(c, device)).await?)
}

/// Says how a device is reached.
///
/// # Errors
///
/// An address that cannot be one.
pub async fn set_address(app: &App, who: (AccountId, DeviceId), address: &Address) -> Result<PushDevice, PushError> {
    if let Some((field, problem)) = app.push.fault(address) {
        let detail = format!("{} {problem}.", field.trim_start_matches('/'));
        return Err(PushError::Refused(Refusal::new(ProblemCode::InvalidValue, detail).at(field)));
    }
    let (now, address) = (app.clock.now(), address.clone());
    let write = move |c: &mut Connection| {
        store::set_address(c, who, Some(&address), now)?;
        store::find_device(c, who.1)
    };
    Ok(app.writer.system(write).await?)
}

/// Says that a device is not reached any more.
pub async fn remove_address(app: &App, who: (AccountId, DeviceId)) -> Result<(), PushError> {
    let now = app.clock.now();
    Ok(app.writer.system(move |c| store::set_address(c, who, None, now)).await?)
}

/// Says what is wanted of a device.
pub async fn set_preferences(
    app: &App,
    who: (AccountId, DeviceId),
    preferences: Preferences,
) -> Result<PushDevice, PushError> {
    let write = move |c: &mut Connection| {
        store::set_preferences(c, who, &preferences)?;
        store::find_device(c, who.1)
    };
    Ok(app.writer.system(write).await?)
}

/// Pushes a message to try out whether the device is reached.
///
/// # Errors
///
/// It has no address.
pub async fn test(app: &App, device: DeviceId) -> Result<Uuid, PushError> {
    let now = app.clock.now();
    let write = move |c: &mut Connection| {
        let Some(provider) = store::find_device(c, device)?.provider else { return Ok(None) };
        let push = Push {
            dispatch: None,
            notice: None,
            attendee: None,
            device,
            covers: String::new(),
            spread_s: 0,
            is_urgent: true,
            expires_at: Timestamp(now.0 + TEST_LIFE_MS),
        };
        let new = NewPush { push, provider, next_attempt_at: now, now };
        Ok(store::insert(c, SYSTEM, &[new])?.first().copied())
    };
    let sent = app.writer.system(write).await?;
    sent.ok_or_else(|| {
        PushError::Refused(Refusal::new(
            ProblemCode::WrongState,
            "The device is not reached by push; register it first.",
        ))
    })
}

/// What became of such a message: where it stands, and why it failed.
pub async fn find_test(app: &App, device: DeviceId, id: Uuid) -> Result<Option<(String, Option<String>)>, PushError> {
    Ok(app.readers.read(move |c| store::find_state(c, id, device)).await?)
}
