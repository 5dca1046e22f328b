//! Badges at two places, closer in time than the way between them.

use std::collections::BTreeMap;

use super::authority::effective;
use super::{Entry, Incident, Recorded};
use crate::ids::{GuestIndex, RecordId};

/// How long the way between two checkpoints takes at least, in milliseconds.
pub trait Way {
    /// The least that it takes; none where nobody knows.
    fn least_ms(&self, from: RecordId, to: RecordId) -> Option<u64>;
}

/// Where one guest was let in at two places closer in time than the way between them, whatever the
/// clocks' uncertainty and wherever else they were in between. Scans whose uncertainty nobody knows accuse nobody.
/// All of a guest that hang together are one incident.
pub fn list_crossings(scans: &[Recorded], way: &impl Way) -> Vec<Incident> {
    let mut of_guests: BTreeMap<GuestIndex, Vec<&Recorded>> = BTreeMap::new();
    for recorded in effective(scans) {
        if let (true, Some(guest)) = (recorded.scan.lets_in(), recorded.scan.guest) {
            of_guests.entry(guest).or_default().push(recorded);
        }
    }
    let mut incidents = Vec::new();
    for (guest, passages) in of_guests {
        incidents.extend(list_groups(&passages, way).into_iter().map(|group| {
            let entries: Vec<Entry> = group.into_iter().map(Entry::from).collect();
            Incident::of_places(guest, &entries.iter().collect::<Vec<_>>())
        }));
    }
    incidents
}

/// The passages that cannot all have been one person's, those together that are linked by such pairs.
fn list_groups<'a>(passages: &[&'a Recorded], way: &impl Way) -> Vec<Vec<&'a Recorded>> {
    // Of the passages before at one place that which can have been latest is the nearest: where it is not too
    // near, none of them is.
    let mut nearest: BTreeMap<(RecordId, RecordId), usize> = BTreeMap::new();
    let mut groups: Vec<usize> = (0..passages.len()).collect();
    for (place, next) in passages.iter().enumerate() {
        let Some((earliest, _)) = next.scan.at.bounds() else { continue };
        if way.least_ms(next.scan.checkpoint, next.scan.checkpoint).is_none() {
            continue;
        }
        for one in nearest.values().filter(|one| is_crossing(passages[**one], next, way)) {
            let (one, next) = (find_first(&groups, *one), find_first(&groups, place));
            groups[one.max(next)] = one.min(next);
        }
        let last = nearest.entry((next.scan.checkpoint, next.scan.area)).or_insert(place);
        if passages[*last].scan.at.bounds().is_some_and(|(other, _)| other <= earliest) {
            *last = place;
        }
    }
    let mut together: BTreeMap<usize, Vec<&Recorded>> = BTreeMap::new();
    for (place, passage) in passages.iter().enumerate() {
        together.entry(find_first(&groups, place)).or_default().push(passage);
    }
    together.into_values().filter(|group| group.len() > 1).collect()
}

/// The first passage of a group.
fn find_first(groups: &[usize], mut place: usize) -> usize {
    while groups[place] != place {
        place = groups[place];
    }
    place
}

fn is_crossing(one: &Recorded, next: &Recorded, way: &impl Way) -> bool {
    let (one, next) = (&one.scan, &next.scan);
    let Some(((earliest, _), (_, latest))) = one.at.bounds().zip(next.at.bounds()) else { return false };
    let most_ms = u64::try_from(latest.0.saturating_sub(earliest.0)).unwrap_or(0);
    one.area != next.area && way.least_ms(one.checkpoint, next.checkpoint).is_some_and(|least| most_ms < least)
}

#[cfg(test)]
mod tests;
