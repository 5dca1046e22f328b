//! Accounts.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, RunQueryDsl};
use shared::ids::AccountId;
use shared::time::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

use super::read_id;
use crate::database::Connection;
use crate::database::schema::{accounts, enrolments};
use crate::on;

/// The longest name of an account or a device, in characters.
const NAME_MAX_CHARS: usize = 200;

/// Somebody who signs in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its address, normalised; an account that signs in by handed-out codes only has none.
    pub email: Option<String>,
    /// The person's name, as they want to be called.
    pub name: String,
    /// The language they read (BCP 47).
    pub language: Option<String>,
}

/// An account to be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAccount {
    /// Its address, normalised by [`normalise_email`].
    pub email: Option<String>,
    /// The person's name.
    pub name: String,
    /// The language they read.
    pub language: Option<String>,
}

/// An e-mail address in the one form in which it is stored and looked up: NFC and lower case.
/// `None` if no mail can be sent to it.
pub fn normalise_email(typed: &str) -> Option<String> {
    let email: String = typed.trim().nfc().collect::<String>().to_lowercase();
    let sendable = email.len() <= 254 && email.parse::<lettre::Address>().is_ok();
    (sendable && !email.chars().any(|c| c.is_control() || c.is_whitespace())).then_some(email)
}

/// Whether an account or a device may be called so.
pub fn is_acceptable_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= NAME_MAX_CHARS && !name.chars().any(char::is_control)
}

type Row = (String, Option<String>, String, Option<String>);

fn read((id, email, name, language): Row) -> QueryResult<Account> {
    Ok(Account { id: read_id(&id)?, email, name, language })
}

/// The account of that id.
pub fn find_account(conn: &mut Connection, id: AccountId) -> QueryResult<Option<Account>> {
    let query = accounts::table.filter(accounts::id.eq(id.to_string())).select((
        accounts::id,
        accounts::email,
        accounts::name,
        accounts::language,
    ));
    let row: Option<Row> = on!(conn, |c| query.first(c).optional())?;
    row.map(read).transpose()
}

/// The account of that id, if it is a person's and no enrolled device's.
pub fn find_person(conn: &mut Connection, id: AccountId) -> QueryResult<Option<Account>> {
    let enrolled = enrolments::table.filter(enrolments::account_id.eq(id.to_string())).select(enrolments::event_id);
    let enrolled: Option<String> = on!(&mut *conn, |c| enrolled.first(c).optional())?;
    if enrolled.is_some() { Ok(None) } else { find_account(conn, id) }
}

/// The account with that address, which [`normalise_email`] made.
pub fn find_account_by_email(conn: &mut Connection, email: &str) -> QueryResult<Option<Account>> {
    let query = accounts::table.filter(accounts::email.eq(email)).select((
        accounts::id,
        accounts::email,
        accounts::name,
        accounts::language,
    ));
    let row: Option<Row> = on!(conn, |c| query.first(c).optional())?;
    row.map(read).transpose()
}

/// Makes an account. `None` if its address has one already.
pub fn create_account(conn: &mut Connection, new: &NewAccount, now: Timestamp) -> QueryResult<Option<Account>> {
    let id = AccountId(uuid::Uuid::now_v7());
    let row = (
        accounts::id.eq(id.to_string()),
        accounts::email.eq(&new.email),
        accounts::name.eq(&new.name),
        accounts::language.eq(&new.language),
        accounts::created_at.eq(now.0),
    );
    let made = on!(conn, |c| diesel::insert_into(accounts::table).values(row).on_conflict_do_nothing().execute(c))?;
    let NewAccount { email, name, language } = new.clone();
    Ok((made == 1).then_some(Account { id, email, name, language }))
}

/// The account with the address of `new`, made if there is none; one that exists stays as it is.
/// Without an address a new account is made.
pub fn ensure_account(conn: &mut Connection, new: &NewAccount, now: Timestamp) -> QueryResult<Account> {
    if let Some(made) = create_account(conn, new, now)? {
        return Ok(made);
    }
    let email = new.email.as_deref().unwrap_or_default();
    find_account_by_email(conn, email)?.ok_or(diesel::result::Error::NotFound)
}

/// Sets what is given of an account.
pub fn change_account(
    conn: &mut Connection,
    id: AccountId,
    name: Option<&str>,
    language: Option<Option<&str>>,
) -> QueryResult<()> {
    let this = accounts::table.filter(accounts::id.eq(id.to_string()));
    on!(conn, |c| {
        if let Some(name) = name {
            diesel::update(this.clone()).set(accounts::name.eq(name)).execute(c)?;
        }
        if let Some(language) = language {
            diesel::update(this).set(accounts::language.eq(language)).execute(c)?;
        }
        Ok(())
    })
}

/// The hash of an account's password.
pub fn find_password_hash(conn: &mut Connection, id: AccountId) -> QueryResult<Option<String>> {
    let query = accounts::table.filter(accounts::id.eq(id.to_string())).select(accounts::password_hash);
    let hash: Option<Option<String>> = on!(conn, |c| query.first(c).optional())?;
    Ok(hash.flatten())
}

/// Sets the hash of an account's password; whether there is such an account.
pub fn set_password_hash(conn: &mut Connection, id: AccountId, hash: &str) -> QueryResult<bool> {
    let this = accounts::table.filter(accounts::id.eq(id.to_string()));
    let set = on!(conn, |c| diesel::update(this).set(accounts::password_hash.eq(hash)).execute(c))?;
    Ok(set == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_one_text() {
        let normal = Some("jose@example.org".to_owned());
        assert_eq!(normalise_email(" Jose@Example.ORG "), normal);
        let [composed, decomposed] = ["jos\u{e9}@example.org", "jose\u{301}@example.org"].map(normalise_email);
        assert_eq!(composed, decomposed);
        for nonsense in ["", "@", "a@", "@b", "a b@example.org", "a@b@c", "a@example.org\r\nBcc: b@c", &"a".repeat(300)]
        {
            assert_eq!(normalise_email(nonsense), None, "{nonsense}");
        }
    }
}
