//! Which id each slug of a file stands for.

use std::collections::HashMap;

use shared::ids::RecordId;
use shared::programme::{Collection, Programme, ValueProblem};
use uuid::Uuid;

use super::fault::Faults;
use super::tree::{Node, Value};

/// The ids of the records that a file describes, by slug.
pub(super) struct Directory(HashMap<(Collection, String), RecordId>);

impl Directory {
    /// The id of the record with this slug, if the file has it.
    pub(super) fn find(&self, collection: Collection, slug: &str) -> Option<RecordId> {
        self.0.get(&(collection, slug.to_owned())).copied()
    }
}

/// Enters the slugs of a file one list after the other.
pub(super) struct Registrar<'a> {
    existing: HashMap<(Collection, String), RecordId>,
    ids: HashMap<(Collection, String), RecordId>,
    new_id: &'a mut dyn FnMut() -> Uuid,
    faults: &'a mut Faults,
}

impl<'a> Registrar<'a> {
    pub(super) fn new(existing: &Programme, new_id: &'a mut dyn FnMut() -> Uuid, faults: &'a mut Faults) -> Self {
        let existing = existing
            .iter()
            .map(|((collection, id), record)| ((*collection, record.body.slug().to_owned()), *id))
            .collect();
        Self { existing, ids: HashMap::new(), new_id, faults }
    }

    /// Enters a list of records. One that is there already keeps its id.
    pub(super) fn enter(&mut self, collection: Collection, path: &str, list: &Node) {
        let Value::List(items) = &list.value else { return };
        for (index, item) in items.iter().enumerate() {
            let Some((node, slug)) = item.find("slug").and_then(|node| Some((node, node.text()?))) else { continue };
            let key = (collection, slug.to_owned());
            if self.ids.contains_key(&key) {
                self.faults.add(node.place, &format!("{path}[{index}].slug"), ValueProblem::TakenEarlier);
                continue;
            }
            let id = match self.existing.get(&key) {
                Some(id) => *id,
                None => RecordId((self.new_id)()),
            };
            self.ids.insert(key, id);
        }
    }

    pub(super) fn into_directory(self) -> Directory {
        Directory(self.ids)
    }
}
