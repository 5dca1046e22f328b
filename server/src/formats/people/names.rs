//! The names of an event's records, as people write them in files.

use std::collections::{BTreeMap, HashMap};

use shared::ids::RecordId;
use shared::localised::Localised;
use shared::programme::{Category, Collection, Programme, Record, RecordBody};

use super::countries::find_country;
use super::fault::Misnamed;
use super::words::fold;

/// What the cells of a file may name: categories, delegations and parts, and the questions of forms.
pub struct Names {
    pub(super) categories: Directory,
    pub(super) delegations: Directory,
    pub(super) parts: Directory,
    forms: BTreeMap<RecordId, Category>,
    /// Every question once, by key, with its label in the first category that has it.
    questions: Vec<(String, Localised)>,
    fallback: String,
}

/// The records of one collection by slug and by title in every language.
#[derive(Default)]
pub(super) struct Directory {
    slugs: HashMap<String, RecordId>,
    /// None for a name of several.
    names: HashMap<String, Option<RecordId>>,
    titles: BTreeMap<RecordId, (String, Localised)>,
}

impl Directory {
    fn enter(&mut self, id: RecordId, slug: &str, title: &Localised) {
        self.slugs.insert(slug.to_owned(), id);
        self.titles.insert(id, (slug.to_owned(), title.clone()));
        for (_, name) in title.iter() {
            self.enter_name(id, name);
        }
    }

    fn enter_name(&mut self, id: RecordId, name: &str) {
        let entry = self.names.entry(fold(name)).or_insert(Some(id));
        if *entry != Some(id) {
            *entry = None;
        }
    }

    /// The record that a text names; else what is wrong with the text.
    pub(super) fn find(&self, text: &str) -> Result<RecordId, Misnamed> {
        if let Some(id) = self.slugs.get(text) {
            return Ok(*id);
        }
        match self.names.get(&fold(text)) {
            Some(Some(id)) => Ok(*id),
            Some(None) => Err(Misnamed::Several),
            None => Err(Misnamed::None),
        }
    }

    /// The word that a file has for a record: its title, or its slug where the title names others too.
    pub(super) fn word_of(&self, id: RecordId, language: &str, fallback: &str) -> String {
        let Some((slug, title)) = self.titles.get(&id) else { return id.to_string() };
        let title = title.in_language(language, fallback);
        if self.find(title) == Ok(id) { title.to_owned() } else { slug.clone() }
    }

    /// The records in the order of their slugs.
    pub(super) fn list(&self) -> Vec<RecordId> {
        let mut ids: Vec<_> = self.titles.iter().map(|(id, (slug, _))| (slug, *id)).collect();
        ids.sort_unstable();
        ids.into_iter().map(|(_, id)| id).collect()
    }
}

impl Names {
    /// The names of a programme's records that the file's owner may know of.
    pub fn new(programme: &Programme, may_know: impl Fn(&Record) -> bool) -> Self {
        let fallback = programme.event().map_or_else(|| "en".to_owned(), |(_, event)| event.fallback_language.clone());
        let mut names = Self {
            categories: Directory::default(),
            delegations: Directory::default(),
            parts: Directory::default(),
            forms: BTreeMap::new(),
            questions: Vec::new(),
            fallback,
        };
        for collection in [Collection::Categories, Collection::Delegations, Collection::Parts] {
            programme.list(collection).filter(|record| may_know(record)).for_each(|record| names.enter(record));
        }
        names.enter_questions();
        names
    }

    fn enter(&mut self, record: &Record) {
        match &record.body {
            RecordBody::Categories(category) => {
                self.categories.enter(record.id, &category.slug, &category.title);
                self.forms.insert(record.id, category.clone());
            }
            RecordBody::Delegations(delegation) => {
                self.delegations.enter(record.id, &delegation.slug, &delegation.name);
                if let Some(code) = &delegation.country {
                    self.delegations.enter_name(record.id, &country_key(code));
                }
            }
            RecordBody::Parts(part) => self.parts.enter(record.id, &part.slug, &part.title),
            _ => {}
        }
    }

    fn enter_questions(&mut self) {
        let mut forms: Vec<&Category> = self.forms.values().collect();
        forms.sort_by_key(|category| (category.order.unwrap_or(u32::MAX), category.slug.clone()));
        for field in forms.into_iter().flat_map(|category| &category.form) {
            if self.questions.iter().all(|(key, _)| *key != field.key) {
                self.questions.push((field.key.clone(), field.label.clone()));
            }
        }
    }

    /// The delegation that a text names, also by the country that only it has.
    pub(super) fn find_delegation(&self, text: &str) -> Result<RecordId, Misnamed> {
        let by_country = || self.delegations.find(&country_key(find_country(text)?)).ok();
        self.delegations.find(text).or_else(|misnamed| by_country().ok_or(misnamed))
    }

    /// A category with its form.
    pub fn category(&self, id: RecordId) -> Option<&Category> {
        self.forms.get(&id)
    }

    /// The keys of all questions, in the order of categories and forms.
    pub(super) fn question_keys(&self) -> impl Iterator<Item = &str> {
        self.questions.iter().map(|(key, _)| key.as_str())
    }

    /// The key of the question that a heading is: by key, or by a label that is that of no other.
    pub(super) fn find_question(&self, heading: &str) -> Option<&str> {
        if let Some((key, _)) = self.questions.iter().find(|(key, _)| key == heading) {
            return Some(key);
        }
        let folded = fold(heading);
        let is_labelled = |label: &Localised| label.iter().any(|(_, text)| fold(text) == folded);
        let mut keys = self.labels().filter(|(_, label)| is_labelled(label)).map(|(key, _)| key);
        let key = keys.next()?;
        keys.all(|other| other == key).then_some(key)
    }

    /// The label of a question in a language.
    pub(super) fn label(&self, key: &str, language: &str) -> &str {
        let label = self.questions.iter().find(|(known, _)| known == key).map(|(_, label)| label);
        label.map_or("", |label| label.in_language(language, &self.fallback))
    }

    /// The event's own language, for what has no text in another.
    pub(super) fn fallback(&self) -> &str {
        &self.fallback
    }

    /// Every label in every form, with its key.
    fn labels(&self) -> impl Iterator<Item = (&str, &Localised)> {
        self.forms.values().flat_map(|category| &category.form).map(|field| (field.key.as_str(), &field.label))
    }
}

/// A name that stands for a country and is nobody's title.
fn country_key(code: &str) -> String {
    format!("country code {code}")
}
