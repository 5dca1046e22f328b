//! Whom a dispatch concerns by name: who was told, who is still to be told, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use serde::Serialize;
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, EventId};
use shared::notice::Reason;
use shared::programme::DelegationDuty;
use shared::registration::Registration;
use shared::time::Timestamp;
use uuid::Uuid;

use super::officers::{Officer, list_officers};
use super::store::{CHUNK, damaged};
use crate::database::Connection;
use crate::database::schema::{
    access_needs, accounts, attendee_accounts, attendees, delegation_duties, dispatch_people, duty_phones,
    registrations,
};
use crate::notify::push::{PushEnd, list_of_dispatch};
use crate::on;
use crate::sync::change_log::Relation;

/// Somebody whom a dispatch concerns, as organisers see them.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Person {
    /// Who, where they are an attendee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee: Option<String>,
    /// Whose account it is, where they are a liaison officer and no attendee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Their name.
    pub name: String,
    /// Their delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegation: Option<String>,
    /// Why it concerns them.
    pub reasons: Value,
    /// Whether they stay on the list until they say that they know.
    pub must_acknowledge: bool,
    /// Whether they need something to take part: they are told first.
    pub has_access_needs: bool,
    /// Who looks after their delegation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub liaison: Vec<Liaison>,
    /// When they were told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// When it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_at: Option<Timestamp>,
    /// When it was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// Who told them, where a human did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<ByHand>,
    /// What became of the pushes to their devices.
    pub devices: Vec<DeviceEnd>,
}

impl Person {
    fn of_officer(Officer { account, name, phone, email, told_at, channel, by_hand }: Officer) -> Self {
        Self {
            attendee: None,
            account: Some(account),
            // Nobody looks after them: they are called themselves.
            liaison: vec![Liaison { name: name.clone(), phone, email }],
            name,
            delegation: None,
            reasons: json!([Reason::Liaison]),
            must_acknowledge: false,
            has_access_needs: false,
            told_at,
            channel,
            seen_at: None,
            acknowledged_at: None,
            by_hand,
            devices: Vec::new(),
        }
    }

    /// Whether somebody is still to tell them.
    pub fn must_still_be_told(&self) -> bool {
        let is_settled = self.acknowledged_at.is_some() || self.by_hand.is_some();
        self.told_at.is_none() || (self.must_acknowledge && !is_settled)
    }

    /// What their place in the list goes by: needs first, then duties, then the name.
    pub fn order(&self) -> String {
        let last = |is_first: bool| if is_first { '0' } else { '1' };
        format!("{}{} {} {}", last(self.has_access_needs), last(self.must_acknowledge), self.name, self.key())
    }

    /// Who they are: the id of the attendee, or of the account of somebody who attends nothing.
    pub fn key(&self) -> &str {
        self.attendee.as_ref().or(self.account.as_ref()).map_or("", String::as_str)
    }
}

/// Somebody who looks after a delegation.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Liaison {
    /// Their name.
    pub name: String,
    /// Their telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// That a human told somebody.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ByHand {
    /// When.
    pub at: Timestamp,
    /// The account of who did.
    pub by: String,
    /// What they noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What became of a push to a device.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DeviceEnd {
    /// Where the push stands.
    pub state: String,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Whether the device holds the notice.
    pub holds: bool,
}

type Columns = (
    (String, String, String, bool),
    (Option<i64>, Option<String>, Option<i64>, Option<i64>),
    (Option<i64>, Option<String>, Option<String>),
    (Option<String>, Option<String>),
);

/// Everybody whom a dispatch concerns, or one of them, by the id of their attendee or, where they are none, account.
pub fn list_people(
    c: &mut Connection,
    (event, dispatch): (EventId, Uuid),
    id: Option<Uuid>,
) -> QueryResult<Vec<Person>> {
    let is_theirs =
        attendees::event_id.eq(dispatch_people::event_id).and(attendees::id.eq(dispatch_people::attendee_id));
    let is_registered = registrations::event_id
        .eq(dispatch_people::event_id)
        .and(registrations::attendee_id.eq(dispatch_people::attendee_id));
    let is_in_need = access_needs::event_id
        .eq(dispatch_people::event_id)
        .and(access_needs::attendee_id.eq(dispatch_people::attendee_id));
    let query = dispatch_people::table
        .inner_join(attendees::table.on(is_theirs))
        .left_join(registrations::table.on(is_registered))
        .left_join(access_needs::table.on(is_in_need))
        .filter(dispatch_people::event_id.eq(event.to_string()))
        .filter(dispatch_people::dispatch_id.eq(dispatch.to_string()))
        .select((
            (
                dispatch_people::attendee_id,
                attendees::name,
                dispatch_people::reasons,
                dispatch_people::must_acknowledge,
            ),
            (
                dispatch_people::told_at,
                dispatch_people::channel,
                dispatch_people::seen_at,
                dispatch_people::acknowledged_at,
            ),
            (dispatch_people::by_hand_at, dispatch_people::by_hand_by, dispatch_people::by_hand_note),
            (registrations::delegation_id.nullable(), access_needs::attendee_id.nullable()),
        ));
    let only = id.map(AttendeeId);
    let lines: Vec<Columns> = on!(&mut *c, |c| match only {
        Some(attendee) => query.filter(dispatch_people::attendee_id.eq(attendee.to_string())).load(c)?,
        None => query.load(c)?,
    });
    let delegations: BTreeSet<String> = lines.iter().filter_map(|line| line.3.0.clone()).collect();
    let liaison = list_liaison(c, event, &delegations)?;
    let only: Vec<String> = only.iter().map(ToString::to_string).collect();
    let mut devices: BTreeMap<String, Vec<DeviceEnd>> = BTreeMap::new();
    for PushEnd { attendee, state, failure, holds_at } in list_of_dispatch(c, (event, dispatch), &only)? {
        devices.entry(attendee).or_default().push(DeviceEnd { state, failure, holds: holds_at.is_some() });
    }
    let mut people = Vec::with_capacity(lines.len());
    for ((attendee, name, reasons, must_acknowledge), told, by_hand, (delegation, needs)) in lines {
        people.push(Person {
            devices: devices.remove(&attendee).unwrap_or_default(),
            attendee: Some(attendee),
            account: None,
            name,
            reasons: serde_json::from_str(&reasons).map_err(|_| damaged())?,
            must_acknowledge,
            has_access_needs: needs.is_some(),
            liaison: delegation.as_ref().and_then(|id| liaison.get(id)).cloned().unwrap_or_default(),
            delegation,
            told_at: told.0.map(Timestamp),
            channel: told.1,
            seen_at: told.2.map(Timestamp),
            acknowledged_at: told.3.map(Timestamp),
            by_hand: by_hand.0.map(|at| ByHand {
                at: Timestamp(at),
                by: by_hand.1.unwrap_or_default(),
                note: by_hand.2,
            }),
        });
    }
    people.extend(list_officers(c, (event, dispatch), id.map(AccountId))?.into_iter().map(Person::of_officer));
    people.sort_by_cached_key(Person::order);
    Ok(people)
}

/// The liaison officers of delegations, with the number that they are called at for that, or else the one in their own
/// registration.
fn list_liaison(
    c: &mut Connection,
    event: EventId,
    delegations: &BTreeSet<String>,
) -> QueryResult<BTreeMap<String, Vec<Liaison>>> {
    let event = event.to_string();
    let ids: Vec<&String> = delegations.iter().collect();
    let mut found: BTreeMap<String, Vec<Liaison>> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let is_theirs = duty_phones::event_id
            .eq(delegation_duties::event_id)
            .and(duty_phones::delegation_id.eq(delegation_duties::delegation_id))
            .and(duty_phones::account_id.eq(delegation_duties::account_id));
        let query = delegation_duties::table
            .inner_join(accounts::table.on(accounts::id.eq(delegation_duties::account_id)))
            .left_join(duty_phones::table.on(is_theirs))
            .filter(delegation_duties::event_id.eq(&event))
            .filter(delegation_duties::delegation_id.eq_any(chunk.iter().map(|id| id.as_str())))
            .filter(delegation_duties::active.eq(true))
            .filter(delegation_duties::duty.eq(DelegationDuty::Liaison.as_str()))
            .order((delegation_duties::delegation_id, accounts::name))
            .select((
                delegation_duties::delegation_id,
                accounts::id,
                accounts::name,
                accounts::email,
                duty_phones::phone.nullable(),
            ));
        type Line = (String, String, String, Option<String>, Option<String>);
        let officers: Vec<Line> = on!(&mut *c, |c| query.load(c))?;
        let phones = list_phones(c, &event, officers.iter().map(|(_, account, ..)| account.as_str()).collect())?;
        for (delegation, account, name, email, phone) in officers {
            let phone = phone.or_else(|| phones.get(&account).cloned());
            found.entry(delegation).or_default().push(Liaison { name, phone, email });
        }
    }
    Ok(found)
}

fn list_phones(c: &mut Connection, event: &str, accounts: BTreeSet<&str>) -> QueryResult<BTreeMap<String, String>> {
    let is_own = registrations::event_id
        .eq(attendee_accounts::event_id)
        .and(registrations::attendee_id.eq(attendee_accounts::attendee_id));
    let query = attendee_accounts::table
        .inner_join(registrations::table.on(is_own))
        .filter(attendee_accounts::event_id.eq(event))
        .filter(attendee_accounts::account_id.eq_any(accounts))
        .filter(attendee_accounts::active.eq(true))
        .filter(attendee_accounts::relation.eq(Relation::Myself.as_str()))
        .select((attendee_accounts::account_id, registrations::body));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    let phone = |(account, body): (String, String)| {
        Some((account, serde_json::from_str::<Registration>(&body).ok()?.details.phone?))
    };
    Ok(lines.into_iter().filter_map(phone).collect())
}
