//! Devices that are reached by push, and what became of the pushes to them.

use std::time::Duration;

use cumbre::database::schema::{mails, pushes};
use cumbre::notify::{mail, push};
use cumbre::on;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Actor, Answer, PushServices, Site};

/// Registers the device that somebody asks with.
pub async fn register(actor: &Actor, address: &Value) -> Answer {
    actor.send((Method::PUT, "/v1/account/push"), &[], address).await
}

/// Says what is wanted of the device that somebody asks with.
pub async fn prefer(actor: &Actor, preferences: Value) {
    actor.send((Method::PUT, "/v1/account/push/preferences"), &[], &preferences).await.expect(200);
}

/// Another device of one of the week's people, reached at an address.
pub async fn reached_at(site: &Site, name: &str, address: &Value) -> Actor {
    let actor = site.sign_in(name).await;
    register(&actor, address).await.expect(200);
    actor
}

/// What became of a push.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PushLine {
    /// The device.
    pub device: String,
    /// Where it stands.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it was not taken.
    pub failure: Option<String>,
    /// When it is tried next.
    pub next_attempt_at: i64,
}

/// Every push, the oldest first.
pub async fn list_pushes(site: &Site) -> Vec<PushLine> {
    let query = pushes::table.order(pushes::id).select((
        pushes::device_id,
        pushes::state,
        pushes::attempt_count,
        pushes::failure,
        pushes::next_attempt_at,
    ));
    let lines: Vec<(String, String, i64, Option<String>, i64)> =
        site.node.app().readers.read(move |c| on!(c, |c| query.load(c))).await.unwrap();
    let line =
        |(device, state, attempts, failure, at)| PushLine { device, state, attempts, failure, next_attempt_at: at };
    lines.into_iter().map(line).collect()
}

/// Sends what is due: every push, once none is under way.
pub async fn settled_lines(site: &Site) -> Vec<PushLine> {
    let settling = async {
        loop {
            push::run_due(site.node.app()).await.unwrap();
            let found = list_pushes(site).await;
            let is_open = |line: &PushLine| line.state == "waiting" && line.attempts > 0 && line.failure.is_none();
            if !found.iter().any(is_open) {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), settling).await.unwrap()
}

/// The states of all pushes, with attempts, once none is under way.
pub async fn settled(site: &Site) -> Vec<(String, i64)> {
    settled_lines(site).await.into_iter().map(|line| (line.state, line.attempts)).collect()
}

/// Sends the mails that are due, and waits until none is under way.
pub async fn mails_settled(site: &Site) {
    let app = site.node.app();
    let settling = async {
        loop {
            mail::run_due(app).await.unwrap();
            let now = app.clock.now().0;
            let is_open = mails::next_attempt_at.le(now).or(mails::attempt_count.gt(0));
            let open = mails::table.filter(mails::state.eq("waiting")).filter(is_open).count();
            let count: i64 = app.readers.read(move |c| on!(c, |c| open.get_result(c))).await.unwrap();
            if count == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), settling).await.unwrap();
}

/// One address at each service.
pub fn all_addresses(services: &PushServices) -> [Value; 4] {
    [
        services.browsers.subscribe("browser"),
        services.fcm.register("android"),
        services.apns.register("iphone"),
        json!({ "provider": "webhook", "to": "+56-2-2345-6789" }),
    ]
}
