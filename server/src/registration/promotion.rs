//! Who waits is confirmed when a place becomes free: categories in their order, within one the
//! lowest number first. Whoever lacks a place in their delegation is passed over until there is one.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::ids::RecordId;
use shared::programme::{Collection, RecordBody, RecordKey};
use shared::registration::RegistrationStatus;

use super::operations::{Who, write};
use super::room::{Counted, find_category};
use super::store::{self, Waiting};
use crate::sync::change_log::{Actor, Unit};

/// Gives the places that have become free since the last call, before anybody new can take them.
pub fn settle(unit: &mut Unit<'_>) -> QueryResult<()> {
    let mut freed = unit.group.take_freed();
    freed.extend(widened(unit));
    if freed.is_empty() {
        return Ok(());
    }
    let freed: Vec<RecordId> = freed.into_iter().collect();
    let mut waiting = store::list_waiting(unit.connection, unit.group.event, &freed)?;
    let order = |waiting: &Waiting| {
        let category = find_category(unit.group.programme(), waiting.category);
        (category.and_then(|category| category.order).unwrap_or(u32::MAX), waiting.category, waiting.number)
    };
    waiting.sort_by_cached_key(order);
    for waiting in waiting {
        let lack = match Counted::of_waiting(unit.group.programme(), &waiting) {
            Some(counted) => counted.find_lack(unit)?,
            None => None,
        };
        if lack.is_none() {
            promote(unit, &waiting)?;
        }
    }
    Ok(())
}

fn promote(unit: &mut Unit<'_>, waiting: &Waiting) -> QueryResult<()> {
    let found = store::find_registration(unit.connection, unit.group.event, waiting.attendee)?;
    let Some(before) = found else { return Ok(()) };
    let mut after = before.clone();
    after.status = RegistrationStatus::Confirmed;
    let who = Who { actor: Actor::default(), acting: None };
    write(unit, who, (waiting.attendee, "registration.promote"), (Some(&before), after))
}

/// The categories and delegations whose limits the group made wider.
fn widened(unit: &Unit<'_>) -> BTreeSet<RecordId> {
    let changed = unit.group.changed_records().iter();
    let limited = changed.filter(|key| matches!(key.0, Collection::Categories | Collection::Delegations));
    let limits = |body: Option<&RecordBody>| match body {
        Some(RecordBody::Categories(category)) => Some((category.capacity, category.is_outside_quotas)),
        Some(RecordBody::Delegations(delegation)) => Some((delegation.capacity, false)),
        _ => None,
    };
    let before = |key: &RecordKey| unit.group.programme_before().find(key.0, key.1).map(|record| &record.body);
    let differs = limited.filter(|key| limits(before(key)) != limits(unit.group.body(**key)));
    differs.map(|key| key.1).collect()
}
