//! A programme as the families of findings look at it.

use chrono_tz::Tz;
use shared::ids::RecordId;
use shared::localised::Localised;
use shared::programme::{Collection, Programme, Record, RecordBody, Session, SessionKind, State};
use shared::time::Timestamp;

use crate::programme::rules::{event_zone, place};

/// The programme with what every family needs of it.
pub(super) struct Survey<'a> {
    pub programme: &'a Programme,
    /// Sessions that are not cancelled, by themselves or with their part or the event, by id.
    pub sessions: Vec<Entry<'a>>,
    zone: Tz,
    fallback: &'a str,
}

/// A session that stands, with its record.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub record: &'a Record,
    pub session: &'a Session,
    pub venue: Option<RecordId>,
}

impl<'a> Entry<'a> {
    pub fn timed(&self) -> Option<Timed<'a>> {
        let (starts, ends) = self.session.interval()?;
        Some(Timed { entry: *self, starts, ends })
    }
}

/// A session that stands and has a time.
#[derive(Clone, Copy)]
pub(super) struct Timed<'a> {
    pub entry: Entry<'a>,
    pub starts: Timestamp,
    pub ends: Timestamp,
}

impl Timed<'_> {
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts < other.ends && other.starts < self.ends
    }

    /// Whether it takes nobody's whole time and no room for itself: it goes on beside sessions.
    pub fn runs_beside(&self) -> bool {
        runs_beside(self.entry.session.kind)
    }
}

fn runs_beside(kind: SessionKind) -> bool {
    use SessionKind::{Arrival, Departure, Exhibition, Registration, Transfer};
    matches!(kind, Arrival | Departure | Exhibition | Registration | Transfer)
}

impl<'a> Survey<'a> {
    pub fn of(programme: &'a Programme) -> Self {
        let sessions = programme.list(Collection::Sessions).filter_map(|record| match &record.body {
            RecordBody::Sessions(session) if programme.state_within(session) != State::Cancelled => {
                Some(Entry { record, session, venue: place::find_venue_of(programme, session) })
            }
            _ => None,
        });
        let fallback = programme.event().map_or("en", |(_, event)| event.fallback_language.as_str());
        Self { programme, sessions: sessions.collect(), zone: event_zone(programme), fallback }
    }

    /// The sessions with a time, in the order in which they begin.
    pub fn timed(&self) -> Vec<Timed<'a>> {
        let mut timed: Vec<_> = self.sessions.iter().filter_map(Entry::timed).collect();
        timed.sort_by_key(|timed| (timed.starts, timed.ends, timed.entry.record.id));
        timed
    }

    /// A session that stands.
    pub fn find(&self, id: RecordId) -> Option<&Entry<'a>> {
        let index = self.sessions.binary_search_by_key(&id, |entry| entry.record.id).ok()?;
        self.sessions.get(index)
    }

    /// The record, for a finding; `None` where a reference leads nowhere.
    pub fn record(&self, collection: Collection, id: RecordId) -> Option<&'a Record> {
        self.programme.find(collection, id).map(AsRef::as_ref)
    }

    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// A text in English, else in the event's fallback.
    pub fn text<'t>(&self, text: &'t Localised) -> &'t str {
        text.in_language("en", self.fallback)
    }

    /// The hour as clocks at the event show it.
    pub fn hour(&self, at: Timestamp) -> String {
        at.to_utc().with_timezone(&self.zone).format("%H:%M").to_string()
    }

    /// Day and hours: `29 November 2018, 15:45 to 17:00`.
    pub fn span(&self, timed: &Timed) -> String {
        let day = timed.starts.to_utc().with_timezone(&self.zone).format("%-d %B %Y").to_string();
        format!("{day}, {} to {}", self.hour(timed.starts), self.hour(timed.ends))
    }

    /// The session in words: its title, else its slug.
    pub fn session_name(&self, session: &Session) -> String {
        let title = session.title.as_ref().map_or(session.slug.as_str(), |title| self.text(title));
        match &session.number {
            Some(number) => format!("\u{201c}{number}: {title}\u{201d}"),
            None => format!("\u{201c}{title}\u{201d}"),
        }
    }

    /// The session in words, with day and hours.
    pub fn timed_name(&self, timed: &Timed) -> String {
        format!("{} ({})", self.session_name(timed.entry.session), self.span(timed))
    }

    /// The session in words, with day and hours as far as it has them.
    pub fn dated_name(&self, entry: &Entry) -> String {
        format!("{}{}", self.session_name(entry.session), self.date(entry))
    }

    /// Day and hours in brackets, as far as a session has them.
    pub fn date(&self, entry: &Entry) -> String {
        match (entry.timed(), entry.session.day) {
            (Some(timed), _) => format!(" ({})", self.span(&timed)),
            (None, Some(day)) => format!(" ({})", day.0.format("%-d %B %Y")),
            (None, None) => String::new(),
        }
    }

    pub fn room_name(&self, id: RecordId) -> String {
        place::find_room(self.programme, id).map_or_else(String::new, |room| self.text(&room.name).to_owned())
    }

    pub fn venue_name(&self, id: RecordId) -> String {
        place::find_venue(self.programme, id).map_or_else(String::new, |venue| self.text(&venue.name).to_owned())
    }
}

/// Every pair that overlaps, of entries in the order in which they begin.
pub(super) fn overlapping_pairs<'s, 'a>(
    timed: &'s [Timed<'a>],
) -> impl Iterator<Item = (&'s Timed<'a>, &'s Timed<'a>)> {
    timed.iter().enumerate().flat_map(|(index, one)| {
        let later = timed[index + 1..].iter().take_while(|other| other.starts < one.ends);
        later.filter(|other| one.overlaps(other)).map(move |other| (one, other))
    })
}
