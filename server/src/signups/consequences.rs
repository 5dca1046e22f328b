//! What follows for seats from what a commit group changed: sessions that are cancelled or moved,
//! people who do not come any more or are not let in, seats that are free.

use std::collections::BTreeSet;

use diesel::QueryResult;
use serde_json::json;
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::notice::NoticeKind;
use shared::programme::{Collection, Programme};
use shared::registration::{Registration, RegistrationStatus};
use shared::signup::{SeatTerms, SignUp, SignUpState, list_clashes, may_take_over, takes_place};

use super::admission::{end_of_guests, is_let_in};
use super::book::{by_attendee, end, move_lines};
use super::changes::{Cause, Change, tell_of, tell_of_loss, write};
use super::facts::{held_of, sessions_with_quotas};
use super::{fills, store};
use crate::database::Connection;
use crate::registration::store::list_registrations;
use crate::sync::change_log::{Actor, Group, Unit};

/// Draws the consequences: what cannot stand ends, people are asked, lines move, labels follow.
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    let sessions = changed_sessions(unit.group);
    end_of_sessions(unit, &sessions)?;
    let mut touched = end_of_people(unit)?;
    end_of_guests(unit)?;
    ask_about_moves(unit, &sessions)?;
    touched.extend(&sessions);
    touched.extend(unit.group.changed_seats());
    let has = |collection| unit.group.changed_records().iter().any(|key| key.0 == collection);
    if has(Collection::Delegations) || has(Collection::Categories) {
        touched.extend(sessions_with_quotas(unit.group.programme_before()));
        touched.extend(sessions_with_quotas(unit.group.programme()));
    }
    if touched.is_empty() {
        return Ok(());
    }
    move_lines(unit, touched)?;
    let mut shown = sessions;
    shown.extend(unit.group.changed_seats());
    fills::follow(unit, &shown)
}

/// The sign-ups that would end, each by its session and attendee, were the programme another one.
pub fn list_ending(
    c: &mut Connection,
    event: EventId,
    (before, after): (&Programme, &Programme),
) -> QueryResult<Vec<(RecordId, AttendeeId)>> {
    let with_seats = before.sessions().filter(|(_, session)| session.seats.is_some());
    let over: BTreeSet<RecordId> = with_seats.map(|(id, _)| id).filter(|id| !takes_place(after, *id)).collect();
    let ending = store::list_in_sessions(c, event, &over)?;
    Ok(ending.into_iter().map(|one| (one.session, one.attendee)).collect())
}

/// The sessions with seats, before or now, whose own record, part or event changed.
fn changed_sessions(group: &Group) -> BTreeSet<RecordId> {
    let changed = group.changed_records();
    let decides = |collection| matches!(collection, Collection::Events | Collection::Parts | Collection::Sessions);
    if !changed.iter().any(|key| decides(key.0)) {
        return BTreeSet::new();
    }
    let is_event_changed = changed.iter().any(|key| key.0 == Collection::Events);
    let of = |programme: &Programme| -> Vec<RecordId> {
        let is_changed = |id: RecordId, part: Option<RecordId>| {
            is_event_changed
                || changed.contains(&(Collection::Sessions, id))
                || part.is_some_and(|part| changed.contains(&(Collection::Parts, part)))
        };
        let with_seats = programme.sessions().filter(|(_, session)| session.seats.is_some());
        with_seats.filter(|(id, session)| is_changed(*id, session.part)).map(|(id, _)| id).collect()
    };
    of(group.programme_before()).into_iter().chain(of(group.programme())).collect()
}

/// Ends sign-ups, and tells those whose they were.
pub fn end_all(unit: &mut Unit<'_>, ended: Vec<SignUp>, cause: Cause) -> QueryResult<()> {
    if ended.is_empty() {
        return Ok(());
    }
    let changes: Vec<Change> = ended.into_iter().map(|one| Change::of(one, end)).collect();
    write(unit, (Actor::default(), "signup.end"), &changes)?;
    changes.iter().for_each(|change| tell_of_loss(unit, &change.after, cause));
    Ok(())
}

fn end_of_sessions(unit: &mut Unit<'_>, sessions: &BTreeSet<RecordId>) -> QueryResult<()> {
    let programme = unit.group.programme();
    let over: BTreeSet<RecordId> = sessions.iter().filter(|id| !takes_place(programme, **id)).copied().collect();
    let ended = store::list_in_sessions(unit.connection, unit.group.event, &over)?;
    end_all(unit, ended, Cause::SessionCancelled)
}

/// Ends what people without a confirmed registration have; who took their place at the event takes
/// their seats where they can. Tells the sessions in whose lines the others wait.
fn end_of_people(unit: &mut Unit<'_>) -> QueryResult<BTreeSet<RecordId>> {
    let attendees: Vec<AttendeeId> = unit.group.changed_attendees().iter().copied().collect();
    let event = unit.group.event;
    let mut live = store::list_of_attendees(unit.connection, event, &attendees)?;
    live.retain(|one| one.state.is_live());
    let concerned: BTreeSet<AttendeeId> = live.iter().map(|one| one.attendee).collect();
    let concerned: Vec<AttendeeId> = concerned.into_iter().collect();
    let registrations = list_registrations(unit.connection, event, &concerned)?;
    let of = |attendee: AttendeeId| registrations.iter().find(|(id, _)| *id == attendee).map(|(_, own)| own);
    let is_confirmed = |own: Option<&Registration>| own.is_some_and(|own| own.status == RegistrationStatus::Confirmed);
    let (standing, over): (Vec<SignUp>, Vec<SignUp>) = live.into_iter().partition(|one| is_confirmed(of(one.attendee)));
    let (mut ended, mut taken_over) = (Vec::new(), Vec::new());
    for one in over {
        match of(one.attendee).and_then(|own| own.replaced_by) {
            Some(replacement) => taken_over.push((one, replacement)),
            None => ended.push(one),
        }
    }
    end_all(unit, ended, Cause::RegistrationEnded)?;
    for (one, replacement) in taken_over {
        hand_over(unit, one, replacement)?;
    }
    Ok(standing.into_iter().filter(|one| one.state == SignUpState::Waitlisted).map(|one| one.session).collect())
}

/// The replacement takes the seat, or the place in the line with its number, if they can have it;
/// else it ends.
fn hand_over(unit: &mut Unit<'_>, one: SignUp, to: AttendeeId) -> QueryResult<()> {
    let theirs = store::list_of_attendees(unit.connection, unit.group.event, &[to])?;
    let can_have_it = can_take_over(unit, (&one, to), &theirs)?;
    let after = SignUp { attendee: to, ..one.clone() };
    let ended = Change::of(one, |one| {
        end(one);
        if can_have_it {
            // The number goes with the place: nobody else may have it.
            one.number = None;
        }
    });
    tell_of_loss(unit, &ended.after, Cause::Replaced);
    write(unit, (Actor::default(), "signup.replace"), &[ended])?;
    if !can_have_it {
        return Ok(());
    }
    tell_of(unit, NoticeKind::SeatGiven, &after, json!({ "state": after.state }));
    let before = theirs.into_iter().find(|line| line.session == after.session);
    write(unit, (Actor::default(), "signup.replace"), &[Change { before, after }])
}

fn can_take_over(unit: &mut Unit<'_>, (one, to): (&SignUp, AttendeeId), theirs: &[SignUp]) -> QueryResult<bool> {
    let registration = list_registrations(unit.connection, unit.group.event, &[to])?.pop();
    let held = held_of(unit.group.programme(), theirs, unit.group.now);
    let terms = SeatTerms::of(unit.group.programme(), one.session);
    let is_confirmed = registration.is_some_and(|(_, own)| own.status == RegistrationStatus::Confirmed);
    let is_free = terms.is_some_and(|terms| may_take_over(&terms, &held));
    Ok(is_confirmed && is_free && is_let_in(unit, one.session, to)?)
}

/// Who holds a seat in a session that has moved in time is told, and asked where they hold another
/// at its new time.
fn ask_about_moves(unit: &mut Unit<'_>, sessions: &BTreeSet<RecordId>) -> QueryResult<()> {
    let (before, after) = (unit.group.programme_before(), unit.group.programme().clone());
    let interval = |programme: &Programme, id: RecordId| programme.session(id).and_then(|session| session.interval());
    let has_moved = |id: &&RecordId| {
        before.session(**id).is_some() && takes_place(&after, **id) && interval(before, **id) != interval(&after, **id)
    };
    let moved: BTreeSet<RecordId> = sessions.iter().filter(has_moved).copied().collect();
    if moved.is_empty() {
        return Ok(());
    }
    let (event, now) = (unit.group.event, unit.group.now);
    let mut seated = store::list_in_sessions(unit.connection, event, &moved)?;
    seated.retain(|one| one.state.holds_seat());
    let attendees: BTreeSet<AttendeeId> = seated.iter().map(|one| one.attendee).collect();
    let attendees: Vec<AttendeeId> = attendees.into_iter().collect();
    let theirs = by_attendee(store::list_of_attendees(unit.connection, event, &attendees)?);
    for one in seated {
        let Some(terms) = SeatTerms::of(&after, one.session) else { continue };
        let clashes = list_clashes(&terms, &held_of(&after, theirs.get(&one.attendee).into_iter().flatten(), now));
        let more = if clashes.is_empty() { json!({}) } else { json!({ "clashes": clashes }) };
        tell_of(unit, NoticeKind::SeatMoved, &one, more);
    }
    Ok(())
}
