//! One record from the form of the file to the form of the wire.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde_json::{Map, Value as Json};
use shared::localised::{TEXT_MAX_CHARS, is_language_tag, is_text};
use shared::programme::ValueProblem;
use shared::programme::validation::LIST_MAX;
use shared::time::Day;

use super::directory::Directory;
use super::fault::{FAULTS_MAX, Faults, Place};
use super::moment;
use super::problem::FileProblem;
use super::shape::{Absence, Field, Shape, constant, numbered_slug};
use super::tree::{Entry, Node, Value};

/// What a record's values are read by.
pub(super) struct Context<'a> {
    pub(super) directory: &'a Directory,
    pub(super) zone: Tz,
    pub(super) fallback_language: &'a str,
}

/// A record on its way to the wire.
pub(super) struct Converter<'a> {
    context: &'a Context<'a>,
    faults: &'a mut Faults,
    /// Where each value stands, with its path in the file, by JSON pointer on the wire.
    pub(super) places: BTreeMap<String, (Place, String)>,
    /// JSON pointers of the values that are faulty, missing or stood in for.
    pub(super) tainted: Vec<String>,
}

/// A value's name in the file and on the wire.
#[derive(Clone, Copy)]
struct Name<'a> {
    path: &'a str,
    pointer: &'a str,
}

impl<'a> Converter<'a> {
    pub(super) fn new(context: &'a Context<'a>, faults: &'a mut Faults) -> Self {
        Self { context, faults, places: BTreeMap::new(), tainted: Vec::new() }
    }

    /// The record with all of its fields; what is faulty is left out or stood in for.
    pub(super) fn record(&mut self, node: &Node, fields: &'static [Field], path: &str) -> Json {
        self.places.insert(String::new(), (node.place, path.to_owned()));
        self.map(node, fields, Name { path, pointer: "" }, 0).unwrap_or_default().into()
    }

    fn fault<T>(&mut self, place: Place, name: Name<'_>, problem: impl Into<FileProblem>) -> Option<T> {
        self.faults.add(place, name.path, problem);
        if self.tainted.len() < FAULTS_MAX {
            self.tainted.push(name.pointer.to_owned());
        }
        None
    }

    fn value(&mut self, node: &Node, shape: Shape, name: Name<'_>, index: usize) -> Option<Json> {
        self.places.insert(name.pointer.to_owned(), (node.place, name.path.to_owned()));
        match shape {
            Shape::Text => self.text(node, name),
            Shape::List(shape) => self.list(node, *shape, name),
            Shape::Map(fields) => self.map(node, fields, name, index).map(Json::from),
            Shape::Inner => None,
            _ => match &node.value {
                Value::Scalar { text, is_plain } => match self.scalar(text, *is_plain, shape) {
                    Ok(value) => Some(value),
                    Err(problem) => self.fault(node.place, name, problem),
                },
                Value::List(_) | Value::Map(_) => self.fault(node.place, name, FileProblem::NotOneValue),
            },
        }
    }

    fn scalar(&self, text: &str, is_plain: bool, shape: Shape) -> Result<Json, FileProblem> {
        match shape {
            Shape::Word(check) => match check(text) {
                None => Ok(text.into()),
                Some(problem) => Err(problem),
            },
            Shape::Number => match text.parse::<u32>() {
                Ok(number) if is_plain => Ok(number.into()),
                _ => Err(FileProblem::NotAWholeNumber),
            },
            Shape::Flag => match text.parse::<bool>() {
                Ok(flag) if is_plain => Ok(flag.into()),
                _ => Err(FileProblem::NotTrueOrFalse),
            },
            Shape::Degrees => match text.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
                Some(number) if is_plain => Ok(number.into()),
                _ => Err(FileProblem::NotANumber),
            },
            Shape::Day => match serde_json::from_value::<Day>(text.into()) {
                Ok(day) => Ok(day.to_string().into()),
                Err(_) => Err(FileProblem::NotADay),
            },
            Shape::Moment => moment::parse(text, self.context.zone).map(|at| at.to_string().into()),
            Shape::Reference(collection) => match self.context.directory.find(collection, text) {
                Some(id) => Ok(id.to_string().into()),
                None => Err(ValueProblem::NamesNone { name: text.to_owned(), among: collection }.into()),
            },
            Shape::Line | Shape::Text | Shape::List(_) | Shape::Map(_) | Shape::Inner => Ok(text.into()),
        }
    }

    fn text(&mut self, node: &Node, name: Name<'_>) -> Option<Json> {
        let mut texts = Map::new();
        match &node.value {
            Value::Scalar { text, .. } if is_text(text) => {
                texts.insert(self.context.fallback_language.to_owned(), text.as_str().into());
            }
            Value::Scalar { .. } => return self.fault(node.place, name, NO_TEXT),
            Value::Map(entries) => {
                for entry in entries {
                    self.text_in_language(entry, name, &mut texts);
                }
            }
            Value::List(_) => return self.fault(node.place, name, FileProblem::NotTexts),
        }
        match texts.is_empty() {
            true if self.tainted.iter().any(|pointer| pointer.starts_with(name.pointer)) => None,
            true => self.fault(node.place, name, FileProblem::NoText),
            false => Some(texts.into()),
        }
    }

    fn text_in_language(&mut self, entry: &Entry, name: Name<'_>, texts: &mut Map<String, Json>) {
        let path = format!("{}.{}", name.path, entry.key);
        let pointer = format!("{}/{}", name.pointer, entry.key);
        let name = Name { path: &path, pointer: &pointer };
        self.places.insert(pointer.clone(), (entry.node.place, path.clone()));
        if !is_language_tag(&entry.key) {
            self.fault::<()>(entry.place, name, ValueProblem::NotALanguage);
            return;
        }
        match entry.node.text() {
            Some(text) if is_text(text) && !entry.node.is_null() => {
                texts.insert(entry.key.clone(), text.into());
            }
            _ => {
                self.fault::<()>(entry.node.place, name, NO_TEXT);
            }
        }
    }

    fn list(&mut self, node: &Node, shape: Shape, name: Name<'_>) -> Option<Json> {
        let Value::List(items) = &node.value else {
            return self.fault(node.place, name, FileProblem::NotAList);
        };
        if items.len() > LIST_MAX {
            return self.fault(node.place, name, ValueProblem::TooMany { most: LIST_MAX });
        }
        let mut values = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{}[{index}]", name.path);
            // Faulty items are left out, so places on the wire may differ from those in the file.
            let pointer = format!("{}/{}", name.pointer, values.len());
            values.extend(self.value(item, shape, Name { path: &path, pointer: &pointer }, index));
        }
        Some(values.into())
    }

    fn map(
        &mut self,
        node: &Node,
        fields: &'static [Field],
        name: Name<'_>,
        index: usize,
    ) -> Option<Map<String, Json>> {
        let Value::Map(entries) = &node.value else {
            return self.fault(node.place, name, FileProblem::NotAMap);
        };
        for entry in entries.iter().filter(|entry| fields.iter().all(|field| field.name != entry.key)) {
            let known = fields.iter().map(|field| field.name).collect();
            let path = child_path(name.path, &entry.key);
            self.faults.add(entry.place, &path, FileProblem::UnknownField { known });
        }
        let mut values = Map::new();
        for field in fields {
            let path = child_path(name.path, field.name);
            let pointer = format!("{}/{}", name.pointer, field.wire);
            let name = Name { path: &path, pointer: &pointer };
            let written = node.find(field.name).filter(|value| !value.is_null());
            let value = match written {
                Some(value) => self.value(value, field.shape, name, index),
                None => None,
            };
            let is_written = written.is_some();
            if let Some(value) = value.or_else(|| self.absent(field, node.place, name, (is_written, index))) {
                values.insert(field.wire.to_owned(), value);
            }
        }
        Some(values)
    }

    /// What stands for a field that is not written, or written and faulty.
    fn absent(
        &mut self,
        field: &Field,
        place: Place,
        name: Name<'_>,
        (is_written, index): (bool, usize),
    ) -> Option<Json> {
        match field.absence {
            Absence::Fine => None,
            Absence::Fault(stand_in) => {
                if !is_written {
                    self.fault::<()>(place, name, ValueProblem::Missing);
                }
                Some(constant(stand_in))
            }
            Absence::Means(value) => Some(constant(value)),
            Absence::Numbered => Some(numbered_slug(index).into()),
        }
    }
}

const NO_TEXT: ValueProblem = ValueProblem::NotAText { most: TEXT_MAX_CHARS };

fn child_path(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}
