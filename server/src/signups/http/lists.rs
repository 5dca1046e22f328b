//! Lists of sign-ups: an attendee's, and a session's for those who look after it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::InvitedTo;
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, Programme};
use shared::signup::{SignUp, SignUpState};
use shared::time::Timestamp;

use crate::database::Connection;
use crate::problem::{Problem, Query};
use crate::programme::http::access::{Member, is_known_to_staff, load_programme, not_found};
use crate::programme::http::answers::private;
use crate::programme::http::paging::{Page, PageAnswer, PageParameters};
use crate::registration::acting::reading_for;
use crate::signups::operations::find_session;
use crate::signups::store::{self, ListedSignUp, SessionCounts};
use crate::sync::change_log::Role;
use crate::sync::feed::Rights;
use crate::sync::projection::is_visible;

/// A sign-up with the attendee's name.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SignUpItem {
    name: String,
    #[serde(flatten)]
    sign_up: SignUp,
}

/// One page of a session's sign-ups, with how many there are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SessionSignUps {
    #[serde(flatten)]
    page: PageAnswer<SignUpItem>,
    /// Absent for who sees the members of a delegation only.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
}

/// How many seats there are, and how many people have or want one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Counts {
    #[serde(skip_serializing_if = "Option::is_none")]
    seats: Option<u32>,
    confirmed: u64,
    offered: u64,
    waitlisted: u64,
}

/// The parameters of a session's list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionParameters {
    limit: Option<u32>,
    cursor: Option<String>,
    state: Option<SignUpState>,
}

/// `GET …/attendees/{attendee}/sign-ups`: what an attendee has, had and waits for.
pub async fn list_attendee_sign_ups(
    member: Member,
    path: web::Path<(String, AttendeeId)>,
    parameters: Query<PageParameters>,
) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let (event, attendee, rights) = (member.cell.id, path.1, member.rights());
    let list = move |connection: &mut Connection| match reading_for(connection, event, &rights, attendee)? {
        Some(_) => store::list_of_attendees(connection, event, &[attendee]).map(Some),
        None => Ok(None),
    };
    let theirs = member.app.readers.read(list).await?.ok_or_else(not_found)?;
    Ok(private(StatusCode::OK).json(page.cut(theirs, |one| one.session.to_string())))
}

/// Whose sign-ups somebody may list.
pub(super) enum Reach {
    Everybody,
    Delegations(Vec<RecordId>),
}

impl Reach {
    pub(super) fn of(rights: &Rights) -> Option<Self> {
        let roles = [Role::Organiser, Role::Protocol, Role::DeskLead, Role::Desk];
        if roles.iter().any(|role| rights.roles.contains(role)) {
            return Some(Self::Everybody);
        }
        let delegations: Vec<RecordId> = rights.delegations.keys().copied().collect();
        (!delegations.is_empty()).then_some(Self::Delegations(delegations))
    }

    pub(super) fn delegations(&self) -> Option<&[RecordId]> {
        match self {
            Self::Everybody => None,
            Self::Delegations(delegations) => Some(delegations),
        }
    }
}

/// `GET …/sessions/{id}/sign-ups`: who has a seat and who waits, in the order in which they asked. A
/// focal point or liaison officer sees the members of their delegations.
pub async fn list_session_sign_ups(
    member: Member,
    path: web::Path<(String, String)>,
    parameters: Query<SessionParameters>,
) -> Result<HttpResponse, Problem> {
    let rights = member.rights();
    let reach = Reach::of(&rights).ok_or_else(no_reach)?;
    let page = Page::new(parameters.limit, parameters.cursor.as_deref())?;
    let after = read_key(page.after.as_deref())?;
    let programme = load_programme(&member.app, &member.cell).await?;
    let session = find_session(&programme, &path.1).filter(|id| programme.session(*id).is_some());
    let session = session.ok_or_else(not_found)?;
    if matches!(reach, Reach::Everybody) && !is_known_to_staff(&rights, &programme, (InvitedTo::Sessions, session)) {
        return Err(not_found());
    }
    let states = read_states(parameters.state)?;
    let (event, limit, counts_all) = (member.cell.id, page.limit + 1, matches!(reach, Reach::Everybody));
    let list = move |connection: &mut Connection| {
        let at = (event, session);
        let filter = (states.as_slice(), reach.delegations());
        let listed = store::list_page(connection, at, filter, ((after.0, &after.1), limit))?;
        let counts = if counts_all { Some(store::count_by_state(connection, event, session)?) } else { None };
        Ok((listed, counts))
    };
    let (listed, counts) = member.app.readers.read(list).await?;
    // Members may have a seat in what the focal point may not know of by themselves.
    if !counts_all && listed.is_empty() && !is_known(&member, &programme, session) {
        return Err(not_found());
    }
    let seats = programme.session(session).and_then(|session| session.seats);
    let counts = counts.map(|counts| Counts::of(seats, &counts));
    let page = page.finish(listed.into_iter().map(keyed).collect());
    Ok(private(StatusCode::OK).json(SessionSignUps { page, counts }))
}

/// The refusal of who looks after neither sessions nor delegations.
pub(super) fn no_reach() -> Problem {
    let detail = "Only those who look after sessions, or after a delegation, may list sign-ups.";
    Problem::new(ProblemCode::Forbidden, detail)
}

/// The states that are asked for: one, or every one that is kept.
pub(super) fn read_states(state: Option<SignUpState>) -> Result<Vec<SignUpState>, Problem> {
    match state {
        None => Ok(SignUpState::KEPT.to_vec()),
        Some(SignUpState::Requested) => {
            let detail = "Only devices know what is requested.";
            Err(Problem::new(ProblemCode::InvalidRequest, detail).at("state"))
        }
        Some(state) => Ok(vec![state]),
    }
}

/// Whether the account sees the session by itself.
pub(super) fn is_known(member: &Member, programme: &Programme, session: RecordId) -> bool {
    let memory = member.cell.read();
    let may_hold = |scope| memory.may_hold(member.who.account, &scope);
    is_visible(programme, (Collection::Sessions, session), &may_hold)
}

impl Counts {
    fn of(seats: Option<u32>, counts: &SessionCounts) -> Self {
        let count = |state| counts.get(&state).copied().unwrap_or(0);
        Self {
            seats,
            confirmed: count(SignUpState::Confirmed),
            offered: count(SignUpState::Offered),
            waitlisted: count(SignUpState::Waitlisted),
        }
    }
}

/// A cursor names the moment and the attendee of the last item.
fn keyed(listed: ListedSignUp) -> (String, SignUpItem) {
    let ListedSignUp { sign_up, name } = listed;
    (format!("{} {}", sign_up.requested_at.0, sign_up.attendee), SignUpItem { name, sign_up })
}

fn read_key(key: Option<&str>) -> Result<(Timestamp, String), Problem> {
    let Some(key) = key else { return Ok((Timestamp(i64::MIN), String::new())) };
    let read = || {
        let (at, attendee) = key.split_once(' ')?;
        Some((Timestamp(at.parse().ok()?), attendee.parse::<AttendeeId>().ok()?.to_string()))
    };
    let unreadable = || Problem::new(ProblemCode::InvalidRequest, "cursor is not one that a page named as next.");
    read().ok_or_else(|| unreadable().at("cursor"))
}
