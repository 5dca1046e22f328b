//! Changing what a registration says.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::object::merge_patch;
use shared::problem_code::ProblemCode;
use shared::programme::{Category, DelegationRole};
use shared::registration::form::{
    Answers, check_answers, check_complete, check_consents, check_details, check_external_id, check_shares,
};
use shared::registration::transitions::Mover;
use shared::registration::{Details, PartCategory, Registration, RegistrationStatus as Status, Shared};

use super::request::{keep_consents, movers, require_companion, require_own_delegation};
use super::write::{Who, require_one_head, write};
use super::{Caller, not_found, refuse_faults, require_category, require_references};
use crate::attendees::operations::{AttendeePatch, change_attendee, has_other_account};
use crate::attendees::{Attendee, find_attendee};
use crate::programme::operations::read;
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{Acting, require_acting, require_mover};
use crate::registration::command::Change;
use crate::registration::promotion::settle;
use crate::registration::room::find_lack;
use crate::registration::rules::{may_enter, no_room, require_settable};
use crate::registration::store;
use crate::sync::change_log::{Actor, Unit};

/// What can be changed of a registration, the attendee's name and language among it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Particulars {
    /// The attendee's name.
    name: String,
    /// The language that they read, by BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// What the person is known by where the organisers' lists come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    /// The category.
    category: RecordId,
    /// Its categories in parts where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    part_categories: Vec<PartCategory>,
    /// The delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delegation: Option<RecordId>,
    /// The role there.
    #[serde(default)]
    delegation_role: DelegationRole,
    /// Whether the place is for somebody not yet named.
    #[serde(default)]
    is_placeholder: bool,
    /// Personal details.
    #[serde(default)]
    details: Details,
    /// Answers to the category's form.
    #[serde(default)]
    answers: Answers,
    /// Whom the attendee accompanies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    companion_of: Option<AttendeeId>,
    /// What other attendees may see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<Shared>,
}

impl Particulars {
    /// What an attendee and their registration say.
    fn of(attendee: &Attendee, registration: &Registration) -> Self {
        let Registration { category, part_categories, delegation, delegation_role, .. } = registration.clone();
        let Registration { external_id, is_placeholder, details, answers, companion_of, shares, .. } =
            registration.clone();
        let Attendee { name, language, .. } = attendee.clone();
        Self {
            name,
            language,
            external_id,
            category,
            part_categories,
            delegation,
            delegation_role,
            is_placeholder,
            details,
            answers,
            companion_of,
            shares,
        }
    }

    /// The registration that says this.
    fn applied_to(&self, before: &Registration) -> Registration {
        let particulars = self.clone();
        Registration {
            external_id: particulars.external_id,
            category: particulars.category,
            part_categories: particulars.part_categories,
            delegation: particulars.delegation,
            delegation_role: particulars.delegation_role,
            is_placeholder: particulars.is_placeholder,
            details: particulars.details,
            answers: particulars.answers,
            companion_of: particulars.companion_of,
            shares: particulars.shares,
            ..before.clone()
        }
    }
}

/// Changes what a registration says; where it stands.
pub(super) fn change(
    unit: &mut Unit<'_>,
    caller: &Caller<'_>,
    attendee: AttendeeId,
    change: &Change,
) -> Result<Status, Failure> {
    let acting = require_acting(unit, caller.rights, attendee)?;
    let event = unit.group.event;
    let stored = store::find_stored(unit.connection, event, attendee)?.ok_or_else(not_found)?;
    require_rev(change.revs.as_deref(), stored.rev)?;
    let named = find_attendee(unit.connection, event, attendee)?.ok_or_else(not_found)?;
    let mover = require_mover(acting)?;
    let who = Who { actor: Actor { attendee: Some(attendee), ..caller.actor }, acting: Some(acting) };
    settle(unit)?;
    let before = store::find_registration(unit.connection, event, attendee)?.ok_or_else(not_found)?;
    let (wanted, changed) = patched(&Particulars::of(&named, &before), change)?;
    require_settable(&movers(mover, caller.rights, attendee), changed.iter().map(String::as_str))?;
    let mut after = wanted.applied_to(&before);
    check(unit, (caller, who), (change, &before), &mut after)?;
    let patch = AttendeePatch {
        name: changed.contains(&"name".to_owned()).then(|| wanted.name.clone()),
        language: changed.contains(&"language".to_owned()).then(|| wanted.language.clone()),
        email: change.email.clone(),
    };
    if patch != AttendeePatch::default() {
        require_free_account(unit, who, (attendee, patch.email.is_some()))?;
        change_attendee(unit, who.actor, attendee, &patch)?;
    }
    keep_consents(unit, (who, attendee), &change.consents)?;
    let status = after.status;
    write(unit, who, (attendee, "registration.change"), (Some(&before), after))?;
    Ok(status)
}

/// Refuses unless the registration has one of the revs that If-Match names.
fn require_rev(revs: Option<&[u64]>, rev: u64) -> Result<(), Refusal> {
    if revs.is_none_or(|revs| revs.contains(&rev)) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::PreconditionFailed, format!("Its present version is \"{rev}\".")))
}

/// What is wanted, and the fields in which it differs from what is, with those beside them.
fn patched(before: &Particulars, change: &Change) -> Result<(Particulars, Vec<String>), Refusal> {
    let mut whole = json!(before);
    merge_patch(&mut whole, &Value::Object(change.patch.clone()));
    let after: Particulars = read(&whole)?;
    let (old, new) = (json!(before), json!(after));
    let names = ["name", "language", "external_id", "category", "part_categories", "delegation", "delegation_role"];
    let names = names.into_iter().chain(["is_placeholder", "details", "answers", "companion_of", "shares"]);
    let mut changed: Vec<String> = names.filter(|name| old.get(name) != new.get(name)).map(str::to_owned).collect();
    let beside = [
        ("email", change.email.is_some()),
        ("consents", !change.consents.is_empty()),
        ("override", change.is_override),
    ];
    changed.extend(beside.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name.to_owned()));
    Ok((after, changed))
}

fn check(
    unit: &mut Unit<'_>,
    (caller, who): (&Caller<'_>, Who),
    (change, before): (&Change, &Registration),
    after: &mut Registration,
) -> Result<(), Failure> {
    let Some(attendee) = who.actor.attendee else { return Err(not_found()) };
    let Some(acting) = who.acting else { return Err(not_found()) };
    let category = require_category(unit, after.category)?;
    if after.category != before.category {
        enter_category(acting, &category, after)?;
    }
    if after.delegation != before.delegation {
        leave_to(caller, acting, after.delegation)?;
    }
    let mut faults = check_details(&after.details);
    faults.extend(check_external_id(after.external_id.as_deref()));
    let kept = if after.category == before.category { before.answers.clone() } else { Answers::new() };
    faults.extend(check_answers(&category, &kept, &after.answers));
    let is_named_now = before.is_placeholder && !after.is_placeholder;
    if is_named_now && acting.mover() != Some(Mover::Organiser) {
        faults.extend(check_complete(&category, &after.answers));
    }
    faults.extend(check_shares(&after.shares));
    faults.extend(check_consents(&category, &[], &change.consents));
    refuse_faults(faults)?;
    require_references(unit, after, Some(before))?;
    if after.companion_of != before.companion_of {
        require_companion(unit, caller.rights, (acting, attendee), after)?;
    }
    require_one_head(unit, attendee, after)?;
    require_room(unit, change.is_override, (before, after))
}

/// A category's answers do not go along into another one that does not ask them.
fn enter_category(acting: Acting, category: &Category, after: &mut Registration) -> Result<(), Refusal> {
    if !acting.mover().is_some_and(|mover| may_enter(mover, category)) {
        let detail = "An organiser decides who changes into this category.";
        return Err(Refusal::new(ProblemCode::Forbidden, detail).at("/category"));
    }
    after.answers.retain(|key, _| category.form.iter().any(|field| field.key == *key));
    Ok(())
}

/// A focal point moves members between their own delegations, and lets nobody out of them.
fn leave_to(caller: &Caller<'_>, acting: Acting, delegation: Option<RecordId>) -> Result<(), Refusal> {
    if matches!(acting, Acting::FocalPoint(_)) && delegation.is_none() {
        let detail = "A member leaves a delegation when an organiser says so; cancel the registration instead.";
        return Err(Refusal::new(ProblemCode::Forbidden, detail).at("/delegation"));
    }
    require_own_delegation(caller.rights, acting, delegation)
}

/// Who is confirmed finds a place where they go, or stays.
fn require_room(
    unit: &mut Unit<'_>,
    is_override: bool,
    (before, after): (&Registration, &Registration),
) -> Result<(), Failure> {
    if is_override {
        return Ok(());
    }
    match find_lack(unit, Some(before), after)? {
        None => Ok(()),
        Some(lack) => Err(no_room(lack).into()),
    }
}

/// Whoever is given another account of their own is given it by an organiser: it opens what is
/// theirs alone.
pub(super) fn require_free_account(
    unit: &mut Unit<'_>,
    who: Who,
    (attendee, is_given): (AttendeeId, bool),
) -> Result<(), Failure> {
    let is_free = !is_given || who.acting == Some(Acting::Organiser);
    if is_free || !has_other_account(unit, attendee, who.actor.account)? {
        return Ok(());
    }
    let detail = "The attendee has an account; an organiser gives them another.";
    Err(Refusal::new(ProblemCode::Forbidden, detail).at("/email").into())
}
