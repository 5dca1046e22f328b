//! Whether there is room for one more.

use std::collections::BTreeMap;

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
    let place = |registration: &Registration| {
        let is_confirmed = registration.status == RegistrationStatus::Confirmed;
        Counted::of(unit.group.programme(), registration).filter(|_| is_confirmed)
    };
    match place(after).map(|wanted| wanted.beyond(before.and_then(place))) {
        None => Ok(None),
        Some(wanted) => FreePlaces::default().find_lack(unit, &wanted),
    }
}

/// The places that are free, counted once for each category and delegation that somebody asks for.
#[derive(Default)]
pub struct FreePlaces {
    /// `None` where there is no limit.
    free: BTreeMap<RecordId, Option<u64>>,
}

/// What a place counts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counted {
    category: Option<RecordId>,
    delegation: Option<RecordId>,
}

impl Counted {
    /// What the place of a registration counts in; a companion's counts nowhere.
    pub fn of(programme: &Programme, registration: &Registration) -> Option<Self> {
        let Registration { category, delegation, companion_of, .. } = registration;
        Self::new(programme, (*category, *delegation), companion_of.is_some())
    }

    /// What the place of somebody who waits counts in.
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
    pub fn beyond(self, other: Option<Self>) -> Self {
        let Some(other) = other else { return self };
        Self {
            category: self.category.filter(|category| other.category != Some(*category)),
            delegation: self.delegation.filter(|delegation| other.delegation != Some(*delegation)),
        }
    }
}

impl FreePlaces {
    /// Where there is no room for one more.
    pub fn find_lack(&mut self, unit: &mut Unit<'_>, counted: &Counted) -> QueryResult<Option<Lack>> {
        if let Some(category) = counted.category
            && self.in_category(unit, category)? == Some(0)
        {
            return Ok(Some(Lack::Category));
        }
        match counted.delegation {
            Some(delegation) if self.in_delegation(unit, delegation)? == Some(0) => Ok(Some(Lack::Delegation)),
            _ => Ok(None),
        }
    }

    /// Takes a place of those that are free.
    pub fn take(&mut self, counted: &Counted) {
        for record in [counted.category, counted.delegation].into_iter().flatten() {
            if let Some(Some(free)) = self.free.get_mut(&record) {
                *free = free.saturating_sub(1);
            }
        }
    }

    fn in_category(&mut self, unit: &mut Unit<'_>, id: RecordId) -> QueryResult<Option<u64>> {
        if let Some(known) = self.free.get(&id) {
            return Ok(*known);
        }
        let capacity = find_category(unit.group.programme(), id).and_then(|category| category.capacity);
        let free = match capacity {
            None => None,
            Some(capacity) => {
                let taken = store::count_in_category(unit.connection, unit.group.event, id)?;
                Some(u64::from(capacity).saturating_sub(taken))
            }
        };
        self.free.insert(id, free);
        Ok(free)
    }

    fn in_delegation(&mut self, unit: &mut Unit<'_>, id: RecordId) -> QueryResult<Option<u64>> {
        if let Some(known) = self.free.get(&id) {
            return Ok(*known);
        }
        let programme = unit.group.programme();
        let capacity = find_delegation(programme, id).and_then(|delegation| delegation.capacity);
        let outside = programme
            .list(Collection::Categories)
            .filter(|record| matches!(&record.body, RecordBody::Categories(category) if category.is_outside_quotas));
        let outside: Vec<RecordId> = outside.map(|record| record.id).collect();
        let free = match capacity {
            None => None,
            Some(capacity) => {
                let taken = store::count_in_delegation(unit.connection, unit.group.event, id, &outside)?;
                Some(u64::from(capacity).saturating_sub(taken))
            }
        };
        self.free.insert(id, free);
        Ok(free)
    }
}
