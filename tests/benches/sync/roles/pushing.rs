//! What the measured server is told to do about pushes.

use std::path::Path;
use std::time::Duration;

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cumbre::app::App;
use cumbre::database::Connection;
use cumbre::database::schema::{dispatch_people, favourites, push_devices, pushes};
use cumbre::notify::dispatches::{self, DispatchState};
use cumbre::notify::held::{Wording, delete_all, release_now};
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, QueryResult, RunQueryDsl};
use serde_json::{Value, json};

use super::phones;
use crate::{Failure, world};

/// The variable with the address of the services that are pushed to.
pub const SERVICES: &str = "CUMBRE_BENCH_PUSH_SERVICES";

/// Lines in one statement.
const CHUNK: usize = 500;

/// How often it is looked whether something is done.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The settings of a server that pushes to the services, if there are some.
pub fn settings(folder: &Path) -> Result<Vec<(&'static str, String)>, Failure> {
    let Ok(base) = std::env::var(SERVICES) else { return Ok(Vec::new()) };
    let document: Pkcs8V1Der<'static> = KeyPair::generate(KeySize::Rsa2048)?.as_der()?;
    let key =
        format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(document.as_ref()));
    let account = json!({ "project_id": "bench", "client_email": "bench@example.org", "private_key": key,
        "token_uri": format!("{base}/token") });
    let file = folder.with_extension("account.json");
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&file, account.to_string())?;
    Ok(vec![
        ("push_private_networks", "127.0.0.0/8".to_owned()),
        ("fcm_service_account", file.display().to_string()),
        ("fcm_url", base),
    ])
}

/// Gives each of the first `count` attendees an account with one device that is reached by a provider, and the star
/// on the first session. Where it is quiet there, pushes are written and wait.
pub async fn reach(app: &App, (provider, count): (&str, u64), is_quiet: bool) -> Result<(), Failure> {
    let base = std::env::var(SERVICES)?;
    let key = PrivateKey::generate(&ECDH_P256)?;
    let public = URL_SAFE_NO_PAD.encode(key.compute_public_key()?.as_ref());
    let keys = json!({ "p256dh": public, "auth": URL_SAFE_NO_PAD.encode([7; 16]) });
    let address = |n: u64| match provider {
        "fcm" => json!({ "provider": "fcm", "token": format!("token-{n:08}-{}", "x".repeat(140)) }),
        _ => json!({ "provider": "web_push", "endpoint": format!("{base}/push/{n}"), "keys": keys }),
    };
    let quiet_hours = json!({ "from": "00:00", "to": "23:59", "time_zone": "UTC" });
    let preferences = if is_quiet { json!({ "quiet_hours": quiet_hours }) } else { json!({}) };
    let addresses: Vec<(u64, String)> = (0..count).map(|n| (n, address(n).to_string())).collect();
    let (provider, preferences, now) = (provider.to_owned(), preferences.to_string(), app.clock.now().0);
    let write = move |c: &mut Connection| {
        // Nobody is to be told that the event was filled.
        delete_all(c, world::event())?;
        on!(&mut *c, |c| diesel::delete(push_devices::table).execute(c))?;
        addresses.chunks(CHUNK).try_for_each(|chunk| write_chunk(c, chunk, (&provider, &preferences), now))
    };
    Ok(app.writer.system(write).await?)
}

fn write_chunk(
    c: &mut Connection,
    chunk: &[(u64, String)],
    (provider, preferences): (&str, &str),
    now: i64,
) -> QueryResult<()> {
    let reached = |(n, address): &(u64, String)| {
        (
            push_devices::device_id.eq(world::device(*n).to_string()),
            push_devices::account_id.eq(world::account(*n).to_string()),
            push_devices::provider.eq(provider.to_owned()),
            push_devices::address.eq(address.clone()),
            push_devices::preferences.eq(preferences.to_owned()),
            push_devices::registered_at.eq(now),
        )
    };
    let star = |(n, _): &(u64, String)| {
        (
            favourites::event_id.eq(world::event().to_string()),
            favourites::attendee_id.eq(world::attendee(*n).to_string()),
            favourites::session_id.eq(world::public_session(0).to_string()),
        )
    };
    let numbers: Vec<u64> = chunk.iter().map(|(n, _)| *n).collect();
    phones::put(c, &numbers, now)?;
    let reached: Vec<_> = chunk.iter().map(reached).collect();
    let stars: Vec<_> = chunk.iter().map(star).collect();
    on!(c, |c| {
        diesel::insert_into(push_devices::table).values(reached).execute(&mut *c)?;
        diesel::insert_into(favourites::table).values(stars).on_conflict_do_nothing().execute(c)
    })?;
    Ok(())
}

/// Moves the first session, lets the change go at once, and returns when it is in everybody's inbox: how many
/// statements of this function's own there were.
pub async fn tell(app: &App, version: u64) -> Result<String, Failure> {
    world::move_session(app, 0, version).await?;
    let cell = app.events.find(world::event()).ok_or("there is no event")?;
    let release =
        move |unit: &mut cumbre::sync::change_log::Unit<'_>| Ok(release_now(unit, &cell.read(), &Wording::default())?);
    let id = app.writer.unit(world::event(), release).await?.value.ok_or("there was nothing to tell")?;
    for looks in 1_u64.. {
        let find = move |c: &mut Connection| dispatches::find(c, world::event(), id);
        if app.readers.read(find).await?.is_some_and(|dispatch| dispatch.state == DispatchState::Sent) {
            return Ok(looks.to_string());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Err("it was never sent".into())
}

/// Lets go of every push that waits: no device is to be left alone any more.
pub async fn let_go(app: &App) -> Result<(), Failure> {
    let waiting = pushes::table.filter(pushes::state.eq("waiting"));
    let due = move |c: &mut Connection| {
        on!(c, |c| {
            diesel::update(push_devices::table).set(push_devices::preferences.eq("{}")).execute(&mut *c)?;
            diesel::update(waiting).set(pushes::next_attempt_at.eq(0)).execute(c)
        })
    };
    app.writer.system(due).await?;
    app.push.wake();
    Ok(())
}

/// Pushes that wait, those that were not taken, and people who were told of what went out last.
pub async fn count(app: &App) -> Result<Value, Failure> {
    let count = |c: &mut Connection| {
        let of_state = |state: &'static str| pushes::table.filter(pushes::state.eq(state)).count();
        let told = dispatch_people::table.filter(dispatch_people::told_at.is_not_null()).count();
        on!(c, |c| {
            let waiting: i64 = of_state("waiting").get_result(&mut *c)?;
            let failed: i64 = of_state("failed").get_result(&mut *c)?;
            QueryResult::Ok((waiting, failed, told.get_result::<i64>(c)?))
        })
    };
    Ok(json!(app.readers.read(count).await?))
}
