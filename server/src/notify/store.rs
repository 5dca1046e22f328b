//! Notices in the database.

use diesel::{Insertable, QueryResult, RunQueryDsl};
use shared::ids::EventId;
use shared::notice::Notice;
use uuid::Uuid;

use crate::database::Connection;
use crate::database::schema::notices;
use crate::on;

#[derive(Insertable)]
#[diesel(table_name = notices)]
struct Line {
    event_id: String,
    id: String,
    attendee_id: String,
    kind: &'static str,
    body: String,
    at: i64,
}

/// Enters a notice.
pub fn insert_notice(c: &mut Connection, event: EventId, id: Uuid, notice: &Notice) -> QueryResult<()> {
    let line = Line {
        event_id: event.to_string(),
        id: id.to_string(),
        attendee_id: notice.attendee.to_string(),
        kind: notice.kind.as_str(),
        body: serde_json::json!(notice).to_string(),
        at: notice.at.0,
    };
    on!(c, |c| diesel::insert_into(notices::table).values(&line).execute(c))?;
    Ok(())
}
