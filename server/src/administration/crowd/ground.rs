//! What an event needs before a crowd can come: categories, delegations, and what people are invited
//! to and sign up for.

use std::collections::BTreeSet;
use std::sync::Arc;

use diesel::QueryResult;
use serde_json::{Value, json};
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::InvitedTo;
use shared::programme::{AdmissionPolicy, Collection, Programme, RecordKey, State};
use uuid::Uuid;

use super::countries::COUNTRIES;
use super::roll::Kind;
use crate::administration::AdministrationError;
use crate::app::App;
use crate::programme::operations::{Verb, run};
use crate::registration::store::find_head;
use crate::sync::change_log::{Actor, Unit};
use crate::sync::feed::EventCell;

/// What the crowd finds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ground {
    /// The part of the officials.
    pub dialogue: Option<(InvitedTo, RecordId)>,
    /// The part of the guests.
    pub special: Option<(InvitedTo, RecordId)>,
    /// Sessions with seats.
    pub visits: Vec<RecordId>,
    /// Whether there is the part in which some have another category.
    pub has_clinic: bool,
    /// The slugs of the delegations that have a head.
    pub headed: BTreeSet<String>,
}

/// The part in which some of the crowd speak.
const CLINIC: &str = "intensive-clinic";

/// Makes what is missing.
pub async fn prepare(app: &App, cell: &Arc<EventCell>) -> Result<Ground, AdministrationError> {
    let ready = app.writer.unit(cell.id, |unit: &mut Unit<'_>| {
        for (collection, slug, body) in wanted() {
            let programme = unit.group.programme();
            if programme.list(collection).any(|record| record.body.slug() == slug) {
                continue;
            }
            let key: RecordKey = (collection, RecordId(Uuid::now_v7()));
            run(unit, Actor::default(), &Verb::Create { key, body }.into())?;
        }
        let ground = survey(unit.group.programme());
        Ok(Ground { headed: find_headed(unit)?, ..ground })
    });
    Ok(ready.await?.value)
}

fn wanted() -> Vec<(Collection, String, Value)> {
    let categories = [
        (Kind::Minister.category(), "Minister", "Ministro o ministra", "#7a1f2b"),
        (Kind::Delegate.category(), "Delegate", "Delegado o delegada", "#1f4e7a"),
        (Kind::Guest.category(), "Special guest", "Invitado o invitada especial", "#6b4f1d"),
        (Kind::Participant.category(), "Participant", "Participante", "#2d6a3e"),
        ("speakers", "Speaker", "Expositor o expositora", "#54307a"),
    ];
    let category = |(order, (slug, english, spanish, colour)): (usize, (&str, &str, &str, &str))| {
        let body = json!({ "slug": slug, "title": { "en": english, "es": spanish }, "colour": colour,
                           "order": order + 1, "enrolment": "on_approval" });
        (Collection::Categories, slug.to_owned(), body)
    };
    let delegation = |(order, country): (usize, &super::countries::Country)| {
        let slug = country.code.to_lowercase();
        let body = json!({ "slug": slug, "name": { "en": country.english, "es": country.spanish },
                           "country": country.code, "order": order + 1 });
        (Collection::Delegations, slug, body)
    };
    categories.into_iter().enumerate().map(category).chain(COUNTRIES.iter().enumerate().map(delegation)).collect()
}

fn survey(programme: &Programme) -> Ground {
    let mut closed = programme.list(Collection::Parts).filter(|record| {
        let policy = record.body.admission().map(|admission| admission.policy);
        record.body.state() == Some(State::Published) && policy == Some(AdmissionPolicy::ByInvitation)
    });
    let visits = programme
        .sessions()
        .filter(|(_, session)| session.state == State::Published && session.seats.is_some())
        .map(|(id, _)| id)
        .collect();
    Ground {
        dialogue: closed.next().map(|record| (InvitedTo::Parts, record.id)),
        special: closed.next().map(|record| (InvitedTo::Parts, record.id)),
        visits,
        has_clinic: programme.list(Collection::Parts).any(|record| record.body.slug() == CLINIC),
        headed: BTreeSet::new(),
    }
}

fn find_headed(unit: &mut Unit<'_>) -> QueryResult<BTreeSet<String>> {
    let (event, mut headed) = (unit.group.event, BTreeSet::new());
    let nobody = AttendeeId(Uuid::nil());
    let delegations: Vec<(RecordId, String)> = unit
        .group
        .programme()
        .list(Collection::Delegations)
        .map(|record| (record.id, record.body.slug().to_owned()))
        .collect();
    for (id, slug) in delegations {
        if find_head(unit.connection, event, (id, nobody))?.is_some() {
            headed.insert(slug);
        }
    }
    Ok(headed)
}
