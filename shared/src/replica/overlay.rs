//! Overlays: what an edit will make of a row, shown before the server has answered.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::ids::AttendeeId;
use crate::signup::{SignUpState, sign_up_id};
use crate::sync::{Mutation, Scope};

/// What an edit does to one row of what is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Effect {
    /// The scope of the row.
    pub scope: String,
    /// Its collection.
    pub collection: &'static str,
    /// Its id.
    pub id: String,
    /// What it becomes; absent where it goes.
    pub value: Option<Value>,
}

/// The id of the row that says that `attendee` has starred `session` (its hyphenated id): a UUID
/// of version 5, so that every device of the attendee makes the same one.
pub fn favourite_id(attendee: AttendeeId, session: &str) -> Uuid {
    Uuid::new_v5(&attendee.0, session.as_bytes())
}

/// What an edit of one's own settings or notes, or a first registration, will do. A seat is shown as
/// requested, since only the server gives it; one that is given back goes. What else is for the server
/// to decide has no overlay: it is shown as pending until it has.
pub fn effect_of(mutation: &Mutation) -> Option<Effect> {
    let attendee = mutation.for_attendee?;
    let scope = Scope::Own(attendee).to_string();
    let text = |name: &str| mutation.args.get(name).and_then(Value::as_str);
    match mutation.op.as_str() {
        "favourite.set" => {
            let id = favourite_id(attendee, text("session")?).to_string();
            let is_on = mutation.args.get("on").and_then(Value::as_bool)?;
            let value = is_on.then(|| json!({ "session": text("session"), "attendee": attendee }));
            Some(Effect { scope, collection: "favourites", id, value })
        }
        "note.put" => {
            let id = text("id")?.to_owned();
            let mut value = json!({ "text": text("text")? });
            let said =
                [("updated_at", mutation.at.map(|at| at.to_string())), ("session", text("session").map(Into::into))];
            for (name, said) in said {
                if let Some(said) = said {
                    value[name] = said.into();
                }
            }
            Some(Effect { scope, collection: "notes", id, value: Some(value) })
        }
        "access_needs.put" | "access_needs.delete" => {
            let value = (mutation.op == "access_needs.put").then(|| mutation.args.clone());
            Some(Effect { scope, collection: "access_needs", id: attendee.to_string(), value })
        }
        "registration.request" => {
            let said = ["category", "part_categories", "delegation", "delegation_role", "is_placeholder", "details"];
            let said = said.into_iter().chain(["answers", "companion_of", "shares"]);
            let mut value = json!({ "status": "requested", "delegation_role": "member", "details": {} });
            for (name, said) in said.filter_map(|name| Some((name, mutation.args.get(name)?))) {
                value[name] = said.clone();
            }
            Some(Effect { scope, collection: "registrations", id: attendee.to_string(), value: Some(value) })
        }
        "reminders.set" => {
            let is_said = mutation.args.as_object().is_some_and(|said| !said.is_empty());
            let value = is_said.then(|| mutation.args.clone());
            Some(Effect { scope, collection: "reminder_choices", id: attendee.to_string(), value })
        }
        "note.delete" => Some(Effect { scope, collection: "notes", id: text("id")?.to_owned(), value: None }),
        "signup.request" | "signup.accept" => {
            let session = text("session")?.parse().ok()?;
            let id = sign_up_id(attendee, session).to_string();
            let mut value = json!({ "session": session, "attendee": attendee, "state": SignUpState::Requested });
            if let Some(at) = mutation.at {
                value["requested_at"] = json!(at);
            }
            Some(Effect { scope, collection: "sign_ups", id, value: Some(value) })
        }
        "signup.cancel" => {
            let id = sign_up_id(attendee, text("session")?.parse().ok()?).to_string();
            Some(Effect { scope, collection: "sign_ups", id, value: None })
        }
        _ => None,
    }
}
