//! What a notice says, in the words of each language.

use chrono_tz::Tz;
use fluent_bundle::FluentValue;
use shared::ids::RecordId;
use shared::localised::Localised;
use shared::notice::{ChangeKind, SessionChange, Slot, TextsByLanguage, Told, VehicleChange};
use shared::programme::{Collection, Event, Programme, RecordBody, Stop};

use super::mail::{Words, words_for};

/// The most sessions that one text names; of more it tells how many.
const MOST_NAMED: usize = 6;

/// What changes of sessions are in one language.
pub fn tell_changes(words: Words, programme: &Programme, changes: &[SessionChange], is_correction: bool) -> Told {
    let Some((_, event)) = programme.event() else { return Told { title: String::new(), text: String::new() } };
    let writer = Writer { words, programme, event };
    let title = match changes {
        [only] => writer.say(&format!("title-{}", word_of(only)), only),
        many => words.say("title-many", &[("count", many.len().into())]),
    };
    let title = if is_correction { words.say("correction", &[("title", title.into())]) } else { title };
    let mut lines: Vec<String> = changes.iter().take(MOST_NAMED).map(|change| writer.line(change)).collect();
    if changes.len() > MOST_NAMED {
        lines.push(words.say("and-more", &[("count", (changes.len() - MOST_NAMED).into())]));
    }
    Told { title, text: lines.join("\n") }
}

/// What somebody is told of a session that begins soon; where it is, only if they see all of it.
pub fn tell_reminder(words: Words, programme: &Programme, (id, sees_all): (RecordId, bool)) -> Told {
    let nothing = Told { title: String::new(), text: String::new() };
    let (Some((_, event)), Some(session)) = (programme.event(), programme.session(id)) else { return nothing };
    let writer = Writer { words, programme, event };
    let what = session.title.as_ref().map(|title| writer.localised(title));
    let slot = Slot::of(session);
    let from = session.transfer.as_ref().and_then(|transfer| writer.venue(transfer.from?));
    let place = from.or_else(|| writer.find_place(&slot)).filter(|_| sees_all);
    let values: [(&str, FluentValue<'_>); 3] = [
        ("what", what.unwrap_or_else(|| words.say("something", &[])).into()),
        ("when", writer.when(&slot).into()),
        ("where", place.clone().unwrap_or_default().into()),
    ];
    let text = if place.is_some() { "reminder-where" } else { "reminder-when" };
    Told { title: words.say("title-reminder", &values), text: words.say(text, &values) }
}

/// What changes of sessions are in every language of the event that there are words in.
pub fn tell_in_all_languages(programme: &Programme, changes: &[SessionChange], is_correction: bool) -> TextsByLanguage {
    let Some((_, event)) = programme.event() else { return TextsByLanguage::new() };
    let mut texts = TextsByLanguage::new();
    for language in event.languages.iter().chain([&event.fallback_language]) {
        let words = words_for(&[language]);
        if language.starts_with(words.language) {
            texts.insert(language.clone(), tell_changes(words, programme, changes, is_correction));
        }
    }
    if texts.is_empty() {
        let words = words_for(&[]);
        texts.insert(words.language.to_owned(), tell_changes(words, programme, changes, is_correction));
    }
    texts
}

/// What whoever was told something is told when the organisers take that back.
pub fn tell_of_withdrawal(texts: &TextsByLanguage) -> TextsByLanguage {
    let told = texts.iter().map(|(language, told)| {
        let words = words_for(&[language]);
        let title = words.say("withdrawn", &[("title", told.title.clone().into())]);
        (language.clone(), Told { title, text: words.say_lead("withdrawn", &[]) })
    });
    told.collect()
}

/// The message that tells such a change.
fn word_of(change: &SessionChange) -> &'static str {
    match change.kinds.as_slice() {
        [ChangeKind::Cancelled, ..] => "cancelled",
        [ChangeKind::Restored, ..] => "restored",
        [ChangeKind::New, ..] => "new",
        kinds if kinds.contains(&ChangeKind::Transfer) => "transfer",
        kinds if kinds.contains(&ChangeKind::Time) && kinds.contains(&ChangeKind::Room) => "moved",
        [ChangeKind::Time, ..] => "time",
        [ChangeKind::Room, ..] => "room",
        _ => word_of_delay(change),
    }
}

fn word_of_delay(change: &SessionChange) -> &'static str {
    if change.is_late_no_more() { "on-time" } else { "late" }
}

struct Writer<'a> {
    words: Words,
    programme: &'a Programme,
    event: &'a Event,
}

impl Writer<'_> {
    fn line(&self, change: &SessionChange) -> String {
        let mut line = match change.is_of_vehicles_alone() {
            true => self.say("change-vehicles", change),
            false => self.say(&format!("change-{}", word_of(change)), change),
        };
        for vehicle in &change.vehicles {
            line = format!("{line} {}", self.vehicle(vehicle));
        }
        if change.kinds.contains(&ChangeKind::Late) && change.kinds.len() > 1 {
            line = format!("{line} {}", self.say(&format!("change-{}", word_of_delay(change)), change));
        }
        line
    }

    fn say(&self, message: &str, change: &SessionChange) -> String {
        let nothing = Slot::default();
        let (before, after) = (change.before.as_ref().unwrap_or(&nothing), change.after.as_ref().unwrap_or(&nothing));
        let what = change.title.as_ref().map(|title| self.localised(title));
        let what = what.unwrap_or_else(|| self.words.say("something", &[]));
        let at_all = if change.kinds.contains(&ChangeKind::Cancelled) { before } else { after };
        let values: [(&str, FluentValue<'_>); 6] = [
            ("what", what.into()),
            ("when", self.when(at_all).into()),
            ("where", self.place(at_all).into()),
            ("before", self.when(before).into()),
            ("place", self.place(before).into()),
            ("minutes", after.minutes_late.unwrap_or_default().into()),
        ];
        self.words.say(message, &values)
    }

    /// How a vehicle runs.
    fn vehicle(&self, change: &VehicleChange) -> String {
        let name = self.localised(&change.name);
        let Some(stops) = &change.stops else { return self.words.say("vehicle-gone", &[("vehicle", name.into())]) };
        let stop = |stop: &Stop| {
            let place = stop.venue.and_then(|venue| self.venue(venue));
            let place = place.unwrap_or_else(|| self.localised(&stop.place));
            let time = stop.at.map(|at| self.words.say_clock_time(self.zone(), at));
            [time, Some(place)].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let stops = stops.iter().map(stop).collect::<Vec<_>>().join(", ");
        let message = if stops.is_empty() { "vehicle-runs" } else { "vehicle-stops" };
        self.words.say(message, &[("vehicle", name.into()), ("stops", stops.into())])
    }

    fn localised(&self, text: &Localised) -> String {
        text.in_language(self.words.language, &self.event.fallback_language).to_owned()
    }

    fn zone(&self) -> Tz {
        self.event.time_zone.parse().unwrap_or(Tz::UTC)
    }

    fn when(&self, slot: &Slot) -> String {
        match (slot.starts_at, slot.day) {
            (Some(from), _) => self.words.say_moment(self.zone(), from, slot.ends_at),
            (None, Some(day)) => self.words.say_short_day(day.0),
            (None, None) => self.words.say("no-time", &[]),
        }
    }

    fn place(&self, slot: &Slot) -> String {
        self.find_place(slot).unwrap_or_else(|| self.words.say("no-place", &[]))
    }

    fn find_place(&self, slot: &Slot) -> Option<String> {
        slot.room.and_then(|room| self.room(room)).or_else(|| self.venue(slot.venue?))
    }

    fn room(&self, id: RecordId) -> Option<String> {
        let RecordBody::Rooms(room) = &self.programme.find(Collection::Rooms, id)?.body else { return None };
        let parts = [Some(self.localised(&room.name)), self.venue(room.venue)];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }

    fn venue(&self, id: RecordId) -> Option<String> {
        let RecordBody::Venues(venue) = &self.programme.find(Collection::Venues, id)?.body else { return None };
        Some(self.localised(&venue.name))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::programme::sketch::{Sketch, id};

    fn told(language: &str, patch: &Value) -> Told {
        let in_library = json!({"room": id("library"), "title": {"en": "The Internal Reality"}});
        let before = Sketch::new()
            .venue("club", &[])
            .room("library", "club", json!({"name": {"en": "Library"}}))
            .room("cinema", "club", json!({"name": {"en": "Cinema"}}))
            .session("reality", ("26 18:00", "26 19:30"), in_library)
            .programme;
        let known = before.session(id("reality")).unwrap();
        let mut is = serde_json::to_value(known).unwrap();
        for (name, value) in patch.as_object().unwrap() {
            is[name] = value.clone();
        }
        let is = serde_json::from_value(is).unwrap();
        let change = SessionChange::between(id("reality"), Some(known), Some(&is)).unwrap();
        tell_changes(words_for(&[language]), &before, &[change], false)
    }

    #[test]
    fn a_room_change_says_where_it_is_now_and_where_it_was() {
        let moved = json!({"room": id("cinema")});
        let english = told("en", &moved);
        assert_eq!(english.title, "New room: The Internal Reality");
        assert!(english.text.contains("Cinema") && english.text.contains("Library"), "{english:?}");
        assert_eq!(told("es", &moved).title, "Cambio de sala: The Internal Reality");
        assert_eq!(told("pt", &moved).title, "Nova sala: The Internal Reality");
        assert_eq!(told("fr", &moved).title, "Nouvelle salle : The Internal Reality");
    }

    #[test]
    fn a_delay_that_is_taken_back_says_that_it_is_on_time() {
        let change = SessionChange {
            session: id("reality"),
            kinds: vec![ChangeKind::Late],
            title: serde_json::from_value(json!({"en": "The Internal Reality"})).unwrap(),
            before: Some(Slot { minutes_late: Some(15), ..Slot::default() }),
            after: Some(Slot::default()),
            vehicles: Vec::new(),
        };
        let programme = Sketch::new().programme;
        let titles = ["en", "es", "pt", "fr"].map(|language| {
            tell_changes(words_for(&[language]), &programme, std::slice::from_ref(&change), false).title
        });
        assert_eq!(titles[0], "On time after all: The Internal Reality");
        assert!(titles.iter().all(|title| title.ends_with("The Internal Reality")), "{titles:?}");
    }

    #[test]
    fn a_cancellation_says_when_it_would_have_been() {
        let cancelled = told("en", &json!({"state": "cancelled"}));
        assert_eq!(cancelled.title, "Cancelled: The Internal Reality");
        assert!(cancelled.text.contains("18:00"), "{cancelled:?}");
    }
}
