//! What is kept of people, read for files.

use std::collections::BTreeMap;

use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId};
use shared::registration::Registration;

use super::reach::Reach;
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

/// Whether the addresses of people's own accounts are read as well: what a focal point is not told by a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountEmails {
    /// They are.
    Read,
    /// They are not.
    LeftOut,
}

impl AccountEmails {
    /// What somebody with this reach may read.
    pub fn of(reach: &Reach) -> Self {
        if *reach == Reach::Everybody { Self::Read } else { Self::LeftOut }
    }
}

/// What is kept of these people, in their order.
pub fn load_kept(
    connection: &mut Connection,
    event: EventId,
    people: Vec<(Attendee, Registration)>,
    (needs, account_emails): (Needs, AccountEmails),
) -> QueryResult<Vec<Kept>> {
    let ids: Vec<AttendeeId> = people.iter().map(|(attendee, _)| attendee.id).collect();
    let mut access_needs = match needs {
        Needs::Read => store::list_access_needs(connection, event, &ids)?,
        Needs::LeftOut => BTreeMap::new(),
    };
    let mut emails: BTreeMap<AttendeeId, Vec<String>> = BTreeMap::new();
    let mut own: BTreeMap<AttendeeId, String> = BTreeMap::new();
    for account in list_accounts(connection, event, &ids)? {
        let Some(email) = account.email else { continue };
        match Relation::of_word(&account.relation) {
            Relation::Assistant => emails.entry(account.attendee).or_default().push(email),
            Relation::Myself if account_emails == AccountEmails::Read => drop(own.insert(account.attendee, email)),
            Relation::Myself => {}
        }
    }
    let kept = |(attendee, registration): (Attendee, Registration)| Kept {
        attendee: attendee.id,
        name: attendee.name,
        language: attendee.language,
        registration,
        access_needs: access_needs.remove(&attendee.id),
        account_email: own.remove(&attendee.id),
        assistant_emails: emails.remove(&attendee.id).unwrap_or_default(),
        created_at: attendee.created_at,
    };
    Ok(people.into_iter().map(kept).collect())
}
