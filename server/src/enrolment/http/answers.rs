//! An enrolled device as it is told, with what it last said of itself.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use shared::ids::{AccountId, DeviceId, RecordId};
use shared::sync::{Position, Profile, Scope};
use shared::time::Timestamp;

use crate::app::App;
use crate::enrolment::store::Enrolment;
use crate::sync::change_log::EnrolmentState;
use crate::sync::desks::DeskReport;
use crate::sync::feed::EventCell;

/// One enrolled device.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Item {
    device: DeviceId,
    account: AccountId,
    name: String,
    profile: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<RecordId>,
    checkpoints: BTreeSet<RecordId>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_lead: bool,
    state: EnrolmentState,
    enrolled_by: AccountId,
    enrolled_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsent_scans: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_skew_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holds_roster_up_to: Option<String>,
    is_up_to_date: bool,
}

impl Item {
    /// The device with what was written of it, or with what this node knows where that is newer.
    pub fn of(app: &App, cell: &EventCell, enrolment: Enrolment, written: &mut HashMap<DeviceId, DeskReport>) -> Self {
        let known = app.desks.find(cell.id, enrolment.device);
        let reports = known.into_iter().chain(written.remove(&enrolment.device));
        let report = reports.max_by_key(|report| report.seen_at);
        let holds = report.as_ref().and_then(|report| report.roster_position.clone());
        let (profile, session) = match enrolment.assignment.profile {
            Profile::Full => ("full", None),
            Profile::Door => ("door", None),
            Profile::Protocol(session) => ("protocol", Some(session)),
        };
        Self {
            device: enrolment.device,
            account: enrolment.account,
            name: enrolment.name,
            profile,
            session,
            checkpoints: enrolment.assignment.checkpoints,
            is_lead: enrolment.assignment.is_lead,
            state: enrolment.assignment.state,
            enrolled_by: enrolment.enrolled_by,
            enrolled_at: enrolment.enrolled_at,
            last_seen_at: report.as_ref().map(|report| report.seen_at),
            unsent_scans: report.as_ref().and_then(|report| report.unsent_scans),
            clock_skew_ms: report.as_ref().and_then(|report| report.clock_skew_ms),
            app_version: report.and_then(|report| report.app_version),
            is_up_to_date: holds
                .as_deref()
                .is_some_and(|holds| is_at_head(app, cell, enrolment.assignment.profile, holds)),
            holds_roster_up_to: holds,
        }
    }

    /// The key of its place in the list.
    pub fn key(&self) -> String {
        self.device.to_string()
    }
}

/// Whether a device that holds its roster up to this position lacks nothing of it.
fn is_at_head(app: &App, cell: &EventCell, profile: Profile, holds: &str) -> bool {
    let Ok(position) = holds.parse::<Position>() else { return false };
    let newest = cell.read().scope(&Scope::Roster(profile)).map_or(0, |scope| scope.head.head.seq);
    position.epoch == app.epoch && position.place.is_none() && position.head.seq >= newest
}
