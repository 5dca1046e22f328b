//! Who is to be reminded of what, when: pure, of what is known of people and sessions.

use std::collections::{BTreeMap, BTreeSet};

use shared::ids::{AttendeeId, RecordId};
use shared::notice::{Lead, Leads, MOST_LEAD_MINUTES, ReminderKind, USUAL_LEAD, remind_at};
use shared::programme::{Programme, Session, SessionKind, State};
use shared::time::Timestamp;

/// A session that people may be reminded of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upcoming {
    /// Which.
    pub session: RecordId,
    /// When it begins.
    pub starts_at: Timestamp,
    /// For a transfer, the sessions that it leads to or away from.
    pub served: Option<Vec<RecordId>>,
}

impl Upcoming {
    /// A session that stands, and has a time.
    pub fn of(programme: &Programme, (id, session): (RecordId, &Session)) -> Option<Self> {
        let starts_at = session.starts_at.filter(|_| programme.state_of(session) == State::Published)?;
        let served = (session.kind == SessionKind::Transfer).then(|| {
            let transfer = session.transfer.as_ref().map_or([None, None], |transfer| [transfer.after, transfer.before]);
            transfer.into_iter().flatten().collect()
        });
        Some(Self { session: id, starts_at, served })
    }

    /// The kinds of reminders that there can be of it.
    fn possible_kinds(&self) -> &'static [ReminderKind] {
        if self.served.is_some() {
            return &[ReminderKind::Transfer];
        }
        &[ReminderKind::Starred, ReminderKind::Seat, ReminderKind::Invited]
    }
}

/// The sessions that begin after `now` and of which somebody may want to be reminded by then.
pub fn list_upcoming(programme: &Programme, now: Timestamp) -> Vec<Upcoming> {
    if programme.event().is_none_or(|(_, event)| event.state != State::Published) {
        return Vec::new();
    }
    let horizon = now.plus_minutes(i64::from(MOST_LEAD_MINUTES));
    let sessions = programme.sessions().filter_map(|one| Upcoming::of(programme, one));
    sessions.filter(|upcoming| upcoming.starts_at > now && upcoming.starts_at <= horizon).collect()
}

/// A stretch of time: after its first moment, up to its second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch(pub Timestamp, pub Timestamp);

impl Stretch {
    fn contains(self, at: Timestamp) -> bool {
        self.0 < at && at <= self.1
    }
}

/// Those of which somebody's reminder may be due: `chosen` are the leads that anybody chose, by kind.
pub fn list_hot(
    upcoming: Vec<Upcoming>,
    (chosen, usual): (&BTreeSet<(ReminderKind, u32)>, &Leads),
    stretch: Stretch,
) -> Vec<Upcoming> {
    let is_hot = |one: &Upcoming| {
        let usual = one.possible_kinds().iter().filter_map(|kind| match usual.get(*kind).unwrap_or(USUAL_LEAD) {
            Lead::Minutes(minutes) => Some(minutes),
            Lead::Off => None,
        });
        let chosen = chosen.iter().filter(|(kind, _)| one.possible_kinds().contains(kind)).map(|(_, minutes)| *minutes);
        usual.chain(chosen).any(|minutes| stretch.contains(one.starts_at.plus_minutes(-i64::from(minutes))))
    };
    upcoming.into_iter().filter(is_hot).collect()
}

/// Why which sessions are whose, as for reminders.
pub type Theirs = BTreeMap<RecordId, BTreeMap<AttendeeId, BTreeSet<ReminderKind>>>;

/// A reminder that is due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    /// Of what.
    pub session: RecordId,
    /// Whom.
    pub attendee: AttendeeId,
    /// When the session begins.
    pub starts_at: Timestamp,
}

/// The attendees whose reminder of a session may be due, with why it is theirs.
pub fn list_candidates(one: &Upcoming, theirs: &Theirs) -> BTreeMap<AttendeeId, BTreeSet<ReminderKind>> {
    let own = theirs.get(&one.session).cloned().unwrap_or_default();
    let Some(served) = &one.served else { return own };
    let served = served.iter().filter_map(|session| theirs.get(session)).flat_map(BTreeMap::keys);
    own.keys().chain(served).map(|attendee| (*attendee, BTreeSet::from([ReminderKind::Transfer]))).collect()
}

/// The reminders that fall into the stretch.
pub fn list_due(
    hot: &[Upcoming],
    theirs: &Theirs,
    (choices, usual): (&BTreeMap<AttendeeId, Leads>, &Leads),
    stretch: Stretch,
) -> Vec<Due> {
    let of_session = |one: &Upcoming| {
        let candidates = list_candidates(one, theirs).into_iter();
        let due = candidates.filter(|(attendee, kinds)| {
            let own = choices.get(attendee).copied().unwrap_or_default();
            remind_at(one.starts_at, kinds, (&own, usual)).is_some_and(|at| stretch.contains(at))
        });
        let (session, starts_at) = (one.session, one.starts_at);
        due.map(|(attendee, _)| Due { session, attendee, starts_at }).collect::<Vec<_>>()
    };
    hot.iter().flat_map(of_session).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id};

    fn who(number: u128) -> AttendeeId {
        AttendeeId(uuid::Uuid::from_u128(number))
    }

    fn due(
        programme: &Programme,
        theirs: &Theirs,
        (choices, since, now): (&[(u128, Leads)], &str, &str),
    ) -> Vec<(RecordId, AttendeeId)> {
        let stretch = Stretch(at(since), at(now));
        let choices: BTreeMap<AttendeeId, Leads> = choices.iter().map(|(n, leads)| (who(*n), *leads)).collect();
        let chosen = choices.values().flat_map(|leads| {
            ReminderKind::ALL.into_iter().filter_map(|kind| match leads.get(kind) {
                Some(Lead::Minutes(minutes)) => Some((kind, minutes)),
                _ => None,
            })
        });
        let hot = list_hot(list_upcoming(programme, at(now)), (&chosen.collect(), &Leads::default()), stretch);
        let due = list_due(&hot, theirs, (&choices, &Leads::default()), stretch);
        due.into_iter().map(|due| (due.session, due.attendee)).collect()
    }

    fn sketch() -> Sketch {
        let bus = json!({ "kind": "transfer", "transfer": { "before": id("reality") } });
        Sketch::new().session("reality", ("26 18:00", "26 19:00"), json!({})).session(
            "bus",
            ("26 17:20", "26 17:50"),
            bus,
        )
    }

    fn starred(session: &str, number: u128) -> Theirs {
        BTreeMap::from([(id(session), BTreeMap::from([(who(number), BTreeSet::from([ReminderKind::Starred]))]))])
    }

    #[test]
    fn a_reminder_is_due_once_when_its_time_has_come() {
        let (programme, theirs) = (sketch().programme, starred("reality", 1));
        assert_eq!(due(&programme, &theirs, (&[], "26 17:40", "26 17:44")), []);
        assert_eq!(due(&programme, &theirs, (&[], "26 17:44", "26 17:45")), [(id("reality"), who(1))]);
        assert_eq!(due(&programme, &theirs, (&[], "26 17:45", "26 17:46")), []);
    }

    #[test]
    fn everybody_is_reminded_as_they_chose() {
        let programme = sketch().programme;
        let mut theirs = starred("reality", 1);
        theirs.get_mut(&id("reality")).unwrap().insert(who(2), BTreeSet::from([ReminderKind::Starred]));
        let early = [(2, Leads { starred: Some(Lead::Minutes(60)), ..Leads::default() })];
        assert_eq!(due(&programme, &theirs, (&early, "26 16:59", "26 17:00")), [(id("reality"), who(2))]);
        // The bus that takes them there leaves at 17:20.
        assert_eq!(due(&programme, &theirs, (&early, "26 17:44", "26 17:45")), [(id("reality"), who(1))]);
        let off = [(1, Leads { starred: Some(Lead::Off), ..Leads::default() })];
        assert_eq!(due(&programme, &theirs, (&off, "26 17:44", "26 17:45")), [(id("reality"), who(2))]);
    }

    #[test]
    fn who_is_taken_somewhere_is_reminded_of_the_bus() {
        let (programme, theirs) = (sketch().programme, starred("reality", 1));
        assert_eq!(due(&programme, &theirs, (&[], "26 17:04", "26 17:05")), [(id("bus"), who(1))]);
    }

    #[test]
    fn of_what_is_cancelled_or_has_begun_nobody_is_reminded() {
        let cancelled =
            sketch().session("reality", ("26 18:00", "26 19:00"), json!({ "state": "cancelled" })).programme;
        assert_eq!(due(&cancelled, &starred("reality", 1), (&[], "26 17:44", "26 17:45")), []);
        let programme = sketch().programme;
        assert_eq!(due(&programme, &starred("reality", 1), (&[], "26 17:44", "26 18:00")), []);
    }
}
