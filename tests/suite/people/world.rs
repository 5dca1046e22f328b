//! The small week with categories, delegations and registrations.

use cumbre::registration::store::put_registration;
use cumbre::sync::change_log::Unit;
use serde_json::{Value, json};
use shared::ids::RecordId;
use shared::registration::Registration;

use crate::harness::{Actor, Site};

/// The week, as its organiser sets it up.
pub struct World<'a> {
    /// The server and the programme.
    pub site: &'a Site,
    /// The organiser.
    pub olga: Actor,
}

impl<'a> World<'a> {
    /// The week before anybody is registered.
    pub async fn of(site: &'a Site) -> Self {
        Self { site, olga: site.organiser().await }
    }

    /// A path of the week.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/events/{}{rest}", self.site.week.slug)
    }

    /// Makes a record; its id.
    pub async fn create(&self, collection: &str, body: Value) -> RecordId {
        let made = self.olga.post(&self.path(&format!("/{collection}")), &body).await.expect(201).json();
        made["id"].as_str().unwrap().parse().unwrap()
    }

    /// Makes a category with this slug.
    pub async fn category(&self, slug: &str) -> RecordId {
        self.create("categories", json!({ "slug": slug, "title": { "en": slug } })).await
    }

    /// Changes a record by a merge patch.
    pub async fn patch(&self, record: &str, patch: Value) {
        self.olga.patch(&self.path(record), &patch).await.expect(200);
    }

    /// Registers somebody, or changes their registration.
    pub async fn register(&self, name: &str, registration: Value) {
        let (event, attendee) = (self.site.week.event, self.site.week.attendee(name));
        let registration: Registration = serde_json::from_value(registration).unwrap();
        let work = move |unit: &mut Unit<'_>| {
            let at = (unit.group.seq(), unit.group.now);
            put_registration(unit.connection, (event, attendee), &registration, at)?;
            unit.group.attendee_changed(attendee);
            Ok(())
        };
        self.site.node.app().writer.unit(event, work).await.unwrap();
    }

    /// The members of an audience, by name, and why.
    pub async fn members(&self, audience: &str) -> Vec<(String, Value)> {
        let page = self.olga.get(&self.path(&format!("/audiences/{audience}/members"))).await.expect(200).json();
        let mut members: Vec<_> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|member| (member["name"].as_str().unwrap().to_owned(), member["by"].clone()))
            .collect();
        members.sort_by(|a, b| a.0.cmp(&b.0));
        members
    }
}
