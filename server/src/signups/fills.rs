//! What everybody may know of how full a session is: a word, where the session's row lies, changed
//! at most once in ten seconds.

use std::collections::BTreeSet;

use diesel::QueryResult;
use serde_json::json;
use shared::ids::RecordId;
use shared::programme::{Collection, Programme};
use shared::signup::{FillLabel, SeatTerms, fill_label};
use shared::sync::Scope;
use shared::time::Timestamp;

use super::store::{self, Fill};
use crate::sync::change_log::Unit;
use crate::sync::projection::scope_of_row;
use crate::sync::row::RowCollection;

/// For how long a label stands at least: what changes with every seat is not read anew by everybody.
const REST_MS: i64 = 10_000;

/// Puts the labels of these sessions where their rows lie now, as far as they may be said anew.
pub fn follow(unit: &mut Unit<'_>, sessions: &BTreeSet<RecordId>) -> QueryResult<()> {
    if sessions.is_empty() {
        return Ok(());
    }
    let (event, now) = (unit.group.event, unit.group.now);
    let stored = store::list_fills(unit.connection, event, sessions)?;
    let taken = store::count_taken(unit.connection, event, sessions)?;
    let (mut changed, mut gone) = (Vec::new(), Vec::new());
    for session in sessions {
        let terms = SeatTerms::of(unit.group.programme(), *session);
        let before = stored.get(session).copied();
        let after = terms.map(|terms| {
            let taken = taken.get(session).copied().unwrap_or(0);
            say(before, (fill_label(terms.seats, taken, !terms.rules.has_no_waitlist), now))
        });
        match after {
            Some(after) if before != Some(after) => changed.push((*session, after)),
            None if before.is_some() => gone.push(*session),
            _ => {}
        }
        put_row(unit, *session, after.map(|after| after.label));
    }
    store::put_fills(unit.connection, event, &changed)?;
    store::remove_fills(unit.connection, event, &gone)
}

/// What is said from now on: the label as it is, unless the last one is too young.
fn say(before: Option<Fill>, (label, now): (FillLabel, Timestamp)) -> Fill {
    match before {
        Some(before) if before.label == label => Fill { due_at: None, ..before },
        Some(before) if now.0 < before.at.0 + REST_MS => {
            Fill { due_at: Some(Timestamp(before.at.0 + REST_MS)), ..before }
        }
        _ => Fill { label, at: now, due_at: None },
    }
}

fn put_row(unit: &mut Unit<'_>, session: RecordId, label: Option<FillLabel>) {
    let scope_in = |programme: &Programme| scope_of_row(programme, (Collection::Sessions, session));
    let (before, after) = (scope_in(unit.group.programme_before()), scope_in(unit.group.programme()));
    let key = (RowCollection::SessionFills, session.0);
    let mut put = |scope: Option<Scope>, label: Option<FillLabel>| {
        if let Some(scope) = scope {
            unit.group.put_row(scope, key, label.map(|label| json!({ "label": label })).as_ref());
        }
    };
    if before != after {
        put(before, None);
    }
    put(after, label);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(label: FillLabel, at: i64, due_at: Option<i64>) -> Fill {
        Fill { label, at: Timestamp(at), due_at: due_at.map(Timestamp) }
    }

    #[test]
    fn the_first_label_is_said_at_once() {
        assert_eq!(say(None, (FillLabel::Open, Timestamp(5))), fill(FillLabel::Open, 5, None));
    }

    #[test]
    fn another_label_is_said_when_the_last_one_has_stood_for_ten_seconds() {
        let open = fill(FillLabel::Open, 1_000, None);
        let at = |now| say(Some(open), (FillLabel::Few, Timestamp(now)));
        assert_eq!(at(1_000), fill(FillLabel::Open, 1_000, Some(11_000)));
        assert_eq!(at(10_999), fill(FillLabel::Open, 1_000, Some(11_000)));
        assert_eq!(at(11_000), fill(FillLabel::Few, 11_000, None));
    }

    #[test]
    fn a_label_that_is_true_again_waits_for_nothing() {
        let waiting = fill(FillLabel::Open, 1_000, Some(11_000));
        assert_eq!(say(Some(waiting), (FillLabel::Open, Timestamp(2_000))), fill(FillLabel::Open, 1_000, None));
    }
}
