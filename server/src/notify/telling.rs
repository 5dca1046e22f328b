//! What a notice says to one reader, as it is when it leaves: nothing that they may not see any more.

use serde_json::Value;
use shared::notice::{Notice, NoticeKind, SessionChange, Told, text_in};
use shared::programme::{Collection, Programme};
use shared::sync::Scope;

use super::dispatches::seen_by;
use super::mail::{self, MailBody, Reader, View, words_for};
use super::words::tell_changes;
use crate::sync::projection;

/// What it says of changes or in the organisers' words; none where there is nothing left to say.
pub fn put_notice_into_words(
    notice: &Notice,
    (programme, may_hold): (&Programme, &dyn Fn(Scope) -> bool),
    language: &str,
) -> Option<Told> {
    let (_, event) = programme.event()?;
    let is_still_seen = |change: &SessionChange| match programme.session(change.session) {
        // What is gone from the programme was seen when it was told; there is no row to look at any more.
        None => true,
        // Of what has changed again meanwhile another notice tells.
        Some(session) => change.is_still_so(session) && seen_by(programme, change, may_hold).as_ref() == Some(change),
    };
    let changes: Vec<SessionChange> = notice.changes.iter().filter(|change| is_still_seen(change)).cloned().collect();
    let words = words_for(&[language, &event.fallback_language]);
    match notice.kind {
        NoticeKind::Test => Some(mail::tell_of_test(words)),
        _ if !notice.texts.is_empty() && changes.len() == notice.changes.len() => {
            let is_about_seen = notice.collection.is_none() || about_is_seen(notice, (programme, may_hold));
            text_in(&notice.texts, language, &event.fallback_language).filter(|_| is_about_seen).cloned()
        }
        _ if changes.is_empty() => None,
        _ => Some(tell_changes(words, programme, &changes, notice.is_correction)),
    }
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
    (language, own): (&str, Option<Value>),
) -> Option<Told> {
    let is_of_many = notice.dispatch.is_some() || notice.kind == NoticeKind::Test;
    if is_of_many {
        return put_notice_into_words(notice, (programme, may_hold), language);
    }
    let body = MailBody {
        name: String::new(),
        reader: Reader::Myself,
        collection: notice.collection.clone(),
        id: notice.id,
        details: notice.details.clone(),
        link: None,
        notice: None,
    };
    mail::tell((notice.kind, &body), language, &View { programme, may_hold, own, public_url: "" })
}
