//! Scans, and what was handed in as one and is none.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryResult, RunQueryDsl};
use shared::admission::{Authority, Incident, Recorded, Scan, ScanId, Verdict};
use shared::ids::{EventId, GuestIndex, RecordId};
use shared::time::Timestamp;
use uuid::Uuid;

use super::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{scan_oddities, scans};
use crate::on;
use crate::sync::change_log::Actor;

/// A scan that is handed in.
#[derive(Clone, PartialEq, Debug)]
pub struct Recording {
    /// The scan.
    pub scan: Scan,
    /// Who hands it in, and from which device.
    pub by: Actor,
    /// By what right it was made.
    pub authority: Authority,
    /// Where the server was asked: what was asked, and what it said.
    pub answered: Option<(String, Verdict)>,
}

impl Recording {
    /// The scan, as what follows is derived of it.
    pub fn recorded(&self) -> Recorded {
        Recorded { scan: self.scan.clone(), device: self.by.device, authority: self.authority }
    }
}

/// What is kept under a scan's id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The id.
    pub id: ScanId,
    /// Under what it is kept.
    pub fact: Uuid,
}

#[derive(Insertable)]
#[diesel(table_name = scans, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    fact: String,
    scan_id: String,
    area_id: String,
    session_id: Option<String>,
    checkpoint_id: String,
    guest: Option<String>,
    undoes: Option<String>,
    is_count: bool,
    is_implausible: bool,
    at: i64,
    received_at: i64,
    device_id: Option<String>,
    account_id: Option<String>,
    asked: Option<String>,
    verdict: Option<String>,
    body: String,
    authority: &'static str,
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn line(event: EventId, recording: &Recording, now: Timestamp) -> QueryResult<NewLine> {
    let Recording { scan, by, authority, answered } = recording;
    let written = |_| damaged("scan");
    let verdict = answered.as_ref().map(|(_, verdict)| serde_json::to_string(verdict)).transpose().map_err(written)?;
    Ok(NewLine {
        event_id: event.to_string(),
        fact: scan.fact().to_string(),
        scan_id: scan.id.to_string(),
        area_id: scan.area.to_string(),
        session_id: text(scan.session),
        checkpoint_id: scan.checkpoint.to_string(),
        guest: text(scan.guest),
        undoes: text(scan.undoes),
        is_count: scan.count.is_some(),
        is_implausible: scan.at.is_implausible(now),
        at: scan.at.corrected().0,
        received_at: now.0,
        device_id: text(by.device),
        account_id: text(by.account),
        asked: answered.as_ref().map(|(asked, _)| asked.clone()),
        verdict,
        body: serde_json::to_string(scan).map_err(written)?,
        authority: authority.as_str(),
    })
}

/// Writes scans; those that are there already stay as they are.
pub fn put_scans(c: &mut Connection, event: EventId, recordings: &[&Recording], now: Timestamp) -> QueryResult<()> {
    for chunk in recordings.chunks(CHUNK) {
        let lines = chunk.iter().map(|one| line(event, one, now)).collect::<QueryResult<Vec<_>>>()?;
        on!(&mut *c, |c| diesel::insert_into(scans::table).values(&lines).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// Keeps what cannot be read as a scan, as it came; whether it was not there before.
pub fn put_oddity(
    c: &mut Connection,
    event: EventId,
    (fact, raw): (Uuid, &str),
    by: (Actor, Timestamp),
) -> QueryResult<bool> {
    let (Actor { account, device, .. }, now) = by;
    let line = (
        scan_oddities::event_id.eq(event.to_string()),
        scan_oddities::fact.eq(fact.to_string()),
        scan_oddities::device_id.eq(text(device)),
        scan_oddities::account_id.eq(text(account)),
        scan_oddities::received_at.eq(now.0),
        scan_oddities::raw.eq(raw),
    );
    let put = on!(c, |c| diesel::insert_into(scan_oddities::table).values(line).on_conflict_do_nothing().execute(c))?;
    Ok(put == 1)
}

/// What could not be read and came at a time, as far as it is kept, by the incident that tells of it.
pub fn find_oddity(
    c: &mut Connection,
    event: EventId,
    (incident, received_at): (Uuid, Timestamp),
) -> QueryResult<Option<String>> {
    let query = scan_oddities::table
        .filter(scan_oddities::event_id.eq(event.to_string()))
        .filter(scan_oddities::received_at.eq(received_at.0))
        .select((scan_oddities::fact, scan_oddities::raw));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    let is_its = |fact: &str| fact.parse().is_ok_and(|fact| Incident::id_of_unread(fact) == incident);
    Ok(lines.into_iter().find(|(fact, _)| is_its(fact)).map(|(_, raw)| raw))
}

pub(super) type Line = (String, Option<String>, String);

type Columns = (scans::body, scans::device_id, scans::authority);

const COLUMNS: Columns = (scans::body, scans::device_id, scans::authority);

pub(super) fn read((body, device, authority): Line) -> QueryResult<Recorded> {
    let authority = authority.parse().map_err(|()| damaged("authority of a scan"))?;
    let scan = serde_json::from_str(&body).map_err(|_| damaged("scan"))?;
    let device = device.map(|device| device.parse().map_err(|_| damaged("device of a scan"))).transpose()?;
    Ok(Recorded { scan, device, authority })
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// What is kept under these ids.
pub fn list_facts(c: &mut Connection, event: EventId, ids: &[ScanId]) -> QueryResult<Vec<Kept>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = scans::table
            .filter(scans::event_id.eq(event.to_string()))
            .filter(scans::scan_id.eq_any(texts(chunk)))
            .select((scans::scan_id, scans::fact));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| query.load(c))?;
        for (id, fact) in lines {
            let kept = || Some(Kept { id: id.parse().ok()?, fact: fact.parse().ok()? });
            found.push(kept().ok_or_else(|| damaged("scan"))?);
        }
    }
    Ok(found)
}

/// The scans with these ids.
pub fn list_by_id(c: &mut Connection, event: EventId, ids: &[ScanId]) -> QueryResult<Vec<Recorded>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = scans::table
            .filter(scans::event_id.eq(event.to_string()))
            .filter(scans::scan_id.eq_any(texts(chunk)))
            .select(COLUMNS);
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().map(read).collect::<QueryResult<Vec<_>>>()?);
    }
    Ok(found)
}

/// The scans of these guests, in every area.
pub fn list_of_guests(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<Vec<Recorded>> {
    let mut found = Vec::new();
    for chunk in guests.chunks(CHUNK) {
        let query = scans::table
            .filter(scans::event_id.eq(event.to_string()))
            .filter(scans::guest.eq_any(texts(chunk)))
            .select(COLUMNS);
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().map(read).collect::<QueryResult<Vec<_>>>()?);
    }
    Ok(found)
}

/// The scans that take one of these back.
pub fn list_undoing(c: &mut Connection, event: EventId, ids: &[ScanId]) -> QueryResult<Vec<Recorded>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let query = scans::table
            .filter(scans::event_id.eq(event.to_string()))
            .filter(scans::undoes.eq_any(texts(chunk)))
            .select(COLUMNS);
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().map(read).collect::<QueryResult<Vec<_>>>()?);
    }
    Ok(found)
}

/// The hand counters' scans.
pub fn list_counted(c: &mut Connection, event: EventId) -> QueryResult<Vec<Recorded>> {
    let query =
        scans::table.filter(scans::event_id.eq(event.to_string())).filter(scans::is_count.eq(true)).select(COLUMNS);
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}

fn read_guests(lines: Vec<Option<String>>) -> QueryResult<BTreeSet<GuestIndex>> {
    lines.into_iter().flatten().map(|guest| guest.parse().map_err(|_| damaged("guest of a scan"))).collect()
}

/// The guests of the scans with these ids.
pub fn list_guests_of_scans(c: &mut Connection, event: EventId, ids: &[ScanId]) -> QueryResult<BTreeSet<GuestIndex>> {
    let mut found = BTreeSet::new();
    for chunk in ids.chunks(CHUNK) {
        let query = scans::table
            .filter(scans::event_id.eq(event.to_string()))
            .filter(scans::scan_id.eq_any(texts(chunk)))
            .select(scans::guest);
        found.extend(read_guests(on!(&mut *c, |c| query.load(c))?)?);
    }
    Ok(found)
}

/// The guests who were scanned at an area.
pub fn list_guests_in_area(c: &mut Connection, event: EventId, area: RecordId) -> QueryResult<BTreeSet<GuestIndex>> {
    let query = scans::table
        .filter(scans::event_id.eq(event.to_string()))
        .filter(scans::area_id.eq(area.to_string()))
        .select(scans::guest)
        .distinct();
    read_guests(on!(c, |c| query.load(c))?)
}

/// What is kept under a scan's id.
#[derive(Clone, PartialEq, Debug)]
pub enum Known {
    /// Nothing.
    Nothing,
    /// A scan that a device handed in.
    HandedIn,
    /// The server was asked this, and said that.
    Answered(String, Box<Verdict>),
}

/// What was asked under a scan's id and answered, from what is stored of it.
pub(super) fn read_known(answered: (Option<String>, Option<String>)) -> QueryResult<Known> {
    let (Some(asked), Some(verdict)) = answered else { return Ok(Known::HandedIn) };
    let verdict = serde_json::from_str(&verdict).map_err(|_| damaged("scan"))?;
    Ok(Known::Answered(asked, Box::new(verdict)))
}

/// What stands in the place of words that were written by hand and are forgotten.
const FORGOTTEN: &str = "-";

/// Takes out of the scans of these guests what was written by hand. What happened stays.
pub fn forget_words(c: &mut Connection, event: EventId, guests: &[GuestIndex]) -> QueryResult<()> {
    for guest in guests {
        let theirs = scans::table
            .filter(scans::event_id.eq(event.to_string()))
            .filter(scans::guest.eq(guest.to_string()))
            .select((scans::fact, scans::body));
        let lines: Vec<(String, String)> = on!(&mut *c, |c| theirs.load(c))?;
        for (fact, body) in lines {
            let mut scan: Scan = serde_json::from_str(&body).map_err(|_| damaged("scan"))?;
            // That a person decided it stays, as what follows from it does.
            match scan.by_hand.replace(FORGOTTEN.to_owned()).as_deref() {
                None | Some(FORGOTTEN) => continue,
                Some(_) => {}
            }
            let body = serde_json::to_string(&scan).map_err(|_| damaged("scan"))?;
            let line = scans::table.find((event.to_string(), fact));
            on!(&mut *c, |c| diesel::update(line)
                .set((scans::body.eq(body), scans::verdict.eq(None::<String>)))
                .execute(c))?;
        }
    }
    Ok(())
}
