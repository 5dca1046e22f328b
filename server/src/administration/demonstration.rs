//! The demonstration: a real week and people of every kind, made once and found again.

use shared::ids::{AccountId, AttendeeId, EventId};

use super::{AdministrationError, accounts, attendees, programmes};
use crate::app::App;
use crate::sync::change_log::Role;

/// The event's slug.
pub const EVENT: &str = "csw-2018";

const SAMPLE: &str = include_str!("../../samples/santiago-2018.yaml");

/// Somebody of the demonstration, with a code to sign in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DemonstrationPerson {
    /// What they are.
    pub what: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their address.
    pub email: &'static str,
    /// A code, valid for a day and once.
    pub code: String,
}

/// Name, address, what they are, and their audience.
struct Cast(&'static str, &'static str, &'static str, Option<&'static str>);

const ATTENDEES: [Cast; 4] = [
    Cast(
        "Amalia Quispe",
        "minister@demo.example",
        "minister, in the Regional Policy Dialogue",
        Some("dialogue-delegations"),
    ),
    Cast(
        "Tomás Arrieta",
        "delegate@demo.example",
        "delegate, in the Regional Policy Dialogue",
        Some("dialogue-delegations"),
    ),
    Cast("Irene Salvatierra", "guest@demo.example", "special guest", Some("special-guests")),
    Cast("Joaquín Meza", "participant@demo.example", "participant of the clinic", None),
];

/// Imports the sample where the event is missing, and makes the people. Running it again changes
/// nothing but the codes.
pub async fn prepare(app: &App) -> Result<Vec<DemonstrationPerson>, AdministrationError> {
    if app.events.find_by_slug(EVENT).is_none() {
        programmes::import(app, SAMPLE, false).await?;
    }
    let event = accounts::load_event(app, EVENT)?.id;
    let organiser = make(app, ("Rosa Ferrada", "organiser@demo.example", "organiser")).await?;
    accounts::set_role(app, organiser.0, EVENT, (Role::Organiser, true)).await?;
    let mut people = vec![organiser.1];
    let mut delegation = Vec::new();
    for Cast(name, email, what, audience) in &ATTENDEES {
        let (account, person) = make(app, (name, email, what)).await?;
        let attendee = attend(app, event, (account, name), *audience).await?;
        if *audience == Some("dialogue-delegations") {
            delegation.push(attendee);
        }
        people.push(person);
    }
    let what = "assistant, acts for the minister and the delegate";
    let (assistant, person) = make(app, ("Lucía Brandão", "assistant@demo.example", what)).await?;
    for attendee in delegation {
        attendees::let_act_for(app, event, assistant, attendee).await?;
    }
    people.push(person);
    Ok(people)
}

async fn make(
    app: &App,
    (name, email, what): (&'static str, &'static str, &'static str),
) -> Result<(AccountId, DemonstrationPerson), AdministrationError> {
    let account = accounts::ensure_account(app, email, name, None).await?;
    let (code, _) = app.identity.mint_code(account).await?;
    Ok((account, DemonstrationPerson { what, name, email, code }))
}

async fn attend(
    app: &App,
    event: EventId,
    (account, name): (AccountId, &str),
    audience: Option<&'static str>,
) -> Result<AttendeeId, AdministrationError> {
    let attendee = attendees::ensure_attendee(app, event, account, name).await?;
    if let Some(audience) = audience {
        attendees::add_to_audience(app, event, attendee, audience).await?;
    }
    Ok(attendee)
}
