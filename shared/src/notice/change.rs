//! What a change of a session is to those whom it concerns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::NoticeKind;
use crate::ids::RecordId;
use crate::localised::Localised;
use crate::programme::{Progress, ProgressState, Session, SessionKind, State, Stop, Vehicle};
use crate::time::{Day, Timestamp};

/// A way in which a session changed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It will not take place.
    Cancelled,
    /// It takes place after all.
    Restored,
    /// It is new.
    New,
    /// It is at another time or on another day.
    Time,
    /// It is in another room or venue.
    Room,
    /// It is late.
    Late,
    /// It is a transfer that goes at another time or between other places, or by vehicles that stop elsewhere.
    Transfer,
}

impl ChangeKind {
    /// The kind of a notice that tells this alone.
    pub fn notice_kind(self) -> NoticeKind {
        match self {
            Self::Cancelled => NoticeKind::Cancelled,
            Self::Restored => NoticeKind::Restored,
            Self::New => NoticeKind::NewInPart,
            Self::Time => NoticeKind::Time,
            Self::Room => NoticeKind::Room,
            Self::Late => NoticeKind::Late,
            Self::Transfer => NoticeKind::Transfer,
        }
    }
}

/// When and where a session is, as people know it.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Its day, where it has no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Its room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RecordId>,
    /// Its venue, where it has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<RecordId>,
    /// How late it is, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_late: Option<u32>,
}

impl Slot {
    /// The slot of a session.
    pub fn of(session: &Session) -> Self {
        Self {
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            day: session.day,
            room: session.room,
            venue: session.venue,
            minutes_late: minutes_late(session),
        }
    }

    /// What somebody may know of it who is not let in: when, and not where.
    fn as_listed(&self) -> Self {
        Self { starts_at: self.starts_at, ends_at: self.ends_at, day: self.day, ..Self::default() }
    }
}

/// A vehicle that runs otherwise than people knew.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VehicleChange {
    /// What it is called.
    pub name: Localised,
    /// Where it stops now; absent where it does not run for this session any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops: Option<Vec<Stop>>,
}

/// One session that changed, as somebody is told of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionChange {
    /// The session.
    pub session: RecordId,
    /// In which ways.
    pub kinds: Vec<ChangeKind>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Localised>,
    /// As it was known before; absent for what is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Slot>,
    /// As it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Slot>,
    /// The vehicles that run for it otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vehicles: Vec<VehicleChange>,
}

impl SessionChange {
    /// The change from what people knew to what is so; none where nobody need be told.
    pub fn between(id: RecordId, known: Option<&Session>, is: Option<&Session>) -> Option<Self> {
        let kinds = kinds_between(known, is);
        let session = is.or(known)?;
        (!kinds.is_empty()).then(|| Self {
            session: id,
            kinds,
            title: session.title.clone(),
            before: known.filter(|known| known.state != State::Draft).map(Slot::of),
            after: is.map(Slot::of),
            vehicles: Vec::new(),
        })
    }

    /// The same, with the vehicles that people knew to run for it and those that do; by their ids.
    pub fn between_with_vehicles(
        id: RecordId,
        (known, knew): (Option<&Session>, &BTreeMap<RecordId, Vehicle>),
        (is, run): (Option<&Session>, &BTreeMap<RecordId, Vehicle>),
    ) -> Option<Self> {
        let change = Self::between(id, known, is);
        let stands = |session: Option<&Session>| session.is_some_and(|session| session.state == State::Published);
        if !stands(known) || !stands(is) {
            return change;
        }
        let vehicles = vehicles_between(knew, run);
        if vehicles.is_empty() {
            return change;
        }
        let (known, is) = (known?, is?);
        let mut change = change.unwrap_or_else(|| Self {
            session: id,
            kinds: Vec::new(),
            title: is.title.clone(),
            before: Some(Slot::of(known)),
            after: Some(Slot::of(is)),
            vehicles: Vec::new(),
        });
        if !change.kinds.contains(&ChangeKind::Transfer) {
            change.kinds.push(ChangeKind::Transfer);
        }
        Some(Self { vehicles, ..change })
    }

    /// Whether it leaves when and where it is as they were, and is about vehicles alone.
    pub fn is_of_vehicles_alone(&self) -> bool {
        !self.vehicles.is_empty() && self.before == self.after
    }

    /// What of it somebody is told who knows that there is the session, and not where.
    pub fn as_listed(&self) -> Option<Self> {
        let is_known = |kind: &ChangeKind| !matches!(kind, ChangeKind::Room | ChangeKind::Late);
        let (before, after) = (self.before.as_ref().map(Slot::as_listed), self.after.as_ref().map(Slot::as_listed));
        let mut kinds: Vec<ChangeKind> = self.kinds.iter().copied().filter(is_known).collect();
        if before == after {
            kinds.retain(|kind| *kind != ChangeKind::Transfer);
        }
        (!kinds.is_empty()).then(|| Self { kinds, before, after, vehicles: Vec::new(), ..self.clone() })
    }

    /// Whether the session is as the change left it.
    pub fn is_still_so(&self, session: &Session) -> bool {
        let slot = Slot::of(session);
        let is_cancelled = self.kinds.contains(&ChangeKind::Cancelled);
        let is_there = self.after.as_ref().is_some_and(|after| *after == slot || *after == slot.as_listed());
        is_there && is_cancelled == (session.state == State::Cancelled)
    }

    /// The session as it was known before the change, of which `session` is what it was changed to; none where nothing
    /// was known of it.
    pub fn known_before(&self, session: &Session) -> Option<Session> {
        let before = self.before.as_ref()?;
        let mut known = session.clone();
        (known.starts_at, known.ends_at, known.day) = (before.starts_at, before.ends_at, before.day);
        (known.room, known.venue) = (before.room, before.venue);
        if before.minutes_late != minutes_late(session) {
            let at = session.progress.as_ref().map(|progress| progress.at).unwrap_or_default();
            let late = |minutes| Progress { state: ProgressState::RunningLate, at, minutes_late: Some(minutes) };
            known.progress = before.minutes_late.map(late);
        }
        if self.kinds.contains(&ChangeKind::Cancelled) {
            known.state = State::Published;
        } else if self.kinds.contains(&ChangeKind::Restored) {
            known.state = State::Cancelled;
        }
        Some(known)
    }

    /// Whether it was said to be late and is not.
    pub fn is_late_no_more(&self) -> bool {
        let is_late = |slot: &Option<Slot>| slot.as_ref().and_then(|slot| slot.minutes_late).is_some();
        self.kinds.contains(&ChangeKind::Late) && is_late(&self.before) && !is_late(&self.after)
    }

    /// When it begins first: as it was or as it is.
    pub fn first_start(&self) -> Option<Timestamp> {
        [&self.before, &self.after].into_iter().flatten().filter_map(|slot| slot.starts_at).min()
    }
}

/// In which ways what is differs from what people knew. Drafts are known to nobody.
pub fn kinds_between(known: Option<&Session>, is: Option<&Session>) -> Vec<ChangeKind> {
    let shown = |session: Option<&Session>| session.map(|session| session.state).filter(|state| *state != State::Draft);
    let (Some(now), was) = (is.or(known), shown(known)) else { return Vec::new() };
    match (was, shown(is)) {
        (None | Some(State::Cancelled), None) | (None, Some(State::Cancelled)) => return Vec::new(),
        (Some(_), None) | (Some(State::Published), Some(State::Cancelled)) => return vec![ChangeKind::Cancelled],
        (None, Some(_)) => return vec![ChangeKind::New],
        (Some(State::Cancelled), Some(State::Cancelled)) => return Vec::new(),
        _ => {}
    }
    let Some(known) = known else { return Vec::new() };
    let mut kinds = Vec::new();
    if known.state == State::Cancelled {
        kinds.push(ChangeKind::Restored);
    }
    let (before, after) = (Slot::of(known), Slot::of(now));
    let is_transfer = now.kind == SessionKind::Transfer;
    let way = |session: &Session| session.transfer.as_ref().map(|transfer| (transfer.from, transfer.to));
    if (before.starts_at, before.ends_at, before.day) != (after.starts_at, after.ends_at, after.day) {
        kinds.push(if is_transfer { ChangeKind::Transfer } else { ChangeKind::Time });
    }
    if is_transfer && way(known) != way(now) && !kinds.contains(&ChangeKind::Transfer) {
        kinds.push(ChangeKind::Transfer);
    }
    if (before.room, before.venue) != (after.room, after.venue) {
        kinds.push(ChangeKind::Room);
    }
    let is_late = |slot: &Slot| slot.minutes_late.is_some_and(|minutes| minutes > 0);
    // Once it has begun, people see that it has.
    let is_waited_for = now.progress.as_ref().is_none_or(|progress| progress.state == ProgressState::RunningLate);
    if before.minutes_late != after.minutes_late && (is_late(&after) || (is_late(&before) && is_waited_for)) {
        kinds.push(ChangeKind::Late);
    }
    kinds
}

/// The vehicles that run otherwise: that stop elsewhere or at other times, that are new, and that do not run any more.
fn vehicles_between(knew: &BTreeMap<RecordId, Vehicle>, run: &BTreeMap<RecordId, Vehicle>) -> Vec<VehicleChange> {
    let gone = knew.iter().filter(|(id, _)| !run.contains_key(id));
    let gone = gone.map(|(_, vehicle)| VehicleChange { name: vehicle.name.clone(), stops: None });
    let is_otherwise = |(id, vehicle): &(&RecordId, &Vehicle)| {
        knew.get(id).is_none_or(|known| (&known.name, &known.stops) != (&vehicle.name, &vehicle.stops))
    };
    let otherwise = run.iter().filter(is_otherwise);
    let otherwise =
        otherwise.map(|(_, vehicle)| VehicleChange { name: vehicle.name.clone(), stops: Some(vehicle.stops.clone()) });
    gone.chain(otherwise).collect()
}

fn minutes_late(session: &Session) -> Option<u32> {
    let progress = session.progress.as_ref().filter(|progress| progress.state == ProgressState::RunningLate)?;
    progress.minutes_late
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    fn session(fields: Value) -> Session {
        let mut body = json!({ "slug": "reality", "kind": "session", "state": "published",
            "starts_at": "2018-11-26T21:00:00Z", "ends_at": "2018-11-26T22:30:00Z", "room": Uuid::from_u128(1) });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        serde_json::from_value(body).unwrap()
    }

    fn kinds(before: Value, after: Value) -> Vec<ChangeKind> {
        kinds_between(Some(&session(before)), Some(&session(after)))
    }

    #[test]
    fn what_people_had_is_what_counts() {
        assert_eq!(kinds(json!({}), json!({ "room": Uuid::from_u128(2) })), [ChangeKind::Room]);
        assert_eq!(kinds(json!({}), json!({ "ends_at": "2018-11-26T22:45:00Z" })), [ChangeKind::Time]);
        assert_eq!(kinds(json!({}), json!({ "expected_people": 80, "title": { "en": "Reality" } })), []);
        let both = json!({ "room": Uuid::from_u128(2), "starts_at": "2018-11-26T21:05:00Z" });
        assert_eq!(kinds(json!({}), both), [ChangeKind::Time, ChangeKind::Room]);
    }

    #[test]
    fn a_draft_is_new_when_it_is_published_and_gone_when_it_is_cancelled_or_taken_away() {
        let (draft, cancelled) = (json!({ "state": "draft" }), json!({ "state": "cancelled" }));
        assert_eq!(kinds(draft.clone(), json!({})), [ChangeKind::New]);
        assert_eq!(kinds(draft, cancelled.clone()), []);
        assert_eq!(kinds(json!({}), cancelled.clone()), [ChangeKind::Cancelled]);
        assert_eq!(kinds(cancelled.clone(), json!({})), [ChangeKind::Restored]);
        let moved = json!({ "room": Uuid::from_u128(2) });
        assert_eq!(kinds(cancelled.clone(), moved), [ChangeKind::Restored, ChangeKind::Room]);
        assert_eq!(kinds_between(Some(&session(json!({}))), None), [ChangeKind::Cancelled]);
        assert_eq!(kinds_between(Some(&session(cancelled)), None), []);
        assert_eq!(kinds_between(None, Some(&session(json!({})))), [ChangeKind::New]);
    }

    #[test]
    fn late_is_told_when_it_is_said_when_it_grows_and_when_it_is_taken_back() {
        let late = |minutes: u32| json!({ "progress": { "state": "running_late", "at": "2018-11-26T21:00:00Z", "minutes_late": minutes } });
        assert_eq!(kinds(json!({}), late(15)), [ChangeKind::Late]);
        assert_eq!(kinds(late(15), late(25)), [ChangeKind::Late]);
        assert_eq!(kinds(late(15), late(15)), []);
        let started = json!({ "progress": { "state": "started", "at": "2018-11-26T21:20:00Z" } });
        assert_eq!(kinds(late(15), started), []);
        assert_eq!(kinds(late(15), json!({})), [ChangeKind::Late], "who was told that it is late comes late");
    }

    #[test]
    fn what_was_known_before_a_change_is_what_it_changed() {
        let id = RecordId(Uuid::from_u128(9));
        let later = json!({ "starts_at": "2018-11-26T21:10:00Z", "room": Uuid::from_u128(2) });
        let late = json!({ "progress": { "state": "running_late", "at": "2018-11-26T21:00:00Z", "minutes_late": 15 } });
        for changed in [later, late, json!({ "state": "cancelled" })] {
            let (before, after) = (session(json!({})), session(changed));
            let change = SessionChange::between(id, Some(&before), Some(&after)).unwrap();
            assert_eq!(change.known_before(&after), Some(before));
        }
        let new = SessionChange::between(id, None, Some(&session(json!({})))).unwrap();
        assert_eq!(new.known_before(&session(json!({}))), None);
    }

    #[test]
    fn a_transfer_is_told_as_one() {
        let transfer = |at: &str, to: u128| json!({ "kind": "transfer", "starts_at": at, "transfer": { "to": Uuid::from_u128(to) } });
        let bus = transfer("2018-11-26T11:00:00Z", 3);
        assert_eq!(kinds(bus.clone(), transfer("2018-11-26T11:25:00Z", 3)), [ChangeKind::Transfer]);
        assert_eq!(kinds(bus.clone(), transfer("2018-11-26T11:00:00Z", 4)), [ChangeKind::Transfer]);
        assert_eq!(kinds(bus.clone(), bus), []);
    }

    #[test]
    fn a_vehicle_that_stops_elsewhere_is_told_with_its_transfer() {
        let bus = session(json!({ "kind": "transfer" }));
        let vehicle = |name: &str, at: &str| -> Vehicle {
            let stops = json!([{ "place": { "en": "Hotel" }, "at": at }]);
            let body = json!({ "slug": "coach", "name": { "en": name }, "session": Uuid::from_u128(9), "stops": stops, "plate": at });
            serde_json::from_value(body).unwrap()
        };
        let fleet = |vehicles: &[(u128, Vehicle)]| -> BTreeMap<RecordId, Vehicle> {
            vehicles.iter().map(|(id, vehicle)| (RecordId(Uuid::from_u128(*id)), vehicle.clone())).collect()
        };
        let between = |knew: &BTreeMap<RecordId, Vehicle>, run: &BTreeMap<RecordId, Vehicle>| {
            SessionChange::between_with_vehicles(RecordId(Uuid::from_u128(9)), (Some(&bus), knew), (Some(&bus), run))
        };
        let knew =
            fleet(&[(1, vehicle("Coach 1", "2018-11-26T11:00:00Z")), (2, vehicle("Coach 2", "2018-11-26T11:00:00Z"))]);
        assert_eq!(between(&knew, &knew), None);
        let run =
            fleet(&[(1, vehicle("Coach 1", "2018-11-26T11:10:00Z")), (3, vehicle("Coach 3", "2018-11-26T11:00:00Z"))]);
        let change = between(&knew, &run).unwrap();
        let told: Vec<_> =
            change.vehicles.iter().map(|one| (one.name.in_language("en", "en"), one.stops.is_some())).collect();
        assert_eq!(told, [("Coach 2", false), ("Coach 1", true), ("Coach 3", true)]);
        assert!(change.is_of_vehicles_alone() && change.kinds == [ChangeKind::Transfer]);
        assert_eq!(change.as_listed(), None, "who sees only that it is listed does not ride in it");
        let mut plate = knew.clone();
        plate.values_mut().for_each(|vehicle| vehicle.plate = Some("XY-12".to_owned()));
        assert_eq!(between(&knew, &plate), None, "nobody looks for a plate");
    }

    #[test]
    fn who_sees_that_it_is_listed_is_told_the_time_and_not_the_room() {
        let (before, after) = (session(json!({})), session(json!({ "room": Uuid::from_u128(2) })));
        let id = RecordId(Uuid::from_u128(9));
        let moved = SessionChange::between(id, Some(&before), Some(&after)).unwrap();
        assert_eq!(moved.as_listed(), None);
        let later = session(json!({ "room": Uuid::from_u128(2), "starts_at": "2018-11-26T21:25:00Z" }));
        let listed = SessionChange::between(id, Some(&before), Some(&later)).unwrap().as_listed().unwrap();
        assert_eq!((listed.kinds, listed.after.unwrap().room), (vec![ChangeKind::Time], None));
    }
}
