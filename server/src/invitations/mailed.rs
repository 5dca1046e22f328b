//! What the page behind a mailed link shows: the invitation as the invited may see what it is to.

use serde::Serialize;
use serde_json::Value;
use shared::invitation::{Answer, EntryTerms, Invitation, InvitedTo};
use shared::localised::Localised;
use shared::programme::{Collection, Programme, RecordBody, State};
use shared::sync::Scope;
use shared::time::{Day, Timestamp};

use crate::sync::projection::row_seen_by;

/// What an invitation is shown with.
pub struct Scene<'a> {
    /// The programme as it is now.
    pub programme: &'a Programme,
    /// Which scopes the invited may hold.
    pub may_hold: &'a dyn Fn(Scope) -> bool,
    /// When it is shown.
    pub now: Timestamp,
}

/// An invitation as its page shows it. Times are points in time; a part, or a session without a time,
/// has days.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct MailedInvitation {
    event: EventShown,
    object: ObjectShown,
    invitee: Named,
    answer: Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    word: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delegate: Option<DelegateShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<Timestamp>,
    can_answer: bool,
    can_delegate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    over_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct EventShown {
    slug: String,
    title: Localised,
    time_zone: String,
    languages: Vec<String>,
    fallback_language: String,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct ObjectShown {
    collection: InvitedTo,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Localised>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<Localised>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_on: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<Day>,
    #[serde(flatten)]
    place: Place,
    state: State,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize)]
struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<Localised>,
    #[serde(skip_serializing_if = "Option::is_none")]
    venue: Option<Localised>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct Named {
    name: String,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
struct DelegateShown {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl MailedInvitation {
    /// How an invitation is shown to somebody with this name, who may have named an attendee with that
    /// one; none where there is no event to be seen, or nothing of what it is to.
    pub fn of(scene: &Scene<'_>, invitation: &Invitation, (name, delegate): (String, Option<String>)) -> Option<Self> {
        let (_, event) = scene.programme.event().filter(|(_, event)| event.state != State::Draft)?;
        let terms = EntryTerms::of(scene.programme, (invitation.collection, invitation.object))?;
        let object = ObjectShown::of(scene, invitation, terms.state)?;
        let why_not = match terms.state {
            State::Published if terms.is_over(scene.now) => Some("over"),
            State::Published => None,
            State::Draft | State::Cancelled => Some("cancelled"),
        };
        let delegate = invitation
            .delegated_to
            .as_ref()
            .map(|given| DelegateShown { name: given.name.clone().or(delegate), email: given.email.clone() });
        Some(Self {
            event: EventShown {
                slug: event.slug.clone(),
                title: event.title.clone(),
                time_zone: event.time_zone.clone(),
                languages: event.languages.clone(),
                fallback_language: event.fallback_language.clone(),
            },
            object,
            invitee: Named { name },
            answer: invitation.answer,
            word: invitation.word.clone(),
            delegate,
            answered_at: invitation.answered_at,
            can_answer: why_not.is_none(),
            can_delegate: why_not.is_none() && invitation.delegated_by.is_none(),
            why_not,
            over_at: terms.ends_at,
        })
    }
}

impl ObjectShown {
    fn of(scene: &Scene<'_>, invitation: &Invitation, state: State) -> Option<Self> {
        let row = row_seen_by(scene.programme, invitation.object_key(), scene.may_hold)?;
        let day: Option<Day> = field(&row, "day");
        let part = field(&row, "part")
            .and_then(|part| row_seen_by(scene.programme, (Collection::Parts, part), scene.may_hold));
        Some(Self {
            collection: invitation.collection,
            title: field(&row, "title"),
            number: field(&row, "number"),
            part: part.and_then(|part| field(&part, "title")),
            starts_at: field(&row, "starts_at"),
            ends_at: field(&row, "ends_at"),
            starts_on: field(&row, "starts_on").or(day),
            ends_on: field(&row, "ends_on").or(day),
            place: Place::of(scene.programme, &row),
            state,
        })
    }
}

impl Place {
    /// Rooms and venues are for everybody to know; that this is where it takes place, the row says.
    fn of(programme: &Programme, row: &Value) -> Self {
        let body = |collection, id| programme.find(collection, id).map(|record| &record.body);
        let room = match field(row, "room").and_then(|room| body(Collection::Rooms, room)) {
            Some(RecordBody::Rooms(room)) => Some(room),
            _ => None,
        };
        let venue = room.map(|room| room.venue).or_else(|| field(row, "venue"));
        let venue = match venue.and_then(|venue| body(Collection::Venues, venue)) {
            Some(RecordBody::Venues(venue)) => Some(venue),
            _ => None,
        };
        Self {
            room: room.map(|room| room.name.clone()),
            venue: venue.map(|venue| venue.name.clone()),
            address: venue.and_then(|venue| venue.address.clone()),
        }
    }
}

fn field<T: serde::de::DeserializeOwned>(row: &Value, name: &str) -> Option<T> {
    serde_json::from_value(row.get(name)?.clone()).ok()
}
