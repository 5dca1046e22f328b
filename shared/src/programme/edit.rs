//! One change of a programme, as rules decide it and the store writes it.

use super::{Programme, Record, RecordBody, RecordKey};
use crate::ids::RecordId;

/// One record put or taken away.
#[derive(Clone, PartialEq, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum RecordEdit {
    /// The record is now this.
    Put {
        /// Its id.
        id: RecordId,
        /// Its body.
        body: RecordBody,
    },
    /// The record is gone.
    Remove {
        /// Which.
        key: RecordKey,
    },
}

impl RecordEdit {
    /// Which record it is about.
    pub fn key(&self) -> RecordKey {
        match self {
            Self::Put { id, body } => (body.collection(), *id),
            Self::Remove { key } => *key,
        }
    }
}

impl Programme {
    /// A body as an edit leaves it: what the server gave the record stays, whatever the edit says.
    pub fn settled(&self, id: RecordId, mut body: RecordBody) -> RecordBody {
        if let RecordBody::Parts(part) = &mut body {
            part.mark = self.part(id).and_then(|before| before.mark);
        }
        body
    }

    /// The programme after `edits`, as the commit `rev` would leave it. Fields whose JSON did not
    /// change keep their revs.
    pub fn with_edits(&self, edits: &[RecordEdit], rev: u64) -> Self {
        let mut after = self.clone();
        for edit in edits {
            match edit {
                RecordEdit::Put { id, body } => {
                    let key = edit.key();
                    let record = match self.find(key.0, *id) {
                        Some(old) => old.edited(body.clone(), rev),
                        None => Record {
                            id: *id,
                            rev,
                            field_revs: Default::default(),
                            created_rev: rev,
                            body: body.clone(),
                        },
                    };
                    after.put(record);
                }
                RecordEdit::Remove { key } => after.remove(*key),
            }
        }
        after
    }
}

impl Record {
    /// The record with another body: top-level fields that differ are of the commit `rev`.
    pub fn edited(&self, body: RecordBody, rev: u64) -> Self {
        let (before, after) = (self.body.to_json(), body.to_json());
        let mut field_revs = self.field_revs.clone();
        let empty = serde_json::Map::new();
        let (before, after) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
        for field in before.keys().chain(after.keys()) {
            if before.get(field) != after.get(field) {
                field_revs.insert(field.clone(), rev);
            }
        }
        Self { id: self.id, rev, field_revs, created_rev: self.created_rev, body }
    }
}
