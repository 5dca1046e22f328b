//! How many of a delegation may accept an invitation.

use shared::ids::RecordId;
use shared::invitation::{Invitation, InvitedTo};
use shared::programme::{Collection, Delegation, Programme, RecordBody};
use shared::registration::Registration;
use shared::signup::{QuotaUse, counts_in_quota};

use super::store;
use crate::refusal::Failure;
use crate::sync::change_log::Unit;

/// The quota of the invited's delegation, where their registration counts in one. Runs no statement where no
/// delegation has any for it.
///
/// # Errors
///
/// The database's alone.
pub fn load_quota(
    unit: &mut Unit<'_>,
    invitation: &Invitation,
    registration: Option<&Registration>,
) -> Result<Option<QuotaUse>, Failure> {
    let programme = unit.group.programme().clone();
    let mut delegations = programme.list(Collection::Delegations);
    let has_one =
        |body: &RecordBody| matches!(body, RecordBody::Delegations(one) if at_most(one, invitation).is_some());
    if !delegations.any(|record| has_one(&record.body)) {
        return Ok(None);
    }
    let event = unit.group.event;
    let Some(registration) = registration else { return Ok(None) };
    let Some(delegation) = registration.delegation.filter(|_| counts(&programme, invitation, registration)) else {
        return Ok(None);
    };
    let Some(at_most) = find_delegation(&programme, delegation).and_then(|one| at_most(one, invitation)) else {
        return Ok(None);
    };
    let accepted = store::list_accepted_of_delegation(unit.connection, (event, invitation.object), delegation)?;
    let used = accepted.iter().filter(|member| counts(&programme, invitation, member)).count() as u32;
    Ok(Some(QuotaUse { at_most, used }))
}

fn find_delegation(programme: &Programme, id: RecordId) -> Option<&Delegation> {
    match &programme.find(Collection::Delegations, id)?.body {
        RecordBody::Delegations(delegation) => Some(delegation),
        _ => None,
    }
}

fn at_most(delegation: &Delegation, invitation: &Invitation) -> Option<u32> {
    let object = Some(invitation.object);
    let quotas = delegation.quotas.iter().filter(|quota| quota.session == object || quota.part == object);
    quotas.filter_map(|quota| quota.at_most).min()
}

fn counts(programme: &Programme, invitation: &Invitation, registration: &Registration) -> bool {
    if invitation.collection == InvitedTo::Sessions {
        return counts_in_quota(programme, invitation.object, registration);
    }
    let own = registration.part_categories.iter().find(|own| own.part == invitation.object);
    let category = own.map_or(registration.category, |own| own.category);
    let category = programme.find(Collection::Categories, category).map(|record| &record.body);
    let is_outside = matches!(category, Some(RecordBody::Categories(category)) if category.is_outside_quotas);
    registration.companion_of.is_none() && !is_outside
}
