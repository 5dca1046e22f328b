//! The marks on badges that stand for parts: given once, in the order in which parts are made, and never to
//! another part. A badge that is out says the same whatever comes or goes.

use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::RecordId;
use shared::programme::{Collection, RecordBody, RecordEdit};

use crate::database::schema::part_marks;
use crate::on;
use crate::sync::change_log::{Actor, Unit};

/// Gives the parts a mark that have none yet.
pub fn ensure(unit: &mut Unit<'_>) -> QueryResult<()> {
    let parts = unit.group.programme().list(Collection::Parts);
    let without = parts.filter_map(|part| match &part.body {
        RecordBody::Parts(body) if body.mark.is_none() => Some((part.created_rev, part.id, body.clone())),
        _ => None,
    });
    let mut without: Vec<_> = without.collect();
    if without.is_empty() {
        return Ok(());
    }
    without.sort_by_key(|(created, id, _)| (*created, *id));
    let event = unit.group.event.to_string();
    let query =
        part_marks::table.filter(part_marks::event_id.eq(&event)).select((part_marks::part_id, part_marks::place));
    let mut given: Vec<(String, i64)> = on!(&mut *unit.connection, |c| query.load(c))?;
    let mut edits = Vec::with_capacity(without.len());
    for (_, id, mut body) in without {
        let before = given.iter().find(|(part, _)| *part == id.to_string()).map(|(_, place)| *place);
        let place = match before {
            Some(place) => place,
            None => give(unit, id, &mut given)?,
        };
        body.mark = Some(u8::try_from(place).unwrap_or(u8::MAX));
        edits.push(RecordEdit::Put { id, body: RecordBody::Parts(body) });
    }
    unit.group.edit(Actor::default(), "part.mark", &edits);
    Ok(())
}

fn give(unit: &mut Unit<'_>, part: RecordId, given: &mut Vec<(String, i64)>) -> QueryResult<i64> {
    let place = given.iter().map(|(_, place)| place + 1).max().unwrap_or(0);
    let line = (
        part_marks::event_id.eq(unit.group.event.to_string()),
        part_marks::part_id.eq(part.to_string()),
        part_marks::place.eq(place),
    );
    on!(&mut *unit.connection, |c| diesel::insert_into(part_marks::table).values(line).execute(c))?;
    given.push((part.to_string(), place));
    Ok(place)
}
