//! Filters of lists of sessions.

use chrono_tz::Tz;
use serde::Deserialize;
use shared::problem_code::ProblemCode;
use shared::programme::{SessionKind, State};
use shared::time::{Day, Timestamp};

use super::access::Reader;
use super::items::{Item, list_items};
use crate::problem::Problem;
use crate::sync::row::RowCollection;

/// The parameters of a list. Filters are for sessions and their stubs; places and parts are named
/// by id or slug.
#[derive(Clone, PartialEq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    /// How many items a page has at most.
    pub limit: Option<u32>,
    /// The cursor that the page before named as `next`.
    pub cursor: Option<String>,
    part: Option<String>,
    room: Option<String>,
    track: Option<String>,
    day: Option<Day>,
    kind: Option<SessionKind>,
    state: Option<State>,
}

impl ListParameters {
    fn has_filter(&self) -> bool {
        self.part.is_some()
            || self.room.is_some()
            || self.track.is_some()
            || self.day.is_some()
            || self.kind.is_some()
            || self.state.is_some()
    }
}

/// Keeps what the parameters ask for.
pub async fn filter(
    reader: &Reader,
    collection: RowCollection,
    parameters: &ListParameters,
    mut items: Vec<Item>,
) -> Result<Vec<Item>, Problem> {
    if !parameters.has_filter() {
        return Ok(items);
    }
    if !matches!(collection, RowCollection::Sessions | RowCollection::SessionStubs) {
        let detail = "part, room, track, day, kind and state are filters of sessions.";
        return Err(Problem::new(ProblemCode::InvalidRequest, detail));
    }
    let references = [
        ("part", &parameters.part, [RowCollection::Parts, RowCollection::PartStubs].as_slice()),
        ("room", &parameters.room, &[RowCollection::Rooms]),
        ("tracks", &parameters.track, &[RowCollection::Tracks]),
    ];
    for (field, name, collections) in references {
        let Some(name) = name else { continue };
        let id = find_id(reader, collections, name).await?;
        items.retain(|item| id.as_deref().is_some_and(|id| has_value(item, field, id)));
    }
    if let Some(day) = parameters.day {
        let zone = load_zone(reader).await?;
        items.retain(|item| day_of(item, zone) == Some(day));
    }
    let word = |value: serde_json::Value| value.as_str().map(str::to_owned);
    let words = [
        ("kind", parameters.kind.and_then(|kind| serde_json::to_value(kind).ok())),
        ("state", parameters.state.and_then(|state| serde_json::to_value(state).ok())),
    ];
    for (field, wanted) in words {
        if let Some(wanted) = wanted.and_then(word) {
            items.retain(|item| item.text(field) == Some(&wanted));
        }
    }
    Ok(items)
}

/// The key by which a list is ordered: sessions by time, whatever else by slug.
pub fn order_key(item: &Item) -> String {
    let begins = item.text("starts_at").or_else(|| item.text("day")).unwrap_or("");
    let order = item.fields.get("order").and_then(serde_json::Value::as_u64).unwrap_or(0);
    format!("{begins}~{order:010}~{}~{}", item.text("slug").unwrap_or(""), item.id)
}

async fn find_id(reader: &Reader, collections: &[RowCollection], name: &str) -> Result<Option<String>, Problem> {
    for collection in collections {
        let items = list_items(reader, *collection).await?;
        if let Some(item) = items.into_iter().find(|item| item.is_named(name)) {
            return Ok(Some(item.id.to_string()));
        }
    }
    Ok(None)
}

fn has_value(item: &Item, field: &str, id: &str) -> bool {
    match item.fields.get(field) {
        Some(serde_json::Value::String(value)) => value == id,
        Some(serde_json::Value::Array(values)) => values.iter().any(|value| value.as_str() == Some(id)),
        _ => false,
    }
}

async fn load_zone(reader: &Reader) -> Result<Tz, Problem> {
    let events = list_items(reader, RowCollection::Events).await?;
    let zone = events.first().and_then(|event| event.text("time_zone")?.parse().ok());
    Ok(zone.unwrap_or(Tz::UTC))
}

/// The day of a session: of its beginning, in the event's zone, or the one that it names.
fn day_of(item: &Item, zone: Tz) -> Option<Day> {
    let read = |field: &str| item.fields.get(field).cloned();
    match read("starts_at").and_then(|at| serde_json::from_value::<Timestamp>(at).ok()) {
        Some(at) => Some(Day(at.day_in(zone))),
        None => read("day").and_then(|day| serde_json::from_value(day).ok()),
    }
}
