//! What organisers and desk leads do with enrolled devices.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};
use shared::ids::{DeviceId, RecordId};
use shared::localised::is_line;
use shared::problem_code::ProblemCode;
use shared::programme::validation::LIST_MAX;
use shared::programme::{Collection, Programme};
use shared::roster::has_protocol_roster;
use shared::sync::Profile;

use super::store::{self, Enrolment, Offer};
use super::{rows, terms};
use crate::badges::desk_keys;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, EnrolmentState, Role, Unit};
use crate::sync::feed::Rights;

/// The longest name of an enrolled device, in characters.
const NAME_MAX_CHARS: usize = 100;

/// What a code is to enrol a device for, as it is asked for.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferRequest {
    /// What the device will be called.
    pub name: String,
    /// `full`, `door` or `protocol`.
    pub profile: ProfileWord,
    /// For `protocol`, which session's.
    pub session: Option<RecordId>,
    /// Where it will check.
    #[serde(default)]
    pub checkpoints: Vec<RecordId>,
    /// Whether who stands at it settles what is odd about scans.
    #[serde(default)]
    pub is_lead: bool,
    /// For how many minutes the code is good.
    pub valid_minutes: Option<u32>,
}

/// A kind of roster.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileWord {
    /// A desk's.
    Full,
    /// A door's.
    Door,
    /// That of the door of one session.
    Protocol,
}

/// What changes of an enrolled device; what is absent stays.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// Its name.
    pub name: Option<String>,
    /// Where it checks.
    pub checkpoints: Option<Vec<RecordId>>,
    /// Whether who stands at it settles what is odd about scans.
    pub is_lead: Option<bool>,
}

/// Refuses whoever does not decide on enrolled devices.
///
/// # Errors
///
/// `forbidden` for everybody but organisers and desk leads.
pub fn require_lead(rights: &Rights) -> Result<(), Refusal> {
    if rights.is_organiser() || rights.roles.contains(&Role::DeskLead) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::Forbidden, "Only organisers and desk leads of the event may do this."))
}

/// What a code enrols for, if it can.
///
/// # Errors
///
/// A name that nothing can have, a checkpoint that is not there or stands twice, a session that has no
/// roster of its own.
pub fn judge_offer(programme: &Programme, asked: &OfferRequest, actor: Actor) -> Result<Offer, Refusal> {
    let (name, profile) = (judge_name(&asked.name)?, judge_profile(programme, asked)?);
    Ok(Offer {
        name,
        profile,
        checkpoints: judge_checkpoints(programme, &asked.checkpoints)?,
        is_lead: judge_lead(asked.is_lead, profile)?,
        made_by: actor.account.unwrap_or(shared::ids::AccountId(uuid::Uuid::nil())),
    })
}

fn judge_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if is_line(name) && name.chars().count() <= NAME_MAX_CHARS {
        return Ok(name.to_owned());
    }
    let detail = format!("/name is not one line of text of 1 to {NAME_MAX_CHARS} characters.");
    Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/name"))
}

fn judge_profile(programme: &Programme, asked: &OfferRequest) -> Result<Profile, Refusal> {
    let at_session = |code, detail| Err(Refusal::new(code, detail).at("/session"));
    match (asked.profile, asked.session) {
        (ProfileWord::Full, None) => Ok(Profile::Full),
        (ProfileWord::Door, None) => Ok(Profile::Door),
        (ProfileWord::Protocol, Some(session)) if programme.session(session).is_none() => {
            at_session(ProblemCode::UnknownReference, "/session names a session that is not there.")
        }
        (ProfileWord::Protocol, Some(session)) if !has_protocol_roster(programme, session) => at_session(
            ProblemCode::InvalidValue,
            "/session has no roster of its own: only some may enter there, and an access area guards it or its room.",
        ),
        (ProfileWord::Protocol, Some(session)) => Ok(Profile::Protocol(session)),
        (ProfileWord::Protocol, None) => {
            at_session(ProblemCode::InvalidValue, "/session is missing: a protocol roster is one session's.")
        }
        (ProfileWord::Full | ProfileWord::Door, Some(_)) => {
            at_session(ProblemCode::InvalidValue, "/session goes only together with the profile protocol.")
        }
    }
}

/// Whoever settles what is odd must see it, and who it is about.
fn judge_lead(is_lead: bool, profile: Profile) -> Result<bool, Refusal> {
    if is_lead && profile != Profile::Full {
        let detail = "/is_lead goes only together with the profile full: others do not hold what is odd.";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/is_lead"));
    }
    Ok(is_lead)
}

fn judge_checkpoints(programme: &Programme, asked: &[RecordId]) -> Result<BTreeSet<RecordId>, Refusal> {
    if asked.len() > LIST_MAX {
        let detail = format!("/checkpoints has more than {LIST_MAX} items.");
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/checkpoints"));
    }
    let mut checkpoints = BTreeSet::new();
    for (index, id) in asked.iter().enumerate() {
        let field = format!("/checkpoints/{index}");
        if programme.find(Collection::Checkpoints, *id).is_none() {
            let detail = format!("{field} names {id}, which is not in checkpoints.");
            return Err(Refusal::new(ProblemCode::UnknownReference, detail).at(field));
        }
        if !checkpoints.insert(*id) {
            let detail = format!("{field} is in the list already.");
            return Err(Refusal::new(ProblemCode::InvalidValue, detail).at(field));
        }
    }
    Ok(checkpoints)
}

/// Changes what a device is called, where it checks and whether it settles incidents.
///
/// # Errors
///
/// There is no such device, or it was revoked; what is asked for cannot be.
pub fn change(unit: &mut Unit<'_>, actor: Actor, device: DeviceId, patch: &Patch) -> Result<(), Failure> {
    let before = load(unit, device)?;
    require_not_revoked(&before)?;
    let mut after = before.clone();
    if let Some(name) = &patch.name {
        after.name = judge_name(name)?;
    }
    if let Some(checkpoints) = &patch.checkpoints {
        after.assignment.checkpoints = judge_checkpoints(unit.group.programme(), checkpoints)?;
    }
    if let Some(is_lead) = patch.is_lead {
        after.assignment.is_lead = judge_lead(is_lead, after.assignment.profile)?;
    }
    if after != before {
        write(unit, actor, ("enrolment.change", Some(&before)), &after)?;
    }
    Ok(())
}

/// Suspends a device, takes it into use again, or revokes it for good, and with it the keys that it signs
/// badges with. What it is already changes nothing.
///
/// # Errors
///
/// There is no such device, or it was revoked.
pub fn set_state(unit: &mut Unit<'_>, actor: Actor, device: DeviceId, state: EnrolmentState) -> Result<(), Failure> {
    let before = load(unit, device)?;
    if before.assignment.state == state {
        return Ok(());
    }
    require_not_revoked(&before)?;
    let mut after = before.clone();
    after.assignment.state = state;
    if state == EnrolmentState::Revoked {
        desk_keys::revoke_of_device(unit, actor, device)?;
    }
    write(unit, actor, ("enrolment.state", Some(&before)), &after)
}

/// Stores a device as it is now, with everything that follows from it in the same commit.
pub fn write(
    unit: &mut Unit<'_>,
    actor: Actor,
    (operation, before): (&str, Option<&Enrolment>),
    after: &Enrolment,
) -> Result<(), Failure> {
    let (event, seq, now) = (unit.group.event, unit.group.seq(), unit.group.now);
    store::put(unit.connection, event, after, seq)?;
    terms::begin(unit.connection, event, after, (seq, now))?;
    unit.group.set_enrolment(after.account, after.assignment.clone());
    rows::write(unit, after);
    unit.group.audit(AuditLine {
        actor,
        operation: operation.to_owned(),
        collection: "enrolments",
        record: after.device.0,
        before: before.map(told),
        after: Some(told(after)),
    });
    Ok(())
}

fn told(enrolment: &Enrolment) -> Value {
    json!({
        "name": enrolment.name,
        "profile": enrolment.assignment.profile.to_string(),
        "checkpoints": enrolment.assignment.checkpoints,
        "is_lead": enrolment.assignment.is_lead,
        "state": enrolment.assignment.state,
    })
}

fn load(unit: &mut Unit<'_>, device: DeviceId) -> Result<Enrolment, Failure> {
    let found = store::find(unit.connection, unit.group.event, device)?;
    let unknown = || Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.");
    found.ok_or_else(|| unknown().into())
}

fn require_not_revoked(enrolment: &Enrolment) -> Result<(), Refusal> {
    if enrolment.assignment.state == EnrolmentState::Revoked {
        let detail = "The device was revoked for good; enrol it anew.";
        return Err(Refusal::new(ProblemCode::WrongState, detail));
    }
    Ok(())
}
