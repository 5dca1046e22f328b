//! What a notice says to one reader, as it is when it leaves: nothing that they may not see any more.

use chrono_tz::Tz;
use shared::notice::{Notice, NoticeKind, SessionChange, Told, text_in};
use shared::programme::{Collection, Programme, State};
use shared::sync::Scope;

use super::dispatches::seen_by;
use super::mail::{self, MailBody, Reader, View, Words, words_for};
use super::words::{tell_changes, tell_reminder};
use crate::sync::projection;

/// How somebody reads what they are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading<'a> {
    /// In which language (BCP 47).
    pub language: &'a str,
    /// By the clock of which zone, beside the event's.
    pub time_zone: Option<Tz>,
}

/// What it says of changes or in the organisers' words; none where there is nothing left to say.
pub fn put_notice_into_words(
    notice: &Notice,
    (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool),
    reading: Reading<'_>,
) -> Option<Told> {
    let (_, event) = programme.event()?;
    let language = reading.language;
    let is_still_seen = |change: &SessionChange| match programme.session_as_held(change.session) {
        // What is gone from the programme was seen when it was told; there is no row to look at any more.
        None => true,
        // Of what has changed again meanwhile another notice tells.
        Some(session) => change.is_still_so(&session) && seen_by(programme, change, may_hold).as_ref() == Some(change),
    };
    let changes: Vec<SessionChange> = notice.changes.iter().filter(|change| is_still_seen(change)).cloned().collect();
    let words = words_for(&[language, &event.fallback_language]).for_clock_in(reading.time_zone);
    match notice.kind {
        NoticeKind::Test => Some(mail::tell_of_test(words)),
        NoticeKind::Reminder => tell_of_what_begins(notice, (programme, may_hold), words),
        _ if !notice.texts.is_empty() && changes.len() == notice.changes.len() => {
            let is_about_seen = notice.collection.is_none() || about_is_seen(notice, (programme, may_hold));
            text_in(&notice.texts, language, &event.fallback_language).filter(|_| is_about_seen).cloned()
        }
        _ if changes.is_empty() => None,
        _ => Some(tell_changes(words, programme, &changes, notice.is_correction)),
    }
}

/// What a reminder says, while its session stands and begins when it said.
fn tell_of_what_begins(
    notice: &Notice,
    (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool),
    words: Words,
) -> Option<Told> {
    let [change] = notice.changes.as_slice() else { return None };
    let (_, event) = programme.event()?;
    let session = programme.session(change.session)?;
    let stands = event.state == State::Published && programme.state_of(session) == State::Published;
    if !stands || change.after.as_ref().and_then(|slot| slot.starts_at) != session.starts_at {
        return None;
    }
    let (full, stub) = projection::scopes_of_row(programme, (Collection::Sessions, change.session));
    let sees_all = full.is_some_and(may_hold);
    (sees_all || stub.is_some_and(may_hold)).then(|| tell_reminder(words, programme, (change.session, sees_all)))
}

fn about_is_seen(notice: &Notice, (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool)) -> bool {
    let session = notice.id.map(|id| (Collection::Sessions, shared::ids::RecordId(id)));
    session
        .is_some_and(|key| programme.find(key.0, key.1).is_none() || projection::is_visible(programme, key, may_hold))
}

/// What any notice says in a few words, by push.
pub fn put_into_words(
    notice: &Notice,
    (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool),
    reading: Reading<'_>,
) -> Option<Told> {
    let is_of_many = notice.dispatch.is_some() || matches!(notice.kind, NoticeKind::Test | NoticeKind::Reminder);
    if is_of_many {
        return put_notice_into_words(notice, (programme, may_hold), reading);
    }
    if notice.kind == NoticeKind::DeskMessage {
        let text = notice.details.get("message")?.as_str()?.to_owned();
        return Some(Told { title: words_for(&[reading.language]).say("desk-message", &[]), text });
    }
    let body = MailBody {
        name: String::new(),
        reader: Reader::Myself,
        collection: notice.collection.clone(),
        id: notice.id,
        details: notice.details.clone(),
        link: None,
        notice: None,
        whole: None,
        accounts: Vec::new(),
        time_zone: reading.time_zone,
    };
    mail::tell((notice.kind, &body), reading.language, &View { programme, may_hold, own: None, public_url: "" })
}
