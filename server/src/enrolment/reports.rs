//! Writing what enrolled devices say of themselves: seldom, many at once, apart from commits.

use std::collections::HashMap;
use std::time::Duration;

use diesel::upsert::excluded;
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{DeviceId, EventId};
use shared::time::Timestamp;

use crate::app::{App, repeat};
use crate::database::Connection;
use crate::database::schema::enrolment_reports;
use crate::on;
use crate::sync::WriteError;
use crate::sync::desks::DeskReport;

/// How often it is looked whether there is something to write.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Rows in one statement.
const CHUNK: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = enrolment_reports, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    device_id: String,
    last_seen_at: i64,
    app_version: Option<String>,
    unsent_scans: Option<i64>,
    clock_skew_ms: Option<i64>,
    roster_position: Option<String>,
}

/// Writes what is due until the server stops.
pub async fn run(app: App) {
    let failed = "what enrolled devices say of themselves could not be written";
    repeat(app, (LOOK_EVERY, failed), |app| async move { write_due(&app).await }).await;
}

/// Writes the reports that are due: of each device at most one a minute.
///
/// # Errors
///
/// The database does not answer; they are due again at once.
pub async fn write_due(app: &App) -> Result<(), WriteError> {
    let due = app.desks.take_due(app.clock.now());
    if due.is_empty() {
        return Ok(());
    }
    let lines = due.clone();
    let written = app.writer.system(move |connection| write(connection, &lines)).await;
    if written.is_err() {
        app.desks.give_back(&due);
    }
    written
}

fn write(connection: &mut Connection, due: &[(EventId, DeviceId, DeskReport)]) -> QueryResult<()> {
    let line = |(event, device, report): &(EventId, DeviceId, DeskReport)| NewLine {
        event_id: event.to_string(),
        device_id: device.to_string(),
        last_seen_at: report.seen_at.0,
        app_version: report.app_version.clone(),
        unsent_scans: report.unsent_scans.map(i64::from),
        clock_skew_ms: report.clock_skew_ms,
        roster_position: report.roster_position.clone(),
    };
    for chunk in due.chunks(CHUNK) {
        let lines: Vec<NewLine> = chunk.iter().map(line).collect();
        on!(&mut *connection, |c| diesel::insert_into(enrolment_reports::table)
            .values(&lines)
            .on_conflict((enrolment_reports::event_id, enrolment_reports::device_id))
            .do_update()
            .set((
                enrolment_reports::last_seen_at.eq(excluded(enrolment_reports::last_seen_at)),
                enrolment_reports::app_version.eq(excluded(enrolment_reports::app_version)),
                enrolment_reports::unsent_scans.eq(excluded(enrolment_reports::unsent_scans)),
                enrolment_reports::clock_skew_ms.eq(excluded(enrolment_reports::clock_skew_ms)),
                enrolment_reports::roster_position.eq(excluded(enrolment_reports::roster_position)),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// What was written of these devices of an event.
pub fn list(
    connection: &mut Connection,
    event: EventId,
    devices: &[DeviceId],
) -> QueryResult<HashMap<DeviceId, DeskReport>> {
    type Line = (String, i64, Option<String>, Option<i64>, Option<i64>, Option<String>);
    let ids: Vec<String> = devices.iter().map(ToString::to_string).collect();
    let query = enrolment_reports::table
        .filter(enrolment_reports::event_id.eq(event.to_string()))
        .filter(enrolment_reports::device_id.eq_any(ids))
        .select((
            enrolment_reports::device_id,
            enrolment_reports::last_seen_at,
            enrolment_reports::app_version,
            enrolment_reports::unsent_scans,
            enrolment_reports::clock_skew_ms,
            enrolment_reports::roster_position,
        ));
    let lines: Vec<Line> = on!(connection, |c| query.load(c))?;
    let read = |(device, at, app_version, unsent, clock_skew_ms, roster_position): Line| {
        let report = DeskReport {
            seen_at: Timestamp(at),
            app_version,
            unsent_scans: unsent.and_then(|count| u32::try_from(count).ok()),
            clock_skew_ms,
            roster_position,
        };
        Some((device.parse().ok()?, report))
    };
    Ok(lines.into_iter().filter_map(read).collect())
}
