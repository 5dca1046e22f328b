//! The outbox of mails: written in the transaction of what they tell, sent by a worker of any node.
//!
//! A mail is kept as what it is about, and put into words when it leaves: it tells what is so then,
//! and nothing that its reader may not see any more. It is sent at least once. A worker claims a
//! mail for a while before it tries; a node that dies in between leaves it to be claimed again,
//! and the repeat has the same Message-ID.

mod compose;
mod readers;
mod refusals;
mod retry;
mod store;
mod texts;
mod worker;

use std::collections::BTreeSet;

use chrono_tz::Tz;
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, RecordId};
use shared::notice::{Notice, NoticeKind};
use shared::programme::{Collection, RecordKey, State};
use uuid::Uuid;

pub use compose::{View, needs_sight, tell, tell_of_test};
pub use readers::{Addressee, list_contacts};
pub use refusals::set_refusal;
pub use retry::GIVE_UP_AFTER_MS;
pub use store::{forget, hasten, take_back, take_back_of_notices, take_back_of_officers};
pub use texts::{Words, words_for};
pub use worker::{LEASE_MS, OutboxError, run, run_due};

use crate::sync::change_log::{PersonalLink, Telling, Unit};
use store::{MailLine, MailState};

/// As whom somebody reads a mail about an attendee.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// They are the attendee.
    #[serde(rename = "self")]
    Myself,
    /// They act for the attendee.
    Assistant,
}

/// What a mail is made of.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct MailBody {
    /// The attendee's name.
    pub name: String,
    /// As whom the mail is read.
    pub reader: Reader,
    /// The collection of what the notice is about.
    pub collection: Option<String>,
    /// Its id.
    pub id: Option<Uuid>,
    /// More of it, as in the notice.
    pub details: Value,
    /// A link that answers without a sign-in, and its code.
    pub link: Option<PersonalLink>,
    /// The row of the inbox that says it, where it may change before the mail leaves.
    #[serde(default)]
    pub notice: Option<Uuid>,
    /// What it says, where its reader has no inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Box<Notice>>,
    /// The accounts of its reader.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    /// The zone of its reader's own clock: times are told in it too, where it shows another time than the event's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Tz>,
}

impl MailBody {
    /// The part or session that it is about: the row itself, or the one that the details name.
    fn object(&self) -> Option<RecordKey> {
        let named = |collection: Collection, field| {
            let id = self.details.get(field)?.as_str()?.parse().ok()?;
            Some((collection, id))
        };
        let of_row = || match self.collection.as_deref()? {
            "sessions" => Some((Collection::Sessions, RecordId(self.id?))),
            "parts" => Some((Collection::Parts, RecordId(self.id?))),
            _ => None,
        };
        of_row().or_else(|| named(Collection::Sessions, "session")).or_else(|| named(Collection::Parts, "part"))
    }
}

/// A mail to write.
#[derive(Clone, PartialEq, Debug)]
pub struct NewMail {
    /// The attendee that it is about.
    pub attendee: Option<AttendeeId>,
    /// Where it goes.
    pub address: String,
    /// The reader's language (BCP 47).
    pub language: String,
    /// What it tells.
    pub kind: NoticeKind,
    /// What it is made of.
    pub body: MailBody,
    /// How long it waits before it leaves, in milliseconds.
    pub wait_ms: i64,
}

/// Writes mails into the outbox, in the unit's transaction.
pub fn enqueue(unit: &mut Unit<'_>, mails: Vec<NewMail>) -> QueryResult<()> {
    let (event, now) = (unit.group.event.to_string(), unit.group.now.0);
    let line = |mail: NewMail| MailLine {
        id: Uuid::now_v7().to_string(),
        event_id: event.clone(),
        attendee_id: mail.attendee.map(|id| id.to_string()),
        address: mail.address,
        language: mail.language,
        kind: mail.kind.as_str(),
        body: json!(mail.body).to_string(),
        state: MailState::Waiting.as_str(),
        attempt_count: 0,
        next_attempt_at: now + mail.wait_ms,
        failure: None,
        created_at: now,
    };
    let lines: Vec<MailLine> = mails.into_iter().map(line).collect();
    store::insert_mails(unit.connection, &lines)
}

/// Writes the mails that follow notices. Of an event that is not published nobody hears by mail.
pub(super) fn follow(unit: &mut Unit<'_>, tellings: &[Telling]) -> QueryResult<()> {
    let told =
        tellings.iter().map(|telling| Following { notice: &telling.notice, id: None, link: telling.link.as_ref() });
    write(unit, &told.collect::<Vec<_>>(), &|_, _| 0)
}

/// How long the mail to somebody waits that follows a notice, in milliseconds.
pub(super) type Wait<'a> = dyn Fn(&Notice, &Addressee) -> i64 + 'a;

/// Writes the mails that follow notices which went out to many at once, each after the time that its reader
/// has to learn of it by a device.
pub(super) fn follow_notices(unit: &mut Unit<'_>, notices: &[(Uuid, Notice)], wait_ms: &Wait<'_>) -> QueryResult<()> {
    let told = notices.iter().map(|(id, notice)| Following { notice, id: Some(*id), link: None });
    write(unit, &told.collect::<Vec<_>>(), wait_ms)
}

/// A notice that mails follow.
struct Following<'a> {
    notice: &'a Notice,
    id: Option<Uuid>,
    link: Option<&'a PersonalLink>,
}

fn write(unit: &mut Unit<'_>, followed: &[Following<'_>], wait_ms: &Wait<'_>) -> QueryResult<()> {
    let fallback = match unit.group.programme().event() {
        Some((_, event)) if event.state != State::Draft => event.fallback_language.clone(),
        _ => return Ok(()),
    };
    let attendees: BTreeSet<AttendeeId> = followed.iter().map(|following| following.notice.attendee).collect();
    let circles = readers::list_circles(unit, &attendees)?;
    let mut mails = Vec::new();
    for Following { notice, id, link } in followed {
        let Some(circle) = circles.get(&notice.attendee) else { continue };
        mails.extend(circle.addressees().into_iter().map(|addressee| NewMail {
            attendee: Some(notice.attendee),
            wait_ms: wait_ms(notice, &addressee),
            address: addressee.address,
            language: addressee.language.unwrap_or_else(|| fallback.clone()),
            kind: notice.kind,
            body: MailBody {
                name: circle.name.clone(),
                reader: addressee.reader,
                collection: notice.collection.clone(),
                id: notice.id,
                details: notice.details.clone(),
                link: link.cloned(),
                notice: *id,
                whole: None,
                accounts: addressee.accounts,
                time_zone: addressee.time_zone,
            },
        }));
    }
    enqueue(unit, mails)
}
