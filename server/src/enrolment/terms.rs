//! What enrolled devices were for since when.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::{DeviceId, EventId, RecordId};
use shared::time::Timestamp;

use super::store::{Enrolment, damaged, read_checkpoints, write_checkpoints};
use crate::database::Connection;
use crate::database::schema::enrolment_terms;
use crate::on;
use crate::sync::change_log::EnrolmentState;

/// What a device was for, until the next one begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// Since when.
    pub since: Timestamp,
    /// Whether it was in use.
    pub state: EnrolmentState,
    /// Where it checked; without any, wherever it stood.
    pub checkpoints: BTreeSet<RecordId>,
}

impl Term {
    /// Whether it checked who entered there.
    pub fn checks_at(&self, checkpoint: RecordId) -> bool {
        let was_its = self.checkpoints.is_empty() || self.checkpoints.contains(&checkpoint);
        self.state == EnrolmentState::Active && was_its
    }
}

/// Writes down what a device is for from now on; `seq` is the number of the commit.
pub fn begin(
    c: &mut Connection,
    event: EventId,
    enrolment: &Enrolment,
    (seq, now): (u64, Timestamp),
) -> QueryResult<()> {
    let (state, checkpoints) = (enrolment.assignment.state.as_str(), &enrolment.assignment.checkpoints);
    let line = (
        enrolment_terms::event_id.eq(event.to_string()),
        enrolment_terms::device_id.eq(enrolment.device.to_string()),
        enrolment_terms::seq.eq(seq as i64),
        enrolment_terms::since.eq(now.0),
        enrolment_terms::state.eq(state),
        enrolment_terms::checkpoints.eq(write_checkpoints(checkpoints)),
    );
    on!(c, |c| diesel::insert_into(enrolment_terms::table)
        .values(line)
        .on_conflict((enrolment_terms::event_id, enrolment_terms::device_id, enrolment_terms::seq))
        .do_update()
        .set((enrolment_terms::state.eq(state), enrolment_terms::checkpoints.eq(write_checkpoints(checkpoints)),))
        .execute(c))?;
    Ok(())
}

/// What a device was for, in the order in which it was.
pub fn list_terms(c: &mut Connection, event: EventId, device: DeviceId) -> QueryResult<Vec<Term>> {
    let query = enrolment_terms::table
        .filter(enrolment_terms::event_id.eq(event.to_string()))
        .filter(enrolment_terms::device_id.eq(device.to_string()))
        .order(enrolment_terms::seq)
        .select((enrolment_terms::since, enrolment_terms::state, enrolment_terms::checkpoints));
    let lines: Vec<(i64, String, String)> = on!(c, |c| query.load(c))?;
    let read = |(since, state, checkpoints): (i64, String, String)| {
        let state = state.parse().map_err(damaged)?;
        Ok(Term { since: Timestamp(since), state, checkpoints: read_checkpoints(&checkpoints)? })
    };
    lines.into_iter().map(read).collect()
}
