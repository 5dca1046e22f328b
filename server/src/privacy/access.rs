//! Who may read and erase what is held about an attendee.

use diesel::QueryResult;
use shared::ids::{AttendeeId, EventId};
use shared::problem_code::ProblemCode;

use crate::database::Connection;
use crate::refusal::{Failure, Refusal};
use crate::registration::acting::{Acting, reading_for};
use crate::sync::feed::Rights;

/// As what somebody has to do with what is held about an attendee.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reader {
    /// It is theirs.
    Myself,
    /// They organise the event.
    Organiser,
}

/// As what an account may read and erase everything held about an attendee: it is the account's own,
/// or an organiser's to answer for. An assistant or a focal point has what they need in their
/// scopes; the log, the mails and the devices are not for them.
///
/// # Errors
///
/// `forbidden` for those who act for the attendee otherwise, `not_found` for everybody else.
pub fn require_reader(
    connection: &mut Connection,
    event: EventId,
    rights: &Rights,
    attendee: AttendeeId,
) -> Result<Reader, Failure> {
    match acting(connection, event, rights, attendee)? {
        Some(Acting::Myself) => Ok(Reader::Myself),
        Some(Acting::Organiser) => Ok(Reader::Organiser),
        Some(_) => {
            let detail = "Only the person and the organisers may do this.";
            Err(Refusal::new(ProblemCode::Forbidden, detail).into())
        }
        None => Err(not_found()),
    }
}

/// As what an account acts; what is one's own one does as oneself, whatever else one may be.
fn acting(
    connection: &mut Connection,
    event: EventId,
    rights: &Rights,
    attendee: AttendeeId,
) -> QueryResult<Option<Acting>> {
    use crate::sync::change_log::Relation;
    if rights.attendees.get(&attendee) == Some(&Relation::Myself) {
        return Ok(Some(Acting::Myself));
    }
    reading_for(connection, event, rights, attendee)
}

/// The answer for what is not there and for what is not the asker's to see: the same.
pub fn not_found() -> Failure {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
}
