//! What follows from lists as people join and leave what is invited: few at once in the commit that
//! moves them, many in stretches by [`settle_some`].

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{Invitation, InvitationList, InviteeCollection, Step, follow};
use shared::notice::NoticeKind;
use shared::programme::{Collection, Programme};
use uuid::Uuid;

use crate::invitations::changes::{Change, tell_of, tell_of_withdrawal, write};
use crate::invitations::operations::{Sending, invite_all, require_invitable};
use crate::invitations::secret::Secret;
use crate::invitations::store::{self, Stored, StoredList};
use crate::sync::change_log::{Actor, Group, Unit};

/// The most people whom one commit invites or uninvites because of lists to one object.
const AT_ONCE: usize = 200;

/// Follows those who came or left in the group. Where these are too many, or what is invited to has
/// changed, the lists are left to [`settle_some`].
pub fn draw(unit: &mut Unit<'_>) -> QueryResult<()> {
    let group = &*unit.group;
    let concerns_records = group.changed_records().iter().any(|key| concerns(key.0));
    if group.changed_attendees().is_empty() && group.changed_audiences().is_empty() && !concerns_records {
        return Ok(());
    }
    let lists = store::list_lists(unit.connection, unit.group.event)?;
    let mut by_object: BTreeMap<RecordId, BTreeSet<AttendeeId>> = BTreeMap::new();
    for stored in &lists {
        let moved = moved_by(unit.group, &stored.body.list);
        by_object.entry(stored.body.list.object).or_default().extend(moved);
    }
    for (object, attendees) in by_object {
        let of_object: Vec<&StoredList> = lists.iter().filter(|stored| stored.body.list.object == object).collect();
        if attendees.len() > AT_ONCE || of_object.iter().any(|stored| is_stirred(unit.group, &stored.body.list)) {
            of_object.iter().try_for_each(|stored| set_pending(unit, stored, true))?;
        } else if !attendees.is_empty() {
            follow_attendees(unit, &of_object, &attendees.into_iter().collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

fn concerns(collection: Collection) -> bool {
    use Collection::{Audiences, Delegations, Events, Parts, Sessions};
    matches!(collection, Audiences | Delegations | Events | Parts | Sessions)
}

/// Of whom it may have changed whether they are in what a list invites.
fn moved_by(group: &Group, list: &InvitationList) -> BTreeSet<AttendeeId> {
    match list.invitee_collection {
        InviteeCollection::Delegations => group.changed_attendees().clone(),
        InviteeCollection::Audiences => group.changed_audiences().get(&list.invitee).cloned().unwrap_or_default(),
    }
}

/// Whether the group changed whether anybody can be invited by a list.
fn is_stirred(group: &Group, list: &InvitationList) -> bool {
    is_in_force(group.programme_before(), list) != is_in_force(group.programme(), list)
}

fn is_in_force(programme: &Programme, list: &InvitationList) -> bool {
    is_standing(programme, list) && is_invitable(programme, list)
}

/// Whether a list invites somebody, once what it invites to can be invited to.
fn is_standing(programme: &Programme, list: &InvitationList) -> bool {
    list.withdrawn_at.is_none() && has_invitee(programme, list)
}

fn is_invitable(programme: &Programme, list: &InvitationList) -> bool {
    require_invitable(programme, (list.collection, list.object)).is_ok()
}

fn has_invitee(programme: &Programme, list: &InvitationList) -> bool {
    programme.find(list.invitee_collection.collection(), list.invitee).is_some()
}

fn set_pending(unit: &mut Unit<'_>, stored: &StoredList, is_pending: bool) -> QueryResult<()> {
    if stored.body.is_pending == is_pending {
        return Ok(());
    }
    let mut after = stored.clone();
    after.body.is_pending = is_pending;
    store::put_list(unit.connection, unit.group.event, &after, unit.group.now)
}

/// Invites and uninvites the next stretch of people because of pending lists; true where there may be
/// more. What cannot be invited to now waits until it can.
pub fn settle_some(unit: &mut Unit<'_>) -> QueryResult<bool> {
    let event = unit.group.event;
    let lists = store::list_lists(unit.connection, event)?;
    for stored in lists.iter().filter(|stored| stored.body.is_pending) {
        let list = &stored.body.list;
        let mut seen = stored.clone();
        if !has_invitee(unit.group.programme(), list) {
            // Who is invited by what is gone is invited no more.
            seen.body.list.withdrawn_at = list.withdrawn_at.or(Some(unit.group.now));
        }
        let can_follow = seen.body.list.withdrawn_at.is_some() || is_invitable(unit.group.programme(), list);
        let attendees =
            if can_follow { store::list_unsettled(unit.connection, event, (&seen, AT_ONCE))? } else { Vec::new() };
        if attendees.is_empty() {
            set_pending(unit, stored, false)?;
            continue;
        }
        let of_object: Vec<&StoredList> = lists.iter().filter(|other| other.body.list.object == list.object).collect();
        follow_attendees(unit, &of_object, &attendees)?;
        return Ok(true);
    }
    Ok(false)
}

/// Does for each of these attendees what the lists of an object say.
fn follow_attendees(unit: &mut Unit<'_>, lists: &[&StoredList], attendees: &[AttendeeId]) -> QueryResult<()> {
    let Some(first) = lists.first().map(|stored| &stored.body.list) else { return Ok(()) };
    let (event, object, is_open) = (unit.group.event, first.object, is_invitable(unit.group.programme(), first));
    let standing: Vec<&StoredList> =
        lists.iter().filter(|stored| is_standing(unit.group.programme(), &stored.body.list)).copied().collect();
    let invitees: Vec<RecordId> = standing.iter().map(|stored| stored.body.list.invitee).collect();
    let members = store::list_members_among(unit.connection, event, (&invitees, attendees))?;
    let members: BTreeSet<(RecordId, AttendeeId)> = members.into_iter().collect();
    let known = store::list_of_object(unit.connection, (event, object), attendees)?;
    let known: BTreeMap<AttendeeId, Stored> =
        known.into_iter().map(|stored| (stored.invitation.attendee, stored)).collect();
    let mut steps = Steps::default();
    for attendee in attendees {
        let theirs = standing.iter().filter(|stored| members.contains(&(stored.body.list.invitee, *attendee)));
        let theirs: Vec<Uuid> = theirs.map(|stored| stored.id).collect();
        let invitation = known.get(attendee);
        let step = follow(invitation.map(|stored| &stored.invitation), &theirs);
        if let Some(step) = step.filter(|step| is_open || matches!(step, Step::Keep(_) | Step::Withdraw)) {
            steps.add(unit, *attendee, (invitation, step));
        }
    }
    steps.take(unit, lists)
}

/// What is to be done, gathered so that it is written together.
#[derive(Default)]
struct Steps {
    invited: BTreeMap<Uuid, Vec<AttendeeId>>,
    restored: Vec<(Change, Secret)>,
    kept: Vec<Change>,
    withdrawn: Vec<Change>,
}

impl Steps {
    fn add(&mut self, unit: &Unit<'_>, attendee: AttendeeId, (known, step): (Option<&Stored>, Step)) {
        let by = |stored: &Stored, list: Uuid| {
            Change::of(stored.clone(), |after| {
                after.invitation.list = Some(list);
                (after.invitation.withdrawn_at, after.invitation.is_withdrawn_with_list) = (None, false);
            })
        };
        match (step, known) {
            (Step::Invite(list), _) => self.invited.entry(list).or_default().push(attendee),
            (Step::Restore(list), Some(stored)) => {
                let (mut change, secret) = (by(stored, list), Secret::random());
                change.after.secret_hash = Some(secret.fingerprint());
                self.restored.push((change, secret));
            }
            (Step::Keep(list), Some(stored)) => self.kept.push(by(stored, list)),
            (Step::Withdraw, Some(stored)) => {
                self.withdrawn.push(Change::withdrawal(stored.clone(), (unit, true)));
            }
            (Step::Restore(_) | Step::Keep(_) | Step::Withdraw, None) => {}
        }
    }

    fn take(self, unit: &mut Unit<'_>, lists: &[&StoredList]) -> QueryResult<()> {
        for (list, attendees) in self.invited {
            let Some(stored) = lists.iter().find(|stored| stored.id == list) else { continue };
            let to = (stored.body.list.collection, stored.body.list.object);
            let wanted = attendees.into_iter().map(|attendee| Invitation::new(attendee, to, Some(list))).collect();
            let message = stored.body.message.as_deref();
            invite_all(unit, Sending { actor: Actor::default(), operation: "invitation.create", message }, wanted)?;
        }
        let (restored, secrets): (Vec<Change>, Vec<Secret>) = self.restored.into_iter().unzip();
        write(unit, (Actor::default(), "invitation.restore"), &restored)?;
        for (change, secret) in restored.iter().zip(&secrets) {
            tell_of(unit, NoticeKind::Invited, &change.after, (secret, None));
        }
        write(unit, (Actor::default(), "invitation.keep"), &self.kept)?;
        write(unit, (Actor::default(), "invitation.withdraw"), &self.withdrawn)?;
        for change in &self.withdrawn {
            let by = lists.iter().find(|stored| Some(stored.id) == change.after.invitation.list);
            let by = by.filter(|stored| stored.body.list.withdrawn_at.is_some() && stored.body.tell);
            if let Some(stored) = by {
                tell_of_withdrawal(unit, &change.after, stored.body.farewell.as_deref());
            }
        }
        Ok(())
    }
}
