mod faults;
mod imports;
mod round_trip;
mod samples;

use shared::ids::RecordId;
use shared::programme::{Programme, RecordEdit};
use uuid::Uuid;

use super::{FileContents, read};

/// A small file that has something of everything.
pub(super) const SMALL: &str = include_str!("small.yaml");

/// Ids that count up, so that tests are the same each time.
pub(super) fn ids() -> impl FnMut() -> Uuid {
    let mut count = 0_u128;
    move || {
        count += 1;
        Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + count)
    }
}

pub(super) fn event_id() -> RecordId {
    RecordId(Uuid::from_u128(0x0192_0000_0000_7000_9000_0000_0000_0001))
}

/// The file as an empty server reads it; faults as lines.
pub(super) fn read_new(text: &str) -> Result<FileContents, Vec<String>> {
    read(text, &Programme::default(), &mut ids(), event_id())
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

/// The programme that a file describes.
pub(super) fn programme_of(text: &str) -> Programme {
    let contents = read_new(text).unwrap();
    let edits: Vec<_> = contents.records.into_iter().map(|(id, body)| RecordEdit::Put { id, body }).collect();
    Programme::default().with_edits(&edits, 1)
}
