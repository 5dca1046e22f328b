//! A mail's text, from what it is about as that is when the mail leaves, and as its reader may see it.

use chrono_tz::Tz;
use fluent_bundle::FluentValue;
use serde_json::Value;
use shared::ids::RecordId;
use shared::localised::Localised;
use shared::notice::{NoticeKind, Told};
use shared::programme::{Collection, Event, Programme, RecordBody, RecordKey, State};
use shared::sync::Scope;
use shared::time::{Day, Timestamp};

use super::store::ClaimedMail;
use super::texts::{Words, words_for};
use super::{MailBody, Reader};
use crate::mailer::{Block, Letter, write_letter};
use crate::sync::projection;

/// What a mail is made from beside itself.
pub struct View<'a> {
    /// The programme as it is now.
    pub programme: &'a Programme,
    /// Which scopes the attendee may hold whom the mail is about.
    pub may_hold: &'a dyn Fn(Scope) -> bool,
    /// The row of what the mail is about, if it lies in the attendee's own scope.
    pub own: Option<Value>,
    /// The address under which people reach the server, without a slash at its end.
    pub public_url: &'a str,
}

/// Writes a mail; `None` where there is nothing to say: the event is not published, or what it is
/// about is not the reader's to see any more.
pub fn compose(mail: &ClaimedMail, view: &View<'_>) -> Option<Letter> {
    let writer = Writer::of((mail.kind, &mail.body), &mail.language, view)?;
    Some(writer.write(mail.kind))
}

/// A notice of one attendee in few words, likewise.
pub fn tell((kind, body): (NoticeKind, &MailBody), language: &str, view: &View<'_>) -> Option<Told> {
    Some(Writer::of((kind, body), language, view)?.tell(&message_of(kind)))
}

/// What somebody is told who tries out whether they are reached.
pub fn tell_of_test(words: Words) -> Told {
    Told { title: words.say("test", &[]), text: words.say_lead("test", &[]) }
}

/// A mail that says what was told to many at once.
pub fn compose_told(mail: &ClaimedMail, told: &Told, view: &View<'_>) -> Option<Letter> {
    let writer = Writer::of((mail.kind, &mail.body), &mail.language, view)?;
    Some(writer.write_told(told))
}

fn message_of(kind: NoticeKind) -> String {
    kind.as_str().replace('_', "-")
}

/// Whether a mail of this kind is only for somebody who may see what it is about. The others say
/// that something is gone, and name it only where its title is left to be seen.
pub fn needs_sight(kind: NoticeKind) -> bool {
    use NoticeKind::{InvitationReminder, Invited, SeatGiven, SeatMoved, SeatOffered, StandIn};
    matches!(kind, Invited | InvitationReminder | SeatGiven | SeatMoved | SeatOffered | StandIn)
}

/// The row of a part or session that the reader may hold, a stub where that is all there is.
struct Sight(Value);

impl Sight {
    fn of(view: &View<'_>, key: RecordKey) -> Option<Self> {
        let own = || view.own.clone();
        projection::row_seen_by(view.programme, key, view.may_hold).or_else(own).map(Self)
    }

    fn field<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.0.get(name)?.clone()).ok()
    }
}

struct Writer<'a> {
    words: Words,
    event: &'a Event,
    body: &'a MailBody,
    about: Option<Sight>,
    view: &'a View<'a>,
}

impl<'a> Writer<'a> {
    /// None where there is nothing to say to this reader.
    fn of((kind, body): (NoticeKind, &'a MailBody), language: &str, view: &'a View<'a>) -> Option<Self> {
        let (_, event) = view.programme.event()?;
        let about = body.object().and_then(|key| Sight::of(view, key));
        if event.state == State::Draft || (about.is_none() && needs_sight(kind)) {
            return None;
        }
        let words = words_for(&[language, &event.fallback_language]).for_clock_in(body.time_zone);
        Some(Self { words, event, body, about, view })
    }

    fn values(&self) -> [(&'static str, FluentValue<'static>); 4] {
        let reader = match self.body.reader {
            Reader::Myself => "self",
            Reader::Assistant => "assistant",
        };
        [
            ("reader", reader.into()),
            ("name", self.body.name.clone().into()),
            ("what", self.what().into()),
            ("event", self.localised(&self.event.title).into()),
        ]
    }

    fn tell(&self, message: &str) -> Told {
        let values = self.values();
        Told { title: self.words.say(message, &values), text: self.words.say_lead(message, &values) }
    }

    fn write_told(&self, told: &Told) -> Letter {
        let values = self.values();
        let greeting = Block::Text(self.words.say("greeting", &values));
        let mut blocks = vec![greeting, Block::Text(told.text.clone()), Block::Text(self.localised(&self.event.title))];
        if self.body.reader == Reader::Assistant {
            blocks.push(Block::Text(self.words.say("acting", &values)));
        }
        write_letter(&told.title, &blocks)
    }

    fn write(&self, kind: NoticeKind) -> Letter {
        let message = &message_of(kind);
        let event = self.localised(&self.event.title);
        let values = self.values();
        let mut blocks =
            vec![Block::Text(self.words.say("greeting", &values)), Block::Text(self.words.say_lead(message, &values))];
        blocks.extend(self.facts().map(Block::Facts));
        blocks.extend(self.detail::<String>("message").map(Block::Text));
        blocks.extend(self.detail::<String>("reason").map(Block::Text));
        blocks.extend(self.link());
        blocks.extend(self.where_to_register(kind));
        blocks.push(Block::Text(event.clone()));
        if self.body.reader == Reader::Assistant {
            blocks.push(Block::Text(self.words.say("acting", &values)));
        }
        write_letter(&self.words.say(message, &values), &blocks)
    }

    fn what(&self) -> String {
        let title = self.about.as_ref().and_then(|about| about.field::<Localised>("title"));
        title.map_or_else(|| self.words.say("something", &[]), |title| self.localised(&title))
    }

    fn localised(&self, text: &Localised) -> String {
        text.in_language(self.words.language, &self.event.fallback_language).to_owned()
    }

    fn detail<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.body.details.get(name)?.clone()).ok()
    }

    fn facts(&self) -> Option<Vec<(String, String)>> {
        let until = self.detail::<Timestamp>("until").map(|until| self.words.say_time(self.zone(), until, None));
        let number = self.detail::<u64>("waitlist_number").map(|number| number.to_string());
        let facts = [("when", self.when()), ("where", self.place()), ("until", until), ("number", number)];
        let facts: Vec<_> =
            facts.into_iter().filter_map(|(name, value)| Some((self.words.say(name, &[]), value?))).collect();
        (!facts.is_empty()).then_some(facts)
    }

    fn when(&self) -> Option<String> {
        let about = self.about.as_ref()?;
        if let Some(from) = about.field("starts_at") {
            return Some(self.words.say_time(self.zone(), from, about.field("ends_at")));
        }
        let day = |name| about.field::<Day>(name).map(|day| day.0);
        match (day("starts_on").or(day("day")), day("ends_on")) {
            (Some(from), to) => Some(self.words.say_days(from, to.unwrap_or(from))),
            (None, _) => None,
        }
    }

    fn place(&self) -> Option<String> {
        let about = self.about.as_ref()?;
        let named = |collection, field: &str| {
            let id: RecordId = about.field(field)?;
            match &self.view.programme.find(collection, id)?.body {
                RecordBody::Rooms(room) => {
                    let venue = self.view.programme.find(Collection::Venues, room.venue);
                    let venue = venue.and_then(|venue| match &venue.body {
                        RecordBody::Venues(venue) => Some(self.localised(&venue.name)),
                        _ => None,
                    });
                    Some([Some(self.localised(&room.name)), venue].into_iter().flatten().collect::<Vec<_>>().join(", "))
                }
                RecordBody::Venues(venue) => Some(self.localised(&venue.name)),
                _ => None,
            }
        };
        named(Collection::Rooms, "room").or_else(|| named(Collection::Venues, "venue"))
    }

    fn link(&self) -> Vec<Block> {
        let Some(link) = &self.body.link else { return Vec::new() };
        let address = format!("{}/invitation#{}", self.view.public_url, link.secret);
        let mut blocks = vec![
            Block::Text(self.words.say("answer-here", &[])),
            Block::Link { address, label: self.words.say("answer", &[]) },
        ];
        if let Some(code) = &link.code {
            blocks.extend([Block::Text(self.words.say("code", &[])), Block::Code(code.clone())]);
        }
        blocks
    }

    /// Where and how whoever is asked to come says whether they do: on the app's page, with the address that the mail
    /// came to.
    fn where_to_register(&self, kind: NoticeKind) -> Vec<Block> {
        if kind != NoticeKind::PlaceOffered {
            return Vec::new();
        }
        let address = format!("{}/?event={}#/registration", self.view.public_url, self.event.slug);
        vec![
            Block::Text(self.words.say("register-here", &[])),
            Block::Link { address, label: self.words.say("answer", &[]) },
        ]
    }

    fn zone(&self) -> Tz {
        self.event.time_zone.parse().unwrap_or(Tz::UTC)
    }
}
