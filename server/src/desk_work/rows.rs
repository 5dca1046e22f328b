//! The rows of what was handed out and lent, for desks.

use serde::Serialize;
use serde_json::json;
use shared::handover::{HandoverRow, Item, Loan};
use shared::ids::HandoverId;
use shared::sync::{Profile, Scope};
use uuid::Uuid;

use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// Puts the row of a fact; none where it was taken back.
pub fn put_handover(unit: &mut Unit<'_>, id: HandoverId, row: Option<&HandoverRow>) {
    put(unit, (RowCollection::Handovers, id.0), row);
}

/// Puts the row of what is out; none where it is back.
pub fn put_loan(unit: &mut Unit<'_>, item: &Item, loan: Option<&Loan>) {
    let id = item.row_id(unit.group.event);
    put(unit, (RowCollection::Loans, id), loan);
}

fn put(unit: &mut Unit<'_>, key: (RowCollection, Uuid), row: Option<&impl Serialize>) {
    let value = row.map(|row| json!(row));
    unit.group.put_row(Scope::Roster(Profile::Full), key, value.as_ref());
}
