//! A file as the records that it describes.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use serde_json::Value as Json;
use shared::ids::RecordId;
use shared::localised::is_language_tag;
use shared::programme::validation::{endless_ways, missing_affiliations, validate_body};
use shared::programme::{Collection, InvalidBody, Programme, RecordBody, ValueProblem};
use uuid::Uuid;

use super::convert::{Context, Converter};
use super::directory::{Directory, Registrar};
use super::fault::{Fault, Faults, Place};
use super::fields::{SECTIONS, fields_of};
use super::problem::FileProblem;
use super::shape::{Field, Shape};
use super::tree::{self, Node, Value};
use super::{FILE_MAX_BYTES, FORMAT_VERSION};

/// Every record of an event, as a file describes it.
#[derive(Clone, PartialEq, Debug)]
pub struct FileContents {
    /// The records with their ids: the event first, then by collection in the order of the file.
    pub records: Vec<(RecordId, RecordBody)>,
}

/// The text of a file.
///
/// # Errors
///
/// It is not UTF-8 from some place on.
pub fn decode(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let last = good.rsplit('\n').next().unwrap_or_default();
        let (line, column) = (good.matches('\n').count() + 1, last.chars().count() + 1);
        Fault { line, column, field: String::new(), problem: FileProblem::NotUtf8 }
    })
}

/// Reads a file. A record that `existing` has under the same slug keeps its id, any other gets one
/// from `new_id`; the event's own is `event_id`. On failure, every fault of the file is told.
pub fn read(
    text: &str,
    existing: &Programme,
    new_id: &mut dyn FnMut() -> Uuid,
    event_id: RecordId,
) -> Result<FileContents, Vec<Fault>> {
    // Some editors begin a file with a mark of its encoding.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut faults = Faults::default();
    if text.len() > FILE_MAX_BYTES {
        faults.add(Place::START, "", FileProblem::TooLarge);
        return Err(faults.into_list());
    }
    let Some(root) = tree::parse(text, &mut faults) else { return Err(faults.into_list()) };
    let Value::Map(_) = &root.value else {
        faults.add(root.place, "", FileProblem::NotAProgramme);
        return Err(faults.into_list());
    };
    if !is_version_supported(&root, &mut faults) {
        return Err(faults.into_list());
    }
    check_keys(&root, &mut faults);
    let directory = enter_slugs(&root, Registrar::new(existing, new_id, &mut faults));
    let records = Reader { directory, event_id, faults: &mut faults, found: Vec::new() }.read_all(&root);
    if faults.is_empty() { Ok(FileContents { records }) } else { Err(faults.into_list()) }
}

fn is_version_supported(root: &Node, faults: &mut Faults) -> bool {
    let (place, problem) = match root.find("cumbre") {
        Some(node) if node.text() == Some(FORMAT_VERSION.to_string().as_str()) => return true,
        Some(node) => (node.place, FileProblem::OtherVersion),
        None => (root.place, FileProblem::NoVersion),
    };
    faults.add(place, "cumbre", problem);
    false
}

fn check_keys(root: &Node, faults: &mut Faults) {
    let Value::Map(entries) = &root.value else { return };
    for entry in entries {
        let is_known =
            matches!(entry.key.as_str(), "cumbre" | "event") || SECTIONS.iter().any(|(n, _)| *n == entry.key);
        if !is_known {
            let known = ["cumbre", "event"].into_iter().chain(SECTIONS.iter().map(|(name, _)| *name)).collect();
            faults.add(entry.place, &entry.key, FileProblem::UnknownField { known });
        }
    }
}

/// Enters every slug before anything is read, since records may name later ones.
fn enter_slugs(root: &Node, mut registrar: Registrar<'_>) -> Directory {
    for (name, collection) in SECTIONS {
        let Some(list) = root.find(name) else { continue };
        registrar.enter(*collection, name, list);
        let Value::List(items) = &list.value else { continue };
        for (index, item) in items.iter().enumerate().filter(|_| *collection == Collection::Venues) {
            if let Some(rooms) = item.find("rooms") {
                registrar.enter(Collection::Rooms, &format!("venues[{index}].rooms"), rooms);
            }
        }
    }
    registrar.into_directory()
}

/// Where each value of a record stands, with its path in the file, by JSON pointer on the wire.
type Places = BTreeMap<String, (Place, String)>;

/// A record that was read, with where its values stand.
struct Found {
    id: RecordId,
    body: RecordBody,
    places: Places,
}

struct Reader<'a> {
    directory: Directory,
    event_id: RecordId,
    faults: &'a mut Faults,
    found: Vec<Found>,
}

impl Reader<'_> {
    fn read_all(mut self, root: &Node) -> Vec<(RecordId, RecordBody)> {
        let (zone, fallback) = zone_and_language(root);
        match root.find("event").filter(|node| !node.is_null()) {
            Some(event) => self.record(event, Collection::Events, ("event", None), (zone, &fallback)),
            None => self.faults.add(root.place, "event", ValueProblem::Missing),
        }
        for (name, collection) in SECTIONS {
            if let Some(list) = root.find(name).filter(|node| !node.is_null()) {
                self.section(list, *collection, (name, None), (zone, &fallback));
            }
        }
        self.check_affiliations();
        self.check_ways();
        self.found.into_iter().map(|found| (found.id, found.body)).collect()
    }

    fn section(&mut self, list: &Node, collection: Collection, at: (&str, Option<RecordId>), by: (Tz, &str)) {
        let (path, owner) = at;
        let Value::List(items) = &list.value else {
            self.faults.add(list.place, path, FileProblem::NotAList);
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            self.record(item, collection, (&path, owner), by);
            if let Some(rooms) = item.find("rooms").filter(|node| collection == Collection::Venues && !node.is_null()) {
                let venue = self.id_of(item, Collection::Venues);
                self.section(rooms, Collection::Rooms, (&format!("{path}.rooms"), Some(venue)), by);
            }
        }
    }

    fn id_of(&self, item: &Node, collection: Collection) -> RecordId {
        if collection == Collection::Events {
            return self.event_id;
        }
        let slug = item.find("slug").and_then(Node::text);
        slug.and_then(|slug| self.directory.find(collection, slug)).unwrap_or(RecordId(Uuid::nil()))
    }

    fn record(&mut self, item: &Node, collection: Collection, at: (&str, Option<RecordId>), by: (Tz, &str)) {
        let (path, venue) = at;
        let id = self.id_of(item, collection);
        let context = Context { directory: &self.directory, zone: by.0, fallback_language: by.1 };
        let mut converter = Converter::new(&context, self.faults);
        let mut json = converter.record(item, fields_of(collection), path);
        if let (Some(venue), Json::Object(fields)) = (venue, &mut json) {
            fields.insert("venue".to_owned(), venue.to_string().into());
        }
        let Converter { places, tainted, .. } = converter;
        if tainted.iter().any(String::is_empty) {
            return;
        }
        let known = (tainted.as_slice(), fields_of(collection));
        match RecordBody::from_json(collection, json) {
            Ok(body) => {
                for fault in validate_body(&body) {
                    self.tell(fault, &places, known);
                }
                self.found.push(Found { id, body, places });
            }
            Err(fault) => self.tell(fault, &places, known),
        }
    }

    /// Tells a fault of the wire at its place in the file, unless it follows from one told already.
    fn tell(&mut self, fault: InvalidBody, places: &Places, (tainted, fields): (&[String], &[Field])) {
        let follows = |pointer: &String| is_within(pointer, &fault.field) || is_within(&fault.field, pointer);
        if !tainted.iter().any(follows) {
            let (place, path) = nearest(places, &fault.field);
            let field = missing_field(places, &fault.field, fields).map(|name| format!("{path}.{name}"));
            let problem = fault.problem.with_fields_named(|wire| name_in_file(wire, fields).unwrap_or(wire));
            self.faults.add(place, &field.unwrap_or(path), problem);
        }
    }

    /// An affiliation is chosen among those of its person, which is another record.
    fn check_affiliations(&mut self) {
        let counts: HashMap<_, _> = self
            .found
            .iter()
            .filter_map(|found| match &found.body {
                RecordBody::People(person) => Some((found.id, person.affiliations.len())),
                _ => None,
            })
            .collect();
        for found in &self.found {
            let RecordBody::Sessions(session) = &found.body else { continue };
            for fault in missing_affiliations(session, &|person| counts.get(&person).copied()) {
                let (place, path) = nearest(&found.places, &fault.field);
                self.faults.add(place, &path, fault.problem);
            }
        }
    }

    /// Transfers lead from and to other sessions.
    fn check_ways(&mut self) {
        let sessions: HashMap<_, _> = self
            .found
            .iter()
            .filter_map(|found| match &found.body {
                RecordBody::Sessions(session) => Some((found.id, (session, &found.places))),
                _ => None,
            })
            .collect();
        for (id, (session, places)) in &sessions {
            for fault in endless_ways((*id, *session), &|id: RecordId| sessions.get(&id)?.0.transfer.as_ref()) {
                let (place, path) = nearest(places, &fault.field);
                self.faults.add(place, &path, fault.problem);
            }
        }
    }
}

/// What the times and plain texts of the file are read by, as far as the event tells it; where it
/// is wrong, the event's own check says so.
fn zone_and_language(root: &Node) -> (Tz, String) {
    let text = |key: &str| root.find("event").and_then(|event| event.find(key)).and_then(Node::text);
    let zone = text("time_zone").and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC);
    let language = text("fallback_language").filter(|tag| is_language_tag(tag)).unwrap_or("en");
    (zone, language.to_owned())
}

/// Whether the JSON pointer `inner` is `outer` or lies in it.
fn is_within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The name in the file of a field of the record itself that is at fault for not being there.
fn missing_field(places: &Places, pointer: &str, fields: &[Field]) -> Option<&'static str> {
    let wire = pointer.strip_prefix('/')?;
    let field = fields.iter().find(|field| field.wire == wire)?;
    (!places.contains_key(pointer)).then_some(field.name)
}

/// What a field of the wire is called in the file.
fn name_in_file(wire: &str, fields: &[Field]) -> Option<&'static str> {
    fields.iter().find_map(|field| match field.shape {
        _ if field.wire == wire => Some(field.name),
        Shape::Map(inner) | Shape::List(&Shape::Map(inner)) => name_in_file(wire, inner),
        _ => None,
    })
}

/// The place of the value at `pointer`, or of the nearest one around it that is written.
fn nearest(places: &Places, pointer: &str) -> (Place, String) {
    let mut at = pointer;
    loop {
        if let Some((place, path)) = places.get(at) {
            return (*place, path.clone());
        }
        match at.rfind('/') {
            Some(end) => at = &at[..end],
            None => return (Place::START, String::new()),
        }
    }
}
