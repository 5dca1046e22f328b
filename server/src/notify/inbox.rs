//! The inbox of an attendee: rows in their `own:` scope, which are the message itself. Mail follows.

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::AttendeeId;
use shared::notice::{Notice, NoticeKind};
use shared::sync::Scope;
use uuid::Uuid;

use super::{dispatches, mail, push, reminders, store};
use crate::sync::change_log::{PersonalLink, Telling, Unit};
use crate::sync::row::{RowCollection, RowKey};

/// Tells an attendee something: of which row, and more of it. What is told they may know.
///
/// The details that mails put into words: `session` or `part` (what it is about, where the row is
/// another), `until` (by when to answer, a time), `waitlist_number`, `reason` and `message` (in
/// somebody's own words).
pub fn tell(unit: &mut Unit<'_>, attendee: AttendeeId, kind: NoticeKind, about: (Option<RowKey>, Value)) {
    tell_with_link(unit, attendee, kind, about, None);
}

/// As [`tell`], with a link that answers without a sign-in. Only the mail has it.
pub fn tell_with_link(
    unit: &mut Unit<'_>,
    attendee: AttendeeId,
    kind: NoticeKind,
    (about, details): (Option<RowKey>, Value),
    link: Option<PersonalLink>,
) {
    let notice = Notice {
        collection: about.map(|(collection, _)| collection.as_str().to_owned()),
        id: about.map(|(_, id)| id),
        details,
        ..Notice::new(attendee, kind, unit.group.now)
    };
    unit.group.tell(Telling { id: Uuid::now_v7(), notice, link });
}

/// Takes out of an inbox what was told of a row that is to be as if it had never been, and mails that
/// were to follow.
pub fn take_back(unit: &mut Unit<'_>, attendee: AttendeeId, about: RowKey) -> QueryResult<()> {
    unit.group.untell(|telling| telling.notice.attendee == attendee && telling.notice.id == Some(about.1));
    for id in store::delete_notices_of_row(unit.connection, (unit.group.event, attendee), about)? {
        unit.group.put_row(Scope::Own(attendee), (RowCollection::Notices, id), None);
    }
    mail::take_back(unit.connection, (unit.group.event, attendee), about.1)
}

/// Takes away what an attendee was told, and mails that were to follow, when the attendee goes.
pub fn forget(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<()> {
    store::delete_notices(unit.connection, unit.group.event, attendee)?;
    dispatches::delete_of_attendee(unit.connection, unit.group.event, attendee)?;
    push::forget(unit.connection, unit.group.event, attendee)?;
    reminders::delete_of_attendee(unit.connection, unit.group.event, attendee)?;
    mail::forget(unit.connection, unit.group.event, attendee)
}

/// Writes what the group told: the rows of the inboxes, and the mails. Runs once, when the group ends.
pub fn deliver(unit: &mut Unit<'_>) -> QueryResult<()> {
    let tellings = unit.group.take_tellings();
    if tellings.is_empty() {
        return Ok(());
    }
    let notices: Vec<_> = tellings.iter().map(|telling| (telling.id, telling.notice.clone())).collect();
    store::put_notices(unit.connection, unit.group.event, &notices)?;
    for (id, notice) in &notices {
        let key = (RowCollection::Notices, *id);
        unit.group.put_row(Scope::Own(notice.attendee), key, Some(&json!(notice)));
    }
    push::follow(unit, &notices, 0)?;
    mail::follow(unit, &tellings)
}
