//! One-time codes and links.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::AccountId;
use shared::time::Timestamp;

use super::read_id;
use crate::database::Connection;
use crate::database::schema::sign_in_codes;
use crate::identity::secrets::{Pepper, fingerprint, is_same};
use crate::on;

/// How many wrong tries a mailed code bears. Its link bears any number: nobody guesses it, so a
/// stranger who wastes the tries cannot keep the owner out.
const MOST_WRONG_TRIES: i64 = 5;

/// How long a code that is out is kept.
const KEPT_MS: i64 = 24 * 3_600_000;

const MAILED: &str = "mail";
const HANDED_OUT: &str = "staff";

/// A code to be stored.
#[derive(Clone)]
pub struct NewCode {
    /// Whom it signs in; a newcomer's key, where the account is made by it.
    pub account: AccountId,
    /// Its characters.
    pub code: String,
    /// How it reaches them.
    pub channel: Channel,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// How a code reaches somebody.
#[derive(Clone)]
pub enum Channel {
    /// By mail, with the secret of a link where there is an account.
    Mail(Option<String>),
    /// By staff.
    Staff,
}

/// What somebody shows to sign in.
#[derive(Clone)]
pub enum Attempt {
    /// A code that staff handed out.
    HandedOut(String),
    /// A code that was mailed to this account, or newcomer's key.
    Mailed(AccountId, String),
    /// The secret of a mailed link.
    Link(String),
}

/// Stores a code, and clears away what is long out.
pub fn save_code(conn: &mut Connection, pepper: &Pepper, new: &NewCode, now: Timestamp) -> QueryResult<()> {
    let (channel, code_hash, link) = match &new.channel {
        Channel::Mail(link) => (MAILED, pepper.seal_mailed(new.account, &new.code), link.as_deref()),
        Channel::Staff => (HANDED_OUT, pepper.seal_handed_out(&new.code), None),
    };
    let row = (
        sign_in_codes::id.eq(uuid::Uuid::now_v7().to_string()),
        sign_in_codes::account_id.eq(new.account.to_string()),
        sign_in_codes::channel.eq(channel),
        sign_in_codes::code_hash.eq(code_hash),
        sign_in_codes::link_hash.eq(link.map(fingerprint)),
        sign_in_codes::created_at.eq(now.0),
        sign_in_codes::expires_at.eq(new.expires_at.0),
        sign_in_codes::failed_count.eq(0),
    );
    let out = sign_in_codes::table
        .filter(sign_in_codes::account_id.eq(new.account.to_string()))
        .filter(sign_in_codes::expires_at.lt(now.0 - KEPT_MS));
    on!(conn, |c| {
        diesel::delete(out).execute(c)?;
        diesel::insert_into(sign_in_codes::table).values(row).execute(c)?;
        Ok(())
    })
}

/// Uses up what was shown: the account that it signs in, or `None`, and then the try is counted.
pub fn redeem(
    conn: &mut Connection,
    pepper: &Pepper,
    attempt: &Attempt,
    now: Timestamp,
) -> QueryResult<Option<AccountId>> {
    let found = match attempt {
        Attempt::HandedOut(code) => find_handed_out(conn, &pepper.seal_handed_out(code), now)?,
        Attempt::Link(secret) => find_linked(conn, &fingerprint(secret), now)?,
        Attempt::Mailed(account, code) => {
            let found = find_mailed(conn, *account, &pepper.seal_mailed(*account, code), now)?;
            if found.is_none() {
                count_wrong_try(conn, *account, now)?;
            }
            found
        }
    };
    let Some((id, account)) = found else { return Ok(None) };
    let unused = sign_in_codes::table.filter(sign_in_codes::id.eq(id)).filter(sign_in_codes::used_at.is_null());
    let used = on!(conn, |c| diesel::update(unused).set(sign_in_codes::used_at.eq(now.0)).execute(c))?;
    if used == 1 { read_id(&account).map(Some) } else { Ok(None) }
}

/// The id and account of a code.
type Found = Option<(String, String)>;

fn find_handed_out(conn: &mut Connection, sealed: &str, now: Timestamp) -> QueryResult<Found> {
    let query = sign_in_codes::table
        .filter(sign_in_codes::code_hash.eq(sealed))
        .filter(sign_in_codes::channel.eq(HANDED_OUT))
        .filter(sign_in_codes::used_at.is_null())
        .filter(sign_in_codes::expires_at.gt(now.0))
        .select((sign_in_codes::id, sign_in_codes::account_id));
    on!(conn, |c| query.first(c).optional())
}

fn find_linked(conn: &mut Connection, hash: &str, now: Timestamp) -> QueryResult<Found> {
    let query = sign_in_codes::table
        .filter(sign_in_codes::link_hash.eq(hash))
        .filter(sign_in_codes::used_at.is_null())
        .filter(sign_in_codes::expires_at.gt(now.0))
        .select((sign_in_codes::id, sign_in_codes::account_id));
    on!(conn, |c| query.first(c).optional())
}

fn find_mailed(conn: &mut Connection, account: AccountId, sealed: &str, now: Timestamp) -> QueryResult<Found> {
    let query = sign_in_codes::table
        .filter(sign_in_codes::account_id.eq(account.to_string()))
        .filter(sign_in_codes::channel.eq(MAILED))
        .filter(sign_in_codes::used_at.is_null())
        .filter(sign_in_codes::expires_at.gt(now.0))
        .filter(sign_in_codes::failed_count.lt(MOST_WRONG_TRIES))
        .select((sign_in_codes::id, sign_in_codes::code_hash));
    let open: Vec<(String, String)> = on!(conn, |c| query.load(c))?;
    let mut found = None;
    // All are compared, so that the time does not tell which one matched.
    for (id, hash) in open {
        if is_same(&hash, sealed) {
            found = Some((id, account.to_string()));
        }
    }
    Ok(found)
}

/// A wrong code might have been meant for any that is open.
fn count_wrong_try(conn: &mut Connection, account: AccountId, now: Timestamp) -> QueryResult<()> {
    let open = sign_in_codes::table
        .filter(sign_in_codes::account_id.eq(account.to_string()))
        .filter(sign_in_codes::channel.eq(MAILED))
        .filter(sign_in_codes::used_at.is_null())
        .filter(sign_in_codes::expires_at.gt(now.0));
    let once_more = sign_in_codes::failed_count.eq(sign_in_codes::failed_count + 1);
    on!(conn, |c| diesel::update(open).set(once_more).execute(c))?;
    Ok(())
}
