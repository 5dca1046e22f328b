//! Who reads the mail about an attendee: they themselves, and those who act for them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::RunQueryDsl;
use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, QueryResult};
use shared::ids::{AccountId, AttendeeId};

use super::Reader;
use crate::database::Connection;
use crate::database::schema::{accounts, attendee_accounts, attendees, mail_refusals, registrations};
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
    /// How it stands to the attendee.
    pub relation: Relation,
    /// Its address.
    pub email: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Whether it wants no mail about the attendee.
    pub refuses: bool,
}

/// Somebody to write to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Addressee {
    /// As whom.
    pub reader: Reader,
    /// Where.
    pub address: String,
    /// In which language, where that is known.
    pub language: Option<String>,
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
            found.extend(address.map(|address| Addressee { reader: Reader::Myself, address, language }));
        }
        for account in self.accounts.iter().filter(|account| !is_own(account) && !account.refuses) {
            let language = account.language.clone();
            let address = of_account(account).filter(|address| !found.iter().any(|known| known.address == *address));
            found.extend(address.map(|address| Addressee { reader: Reader::Assistant, address, language }));
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
    let known: BTreeSet<String> = relations.iter().map(|((_, account), _)| account.to_string()).collect();
    let accounts = list_accounts(unit.connection, known.into_iter().collect())?;
    let refusals = list_refusals(unit.connection, &event, &texts)?;
    for ((attendee, account), relation) in relations {
        let (Some(circle), Some((email, language))) = (circles.get_mut(&attendee), accounts.get(&account)) else {
            continue;
        };
        let refuses = refusals.contains(&(attendee, account));
        circle.accounts.push(AccountInCircle { relation, email: email.clone(), language: language.clone(), refuses });
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

type Contact = (Option<String>, Option<String>);

fn list_accounts(c: &mut Connection, ids: Vec<String>) -> QueryResult<BTreeMap<AccountId, Contact>> {
    let query =
        accounts::table.filter(accounts::id.eq_any(ids)).select((accounts::id, accounts::email, accounts::language));
    let lines: Vec<(String, Option<String>, Option<String>)> = on!(c, |c| query.load(c))?;
    Ok(lines.into_iter().filter_map(|(id, email, language)| Some((id.parse().ok()?, (email, language)))).collect())
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
            relation,
            email: Some(email.to_owned()),
            language: language.map(str::to_owned),
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
