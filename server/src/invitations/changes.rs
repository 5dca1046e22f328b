//! Writing invitations: the one place where they change, with what every change leaves behind.

use std::collections::BTreeMap;

use diesel::QueryResult;
use serde_json::{Map, Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::{Invitation, InvitedTo};
use shared::notice::NoticeKind;
use shared::sync::Scope;

use super::secret::Secret;
use super::store::{self, Reason, Stored};
use crate::notify::inbox::{self, tell, tell_with_link};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::projection::is_visible;
use crate::sync::row::{RowCollection, RowKey};

/// An invitation as it was, if it was, and as it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// As it was.
    pub before: Option<Stored>,
    /// As it is.
    pub after: Stored,
}

impl Change {
    /// What was becomes something else.
    pub fn of(before: Stored, change: impl FnOnce(&mut Stored)) -> Self {
        let mut after = before.clone();
        change(&mut after);
        Self { before: Some(before), after }
    }

    /// What was is withdrawn: nothing opens it any more.
    pub fn withdrawal(before: Stored, (unit, is_with_list): (&Unit<'_>, bool)) -> Self {
        Self::of(before, |after| {
            after.secret_hash = None;
            after.invitation.withdrawn_at = Some(unit.group.now);
            after.invitation.is_withdrawn_with_list = is_with_list;
        })
    }

    fn right_before(&self) -> Option<Reason> {
        self.before.as_ref().and_then(|before| Reason::of(&before.invitation))
    }
}

/// The row of an invitation.
pub fn row_key(stored: &Stored) -> RowKey {
    (RowCollection::Invitations, stored.id)
}

/// Writes changes with the rights to gates that go with them and a line of the audit log for each,
/// and says whom they concern. Of what is withdrawn the inbox keeps nothing.
pub fn write(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), changes: &[Change]) -> QueryResult<()> {
    let lines: Vec<Stored> = changes.iter().map(|change| change.after.clone()).collect();
    let (event, seq, now) = (unit.group.event, unit.group.seq(), unit.group.now);
    store::put(unit.connection, event, &lines, (seq, now))?;
    let mut rights: BTreeMap<RecordId, BTreeMap<AttendeeId, Option<Reason>>> = BTreeMap::new();
    for change in changes {
        let (attendee, object) = (change.after.invitation.attendee, change.after.invitation.object);
        let right = Reason::of(&change.after.invitation);
        if right != change.right_before() {
            rights.entry(object).or_default().insert(attendee, right);
        }
        if change.after.invitation.is_withdrawn() {
            inbox::take_back(unit, attendee, row_key(&change.after))?;
        }
        unit.group.attendee_changed(attendee);
        unit.group.audit(AuditLine {
            actor: Actor { attendee: Some(attendee), ..actor },
            operation: operation.to_owned(),
            collection: RowCollection::Invitations.as_str(),
            record: change.after.id,
            before: change.before.as_ref().map(|before| json!(before.invitation)),
            after: Some(json!(change.after.invitation)),
        });
    }
    for (object, rights) in rights {
        store::put_rights(unit.connection, (event, object), &rights)?;
        unit.group.gate_changed(object, rights.into_keys());
    }
    Ok(())
}

/// Tells somebody of their invitation, with a link that answers it. `message` is in the words of
/// whoever invites.
pub fn tell_of(unit: &mut Unit<'_>, kind: NoticeKind, stored: &Stored, (secret, message): (&Secret, Option<&str>)) {
    let details = details_of(&stored.invitation, true, message);
    let attendee = stored.invitation.attendee;
    tell_with_link(unit, attendee, kind, (Some(row_key(stored)), details), Some(secret.link()));
}

/// Tells somebody that their invitation is withdrawn. What it was to is named only where everybody
/// may know of it: the gate is theirs no longer.
pub fn tell_of_withdrawal(unit: &mut Unit<'_>, stored: &Stored, message: Option<&str>) {
    let for_everybody = |scope: Scope| scope == Scope::Public;
    let is_named = is_visible(unit.group.programme(), stored.invitation.object_key(), &for_everybody);
    let details = details_of(&stored.invitation, is_named, message);
    tell(unit, stored.invitation.attendee, NoticeKind::InvitationWithdrawn, (Some(row_key(stored)), details));
}

fn details_of(invitation: &Invitation, is_named: bool, message: Option<&str>) -> Value {
    let mut details = Map::new();
    if is_named {
        let name = match invitation.collection {
            InvitedTo::Parts => "part",
            InvitedTo::Sessions => "session",
        };
        details.insert(name.to_owned(), json!(invitation.object));
    }
    if let Some(message) = message {
        details.insert("message".to_owned(), message.into());
    }
    Value::Object(details)
}
