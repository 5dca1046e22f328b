//! The phones of attendees as the server knows them, with what they renew their tokens by.

use cumbre::app::App;
use cumbre::database::Connection;
use cumbre::database::schema::{accounts, devices, refresh_tokens};
use cumbre::identity::fingerprint;
use cumbre::on;
use diesel::{ExpressionMethods, QueryResult, RunQueryDsl};

use crate::{Failure, world};

/// Lines in one statement.
const CHUNK: usize = 500;

/// How long what tokens are renewed by is good, in milliseconds.
const LIFE_MS: i64 = 86_400_000;

/// What the phone of this number renews its tokens by.
pub fn refresh_token(n: u64) -> String {
    format!("refresh-token-of-{n}")
}

/// Signs the phone of each of the first `count` attendees in, so that it may renew its tokens.
pub async fn sign_in(app: &App, count: u64) -> Result<(), Failure> {
    let numbers: Vec<u64> = (0..count).collect();
    let now = app.clock.now().0;
    let write = move |c: &mut Connection| {
        numbers.chunks(CHUNK).try_for_each(|chunk| {
            put(c, chunk, now)?;
            put_refresh_tokens(c, chunk, now)
        })
    };
    Ok(app.writer.system(write).await?)
}

/// Writes the accounts and phones of attendees, where they are not there.
pub fn put(c: &mut Connection, numbers: &[u64], now: i64) -> QueryResult<()> {
    let account = |n: &u64| {
        (
            accounts::id.eq(world::account(*n).to_string()),
            accounts::email.eq(None::<String>),
            accounts::name.eq(format!("Attendee {n}")),
            accounts::language.eq(Some("en")),
            accounts::password_hash.eq(None::<String>),
            accounts::created_at.eq(now),
        )
    };
    let device = |n: &u64| {
        (
            devices::id.eq(world::device(*n).to_string()),
            devices::account_id.eq(world::account(*n).to_string()),
            devices::name.eq("A phone"),
            devices::kind.eq("phone"),
            devices::created_at.eq(now),
            devices::last_seen_at.eq(now),
            devices::revoked_at.eq(None::<i64>),
        )
    };
    let accounts: Vec<_> = numbers.iter().map(account).collect();
    let devices: Vec<_> = numbers.iter().map(device).collect();
    on!(c, |c| {
        diesel::insert_into(accounts::table).values(accounts).on_conflict_do_nothing().execute(&mut *c)?;
        diesel::insert_into(devices::table).values(devices).on_conflict_do_nothing().execute(c)
    })?;
    Ok(())
}

fn put_refresh_tokens(c: &mut Connection, numbers: &[u64], now: i64) -> QueryResult<()> {
    let token = |n: &u64| {
        (
            refresh_tokens::token_hash.eq(fingerprint(&refresh_token(*n))),
            refresh_tokens::parent_hash.eq(None::<String>),
            refresh_tokens::device_id.eq(world::device(*n).to_string()),
            refresh_tokens::issued_at.eq(now),
            refresh_tokens::expires_at.eq(now + LIFE_MS),
            refresh_tokens::used_at.eq(None::<i64>),
        )
    };
    let tokens: Vec<_> = numbers.iter().map(token).collect();
    on!(c, |c| diesel::insert_into(refresh_tokens::table).values(tokens).execute(c))?;
    Ok(())
}
