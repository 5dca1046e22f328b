//! The programme as this device shows it, read from rows. Fields that this version does not know
//! are passed over, so that a newer server does not leave the device empty.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::localised::Localised;
use shared::programme::{Progress, ProgressState, State};
use shared::replica::ShownRow;
use shared::time::{Day, Timestamp};

use super::error::DeviceError;

#[derive(Deserialize)]
struct EventRow {
    state: State,
    title: Localised,
    time_zone: String,
    fallback_language: String,
}

#[derive(Deserialize)]
struct PartRow {
    state: State,
}

#[derive(Deserialize)]
struct RoomRow {
    name: Localised,
    venue: String,
}

#[derive(Deserialize)]
struct VenueRow {
    name: Localised,
}

#[derive(Deserialize)]
struct FavouriteRow {
    session: String,
}

/// A session or its stub.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct SessionRow {
    /// Its slug.
    pub slug: String,
    #[serde(default)]
    title: Option<Localised>,
    #[serde(default)]
    starts_at: Option<Timestamp>,
    #[serde(default)]
    ends_at: Option<Timestamp>,
    #[serde(default)]
    day: Option<Day>,
    #[serde(default)]
    order: Option<u32>,
    #[serde(default)]
    part: Option<String>,
    #[serde(default)]
    room: Option<String>,
    #[serde(default)]
    venue: Option<String>,
    #[serde(default)]
    progress: Option<Progress>,
    state: State,
    #[serde(skip)]
    is_stub: bool,
}

/// One note.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub struct NoteRow {
    /// What it says.
    pub text: String,
    /// The session that it is about.
    #[serde(default)]
    pub session: Option<String>,
}

/// The programme on this device.
pub struct Programme {
    /// The event's name.
    pub title: String,
    /// The zone in which times are shown.
    pub zone: Tz,
    language: String,
    fallback: String,
    sessions: BTreeMap<String, SessionRow>,
    /// What takes its sessions with it: the event, or parts by id.
    is_cancelled: bool,
    cancelled_parts: BTreeSet<String>,
    rooms: BTreeMap<String, RoomRow>,
    venues: BTreeMap<String, VenueRow>,
    notes: BTreeMap<String, NoteRow>,
    /// Starred sessions, and whether the star waits for the server.
    stars: BTreeMap<String, bool>,
    pending: BTreeSet<String>,
}

impl Programme {
    /// Reads the rows shown, for a reader of `language` (absent: the event's own).
    ///
    /// Fails if there is no event among them.
    pub fn read(rows: &[ShownRow], language: Option<&str>) -> Result<Self, DeviceError> {
        let (_, event) = list::<EventRow>(rows, "events").next().ok_or(DeviceError::NoProgramme)?;
        let fallback = event.fallback_language;
        let language = language.unwrap_or(&fallback).to_owned();
        let stub = |(id, row): (String, SessionRow)| (id, SessionRow { is_stub: true, ..row });
        let pending = rows.iter().filter(|row| row.is_pending);
        let pending: BTreeSet<String> = pending.map(|row| row.id.clone()).collect();
        let parts = list::<PartRow>(rows, "part_stubs").chain(list(rows, "parts"));
        let favourites = list::<FavouriteRow>(rows, "favourites");
        Ok(Self {
            title: event.title.in_language(&language, &fallback).to_owned(),
            zone: event.time_zone.parse().unwrap_or(Tz::UTC),
            sessions: list(rows, "session_stubs").map(stub).chain(list(rows, "sessions")).collect(),
            is_cancelled: event.state == State::Cancelled,
            cancelled_parts: parts.filter(|(_, part)| part.state == State::Cancelled).map(|(id, _)| id).collect(),
            rooms: list(rows, "rooms").collect(),
            venues: list(rows, "venues").collect(),
            notes: list(rows, "notes").collect(),
            stars: favourites.map(|(id, star)| (star.session, pending.contains(&id))).collect(),
            pending,
            language,
            fallback,
        })
    }

    /// The session of this slug or id.
    pub fn find_session(&self, name: &str) -> Option<(&str, &SessionRow)> {
        let found = self.sessions.iter().find(|(id, session)| *id == name || session.slug == name);
        found.map(|(id, session)| (id.as_str(), session))
    }

    /// Every session and stub, by id.
    pub fn sessions(&self) -> impl Iterator<Item = (&str, &SessionRow)> {
        self.sessions.iter().map(|(id, session)| (id.as_str(), session))
    }

    /// The sessions of a day in the order of the day; those without a time come last.
    pub fn list_day(&self, day: Day) -> Vec<(&str, &SessionRow)> {
        let is_of_day = |session: &SessionRow| match session.starts_at {
            Some(at) => at.day_in(self.zone) == day.0,
            None => session.day == Some(day),
        };
        let mut sessions: Vec<_> = self.sessions().filter(|(_, session)| is_of_day(session)).collect();
        sessions.sort_by_key(|(id, session)| {
            (session.starts_at.is_none(), session.starts_at, session.ends_at, session.order, (*id).to_owned())
        });
        sessions
    }

    /// Every note with its id, and whether it waits for the server.
    pub fn notes(&self) -> impl Iterator<Item = (&str, &NoteRow, bool)> {
        self.notes.iter().map(|(id, note)| (id.as_str(), note, self.pending.contains(id)))
    }

    /// The session's title in the reader's language.
    pub fn title_of<'a>(&'a self, session: &'a SessionRow) -> &'a str {
        session.title.as_ref().map_or(session.slug.as_str(), |title| self.text(title))
    }

    /// Times, title, place and marks of a session on one line.
    pub fn line(&self, id: &str, session: &SessionRow) -> String {
        let mut parts = vec![self.times(session), self.title_of(session).to_owned()];
        parts.extend(self.place(session));
        parts.extend(self.marks(id, session));
        parts.join("  ")
    }

    /// The same with the day before it.
    pub fn dated_line(&self, id: &str, session: &SessionRow) -> String {
        let day = session.starts_at.map(|at| at.day_in(self.zone)).or(session.day.map(|day| day.0));
        let day = day.map_or_else(|| " ".repeat(10), |day| day.format("%a %d %b").to_string());
        format!("{day}  {}", self.line(id, session))
    }

    /// Begin and end by the clocks at the event.
    fn times(&self, session: &SessionRow) -> String {
        let clock = |at: Timestamp| at.to_utc().with_timezone(&self.zone).format("%H:%M").to_string();
        match (session.starts_at, session.ends_at) {
            (Some(from), Some(to)) => format!("{}–{}", clock(from), clock(to)),
            (Some(from), None) => format!("{}      ", clock(from)),
            _ => "           ".to_owned(),
        }
    }

    /// Room and venue as far as they are known.
    fn place(&self, session: &SessionRow) -> Option<String> {
        let room = session.room.as_ref().and_then(|id| self.rooms.get(id));
        let venue = room.map(|room| &room.venue).or(session.venue.as_ref()).and_then(|id| self.venues.get(id));
        let names = [room.map(|room| &room.name), venue.map(|venue| &venue.name)];
        let names: Vec<&str> = names.into_iter().flatten().map(|name| self.text(name)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn marks(&self, id: &str, session: &SessionRow) -> Vec<String> {
        let mut marks = Vec::new();
        let part = session.part.as_ref().is_some_and(|part| self.cancelled_parts.contains(part));
        if session.state == State::Cancelled || part || self.is_cancelled {
            marks.push("[cancelled]".to_owned());
        }
        if session.is_stub {
            marks.push("[not open to you]".to_owned());
        }
        if let Some(progress) = &session.progress {
            marks.push(match (progress.state, progress.minutes_late) {
                (ProgressState::Started, _) => "[started]".to_owned(),
                (ProgressState::Ended, _) => "[ended]".to_owned(),
                (ProgressState::RunningLate, Some(minutes)) => format!("[running {minutes} minutes late]"),
                (ProgressState::RunningLate, None) => "[running late]".to_owned(),
            });
        }
        match self.stars.get(id) {
            Some(true) => marks.push("★ (waits to be sent)".to_owned()),
            Some(false) => marks.push("★".to_owned()),
            None => {}
        }
        marks
    }

    fn text<'a>(&'a self, text: &'a Localised) -> &'a str {
        text.in_language(&self.language, &self.fallback)
    }
}

/// The rows of a collection that can be read, by id.
fn list<'a, T: DeserializeOwned>(rows: &'a [ShownRow], collection: &'a str) -> impl Iterator<Item = (String, T)> + 'a {
    let of_collection = rows.iter().filter(move |row| row.collection == collection);
    of_collection.filter_map(|row| Some((row.id.clone(), serde_json::from_str(&row.value).ok()?)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row(collection: &str, id: &str, value: Value) -> ShownRow {
        ShownRow {
            scope: "public".into(),
            collection: collection.into(),
            id: id.into(),
            rev: Some(1),
            value: value.to_string(),
            is_pending: false,
        }
    }

    fn rows() -> Vec<ShownRow> {
        let session = |slug: &str, from: &str, to: &str| {
            json!({ "slug": slug, "kind": "session", "title": { "en": slug, "es": format!("{slug} (es)") },
                "starts_at": from, "ends_at": to, "room": "r1", "state": "published", "field_of_tomorrow": 1 })
        };
        vec![
            row(
                "events",
                "e",
                json!({ "title": { "es": "Semana" }, "time_zone": "America/Santiago",
                "fallback_language": "es", "state": "published" }),
            ),
            row("venues", "v1", json!({ "slug": "v", "name": { "es": "Hotel" } })),
            row("rooms", "r1", json!({ "slug": "r", "venue": "v1", "name": { "es": "Salón A" } })),
            row("sessions", "s2", session("late", "2018-11-28T01:30:00Z", "2018-11-28T02:00:00Z")),
            row("sessions", "s1", session("early", "2018-11-27T12:00:00Z", "2018-11-27T13:00:00Z")),
            row("sessions", "s3", session("tomorrow", "2018-11-28T03:30:00Z", "2018-11-28T04:00:00Z")),
            row(
                "session_stubs",
                "s4",
                json!({ "slug": "closed", "kind": "session", "day": "2018-11-27", "order": 1,
                "state": "cancelled" }),
            ),
            row("part_stubs", "p1", json!({ "slug": "clinic", "state": "cancelled" })),
            row("sessions", "s5", json!("no session")),
            row(
                "sessions",
                "s6",
                json!({ "slug": "clinic-1", "kind": "session", "day": "2018-11-27", "order": 2, "part": "p1",
                "state": "published" }),
            ),
            ShownRow { is_pending: true, ..row("favourites", "f1", json!({ "session": "s1" })) },
            row("favourites", "f2", json!({ "session": "s2" })),
        ]
    }

    #[test]
    fn a_day_is_shown_by_the_clocks_of_the_event() {
        let programme = Programme::read(&rows(), Some("en")).unwrap();
        let day = serde_json::from_value(json!("2018-11-27")).unwrap();
        let lines: Vec<String> = programme.list_day(day).iter().map(|(id, s)| programme.line(id, s)).collect();
        assert_eq!(
            lines,
            [
                "09:00–10:00  early  Salón A, Hotel  ★ (waits to be sent)",
                "22:30–23:00  late  Salón A, Hotel  ★",
                "             closed  [cancelled]  [not open to you]",
                "             clinic-1  [cancelled]",
            ]
        );
    }

    #[test]
    fn a_reader_without_a_language_gets_the_events_own() {
        let programme = Programme::read(&rows(), None).unwrap();
        let (id, session) = programme.find_session("early").unwrap();
        assert_eq!((id, programme.title_of(session)), ("s1", "early (es)"));
        assert!(programme.find_session("s3").is_some());
    }

    #[test]
    fn without_an_event_there_is_no_programme() {
        assert!(matches!(Programme::read(&rows()[1..], None), Err(DeviceError::NoProgramme)));
    }
}
