//! Somebody walks in: registered here, with a badge that every door takes at once.

use std::collections::BTreeMap;

use chrono::Days;
use serde_json::{Value, json};
use shared::admission::ScanTime;
use shared::badge::{Access, BadgeClaims, BadgeSecret, category_mark, event_mark};
use shared::ids::{AttendeeId, RecordId};
use shared::localised::is_line;
use shared::programme::State;
use shared::time::Timestamp;
use uuid::Uuid;

use super::super::error::DeviceError;
use super::key::random;
use super::search::{distance, words_of};
use super::station::{Asking, Station};
use super::words;

/// For how many days after the event's last one badges are valid.
const VALID_AFTER_DAYS: u64 = 7;

/// The operation that registers somebody who walks in.
pub(super) const WALK_IN: &str = "walk_in.register";

impl Station {
    /// In which categories people are registered who walk in.
    pub(super) fn categories(&self, language: &str) -> String {
        let titles: Vec<String> =
            self.roster.list_walk_in_categories(language).into_iter().map(|(_, title)| title).collect();
        words::categories(&titles, language)
    }

    /// Registers somebody: a name, a category as it is called, and an address where there is one. The badge is
    /// good at once, unless an organiser has to approve; what becomes of the registration the server says.
    pub(super) fn walk_in(&mut self, said: &[String], asking: Asking<'_>) -> Result<String, DeviceError> {
        let language = asking.language;
        let part = |place: usize| said.get(place).filter(|text| !text.is_empty());
        let Some(name) = part(0).filter(|name| is_line(name)).cloned() else {
            return Ok(words::not_so(":walk-in", language));
        };
        let Some(category) = self.find_category(part(1).map(String::as_str), language) else {
            return Ok(self.categories(language));
        };
        let at = self.now(asking)?;
        let badge = match self.sign(category, &at)? {
            Some(badge) => badge,
            None => return Ok(words::no_key(language).to_owned()),
        };
        let mut args = json!({ "name": name, "category": category, "badge": badge });
        if let Some(email) = part(2) {
            args["email"] = json!(email);
        }
        let attendee = AttendeeId(Uuid::now_v7());
        self.hand_in((WALK_IN, Uuid::now_v7()), Some(attendee), (args, at.wall))?;
        self.expect_unheard()?;
        Ok(words::registered(&name, (badge.as_str(), self.roster.needs_approval(category)), language))
    }

    /// The category that is called most like it, if it is one; where nothing is said, the only one.
    fn find_category(&self, said: Option<&str>, language: &str) -> Option<RecordId> {
        let said = words_of(said.unwrap_or_default());
        let mut fitting: BTreeMap<usize, Vec<RecordId>> = BTreeMap::new();
        for (id, title) in self.roster.list_walk_in_categories(language) {
            if let Some(far) = distance(&said, &words_of(&title)) {
                fitting.entry(far).or_default().push(id);
            }
        }
        match fitting.into_values().next().as_deref() {
            Some([only]) => Some(*only),
            _ => None,
        }
    }

    /// A badge for somebody of whom the server does not know yet; none before this desk has a key.
    fn sign(&self, category: RecordId, at: &ScanTime) -> Result<Option<String>, DeviceError> {
        let Some(key) = &self.key else { return Ok(None) };
        let Some(number) = self.roster.own_key(&key.public) else { return Ok(None) };
        let claims = BadgeClaims {
            key: number,
            event: event_mark(self.roster.event()),
            secret: BadgeSecret(random()?),
            carrier: u32::from_be_bytes(random()?),
            category: category_mark(category),
            access: if self.roster.needs_approval(category) { Access::default() } else { self.open_to_everybody() },
            not_before: seconds(at.corrected()),
            expires: seconds(self.expiry(at.corrected())),
        };
        Ok(key.signer.sign(&claims).ok())
    }

    /// The marks of somebody who is confirmed and invited nowhere.
    fn open_to_everybody(&self) -> Access {
        let parts = self.roster.places().parts.values();
        let open = parts.filter(|part| part.restricted_by.is_none() && part.state == State::Published);
        open.filter_map(|part| part.mark).fold(Access::CONFIRMED, Access::and)
    }

    fn expiry(&self, now: Timestamp) -> Timestamp {
        let end = self.roster.last_day().and_then(|day| {
            let day = day.0.checked_add_days(Days::new(VALID_AFTER_DAYS + 1))?;
            Timestamp::start_of_day(day, self.roster.zone())
        });
        end.unwrap_or(now)
    }

    /// Says of a walk-in that they are somebody who is registered already, or somebody else after all. Both
    /// are named by their numbers in the last answer.
    pub(super) fn settle(
        &mut self,
        walk_in: usize,
        same_as: Option<usize>,
        asking: Asking<'_>,
    ) -> Result<String, DeviceError> {
        let known = |number: usize| self.person(number).map(|(id, _)| *id);
        let walked_in = self.person(walk_in).filter(|(_, person)| person.walk_in.is_some()).map(|(id, _)| *id);
        let (Some(walked_in), Some(same)) = (walked_in, same_as.map_or(Some(None), |number| known(number).map(Some)))
        else {
            return Ok(words::not_so(":settle", asking.language));
        };
        let args = same.map_or_else(|| json!({}), |same: AttendeeId| json!({ "same_as": same }));
        let at = self.now(asking)?.wall;
        self.hand_in(("walk_in.settle", Uuid::now_v7()), Some(walked_in), (args, at))?;
        Ok(words::noted(asking.language).to_owned())
    }

    /// Puts what was done for somebody into the outbox.
    pub(super) fn hand_in_for(
        &mut self,
        op: &str,
        attendee: AttendeeId,
        (args, asking): (Value, Asking<'_>),
    ) -> Result<String, DeviceError> {
        let at = self.now(asking)?.wall;
        self.hand_in((op, Uuid::now_v7()), Some(attendee), (args, at))?;
        Ok(words::noted(asking.language).to_owned())
    }
}

fn seconds(at: Timestamp) -> u32 {
    u32::try_from(at.0.max(0) / 1_000).unwrap_or(u32::MAX)
}
