//! What is kept of people, read for files.

use std::collections::BTreeMap;

use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId};
use shared::registration::Registration;

use crate::attendees::{Attendee, list_accounts};
use crate::database::Connection;
use crate::formats::people::Kept;
use crate::registration::store;
use crate::sync::change_log::Relation;

/// Whether needs are read as well: few may see them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// They are.
    Read,
    /// They are not.
    LeftOut,
}

/// What is kept of these people, in their order.
pub fn load_kept(
    connection: &mut Connection,
    event: EventId,
    (people, needs): (Vec<(Attendee, Registration)>, Needs),
) -> QueryResult<Vec<Kept>> {
    let ids: Vec<AttendeeId> = people.iter().map(|(attendee, _)| attendee.id).collect();
    let mut access_needs = match needs {
        Needs::Read => store::list_access_needs(connection, event, &ids)?,
        Needs::LeftOut => BTreeMap::new(),
    };
    let mut emails: BTreeMap<AttendeeId, Vec<String>> = BTreeMap::new();
    let assistants = list_accounts(connection, event, &ids)?.into_iter();
    for account in assistants.filter(|account| account.relation == Relation::Assistant.as_str()) {
        emails.entry(account.attendee).or_default().extend(account.email);
    }
    let kept = |(attendee, registration): (Attendee, Registration)| Kept {
        attendee: attendee.id,
        name: attendee.name,
        language: attendee.language,
        registration,
        access_needs: access_needs.remove(&attendee.id),
        assistant_emails: emails.remove(&attendee.id).unwrap_or_default(),
        created_at: attendee.created_at,
    };
    Ok(people.into_iter().map(kept).collect())
}
