//! YAML text as a tree of nodes that know where they stand. Scalars keep the text that was written:
//! what it means is up to the field that it is for, so `number: 1` and `title: No` are texts.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};
use shared::programme::ValueProblem;

use super::fault::{Faults, Place};
use super::problem::FileProblem;

/// The deepest nesting accepted; the format itself needs 7 levels.
const DEPTH_MAX: usize = 24;

/// How many nodes a file may have.
const NODES_MAX: usize = 500_000;

/// How many keys a map may have; the format itself needs 26.
const KEYS_MAX: usize = 200;

/// One value with its place.
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

pub(super) enum Value {
    Scalar { text: String, is_plain: bool },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a map with its value.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) place: Place,
    pub(super) node: Node,
}

impl Node {
    /// Whether nothing was written where a value could be.
    pub(super) fn is_null(&self) -> bool {
        match &self.value {
            Value::Scalar { text, is_plain } => *is_plain && matches!(text.as_str(), "" | "~" | "null"),
            Value::List(_) | Value::Map(_) => false,
        }
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The value of a key, for a map that has it.
    pub(super) fn find(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node),
            Value::List(_) | Value::Scalar { .. } => None,
        }
    }
}

/// Reads the one document that `text` holds. Aliases are refused, so a small file cannot grow.
pub(super) fn parse(text: &str, faults: &mut Faults) -> Option<Node> {
    let mut builder = Builder { faults, stack: Vec::new(), root: None, node_count: 0 };
    for event in Parser::new_from_str(text) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span.start),
            Err(error) => {
                let problem = FileProblem::NotYaml { detail: error.info().to_owned() };
                builder.faults.add(place(*error.marker()), "", problem);
                return None;
            }
        };
        if let Err((at, problem)) = step {
            builder.faults.add(at, "", problem);
            return None;
        }
    }
    if builder.root.is_none() && builder.faults.is_empty() {
        builder.faults.add(Place::START, "", ValueProblem::Empty);
    }
    builder.root
}

fn place(marker: Marker) -> Place {
    Place { line: marker.line().max(1), column: marker.col() + 1 }
}

/// A list or map that is still open.
enum Open {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<Node> },
}

struct Builder<'a> {
    faults: &'a mut Faults,
    stack: Vec<(Place, Open)>,
    root: Option<Node>,
    node_count: usize,
}

/// A reason to stop reading.
type Stop = (Place, FileProblem);

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, marker: Marker) -> Result<(), Stop> {
        let at = place(marker);
        self.node_count += 1;
        if self.node_count > NODES_MAX {
            return Err((at, FileProblem::TooManyValues));
        }
        match event {
            Event::Scalar(text, style, _, tag) => {
                if tag.is_some() {
                    self.faults.add(at, "", FileProblem::Tag);
                }
                let is_plain = style == ScalarStyle::Plain;
                self.complete(Node { place: at, value: Value::Scalar { text: text.into_owned(), is_plain } })
            }
            Event::SequenceStart(..) => self.open(at, Open::List(Vec::new())),
            Event::MappingStart(..) => self.open(at, Open::Map { entries: Vec::new(), key: None }),
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some((place, Open::List(items))) => self.complete(Node { place, value: Value::List(items) }),
                Some((place, Open::Map { entries, .. })) => self.complete(Node { place, value: Value::Map(entries) }),
                None => Ok(()),
            },
            Event::Alias(_) => Err((at, FileProblem::Alias)),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn open(&mut self, at: Place, open: Open) -> Result<(), Stop> {
        if self.stack.len() >= DEPTH_MAX {
            return Err((at, FileProblem::TooDeep));
        }
        self.stack.push((at, open));
        Ok(())
    }

    fn complete(&mut self, node: Node) -> Result<(), Stop> {
        match self.stack.last_mut() {
            None if self.root.is_some() => return Err((node.place, FileProblem::SeveralDocuments)),
            None => self.root = Some(node),
            Some((_, Open::List(items))) => items.push(node),
            Some((_, Open::Map { entries, .. })) if entries.len() >= KEYS_MAX => {
                return Err((node.place, FileProblem::TooManyKeys));
            }
            Some((_, Open::Map { entries, key })) => match key.take() {
                None => *key = Some(node),
                Some(Node { place, value: Value::Scalar { text, .. } }) => {
                    if entries.iter().any(|entry| entry.key == text) {
                        self.faults.add(place, &text, FileProblem::KeyTwice);
                    } else {
                        entries.push(Entry { key: text, place, node });
                    }
                }
                Some(key) => self.faults.add(key.place, "", FileProblem::KeyNotText),
            },
        }
        Ok(())
    }
}
