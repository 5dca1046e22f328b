//! Registrations in the database.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde::Deserialize;
use shared::ids::{AttendeeId, EventId};
use shared::programme::DelegationRole;
use shared::registration::{PartCategory, Standing};

use crate::database::Connection;
use crate::database::schema::registrations;
use crate::on;

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// The part of a registration's body that its standing is made of.
#[derive(Default, Deserialize)]
#[serde(default)]
struct StandingBody {
    part_categories: Vec<PartCategory>,
    delegation_role: DelegationRole,
}

/// The standings of these attendees; who is not registered has none.
pub fn list_standings(c: &mut Connection, event: EventId, ids: &[AttendeeId]) -> QueryResult<Vec<Standing>> {
    type Line = (String, String, Option<String>, String, bool, String);
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let ids: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let query = registrations::table
            .filter(registrations::event_id.eq(event.to_string()))
            .filter(registrations::attendee_id.eq_any(ids))
            .order(registrations::attendee_id)
            .select((
                registrations::attendee_id,
                registrations::category_id,
                registrations::delegation_id,
                registrations::status,
                registrations::is_placeholder,
                registrations::body,
            ));
        let lines: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        found.extend(lines.into_iter().filter_map(|(attendee, category, delegation, status, is_placeholder, body)| {
            let body: StandingBody = serde_json::from_str(&body).unwrap_or_default();
            Some(Standing {
                attendee: attendee.parse().ok()?,
                status: status.parse().ok()?,
                category: category.parse().ok()?,
                part_categories: body.part_categories,
                delegation: delegation.and_then(|id| id.parse().ok()),
                delegation_role: body.delegation_role,
                is_placeholder,
            })
        }));
    }
    Ok(found)
}
