//! The demonstration: a real week and people of every kind, made once and found again.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::{America, Tz};
use serde_json::json;
use shared::ids::{AccountId, AttendeeId, EventId, RecordId};
use shared::programme::{Collection, DelegationDuty};
use shared::time::Timestamp;

use super::{AdministrationError, accounts, attendees, crowd, programmes};
use crate::app::App;
use crate::clock::Clock;
use crate::refusal::read;
use crate::registration::files::Authority;
use crate::registration::{self, Caller, Command, Duty, set_duty, set_duty_phone};
use crate::sync::change_log::{Actor, Role, Unit};

/// The event's slug.
pub const EVENT: &str = "csw-2018";

const SAMPLE: &str = include_str!("../../samples/santiago-2018.yaml");

/// The Sunday on which the week's guests arrive.
const ARRIVAL: Option<NaiveDate> = NaiveDate::from_ymd_opt(2018, 11, 25);

/// Where the week takes place.
const ZONE: Tz = America::Santiago;

/// The people of the week, whom the cast belong to ("more than 600 participants of 26 countries").
const PEOPLE: usize = 640;

/// What the lots of the crowd are drawn by.
const SEED: u64 = 2018;

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

/// Name, address, what they are, their audience, and the slugs of category and delegation.
struct Cast {
    name: &'static str,
    email: &'static str,
    what: &'static str,
    audience: Option<&'static str>,
    category: &'static str,
    delegation: Option<&'static str>,
}

const ATTENDEES: [Cast; 4] = [
    Cast {
        name: "Amalia Quispe",
        email: "minister@demo.example",
        what: "minister, in the Regional Policy Dialogue",
        audience: Some("dialogue-delegations"),
        category: "ministers",
        delegation: Some(DELEGATION),
    },
    Cast {
        name: "Tomás Arrieta",
        email: "delegate@demo.example",
        what: "delegate, in the Regional Policy Dialogue",
        audience: Some("dialogue-delegations"),
        category: "delegates",
        delegation: Some(DELEGATION),
    },
    Cast {
        name: "Irene Salvatierra",
        email: "guest@demo.example",
        what: "special guest",
        audience: Some("special-guests"),
        category: "special-guests",
        delegation: None,
    },
    Cast {
        name: "Joaquín Meza",
        email: "participant@demo.example",
        what: "participant of the clinic",
        audience: None,
        category: "participants",
        delegation: None,
    },
];

/// Who looks after the delegation of the cast: name, address and number, what they are, and their duty.
const CARETAKERS: [(&str, (&str, &str), &str, DelegationDuty); 2] = [
    (
        "Gabriela Rocha",
        ("focal-point@demo.example", "+591 2 2408 111"),
        "focal point, registers and chooses for the delegation of Bolivia",
        DelegationDuty::FocalPoint,
    ),
    (
        "Camila Ossandón",
        ("liaison@demo.example", "+56 9 5555 0142"),
        "liaison officer of the delegation of Bolivia",
        DelegationDuty::Liaison,
    ),
];

/// The delegation of the cast.
const DELEGATION: &str = "bo";

/// The machine's clock put back by whole weeks into the week of the event: the same day of the week,
/// at the same hour there. So sessions are to come, running and over as they were. A Saturday is the
/// eve of the arrival, with everything to come, not the day after, with nothing left to do.
pub fn clock_of_the_week(now: Timestamp) -> Clock {
    let local = now.to_utc().with_timezone(&ZONE).naive_local();
    let eve = ARRIVAL.and_then(|arrival| arrival.pred_opt());
    let weeks = eve.map_or(0, |eve| (local.date() - eve).num_days().div_euclid(7));
    let there = local.checked_sub_signed(TimeDelta::weeks(weeks));
    let there = there.and_then(|local| Timestamp::from_local(local, ZONE));
    Clock::shifted_by(there.map_or(0, |there| there.0 - now.0))
}

/// What a clock shows where the week takes place, in words.
pub fn describe_now(clock: &Clock) -> String {
    clock.now().to_utc().with_timezone(&ZONE).format("%A %-d %B %Y, %H:%M").to_string()
}

/// Imports the sample where the event is missing, and makes the people; `with_crowd` says whether the
/// hundreds of others come as well. Running it again changes nothing but the codes.
pub async fn prepare(app: &App, with_crowd: bool) -> Result<Vec<DemonstrationPerson>, AdministrationError> {
    let is_new = app.events.find_by_slug(EVENT).is_none();
    if is_new {
        programmes::import(app, SAMPLE, false).await?;
    }
    let event = accounts::load_event(app, EVENT)?.id;
    let organiser = make(app, ("Rosa Ferrada", "organiser@demo.example", "organiser")).await?;
    accounts::set_role(app, organiser.0, EVENT, (Role::Organiser, true)).await?;
    let mut people = vec![organiser.1];
    let mut delegation = Vec::new();
    let mut cast = Vec::new();
    for one in &ATTENDEES {
        let (account, person) = make(app, (one.name, one.email, one.what)).await?;
        let attendee = attend(app, event, (account, one.name), one.audience).await?;
        if one.delegation.is_some() {
            delegation.push(attendee);
        }
        cast.push((attendee, one));
        people.push(person);
    }
    let what = "assistant, acts for the minister and the delegate";
    let (assistant, person) = make(app, ("Lucía Brandão", "assistant@demo.example", what)).await?;
    for attendee in delegation {
        attendees::let_act_for(app, event, assistant, attendee).await?;
    }
    people.push(person);
    if is_new && with_crowd {
        crowd::gather(app, EVENT, crowd::Order { people: PEOPLE - ATTENDEES.len(), seed: SEED }).await?;
        for (attendee, one) in cast {
            register(app, event, (attendee, one)).await?;
        }
    }
    if with_crowd {
        for (name, (email, phone), what, duty) in CARETAKERS {
            let (account, person) = make(app, (name, email, what)).await?;
            look_after(app, event, (account, duty, phone)).await?;
            people.push(person);
        }
    }
    Ok(people)
}

/// Gives an account a duty for the delegation of the cast.
async fn look_after(
    app: &App,
    event: EventId,
    (account, duty, phone): (AccountId, DelegationDuty, &'static str),
) -> Result<(), AdministrationError> {
    let give = move |unit: &mut Unit<'_>| match find(unit, Collection::Delegations, DELEGATION) {
        Some(delegation) => {
            set_duty(unit, Actor::default(), Duty { delegation, account, duty }, true)?;
            set_duty_phone(unit, Actor::default(), (delegation, account), phone)
        }
        None => Ok(()),
    };
    app.writer.unit(event, give).await?;
    Ok(())
}

fn find(unit: &Unit<'_>, collection: Collection, slug: &str) -> Option<RecordId> {
    unit.group.programme().find_by_slug(collection, slug).map(|record| record.id)
}

async fn register(
    app: &App,
    event: EventId,
    (attendee, one): (AttendeeId, &'static Cast),
) -> Result<(), AdministrationError> {
    let rights = Authority::CommandLine.rights();
    let register = move |unit: &mut Unit<'_>| {
        let category = find(unit, Collection::Categories, one.category);
        let delegation = one.delegation.and_then(|slug| find(unit, Collection::Delegations, slug));
        let request = read(&json!({ "category": category, "delegation": delegation, "status": "confirmed" }))?;
        let caller = Caller { actor: Actor { attendee: Some(attendee), ..Actor::default() }, rights: &rights };
        registration::run(unit, &caller, attendee, &Command::Request(Box::new(request), false))?;
        Ok(())
    };
    app.writer.unit(event, register).await?;
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(now: &str) -> String {
        let now: Timestamp = serde_json::from_value(json!(now)).unwrap();
        let there = clock_of_the_week(now).now().0 - Clock::system().now().0 + now.0;
        // A millisecond may pass between the two looks at the clock.
        Timestamp((there + 500).div_euclid(1_000) * 1_000).to_utc().with_timezone(&ZONE).to_string()
    }

    #[test]
    fn the_clock_of_the_demonstration_shows_the_same_day_and_hour_in_the_week_of_the_event() {
        assert_eq!(shown("2026-11-22T12:30:00Z"), "2018-11-25 09:30:00 -03", "a Sunday");
        assert_eq!(shown("2026-11-29T02:59:00Z"), "2018-11-24 23:59:00 -03", "still Saturday in Santiago");
        assert_eq!(shown("2026-07-06T12:00:00Z"), "2018-11-26 08:00:00 -03", "a Monday in winter, one hour behind");
        assert_eq!(shown("2018-11-28T12:00:00Z"), "2018-11-28 09:00:00 -03");
        assert_eq!(shown("2018-11-20T12:00:00Z"), "2018-11-27 09:00:00 -03", "before the week");
    }
}
