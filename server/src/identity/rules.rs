//! What identity decides, as pure functions.

use shared::time::Timestamp;

use super::store::{ActsFor, EventName, FamilyToken, Profile};

/// How long a used refresh token may be shown again by a device that lost the answer.
pub const LOST_ANSWER_MS: i64 = 60_000;

/// What becomes of a refresh token that is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// A new one is given for it.
    Renew,
    /// It is out: it expired, or is none of the family.
    Out,
    /// Two hold it or what was given for it: the device ends.
    Stolen,
}

/// Judges a refresh token by its family.
///
/// A token may be shown again shortly after its use while no token given for it was used: the
/// answer was lost. Of several tokens given for one, the first to be used is the device's; another
/// one shown afterwards means that two hold the family.
pub fn judge_token(hash: &str, family: &[FamilyToken], now: Timestamp) -> Verdict {
    let Some(token) = family.iter().find(|token| token.hash == hash) else { return Verdict::Out };
    if token.expires_at <= now {
        return Verdict::Out;
    }
    let is_overtaken = |parent: &str| {
        family
            .iter()
            .any(|other| other.parent.as_deref() == Some(parent) && other.hash != token.hash && other.used_at.is_some())
    };
    if token.parent.as_deref().is_some_and(is_overtaken) {
        return Verdict::Stolen;
    }
    match token.used_at {
        None => Verdict::Renew,
        Some(at) if now.0 - at.0 <= LOST_ANSWER_MS && !is_overtaken(&token.hash) => Verdict::Renew,
        Some(_) => Verdict::Stolen,
    }
}

/// Whether staff may hand a code to somebody, or why not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandOut {
    /// They may.
    Allowed,
    /// They hold no role that hands out codes at this event.
    NotStaff,
    /// That person has nothing to do with the event.
    Unknown,
    /// The code would give them more than they have themselves.
    WouldGainRights,
}

/// Judges whether `staff` may hand a code for `person` out at an event, named by id or slug.
///
/// Organisers and desks may, for people of their event. With the code one is that person, so
/// nobody gets one that brings more: not a desk for anybody with a role or who acts for others, not an
/// organiser for somebody who has a role or is an attendee at an event that is not theirs.
pub fn judge_hand_out(staff: &Profile, person: &Profile, event: &str) -> HandOut {
    let is_here = |name: &EventName| name.slug == event || name.id.to_string() == event.to_ascii_lowercase();
    let holds = |role: &str| staff.roles.iter().any(|held| is_here(&held.event) && held.role == role);
    if !["organiser", "desk_lead", "desk"].into_iter().any(holds) {
        return HandOut::NotStaff;
    }
    let belongs = person.attendees.iter().any(|attendee| is_here(&attendee.event))
        || person.roles.iter().any(|held| is_here(&held.event));
    if !belongs {
        return HandOut::Unknown;
    }
    let organises = |event: &EventName| staff.roles.iter().any(|held| held.event == *event && held.role == "organiser");
    let is_guest = |attendee: &ActsFor| is_here(&attendee.event) && attendee.relation == "self";
    let gains_nothing = person.roles.iter().all(|held| organises(&held.event))
        && person.attendees.iter().all(|attendee| organises(&attendee.event) || is_guest(attendee));
    if gains_nothing { HandOut::Allowed } else { HandOut::WouldGainRights }
}

#[cfg(test)]
mod tests {
    use shared::ids::{AccountId, AttendeeId, EventId};
    use uuid::Uuid;

    use super::*;
    use crate::identity::store::{Account, RoleHeld};

    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn token(hash: &str, parent: Option<&str>, used_s_ago: Option<i64>) -> FamilyToken {
        FamilyToken {
            hash: hash.to_owned(),
            parent: parent.map(str::to_owned),
            expires_at: Timestamp(NOW.0 + 1),
            used_at: used_s_ago.map(|s| Timestamp(NOW.0 - s * 1000)),
        }
    }

    #[test]
    fn the_newest_token_is_renewed_until_it_expires() {
        let family = [token("a", None, Some(600)), token("b", Some("a"), None)];
        assert_eq!(judge_token("b", &family, NOW), Verdict::Renew);
        assert_eq!(judge_token("b", &family, Timestamp(NOW.0 + 1)), Verdict::Out);
        assert_eq!(judge_token("c", &family, NOW), Verdict::Out);
    }

    #[test]
    fn a_lost_answer_is_asked_for_again_within_a_minute() {
        let family = |used_s_ago| [token("a", None, Some(used_s_ago)), token("b", Some("a"), None)];
        assert_eq!(judge_token("a", &family(60), NOW), Verdict::Renew);
        assert_eq!(judge_token("a", &family(61), NOW), Verdict::Stolen);
    }

    #[test]
    fn a_token_whose_successor_was_used_is_stolen() {
        let family = [token("a", None, Some(5)), token("b", Some("a"), Some(1)), token("c", Some("b"), None)];
        assert_eq!(judge_token("a", &family, NOW), Verdict::Stolen);
    }

    #[test]
    fn of_two_successors_only_the_first_to_be_used_lives() {
        let family = [token("a", None, Some(5)), token("b", Some("a"), Some(1)), token("c", Some("a"), None)];
        assert_eq!(judge_token("c", &family, NOW), Verdict::Stolen);
        let unused = [token("a", None, Some(5)), token("b", Some("a"), None), token("c", Some("a"), None)];
        assert_eq!(judge_token("b", &unused, NOW), Verdict::Renew);
        assert_eq!(judge_token("c", &unused, NOW), Verdict::Renew);
    }

    fn event(n: u128) -> EventName {
        EventName { id: EventId(Uuid::from_u128(n)), slug: format!("event-{n}") }
    }

    fn person(attends: &[u128], roles: &[(u128, &str)]) -> Profile {
        let account = AccountId(Uuid::from_u128(99));
        let name = "A person".to_owned();
        let attendee = |n: &u128| ActsFor {
            id: AttendeeId(Uuid::from_u128(*n)),
            event: event(*n),
            name: name.clone(),
            relation: "self".to_owned(),
            refuses_mail: false,
        };
        Profile {
            account: Account { id: account, email: None, name: name.clone(), language: None },
            attendees: attends.iter().map(attendee).collect(),
            roles: roles.iter().map(|(n, role)| RoleHeld { event: event(*n), role: (*role).to_owned() }).collect(),
        }
    }

    #[test]
    fn staff_hand_codes_to_attendees_of_their_event_only() {
        for role in ["organiser", "desk_lead", "desk"] {
            let staff = person(&[], &[(1, role)]);
            assert_eq!(judge_hand_out(&staff, &person(&[1], &[]), "event-1"), HandOut::Allowed);
            assert_eq!(judge_hand_out(&staff, &person(&[1], &[]), &event(1).id.to_string()), HandOut::Allowed);
            assert_eq!(judge_hand_out(&staff, &person(&[2], &[]), "event-1"), HandOut::Unknown);
            assert_eq!(judge_hand_out(&staff, &person(&[2], &[]), "event-2"), HandOut::NotStaff);
        }
        assert_eq!(judge_hand_out(&person(&[1], &[]), &person(&[1], &[]), "event-1"), HandOut::NotStaff);
        assert_eq!(judge_hand_out(&person(&[], &[(1, "protocol")]), &person(&[1], &[]), "event-1"), HandOut::NotStaff);
    }

    #[test]
    fn nobody_gains_a_role_by_handing_out_a_code() {
        let [organiser, desk] = ["organiser", "desk"].map(|role| person(&[], &[(1, role)]));
        let colleague = person(&[], &[(1, "desk")]);
        assert_eq!(judge_hand_out(&organiser, &colleague, "event-1"), HandOut::Allowed);
        assert_eq!(judge_hand_out(&desk, &colleague, "event-1"), HandOut::WouldGainRights);
        let elsewhere = person(&[1], &[(2, "desk")]);
        assert_eq!(judge_hand_out(&organiser, &elsewhere, "event-1"), HandOut::WouldGainRights);
    }

    #[test]
    fn nobody_gains_people_by_handing_out_a_code() {
        let staff = |roles: &[(u128, &str)]| person(&[], roles);
        let mut assistant = person(&[1, 1], &[]);
        "assistant".clone_into(&mut assistant.attendees[1].relation);
        assert_eq!(judge_hand_out(&staff(&[(1, "organiser")]), &assistant, "event-1"), HandOut::Allowed);
        assert_eq!(judge_hand_out(&staff(&[(1, "desk_lead")]), &assistant, "event-1"), HandOut::WouldGainRights);
        let guest_of_two = person(&[1, 2], &[]);
        assert_eq!(judge_hand_out(&staff(&[(1, "organiser")]), &guest_of_two, "event-1"), HandOut::WouldGainRights);
        let of_both = staff(&[(1, "organiser"), (2, "organiser")]);
        assert_eq!(judge_hand_out(&of_both, &guest_of_two, "event-1"), HandOut::Allowed);
    }
}
