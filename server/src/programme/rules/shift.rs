//! Shifting a part or a day: "the whole morning plus 25 minutes, until lunch".

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::ids::RecordId;
use shared::problem_code::ProblemCode;
use shared::programme::{Programme, RecordEdit, Session, SessionKind, State};
use shared::time::{Day, Timestamp};

use super::{Refusal, absorption::Absorption, event_zone, put_session};

/// The most minutes that one shift moves anything: a day.
pub const MOST_MINUTES: u64 = 24 * 60;

/// What is to be shifted, and by how much.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(try_from = "ShiftFields")]
pub struct Shift {
    /// A part or a day.
    pub scope: ShiftScope,
    /// What begins then or later is shifted.
    pub from: Timestamp,
    /// By how many minutes; negative is earlier.
    pub minutes: i64,
    /// What begins then or later stays; nothing does where absent.
    pub until: Option<Timestamp>,
    /// Whether breaks and meals become shorter to make up for a delay.
    pub breaks_absorb: bool,
    /// Whether transfers go with the sessions that they lead from or to.
    pub transfers: bool,
}

/// A shift as it is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShiftFields {
    part: Option<RecordId>,
    day: Option<Day>,
    from: Timestamp,
    minutes: i64,
    until: Option<Timestamp>,
    #[serde(default)]
    breaks_absorb: bool,
    #[serde(default = "yes")]
    transfers: bool,
}

impl TryFrom<ShiftFields> for Shift {
    type Error = &'static str;

    fn try_from(fields: ShiftFields) -> Result<Self, &'static str> {
        let scope = match (fields.part, fields.day) {
            (Some(part), None) => ShiftScope::Part(part),
            (None, Some(day)) => ShiftScope::Day(day),
            _ => return Err("a shift names either `part` or `day`"),
        };
        let ShiftFields { from, minutes, until, breaks_absorb, transfers, .. } = fields;
        Ok(Self { scope, from, minutes, until, breaks_absorb, transfers })
    }
}

fn yes() -> bool {
    true
}

/// What a shift is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ShiftScope {
    /// The sessions of one part.
    Part(RecordId),
    /// The sessions that begin on one day, in the event's time zone.
    Day(Day),
}

/// Shifts every published session of the scope that begins in the time named. Transfers of any
/// part that lead from or to a shifted session go with it; with `transfers` false none moves.
pub fn shift(programme: &Programme, arguments: &Shift) -> Result<Vec<RecordEdit>, Refusal> {
    if !(1..=MOST_MINUTES).contains(&arguments.minutes.unsigned_abs()) {
        return Err(super::invalid("/minutes", "A shift is by 1 to 1440 minutes, in either direction."));
    }
    if arguments.until.is_some_and(|until| until <= arguments.from) {
        return Err(super::invalid("/until", "A shift ends after it begins."));
    }
    if let ShiftScope::Part(part) = arguments.scope
        && programme.part(part).is_none()
    {
        return Err(super::refusal(ProblemCode::UnknownReference, "/part", "There is no such part in this event."));
    }
    let selected = list_selected(programme, arguments);
    if selected.is_empty() {
        return Err(super::invalid("/from", "No published session begins in this time."));
    }
    let mut moved = shift_sessions(arguments, &selected);
    if arguments.transfers {
        shift_transfers(programme, arguments, (&selected, &mut moved));
    }
    let edits = moved.into_iter().filter_map(|(id, slot)| {
        let session = programme.session(id)?;
        (session.interval() != Some(slot))
            .then(|| put_session(id, Session { starts_at: Some(slot.0), ends_at: Some(slot.1), ..session.clone() }))
    });
    Ok(edits.collect())
}

/// The sessions that share a transfer with what `edits` move and do not move themselves, by
/// id: the other passengers of the buses that go at another time.
pub fn sessions_sharing_transfers(programme: &Programme, edits: &[RecordEdit]) -> Vec<RecordId> {
    let edited: Vec<RecordId> = edits.iter().map(|edit| edit.key().1).collect();
    let transfers = edited.iter().filter_map(|id| programme.session(*id)?.transfer.as_ref());
    let mut sharing: Vec<RecordId> = transfers
        .flat_map(|transfer| [transfer.after, transfer.before])
        .flatten()
        .filter(|id| !edited.contains(id) && programme.session(*id).is_some())
        .collect();
    sharing.sort_unstable();
    sharing.dedup();
    sharing
}

type Slot = (Timestamp, Timestamp);
type Timed<'a> = (RecordId, &'a Session, Slot);

/// The published sessions that have a time.
fn list_timed(programme: &Programme) -> impl Iterator<Item = Timed<'_>> {
    programme
        .sessions()
        .filter(|(_, session)| programme.state_of(session) == State::Published)
        .filter_map(|(id, session)| Some((id, session, session.interval()?)))
}

fn list_selected<'a>(programme: &'a Programme, arguments: &Shift) -> Vec<Timed<'a>> {
    let zone = event_zone(programme);
    let is_in_scope = |session: &Session, starts: Timestamp| match arguments.scope {
        ShiftScope::Part(part) => session.part == Some(part),
        ShiftScope::Day(day) => starts.day_in(zone) == day.0,
    };
    let mut selected: Vec<_> = list_timed(programme)
        .filter(|(_, session, (starts, _))| {
            *starts >= arguments.from
                && arguments.until.is_none_or(|until| *starts < until)
                && is_in_scope(session, *starts)
        })
        .collect();
    selected.sort_by_key(|(id, _, slot)| (*slot, *id));
    selected
}

/// New slots for everything selected but transfers. A part makes up for its delay in its own pauses; one
/// without pauses begins with the delay that those of the others have left, since its people come from there,
/// and keeps it, so that nothing of it runs into the next. What is in no part stands for itself.
fn shift_sessions(arguments: &Shift, selected: &[Timed]) -> BTreeMap<RecordId, Slot> {
    let mut by_part: BTreeMap<Option<RecordId>, Vec<Timed>> = BTreeMap::new();
    for timed in selected.iter().filter(|(_, session, _)| session.kind != SessionKind::Transfer) {
        by_part.entry(timed.1.part).or_default().push(*timed);
    }
    let absorbs = arguments.breaks_absorb && arguments.minutes > 0;
    let of_all = Absorption::by_pauses(arguments.minutes, selected);
    let mut moved = BTreeMap::new();
    for (part, sessions) in &by_part {
        let has_pauses = sessions.iter().any(|(_, session, _)| session.kind.is_pause());
        let own = match (absorbs, has_pauses) {
            (false, _) => Some(Absorption::none(arguments.minutes)),
            (true, true) => Some(Absorption::by_pauses(arguments.minutes, sessions)),
            (true, false) => None,
        };
        let begins = part.and_then(|_| Some(sessions.first()?.2.0));
        for (id, session, slot) in sessions {
            let of_others =
                || Absorption::none(of_all.delay_at(begins.unwrap_or(slot.0))).slot_after(session.kind, *slot);
            let slot_after = own.as_ref().map_or_else(of_others, |own| own.slot_after(session.kind, *slot));
            moved.insert(*id, slot_after);
        }
    }
    moved
}

/// Gives every transfer the delay of the session that it leaves from, else of the one that it
/// goes to. One of the scope that leads to neither moves by the whole shift.
fn shift_transfers(
    programme: &Programme,
    arguments: &Shift,
    (selected, moved): (&[Timed], &mut BTreeMap<RecordId, Slot>),
) {
    let transfers = list_timed(programme).filter(|(_, session, _)| session.kind == SessionKind::Transfer);
    for (id, session, (starts, ends)) in transfers {
        let (after, before) = session.transfer.as_ref().map_or((None, None), |leads| (leads.after, leads.before));
        let old_slot = |id: RecordId| programme.session(id).and_then(Session::interval);
        let delay_of_end = |id: RecordId| Some(moved.get(&id)?.1.minutes_since(old_slot(id)?.1));
        let delay_of_start = |id: RecordId| Some(moved.get(&id)?.0.minutes_since(old_slot(id)?.0));
        let is_selected = || selected.iter().any(|(selected, ..)| *selected == id);
        let is_free = after.is_none() && before.is_none();
        let delay = after
            .and_then(delay_of_end)
            .or_else(|| before.and_then(delay_of_start))
            .or_else(|| (is_free && is_selected()).then_some(arguments.minutes));
        if let Some(delay) = delay {
            moved.insert(id, (starts.plus_minutes(delay), ends.plus_minutes(delay)));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id, times};

    fn sketch() -> Sketch {
        let dialogue = |kind: &str| json!({"part": id("dialogue"), "kind": kind});
        let bus = |after: &str, before: &str| {
            let transfer = json!({"after": id(after), "before": id(before)});
            json!({"part": id("dialogue"), "kind": "transfer", "transfer": transfer})
        };
        Sketch::new()
            .part("dialogue", json!({}))
            .part("clinic", json!({}))
            .session("opening", ("26 09:00", "26 10:30"), dialogue("opening"))
            .session("bus", ("26 10:30", "26 10:45"), bus("opening", "first"))
            .session("first", ("26 10:45", "26 11:30"), dialogue("session"))
            .session("coffee", ("26 11:30", "26 11:45"), dialogue("break"))
            .session("second", ("26 11:45", "26 13:15"), dialogue("session"))
            .session("lunch", ("26 13:15", "26 14:00"), dialogue("meal"))
            .session("third", ("26 14:00", "26 15:30"), dialogue("session"))
            .session("clinic-first", ("26 11:00", "26 12:00"), json!({"part": id("clinic")}))
            .session("next-day", ("27 09:00", "27 10:00"), dialogue("session"))
    }

    fn the_dialogue(from: &str, minutes: i64) -> Shift {
        let scope = ShiftScope::Part(id("dialogue"));
        Shift { scope, from: at(from), minutes, until: None, breaks_absorb: false, transfers: true }
    }

    fn shifted(programme: &Programme, arguments: &Shift) -> Programme {
        programme.with_edits(&shift(programme, arguments).unwrap(), 2)
    }

    #[test]
    fn everything_of_the_part_from_then_until_then_is_later() {
        let until_lunch = Shift { until: Some(at("26 13:15")), ..the_dialogue("26 10:45", 25) };
        let after = shifted(&sketch().programme, &until_lunch);
        assert_eq!(times(&after, "opening"), (at("26 09:00"), at("26 10:30")));
        assert_eq!(times(&after, "first"), (at("26 11:10"), at("26 11:55")));
        assert_eq!(times(&after, "second"), (at("26 12:10"), at("26 13:40")));
        assert_eq!(times(&after, "lunch"), (at("26 13:15"), at("26 14:00")));
        assert_eq!(times(&after, "clinic-first"), (at("26 11:00"), at("26 12:00")));
    }

    #[test]
    fn a_day_is_shifted_whatever_the_part() {
        let day = ShiftScope::Day(serde_json::from_value(json!("2018-11-26")).unwrap());
        let after = shifted(&sketch().programme, &Shift { scope: day, ..the_dialogue("26 00:00", 60) });
        assert_eq!(times(&after, "opening"), (at("26 10:00"), at("26 11:30")));
        assert_eq!(times(&after, "clinic-first"), (at("26 12:00"), at("26 13:00")));
        assert_eq!(times(&after, "next-day"), (at("27 09:00"), at("27 10:00")));
    }

    #[test]
    fn pauses_take_up_the_delay_down_to_their_floor_and_what_remains_carries_on() {
        let absorbing = Shift { breaks_absorb: true, ..the_dialogue("26 09:00", 20) };
        let after = shifted(&sketch().programme, &absorbing);
        assert_eq!(times(&after, "first"), (at("26 11:05"), at("26 11:50")));
        assert_eq!(times(&after, "coffee"), (at("26 11:50"), at("26 11:55")));
        assert_eq!(times(&after, "second"), (at("26 11:55"), at("26 13:25")));
        assert_eq!(times(&after, "lunch"), (at("26 13:25"), at("26 14:00")));
        assert_eq!(times(&after, "third"), (at("26 14:00"), at("26 15:30")));
    }

    #[test]
    fn a_meal_keeps_half_an_hour() {
        let absorbing = Shift { breaks_absorb: true, ..the_dialogue("26 13:15", 40) };
        let after = shifted(&sketch().programme, &absorbing);
        assert_eq!(times(&after, "lunch"), (at("26 13:55"), at("26 14:25")));
        assert_eq!(times(&after, "third"), (at("26 14:25"), at("26 15:55")));
    }

    #[test]
    fn a_part_without_pauses_makes_up_for_its_delay_in_those_of_the_others() {
        let evening = json!({"part": id("specials")});
        let sketch = sketch().part("specials", json!({})).session("evening", ("26 18:00", "26 19:00"), evening);
        let day = ShiftScope::Day(serde_json::from_value(json!("2018-11-26")).unwrap());
        let shift = |minutes| Shift { scope: day, breaks_absorb: true, ..the_dialogue("26 09:00", minutes) };
        let after = shifted(&sketch.programme, &shift(25));
        assert_eq!(times(&after, "third"), (at("26 14:00"), at("26 15:30")));
        assert_eq!(times(&after, "evening"), (at("26 18:00"), at("26 19:00")));
        let after = shifted(&sketch.programme, &shift(40));
        assert_eq!(times(&after, "third").0, at("26 14:15"));
        assert_eq!(times(&after, "evening").0, at("26 18:15"));
    }

    #[test]
    fn sessions_of_a_part_beside_a_pause_do_not_run_into_each_other() {
        let beside = json!({"part": id("workshops")});
        let sketch = sketch()
            .part("workshops", json!({}))
            .session("early", ("26 10:00", "26 11:45"), beside.clone())
            .session("late", ("26 11:45", "26 13:00"), beside)
            .session("alone", ("26 15:00", "26 15:30"), json!({}));
        let day = ShiftScope::Day(serde_json::from_value(json!("2018-11-26")).unwrap());
        let after =
            shifted(&sketch.programme, &Shift { scope: day, breaks_absorb: true, ..the_dialogue("26 09:00", 25) });
        assert_eq!(times(&after, "coffee").0, at("26 11:55"));
        assert_eq!(times(&after, "early"), (at("26 10:25"), at("26 12:10")));
        assert_eq!(times(&after, "late"), (at("26 12:10"), at("26 13:25")));
        assert_eq!(times(&after, "alone"), (at("26 15:00"), at("26 15:30")));
    }

    #[test]
    fn transfers_go_with_the_sessions_that_they_lead_from_or_to() {
        let programme = sketch().programme;
        let after = shifted(&programme, &the_dialogue("26 10:45", 25));
        assert_eq!(times(&after, "bus"), (at("26 10:55"), at("26 11:10")));
        let without = Shift { transfers: false, ..the_dialogue("26 09:00", 25) };
        assert_eq!(times(&shifted(&programme, &without), "bus"), (at("26 10:30"), at("26 10:45")));
    }

    #[test]
    fn passengers_of_other_parts_in_a_shifted_transfer_are_told_of() {
        let shared_bus =
            json!({"kind": "transfer", "transfer": {"after": id("opening"), "before": id("clinic-first")}});
        let programme = sketch().session("shared-bus", ("26 10:40", "26 10:55"), shared_bus).programme;
        let edits = shift(&programme, &the_dialogue("26 09:00", 25)).unwrap();
        assert_eq!(sessions_sharing_transfers(&programme, &edits), [id("clinic-first")]);
    }

    #[test]
    fn drafts_and_cancelled_sessions_stay() {
        let draft = json!({"part": id("dialogue"), "state": "draft"});
        let programme = sketch().session("draft", ("26 16:00", "26 17:00"), draft).programme;
        let after = shifted(&programme, &the_dialogue("26 09:00", 25));
        assert_eq!(times(&after, "draft"), (at("26 16:00"), at("26 17:00")));
    }

    #[test]
    fn a_shift_of_nothing_is_refused_by_its_field() {
        let programme = sketch().programme;
        let refused = |arguments: Shift| shift(&programme, &arguments).unwrap_err().field;
        assert_eq!(refused(the_dialogue("26 09:00", 0)), "/minutes");
        assert_eq!(refused(the_dialogue("26 09:00", i64::MIN)), "/minutes");
        assert_eq!(refused(the_dialogue("28 09:00", 5)), "/from");
        assert_eq!(refused(Shift { until: Some(at("26 09:00")), ..the_dialogue("26 09:00", 5) }), "/until");
        assert_eq!(refused(Shift { scope: ShiftScope::Part(id("gala")), ..the_dialogue("26 09:00", 5) }), "/part");
    }

    #[test]
    fn a_shift_is_read_with_its_part_or_its_day() {
        let read = |body: serde_json::Value| serde_json::from_value::<Shift>(body);
        let day = read(json!({"day": "2018-11-26", "from": at("26 09:00"), "minutes": 25})).unwrap();
        assert_eq!((day.transfers, day.breaks_absorb, day.until), (true, false, None));
        for neither_or_both in [json!({}), json!({"day": "2018-11-26", "part": id("dialogue")})] {
            let mut body = json!({"from": at("26 09:00"), "minutes": 25});
            body.as_object_mut().unwrap().extend(neither_or_both.as_object().unwrap().clone());
            assert_eq!(read(body).unwrap_err().to_string(), "a shift names either `part` or `day`");
        }
        assert!(read(json!({"day": "2018-11-26", "from": at("26 09:00"), "minutes": 25, "speed": 1})).is_err());
    }

    proptest! {
        #[test]
        fn a_shift_taken_back_is_as_if_nothing_had_been(minutes in 1i64..1440, from in 0i64..600) {
            let before = sketch().programme;
            let from = at("26 08:00").plus_minutes(from);
            let there = Shift { from, ..the_dialogue("26 09:00", minutes) };
            let back = Shift { minutes: -minutes, ..there.clone() };
            let after = shifted(&shifted(&before, &there), &back);
            let slots = |programme: &Programme| programme.sessions().map(|(_, s)| s.interval()).collect::<Vec<_>>();
            prop_assert_eq!(slots(&before), slots(&after));
        }

        #[test]
        fn a_delay_that_pauses_absorb_keeps_the_order_and_wears_off(minutes in 1i64..240) {
            let before = sketch().programme;
            let after = shifted(&before, &Shift { breaks_absorb: true, ..the_dialogue("26 09:00", minutes) });
            let mut end = times(&after, "opening").1;
            let mut delay = minutes;
            for slug in ["first", "coffee", "second", "lunch", "third"] {
                let ((was, _), (is, ends)) = (times(&before, slug), times(&after, slug));
                prop_assert!(is >= end && ends > is);
                prop_assert!(is.minutes_since(was) <= delay);
                (end, delay) = (ends, is.minutes_since(was));
            }
            prop_assert_eq!(delay, (minutes - 10 - 15).max(0));
        }
    }
}
