//! Who reads the mail about an attendee: they themselves, and those who act for them.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult, RunQueryDsl,
};
use shared::ids::{AccountId, AttendeeId};
use shared::notice::Preferences;

use super::Reader;
use crate::database::Connection;
use crate::database::schema::{
    accounts, attendee_accounts, attendees, devices, mail_refusals, push_devices, registrations,
};
use crate::on;
use crate::sync::change_log::{Relation, Unit};

/// Ids in one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 500;

/// An attendee with all who could read the mail about them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Circle {
    /// The attendee's name.
    pub name: String,
    /// The attendee's language.
    pub language: Option<String>,
    /// The address in the registration.
    pub email: Option<String>,
    /// The accounts that are or act for the attendee.
    pub accounts: Vec<AccountInCircle>,
}

/// An account that is, or acts for, an attendee.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccountInCircle {
    /// Which.
    pub account: AccountId,
    /// How it stands to the attendee.
    pub relation: Relation,
    /// Its address.
    pub email: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// The zone of its user's own clock.
    pub time_zone: Option<Tz>,
    /// Whether it wants no mail about the attendee.
    pub refuses: bool,
}

/// How the user of an account is written to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The address.
    pub email: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// The zone of their own clock, as the device says that they used last of those that say one.
    pub time_zone: Option<Tz>,
}

/// Somebody to write to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Addressee {
    /// As whom.
    pub reader: Reader,
    /// The accounts that are theirs.
    pub accounts: Vec<AccountId>,
    /// Where.
    pub address: String,
    /// In which language, where that is known.
    pub language: Option<String>,
    /// By the clock of which zone beside the event's, where that is known.
    pub time_zone: Option<Tz>,
}

impl Circle {
    /// Who is written to: the attendee at the registration's address, else at the first of their
    /// own accounts, and everybody who acts for them; nobody twice, and nobody who refuses.
    pub fn addressees(&self) -> Vec<Addressee> {
        let is_own = |account: &&AccountInCircle| account.relation == Relation::Myself;
        let own: Vec<&AccountInCircle> = self.accounts.iter().filter(is_own).collect();
        let mut found: Vec<Addressee> = Vec::new();
        let of_account = |account: &AccountInCircle| account.email.clone();
        if !own.iter().any(|account| account.refuses) {
            let address = self.email.clone().or_else(|| own.iter().find_map(|account| of_account(account)));
            let language = self.language.clone().or_else(|| own.iter().find_map(|account| account.language.clone()));
            let time_zone = own.iter().find_map(|account| account.time_zone);
            let accounts = own.iter().map(|account| account.account).collect();
            let addressee = |address| Addressee { reader: Reader::Myself, accounts, address, language, time_zone };
            found.extend(address.map(addressee));
        }
        for account in self.accounts.iter().filter(|account| !is_own(account) && !account.refuses) {
            let (language, time_zone) = (account.language.clone(), account.time_zone);
            let address = of_account(account).filter(|address| !found.iter().any(|known| known.address == *address));
            let accounts = vec![account.account];
            let addressee = |address| Addressee { reader: Reader::Assistant, accounts, address, language, time_zone };
            found.extend(address.map(addressee));
        }
        found.retain(|addressee| is_reachable(&addressee.address));
        found
    }
}

/// Addresses under `.invalid` reach nobody by definition (RFC 6761): invented people have them.
fn is_reachable(address: &str) -> bool {
    !address.ends_with(".invalid")
}

/// The circles of these attendees, as the group has them; who is no attendee has none.
pub fn list_circles(unit: &mut Unit<'_>, ids: &BTreeSet<AttendeeId>) -> QueryResult<BTreeMap<AttendeeId, Circle>> {
    let ids: Vec<AttendeeId> = ids.iter().copied().collect();
    let mut circles = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        circles.extend(load_chunk(unit, chunk)?);
    }
    Ok(circles)
}

fn load_chunk(unit: &mut Unit<'_>, ids: &[AttendeeId]) -> QueryResult<BTreeMap<AttendeeId, Circle>> {
    let event = unit.group.event.to_string();
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut circles = list_attendees(unit.connection, &event, &texts)?;
    let mut relations = list_relations(unit.connection, &event, &texts)?;
    for ((attendee, account), relation) in unit.group.changed_relations() {
        if ids.contains(attendee) {
            relations.retain(|(at, _)| *at != (*attendee, *account));
            relations.extend(relation.map(|relation| ((*attendee, *account), relation)));
        }
    }
    let known: BTreeSet<AccountId> = relations.iter().map(|((_, account), _)| *account).collect();
    let contacts = list_contacts(unit.connection, &known)?;
    let refusals = list_refusals(unit.connection, &event, &texts)?;
    for ((attendee, account), relation) in relations {
        let (Some(circle), Some(contact)) = (circles.get_mut(&attendee), contacts.get(&account)) else { continue };
        let refuses = refusals.contains(&(attendee, account));
        let Contact { email, language, time_zone, .. } = contact.clone();
        circle.accounts.push(AccountInCircle { account, relation, email, language, time_zone, refuses });
    }
    Ok(circles)
}

fn list_attendees(c: &mut Connection, event: &str, ids: &[String]) -> QueryResult<BTreeMap<AttendeeId, Circle>> {
    type Line = (String, String, Option<String>, Option<String>);
    let is_theirs = registrations::event_id.eq(attendees::event_id).and(registrations::attendee_id.eq(attendees::id));
    let query = attendees::table
        .left_join(registrations::table.on(is_theirs))
        .filter(attendees::event_id.eq(event))
        .filter(attendees::id.eq_any(ids))
        .select((attendees::id, attendees::name, attendees::language, registrations::email.nullable()));
    let lines: Vec<Line> = on!(c, |c| query.load(c))?;
    let read = |(id, name, language, email): Line| {
        Some((id.parse().ok()?, Circle { name, language, email, accounts: Vec::new() }))
    };
    Ok(lines.into_iter().filter_map(read).collect())
}

type Related = ((AttendeeId, AccountId), Relation);

fn list_relations(c: &mut Connection, event: &str, ids: &[String]) -> QueryResult<Vec<Related>> {
    let query = attendee_accounts::table
        .filter(attendee_accounts::event_id.eq(event))
        .filter(attendee_accounts::attendee_id.eq_any(ids))
        .filter(attendee_accounts::active.eq(true))
        .order((attendee_accounts::attendee_id, attendee_accounts::account_id))
        .select((attendee_accounts::attendee_id, attendee_accounts::account_id, attendee_accounts::relation));
    let lines: Vec<(String, String, String)> = on!(c, |c| query.load(c))?;
    let read = |(attendee, account, relation): (String, String, String)| {
        Some(((attendee.parse().ok()?, account.parse().ok()?), Relation::of_word(&relation)))
    };
    Ok(lines.into_iter().filter_map(read).collect())
}

/// How the users of these accounts are written to: one line for each device that was set up, with what is wanted of
/// it and when it was last used.
pub fn list_contacts(c: &mut Connection, ids: &BTreeSet<AccountId>) -> QueryResult<BTreeMap<AccountId, Contact>> {
    type Line = ((String, String, Option<String>, Option<String>), Option<String>, Option<i64>);
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let is_in_use = devices::id.eq(push_devices::device_id).and(devices::revoked_at.is_null());
    let query = accounts::table
        .left_join(push_devices::table.on(push_devices::account_id.eq(accounts::id)))
        .left_join(devices::table.on(is_in_use))
        .filter(accounts::id.eq_any(ids))
        .select((
            (accounts::id, accounts::name, accounts::email, accounts::language),
            push_devices::preferences.nullable(),
            devices::last_seen_at.nullable(),
        ));
    let mut lines: Vec<Line> = on!(c, |c| query.load(c))?;
    lines.sort_by_key(|(_, _, last_seen_at)| *last_seen_at);
    let mut found: BTreeMap<AccountId, Contact> = BTreeMap::new();
    for ((id, name, email, language), preferences, last_seen_at) in lines {
        let Ok(id) = id.parse() else { continue };
        let contact = found.entry(id).or_insert(Contact { name, email, language, time_zone: None });
        let preferences = preferences.filter(|_| last_seen_at.is_some());
        let preferences: Option<Preferences> = preferences.and_then(|text| serde_json::from_str(&text).ok());
        contact.time_zone = preferences.and_then(|wanted| wanted.time_zone).or(contact.time_zone);
    }
    Ok(found)
}

fn list_refusals(c: &mut Connection, event: &str, ids: &[String]) -> QueryResult<BTreeSet<(AttendeeId, AccountId)>> {
    let query = mail_refusals::table
        .filter(mail_refusals::event_id.eq(event))
        .filter(mail_refusals::attendee_id.eq_any(ids))
        .select((mail_refusals::attendee_id, mail_refusals::account_id));
    let lines: Vec<(String, String)> = on!(c, |c| query.load(c))?;
    Ok(lines.into_iter().filter_map(|(a, account)| Some((a.parse().ok()?, account.parse().ok()?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(relation: Relation, email: &str, language: Option<&str>) -> AccountInCircle {
        AccountInCircle {
            account: AccountId(uuid::Uuid::nil()),
            relation,
            email: Some(email.to_owned()),
            language: language.map(str::to_owned),
            time_zone: None,
            refuses: false,
        }
    }

    fn told(circle: &Circle) -> Vec<(Reader, String, Option<String>)> {
        circle.addressees().into_iter().map(|a| (a.reader, a.address, a.language)).collect()
    }

    fn ana() -> Circle {
        let accounts = vec![
            account(Relation::Assistant, "sol@example.org", Some("pt")),
            account(Relation::Myself, "ana@example.org", Some("fr")),
        ];
        Circle { name: "Ana".to_owned(), accounts, ..Circle::default() }
    }

    #[test]
    fn the_attendee_and_those_who_act_for_them_are_written_to_each_in_their_language() {
        let sol = (Reader::Assistant, "sol@example.org".to_owned(), Some("pt".to_owned()));
        let mut circle = ana();
        let own = |address: &str, language: &str| (Reader::Myself, address.to_owned(), Some(language.to_owned()));
        assert_eq!(told(&circle), [own("ana@example.org", "fr"), sol.clone()]);
        circle.email = Some("ministry@example.org".to_owned());
        circle.language = Some("es".to_owned());
        assert_eq!(told(&circle), [own("ministry@example.org", "es"), sol]);
    }

    #[test]
    fn nobody_is_written_to_twice_at_one_address_or_against_their_will() {
        let mut circle = ana();
        circle.email = Some("sol@example.org".to_owned());
        assert_eq!(told(&circle).len(), 1);
        circle.accounts[1].refuses = true;
        assert_eq!(told(&circle)[0].0, Reader::Assistant);
        circle.accounts[0].refuses = true;
        assert_eq!(told(&circle), []);
    }

    #[test]
    fn invented_people_get_no_mail() {
        let circle = Circle { email: Some("rosa@delegation.invalid".to_owned()), ..Circle::default() };
        assert_eq!(told(&circle), []);
    }
}
