//! Writing sign-ups: the one place where they change, with what every change leaves behind.

use diesel::QueryResult;
use serde_json::{Map, Value, json};
use shared::notice::NoticeKind;
use shared::signup::{SignUp, sign_up_id};

use super::store;
use crate::notify::inbox::tell;
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// A sign-up as it was, if it was, and as it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// As it was, whatever its state.
    pub before: Option<SignUp>,
    /// As it is.
    pub after: SignUp,
}

impl Change {
    /// What was becomes something else.
    pub fn of(before: SignUp, change: impl FnOnce(&mut SignUp)) -> Self {
        let mut after = before.clone();
        change(&mut after);
        Self { before: Some(before), after }
    }

    fn moves_a_seat(&self) -> bool {
        self.before.as_ref().is_some_and(|before| before.state.holds_seat()) != self.after.state.holds_seat()
    }
}

/// Why somebody has a seat, or a place in the line, no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The session is cancelled, or has no seats any more.
    SessionCancelled,
    /// Their registration is not confirmed any more.
    RegistrationEnded,
    /// Somebody took their place at the event.
    Replaced,
    /// The session does not let them in any more.
    NotInvited,
    /// They did not accept an offer in time.
    OfferLapsed,
    /// Somebody who acts for them gave it back.
    GivenBack,
}

impl Cause {
    fn as_str(self) -> &'static str {
        match self {
            Self::SessionCancelled => "session_cancelled",
            Self::RegistrationEnded => "registration_ended",
            Self::Replaced => "replaced",
            Self::NotInvited => "not_invited",
            Self::OfferLapsed => "offer_lapsed",
            Self::GivenBack => "given_back",
        }
    }
}

/// Writes changes, with a line of the audit log for each, and says whom and what they concern.
pub fn write(unit: &mut Unit<'_>, (actor, operation): (Actor, &str), changes: &[Change]) -> QueryResult<()> {
    let lines: Vec<SignUp> = changes.iter().map(|change| change.after.clone()).collect();
    let (event, seq, now) = (unit.group.event, unit.group.seq(), unit.group.now);
    store::put(unit.connection, event, &lines, (seq, now))?;
    for change in changes {
        let SignUp { session, attendee, .. } = change.after;
        unit.group.attendee_changed(attendee);
        if change.moves_a_seat() {
            unit.group.seats_changed(session);
        }
        unit.group.audit(AuditLine {
            actor: Actor { attendee: Some(attendee), ..actor },
            operation: operation.to_owned(),
            collection: RowCollection::SignUps.as_str(),
            record: sign_up_id(attendee, session),
            before: change.before.as_ref().map(|before| json!(before)),
            after: Some(json!(change.after)),
        });
    }
    Ok(())
}

/// Tells somebody of their sign-up. `more` is what the notice says beside the session.
pub fn tell_of(unit: &mut Unit<'_>, kind: NoticeKind, sign_up: &SignUp, more: Value) {
    let about = (RowCollection::SignUps, sign_up_id(sign_up.attendee, sign_up.session));
    let mut details = Map::from_iter([("session".to_owned(), json!(sign_up.session))]);
    if let Value::Object(more) = more {
        details.extend(more);
    }
    tell(unit, sign_up.attendee, kind, (Some(about), Value::Object(details)));
}

/// Tells somebody that a seat or a place in the line is gone. Of a session that they may not know of
/// any more the notice says nothing.
pub fn tell_of_loss(unit: &mut Unit<'_>, sign_up: &SignUp, cause: Cause) {
    let details = json!({ "cause": cause.as_str() });
    if cause == Cause::NotInvited {
        let about = (RowCollection::SignUps, sign_up_id(sign_up.attendee, sign_up.session));
        tell(unit, sign_up.attendee, NoticeKind::SeatLost, (Some(about), details));
    } else {
        tell_of(unit, NoticeKind::SeatLost, sign_up, details);
    }
}
