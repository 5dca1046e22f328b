//! Liaison officers who are no attendees: they have no inbox, and are told by mail what everybody may read of what
//! concerns their delegations.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::ids::{AccountId, AttendeeId, RecordId};
use shared::notice::{Notice, NoticeKind, Reason, SessionChange, Urgency};
use shared::programme::Programme;
use shared::sync::Scope;
use uuid::Uuid;

use super::spread::seen_by;
use super::{Dispatch, DispatchKind};
use crate::identity::find_account;
use crate::notify::mail::{self, MailBody, NewMail, Reader};
use crate::sync::change_log::Unit;

/// Writes a mail to each officer, once: in the transaction in which the dispatch becomes sent.
pub fn write_to_officers(
    unit: &mut Unit<'_>,
    (dispatch, programme): (&Dispatch, &Programme),
    officers: &[(AccountId, BTreeSet<RecordId>)],
) -> QueryResult<()> {
    if dispatch.body.urgency == Urgency::Quiet {
        return Ok(());
    }
    let mut mails = Vec::new();
    for (account, sessions) in officers {
        let Some(notice) = notice_for(unit, (dispatch, programme), sessions) else { continue };
        let Some(found) = find_account(unit.connection, *account)? else { continue };
        let Some(address) = found.email else { continue };
        let fallback = programme.event().map(|(_, event)| event.fallback_language.clone()).unwrap_or_default();
        mails.push(NewMail {
            attendee: None,
            address,
            language: found.language.unwrap_or(fallback),
            kind: notice.kind,
            body: MailBody {
                name: found.name,
                reader: Reader::Myself,
                collection: None,
                id: None,
                details: serde_json::Value::Null,
                link: None,
                notice: None,
                whole: Some(Box::new(notice)),
            },
            wait_ms: 0,
        });
    }
    mail::enqueue(unit, mails)
}

/// What an officer is told; none where nobody may read of it but those who are let in.
fn notice_for(
    unit: &Unit<'_>,
    (dispatch, programme): (&Dispatch, &Programme),
    sessions: &BTreeSet<RecordId>,
) -> Option<Notice> {
    let body = &dispatch.body;
    let is_public = |scope: Scope| scope == Scope::Public;
    let seen =
        |change: &SessionChange| sessions.contains(&change.session).then(|| seen_by(programme, change, &is_public));
    let changes: Vec<SessionChange> = body.changes.iter().filter_map(seen).flatten().collect();
    let kind = match dispatch.kind {
        DispatchKind::Announcement => NoticeKind::Announcement,
        DispatchKind::Changes => NoticeKind::of_changes(&changes),
    };
    // A message that is about a session is for those who see it.
    let is_for_others = body.session.is_some() || (changes.is_empty() && dispatch.kind == DispatchKind::Changes);
    if is_for_others {
        return None;
    }
    let says_all = changes.len() == body.changes.len() && changes.iter().all(|change| body.changes.contains(change));
    Some(Notice {
        dispatch: Some(dispatch.id),
        urgency: body.urgency,
        reasons: vec![Reason::Liaison],
        texts: if says_all { body.texts.clone() } else { Default::default() },
        changes,
        is_correction: body.is_correction,
        is_digest: body.is_digest,
        ..Notice::new(AttendeeId(Uuid::nil()), kind, unit.group.now)
    })
}
