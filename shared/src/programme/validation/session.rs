//! The checks of a session.

use super::faults::Faults;
use super::{LIST_MAX, PEOPLE_MAX};
use crate::programme::{Session, SessionKind, ValueProblem};

/// The longest session accepted, in minutes: a week.
const SESSION_MAX_MINUTES: i64 = 7 * 24 * 60;

pub(super) fn check_session(faults: &mut Faults, session: &Session) {
    faults.optional_line_by_language("/title", session.title.as_ref());
    faults.optional_line("/number", session.number.as_ref());
    check_time(faults, session);
    faults.list("/tracks", &session.tracks);
    faults.paragraphs("/objective", session.objective.as_ref());
    faults.paragraphs("/description", session.description.as_ref());
    faults.number("/expected_people", session.expected_people, 0..=PEOPLE_MAX);
    faults.list("/needs/features", &session.needs.features);
    faults.optional_line("/needs/layout", session.needs.layout.as_ref());
    faults.list("/openness", &session.openness);
    faults.admission(session.admission.as_ref());
    faults.number("/seats", session.seats, 0..=PEOPLE_MAX);
    check_sign_up(faults, session);
    let transfer_fits = session.transfer.is_none() || session.kind == SessionKind::Transfer;
    faults.require(transfer_fits, "/transfer", ValueProblem::OnlyForKind { kind: "transfer" });
    check_talks(faults, session);
    faults.participations("", &session.people);
    faults.links(&session.links);
    faults.number("/progress/minutes_late", session.progress.as_ref().and_then(|p| p.minutes_late), 0..=1_440);
}

fn check_sign_up(faults: &mut Faults, session: &Session) {
    let Some(rules) = &session.sign_up else { return };
    faults.require(session.seats.is_some(), "/sign_up", ValueProblem::GoesWith { field: "seats" });
    let in_order = rules.opens_at.zip(rules.closes_at).is_none_or(|(opens, closes)| closes > opens);
    faults.require(in_order, "/sign_up/closes_at", ValueProblem::NotAfter { field: "opens_at" });
    faults.number("/sign_up/accept_within_minutes", rules.accept_within_minutes, 1..=30 * 1_440);
}

fn check_time(faults: &mut Faults, session: &Session) {
    match (session.starts_at, session.ends_at) {
        (Some(starts), Some(ends)) => {
            faults.require(ends > starts, "/ends_at", ValueProblem::NotAfter { field: "starts_at" });
            let short_enough = ends.minutes_since(starts) <= SESSION_MAX_MINUTES;
            faults.require(short_enough, "/ends_at", ValueProblem::OverAWeekAfter { field: "starts_at" });
        }
        (Some(_), None) => faults.require(false, "/ends_at", ValueProblem::MissingBeside { field: "starts_at" }),
        (None, Some(_)) => faults.require(false, "/starts_at", ValueProblem::MissingBeside { field: "ends_at" }),
        (None, None) => {
            faults.require(session.day.is_some(), "/starts_at", ValueProblem::NoTime);
        }
    }
    let timed = session.starts_at.is_some() || session.ends_at.is_some();
    faults.require(!timed || session.day.is_none(), "/day", ValueProblem::OnlyWithoutTime);
    faults.require(!timed || session.order.is_none(), "/order", ValueProblem::OnlyWithoutTime);
    faults.number("/order", session.order, 0..=10_000);
}

fn check_talks(faults: &mut Faults, session: &Session) {
    faults.length("/talks", session.talks.len());
    for (index, talk) in session.talks.iter().enumerate().take(LIST_MAX) {
        let field = format!("/talks/{index}");
        faults.slug(format!("{field}/slug"), &talk.slug);
        let twice = session.talks[..index].iter().any(|other| other.slug == talk.slug);
        faults.require(!twice, format!("{field}/slug"), ValueProblem::TakenEarlier);
        faults.optional_line_by_language(format!("{field}/title"), talk.title.as_ref());
        faults.paragraphs(format!("{field}/summary"), talk.summary.as_ref());
        faults.participations(&field, &talk.people);
    }
}
