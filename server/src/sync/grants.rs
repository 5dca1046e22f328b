//! Who may hold the gates that a group touched: the members of their audiences, those with a right
//! of their own (an invitation, a stand-in), and the attendees linked to the people of a session.
//!
//! An invitation, and a place in an audience by hand, count as long as the registration is one that
//! has them, and a part in a session as long as it has not ended; rules of audiences name the statuses
//! that they want, and duties are the organiser's word.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::{Collection, Programme, RecordKey};
use shared::registration::RegistrationStatus;
use shared::sync::Scope;

use super::change_log::Group;
use super::feed::EventCell;
use super::projection;
use super::seal::CHUNK;
use crate::database::Connection;
use crate::database::schema::{audience_matches, audience_members, gate_rights, registrations};
use crate::on;

/// The reason in `gate_rights` of who is let in by an invitation.
pub const INVITATION: &str = "invitation";

/// The reason in `gate_rights` of who may read of something by an invitation and does not come: it does
/// not let them in.
pub const SIGHT_ALONE: &str = "invitation_not_coming";

/// The reason of who sits in for somebody: it lets them in only together with what that person has.
pub const STAND_IN: &str = "stand_in";

/// The reasons that end with the registration.
const BY_INVITATION: [&str; 2] = [INVITATION, SIGHT_ALONE];

/// The reason of who works there.
pub const DUTY: &str = "duty";

/// The reason of who works at a session whose row lies in a part's gate: they read of the part, and it does not let
/// them in.
pub const DUTY_INSIDE: &str = "duty_inside";

/// Who has nothing of what they are invited to, of an event.
#[diesel::dsl::auto_type]
fn no_guests<'a>(event: &'a str) -> _ {
    let statuses: [&'static str; 3] = RegistrationStatus::WITHOUT_INVITATIONS.map(RegistrationStatus::as_str);
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::status.eq_any(statuses))
        .select(registrations::attendee_id)
}

/// Lets somebody hold the gate of an object for a reason, or not any more.
pub fn set_gate_right(
    c: &mut Connection,
    event: EventId,
    (object, attendee): (RecordId, AttendeeId),
    (reason, is_held): (&str, bool),
) -> QueryResult<()> {
    let key = (event.to_string(), object.to_string(), attendee.to_string(), reason.to_owned());
    on!(c, |c| if is_held {
        let line = (
            gate_rights::event_id.eq(key.0),
            gate_rights::object_id.eq(key.1),
            gate_rights::attendee_id.eq(key.2),
            gate_rights::reason.eq(key.3),
        );
        diesel::insert_into(gate_rights::table).values(line).on_conflict_do_nothing().execute(c)
    } else {
        diesel::delete(gate_rights::table.find(key)).execute(c)
    })?;
    Ok(())
}

/// Of whom it may have changed whether they hold a gate.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Concerned {
    Everybody,
    These(BTreeSet<AttendeeId>),
}

impl Concerned {
    fn extend(&mut self, more: &BTreeSet<AttendeeId>) {
        if let Self::These(these) = self {
            these.extend(more);
        }
    }
}

/// Attendees by what lets them in. Complete for the audiences and objects of gates that concern
/// everybody, and for the attendees whom the others concern.
#[derive(Default)]
struct Reasons {
    members: BTreeMap<RecordId, BTreeSet<AttendeeId>>,
    rights: BTreeMap<RecordId, BTreeSet<AttendeeId>>,
    /// Those of the people of these sessions who do not come any more.
    ended: BTreeSet<AttendeeId>,
}

/// The gates whose effective set of holders changed: which, of whom, and whether they hold it now.
pub(super) fn changed_grants(
    connection: &mut Connection,
    cell: &EventCell,
    group: &Group,
) -> QueryResult<Vec<(RecordId, AttendeeId, bool)>> {
    let affected = affected_gates(group);
    if affected.is_empty() {
        return Ok(Vec::new());
    }
    let reasons = load_reasons(connection, group, &affected)?;
    let memory = cell.read();
    let whole = affected.iter().filter(|(_, concerned)| **concerned == Concerned::Everybody);
    let mut holders = memory.holders_of_each(&whole.map(|(gate, _)| gate.1).collect());
    let mut changes = Vec::new();
    for (gate, concerned) in &affected {
        let mut wanted = holders_wanted(group, *gate, &reasons);
        let held = match concerned {
            Concerned::Everybody => holders.remove(&gate.1).unwrap_or_default(),
            Concerned::These(these) => {
                wanted.retain(|attendee| these.contains(attendee));
                let holds = |attendee: &&AttendeeId| memory.attendee_may_hold(**attendee, &Scope::Gate(gate.1));
                these.iter().filter(holds).copied().collect()
            }
        };
        changes.extend(wanted.difference(&held).map(|attendee| (gate.1, *attendee, true)));
        changes.extend(held.difference(&wanted).map(|attendee| (gate.1, *attendee, false)));
    }
    Ok(changes)
}

fn affected_gates(group: &Group) -> BTreeMap<RecordKey, Concerned> {
    let draft = &group.draft;
    let is_gate = |key: &RecordKey| {
        projection::gate_of(&group.before, *key).is_some() || projection::gate_of(&draft.programme, *key).is_some()
    };
    let mut gates: BTreeMap<RecordKey, Concerned> =
        draft.changed.iter().filter(|key| is_gate(key)).map(|key| (*key, Concerned::Everybody)).collect();
    for (part, speakers) in changed_speakers(group) {
        gates.entry(part).or_insert_with(|| Concerned::These(BTreeSet::new())).extend(&speakers);
    }
    let people_changed = draft.changed.iter().any(|key| key.0 == Collection::People);
    if !people_changed && draft.audiences.is_empty() && draft.gates.is_empty() {
        return gates;
    }
    for (key, _) in draft.programme.iter() {
        let Some(audiences) = projection::gate_of(&draft.programme, *key) else { continue };
        if people_changed && key.0 == Collection::Sessions {
            gates.insert(*key, Concerned::Everybody);
            continue;
        }
        let touched = audiences.iter().filter_map(|audience| draft.audiences.get(audience));
        for attendees in touched.chain(draft.gates.get(&key.1)) {
            gates.entry(*key).or_insert_with(|| Concerned::These(BTreeSet::new())).extend(attendees);
        }
    }
    gates
}

/// The parts with a gate in which the group changed who speaks, and the gates of those who speak and came to be
/// expected or are so no more: which, and who came or went.
fn changed_speakers(group: &Group) -> Vec<(RecordKey, BTreeSet<AttendeeId>)> {
    let (before, after, guests) = (&group.before, &group.draft.programme, &group.draft.guests);
    let decides = |key: &RecordKey| matches!(key.0, Collection::People | Collection::Sessions);
    let has_other_speakers = group.draft.changed.iter().any(decides);
    if !has_other_speakers && guests.is_empty() {
        return Vec::new();
    }
    let places = [Collection::Parts, Collection::Sessions].into_iter();
    let places = places.flat_map(|of| after.list(of).map(move |record| (of, record.id)));
    let gated = places.filter(|place| projection::gate_of(after, *place).is_some());
    let changed = |place: RecordKey| {
        let now = speakers_of(after, place);
        let mut changed: BTreeSet<AttendeeId> = now.intersection(guests).copied().collect();
        if has_other_speakers && place.0 == Collection::Parts {
            changed.extend(projection::speakers_of_part(before, place).symmetric_difference(&now));
        }
        (place, changed)
    };
    gated.map(changed).filter(|(_, speakers)| !speakers.is_empty()).collect()
}

/// The attendees for whose part in the programme a gate is held: in the session itself, or in those that lie in the
/// part's gate.
fn speakers_of(programme: &Programme, gate: RecordKey) -> BTreeSet<AttendeeId> {
    let mut speakers = projection::speakers_of_part(programme, gate);
    speakers.extend(projection::linked_attendees(programme, gate));
    speakers
}

/// Those of these people who do not come any more.
fn load_ended(
    connection: &mut Connection,
    event: EventId,
    people: &BTreeSet<AttendeeId>,
) -> QueryResult<BTreeSet<AttendeeId>> {
    let people: Vec<String> = people.iter().map(ToString::to_string).collect();
    let mut ended = BTreeSet::new();
    for chunk in people.chunks(CHUNK) {
        let query = registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::attendee_id.eq_any(chunk))
            .filter(registrations::status.eq_any(RegistrationStatus::ENDED.map(RegistrationStatus::as_str)))
            .select(registrations::attendee_id);
        let found: Vec<String> = on!(&mut *connection, |c| query.load(c))?;
        ended.extend(found.iter().filter_map(|id| id.parse::<AttendeeId>().ok()));
    }
    Ok(ended)
}

/// By a fixed number of statements, however many gates there are.
fn load_reasons(
    connection: &mut Connection,
    group: &Group,
    affected: &BTreeMap<RecordKey, Concerned>,
) -> QueryResult<Reasons> {
    let mut reasons = Reasons::default();
    let (mut whole, mut attendees) = (Vec::new(), BTreeSet::new());
    for (gate, concerned) in affected {
        match concerned {
            Concerned::Everybody => whole.push(*gate),
            Concerned::These(these) => attendees.extend(these),
        }
    }
    load_of_gates(connection, group, &whole, &mut reasons)?;
    load_of_attendees(connection, group, (&attendees, &[]), &mut reasons)?;
    let speakers = affected.keys().flat_map(|gate| speakers_of(&group.draft.programme, *gate)).collect();
    reasons.ended = load_ended(connection, group.event, &speakers)?;
    Ok(reasons)
}

type Pairs = Vec<(String, String)>;

fn load_of_gates(
    connection: &mut Connection,
    group: &Group,
    gates: &[RecordKey],
    reasons: &mut Reasons,
) -> QueryResult<()> {
    let event = group.event.to_string();
    let audiences: BTreeSet<RecordId> =
        gates.iter().filter_map(|gate| projection::gate_of(&group.draft.programme, *gate)).flatten().collect();
    let audiences: Vec<String> = audiences.iter().map(ToString::to_string).collect();
    let objects: Vec<String> = gates.iter().map(|gate| gate.1.to_string()).collect();
    for chunk in audiences.chunks(CHUNK) {
        let listed = audience_members::table
            .filter(audience_members::event_id.eq(&event))
            .filter(audience_members::audience_id.eq_any(chunk))
            .filter(audience_members::attendee_id.ne_all(no_guests(&event)))
            .select((audience_members::audience_id, audience_members::attendee_id));
        let matching = audience_matches::table
            .filter(audience_matches::event_id.eq(&event))
            .filter(audience_matches::audience_id.eq_any(chunk))
            .select((audience_matches::audience_id, audience_matches::attendee_id));
        let (listed, matching): (Pairs, Pairs) =
            on!(&mut *connection, |c| (listed.load(&mut *c)?, matching.load(&mut *c)?));
        add_pairs(&mut reasons.members, listed);
        add_pairs(&mut reasons.members, matching);
    }
    for chunk in objects.chunks(CHUNK) {
        let rights = gate_rights::table
            .filter(gate_rights::event_id.eq(&event))
            .filter(gate_rights::object_id.eq_any(chunk))
            .filter(gate_rights::reason.ne_all(BY_INVITATION).or(gate_rights::attendee_id.ne_all(no_guests(&event))))
            .select((gate_rights::object_id, gate_rights::attendee_id));
        add_pairs(&mut reasons.rights, on!(&mut *connection, |c| rights.load(c))?);
    }
    Ok(())
}

fn load_of_attendees(
    connection: &mut Connection,
    group: &Group,
    (attendees, left_out): (&BTreeSet<AttendeeId>, &[&str]),
    reasons: &mut Reasons,
) -> QueryResult<()> {
    let event = group.event.to_string();
    let attendees: Vec<String> = attendees.iter().map(ToString::to_string).collect();
    for chunk in attendees.chunks(CHUNK) {
        let no_guests = no_guests(&event).filter(registrations::attendee_id.eq_any(chunk));
        let listed = audience_members::table
            .filter(audience_members::event_id.eq(&event))
            .filter(audience_members::attendee_id.eq_any(chunk))
            .filter(audience_members::attendee_id.ne_all(no_guests.clone()))
            .select((audience_members::audience_id, audience_members::attendee_id));
        let matching = audience_matches::table
            .filter(audience_matches::event_id.eq(&event))
            .filter(audience_matches::attendee_id.eq_any(chunk))
            .select((audience_matches::audience_id, audience_matches::attendee_id));
        let rights = gate_rights::table
            .filter(gate_rights::event_id.eq(&event))
            .filter(gate_rights::attendee_id.eq_any(chunk))
            .filter(gate_rights::reason.ne_all(BY_INVITATION).or(gate_rights::attendee_id.ne_all(no_guests)))
            .filter(gate_rights::reason.ne_all(left_out))
            .select((gate_rights::object_id, gate_rights::attendee_id));
        let (listed, matching, rights): (Pairs, Pairs, Pairs) =
            on!(&mut *connection, |c| (listed.load(&mut *c)?, matching.load(&mut *c)?, rights.load(&mut *c)?));
        add_pairs(&mut reasons.members, listed);
        add_pairs(&mut reasons.members, matching);
        add_pairs(&mut reasons.rights, rights);
    }
    Ok(())
}

fn add_pairs(sets: &mut BTreeMap<RecordId, BTreeSet<AttendeeId>>, pairs: Pairs) {
    for (of, attendee) in pairs {
        if let (Ok(of), Ok(attendee)) = (of.parse(), attendee.parse()) {
            sets.entry(of).or_default().insert(attendee);
        }
    }
}

/// Who is let in to which of these parts, sessions and documents, of these attendees: by an audience
/// of its admission, a right of their own, or their part in it; as the group has it, whether or not it
/// has a gate. Who only reads of it, or sits in for somebody, is not let in by that. A fixed number of statements, however many there are of either.
pub fn list_let_in(
    connection: &mut Connection,
    group: &Group,
    objects: &BTreeSet<RecordKey>,
    attendees: &BTreeSet<AttendeeId>,
) -> QueryResult<BTreeSet<(RecordId, AttendeeId)>> {
    let mut reasons = Reasons::default();
    load_of_attendees(connection, group, (attendees, &[SIGHT_ALONE, STAND_IN, DUTY_INSIDE]), &mut reasons)?;
    let programme = &group.draft.programme;
    let speakers = objects.iter().flat_map(|object| projection::linked_attendees(programme, *object));
    let asked = speakers.filter(|speaker| attendees.contains(speaker)).collect();
    reasons.ended = load_ended(connection, group.event, &asked)?;
    let admission = |object: &RecordKey| programme.find(object.0, object.1)?.body.admission();
    let of_object = |object: &RecordKey| {
        let audiences = admission(object).map_or(&[][..], |admission| &admission.audiences);
        let let_in = let_in(group, *object, (audiences, &reasons));
        let among = let_in.into_iter().filter(|attendee| attendees.contains(attendee));
        among.map(|attendee| (object.1, attendee)).collect::<Vec<_>>()
    };
    Ok(objects.iter().flat_map(of_object).collect())
}

/// Who speaks in a part reads of it, since their session lies there; that lets them in nowhere else.
fn holders_wanted(group: &Group, gate: RecordKey, reasons: &Reasons) -> BTreeSet<AttendeeId> {
    match projection::gate_of(&group.draft.programme, gate) {
        Some(audiences) => {
            let mut holders = let_in(group, gate, (&audiences, reasons));
            let speakers = projection::speakers_of_part(&group.draft.programme, gate);
            holders.extend(speakers.difference(&reasons.ended));
            holders
        }
        None => BTreeSet::new(),
    }
}

fn let_in(group: &Group, object: RecordKey, (audiences, reasons): (&[RecordId], &Reasons)) -> BTreeSet<AttendeeId> {
    let members = audiences.iter().filter_map(|audience| reasons.members.get(audience));
    let mut let_in: BTreeSet<AttendeeId> = members.chain(reasons.rights.get(&object.1)).flatten().copied().collect();
    let linked = projection::linked_attendees(&group.draft.programme, object);
    let_in.extend(linked.into_iter().filter(|speaker| !reasons.ended.contains(speaker)));
    let_in
}
