use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::ids::{AttendeeId, RecordId};
use crate::invitation::InvitedTo;
use crate::programme::AdmissionPolicy;

/// Rows are the answer that stands, columns the one that is given; a cell names who may move it so:
/// organiser, protocol officer, focal point, assistant, themselves, the mailed link, a desk. On the diagonal
/// they say more about the same answer.
const TABLE: &str = "
    from       pending  accepted  declined  delegated
    pending    .        OPFAMLD   OPFAMLD   OPFAMLD
    accepted   OP       OPFAMLD   OPFAMLD   OPFAMLD
    declined   OP       OPFAMLD   OPFAMLD   OPFAMLD
    delegated  OP       OPFAMLD   OPFAMLD   OPFAMLD";

fn letter(by: AnsweredAs) -> char {
    match by {
        AnsweredAs::Organiser => 'O',
        AnsweredAs::Protocol => 'P',
        AnsweredAs::FocalPoint => 'F',
        AnsweredAs::Assistant => 'A',
        AnsweredAs::Myself => 'M',
        AnsweredAs::Link => 'L',
        AnsweredAs::Desk => 'D',
    }
}

const NOW: Timestamp = Timestamp(1_543_230_000_000);

fn invitation(answer: Answer) -> Invitation {
    let object = (InvitedTo::Sessions, RecordId(Uuid::from_u128(2)));
    Invitation { answer, ..Invitation::new(AttendeeId(Uuid::from_u128(1)), object, None) }
}

/// A session that is over in one minute.
fn terms() -> EntryTerms {
    EntryTerms {
        state: State::Published,
        policy: AdmissionPolicy::ByInvitation,
        starts_at: Some(NOW.plus_minutes(-60)),
        ends_at: Some(NOW.plus_minutes(1)),
        needs_seat: false,
    }
}

fn reply(answer: Answer) -> Reply {
    let to = Delegate { attendee: None, name: Some("Ana".into()), email: Some("ana@example.org".into()) };
    Reply { answer, word: None, delegate: (answer == Answer::Delegated).then_some(to), note: None }
}

fn request<'a>(invitation: &'a Invitation, terms: &'a EntryTerms, by: AnsweredAs) -> Request<'a> {
    Request { now: NOW, invitation, terms: Some(terms), by, registration: None, quota: None, has_exception: false }
}

/// What may be answered from which registration, by whomever: all, or that they do not come alone.
#[test]
fn who_asked_to_come_or_does_not_come_any_more_accepts_nothing_and_passes_nothing_on() {
    let (pending, terms) = (invitation(Answer::Pending), terms());
    for status in RegistrationStatus::ALL {
        let is_guest = !matches!(
            status,
            RegistrationStatus::Requested | RegistrationStatus::Declined | RegistrationStatus::Cancelled
        );
        for by in AnsweredAs::ALL {
            let asked = Request { registration: Some(status), ..request(&pending, &terms, by) };
            for answer in [Answer::Accepted, Answer::Delegated] {
                let expected = if is_guest { CHANGED } else { Err(Rejection::NotRegistered) };
                assert_eq!(decide(&asked, &reply(answer)), expected, "{status:?} {by:?} {answer:?}");
            }
            assert_eq!(decide(&asked, &reply(Answer::Declined)), CHANGED, "{status:?} {by:?}");
        }
    }
    let accepted = invitation(Answer::Accepted);
    let cancelled = Some(RegistrationStatus::Cancelled);
    let asked = Request { registration: cancelled, ..request(&accepted, &terms, AnsweredAs::Myself) };
    assert_eq!(decide(&asked, &reply(Answer::Accepted)), Ok(Decision::Unchanged), "it is said already");
    let asked = Request { registration: cancelled, ..request(&accepted, &terms, AnsweredAs::Organiser) };
    assert_eq!(decide(&asked, &reply(Answer::Pending)), CHANGED, "staff take an answer back");
}

const CHANGED: Result<Decision, Rejection> = Ok(Decision::Changed { is_exception: false });

#[test]
fn everybody_may_move_every_answer_to_every_other_as_the_table_says() {
    let mut lines = TABLE.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let mut cells = 0;
    for line in lines {
        let from: Answer = line[0].parse().unwrap();
        for (column, cell) in line.iter().enumerate().skip(1) {
            let to: Answer = head[column].parse().unwrap();
            for by in AnsweredAs::ALL {
                assert_eq!(may_move(by, from, to), cell.contains(letter(by)), "{by:?} {from:?} {to:?}");
                if from != to {
                    let expected = if cell.contains(letter(by)) { CHANGED } else { Err(Rejection::StaffOnly) };
                    let decided = decide(&request(&invitation(from), &terms(), by), &reply(to));
                    assert_eq!(decided, expected, "{by:?} {from:?} {to:?}");
                }
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 4 * 4 * 7);
}

#[test]
fn what_was_said_before_changes_nothing_even_when_it_is_over() {
    let at_once = |invitation: &Invitation, reply: &Reply| {
        let late = EntryTerms { ends_at: Some(NOW), ..terms() };
        decide(&request(invitation, &late, AnsweredAs::Myself), reply)
    };
    for answer in Answer::ALL {
        let said = Invitation { delegated_to: reply(answer).delegate, ..invitation(answer) };
        assert_eq!(at_once(&said, &reply(answer)), Ok(Decision::Unchanged), "{answer:?}");
    }
    let declined = Invitation { word: Some("Sorry".into()), ..invitation(Answer::Declined) };
    let with = |word: &str| Reply { word: Some(word.into()), ..reply(Answer::Declined) };
    assert_eq!(at_once(&declined, &with("Sorry")), Ok(Decision::Unchanged));
    assert_eq!(at_once(&declined, &with("Next year")), Err(Rejection::WindowOver));
    let noted = Invitation { note: Some("no. 12".into()), ..invitation(Answer::Accepted) };
    let note = |note: &str| Reply { note: Some(note.into()), ..reply(Answer::Accepted) };
    assert_eq!(at_once(&noted, &reply(Answer::Accepted)), Ok(Decision::Unchanged));
    assert_eq!(at_once(&noted, &note("no. 12")), Ok(Decision::Unchanged));
    assert_eq!(at_once(&noted, &note("no. 13")), Err(Rejection::WindowOver));
}

#[test]
fn a_delegate_of_whom_more_is_known_is_the_same_one() {
    let known = AttendeeId(Uuid::from_u128(9));
    let kept = Delegate { attendee: Some(known), ..reply(Answer::Delegated).delegate.unwrap() };
    let passed_on = Invitation { delegated_to: Some(kept.clone()), ..invitation(Answer::Delegated) };
    let to = |delegate: Delegate| {
        let reply = Reply { delegate: Some(delegate), ..reply(Answer::Delegated) };
        decide(&request(&passed_on, &terms(), AnsweredAs::Myself), &reply)
    };
    let nobody = Delegate { attendee: None, name: None, email: None };
    assert_eq!(to(kept.clone()), Ok(Decision::Unchanged));
    assert_eq!(to(Delegate { attendee: None, ..kept.clone() }), Ok(Decision::Unchanged));
    assert_eq!(to(Delegate { attendee: Some(known), ..nobody.clone() }), Ok(Decision::Unchanged));
    assert_eq!(to(Delegate { attendee: Some(AttendeeId(Uuid::from_u128(8))), ..nobody }), CHANGED);
    assert_eq!(to(Delegate { name: Some("Eva".into()), ..kept.clone() }), CHANGED);
    assert_eq!(to(Delegate { email: Some("eva@example.org".into()), ..kept }), CHANGED);
    let unnamed =
        decide(&request(&invitation(Answer::Delegated), &terms(), AnsweredAs::Myself), &reply(Answer::Delegated));
    assert_eq!(unnamed, CHANGED);
}

#[test]
fn answers_are_open_until_it_is_over_and_while_it_takes_place() {
    let pending = invitation(Answer::Pending);
    let with = |terms: Option<&EntryTerms>| {
        let by = AnsweredAs::Protocol;
        let request = Request {
            now: NOW,
            invitation: &pending,
            terms,
            by,
            registration: None,
            quota: None,
            has_exception: false,
        };
        decide(&request, &reply(Answer::Accepted))
    };
    assert_eq!(with(Some(&terms())), CHANGED);
    assert_eq!(with(Some(&EntryTerms { ends_at: None, ..terms() })), CHANGED);
    assert_eq!(with(Some(&EntryTerms { ends_at: Some(NOW), ..terms() })), Err(Rejection::WindowOver));
    assert_eq!(with(Some(&EntryTerms { state: State::Cancelled, ..terms() })), Err(Rejection::Closed));
    assert_eq!(with(Some(&EntryTerms { state: State::Draft, ends_at: Some(NOW), ..terms() })), Err(Rejection::Closed));
    assert_eq!(with(None), Err(Rejection::Closed));
}

#[test]
fn a_withdrawn_invitation_takes_no_answer_of_anybody() {
    for answer in Answer::ALL {
        let withdrawn = Invitation { withdrawn_at: Some(NOW), ..invitation(Answer::Accepted) };
        for by in AnsweredAs::ALL {
            let decided = decide(&request(&withdrawn, &terms(), by), &reply(answer));
            assert_eq!(decided, Err(Rejection::Withdrawn), "{answer:?} {by:?}");
        }
    }
}

#[test]
fn what_was_passed_on_is_passed_on_again_by_staff_only() {
    let passed_on = Invitation { delegated_by: Some(AttendeeId(Uuid::from_u128(3))), ..invitation(Answer::Pending) };
    for by in AnsweredAs::ALL {
        let again = decide(&request(&passed_on, &terms(), by), &reply(Answer::Delegated));
        assert_eq!(again, if by.is_staff() { CHANGED } else { Err(Rejection::PassedOn) }, "{by:?}");
        assert_eq!(decide(&request(&passed_on, &terms(), by), &reply(Answer::Declined)), CHANGED, "{by:?}");
    }
}

#[test]
fn a_delegation_accepts_as_often_as_its_quota_says_and_an_exception_is_noted() {
    let terms = terms();
    let decided = |from, to, used, has_exception| {
        let from = invitation(from);
        let quota = Some(QuotaUse { at_most: 3, used });
        decide(&Request { quota, has_exception, ..request(&from, &terms, AnsweredAs::Organiser) }, &reply(to))
    };
    assert_eq!(decided(Answer::Pending, Answer::Accepted, 2, false), CHANGED);
    assert_eq!(decided(Answer::Pending, Answer::Accepted, 3, false), Err(Rejection::QuotaReached));
    assert_eq!(decided(Answer::Pending, Answer::Accepted, 2, true), CHANGED, "it takes no exception");
    assert_eq!(decided(Answer::Pending, Answer::Accepted, 3, true), Ok(Decision::Changed { is_exception: true }));
    assert_eq!(decided(Answer::Accepted, Answer::Declined, 3, false), CHANGED);
    assert_eq!(decided(Answer::Pending, Answer::Delegated, 3, false), CHANGED);
    let accepted = invitation(Answer::Accepted);
    let request =
        Request { quota: Some(QuotaUse { at_most: 3, used: 3 }), ..request(&accepted, &terms, AnsweredAs::Organiser) };
    let noted = Reply { note: Some("by note no. 12".into()), ..reply(Answer::Accepted) };
    assert_eq!(decide(&request, &noted), CHANGED, "they count already");
}

#[test]
fn an_answer_says_who_gave_it_when_and_replaces_what_was_said_before() {
    let before = Invitation {
        word: Some("Sorry".into()),
        note: Some("by note no. 12".into()),
        sent_at: Some(Timestamp(5)),
        ..invitation(Answer::Declined)
    };
    let account = Some(AccountId(Uuid::from_u128(4)));
    let given = reply(Answer::Delegated);
    let known = Delegate { attendee: Some(AttendeeId(Uuid::from_u128(9))), ..given.delegate.clone().unwrap() };
    let after = answered(&before, &given, Some(known.clone()), (AnsweredAs::Assistant, account, NOW));
    let expected = Invitation {
        answered_at: Some(NOW),
        answered_by: account,
        answered_as: Some(AnsweredAs::Assistant),
        delegated_to: Some(known),
        sent_at: Some(Timestamp(5)),
        ..invitation(Answer::Delegated)
    };
    assert_eq!(after, expected);
    let taken_back = answered(&after, &reply(Answer::Pending), None, (AnsweredAs::Protocol, account, NOW));
    assert_eq!(taken_back, Invitation { sent_at: Some(Timestamp(5)), ..invitation(Answer::Pending) });
    let declined = Reply { word: Some("No".into()), note: Some("no. 13".into()), ..reply(Answer::Declined) };
    let after = answered(&taken_back, &declined, None, (AnsweredAs::Link, None, NOW));
    assert_eq!(
        (after.word, after.note, after.answered_by, after.answered_as),
        (Some("No".into()), Some("no. 13".into()), None, Some(AnsweredAs::Link))
    );
    assert_eq!(json!(Answer::Declined), json!(after.answer));
}
