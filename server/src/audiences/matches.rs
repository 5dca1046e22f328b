//! Who meets the rules of which audience, kept true at the end of every commit group.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::audience::{meets_any, roles_in_programme};
use shared::ids::{AttendeeId, RecordId};
use shared::programme::{AudienceRule, Collection, Programme, RecordBody, Role};
use shared::registration::Standing;

use super::store;
use crate::registration::store::{list_all_standings, list_standings};
use crate::sync::change_log::Unit;

type Rules = BTreeMap<RecordId, Vec<AudienceRule>>;
type Roles = BTreeMap<AttendeeId, BTreeSet<Role>>;

/// Takes people into audiences and out of them, as their registrations, their roles in the
/// programme or the rules changed in the group.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    let group = &*unit.group;
    if group.changed_attendees().is_empty() && group.changed_records().is_empty() {
        return Ok(());
    }
    let (before, after) = (rules_of(group.programme_before()), rules_of(group.programme()));
    let differs = |audience: &&RecordId| before.get(audience) != after.get(audience);
    let changed: BTreeSet<RecordId> = before.keys().chain(after.keys()).filter(differs).copied().collect();
    let kept: Rules = after.iter().filter(|(id, _)| !changed.contains(id)).map(|(id, r)| (*id, r.clone())).collect();
    let roles = KnownRoles::new(&after, group.programme());
    let mut attendees = group.changed_attendees().clone();
    attendees.extend(attendees_with_other_roles(unit, &kept));
    if !changed.is_empty() {
        judge_everybody(unit, (&changed, &after), &roles)?;
    }
    if !kept.is_empty() && !attendees.is_empty() {
        judge_some(unit, (&attendees, &kept), &roles)?;
    }
    Ok(())
}

/// Roles in the programme, known only where a rule asks for them.
struct KnownRoles(Roles);

impl KnownRoles {
    fn new(rules: &Rules, programme: &Programme) -> Self {
        Self(if ask_for_roles(rules) { roles_in_programme(programme) } else { Roles::new() })
    }

    fn of(&self, attendee: AttendeeId) -> &BTreeSet<Role> {
        static NONE: BTreeSet<Role> = BTreeSet::new();
        self.0.get(&attendee).unwrap_or(&NONE)
    }
}

fn rules_of(programme: &Programme) -> Rules {
    let rules = programme.list(Collection::Audiences).filter_map(|record| match &record.body {
        RecordBody::Audiences(audience) if !audience.rules.is_empty() => Some((record.id, audience.rules.clone())),
        _ => None,
    });
    rules.collect()
}

fn ask_for_roles(rules: &Rules) -> bool {
    rules.values().flatten().any(|rule| !rule.programme_roles.is_empty())
}

/// Whose roles differ from those before the group, where a rule asks for roles.
fn attendees_with_other_roles(unit: &Unit<'_>, rules: &Rules) -> BTreeSet<AttendeeId> {
    let group = &*unit.group;
    let decides = |collection| matches!(collection, Collection::People | Collection::Sessions);
    if !ask_for_roles(rules) || !group.changed_records().iter().any(|key| decides(key.0)) {
        return BTreeSet::new();
    }
    let (before, after) = (roles_in_programme(group.programme_before()), roles_in_programme(group.programme()));
    let differs = |attendee: &&AttendeeId| before.get(attendee) != after.get(attendee);
    before.keys().chain(after.keys()).filter(differs).copied().collect()
}

/// Compares these audiences with all registrations.
fn judge_everybody(
    unit: &mut Unit<'_>,
    (audiences, rules): (&BTreeSet<RecordId>, &Rules),
    roles: &KnownRoles,
) -> QueryResult<()> {
    let event = unit.group.event;
    let rules: Rules = audiences.iter().filter_map(|id| Some((*id, rules.get(id)?.clone()))).collect();
    let standings = if rules.is_empty() { Vec::new() } else { list_all_standings(unit.connection, event)? };
    let stored = store::list_matches_of_audiences(unit.connection, event, audiences)?;
    write(unit, &stored, &wanted(&rules, &standings, roles))
}

/// Compares these attendees with all rules.
fn judge_some(
    unit: &mut Unit<'_>,
    (attendees, rules): (&BTreeSet<AttendeeId>, &Rules),
    roles: &KnownRoles,
) -> QueryResult<()> {
    let event = unit.group.event;
    let ids: Vec<AttendeeId> = attendees.iter().copied().collect();
    let standings = list_standings(unit.connection, event, &ids)?;
    let mut stored = store::list_matches_of_attendees(unit.connection, event, &ids)?;
    stored.retain(|(audience, _)| rules.contains_key(audience));
    write(unit, &stored, &wanted(rules, &standings, roles))
}

fn wanted(rules: &Rules, standings: &[Standing], roles: &KnownRoles) -> BTreeSet<store::Match> {
    let of = |standing: &Standing| {
        let (attendee, roles) = (standing.attendee, roles.of(standing.attendee));
        let met = rules.iter().filter(|(_, rules)| meets_any(rules, standing, roles));
        met.map(|(audience, _)| (*audience, attendee)).collect::<Vec<_>>()
    };
    standings.iter().flat_map(of).collect()
}

fn write(unit: &mut Unit<'_>, stored: &BTreeSet<store::Match>, wanted: &BTreeSet<store::Match>) -> QueryResult<()> {
    let added: Vec<store::Match> = wanted.difference(stored).copied().collect();
    let removed: Vec<store::Match> = stored.difference(wanted).copied().collect();
    store::add_matches(unit.connection, unit.group.event, &added)?;
    store::remove_matches(unit.connection, unit.group.event, &removed)?;
    for (audience, attendee) in added.iter().chain(&removed) {
        unit.group.audience_changed(*audience, [*attendee]);
    }
    Ok(())
}
