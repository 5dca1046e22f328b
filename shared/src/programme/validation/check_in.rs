//! The checks of access areas.

use super::faults::Faults;
use super::{LIST_MAX, PEOPLE_MAX};
use crate::programme::AccessArea;

/// The longest that an area opens before what it guards, or stays open after it, in minutes: a day.
const MARGIN_MAX_MINUTES: u32 = 1_440;

pub(super) fn check_access_area(faults: &mut Faults, area: &AccessArea) {
    faults.line_by_language("/name", &area.name);
    let guarded = [("/part", area.part), ("/room", area.room), ("/session", area.session)];
    let named = guarded.iter().filter(|(_, id)| id.is_some());
    for (field, _) in named.skip(1) {
        faults.require(false, field, "is one too many: an area guards a part, a room or a session, or none of them");
    }
    let guards_something = guarded.iter().any(|(_, id)| id.is_some());
    let margins =
        [("/opens_minutes_before", area.opens_minutes_before), ("/closes_minutes_after", area.closes_minutes_after)];
    for (field, minutes) in margins {
        faults.number(field, minutes, 0..=MARGIN_MAX_MINUTES);
        let problem = "goes only together with a part, room or session";
        faults.require(minutes.is_none() || guards_something, field, problem);
    }
    faults.length("/windows", area.windows.len());
    for (index, window) in area.windows.iter().enumerate().take(LIST_MAX) {
        faults.require(window.to > window.from, format!("/windows/{index}/to"), "is not after from");
    }
    faults.number("/capacity", area.capacity, 1..=PEOPLE_MAX);
    faults.list("/categories", &area.categories);
    faults.list("/audiences", &area.audiences);
}
