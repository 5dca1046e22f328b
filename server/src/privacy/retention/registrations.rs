//! Details and answers of registrations, and what the audit log kept of them.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
    TextExpressionMethods,
};
use serde_json::{Value, json};
use shared::ids::{AttendeeId, EventId, RecordId};
use shared::programme::{Collection, FormField, Programme, RecordBody};

use super::rules::{Age, KeptDays, is_answer_due, without_due};
use crate::app::App;
use crate::database::schema::{audit, registrations};
use crate::database::{Connection, ReadError};
use crate::on;
use crate::privacy::erasure::NotErased;
use crate::refusal::Failure;
use crate::registration::store;
use crate::sync::change_log::{Actor, AuditLine, Unit};
use crate::sync::row::RowCollection;

/// Registrations, or lines of the audit log, in one commit.
const CHUNK: i64 = 200;

/// Takes the details and answers out of the event's registrations that are due. Of how many.
pub async fn sweep_registrations(app: &App, event: EventId, due: (Age, KeptDays)) -> Result<usize, NotErased> {
    let (mut after, mut count) = (String::new(), 0);
    loop {
        let from = after.clone();
        let candidates = app.readers.read(move |connection| list_candidates(connection, event, &from)).await?;
        let Some(last) = candidates.last() else { return Ok(count) };
        after = last.to_string();
        let unit = app.writer.unit(event, move |unit| erase_details(unit, &candidates, due)).await?;
        count += unit.value;
    }
}

/// Attendees whose registrations may have something that is to go, after this one.
fn list_candidates(c: &mut Connection, event: EventId, after: &str) -> QueryResult<Vec<AttendeeId>> {
    let has_some = registrations::email
        .is_not_null()
        .or(registrations::body.like("%\"details\":{\"%"))
        .or(registrations::body.like("%\"answers\":{\"%"));
    let query = registrations::table
        .filter(registrations::event_id.eq(event.to_string()))
        .filter(registrations::attendee_id.gt(after))
        .filter(has_some)
        .order(registrations::attendee_id)
        .limit(CHUNK)
        .select(registrations::attendee_id);
    let ids: Vec<String> = on!(c, |c| query.load(c))?;
    Ok(ids.into_iter().filter_map(|id| id.parse().ok()).collect())
}

fn erase_details(
    unit: &mut Unit<'_>,
    candidates: &[AttendeeId],
    (age, kept): (Age, KeptDays),
) -> Result<usize, Failure> {
    let (event, stamp) = (unit.group.event, (unit.group.seq(), unit.group.now));
    let mut count = 0;
    for (attendee, registration) in store::list_registrations(unit.connection, event, candidates)? {
        let form = form_of(unit.group.programme(), registration.category);
        if let Some(left) = without_due(&registration, form, (age, &kept)) {
            store::put_registration(unit.connection, (event, attendee), &left, stamp)?;
            unit.group.attendee_changed(attendee);
            count += 1;
        }
    }
    if count > 0 {
        unit.group.audit(AuditLine {
            actor: Actor::default(),
            operation: "retention.erase".to_owned(),
            collection: "registrations",
            record: event.0,
            before: None,
            after: Some(json!({ "erased_count": count })),
        });
    }
    Ok(count)
}

fn form_of(programme: &Programme, category: RecordId) -> &[FormField] {
    match programme.find(Collection::Categories, category).map(|record| &record.body) {
        Some(RecordBody::Categories(category)) => &category.form,
        _ => &[],
    }
}

/// Takes what is due out of what the audit log kept of registrations.
pub async fn sweep_audit(app: &App, event: EventId, due: (Age, KeptDays)) -> Result<(), NotErased> {
    let mut after = (-1, -1);
    loop {
        let lines = app.readers.read(move |connection| list_lines(connection, event, after)).await?;
        let Some(last) = lines.last() else { return Ok(()) };
        after = last.place;
        let programme = app.events.programme(&app.events.find(event).ok_or(ReadError::Removed)?).await?;
        let left: Vec<Line> = lines.into_iter().filter_map(|line| line.without_due(&programme, due)).collect();
        if !left.is_empty() {
            let write = move |unit: &mut Unit<'_>| {
                left.iter().try_for_each(|line| put_line(unit.connection, event, line))?;
                Ok(())
            };
            app.writer.unit(event, write).await?;
        }
    }
}

/// What a line of the audit log kept, by the place of the line.
#[derive(Clone)]
struct Line {
    place: (i64, i64),
    before: Option<String>,
    after: Option<String>,
}

impl Line {
    /// The line without what is due; none where it stays as it is.
    fn without_due(&self, programme: &Programme, due: (Age, KeptDays)) -> Option<Self> {
        let left = |kept: &Option<String>| kept.as_deref().map(|kept| left_of(kept, programme, due));
        let (before, after) = (left(&self.before), left(&self.after));
        let left = Self { place: self.place, before, after };
        (left.before != self.before || left.after != self.after).then_some(left)
    }
}

/// A registration as the audit log kept it, without the details and answers that are due.
fn left_of(kept: &str, programme: &Programme, (age, days): (Age, KeptDays)) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(kept) else { return kept.to_owned() };
    let category = value["category"].as_str().and_then(|id| id.parse().ok());
    let form = category.map_or(&[][..], |category| form_of(programme, category));
    if let Some(fields) = value.as_object_mut() {
        if age.exceeds(days.details) {
            fields.shift_remove("details");
        }
        if let Some(answers) = fields.get_mut("answers").and_then(Value::as_object_mut) {
            answers.retain(|key, _| !is_answer_due(key, form, (age, &days)));
        }
    }
    value.to_string()
}

fn list_lines(c: &mut Connection, event: EventId, (seq, ordinal): (i64, i64)) -> QueryResult<Vec<Line>> {
    type Kept = Option<String>;
    let worth = |text: &str| {
        audit::before.like(text.to_owned()).assume_not_null().or(audit::after.like(text.to_owned()).assume_not_null())
    };
    let query = audit::table
        .filter(audit::event_id.eq(event.to_string()))
        .filter(audit::seq.gt(seq).or(audit::seq.eq(seq).and(audit::ordinal.gt(ordinal))))
        .filter(audit::collection.eq(RowCollection::Registrations.as_str()))
        .filter(worth("%\"details\":{\"%").or(worth("%\"answers\":{\"%")))
        .order((audit::seq, audit::ordinal))
        .limit(CHUNK)
        .select((audit::seq, audit::ordinal, audit::before, audit::after));
    let lines: Vec<(i64, i64, Kept, Kept)> = on!(c, |c| query.load(c))?;
    Ok(lines.into_iter().map(|(seq, ordinal, before, after)| Line { place: (seq, ordinal), before, after }).collect())
}

fn put_line(c: &mut Connection, event: EventId, line: &Line) -> QueryResult<()> {
    let this = audit::table.find((event.to_string(), line.place.0, line.place.1));
    let left = (audit::before.eq(&line.before), audit::after.eq(&line.after));
    on!(c, |c| diesel::update(this).set(left).execute(c))?;
    Ok(())
}
