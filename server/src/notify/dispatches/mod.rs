//! What goes out to many at once: whom it concerns and why, the rows of their inboxes, the mails and pushes
//! that follow, and what is known of it having reached them.

mod audience;
mod holding;
mod officers;
mod operations;
mod people;
mod reach;
mod rows;
mod spread;
mod store;
mod withdrawal;

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::notice::{ChangeKind, Notice, SessionChange, TextsByLanguage, Urgency};
use shared::programme::Session;
use shared::sync::Scope;
use shared::time::Timestamp;
use uuid::Uuid;

pub use audience::{Concerned, Known, count_by_reason, gather, list_outside_officers};
pub use holding::note_holdings;
use officers::tell_officers_again;
pub use officers::{list_officers_notices, note_officer_mailed};
pub use operations::{
    ToldByHand, audit, decide, leave_out_what_is_not_so, load, require_state, send_again, tell_by_hand,
};
pub use people::{Liaison, Person, list_people};
pub use reach::{Reach, count_reach};
pub use reach::{Standing, find_standing, forget_untold, mark_reach, note_mailed, note_seen, renew_due};
pub use rows::row_of;
pub use spread::{Share, seen_by, share_of, spread_due};
pub use store::{delete_of_attendee, find, list, list_audiences, list_untold_changes, next_due, put_line};
pub use withdrawal::withdraw;

use crate::database::Connection;
use crate::notify::{mail, push};
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// How far back a change is looked for that a new one takes back.
const REMEMBERED_MS: i64 = 24 * 3_600_000;

/// What kind of thing goes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchKind {
    /// Changes of the programme.
    Changes,
    /// A message of the organisers.
    Announcement,
}

impl DispatchKind {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Announcement => "announcement",
        }
    }
}

/// Where a dispatch stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchState {
    /// It is being written.
    Draft,
    /// A second person is to approve it.
    ToApprove,
    /// It goes out at a time.
    Scheduled,
    /// An organiser is asked whether it is to go out.
    ToConfirm,
    /// It is going out.
    Sending,
    /// It is in everybody's inbox.
    Sent,
    /// It was taken back.
    Withdrawn,
    /// It was never sent.
    Discarded,
}

impl DispatchState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::ToApprove,
        Self::Scheduled,
        Self::ToConfirm,
        Self::Sending,
        Self::Sent,
        Self::Withdrawn,
        Self::Discarded,
    ];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::ToApprove => "to_approve",
            Self::Scheduled => "scheduled",
            Self::ToConfirm => "to_confirm",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Withdrawn => "withdrawn",
            Self::Discarded => "discarded",
        }
    }

    /// Whether it went to people, or is going.
    pub fn is_out(self) -> bool {
        matches!(self, Self::Sending | Self::Sent | Self::Withdrawn)
    }
}

impl std::str::FromStr for DispatchState {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(())
    }
}

/// Whom an announcement is for: everybody who is in one of these.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncementAudience {
    /// Everybody whose registration is confirmed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everybody: bool,
    /// The members of these audiences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<RecordId>,
    /// The members of these delegations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delegations: Vec<RecordId>,
    /// Whom a change of these sessions would concern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<RecordId>,
    /// These attendees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attendees: Vec<AttendeeId>,
}

/// What a dispatch says, and how.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DispatchBody {
    /// How soon it must be known.
    pub urgency: Urgency,
    /// Whether people are asked to say that they know.
    pub asks_acknowledgement: bool,
    /// Whether it takes back or mends what was told before.
    pub is_correction: bool,
    /// Whether it sums up a change of the whole programme.
    pub is_digest: bool,
    /// The sessions that changed.
    pub changes: Vec<SessionChange>,
    /// Those of them that are gone, as people knew them.
    pub gone: BTreeMap<RecordId, Session>,
    /// The organisers' own words.
    pub texts: TextsByLanguage,
    /// What is said where there are no words of theirs, to those who see all of it.
    pub shown: TextsByLanguage,
    /// Whom an announcement is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<AnnouncementAudience>,
    /// The session that an announcement is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<RecordId>,
    /// When it is to go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_at: Option<Timestamp>,
    /// Whether a second person is to approve it.
    pub needs_approval: bool,
    /// Who did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<AccountId>,
    /// Who wrote it; none where a change did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<AccountId>,
    /// Who changed what somebody else wrote, or they themselves.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub edited_by: BTreeSet<AccountId>,
    /// Behind whom of those who were not told it goes out once more; none where that was not asked for, or is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again_behind: Option<String>,
}

/// Something that goes out to many at once.
#[derive(Clone, PartialEq, Debug)]
pub struct Dispatch {
    /// Its id.
    pub id: Uuid,
    /// What kind of thing it is.
    pub kind: DispatchKind,
    /// Where it stands.
    pub state: DispatchState,
    /// What it says.
    pub body: DispatchBody,
    /// When it is next to be worked on.
    pub next_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was in everybody's inbox.
    pub sent_at: Option<Timestamp>,
}

impl Dispatch {
    /// One that was made at `now`, and goes out at once if it is to be sent.
    pub fn new(id: Uuid, (kind, state): (DispatchKind, DispatchState), body: DispatchBody, now: Timestamp) -> Self {
        let next_at = match state {
            DispatchState::Sending => Some(now),
            DispatchState::Scheduled => body.send_at,
            _ => None,
        };
        Self { id, kind, state, body, next_at, created_at: now, sent_at: None }
    }

    /// The words for readers of each language, as far as they are the same for everybody.
    pub fn words(&self) -> &TextsByLanguage {
        if self.body.texts.is_empty() { &self.body.shown } else { &self.body.texts }
    }
}

/// Writes a dispatch, and its row for organisers.
pub fn put(unit: &mut Unit<'_>, dispatch: &Dispatch) -> QueryResult<()> {
    store::put_line(unit.connection, unit.group.event, dispatch)?;
    rows::write(unit, dispatch)
}

/// What people are told of a dispatch, as their inboxes have it.
pub fn list_notices_of_dispatch(c: &mut Connection, event: EventId, id: Uuid) -> QueryResult<Vec<(Uuid, Notice)>> {
    let ids = store::list_notice_ids(c, event, id)?;
    crate::notify::list_notices_by_id(c, event, &ids)
}

/// Writes anew the inbox rows of everybody who has a dispatch.
fn rewrite_notices(unit: &mut Unit<'_>, id: Uuid, change: &dyn Fn(&mut Notice)) -> QueryResult<()> {
    let event = unit.group.event;
    let ids = store::list_notice_ids(unit.connection, event, id)?;
    let mut notices = crate::notify::list_notices_by_id(unit.connection, event, &ids)?;
    for (id, notice) in &mut notices {
        change(notice);
        let key = (RowCollection::Notices, *id);
        unit.group.put_row(Scope::Own(notice.attendee), key, Some(&serde_json::json!(notice)));
    }
    crate::notify::put_notices(unit.connection, event, &notices)
}

/// Writes the words of an announcement that was corrected into every inbox, and tells everybody again.
pub fn correct_notices(unit: &mut Unit<'_>, dispatch: &Dispatch) -> QueryResult<()> {
    let (now, body) = (unit.group.now, &dispatch.body);
    rewrite_notices(unit, dispatch.id, &|notice| {
        correct(notice, body, now);
        notice.asks_acknowledgement = body.asks_acknowledgement;
        (notice.seen_at, notice.seen_by) = (None, None);
        (notice.acknowledged_at, notice.acknowledged_by) = (None, None);
    })?;
    let event = unit.group.event;
    let ids = store::list_notice_ids(unit.connection, event, dispatch.id)?;
    store::tell_anew(unit.connection, (event, dispatch.id), unit.group.seq())?;
    // What is known of the words before says nothing of these, and what waits would say these twice.
    push::forget_dispatch(unit.connection, event, dispatch.id)?;
    let notices = crate::notify::list_notices_by_id(unit.connection, event, &ids)?;
    mail::take_back_of_notices(unit.connection, event, &notices)?;
    spread::push_and_mail(unit, body.urgency, (&notices, push::spread_for(notices.len())))?;
    tell_officers_again(unit, dispatch.id, |_| true, &|notice| correct(notice, body, now))
}

fn correct(notice: &mut Notice, body: &DispatchBody, now: Timestamp) {
    notice.texts.clone_from(&body.texts);
    notice.urgency = body.urgency;
    notice.is_correction = true;
    notice.at = now;
}

/// Whether changes take sessions back to what people were told within the last day that they are not any
/// more.
pub fn takes_back(unit: &mut Unit<'_>, changes: &[SessionChange]) -> QueryResult<bool> {
    let since = Timestamp(unit.group.now.0 - REMEMBERED_MS);
    let earlier = store::list_changes_since(unit.connection, unit.group.event, since)?;
    let returns = |change: &SessionChange| {
        let last = earlier.iter().rev().flat_map(|(_, body)| &body.changes).find(|told| told.session == change.session);
        last.is_some_and(|last| {
            let is_back = last.before.is_some() && last.before == change.after && last.before != last.after;
            let was_cancelled = last.kinds.contains(&ChangeKind::Cancelled);
            (is_back && !was_cancelled) || (was_cancelled && change.kinds.contains(&ChangeKind::Restored))
        })
    };
    Ok(changes.iter().any(|change| change.is_late_no_more() || returns(change)))
}

/// When people were told of sessions since a time, of each the last.
pub fn list_told_since(
    c: &mut Connection,
    event: EventId,
    since: Timestamp,
) -> QueryResult<BTreeMap<RecordId, Timestamp>> {
    let told = store::list_changes_since(c, event, since)?;
    let sessions = |(at, body): &(Timestamp, DispatchBody)| {
        body.changes.iter().map(|change| (change.session, *at)).collect::<Vec<_>>()
    };
    Ok(told.iter().flat_map(sessions).collect())
}
