//! Whether there is room for one more.

use diesel::QueryResult;
use shared::ids::RecordId;
use shared::programme::{Category, Collection, Delegation, Programme, RecordBody};
use shared::registration::{Registration, RegistrationStatus};

use super::rules::Lack;
use super::store::{self, Waiting};
use crate::sync::change_log::Unit;

/// The category with this id.
pub fn find_category(programme: &Programme, id: RecordId) -> Option<&Category> {
    match &programme.find(Collection::Categories, id)?.body {
        RecordBody::Categories(category) => Some(category),
        _ => None,
    }
}

/// The delegation with this id.
pub fn find_delegation(programme: &Programme, id: RecordId) -> Option<&Delegation> {
    match &programme.find(Collection::Delegations, id)?.body {
        RecordBody::Delegations(delegation) => Some(delegation),
        _ => None,
    }
}

/// Where there is no place for a registration that is to be confirmed, and was or was not before.
pub fn find_lack(
    unit: &mut Unit<'_>,
    before: Option<&Registration>,
    after: &Registration,
) -> QueryResult<Option<Lack>> {
    let programme = unit.group.programme();
    match place_of(programme, after).map(|wanted| wanted.beyond(before.and_then(|before| place_of(programme, before))))
    {
        None => Ok(None),
        Some(wanted) => wanted.find_lack(unit),
    }
}

/// Carries a change of a registration, which is in the database, over to what the group knows of places.
pub fn count_change(unit: &mut Unit<'_>, before: Option<&Registration>, after: Option<&Registration>) {
    let place = |registration: Option<&Registration>| place_of(unit.group.programme(), registration?);
    let (had, has) = (place(before), place(after));
    had.iter().flat_map(Counted::records).for_each(|record| unit.group.place_taken_back(record));
    has.iter().flat_map(Counted::records).for_each(|record| unit.group.place_given(record));
}

/// What the place of a registration counts in, if it has one that counts.
fn place_of(programme: &Programme, registration: &Registration) -> Option<Counted> {
    let Registration { category, delegation, companion_of, .. } = registration;
    let is_confirmed = registration.status == RegistrationStatus::Confirmed;
    Counted::new(programme, (*category, *delegation), companion_of.is_some()).filter(|_| is_confirmed)
}

/// What a place counts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counted {
    category: Option<RecordId>,
    delegation: Option<RecordId>,
}

impl Counted {
    /// What the place of somebody who waits counts in; a companion's counts nowhere.
    pub fn of_waiting(programme: &Programme, waiting: &Waiting) -> Option<Self> {
        Self::new(programme, (waiting.category, waiting.delegation), waiting.is_companion)
    }

    fn new(
        programme: &Programme,
        (category, delegation): (RecordId, Option<RecordId>),
        is_companion: bool,
    ) -> Option<Self> {
        let is_outside = find_category(programme, category).is_some_and(|category| category.is_outside_quotas);
        (!is_companion).then_some(Self { category: Some(category), delegation: delegation.filter(|_| !is_outside) })
    }

    /// What it counts in beyond what another place counts in.
    fn beyond(self, other: Option<Self>) -> Self {
        let Some(other) = other else { return self };
        Self {
            category: self.category.filter(|category| other.category != Some(*category)),
            delegation: self.delegation.filter(|delegation| other.delegation != Some(*delegation)),
        }
    }

    /// Where there is no room for one more.
    pub fn find_lack(self, unit: &mut Unit<'_>) -> QueryResult<Option<Lack>> {
        if let Some(category) = self.category
            && is_category_full(unit, category)?
        {
            return Ok(Some(Lack::Category));
        }
        match self.delegation {
            Some(delegation) if is_delegation_full(unit, delegation)? => Ok(Some(Lack::Delegation)),
            _ => Ok(None),
        }
    }

    fn records(&self) -> impl Iterator<Item = RecordId> {
        [self.category, self.delegation].into_iter().flatten()
    }
}

fn is_category_full(unit: &mut Unit<'_>, id: RecordId) -> QueryResult<bool> {
    let capacity = find_category(unit.group.programme(), id).and_then(|category| category.capacity);
    is_full(unit, (id, capacity), |unit| store::count_in_category(unit.connection, unit.group.event, id))
}

fn is_delegation_full(unit: &mut Unit<'_>, id: RecordId) -> QueryResult<bool> {
    let capacity = find_delegation(unit.group.programme(), id).and_then(|delegation| delegation.capacity);
    is_full(unit, (id, capacity), |unit| {
        let categories = unit.group.programme().list(Collection::Categories);
        let outside = categories
            .filter(|record| matches!(&record.body, RecordBody::Categories(category) if category.is_outside_quotas));
        let outside: Vec<RecordId> = outside.map(|record| record.id).collect();
        store::count_in_delegation(unit.connection, unit.group.event, id, &outside)
    })
}

/// Whether no place is free; taken ones are counted once in a group.
fn is_full(
    unit: &mut Unit<'_>,
    (record, capacity): (RecordId, Option<u32>),
    count: impl FnOnce(&mut Unit<'_>) -> QueryResult<u64>,
) -> QueryResult<bool> {
    let Some(capacity) = capacity else { return Ok(false) };
    let taken = match unit.group.places_taken(record) {
        Some(taken) => taken,
        None => {
            let taken = count(unit)?;
            unit.group.remember_places(record, taken);
            taken
        }
    };
    Ok(taken >= u64::from(capacity))
}
