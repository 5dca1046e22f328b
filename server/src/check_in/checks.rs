//! Checks through the server: the judge's answer, and the scan that records it.

use diesel::QueryResult;
use serde::Serialize;
use shared::admission::{Basis, Claim, Decided, GuestDetails, Scan, ScanId, ScanTime, Verdict, judge};
use shared::ids::{GuestIndex, RecordId};
use shared::problem_code::ProblemCode;
use uuid::Uuid;

use super::asked::Asked;
use super::authority::Hands;
use super::command::works_at_desk;
use super::known::{Put, Shown, put_question};
use super::recording::{record, record_new};
use super::store::{Known, Recording};
use crate::refusal::{Failure, Refusal};
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::{EventCell, Rights};

/// The answer to a check.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Answer {
    /// The scan that records it; absent where nothing was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan: Option<ScanId>,
    /// Whether they are let through: by the verdict, or by hand.
    pub is_let_through: bool,
    /// By what doors know who comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest: Option<GuestIndex>,
    /// Who comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<GuestDetails>,
    /// What the judge says.
    pub verdict: Verdict,
}

/// Whether somebody checks at a checkpoint now.
pub fn may_check(rights: &Rights, checkpoint: RecordId) -> bool {
    let is_enrolled = rights.enrolment.as_ref().is_some_and(|assignment| assignment.checks_at(checkpoint));
    is_enrolled || works_at_desk(rights)
}

/// Judges, and records nothing.
///
/// # Errors
///
/// Who asks does not check there; there is no such checkpoint.
pub fn verify(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (rights, checkpoint): (&Rights, RecordId),
    (asked, shown): (&Asked, &Shown),
) -> Result<Answer, Failure> {
    require_may_check(rights, checkpoint)?;
    let for_whom = (rights.roster(), asked.scan.unwrap_or(ScanId(Uuid::nil())));
    let put = put_question(unit, (cell, checkpoint), (asked, shown), for_whom)?.ok_or_else(no_checkpoint)?;
    Ok(answer(None, asked, put.clone_comer(), judge(&put.question)))
}

/// Judges, and records what was decided. The same question under the same scan's id is answered as it
/// was; whatever was decided since, nobody is counted twice.
///
/// # Errors
///
/// As [`verify`]; the scan's id stands for another question (`id_reused`).
pub fn check(
    unit: &mut Unit<'_>,
    cell: &EventCell,
    (actor, rights, checkpoint): (Actor, &Rights, RecordId),
    (asked, shown): (&Asked, &Shown),
) -> Result<Answer, Failure> {
    require_may_check(rights, checkpoint)?;
    let (id, fingerprint) = (asked.scan.unwrap_or_else(|| ScanId(Uuid::now_v7())), asked.fingerprint(checkpoint));
    let for_whom = (rights.roster(), id);
    let put = put_question(unit, (cell, checkpoint), (asked, shown), for_whom)?.ok_or_else(no_checkpoint)?;
    if let Known::Answered(before, verdict) = &put.history.known {
        return match *before == fingerprint {
            true => Ok(answer(Some(id), asked, put.clone_comer(), (**verdict).clone())),
            false => Err(reused().into()),
        };
    }
    let verdict = judge(&put.question);
    let scan = scan_of(unit, (id, checkpoint), (asked, &put), &verdict);
    let authority = Hands::of(actor, rights).authority_for(unit, &scan)?;
    let recording = Recording { scan, by: actor, authority, answered: Some((fingerprint, verdict.clone())) };
    keep(unit, recording, &put)?;
    Ok(answer(Some(id), asked, put.clone_comer(), verdict))
}

/// Keeps the scan of a check. What was loaded for the question is not loaded again, unless others are
/// concerned.
fn keep(unit: &mut Unit<'_>, recording: Recording, put: &Put) -> QueryResult<()> {
    let knows = put.comer.known.as_ref();
    let shares_seats = knows.is_some_and(|known| known.claims.iter().any(Claim::is_shared));
    if put.history.known != Known::Nothing || shares_seats {
        return record(unit, &[recording]).map(drop);
    }
    record_new(unit, recording, (&put.history, &put.held))
}

fn reused() -> Refusal {
    Refusal::new(ProblemCode::IdReused, "The scan's id stands for another question.").at("/scan")
}

type Shy = (Option<GuestIndex>, Option<GuestDetails>);

impl Put {
    fn clone_comer(&self) -> Shy {
        (self.comer.guest, self.comer.details.clone())
    }
}

fn answer(scan: Option<ScanId>, asked: &Asked, (guest, details): Shy, verdict: Verdict) -> Answer {
    let is_let_through = verdict.admits || (asked.by_hand.is_some() && guest.is_some());
    Answer { scan, is_let_through, guest, details, verdict }
}

fn scan_of(
    unit: &Unit<'_>,
    (id, checkpoint): (ScanId, RecordId),
    (asked, put): (&Asked, &Put),
    verdict: &Verdict,
) -> Scan {
    let guest = put.comer.guest;
    Scan {
        id,
        checkpoint,
        area: put.of.area,
        session: put.of.session,
        guest,
        carrier: put.comer.carrier,
        code_hash: asked.code_hash().filter(|_| guest.is_none()),
        direction: asked.direction,
        at: ScanTime::exact(unit.group.now),
        verdict: Some(Decided {
            admits: verdict.admits || (asked.by_hand.is_some() && guest.is_some()),
            reason: verdict.reason,
        }),
        decided_on: Basis { covers: None, age_ms: Some(0) },
        by_hand: asked.by_hand.clone(),
        undoes: None,
        count: None,
    }
}

fn require_may_check(rights: &Rights, checkpoint: RecordId) -> Result<(), Refusal> {
    if may_check(rights, checkpoint) {
        return Ok(());
    }
    Err(Refusal::new(ProblemCode::Forbidden, "Only devices enrolled for it and who works at a desk check there."))
}

fn no_checkpoint() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "There is no such checkpoint.")
}
