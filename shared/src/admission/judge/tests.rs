use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::admission::{ReadBadge, Subject};
use crate::badge::{BadgeClaims, BadgeKey, BadgeKeys, BadgeSecret, BadgeSigner, event_mark};
use crate::ids::EventId;
use crate::time::Timestamp;

/// The cases that every other port of the judge is held to as well.
const VECTORS: &str = include_str!("../../../vectors/admission.json");

static CASES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    file["questions"].as_array().unwrap().clone()
});

fn cases() -> &'static [Value] {
    &CASES
}

fn of<T: for<'de> Deserialize<'de>>(case: &Value, name: &str) -> T {
    serde_json::from_value(case[name].clone()).unwrap_or_else(|error| panic!("{}: {name}: {error}", case["note"]))
}

#[test]
fn verdicts_are_as_the_vectors_say() {
    for case in cases() {
        assert_eq!(judge(&of(case, "question")), of(case, "verdict"), "{}", case["note"]);
    }
}

#[test]
fn questions_and_verdicts_are_written_as_the_vectors_write_them() {
    for case in cases() {
        assert_eq!(json!(of::<Question>(case, "question")), case["question"], "{}", case["note"]);
        assert_eq!(json!(of::<Verdict>(case, "verdict")), case["verdict"], "{}", case["note"]);
    }
}

#[test]
fn the_vectors_have_every_reason_every_step_and_each_case_once() {
    let verdicts: Vec<Verdict> = cases().iter().map(|case| of(case, "verdict")).collect();
    let reasons: BTreeSet<Reason> = verdicts.iter().map(|verdict| verdict.reason).collect();
    assert_eq!(reasons, Reason::ALL.iter().copied().collect());
    let steps: BTreeSet<NextStep> = verdicts.iter().map(|verdict| verdict.next).collect();
    assert_eq!(steps, NextStep::ALL.iter().copied().collect());
    let faults = verdicts.iter().filter_map(|verdict| verdict.fault).collect::<BTreeSet<_>>();
    assert_eq!(faults.len(), 8);
    let entries: BTreeSet<_> = verdicts.iter().filter_map(|verdict| verdict.entry).collect();
    let told_by_time = [invitation::Reason::NotYet, invitation::Reason::Over];
    let of_check = invitation::Reason::ALL.iter().filter(|reason| !told_by_time.contains(reason));
    let untold: Vec<_> = of_check.filter(|reason| !entries.contains(reason)).collect();
    assert_eq!(untold, [&invitation::Reason::InvitationDelegated], "it is told like a declined one");
    let limits: BTreeSet<String> =
        verdicts.iter().filter_map(|verdict| Some(json!(verdict.limit?.of).as_str()?.to_owned())).collect();
    assert_eq!(limits, ["area", "delegation", "vehicle"].map(str::to_owned).into());
    let notes: BTreeSet<String> = cases().iter().map(|case| of(case, "note")).collect();
    assert_eq!(notes.len(), cases().len());
}

#[test]
fn whatever_else_holds_the_reason_is_the_first_of_all_that_hold() {
    for case in cases() {
        let verdict: Verdict = of(case, "verdict");
        let told: Vec<Reason> = std::iter::once(verdict.reason).chain(verdict.also.iter().copied()).collect();
        assert!(told.is_sorted_by(|one, next| one < next), "{}", case["note"]);
        assert_eq!(verdict.admits, told.iter().all(|reason| reason.admits()), "{}", case["note"]);
    }
}

#[test]
fn a_sentence_says_why_as_far_as_it_explains_the_reason() {
    let verdict = |reason, entry| {
        let admitted: Verdict = of(&cases()[cases().len() - 1], "verdict");
        Verdict { reason, entry, ..admitted }
    };
    let declined = Some(invitation::Reason::InvitationDeclined);
    assert_eq!(
        verdict(Reason::NotInvited, declined).sentence("en"),
        "Not on the list for this. The invitation was declined."
    );
    assert_eq!(verdict(Reason::BadgeVoid, declined).sentence("es-CL"), "Esta credencial no es válida.");
    assert_eq!(verdict(Reason::Admitted, Some(invitation::Reason::Seat)).sentence("fr"), "Peut entrer.");
}

fn admitted_question() -> Question {
    let case = cases().iter().find(|case| case["note"] == "an accepted invitation").unwrap();
    of(case, "question")
}

#[test]
fn a_code_is_read_and_judged_in_one_go() {
    let event = EventId(uuid::Uuid::from_u128(7));
    let signer = BadgeSigner::new(&[7; 32]).unwrap();
    let key = BadgeKey { number: 3, public: signer.public(), device: None, retired_at: None, revoked_at: None };
    let keys = BadgeKeys::new(event, [&key]);
    let claims = BadgeClaims {
        key: 3,
        event: event_mark(event),
        secret: BadgeSecret([9; 16]),
        carrier: 1,
        category: 0,
        access: Access::CONFIRMED,
        not_before: 0,
        expires: u32::MAX,
    };
    let (presented, read) = Presented::read(&keys, &signer.sign(&claims).unwrap());
    assert_eq!((presented, read.as_ref()), (Presented::Badge(ReadBadge::from(&claims)), Some(&claims)));
    assert!(judge(&Question { presented, ..admitted_question() }).admits);
    let (presented, read) = Presented::read(&keys, "https://example.org/menu");
    assert_eq!((presented, read), (Presented::Fault(BadgeFault::Malformed), None));
    assert_eq!(judge(&Question { presented, ..admitted_question() }).reason, Reason::Unknown);
}

#[test]
fn a_roster_would_know_of_a_badge_that_is_older_than_it() {
    let now = Timestamp(100_000);
    let knowledge = |age_ms, is_complete| crate::admission::Knowledge { age_ms, as_of: None, is_complete };
    let knows = |of: crate::admission::Knowledge, then| of.would_know_of(Timestamp(then), now);
    assert!(knows(knowledge(Some(10_000), true), 89_999));
    assert!(!knows(knowledge(Some(10_000), true), 90_000));
    assert!(!knows(knowledge(Some(10_000), false), 0) && !knows(knowledge(None, true), 0));
}

prop_compose! {
    /// Any of the vectors' questions, with parts of another.
    fn any_question()(one in 0..cases().len(), other in 0..cases().len(), mask in any::<u16>()) -> Question {
        let (mut question, other): (Value, Value) =
            (cases()[one]["question"].clone(), cases()[other]["question"].clone());
        let parts = ["now", "direction", "presented", "is_void", "guest", "kind", "area", "subject", "moved_away",
            "presence", "limits", "knowledge"];
        let taken = parts.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0);
        for part in taken.map(|(_, part)| *part) {
            match other.get(part) {
                Some(value) => question[part] = value.clone(),
                None => { question.as_object_mut().unwrap().shift_remove(part); }
            }
        }
        serde_json::from_value(question).unwrap()
    }
}

proptest! {
    #[test]
    fn every_question_has_one_answer_in_the_order_of_reasons(question in any_question()) {
        let verdict = judge(&question);
        prop_assert_eq!(&verdict, &judge(&question));
        let told: Vec<Reason> = std::iter::once(verdict.reason).chain(verdict.also.iter().copied()).collect();
        prop_assert!(told.is_sorted_by(|one, next| one < next));
        prop_assert_eq!(verdict.admits, verdict.reason.admits());
        let is_early = told.contains(&Reason::TooEarly);
        prop_assert!(is_early || verdict.opens_at.is_none());
        let is_unpublished = verdict.entry == Some(invitation::Reason::NotPublished);
        prop_assert!(verdict.opens_at.is_some() || !is_early || is_unpublished);
        prop_assert_eq!(verdict.closed_at.is_some(), told.contains(&Reason::TooLate));
        prop_assert_eq!(verdict.limit.is_some(), told.contains(&Reason::Full));
        prop_assert_eq!(verdict.note.is_some(), told.contains(&Reason::NeedsAttention));
        prop_assert!(verdict.moved_to.is_some() || !told.contains(&Reason::Moved));
    }

    #[test]
    fn nobody_gets_in_with_what_is_no_badge_or_a_void_one(question in any_question()) {
        let is_in = question.direction == Direction::In;
        let is_fault = matches!(question.presented, Presented::Fault(_));
        let is_void = question.is_void && matches!(question.presented, Presented::Badge(_));
        prop_assert!(!(judge(&question).admits && (is_fault || (is_void && is_in))));
    }

    #[test]
    fn a_note_or_a_stolen_badge_changes_nothing_of_who_is_let_in(question in any_question()) {
        let noted = question.guest.clone().map(|guest| RosterGuest {
            note: Some("Ask for Ms Rojas.".into()), is_reported_stolen: true, ..guest
        });
        let admits = judge(&Question { guest: noted, ..question.clone() }).admits;
        prop_assert_eq!(admits, judge(&question).admits);
    }

    #[test]
    fn one_more_use_or_one_more_inside_lets_nobody_in(question in any_question()) {
        let admits = judge(&question).admits;
        let mut busier = question.clone();
        for limit in &mut busier.limits {
            limit.inside += 1;
        }
        busier.presence.first = Some(crate::admission::Entry {
            scan: crate::admission::ScanId(uuid::Uuid::nil()),
            at: question.now,
            checkpoint: RecordId(uuid::Uuid::nil()),
            device: None,
        });
        prop_assert!(admits || !judge(&busier).admits);
    }
}

#[test]
fn a_part_is_its_own_part_and_a_session_is_of_its_part() {
    let subject: Subject = admitted_question().subject.unwrap();
    let part = RecordId(uuid::Uuid::from_u128(5));
    assert_eq!(Subject { part: Some(part), ..subject.clone() }.part(), Some(part));
    let own = Subject { collection: crate::invitation::InvitedTo::Parts, ..subject.clone() };
    assert_eq!(own.part(), Some(subject.id));
}
