//! What becomes of a push when its turn comes, and what it says: what is so then, and nothing that its reader may not see.

use chrono_tz::Tz;
use shared::ids::RecordId;
use shared::notice::{Delivery, Notice, NoticeKind, Urgency};
use shared::programme::{Collection, Programme};
use shared::sync::Scope;
use shared::time::Timestamp;

use super::message::{Message, Says};
use super::quiet_until;
use super::store::ClaimedPush;
use crate::app::App;
use crate::notify::dispatches::AnnouncementAudience;
use crate::notify::mail;
use crate::notify::telling::{Reading, put_into_words};
use crate::sync::SYSTEM;
use crate::sync::projection;

/// What becomes of a push when its turn comes.
pub(super) enum Composed {
    /// It is sent.
    Message(Message),
    /// The device wants to be left alone until then.
    Quiet(Timestamp),
    /// There is nothing to say any more, or not to this device.
    Nothing,
    /// It cannot be told yet, and why.
    Unknown(&'static str),
}

/// A push as it is sent. Quiet hours count when it goes out: it may have waited, or they may be new.
pub(super) fn compose(
    app: &App,
    claimed: &ClaimedPush,
    (programme, notice, audience): (Option<&Programme>, Option<&Notice>, Option<&AnnouncementAudience>),
) -> Composed {
    if let (Some(programme), Some(notice)) = (programme, notice)
        && let Some((_, event)) = programme.event()
    {
        let zone: Tz = event.time_zone.parse().unwrap_or(Tz::UTC);
        if let Some(until) = quiet_until(&claimed.preferences, notice, (app.clock.now(), zone)) {
            return Composed::Quiet(until);
        }
    }
    write(app, claimed, (programme, notice, audience)).map_or(Composed::Nothing, Composed::Message)
}

fn write(
    app: &App,
    claimed: &ClaimedPush,
    (programme, notice, audience): (Option<&Programme>, Option<&Notice>, Option<&AnnouncementAudience>),
) -> Option<Message> {
    let (push, now) = (&claimed.push, app.clock.now());
    let message = |event: Option<String>, says: Option<Says>| Message {
        id: claimed.id,
        covers: event.as_ref().map(|_| format!("{}.{}", app.epoch, push.covers)),
        event,
        spread_s: push.spread_s,
        tag: push.dispatch.or(push.notice).unwrap_or(claimed.id).simple().to_string(),
        says,
        ttl_s: (push.expires_at.0 - now.0) / 1_000,
        is_urgent: push.is_urgent,
    };
    let language = claimed.preferences.language.as_ref().or(claimed.language.as_ref());
    if claimed.event == SYSTEM {
        let told = mail::tell_of_test(mail::words_for(&language.map(String::as_str).into_iter().collect::<Vec<_>>()));
        let says = Says { notice: None, kind: NoticeKind::Test, urgency: Urgency::Normal, told };
        return Some(message(None, Some(says)));
    }
    let (programme, notice, cell) = (programme?, notice?, app.events.find(claimed.event)?);
    let delivery = claimed.preferences.delivery(notice.kind, notice.urgency);
    // Who acts for somebody may have seen it, or that person: the other has not.
    let has_seen = notice.seen_at.is_some() && (notice.seen_by.is_none() || notice.seen_by == claimed.account);
    if delivery == Delivery::Off || has_seen {
        return None;
    }
    let (_, event) = programme.event()?;
    let memory = cell.read();
    let may_hold = |scope: Scope| memory.attendee_may_hold(notice.attendee, &scope);
    let language = language.map_or(event.fallback_language.as_str(), String::as_str);
    let reading = Reading { language, time_zone: claimed.preferences.time_zone };
    let told = put_into_words(notice, (programme, &may_hold), reading)?;
    let is_gated = is_gated(programme, notice) || audience.is_some_and(|audience| is_of_gated(programme, audience));
    let wakes_only = delivery == Delivery::WakeUp || is_gated;
    let says = Says { notice: push.notice, kind: notice.kind, urgency: notice.urgency, told };
    Some(message(Some(event.slug.clone()), (!wakes_only).then_some(says)))
}

/// Whether it is about what not everybody may read of: the words of that do not pass through a provider.
fn is_gated(programme: &Programme, notice: &Notice) -> bool {
    let is_public = |key| projection::scopes_of_row(programme, key).0 == Some(Scope::Public);
    let of_row = |collection: &str| match collection {
        "sessions" => Some(Collection::Sessions),
        "parts" => Some(Collection::Parts),
        _ => None,
    };
    let about = notice.collection.as_deref().and_then(of_row).zip(notice.id.map(RecordId));
    let named = [("session", Collection::Sessions), ("part", Collection::Parts)]
        .into_iter()
        .filter_map(|(field, of)| Some((of, notice.details.get(field)?.as_str()?.parse().ok()?)));
    let changed = notice.changes.iter().map(|change| (Collection::Sessions, change.session));
    about.into_iter().chain(named).chain(changed).any(|key| !is_public(key))
}

/// Whether a message is for those of something that not everybody may read of: what it says is theirs, and passes
/// through no provider. What is for everybody is not, whomever else it names.
fn is_of_gated(programme: &Programme, audience: &AnnouncementAudience) -> bool {
    let is_public = |key| projection::scopes_of_row(programme, key).0 == Some(Scope::Public);
    let opens = |audience: &RecordId| {
        let gates = programme.iter().filter_map(|(key, _)| projection::gate_of(programme, *key));
        gates.into_iter().any(|audiences| audiences.contains(audience))
    };
    let is_of_session = audience.sessions.iter().any(|session| !is_public((Collection::Sessions, *session)));
    !audience.everybody && (is_of_session || audience.audiences.iter().any(opens))
}
