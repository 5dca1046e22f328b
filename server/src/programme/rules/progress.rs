//! What is said of a session on the day.

use shared::ids::RecordId;
use shared::problem_code::ProblemCode;
use shared::programme::{Programme, Progress, ProgressState, RecordEdit, State};

use super::{Refusal, load_session, put_session};

/// The most minutes that a session can be late: a day.
pub const MOST_MINUTES_LATE: u32 = 24 * 60;

/// Marks a published session as started, running late or ended. Only what has not ended can run
/// late, and then it is said by how much.
pub fn set_progress(programme: &Programme, id: RecordId, progress: Progress) -> Result<Vec<RecordEdit>, Refusal> {
    let mut session = load_session(programme, id, "/session")?.clone();
    let wrong_state = |detail: &str| Err(super::refusal(ProblemCode::WrongState, "/session", detail));
    if programme.state_of(&session) != State::Published {
        return wrong_state("Only a published session takes place.");
    }
    if progress.minutes_late.is_some_and(|minutes| minutes > MOST_MINUTES_LATE) {
        return Err(super::invalid("/minutes_late", "A session that is more than a day late is to be moved."));
    }
    match (progress.state, progress.minutes_late) {
        (ProgressState::RunningLate, None | Some(0)) => {
            return Err(super::invalid("/minutes_late", "Say by how many minutes it runs late."));
        }
        (ProgressState::Ended, Some(_)) => {
            return Err(super::invalid("/minutes_late", "What has ended is not late any more."));
        }
        _ => {}
    }
    let has_ended = session.progress.as_ref().is_some_and(|before| before.state == ProgressState::Ended);
    if has_ended && progress.state == ProgressState::RunningLate {
        return wrong_state("The session has ended.");
    }
    session.progress = Some(progress);
    Ok(vec![put_session(id, session)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::programme::sketch::{Sketch, at, id};

    fn told(state: ProgressState, minutes_late: Option<u32>) -> Progress {
        Progress { state, at: at("26 18:10"), minutes_late }
    }

    fn refused(more: serde_json::Value, progress: Progress) -> (ProblemCode, String) {
        let sketch = Sketch::new().session("reality", ("26 18:00", "26 19:30"), more);
        let refusal = set_progress(&sketch.programme, id("reality"), progress).unwrap_err();
        (refusal.code, refusal.field)
    }

    #[test]
    fn a_session_that_runs_late_says_by_how_much() {
        let sketch = Sketch::new().session("reality", ("26 18:00", "26 19:30"), json!({}));
        let late = told(ProgressState::RunningLate, Some(25));
        let edits = set_progress(&sketch.programme, id("reality"), late.clone()).unwrap();
        assert_eq!(sketch.programme.with_edits(&edits, 2).session(id("reality")).unwrap().progress, Some(late));
        let invalid = (ProblemCode::InvalidValue, "/minutes_late".to_owned());
        assert_eq!(refused(json!({}), told(ProgressState::RunningLate, None)), invalid);
        assert_eq!(refused(json!({}), told(ProgressState::Ended, Some(5))), invalid);
        assert_eq!(refused(json!({}), told(ProgressState::Started, Some(1441))), invalid);
    }

    #[test]
    fn what_is_not_published_or_has_ended_does_not_run_late() {
        let wrong_state = (ProblemCode::WrongState, "/session".to_owned());
        let ended = json!({"progress": {"state": "ended", "at": at("26 19:30")}});
        assert_eq!(refused(ended, told(ProgressState::RunningLate, Some(5))), wrong_state);
        assert_eq!(refused(json!({"state": "draft"}), told(ProgressState::Started, None)), wrong_state);
        assert_eq!(refused(json!({"state": "cancelled"}), told(ProgressState::Ended, None)), wrong_state);
    }
}
