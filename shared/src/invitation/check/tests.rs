use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

/// The cases that every other port of the check is held to as well.
const VECTORS: &str = include_str!("../../../vectors/invitation.json");

fn cases() -> Vec<Value> {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    file["checks"].as_array().unwrap().clone()
}

fn of<T: for<'de> Deserialize<'de>>(case: &Value, name: &str) -> T {
    serde_json::from_value(case[name].clone()).unwrap_or_else(|error| panic!("{}: {name}: {error}", case["note"]))
}

#[test]
fn verdicts_are_as_the_vectors_say() {
    for case in cases() {
        let verdict = check(&of(&case, "facts"), of(&case, "at"));
        assert_eq!(verdict, of(&case, "verdict"), "{}", case["note"]);
    }
}

#[test]
fn the_vectors_cover_every_reason_and_name_each_case_once() {
    let cases = cases();
    let reasons: BTreeSet<Reason> = cases.iter().map(|case| of::<Verdict>(case, "verdict").reason).collect();
    assert_eq!(reasons, Reason::ALL.iter().copied().collect());
    let notes: BTreeSet<String> = cases.iter().map(|case| of(case, "note")).collect();
    assert_eq!(notes.len(), cases.len());
}

#[test]
fn facts_and_verdicts_are_written_as_the_vectors_write_them() {
    for case in cases() {
        assert_eq!(serde_json::json!(of::<Facts>(&case, "facts")), case["facts"], "{}", case["note"]);
        assert_eq!(serde_json::json!(of::<Verdict>(&case, "verdict")), case["verdict"], "{}", case["note"]);
    }
}

#[test]
fn a_guest_is_not_told_that_the_invitation_was_withdrawn() {
    let withdrawn = Verdict::of(Reason::InvitationWithdrawn, None);
    assert_eq!(withdrawn.for_guest(), Verdict { reason: Reason::NotInvited, ..withdrawn });
    let stand_in = Verdict::of(Reason::StandIn, Some(AttendeeId(uuid::Uuid::from_u128(1))));
    assert_eq!(stand_in.for_guest(), stand_in);
}

#[test]
fn an_invitation_counts_as_it_stands() {
    use crate::invitation::{Invitation, InvitedTo};
    let object = (InvitedTo::Parts, crate::ids::RecordId(uuid::Uuid::from_u128(2)));
    let invitation = Invitation::new(AttendeeId(uuid::Uuid::from_u128(1)), object, None);
    let of = |invitation: &Invitation| InvitedAs::from(invitation);
    let live = InvitedAs { answer: Answer::Pending, is_withdrawn: false };
    assert_eq!(of(&invitation), live);
    let declined = Invitation { answer: Answer::Declined, withdrawn_at: Some(Timestamp(1)), ..invitation };
    assert_eq!(of(&declined), InvitedAs { answer: Answer::Declined, is_withdrawn: true });
}
