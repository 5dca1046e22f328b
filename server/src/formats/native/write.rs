//! A programme as a file.

use std::collections::HashMap;

use chrono_tz::Tz;
use serde_json::{Map, Value as Json};
use shared::ids::RecordId;
use shared::programme::{Collection, Programme, Record, RecordBody};
use shared::time::Timestamp;

use super::emit::{Item, Yaml, emit_section};
use super::fields::{SECTIONS, fields_of};
use super::shape::{Absence, Field, Shape, constant, numbered_slug};
use super::{FORMAT_VERSION, moment};

/// Writes the programme so that [`super::read`] gives it back. Sessions stand in the order of the
/// event, everything else by day or slug. Empty if the programme has no event.
pub fn write(programme: &Programme) -> String {
    let Some((event_id, event)) = programme.event() else { return String::new() };
    let writer = Writer {
        programme,
        slugs: programme.iter().map(|((_, id), record)| (*id, record.body.slug())).collect(),
        zone: event.time_zone.parse().unwrap_or(Tz::UTC),
        fallback_language: &event.fallback_language,
    };
    let mut text = format!(
        "# The programme of {} as Cumbre reads and writes it; times are local to {}.\n\ncumbre: {FORMAT_VERSION}\n",
        event.slug, event.time_zone
    );
    if let Some(record) = programme.find(Collection::Events, event_id) {
        emit_section(&mut text, "event", Item::One(writer.record(record)));
    }
    for (name, collection) in SECTIONS {
        let records: Vec<_> = writer.sorted(*collection).map(|record| writer.record(record)).collect();
        if !records.is_empty() {
            emit_section(&mut text, name, Item::Many(records));
        }
    }
    text
}

struct Writer<'a> {
    programme: &'a Programme,
    slugs: HashMap<RecordId, &'a str>,
    zone: Tz,
    fallback_language: &'a str,
}

impl Writer<'_> {
    fn sorted(&self, collection: Collection) -> impl Iterator<Item = &Record> {
        let mut records: Vec<_> = self.programme.list(collection).map(AsRef::as_ref).collect();
        records.sort_by_cached_key(|record| (self.order(&record.body), record.body.slug().to_owned()));
        records.into_iter()
    }

    /// The place of a record among those of its collection: its day, then its time or order.
    fn order(&self, body: &RecordBody) -> (String, bool, i64, i64) {
        match body {
            RecordBody::Sessions(session) => match session.interval() {
                Some((starts, ends)) => (starts.day_in(self.zone).to_string(), false, starts.0, ends.0),
                None => {
                    let day = session.day.map(|day| day.to_string()).unwrap_or_default();
                    (day, true, i64::from(session.order.unwrap_or(0)), 0)
                }
            },
            RecordBody::Parts(part) => (part.starts_on.map(|day| day.to_string()).unwrap_or_default(), false, 0, 0),
            RecordBody::OverviewEntries(entry) => (format!("{} {}", entry.day, entry.starts), false, 0, 0),
            _ => (String::new(), false, 0, 0),
        }
    }

    fn record(&self, record: &Record) -> Yaml {
        let json = record.body.to_json();
        let mut fields = self.fields(&json, fields_of(record.body.collection()), 0);
        if let RecordBody::Venues(_) = &record.body {
            let rooms: Vec<_> = self
                .sorted(Collection::Rooms)
                .filter(|room| matches!(&room.body, RecordBody::Rooms(body) if body.venue == record.id))
                .map(|room| Yaml::Map(self.fields(&room.body.to_json(), fields_of(Collection::Rooms), 0)))
                .collect();
            if !rooms.is_empty() {
                fields.push(("rooms".to_owned(), Yaml::List(rooms)));
            }
        }
        Yaml::Map(fields)
    }

    fn fields(&self, json: &Json, fields: &'static [Field], index: usize) -> Vec<(String, Yaml)> {
        fields
            .iter()
            .filter_map(|field| {
                let value = json.get(field.wire).filter(|value| !is_understood(value, field.absence, index))?;
                Some((field.name.to_owned(), self.value(value, field.shape, index)))
            })
            .collect()
    }

    fn value(&self, json: &Json, shape: Shape, index: usize) -> Yaml {
        match (shape, json) {
            (Shape::Text, Json::Object(texts)) => self.text(texts),
            (Shape::Map(fields), Json::Object(_)) => Yaml::Map(self.fields(json, fields, index)),
            (Shape::List(shape), Json::Array(items)) => {
                Yaml::List(items.iter().enumerate().map(|(i, item)| self.value(item, *shape, i)).collect())
            }
            (Shape::Moment, Json::String(_)) => match serde_json::from_value::<Timestamp>(json.clone()) {
                Ok(at) => Yaml::Plain(moment::format(at, self.zone)),
                Err(_) => Yaml::Text(json.to_string()),
            },
            (Shape::Reference(_), Json::String(id)) => {
                let slug = id.parse().ok().and_then(|id: RecordId| self.slugs.get(&id).copied());
                Yaml::Text(slug.unwrap_or(id).to_owned())
            }
            (Shape::Day | Shape::Word(_), Json::String(text)) => Yaml::Plain(text.clone()),
            (_, Json::String(text)) => Yaml::Text(text.clone()),
            (_, other) => Yaml::Plain(other.to_string()),
        }
    }

    fn text(&self, texts: &Map<String, Json>) -> Yaml {
        let text_of = |value: &Json| Yaml::Text(value.as_str().unwrap_or_default().to_owned());
        match texts.get(self.fallback_language) {
            Some(only) if texts.len() == 1 => text_of(only),
            _ => Yaml::Map(texts.iter().map(|(tag, text)| (tag.clone(), text_of(text))).collect()),
        }
    }
}

/// Whether the value is what the field means where it is not written.
fn is_understood(value: &Json, absence: Absence, index: usize) -> bool {
    match absence {
        Absence::Fine | Absence::Fault(_) => false,
        Absence::Means(default) => *value == constant(default),
        Absence::Numbered => value.as_str() == Some(numbered_slug(index).as_str()),
    }
}
