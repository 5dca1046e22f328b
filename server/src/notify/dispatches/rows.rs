//! The rows of dispatches that organisers hold.

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::sync::Scope;

use super::reach::{Reach, count_reach};
use super::{Dispatch, DispatchKind};
use crate::sync::change_log::Unit;
use crate::sync::row::RowCollection;

/// A dispatch as organisers see it.
pub fn row_of(dispatch: &Dispatch, reach: Option<&Reach>) -> Value {
    let body = &dispatch.body;
    let titles: serde_json::Map<String, Value> =
        dispatch.words().iter().map(|(language, told)| (language.clone(), json!(told.title))).collect();
    let mut row = json!({
        "kind": dispatch.kind,
        "state": dispatch.state,
        "urgency": body.urgency,
        "title": titles,
        "texts": dispatch.words(),
        "created_at": dispatch.created_at,
    });
    let mut put = |name: &str, value: Value| {
        let is_empty = value.is_null() || value == json!(false) || value == json!([]);
        if !is_empty {
            row[name] = value;
        }
    };
    put("created_by", json!(body.created_by));
    put("sent_at", json!(dispatch.sent_at));
    put("send_at", json!(body.send_at));
    put("is_correction", json!(body.is_correction));
    put("is_digest", json!(body.is_digest));
    put("asks_acknowledgement", json!(body.asks_acknowledgement));
    put("needs_approval", json!(body.needs_approval));
    put("approved_by", json!(body.approved_by));
    put("session", json!(body.session));
    if dispatch.kind == DispatchKind::Changes {
        put("changes", json!(body.changes));
    }
    put("audience", json!(body.audience));
    put("reach", json!(reach));
    row
}

/// Writes the row, with what is known now of whom it reached.
pub fn write(unit: &mut Unit<'_>, dispatch: &Dispatch) -> QueryResult<()> {
    let reach = match dispatch.state.is_out() {
        true => Some(count_reach(unit.connection, unit.group.event, dispatch.id)?),
        false => None,
    };
    let row = row_of(dispatch, reach.as_ref());
    unit.group.put_row(Scope::Organiser, (RowCollection::Dispatches, dispatch.id), Some(&row));
    Ok(())
}
