//! Erasing an event: all rows that are its, in every table.

use diesel::{QueryResult, RunQueryDsl, sql_query, sql_types::Text};
use shared::ids::EventId;

use super::Connection;
use crate::on;

/// The tables whose rows belong to an event, by their column `event_id`.
pub const TABLES_OF_EVENTS: &[&str] = &[
    "access_needs",
    "admissions",
    "approval_rules",
    "attendee_accounts",
    "attendees",
    "audience_matches",
    "audience_members",
    "audit",
    "badge_carriers",
    "badge_keys",
    "badges",
    "commits",
    "consents",
    "delegation_duties",
    "dispatch_officers",
    "dispatch_people",
    "dispatches",
    "door_notes",
    "duties",
    "duty_phones",
    "ended_carriers",
    "enrolment_codes",
    "enrolment_reports",
    "enrolment_terms",
    "enrolments",
    "erasures",
    "event_counters",
    "favourites",
    "gate_rights",
    "grants",
    "handover_people",
    "handovers",
    "held_changes",
    "incidents",
    "invitation_lists",
    "invitations",
    "mail_refusals",
    "mails",
    "mutation_results",
    "notes",
    "notices",
    "part_marks",
    "photos",
    "pushes",
    "records",
    "registrations",
    "reminder_choices",
    "reminder_progress",
    "roles",
    "scan_oddities",
    "scans",
    "scope_heads",
    "scope_rows",
    "session_fills",
    "session_moves",
    "sign_ups",
    "stand_ins",
    "walk_ins",
];

/// Erases every row of an event. Accounts and devices belong to no event and stay.
pub fn erase_event(connection: &mut Connection, event: EventId) -> QueryResult<()> {
    let event = event.to_string();
    for table in TABLES_OF_EVENTS {
        let statement = sql_query(format!("DELETE FROM {table} WHERE event_id = $1")).bind::<Text, _>(&event);
        on!(&mut *connection, |c| statement.execute(c))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use diesel::QueryableByName;

    use super::*;
    use crate::database::{DatabaseUrl, migrate};

    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = Text)]
        name: String,
    }

    #[test]
    fn every_table_with_rows_of_events_is_listed() {
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(":memory:".into())).unwrap();
        migrate(&mut connection).unwrap();
        let query = sql_query(
            "SELECT t.name FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND c.name = 'event_id' ORDER BY t.name",
        );
        let tables: Vec<Table> = on!(&mut connection, |c| query.load(c)).unwrap();
        let names: Vec<String> = tables.into_iter().map(|table| table.name).collect();
        assert_eq!(names, TABLES_OF_EVENTS);
    }
}
