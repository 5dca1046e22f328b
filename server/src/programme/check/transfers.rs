//! Transfers: too early, too late, from or to elsewhere, shorter than the way, two of one chain at once.

use serde_json::json;
use shared::programme::{SessionKind, Transfer};

use super::survey::{Survey, Timed};
use super::{Finding, FindingCode};
use crate::programme::rules::place::travel_minutes;

/// A transfer with its session.
type Ride<'s, 'a> = (&'s Timed<'a>, &'a Transfer);

pub(super) fn check(survey: &Survey) -> Vec<Finding> {
    let timed = survey.timed();
    let rides: Vec<Ride> = timed
        .iter()
        .filter(|timed| timed.entry.session.kind == SessionKind::Transfer)
        .filter_map(|timed| Some((timed, timed.entry.session.transfer.as_ref()?)))
        .collect();
    let mut findings = Vec::new();
    for (index, ride) in rides.iter().enumerate() {
        findings.extend(list_faults_at_departure(survey, ride));
        findings.extend(list_faults_at_arrival(survey, ride));
        findings.extend(find_shorter_than_way(survey, ride));
        findings.extend(rides[index + 1..].iter().filter_map(|other| find_repeated(survey, ride, other)));
    }
    findings
}

fn list_faults_at_departure(survey: &Survey, (ride, transfer): &Ride) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(left) = transfer.after.and_then(|after| survey.find(after)) else { return findings };
    let records = [ride.entry.record, left.record];
    if let Some(left) = left.timed().filter(|left| left.ends > ride.starts) {
        let message = format!(
            "{} departs before the end of {}, which it leaves from.",
            survey.timed_name(ride),
            survey.timed_name(&left)
        );
        let early = left.ends.minutes_since(ride.starts);
        findings.push(Finding::new(FindingCode::TransferBeforeEnd, &records, message).with("minutes", json!(early)));
    }
    if let (Some(from), Some(venue)) = (transfer.from, left.venue)
        && from != venue
    {
        let message = format!(
            "{} leaves from {}, but {} is held at {}.",
            survey.timed_name(ride),
            survey.venue_name(from),
            survey.session_name(left.session),
            survey.venue_name(venue)
        );
        findings.push(Finding::new(FindingCode::TransferFromElsewhere, &records, message));
    }
    findings
}

fn list_faults_at_arrival(survey: &Survey, (ride, transfer): &Ride) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(next) = transfer.before.and_then(|before| survey.find(before)) else { return findings };
    let records = [ride.entry.record, next.record];
    if let Some(next) = next.timed().filter(|next| ride.ends > next.starts) {
        let message = format!(
            "{} arrives after the beginning of {}, which it leads to.",
            survey.timed_name(ride),
            survey.timed_name(&next)
        );
        let late = ride.ends.minutes_since(next.starts);
        findings.push(Finding::new(FindingCode::TransferAfterStart, &records, message).with("minutes", json!(late)));
    }
    if let (Some(to), Some(venue)) = (transfer.to, next.venue)
        && to != venue
    {
        let message = format!(
            "{} goes to {}, but {} is held at {}.",
            survey.timed_name(ride),
            survey.venue_name(to),
            survey.session_name(next.session),
            survey.venue_name(venue)
        );
        findings.push(Finding::new(FindingCode::TransferToElsewhere, &records, message));
    }
    findings
}

fn find_shorter_than_way(survey: &Survey, (ride, transfer): &Ride) -> Option<Finding> {
    let (from, to) = (transfer.from?, transfer.to?);
    let way = i64::from(travel_minutes(survey.programme, from, to)?);
    let lasts = ride.ends.minutes_since(ride.starts);
    let message = format!(
        "{} takes {lasts} minutes from {} to {}, a way of {way}.",
        survey.timed_name(ride),
        survey.venue_name(from),
        survey.venue_name(to)
    );
    let finding = || Finding::new(FindingCode::WayLongerThanGap, &[ride.entry.record], message);
    (way > lasts).then(|| finding().with("way_minutes", json!(way)).with("gap_minutes", json!(lasts)))
}

/// Two transfers of one part at exactly the same time, of which one takes people on from where
/// the other takes them: nobody can be on both in their order.
fn find_repeated(survey: &Survey, (one, first): &Ride, (other, second): &Ride) -> Option<Finding> {
    let is_together = (one.starts, one.ends) == (other.starts, other.ends);
    let is_one_part = one.entry.session.part == other.entry.session.part;
    if !is_together || !is_one_part || !(continues(first, second) || continues(second, first)) {
        return None;
    }
    let message = format!(
        "{} and {} are at the same time, though one takes people on from where the other takes them.",
        survey.timed_name(one),
        survey.timed_name(other)
    );
    Some(Finding::new(FindingCode::TransferRepeated, &[one.entry.record, other.entry.record], message))
}

fn continues(first: &Transfer, second: &Transfer) -> bool {
    if first.before.is_some() && second.after.is_some() {
        return first.before == second.after;
    }
    // Buses that go to and fro between two places are no chain.
    first.to.is_some() && first.to == second.from && second.to != first.from
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::programme::check::check as check_all;
    use crate::programme::check::tests::{finding, found};
    use crate::programme::sketch::{Sketch, id};

    fn sketch() -> Sketch {
        Sketch::new()
            .venue("w", &[("centre", 20)])
            .venue("ritz", &[])
            .venue("centre", &[])
            .session("paradigms", ("29 08:00", "29 09:00"), json!({"venue": id("w")}))
            .session("fifth", ("29 09:30", "29 10:45"), json!({"venue": id("centre")}))
    }

    fn bus(more: Value) -> Value {
        json!({"kind": "transfer", "transfer": more})
    }

    #[test]
    fn a_transfer_before_the_end_of_what_it_leaves_from_is_found() {
        let after = bus(json!({"from": id("w"), "to": id("centre"), "after": id("paradigms")}));
        let early = sketch().session("bus", ("29 08:40", "29 09:00"), after.clone());
        assert_eq!(found(&early), [finding(FindingCode::TransferBeforeEnd, &["bus", "paradigms"])]);
        assert_eq!(check_all(&early.programme)[0].details["minutes"], json!(20));
        assert_eq!(found(&sketch().session("bus", ("29 09:00", "29 09:20"), after)), []);
    }

    #[test]
    fn a_transfer_that_arrives_after_the_beginning_is_found() {
        let before = bus(json!({"to": id("centre"), "before": id("fifth")}));
        let late = sketch().session("bus", ("29 09:15", "29 09:35"), before.clone());
        assert_eq!(found(&late), [finding(FindingCode::TransferAfterStart, &["bus", "fifth"])]);
        assert_eq!(found(&sketch().session("bus", ("29 09:10", "29 09:30"), before)), []);
    }

    #[test]
    fn a_transfer_from_or_to_another_venue_is_found() {
        let from_ritz = bus(json!({"from": id("ritz"), "after": id("paradigms")}));
        let sketch_from = sketch().session("bus", ("29 09:00", "29 09:20"), from_ritz);
        assert_eq!(found(&sketch_from), [finding(FindingCode::TransferFromElsewhere, &["bus", "paradigms"])]);
        let to_ritz = bus(json!({"to": id("ritz"), "before": id("paradigms")}));
        let sketch_to = sketch().session("bus", ("29 07:40", "29 08:00"), to_ritz);
        assert_eq!(found(&sketch_to), [finding(FindingCode::TransferToElsewhere, &["bus", "paradigms"])]);
    }

    #[test]
    fn a_transfer_shorter_than_its_way_is_found() {
        let way = bus(json!({"from": id("centre"), "to": id("w")}));
        let short = sketch().session("bus", ("29 12:00", "29 12:15"), way.clone());
        assert_eq!(found(&short), [finding(FindingCode::WayLongerThanGap, &["bus"])]);
        assert_eq!(found(&sketch().session("bus", ("29 12:00", "29 12:20"), way)), []);
    }

    #[test]
    fn two_transfers_of_which_one_continues_the_other_cannot_be_at_once() {
        let there = bus(json!({"from": id("centre"), "to": id("ritz")}));
        let on = bus(json!({"from": id("ritz"), "to": id("w")}));
        let back = bus(json!({"from": id("ritz"), "to": id("centre")}));
        let with = |second| {
            let first = sketch().session("bus-a", ("29 12:00", "29 12:20"), there.clone());
            found(&first.session("bus-b", ("29 12:00", "29 12:20"), second))
        };
        assert_eq!(with(on), [finding(FindingCode::TransferRepeated, &["bus-a", "bus-b"])]);
        assert_eq!(with(back), [], "buses may go to and fro");
        assert_eq!(with(there.clone()), [], "two buses may go one way");
    }
}
