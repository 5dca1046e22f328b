//! Enrolled devices and the codes that enrol them, in the database.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{AccountId, DeviceId, EventId, RecordId};
use shared::sync::Profile;
use shared::time::Timestamp;

use crate::database::Connection;
use crate::database::schema::{enrolment_codes, enrolments};
use crate::on;
use crate::sync::change_log::{Assignment, EnrolmentState};

/// How long a code that is out is kept, so that the audit of a bad day finds it: a day.
const KEPT_MS: i64 = 24 * 3_600_000;

/// An enrolled device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enrolment {
    /// The device.
    pub device: DeviceId,
    /// Its own account.
    pub account: AccountId,
    /// What the organisers call it.
    pub name: String,
    /// What it is for.
    pub assignment: Assignment,
    /// Who made the code that enrolled it.
    pub enrolled_by: AccountId,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
}

/// What a code enrols a device for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// What the device will be called.
    pub name: String,
    /// How much it will hold.
    pub profile: Profile,
    /// Where it will check; without any, wherever it stands.
    pub checkpoints: BTreeSet<RecordId>,
    /// Whether who stands at it settles what is odd about scans.
    pub is_lead: bool,
    /// Who made the code.
    pub made_by: AccountId,
}

/// A code as it is stored: both of its forms turned so that they cannot be turned back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredCode {
    /// Of the code that people type.
    pub code_hash: String,
    /// Of the secret in the link.
    pub link_hash: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What a device shows, turned likewise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// The code.
    Code(String),
    /// The secret of the link.
    Link(String),
}

/// A value in the database that this program never writes.
pub(super) fn damaged<E>(_: E) -> diesel::result::Error {
    diesel::result::Error::DeserializationError("the database holds an unreadable enrolment".into())
}

pub(super) fn read_checkpoints(text: &str) -> QueryResult<BTreeSet<RecordId>> {
    serde_json::from_str(text).map_err(damaged)
}

pub(super) fn write_checkpoints(checkpoints: &BTreeSet<RecordId>) -> String {
    serde_json::to_string(checkpoints).unwrap_or_default()
}

/// Stores a code, and clears away those of the event that are long out.
pub fn save_code(
    connection: &mut Connection,
    event: EventId,
    (code, offer): (&StoredCode, &Offer),
    now: Timestamp,
) -> QueryResult<()> {
    let row = (
        enrolment_codes::id.eq(uuid::Uuid::now_v7().to_string()),
        enrolment_codes::event_id.eq(event.to_string()),
        enrolment_codes::code_hash.eq(&code.code_hash),
        enrolment_codes::link_hash.eq(&code.link_hash),
        enrolment_codes::name.eq(&offer.name),
        enrolment_codes::profile.eq(offer.profile.to_string()),
        enrolment_codes::checkpoints.eq(write_checkpoints(&offer.checkpoints)),
        enrolment_codes::is_lead.eq(offer.is_lead),
        enrolment_codes::created_by.eq(offer.made_by.to_string()),
        enrolment_codes::created_at.eq(now.0),
        enrolment_codes::expires_at.eq(code.expires_at.0),
    );
    let out = enrolment_codes::table
        .filter(enrolment_codes::event_id.eq(event.to_string()))
        .filter(enrolment_codes::expires_at.lt(now.0 - KEPT_MS));
    on!(connection, |c| {
        diesel::delete(out).execute(c)?;
        diesel::insert_into(enrolment_codes::table).values(row).execute(c)?;
        QueryResult::Ok(())
    })
}

/// The event that a code enrols for, if it is still good.
pub fn find_event(connection: &mut Connection, shown: &Shown, now: Timestamp) -> QueryResult<Option<EventId>> {
    let open = enrolment_codes::table
        .filter(enrolment_codes::used_at.is_null())
        .filter(enrolment_codes::expires_at.gt(now.0))
        .select(enrolment_codes::event_id);
    let found: Option<String> = on!(connection, |c| match shown {
        Shown::Code(hash) => open.filter(enrolment_codes::code_hash.eq(hash)).first(c).optional(),
        Shown::Link(hash) => open.filter(enrolment_codes::link_hash.eq(hash)).first(c).optional(),
    })?;
    found.map(|event| event.parse().map_err(damaged)).transpose()
}

/// Uses up a code of the event: what it enrols for, or none if it is not good (any more).
pub fn use_code(
    connection: &mut Connection,
    event: EventId,
    shown: &Shown,
    now: Timestamp,
) -> QueryResult<Option<Offer>> {
    type Line = (String, String, String, String, bool, String);
    let open = enrolment_codes::table
        .filter(enrolment_codes::event_id.eq(event.to_string()))
        .filter(enrolment_codes::used_at.is_null())
        .filter(enrolment_codes::expires_at.gt(now.0))
        .select((
            enrolment_codes::id,
            enrolment_codes::name,
            enrolment_codes::profile,
            enrolment_codes::checkpoints,
            enrolment_codes::is_lead,
            enrolment_codes::created_by,
        ));
    let found: Option<Line> = on!(&mut *connection, |c| match shown {
        Shown::Code(hash) => open.filter(enrolment_codes::code_hash.eq(hash)).first(c).optional(),
        Shown::Link(hash) => open.filter(enrolment_codes::link_hash.eq(hash)).first(c).optional(),
    })?;
    let Some((id, name, profile, checkpoints, is_lead, made_by)) = found else { return Ok(None) };
    let unused = enrolment_codes::table.find(id).filter(enrolment_codes::used_at.is_null());
    let used = on!(connection, |c| diesel::update(unused).set(enrolment_codes::used_at.eq(now.0)).execute(c))?;
    let offer = Offer {
        name,
        profile: profile.parse().map_err(damaged)?,
        checkpoints: read_checkpoints(&checkpoints)?,
        is_lead,
        made_by: made_by.parse().map_err(damaged)?,
    };
    Ok((used == 1).then_some(offer))
}

#[derive(Insertable)]
#[diesel(table_name = enrolments, treat_none_as_default_value = false)]
struct NewLine {
    event_id: String,
    device_id: String,
    account_id: String,
    name: String,
    profile: String,
    checkpoints: String,
    is_lead: bool,
    state: &'static str,
    enrolled_by: String,
    enrolled_at: i64,
    seq: i64,
}

/// Stores an enrolled device, or what has changed of it; `seq` is the number of the commit.
pub fn put(connection: &mut Connection, event: EventId, enrolment: &Enrolment, seq: u64) -> QueryResult<()> {
    use diesel::upsert::excluded;
    let line = NewLine {
        event_id: event.to_string(),
        device_id: enrolment.device.to_string(),
        account_id: enrolment.account.to_string(),
        name: enrolment.name.clone(),
        profile: enrolment.assignment.profile.to_string(),
        checkpoints: write_checkpoints(&enrolment.assignment.checkpoints),
        is_lead: enrolment.assignment.is_lead,
        state: enrolment.assignment.state.as_str(),
        enrolled_by: enrolment.enrolled_by.to_string(),
        enrolled_at: enrolment.enrolled_at.0,
        seq: seq as i64,
    };
    on!(connection, |c| diesel::insert_into(enrolments::table)
        .values(&line)
        .on_conflict((enrolments::event_id, enrolments::device_id))
        .do_update()
        .set((
            enrolments::name.eq(excluded(enrolments::name)),
            enrolments::checkpoints.eq(excluded(enrolments::checkpoints)),
            enrolments::is_lead.eq(excluded(enrolments::is_lead)),
            enrolments::state.eq(excluded(enrolments::state)),
            enrolments::seq.eq(excluded(enrolments::seq)),
        ))
        .execute(c))?;
    Ok(())
}

type Line = (String, String, String, (String, String, bool, String), String, i64);

fn read(
    (device, account, name, (profile, checkpoints, is_lead, state), enrolled_by, at): Line,
) -> QueryResult<Enrolment> {
    let state: EnrolmentState = state.parse().map_err(damaged)?;
    Ok(Enrolment {
        device: device.parse().map_err(damaged)?,
        account: account.parse().map_err(damaged)?,
        name,
        assignment: Assignment {
            profile: profile.parse().map_err(damaged)?,
            state,
            checkpoints: read_checkpoints(&checkpoints)?,
            is_lead,
        },
        enrolled_by: enrolled_by.parse().map_err(damaged)?,
        enrolled_at: Timestamp(at),
    })
}

type AssignmentColumns = (enrolments::profile, enrolments::checkpoints, enrolments::is_lead, enrolments::state);

type Columns = (
    enrolments::device_id,
    enrolments::account_id,
    enrolments::name,
    AssignmentColumns,
    enrolments::enrolled_by,
    enrolments::enrolled_at,
);

const COLUMNS: Columns = (
    enrolments::device_id,
    enrolments::account_id,
    enrolments::name,
    (enrolments::profile, enrolments::checkpoints, enrolments::is_lead, enrolments::state),
    enrolments::enrolled_by,
    enrolments::enrolled_at,
);

/// The enrolled device, in any state.
pub fn find(connection: &mut Connection, event: EventId, device: DeviceId) -> QueryResult<Option<Enrolment>> {
    let query = enrolments::table.find((event.to_string(), device.to_string())).select(COLUMNS);
    let line: Option<Line> = on!(connection, |c| query.first(c).optional())?;
    line.map(read).transpose()
}

/// What an enrolled device is called.
pub fn find_name(connection: &mut Connection, event: EventId, device: DeviceId) -> QueryResult<Option<String>> {
    let query = enrolments::table.find((event.to_string(), device.to_string())).select(enrolments::name);
    on!(connection, |c| query.first(c).optional())
}

/// Enrolled devices behind `after`, by their ids.
pub fn list_page(
    connection: &mut Connection,
    event: EventId,
    (after, limit): (&str, usize),
) -> QueryResult<Vec<Enrolment>> {
    let query = enrolments::table
        .filter(enrolments::event_id.eq(event.to_string()))
        .filter(enrolments::device_id.gt(after))
        .order(enrolments::device_id)
        .limit(limit as i64)
        .select(COLUMNS);
    let lines: Vec<Line> = on!(connection, |c| query.load(c))?;
    lines.into_iter().map(read).collect()
}
