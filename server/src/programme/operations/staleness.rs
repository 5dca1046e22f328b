//! Whether an edit's base still holds: field by field, and not counting the device's own changes.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::Value;
use shared::ids::DeviceId;
use shared::problem_code::ProblemCode;
use shared::programme::{Record, RecordEdit, RecordKey};

use super::command::{Command, Guard};
use super::decide::not_found;
use crate::database::schema::audit;
use crate::on;
use crate::programme::rules::organiser_patch::{changed_fields, stale_fields};
use crate::refusal::{Failure, Present, Refusal, StaleEdit};
use crate::sync::change_log::{Actor, Unit};

/// Refuses unless the command's record has one of the revs that If-Match names.
pub(super) fn require_rev(unit: &Unit<'_>, command: &Command) -> Result<(), Refusal> {
    let Guard { revs: Some(revs), .. } = &command.guard else { return Ok(()) };
    let Some((collection, id)) = command.verb.subject() else { return Ok(()) };
    let record = unit.group.programme().find(collection, id).ok_or_else(not_found)?;
    if revs.contains(&record.rev) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::PreconditionFailed, format!("Its present version is \"{}\".", record.rev)))
}

/// Fails where fields that the edits change were changed after `base` from elsewhere.
pub(super) fn require_fresh(unit: &mut Unit<'_>, actor: Actor, base: u64, edits: &[RecordEdit]) -> Result<(), Failure> {
    for edit in edits {
        let key = edit.key();
        let Some(record) = unit.group.programme().find(key.0, key.1).cloned() else { continue };
        let mut fields = stale_fields(&record, &fields_of(&record, edit), base);
        if let Some(device) = actor.device {
            let mut others = Vec::new();
            for field in fields {
                if !was_changed_by(unit, key, (&field, record.field_rev(&field)), device)? {
                    others.push(field);
                }
            }
            fields = others;
        }
        if !fields.is_empty() {
            let body = record.body.to_json();
            let value_of = |field: &String| (field.clone(), body.get(field).cloned().unwrap_or(Value::Null));
            let present = Some(Box::new(Present { rev: record.rev, values: fields.iter().map(value_of).collect() }));
            return Err(Failure::Stale(StaleEdit { collection: key.0.as_str(), id: key.1.0, fields, present }));
        }
    }
    Ok(())
}

/// The fields that an edit changes; all of them, where it takes the record away.
fn fields_of(record: &Record, edit: &RecordEdit) -> Vec<String> {
    match edit {
        RecordEdit::Put { body, .. } => changed_fields(&record.body, body),
        RecordEdit::Remove { .. } => {
            let body = record.body.to_json();
            let present = body.as_object().into_iter().flat_map(|fields| fields.keys().cloned());
            let mut fields: Vec<String> = present.chain(record.field_revs.keys().cloned()).collect();
            fields.sort_unstable();
            fields.dedup();
            fields
        }
    }
}

/// Whether the change of a field in the commit `rev` came from `device`.
fn was_changed_by(
    unit: &mut Unit<'_>,
    key: RecordKey,
    (field, rev): (&str, u64),
    device: DeviceId,
) -> QueryResult<bool> {
    if rev == unit.group.seq() {
        let newest = unit.group.audit_lines().iter().rev().find(|line| {
            line.collection == key.0.as_str()
                && line.record == key.1.0
                && differs(field, line.before.as_ref(), line.after.as_ref())
        });
        return Ok(newest.is_some_and(|line| line.actor.device == Some(device)));
    }
    type Line = (Option<String>, Option<String>, Option<String>);
    let query = audit::table
        .filter(audit::event_id.eq(unit.group.event.to_string()))
        .filter(audit::seq.eq(rev as i64))
        .filter(audit::collection.eq(key.0.as_str()))
        .filter(audit::record_id.eq(key.1.to_string()))
        .order(audit::ordinal.desc())
        .select((audit::device_id, audit::before, audit::after));
    let lines: Vec<Line> = on!(&mut *unit.connection, |c| query.load(c))?;
    let read = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let newest =
        lines.into_iter().find(|(_, before, after)| differs(field, read(before).as_ref(), read(after).as_ref()));
    Ok(newest.is_some_and(|(by, ..)| by == Some(device.to_string())))
}

fn differs(field: &str, before: Option<&Value>, after: Option<&Value>) -> bool {
    let value = |body: Option<&Value>| body.and_then(|body| body.get(field)).cloned();
    value(before) != value(after)
}
