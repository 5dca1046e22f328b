//! What a desk puts right for the guest who stands there, while it is connected: a name, an address, a way to
//! sign in.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use shared::ids::{AccountId, AttendeeId};
use shared::problem_code::ProblemCode;

use super::notes::no_such_attendee;
use crate::attendees::operations::{AttendeePatch, change_attendee};
use crate::attendees::{AccountOf, find_attendee, find_live_attendee, list_accounts};
use crate::identity::{NewAccount, ensure_account, has_devices, load_profile, normalise_email};
use crate::refusal::{Failure, Refusal};
use crate::registration::correct_details;
use crate::sync::change_log::{Actor, AuditLine, Relation, Unit};

/// What is put right; what is absent stays, and null takes away.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The name.
    pub name: Option<String>,
    /// The name as it is on the badge, where it is another one.
    #[serde(default, deserialize_with = "read_present")]
    pub badge_name: Option<Option<String>>,
    /// Title or rank before the name.
    #[serde(default, deserialize_with = "read_present")]
    pub form_of_address: Option<Option<String>>,
    /// The address of the account of their own.
    pub email: Option<String>,
    /// The language that they read.
    pub language: Option<String>,
}

/// Tells a field that is null from one that is absent.
fn read_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What stands there afterwards.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Corrected {
    /// Who.
    pub attendee: AttendeeId,
    /// The name.
    pub name: String,
    /// The name as it is on the badge, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge_name: Option<String>,
    /// Title or rank before the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_of_address: Option<String>,
}

/// Puts right what is said of a guest.
///
/// # Errors
///
/// There is no such guest; something that cannot be; the address of an account that is in use, or is more than
/// this guest's.
pub fn correct(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, correction): (AttendeeId, &Correction),
) -> Result<Corrected, Failure> {
    let event = unit.group.event;
    find_live_attendee(unit.connection, event, attendee)?.ok_or_else(no_such_attendee)?;
    let actor = Actor { attendee: Some(attendee), ..actor };
    if let Some(email) = &correction.email {
        require_replaceable(unit, attendee, email)?;
    }
    let patch = AttendeePatch {
        name: correction.name.clone(),
        language: correction.language.clone().map(Some),
        email: correction.email.clone(),
    };
    if patch != AttendeePatch::default() {
        change_attendee(unit, actor, attendee, &patch)?;
    }
    let details = correct_details(unit, actor, attendee, |details| {
        if let Some(badge_name) = &correction.badge_name {
            details.badge_name.clone_from(badge_name);
        }
        if let Some(form_of_address) = &correction.form_of_address {
            details.form_of_address.clone_from(form_of_address);
        }
    })?;
    let name = find_attendee(unit.connection, event, attendee)?.ok_or_else(no_such_attendee)?.name;
    Ok(Corrected { attendee, name, badge_name: details.badge_name, form_of_address: details.form_of_address })
}

/// A desk gives no address in place of one that is in use: whoever takes a desk's device would take over
/// everybody's account by it.
fn require_replaceable(unit: &mut Unit<'_>, attendee: AttendeeId, email: &str) -> Result<(), Failure> {
    let asked = normalise_email(email);
    for own in own_accounts(unit, attendee)? {
        if own.email.is_some() && own.email == asked {
            continue;
        }
        if has_devices(unit.connection, own.account)? || is_more_than(unit, (own.account, attendee))? {
            let detail = "The guest's account is in use, or more than theirs; an organiser gives them another.";
            return Err(Refusal::new(ProblemCode::Forbidden, detail).at("/email").into());
        }
    }
    Ok(())
}

fn own_accounts(unit: &mut Unit<'_>, attendee: AttendeeId) -> Result<Vec<AccountOf>, Failure> {
    let accounts = list_accounts(unit.connection, unit.group.event, &[attendee])?;
    Ok(accounts.into_iter().filter(|known| known.relation == Relation::Myself.as_str()).collect())
}

/// Whether an account has roles, or is or acts for others.
fn is_more_than(unit: &mut Unit<'_>, (account, attendee): (AccountId, AttendeeId)) -> Result<bool, Failure> {
    let profile = load_profile(unit.connection, account)?;
    Ok(profile.is_some_and(|profile| {
        let others =
            profile.attendees.iter().any(|acts| acts.id != attendee && acts.relation != Relation::Myself.as_str());
        others || !profile.roles.is_empty()
    }))
}

/// The account that a code is to be for: the guest's own, made where there is none.
///
/// # Errors
///
/// There is no such guest; the account has roles or acts for others, which a desk's code must not bring.
pub fn account_for_code(unit: &mut Unit<'_>, actor: Actor, attendee: AttendeeId) -> Result<AccountId, Failure> {
    let event = unit.group.event;
    let known = find_live_attendee(unit.connection, event, attendee)?.ok_or_else(no_such_attendee)?;
    let account = match own_accounts(unit, attendee)?.into_iter().next() {
        Some(own) => own.account,
        None => {
            let new = NewAccount { email: None, name: known.name, language: known.language };
            let made = ensure_account(unit.connection, &new, unit.group.now)?.id;
            unit.group.set_relation(attendee, made, Some(Relation::Myself));
            made
        }
    };
    if is_more_than(unit, (account, attendee))? {
        let detail = "A code may not bring roles, nor others than this guest.";
        return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
    }
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..actor },
        operation: "sign_in_code.hand_out".to_owned(),
        collection: "attendees",
        record: attendee.0,
        before: None,
        after: Some(json!({ "account": account })),
    });
    Ok(account)
}
