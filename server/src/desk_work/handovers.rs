//! Keeping what was handed out, lent and taken back: nothing is refused, nothing is lost, nothing counts twice.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde_json::Value;
use shared::handover::{HandedOut, Handover, Item, effective, find_loan};
use shared::ids::{AttendeeId, HandoverId};
use uuid::Uuid;

use super::rows;
use super::store::{self, Recording};
use crate::badges::{hand_out_papers, take_papers_back};
use crate::check_in::{Outcome, keep_oddity};
use crate::sync::change_log::{Actor, Unit};

/// Keeps what a desk hands in, each fact by itself, and writes what follows.
pub fn hand_in(unit: &mut Unit<'_>, by: Actor, values: &[Value]) -> QueryResult<Vec<Outcome>> {
    let mut outcomes = vec![Outcome::Recorded; values.len()];
    let mut read = Vec::new();
    for (place, value) in values.iter().enumerate() {
        match Handover::read(value) {
            Ok(handover) => read.push((place, Recording { handover, by })),
            Err(misfit) => {
                keep_oddity(unit, by, (value, &misfit))?;
                outcomes[place] = Outcome::NotUnderstood(misfit);
            }
        }
    }
    let event = unit.group.event;
    let ids: BTreeSet<HandoverId> = read.iter().map(|(_, one)| one.handover.id).collect();
    let mut kept: BTreeMap<HandoverId, BTreeSet<Uuid>> = BTreeMap::new();
    for (id, fact) in store::list_facts(unit.connection, event, &ids.into_iter().collect::<Vec<_>>())? {
        kept.entry(id).or_default().insert(fact);
    }
    let mut new = Vec::new();
    for (place, one) in read {
        let facts = kept.entry(one.handover.id).or_default();
        let is_first = facts.is_empty();
        outcomes[place] = match (facts.insert(one.handover.fact()), is_first) {
            (false, _) => Outcome::Duplicate,
            (true, true) => Outcome::Recorded,
            (true, false) => Outcome::Reused,
        };
        if outcomes[place] != Outcome::Duplicate {
            new.push(one);
        }
    }
    if !new.is_empty() {
        store::put_handovers(unit.connection, event, &new, unit.group.now)?;
        follow(unit, &new.iter().map(|one| &one.handover).collect::<Vec<_>>())?;
    }
    Ok(outcomes)
}

/// Writes what follows from new facts: their rows and those of what they take back, what is out, and whose
/// papers are handed out.
fn follow(unit: &mut Unit<'_>, new: &[&Handover]) -> QueryResult<()> {
    let event = unit.group.event;
    let undone: BTreeSet<HandoverId> = new.iter().filter_map(|fact| fact.undoes).collect();
    let ids: BTreeSet<HandoverId> = new.iter().map(|fact| fact.id).chain(undone.iter().copied()).collect();
    let ids: Vec<HandoverId> = ids.into_iter().collect();
    let mut facts = store::list_by_id(unit.connection, event, &ids)?;
    facts.extend(store::list_undoing(unit.connection, event, &ids)?);
    write_rows(unit, &ids, &facts);
    let items: BTreeSet<Item> = facts.iter().filter_map(|fact| fact.item.clone()).collect();
    for item in items {
        write_loan(unit, &item)?;
    }
    let counting: Vec<&Handover> = effective(&facts).into_iter().filter(|fact| gives_badge(fact)).collect();
    for fact in &counting {
        hand_out_papers(unit, &fact.attendees, fact.at.corrected())?;
    }
    let counts = |fact: &Handover| counting.iter().any(|other| other.id == fact.id);
    for fact in facts.iter().filter(|fact| gives_badge(fact) && !counts(fact)) {
        take_papers_back(unit, &fact.attendees, fact.at.corrected())?;
    }
    Ok(())
}

fn gives_badge(fact: &Handover) -> bool {
    fact.what.contains(&HandedOut::Badge)
}

/// Of several facts under one id the first that counts is shown.
fn write_rows(unit: &mut Unit<'_>, ids: &[HandoverId], facts: &[Handover]) {
    let mut shown: BTreeMap<HandoverId, &Handover> = BTreeMap::new();
    for fact in effective(facts) {
        shown.entry(fact.id).or_insert(fact);
    }
    for id in ids {
        rows::put_handover(unit, *id, shown.get(id).and_then(|fact| fact.row()).as_ref());
    }
}

fn write_loan(unit: &mut Unit<'_>, item: &Item) -> QueryResult<()> {
    let event = unit.group.event;
    let mut facts = store::list_of_item(unit.connection, event, item)?;
    let ids: BTreeSet<HandoverId> = facts.iter().map(|fact| fact.id).collect();
    facts.extend(store::list_undoing(unit.connection, event, &ids.into_iter().collect::<Vec<_>>())?);
    rows::put_loan(unit, item, find_loan(item, &facts).as_ref());
    Ok(())
}

/// Takes out of what was handed to somebody alone what was written and signed for it. That it was stays.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    let ids = store::forget_words(unit.connection, unit.group.event, attendee)?;
    let mut facts = store::list_by_id(unit.connection, unit.group.event, &ids)?;
    facts.extend(store::list_undoing(unit.connection, unit.group.event, &ids)?);
    write_rows(unit, &ids, &facts);
    Ok(())
}
