//! Giving scans out as a file, page by page.

use diesel::QueryResult;
use shared::admission::{Direction, find_area, find_checkpoint};
use shared::ids::{EventId, RecordId};
use shared::programme::Programme;
use shared::time::Timestamp;

use super::store::{ListedScan, list_page};
use crate::database::Connection;
use crate::registration::files::Sheet;

/// How many scans are read at a time.
const PAGE_ROWS: usize = 500;

/// What stands over the columns.
const HEADINGS: [&str; 18] = [
    "at",
    "received_at",
    "implausible",
    "checkpoint",
    "area",
    "session",
    "attendee",
    "name",
    "guest",
    "direction",
    "admitted",
    "reason",
    "by_hand",
    "count",
    "carrier",
    "undoes",
    "device",
    "scan",
];

/// The scans of an event, by their times.
pub struct ScanSheet {
    event: EventId,
    programme: Programme,
    area: Option<RecordId>,
    after: (Timestamp, String),
}

impl ScanSheet {
    /// The scans of an area, or of all.
    pub fn new(event: EventId, programme: Programme, area: Option<RecordId>) -> Self {
        Self { event, programme, area, after: (Timestamp(i64::MIN), String::new()) }
    }

    fn cells(&self, listed: &ListedScan) -> Vec<String> {
        let scan = &listed.scan;
        let text = |value: Option<String>| value.unwrap_or_default();
        let checkpoint = find_checkpoint(&self.programme, scan.checkpoint).map(|found| found.slug.clone());
        let area = find_area(&self.programme, scan.area).map(|found| found.slug.clone());
        let slug = |id: RecordId| self.programme.session(id).map_or(id.to_string(), |session| session.slug.clone());
        let yes = |is_so: bool| if is_so { "yes".to_owned() } else { String::new() };
        let decided = scan.verdict;
        vec![
            scan.at.corrected().to_string(),
            listed.received_at.to_string(),
            yes(listed.is_implausible),
            checkpoint.unwrap_or_else(|| scan.checkpoint.to_string()),
            area.unwrap_or_else(|| scan.area.to_string()),
            text(scan.session.map(slug)),
            text(listed.attendee.clone()),
            text(listed.name.clone()),
            text(scan.guest.map(|guest| guest.to_string())),
            if scan.direction == Direction::In { "in" } else { "out" }.to_owned(),
            yes(decided.is_some_and(|decided| decided.admits)),
            text(decided.map(|decided| decided.reason.as_str().to_owned())),
            text(scan.by_hand.clone()),
            text(scan.count.map(|count| count.to_string())),
            text(scan.carrier.map(|carrier| carrier.to_string())),
            text(scan.undoes.map(|undone| undone.to_string())),
            text(listed.device.clone()),
            scan.id.to_string(),
        ]
    }
}

impl Sheet for ScanSheet {
    fn headings(&self) -> Vec<String> {
        HEADINGS.map(str::to_owned).to_vec()
    }

    fn next_page(&mut self, connection: &mut Connection) -> QueryResult<Vec<Vec<String>>> {
        let after = (self.after.0, self.after.1.as_str());
        let listed = list_page(connection, self.event, self.area, (after, PAGE_ROWS))?;
        if let Some(last) = listed.last() {
            self.after = (last.scan.at.corrected(), last.fact.clone());
        }
        Ok(listed.iter().map(|one| self.cells(one)).collect())
    }
}
