//! What time brings: offers that nobody accepted, and labels that may be said anew.

use std::collections::BTreeSet;

use diesel::QueryResult;
use shared::ids::EventId;
use shared::signup::SignUpState;

use super::changes::{Cause, Change, tell_of_loss, write};
use super::store;
use crate::app::App;
use crate::database::Connection;
use crate::due::DueError;
use crate::sync::change_log::{Actor, Unit};

/// The most offers that lapse in one unit of work; the rest lapses in the next.
const OFFERS_AT_ONCE: usize = 200;

/// Does what is due now. Decided inside the unit, from the database: what another node did a moment
/// ago is not done again.
///
/// # Errors
///
/// The database does not answer; what is due stays so.
pub async fn run_due(app: &App) -> Result<(), DueError> {
    let now = app.clock.now();
    let find = move |connection: &mut Connection| {
        let mut events: BTreeSet<EventId> = store::list_events_with_due_offers(connection, now)?.into_iter().collect();
        events.extend(store::list_events_with_due_fills(connection, now)?);
        Ok(events)
    };
    for event in app.readers.read(find).await? {
        while app.writer.unit(event, |unit| Ok(run_due_of_event(unit)?)).await?.value {}
    }
    Ok(())
}

/// True where more may be due.
fn run_due_of_event(unit: &mut Unit<'_>) -> QueryResult<bool> {
    let (event, now) = (unit.group.event, unit.group.now);
    let offers = store::list_due_offers(unit.connection, event, now, OFFERS_AT_ONCE)?;
    let lapse = |one| Change::of(one, |one| (one.state, one.offered_until) = (SignUpState::Lapsed, None));
    let changes: Vec<Change> = offers.into_iter().map(lapse).collect();
    if !changes.is_empty() {
        write(unit, (Actor::default(), "signup.lapse"), &changes)?;
        for change in &changes {
            tell_of_loss(unit, &change.after, Cause::OfferLapsed);
        }
    }
    for session in store::list_due_fills(unit.connection, event, now)? {
        unit.group.seats_changed(session);
    }
    Ok(changes.len() == OFFERS_AT_ONCE)
}
