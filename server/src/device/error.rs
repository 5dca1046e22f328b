//! Why a command of the device failed, in words for the person at the terminal.

use std::path::PathBuf;

use shared::replica::ReplicaError;
use thiserror::Error;

use super::api::ApiError;
use super::driver::DriverError;

/// Why a command of the device failed.
#[derive(Debug, Error)]
pub enum DeviceError {
    /// The server.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The local store.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// Exchanging with the server.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// The folder of the local store could not be made.
    #[error("{0}: {1}")]
    Folder(PathBuf, std::io::Error),
    /// The terminal does not take what is written.
    #[error("nothing can be written to the terminal: {0}")]
    Output(std::io::Error),
    /// The machine gives no means to use the network.
    #[error("the network cannot be used: {0}")]
    Network(std::io::Error),
    /// Nobody has signed in here.
    #[error("nobody is signed in on this device; begin with `cumbre device sign-in`")]
    SignedOut,
    /// The account has to do with no event, or with several.
    #[error("name the event with --event (this account has to do with: {})", if .0.is_empty() { "none".to_owned() } else { .0.join(", ") })]
    WhichEvent(Vec<String>),
    /// The local store is another event's.
    #[error("this store holds {event} of {server}; take another file with --store")]
    OtherEvent {
        /// Its server.
        server: String,
        /// Its event.
        event: String,
    },
    /// The account is no attendee of this event.
    #[error("this account is no attendee of the event, and has no stars or notes")]
    NoAttendee,
    /// A session, or several, by that name.
    #[error("there is no session `{0}` on this device")]
    UnknownSession(String),
    /// A note.
    #[error("there is no note `{0}` on this device")]
    UnknownNote(String),
    /// The programme has not arrived yet.
    #[error("the programme has not arrived yet; run `cumbre device sync`")]
    NoProgramme,
    /// The device is a person's, and checks nobody.
    #[error("this device is not enrolled for a desk or door; begin with `cumbre device enrol`")]
    NotEnrolled,
    /// The roster has not arrived yet, or what the checkpoint guards is gone from it.
    #[error("the roster has not arrived yet; run `cumbre device sync`")]
    NoRoster,
    /// No checkpoint by that name for this device, or several.
    #[error("name the checkpoint with --checkpoint (this device has: {})", if .0.is_empty() { "no such one".to_owned() } else { .0.join(", ") })]
    WhichCheckpoint(Vec<String>),
    /// The machine gives no random numbers.
    #[error("the machine gives no random numbers")]
    NoRandomness,
    /// A time that is none.
    #[error("`{0}` is neither a day (2018-11-27) nor a time (2018-11-27T09:00:00-03:00)")]
    NotATime(String),
}
