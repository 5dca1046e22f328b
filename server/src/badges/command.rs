//! What can be done with badges, as devices and requests say it.

use serde::Deserialize;
use serde_json::Value;
use shared::badge::{CarrierKind, VoidReason};
use shared::problem_code::ProblemCode;

use crate::refusal::{Refusal, read};

/// One thing to do with what carries badges.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Command {
    /// Issue a printed badge.
    Issue,
    /// Say that a carrier does not count any more.
    Void(u32, VoidReason),
    /// Say that a printed badge was handed to the person.
    HandOut(u32),
}

/// What is issued by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// Paper, and nothing else: the phone's badge comes with the registration.
    #[serde(default)]
    pub kind: Option<CarrierKind>,
}

impl Issue {
    /// The command.
    ///
    /// # Errors
    ///
    /// Something that is not issued by hand.
    pub fn command(self) -> Result<Command, Refusal> {
        match self.kind {
            None | Some(CarrierKind::Paper) => Ok(Command::Issue),
            Some(_) => {
                let detail = "Only paper is issued by hand; the phone's badge comes with the registration.";
                Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/kind"))
            }
        }
    }
}

/// Why a carrier is made void.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Void {
    /// The reason.
    pub reason: VoidReason,
}

impl Void {
    /// The command for a carrier.
    ///
    /// # Errors
    ///
    /// A reason that only the registration gives.
    pub fn command(self, carrier: u32) -> Result<Command, Refusal> {
        if self.reason.is_given() {
            return Ok(Command::Void(carrier, self.reason));
        }
        let detail = "That reason comes with the registration; give lost, stolen or damaged.";
        Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/reason"))
    }
}

/// A body without fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VoidArguments {
    carrier: u32,
    reason: VoidReason,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarrierArguments {
    carrier: u32,
}

/// Reads a mutation; none where it is not an operation of this domain.
pub fn parse_mutation(op: &str, args: &Value) -> Option<Result<Command, Refusal>> {
    Some(match op {
        "badge.issue" => read::<Issue>(args).and_then(Issue::command),
        "badge.void" => read(args).and_then(|VoidArguments { carrier, reason }| Void { reason }.command(carrier)),
        "badge.hand_out" => read(args).map(|CarrierArguments { carrier }| Command::HandOut(carrier)),
        _ => return None,
    })
}
