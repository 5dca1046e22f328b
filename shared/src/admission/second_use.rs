//! Which entries were more than one where one is allowed.

use super::{Direction, Reason, Recorded, Scan};
use crate::programme::EntryRule;
use crate::time::Timestamp;

/// The entries of a guest that belong together, of which one would have been allowed, in the order of `passages`.
/// An entry that a person recorded by hand and was told of the first one is decided, and nobody's oversight.
pub(super) fn list_runs<'a>(rule: EntryRule, passages: &[&'a Recorded]) -> Vec<Vec<&'a Recorded>> {
    let entries = passages.iter().copied().filter(|one| one.scan.lets_in() && !is_decided(&one.scan));
    match rule {
        EntryRule::Free => Vec::new(),
        EntryRule::Once => vec![entries.collect()],
        EntryRule::InAndOut => {
            let exits = passages.iter().copied().filter(|one| one.scan.direction == Direction::Out);
            split_at_exits(entries.collect(), exits.collect())
        }
    }
}

/// Entries between which nobody went out for certain. Each way out is good for one gap between two entries, the
/// first in which it can have been, by what the clocks allow: one that nobody knows may have been at any time.
fn split_at_exits<'a>(entries: Vec<&'a Recorded>, mut exits: Vec<&'a Recorded>) -> Vec<Vec<&'a Recorded>> {
    exits.sort_by_key(|exit| bounds(&exit.scan).1);
    let mut runs: Vec<Vec<&Recorded>> = Vec::new();
    for entry in entries {
        let Some((run, last)) = runs.last_mut().and_then(|run| run.last().copied().map(|last| (run, last))) else {
            runs.push(vec![entry]);
            continue;
        };
        let (from, to) = (bounds(&last.scan).0, bounds(&entry.scan).1);
        let is_between = |exit: &&Recorded| from <= bounds(&exit.scan).1 && bounds(&exit.scan).0 <= to;
        match exits.iter().position(is_between) {
            Some(place) => {
                exits.remove(place);
                runs.push(vec![entry]);
            }
            None => run.push(entry),
        }
    }
    runs
}

fn bounds(scan: &Scan) -> (Timestamp, Timestamp) {
    scan.at.bounds().unwrap_or((Timestamp(i64::MIN), Timestamp(i64::MAX)))
}

fn is_decided(scan: &Scan) -> bool {
    let was_told = |reason| matches!(reason, Reason::AlreadyUsed | Reason::AlreadyInside);
    scan.by_hand.is_some() && scan.verdict.is_some_and(|verdict| was_told(verdict.reason))
}
