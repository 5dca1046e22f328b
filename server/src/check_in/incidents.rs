//! What is odd about scans: found, looked at, settled.

use diesel::QueryResult;
use serde_json::json;
use shared::admission::Incident;
use shared::localised::is_text;
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::rows;
use super::store::{self, StoredIncident};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Assignment, AuditLine, Role, Unit};
use crate::sync::feed::Rights;
use crate::sync::row::RowCollection;

/// Writes incidents, and puts them before who settles them.
pub fn report(unit: &mut Unit<'_>, found: &[Incident]) -> QueryResult<()> {
    let (event, now) = (unit.group.event, unit.group.now);
    store::put_incidents(unit.connection, event, &found.iter().collect::<Vec<_>>(), now)?;
    let ids: Vec<Uuid> = found.iter().map(|incident| incident.id).collect();
    for stored in store::list_incidents_by_id(unit.connection, event, &ids)? {
        rows::put_incident(unit, &stored);
    }
    Ok(())
}

/// Whether somebody settles incidents: by a role, or at a device that was enrolled for who leads a desk.
pub fn may_resolve(rights: &Rights) -> bool {
    let has_role = [Role::Organiser, Role::DeskLead].iter().any(|role| rights.roles.contains(role));
    has_role || rights.enrolment.as_ref().is_some_and(Assignment::settles_incidents)
}

/// Says that an incident is settled, with a note. One that is settled stays as it was.
///
/// # Errors
///
/// There is no such incident; the note is no text.
pub fn resolve(
    unit: &mut Unit<'_>,
    (actor, rights): (Actor, &Rights),
    (id, note): (Uuid, Option<String>),
) -> Result<StoredIncident, Failure> {
    if !may_resolve(rights) {
        let detail = "Only a desk lead, their device or an organiser settles incidents.";
        return Err(Refusal::new(ProblemCode::Forbidden, detail).into());
    }
    if note.as_deref().is_some_and(|note| !is_text(note)) {
        return Err(Refusal::new(ProblemCode::InvalidValue, "The note is no text.").at("/note").into());
    }
    let event = unit.group.event;
    let stored = store::find_incident(unit.connection, event, id)?;
    let mut stored = stored.ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such incident."))?;
    if stored.resolved_at.is_some() {
        return Ok(stored);
    }
    let before = json!(stored);
    (stored.resolved_at, stored.resolved_by, stored.note) = (Some(unit.group.now), actor.account, note);
    store::resolve_incident(unit.connection, event, &stored)?;
    rows::put_incident(unit, &stored);
    // What was said of somebody is forgotten with them, in the audit log too.
    let about = stored.incident.work.as_ref().and_then(|work| work.for_attendee);
    unit.group.audit(AuditLine {
        actor: Actor { attendee: about.or(actor.attendee), ..actor },
        operation: "incident.resolve".to_owned(),
        collection: RowCollection::Incidents.as_str(),
        record: id,
        before: Some(before),
        after: Some(json!(stored)),
    });
    Ok(stored)
}
