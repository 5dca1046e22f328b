//! What is kept of one guest, read at once: a check and a scan ask for it each time.

use std::collections::BTreeSet;

use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{CombineDsl, ExpressionMethods, IntoSql, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::admission::{Admission, Recorded, ScanId};
use shared::ids::{EventId, GuestIndex};
use uuid::Uuid;

use super::incidents::{self, StoredIncident};
use super::scans::{self as stored_scans, Known};
use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{admissions, incidents as incident_lines, scans};
use crate::on;

/// The scans of a guest, what is kept under one scan's id, and what was derived of the guest before.
#[derive(Clone, PartialEq, Debug)]
pub struct History {
    /// All scans of the guest, and those that take one of them or the asked one back.
    pub scans: Vec<Recorded>,
    /// What is kept under the id, as far as a check asks.
    pub known: Known,
    /// Under what scans with the id are kept.
    pub facts: BTreeSet<Uuid>,
    /// What was derived of the guest.
    pub derived: Derived,
}

/// What was derived of guests before, as it is kept.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Derived {
    /// Where they were let in.
    pub admissions: Vec<Admission>,
    /// What is odd about them, of the kinds that are derived.
    pub incidents: Vec<StoredIncident>,
}

type ScanLine = (String, String, (String, Option<String>, String), (Option<String>, Option<String>));

/// The scans of a guest, what is kept under a scan's id, and what takes any of these back: by one statement, and by one
/// more for a guest who has scans, together with what was derived of them: nothing is of who has none. Asked within the
/// first, what takes them back may be looked for by PostgreSQL among all scans of the event; and so is everything by
/// SQLite where lines are to come once, in an order.
pub fn load_history(c: &mut Connection, event: EventId, guest: Option<GuestIndex>, id: ScanId) -> QueryResult<History> {
    let columns = (
        scans::fact,
        scans::scan_id,
        (scans::body, scans::device_id, scans::authority),
        (scans::asked, scans::verdict),
    );
    // Nobody's scans are those of a guest without an index.
    let (event, index) = (event.to_string(), guest.map(|guest| guest.to_string()).unwrap_or_default());
    let of_event = || scans::table.filter(scans::event_id.eq(event.clone()));
    let query = of_event()
        .filter(scans::guest.eq(index.clone()))
        .select(columns)
        .union_all(of_event().filter(scans::undoes.eq(id.to_string())).select(columns))
        .union_all(of_event().filter(scans::scan_id.eq(id.to_string())).select(columns));
    let lines: Vec<ScanLine> = on!(&mut *c, |c| query.load(c))?;
    let mut facts = BTreeSet::new();
    let lines: Vec<ScanLine> = lines.into_iter().filter(|(fact, ..)| facts.insert(fact.clone())).collect();
    let ids: BTreeSet<&String> = lines.iter().map(|(_, known, ..)| known).collect();
    let others: Vec<String> = ids.into_iter().filter(|known| **known != id.to_string()).cloned().collect();
    let kept = if lines.is_empty() { Vec::new() } else { load_kept(c, (&event, &index), &others)? };
    let mut history = read_scans(lines, id)?;
    for line in kept {
        match line {
            (Some(fact), body, _, (_, device, authority)) if facts.insert(fact.clone()) => {
                let scan = (body, device, authority.unwrap_or_default());
                history.scans.push(stored_scans::read(scan)?);
            }
            (Some(_), ..) => {}
            (None, body, Some(found_at), settled) => {
                history.derived.incidents.push(incidents::read((body, found_at, settled))?);
            }
            (None, body, None, _) => {
                history.derived.admissions.push(serde_json::from_str(&body).map_err(|_| damaged("admission"))?);
            }
        }
    }
    Ok(history.of(guest, id))
}

fn read_scans(lines: Vec<ScanLine>, id: ScanId) -> QueryResult<History> {
    let (scans, facts) = (Vec::with_capacity(lines.len()), BTreeSet::new());
    let mut history = History { scans, known: Known::Nothing, facts, derived: Derived::default() };
    for (fact, scan_id, scan, answered) in lines {
        if scan_id == id.to_string() {
            history.facts.insert(fact.parse().map_err(|_| damaged("scan"))?);
            if history.known == Known::Nothing || answered.0.is_some() {
                history.known = stored_scans::read_known(answered)?;
            }
        }
        history.scans.push(stored_scans::read(scan)?);
    }
    Ok(history)
}

impl History {
    /// Without what was found beside it.
    fn of(mut self, guest: Option<GuestIndex>, id: ScanId) -> Self {
        let is_theirs = |recorded: &&Recorded| guest.is_some() && recorded.scan.guest == guest;
        let of_guest = self.scans.iter().filter(is_theirs).map(|recorded| recorded.scan.id);
        // What takes a scan back may arrive before it.
        let ids: BTreeSet<ScanId> = of_guest.chain([id]).collect();
        let is_about = |recorded: &Recorded| recorded.scan.undoes.is_some_and(|undone| ids.contains(&undone));
        self.scans.retain(|recorded| is_theirs(&recorded) || is_about(recorded));
        let mut ids = BTreeSet::new();
        self.derived
            .incidents
            .retain(|stored| incidents::DERIVED.contains(&stored.incident.kind) && ids.insert(stored.incident.id));
        self
    }
}

/// A scan that takes another one back has a fact, an incident the time at which it was found, an admission neither.
/// Beside them: when an incident was settled, by whom and with which note; the device and the right of a scan.
type KeptLine = (Option<String>, String, Option<i64>, (Option<i64>, Option<String>, Option<String>));

/// What was derived of one guest before, and the scans that take these others back.
fn load_kept(c: &mut Connection, (event, guest): (&str, &str), undone: &[String]) -> QueryResult<Vec<KeptLine>> {
    let (no_number, no_text) =
        (|| None::<i64>.into_sql::<Nullable<BigInt>>(), || None::<String>.into_sql::<Nullable<Text>>());
    let undoing = |ids: &[String]| {
        scans::table.filter(scans::event_id.eq(event.to_owned())).filter(scans::undoes.eq_any(ids.to_vec())).select((
            scans::fact.nullable(),
            scans::body,
            no_number(),
            (no_number(), scans::device_id, scans::authority.nullable()),
        ))
    };
    let of_event = || incident_lines::table.filter(incident_lines::event_id.eq(event.to_owned()));
    let odd = || {
        (
            no_text(),
            incident_lines::body,
            incident_lines::found_at.nullable(),
            (incident_lines::resolved_at, incident_lines::resolved_by, incident_lines::note),
        )
    };
    let (first, more) = undone.split_at(undone.len().min(CHUNK));
    let query = admissions::table
        .filter(admissions::event_id.eq(event.to_owned()))
        .filter(admissions::guest.eq(guest.to_owned()))
        .select((no_text(), admissions::body, no_number(), (no_number(), no_text(), no_text())))
        .union_all(of_event().filter(incident_lines::guest.eq(guest.to_owned())).select(odd()))
        .union_all(of_event().filter(incident_lines::other_guest.eq(guest.to_owned())).select(odd()))
        .union_all(undoing(first));
    let mut lines: Vec<KeptLine> = on!(&mut *c, |c| query.load(c))?;
    for chunk in more.chunks(CHUNK) {
        let query = undoing(chunk);
        lines.extend(on!(&mut *c, |c| query.load::<KeptLine>(c))?);
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use diesel::Connection as _;
    use diesel::connection::InstrumentationEvent;
    use parking_lot::Mutex;

    use super::*;
    use crate::database::query_plan;

    #[test]
    fn nothing_is_looked_for_among_all_lines_of_the_event() {
        let mut connection = query_plan::open_empty();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let hear = move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                heard.lock().push(query.to_string());
            }
        };
        on!(&mut connection, |c| c.set_instrumentation(hear));
        let (event, guest) = (EventId(Uuid::now_v7()), GuestIndex(Uuid::now_v7()));
        load_history(&mut connection, event, Some(guest), ScanId(Uuid::now_v7())).unwrap();
        load_kept(&mut connection, (&event.to_string(), &guest.to_string()), &[Uuid::now_v7().to_string()]).unwrap();
        let asked = std::mem::take(&mut *asked.lock());
        assert_eq!(asked.len(), 2);
        for (query, expected) in asked.into_iter().zip([3, 4]) {
            let query = query.split(" -- binds").next().unwrap_or_default();
            let mut reads = query_plan::list_reads(&mut connection, query);
            reads.retain(|read| !read.contains("subquery"));
            assert_eq!(reads.len(), expected, "{reads:?}");
            assert!(reads.iter().all(|read| read.contains("event_id=? AND ")), "{reads:?}");
        }
    }
}
