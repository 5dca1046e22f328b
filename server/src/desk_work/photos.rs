//! Photos of attendees: named by their bytes, and shown to whoever holds a row that names them.

use sha2::{Digest as _, Sha256};
use shared::ids::AttendeeId;
use shared::problem_code::ProblemCode;

use super::notes::no_such_attendee;
use super::store;
use crate::attendees::find_live_attendee;
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// The largest photo, in bytes.
pub const PHOTO_MAX_BYTES: usize = 400 * 1024;

/// A picture that was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Picture {
    /// A picture, by how it begins: what a sender says of it counts for nothing.
    ///
    /// # Errors
    ///
    /// It is neither JPEG nor PNG, or too large.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > PHOTO_MAX_BYTES {
            return Err(Refusal::new(ProblemCode::TooLarge, format!("A photo has at most {PHOTO_MAX_BYTES} bytes.")));
        }
        let media_type = match bytes {
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => "image/png",
            _ => return Err(Refusal::new(ProblemCode::InvalidValue, "The photo is neither JPEG nor PNG.")),
        };
        Ok(Self { media_type, bytes: bytes.to_vec() })
    }

    /// Its name: the SHA-256 of its bytes, in hexadecimal.
    pub fn hash(&self) -> String {
        Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Keeps somebody's photo, in place of the one before, or takes it away.
///
/// # Errors
///
/// There is no such attendee.
pub fn put(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, picture): (AttendeeId, Option<&Picture>),
) -> Result<(), Failure> {
    let (event, now) = (unit.group.event, unit.group.now);
    if find_live_attendee(unit.connection, event, attendee)?.is_none() {
        return Err(no_such_attendee().into());
    }
    match picture {
        Some(picture) => store::put_photo(unit.connection, (event, attendee), picture, now)?,
        None => store::delete_photo(unit.connection, event, attendee)?,
    }
    unit.group.attendee_changed(attendee);
    unit.group.audit(AuditLine {
        actor: Actor { attendee: Some(attendee), ..actor },
        operation: "photo.put".to_owned(),
        collection: RowCollection::DeskPeople.as_str(),
        record: attendee.0,
        before: None,
        after: picture.map(|picture| serde_json::json!({ "photo": picture.hash() })),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_how_it_begins() {
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 1];
        assert_eq!(Picture::read(&jpeg).unwrap().media_type, "image/jpeg");
        assert_eq!(Picture::read(b"\x89PNG\r\n\x1a\nmore").unwrap().media_type, "image/png");
        let refused = |bytes: &[u8]| Picture::read(bytes).unwrap_err().code;
        assert_eq!(refused(b"<svg onload=alert(1)>"), ProblemCode::InvalidValue);
        assert_eq!(refused(b""), ProblemCode::InvalidValue);
        assert_eq!(refused(&[&jpeg[..], &vec![0; PHOTO_MAX_BYTES]].concat()), ProblemCode::TooLarge);
    }
}
