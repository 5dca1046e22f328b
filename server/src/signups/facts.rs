//! What the rules are asked with, gathered from the programme and the database.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::RecordId;
use shared::programme::{Collection, Delegation, Programme, RecordBody};
use shared::signup::{Held, QuotaUse, SeatTerms, SignUp, counts_in_quota};
use shared::time::Timestamp;

use super::store;
use crate::sync::change_log::Unit;

/// What somebody holds and waits for, of these sign-ups of theirs.
pub fn held_of<'a>(programme: &Programme, sign_ups: impl IntoIterator<Item = &'a SignUp>, now: Timestamp) -> Vec<Held> {
    let live = sign_ups.into_iter().filter(|one| one.state.is_live());
    live.filter_map(|one| Some(Held::of(&SeatTerms::of(programme, one.session)?, one.state, now))).collect()
}

/// The most seats of the session that each delegation with a quota for it may have.
fn quotas_of(programme: &Programme, session: RecordId) -> BTreeMap<RecordId, u32> {
    let most = |delegation: &Delegation| {
        delegation.quotas.iter().filter(|quota| quota.session == Some(session)).filter_map(|quota| quota.at_most).min()
    };
    let quotas = programme.list(Collection::Delegations).filter_map(|record| match &record.body {
        RecordBody::Delegations(delegation) => Some((record.id, most(delegation)?)),
        _ => None,
    });
    quotas.collect()
}

/// The sessions for which any delegation has a quota.
pub fn sessions_with_quotas(programme: &Programme) -> BTreeSet<RecordId> {
    let sessions = programme.list(Collection::Delegations).flat_map(|record| match &record.body {
        RecordBody::Delegations(delegation) => delegation.quotas.iter().filter_map(|quota| quota.session).collect(),
        _ => Vec::new(),
    });
    sessions.collect()
}

/// The quotas that these delegations have in the session, and how far they are used. Runs no
/// statement where there are none.
pub fn load_quotas(
    unit: &mut Unit<'_>,
    session: RecordId,
    delegations: &BTreeSet<RecordId>,
) -> QueryResult<BTreeMap<RecordId, QuotaUse>> {
    let programme = unit.group.programme();
    let mut quotas = quotas_of(programme, session);
    quotas.retain(|delegation, _| delegations.contains(delegation));
    if quotas.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<RecordId> = quotas.keys().copied().collect();
    let seated = store::list_seated_registrations(unit.connection, (unit.group.event, session), &ids)?;
    let programme = unit.group.programme();
    let used = |delegation: RecordId| {
        let of_delegation = seated.iter().filter(|registration| registration.delegation == Some(delegation));
        of_delegation.filter(|registration| counts_in_quota(programme, session, registration)).count() as u32
    };
    Ok(quotas.into_iter().map(|(id, at_most)| (id, QuotaUse { at_most, used: used(id) })).collect())
}
