//! Lines that go as a whole when they are due.

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};
use serde_json::json;
use shared::ids::EventId;
use shared::sync::Scope;
use uuid::Uuid;

use super::rules::KeptDays;
use crate::app::App;
use crate::database::Connection;
use crate::on;
use crate::privacy::erasure::NotErased;
use crate::refusal::Failure;
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// Lines that go in one commit.
const CHUNK: i64 = 500;

/// What goes as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// What somebody needs to take part.
    AccessNeeds,
    /// Personal notes.
    Notes,
    /// What people were told.
    Notices,
    /// Whom that reached.
    Reach,
    /// Which liaison officers who are no attendees.
    Officers,
    /// What went out with it: the organisers' words, whom it was for.
    Dispatches,
    /// The pushes to their devices.
    Pushes,
    /// The mails to them.
    Mails,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::AccessNeeds,
        Self::Notes,
        Self::Notices,
        Self::Reach,
        Self::Officers,
        Self::Dispatches,
        Self::Pushes,
        Self::Mails,
    ];

    /// For how many days after the event's last day it is kept.
    pub fn kept_days(self, kept: &KeptDays) -> u32 {
        match self {
            Self::AccessNeeds => kept.access_needs,
            Self::Notes => kept.notes,
            Self::Notices | Self::Reach | Self::Officers | Self::Dispatches | Self::Pushes => kept.notices,
            Self::Mails => kept.mails,
        }
    }

    /// The table, and the column of a line's id.
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::AccessNeeds => ("access_needs", "attendee_id"),
            Self::Notes => ("notes", "id"),
            Self::Notices => ("notices", "id"),
            Self::Reach => ("dispatch_people", "notice_id"),
            Self::Officers => ("dispatch_officers", "account_id"),
            Self::Dispatches => ("dispatches", "id"),
            Self::Pushes => ("pushes", "id"),
            Self::Mails => ("mails", "id"),
        }
    }

    /// What tells whose a line is; empty where it is nobody's.
    fn owner(self) -> &'static str {
        match self {
            Self::Officers | Self::Dispatches => "''",
            _ => "COALESCE(attendee_id, '')",
        }
    }

    /// The collection of the rows that their owner's devices hold of it.
    fn rows(self) -> Option<RowCollection> {
        match self {
            Self::AccessNeeds => Some(RowCollection::AccessNeeds),
            Self::Notes => Some(RowCollection::Notes),
            Self::Notices => Some(RowCollection::Notices),
            Self::Dispatches | Self::Reach | Self::Officers | Self::Pushes | Self::Mails => None,
        }
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    attendee: String,
}

/// Erases every line of the kind. How many.
pub async fn sweep_list(app: &App, event: EventId, kind: Kind) -> Result<usize, NotErased> {
    let mut count = 0;
    // Most of the time there is nothing, which costs no commit.
    while app.readers.read(move |connection| Ok(!list_lines(connection, (event, kind), 1)?.is_empty())).await? {
        count += app.writer.unit(event, move |unit| erase_lines(unit, kind)).await?.value;
    }
    Ok(count)
}

fn erase_lines(unit: &mut Unit<'_>, kind: Kind) -> Result<usize, Failure> {
    let event = unit.group.event;
    let lines = list_lines(unit.connection, (event, kind), CHUNK)?;
    for line in &lines {
        delete_line(unit.connection, (event, kind), line)?;
        let Ok(id) = line.id.parse::<Uuid>() else { continue };
        if kind == Kind::Dispatches {
            unit.group.put_row(Scope::Organiser, (RowCollection::Dispatches, id), None);
        }
        let Ok(attendee) = line.attendee.parse() else { continue };
        if let Some(collection) = kind.rows() {
            unit.group.put_row(Scope::Own(attendee), (collection, id), None);
        }
        if kind == Kind::AccessNeeds {
            unit.group.attendee_changed(attendee);
        }
    }
    if !lines.is_empty() {
        unit.group.audit(AuditLine {
            actor: Actor::default(),
            operation: "retention.erase".to_owned(),
            collection: kind.table().0,
            record: event.0,
            before: None,
            after: Some(json!({ "erased_count": lines.len() })),
        });
    }
    Ok(lines.len())
}

fn list_lines(connection: &mut Connection, (event, kind): (EventId, Kind), limit: i64) -> QueryResult<Vec<Line>> {
    let ((table, id), owner) = (kind.table(), kind.owner());
    let query = sql_query(format!(
        "SELECT {id} AS id, {owner} AS attendee FROM {table} WHERE event_id = $1 ORDER BY {id} LIMIT $2"
    ))
    .bind::<Text, _>(event.to_string())
    .bind::<BigInt, _>(limit);
    on!(connection, |c| query.load(c))
}

fn delete_line(connection: &mut Connection, (event, kind): (EventId, Kind), line: &Line) -> QueryResult<()> {
    let ((table, id), owner) = (kind.table(), kind.owner());
    let statement = sql_query(format!("DELETE FROM {table} WHERE event_id = $1 AND {id} = $2 AND {owner} = $3"))
        .bind::<Text, _>(event.to_string())
        .bind::<Text, _>(&line.id)
        .bind::<Text, _>(&line.attendee);
    on!(connection, |c| statement.execute(c))?;
    Ok(())
}
