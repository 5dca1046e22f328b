//! What may be asked of a registration, and what becomes of it.

use shared::problem_code::ProblemCode;
use shared::programme::{Category, Collection, Enrolment, Programme, RecordBody, State};
use shared::registration::RegistrationStatus as Status;
use shared::registration::transitions::{Mover, is_move, may_move};
use shared::time::Timestamp;

use crate::refusal::Refusal;

/// What somebody asks for.
pub struct Asked<'a> {
    /// As what they ask.
    pub mover: Mover,
    /// Where the registration stands; none where there is none.
    pub from: Option<Status>,
    /// The status that they name; none where the category decides.
    pub wished: Option<Status>,
    /// The category.
    pub category: &'a Category,
    /// The time.
    pub now: Timestamp,
}

/// Where there is no free place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// In the category.
    Category,
    /// In the delegation.
    Delegation,
}

/// The status that is aimed at, before it is looked at whether there is room.
///
/// # Errors
///
/// It is registered already; the category is closed to the mover, or they may not move it there.
pub fn aim(asked: &Asked<'_>) -> Result<Status, Refusal> {
    if matches!(asked.from, Some(Status::Requested | Status::Waitlisted | Status::Confirmed)) {
        return Err(Refusal::new(ProblemCode::WrongState, "The attendee is registered already."));
    }
    let to = match asked.wished {
        Some(status) => status,
        None => by_enrolment(asked)?,
    };
    require_move(asked.mover, asked.from, to)?;
    Ok(to)
}

fn by_enrolment(asked: &Asked<'_>) -> Result<Status, Refusal> {
    match (asked.mover, asked.from) {
        (Mover::Organiser | Mover::Rules, _) | (_, Some(Status::Invited)) => Ok(Status::Confirmed),
        (Mover::Protocol, _) => Ok(Status::Invited),
        (Mover::Person | Mover::FocalPoint, from) => {
            if asked.mover == Mover::Person {
                require_open(asked.category, asked.now)?;
            }
            let is_decided = from.is_some() || asked.category.enrolment == Enrolment::OnApproval;
            Ok(if is_decided { Status::Requested } else { Status::Confirmed })
        }
    }
}

/// Whether anybody may register in some category of the event now.
pub fn takes_anybody(programme: &Programme, now: Timestamp) -> bool {
    let is_on = programme.event().is_some_and(|(_, event)| event.state == State::Published);
    let mut categories = programme.list(Collection::Categories);
    is_on
        && categories.any(|record| match &record.body {
            RecordBody::Categories(category) => require_open(category, now).is_ok(),
            _ => false,
        })
}

/// Refuses unless people may register themselves in the category.
fn require_open(category: &Category, now: Timestamp) -> Result<(), Refusal> {
    let detail = if category.enrolment == Enrolment::Closed {
        "Nobody registers themselves in this category."
    } else if category.opens_at.is_some_and(|opens| now < opens) {
        "This category is not open yet."
    } else if category.closes_at.is_some_and(|closes| now >= closes) {
        "This category is closed."
    } else {
        return Ok(());
    };
    Err(Refusal::new(ProblemCode::Closed, detail).at("/category"))
}

/// Refuses a move that the table of transitions does not give to the mover.
pub fn require_move(mover: Mover, from: Option<Status>, to: Status) -> Result<(), Refusal> {
    if may_move(mover, from, to) {
        return Ok(());
    }
    let from_word = from.map_or("none", Status::as_str);
    if is_move(from, to) {
        let detail = format!("You may not move a registration from {from_word} to {}.", to.as_str());
        return Err(Refusal::new(ProblemCode::Forbidden, detail).at("/status"));
    }
    let detail = format!("A registration does not move from {from_word} to {}.", to.as_str());
    Err(Refusal::new(ProblemCode::WrongState, detail).at("/status"))
}

/// The status after it was looked at whether there is room: who finds none waits.
///
/// # Errors
///
/// Who waits already cannot be confirmed without room.
pub fn after_room(from: Option<Status>, to: Status, lack: Option<Lack>) -> Result<Status, Refusal> {
    match (from, to, lack) {
        (Some(Status::Waitlisted), Status::Confirmed, Some(lack)) => Err(no_room(lack)),
        (_, Status::Confirmed, Some(_)) => Ok(Status::Waitlisted),
        _ => Ok(to),
    }
}

/// The refusal where there is no room.
pub fn no_room(lack: Lack) -> Refusal {
    match lack {
        Lack::Category => Refusal::new(ProblemCode::Full, "The category has no free place.").at("/category"),
        Lack::Delegation => {
            Refusal::new(ProblemCode::QuotaReached, "The delegation has no free place.").at("/delegation")
        }
    }
}

/// Whether a mover may set a field of a registration, or of what goes with it.
pub fn may_set(mover: Mover, field: &str) -> bool {
    match mover {
        // What others may see of a person, and what they agree to, is theirs to say.
        Mover::Organiser => field != "shares",
        Mover::Protocol => matches!(
            field,
            "name"
                | "language"
                | "email"
                | "external_id"
                | "category"
                | "details"
                | "delegation"
                | "delegation_role"
                | "part_categories"
                | "is_placeholder"
                | "status"
        ),
        Mover::FocalPoint => matches!(
            field,
            "name"
                | "language"
                | "email"
                | "external_id"
                | "category"
                | "details"
                | "delegation"
                | "delegation_role"
                | "is_placeholder"
                | "answers"
                | "companion_of"
                | "access_needs"
        ),
        Mover::Person => {
            matches!(
                field,
                "name"
                    | "language"
                    | "category"
                    | "details"
                    | "answers"
                    | "shares"
                    | "consents"
                    | "companion_of"
                    | "access_needs"
            )
        }
        Mover::Rules => false,
    }
}

/// Refuses the first field that none of the movers may set.
pub fn require_settable<'a>(movers: &[Mover], fields: impl IntoIterator<Item = &'a str>) -> Result<(), Refusal> {
    match fields.into_iter().find(|field| !movers.iter().any(|mover| may_set(*mover, field))) {
        None => Ok(()),
        Some(field) => {
            let detail = format!("You may not set {field} of this registration.");
            Err(Refusal::new(ProblemCode::Forbidden, detail).at(format!("/{field}")))
        }
    }
}

/// Whether the category of a registration may be changed to this one by the mover. What an
/// organiser approves is an organiser's to change.
pub fn may_enter(mover: Mover, category: &Category) -> bool {
    match mover {
        Mover::Organiser => true,
        Mover::FocalPoint => category.enrolment != Enrolment::OnApproval,
        Mover::Protocol | Mover::Person | Mover::Rules => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn category(enrolment: &str) -> Category {
        serde_json::from_value(json!({ "slug": "press", "title": { "en": "Press" }, "enrolment": enrolment,
            "opens_at": "2018-10-01T00:00:00Z", "closes_at": "2018-11-01T00:00:00Z" }))
        .unwrap()
    }

    fn asked(mover: Mover, from: Option<Status>, enrolment: &str, now: &str) -> Result<Status, ProblemCode> {
        let now = serde_json::from_value(json!(now)).unwrap();
        aim(&Asked { mover, from, wished: None, category: &category(enrolment), now }).map_err(|refusal| refusal.code)
    }

    const OPEN: &str = "2018-10-15T00:00:00Z";

    #[test]
    fn the_category_decides_what_becomes_of_a_first_request() {
        assert_eq!(asked(Mover::Person, None, "automatic", OPEN), Ok(Status::Confirmed));
        assert_eq!(asked(Mover::Person, None, "on_approval", OPEN), Ok(Status::Requested));
        assert_eq!(asked(Mover::Person, None, "closed", OPEN), Err(ProblemCode::Closed));
        assert_eq!(asked(Mover::FocalPoint, None, "closed", OPEN), Ok(Status::Confirmed));
        assert_eq!(asked(Mover::FocalPoint, None, "on_approval", OPEN), Ok(Status::Requested));
        assert_eq!(asked(Mover::Organiser, None, "on_approval", OPEN), Ok(Status::Confirmed));
        assert_eq!(asked(Mover::Protocol, None, "closed", OPEN), Ok(Status::Invited));
    }

    #[test]
    fn people_register_themselves_from_opening_until_closing() {
        let at = |now| asked(Mover::Person, None, "automatic", now);
        assert_eq!(at("2018-09-30T23:59:59Z"), Err(ProblemCode::Closed));
        assert_eq!(at("2018-10-01T00:00:00Z"), Ok(Status::Confirmed));
        assert_eq!(at("2018-10-31T23:59:59Z"), Ok(Status::Confirmed));
        assert_eq!(at("2018-11-01T00:00:00Z"), Err(ProblemCode::Closed));
        assert_eq!(asked(Mover::FocalPoint, None, "automatic", "2018-11-02T00:00:00Z"), Ok(Status::Confirmed));
    }

    #[test]
    fn who_was_invited_comes_and_who_had_left_asks_again() {
        let late = "2018-11-20T00:00:00Z";
        assert_eq!(asked(Mover::Person, Some(Status::Invited), "closed", late), Ok(Status::Confirmed));
        assert_eq!(asked(Mover::Person, Some(Status::Cancelled), "automatic", OPEN), Ok(Status::Requested));
        assert_eq!(asked(Mover::Person, Some(Status::Cancelled), "automatic", late), Err(ProblemCode::Closed));
        assert_eq!(asked(Mover::FocalPoint, Some(Status::Declined), "closed", late), Ok(Status::Requested));
        for status in [Status::Requested, Status::Waitlisted, Status::Confirmed] {
            assert_eq!(asked(Mover::Person, Some(status), "automatic", OPEN), Err(ProblemCode::WrongState));
        }
    }

    #[test]
    fn a_status_that_is_named_is_held_to_the_table() {
        let closed = category("closed");
        let named = |mover, from, to| {
            let asked = Asked { mover, from, wished: Some(to), category: &closed, now: Timestamp(0) };
            aim(&asked).map_err(|refusal| (refusal.code, refusal.field))
        };
        assert_eq!(named(Mover::Organiser, None, Status::Invited), Ok(Status::Invited));
        let forbidden = Err((ProblemCode::Forbidden, "/status".to_owned()));
        assert_eq!(named(Mover::Person, Some(Status::Cancelled), Status::Confirmed), forbidden);
        let wrong_state = Err((ProblemCode::WrongState, "/status".to_owned()));
        assert_eq!(named(Mover::Organiser, Some(Status::Invited), Status::Requested), wrong_state);
    }

    #[test]
    fn who_finds_no_room_waits_and_who_waits_is_told_where_it_lacks() {
        let confirm = |from, lack| after_room(from, Status::Confirmed, lack).map_err(|refusal| refusal.code);
        assert_eq!(confirm(None, None), Ok(Status::Confirmed));
        assert_eq!(confirm(None, Some(Lack::Category)), Ok(Status::Waitlisted));
        assert_eq!(confirm(Some(Status::Requested), Some(Lack::Delegation)), Ok(Status::Waitlisted));
        assert_eq!(confirm(Some(Status::Waitlisted), None), Ok(Status::Confirmed));
        assert_eq!(confirm(Some(Status::Waitlisted), Some(Lack::Category)), Err(ProblemCode::Full));
        assert_eq!(confirm(Some(Status::Waitlisted), Some(Lack::Delegation)), Err(ProblemCode::QuotaReached));
        let cancelled = after_room(Some(Status::Confirmed), Status::Cancelled, Some(Lack::Category));
        assert_eq!(cancelled.map_err(|refusal| refusal.code), Ok(Status::Cancelled));
    }

    #[test]
    fn what_is_a_persons_own_to_say_nobody_else_sets() {
        let movers = |field: &str| Mover::ALL.into_iter().filter(|mover| may_set(*mover, field)).collect::<Vec<_>>();
        use Mover::{FocalPoint, Organiser, Person, Protocol};
        assert_eq!(movers("shares"), [Person]);
        assert_eq!(movers("consents"), [Organiser, Person]);
        assert_eq!(movers("answers"), [Organiser, FocalPoint, Person]);
        assert_eq!(movers("access_needs"), [Organiser, FocalPoint, Person], "who has no duty there says nothing of it");
        assert_eq!(movers("details"), [Organiser, Protocol, FocalPoint, Person]);
        assert_eq!(movers("delegation"), [Organiser, Protocol, FocalPoint]);
        assert_eq!(movers("delegation_role"), [Organiser, Protocol, FocalPoint]);
        assert_eq!(movers("part_categories"), [Organiser, Protocol]);
        assert_eq!(movers("status"), [Organiser, Protocol]);
        assert_eq!(movers("override"), [Organiser]);
    }

    #[test]
    fn a_focal_point_does_not_move_members_into_what_organisers_approve() {
        assert!(may_enter(Mover::Organiser, &category("on_approval")));
        assert!(!may_enter(Mover::FocalPoint, &category("on_approval")));
        assert!(may_enter(Mover::FocalPoint, &category("closed")));
        assert!(!may_enter(Mover::Person, &category("automatic")));
    }
}
