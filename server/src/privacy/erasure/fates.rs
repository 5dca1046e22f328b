//! What becomes of the lines about an attendee who is erased, table by table.

/// What becomes of a table's lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// They go.
    Deleted,
    /// They stay for their count, without what is personal in them.
    Cleared,
    /// They hold ids, states and times alone, and stay.
    Kept,
}

/// Every table with a column for an attendee, by that column.
pub const FATES: &[(&str, &str, Fate)] = &[
    ("access_needs", "attendee_id", Fate::Deleted),
    ("attendee_accounts", "attendee_id", Fate::Cleared),
    ("audience_matches", "attendee_id", Fate::Kept),
    ("audience_members", "attendee_id", Fate::Kept),
    ("audit", "attendee_id", Fate::Cleared),
    ("badge_carriers", "attendee_id", Fate::Deleted),
    ("badges", "attendee_id", Fate::Deleted),
    ("consents", "attendee_id", Fate::Cleared),
    ("dispatch_people", "attendee_id", Fate::Deleted),
    ("door_notes", "attendee_id", Fate::Deleted),
    ("duties", "attendee_id", Fate::Deleted),
    ("erasures", "attendee_id", Fate::Kept),
    ("favourites", "attendee_id", Fate::Deleted),
    ("gate_rights", "attendee_id", Fate::Kept),
    ("grants", "attendee_id", Fate::Kept),
    ("handover_people", "attendee_id", Fate::Kept),
    ("invitations", "attendee_id", Fate::Cleared),
    ("mail_refusals", "attendee_id", Fate::Kept),
    ("mails", "attendee_id", Fate::Deleted),
    ("notes", "attendee_id", Fate::Deleted),
    ("notices", "attendee_id", Fate::Deleted),
    ("photos", "attendee_id", Fate::Deleted),
    ("pushes", "attendee_id", Fate::Deleted),
    ("registrations", "attendee_id", Fate::Cleared),
    ("reminder_choices", "attendee_id", Fate::Deleted),
    ("sign_ups", "attendee_id", Fate::Kept),
    ("stand_ins", "attendee_id", Fate::Cleared),
    ("stand_ins", "stand_in_id", Fate::Cleared),
    ("walk_ins", "attendee_id", Fate::Deleted),
];

/// The tables whose lines go, by their column `attendee_id`.
pub fn list_deleted() -> impl Iterator<Item = &'static str> {
    FATES.iter().filter(|(_, _, fate)| *fate == Fate::Deleted).map(|(table, ..)| *table)
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::Text;
    use diesel::{QueryableByName, RunQueryDsl, sql_query};

    use super::*;
    use crate::database::{Connection, DatabaseUrl, migrate};
    use crate::on;

    #[derive(QueryableByName)]
    struct Column {
        #[diesel(sql_type = Text)]
        place: String,
    }

    #[test]
    fn every_table_that_knows_attendees_says_what_becomes_of_their_lines() {
        let mut connection = Connection::open(&DatabaseUrl::Sqlite(":memory:".into())).unwrap();
        migrate(&mut connection).unwrap();
        let query = sql_query(
            "SELECT t.name || '.' || c.name AS place FROM sqlite_master t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND c.name IN ('attendee_id', 'stand_in_id') ORDER BY place",
        );
        let columns: Vec<Column> = on!(&mut connection, |c| query.load(c)).unwrap();
        let known: Vec<_> = FATES.iter().map(|(table, column, _)| format!("{table}.{column}")).collect();
        assert_eq!(columns.into_iter().map(|column| column.place).collect::<Vec<_>>(), known);
    }
}
