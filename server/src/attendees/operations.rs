//! The verbs of attendees and their accounts.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId};
use shared::localised::{is_language_tag, is_text};
use shared::problem_code::ProblemCode;
use shared::programme::{Collection, RecordBody};
use shared::sync::Scope;

use super::passengers::leave_vehicles;
use super::store::{self, Attendee};
use crate::badges;
use crate::check_in;
use crate::desk_work;
use crate::duties;
use crate::identity::{NewAccount, ensure_account, find_person, normalise_email};
use crate::invitations;
use crate::notify::inbox;
use crate::refusal::{Failure, Refusal};
use crate::registration;
use crate::signups;
use crate::sync::change_log::{Actor, AuditLine, Relation, Unit};
use crate::sync::row::RowCollection;

/// The longest name of an attendee, in characters.
const NAME_MAX_CHARS: usize = 200;

/// Somebody to enter.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAttendee {
    /// Their name, as on a badge.
    pub name: String,
    /// The language that they read, by BCP 47 tag.
    #[serde(default)]
    pub language: Option<String>,
    /// The address of their own account, which is made where there is none. An account that is another attendee of
    /// the event acts for this one instead: whoever enters people does not learn by that whose address it is.
    #[serde(default)]
    pub email: Option<String>,
}

/// A merge patch of an attendee (RFC 7396): what is missing stays.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendeePatch {
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another language; null takes it away.
    #[serde(default, deserialize_with = "read_present")]
    pub language: Option<Option<String>>,
    /// The address of their own account from now on.
    #[serde(default)]
    pub email: Option<String>,
}

/// Tells a field that is null from one that is absent.
fn read_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Enters somebody under a new id.
///
/// # Errors
///
/// A name, language or address that cannot be; the id is of somebody who was erased.
pub fn create_attendee(unit: &mut Unit<'_>, actor: Actor, id: AttendeeId, new: &NewAttendee) -> Result<(), Failure> {
    if store::is_erased(unit.connection, unit.group.event, id)? {
        return Err(not_found());
    }
    let attendee =
        Attendee { id, name: new.name.trim().to_owned(), language: new.language.clone(), created_at: unit.group.now };
    require_valid(&attendee)?;
    write(unit, (actor, "attendee.create"), (None, &attendee))?;
    if let Some(email) = &new.email {
        let account = ensure_account_of(unit, &attendee.name, email)?;
        let relation = if is_of_another(unit, (account, id))? { Relation::Assistant } else { Relation::Myself };
        unit.group.set_relation(id, account, Some(relation));
    }
    Ok(())
}

/// Changes somebody.
///
/// # Errors
///
/// There is no such attendee; a name, language or address that cannot be; another attendee has the account
/// that is to take the place of this one's.
pub fn change_attendee(
    unit: &mut Unit<'_>,
    actor: Actor,
    id: AttendeeId,
    patch: &AttendeePatch,
) -> Result<(), Failure> {
    let before = load(unit, id)?;
    let mut after = before.clone();
    if let Some(name) = &patch.name {
        name.trim().clone_into(&mut after.name);
    }
    if let Some(language) = &patch.language {
        after.language.clone_from(language);
    }
    require_valid(&after)?;
    if after != before {
        write(unit, (actor, "attendee.change"), (Some(&before), &after))?;
    }
    if let Some(email) = &patch.email {
        give_own_account(unit, &after, email)?;
    }
    Ok(())
}

/// Takes somebody away with everything that is theirs.
///
/// # Errors
///
/// There is no such attendee; a person of the programme is linked to them.
pub fn delete_attendee(unit: &mut Unit<'_>, actor: Actor, id: AttendeeId) -> Result<(), Failure> {
    let before = store::find_attendee(unit.connection, unit.group.event, id)?.ok_or_else(not_found)?;
    refuse_linked(unit, id)?;
    let event = unit.group.event;
    for account in store::list_accounts(unit.connection, event, &[id])? {
        unit.group.set_relation(id, account.account, None);
    }
    registration::forget(unit, id)?;
    invitations::forget(unit, id)?;
    signups::forget(unit, id)?;
    check_in::forget(unit, id)?;
    desk_work::forget(unit, id)?;
    badges::forget(unit, id)?;
    duties::forget(unit, id)?;
    leave_vehicles(unit, (actor, "attendee.delete"), id);
    end_own_rows(unit, id)?;
    unit.group.put_row(Scope::Organiser, (RowCollection::Attendees, id.0), None);
    inbox::forget(unit, id)?;
    for audience in store::delete_attendee(unit.connection, event, id)? {
        unit.group.audience_changed(audience, [id]);
    }
    audit(unit, (actor, "attendee.delete"), id, (Some(row_of(&before)), None));
    Ok(())
}

/// Takes every row out of an attendee's own scope.
pub fn end_own_rows(unit: &mut Unit<'_>, id: AttendeeId) -> QueryResult<()> {
    let own = Scope::Own(id);
    let mut keys = store::list_own_rows(unit.connection, unit.group.event, &own.to_string())?;
    keys.extend(unit.group.row_keys(own));
    keys.into_iter().for_each(|key| unit.group.put_row(own, key, None));
    Ok(())
}

/// Says which account is or acts for an attendee; `None` ends it.
///
/// # Errors
///
/// There is no such attendee or account; the account is another attendee.
pub fn set_relation(
    unit: &mut Unit<'_>,
    actor: Actor,
    (attendee, account): (AttendeeId, AccountId),
    relation: Option<Relation>,
) -> Result<(), Failure> {
    load(unit, attendee)?;
    let known = store::list_accounts(unit.connection, unit.group.event, &[attendee])?;
    let before = known.into_iter().find(|known| known.account == account);
    match (&before, relation) {
        (None, None) => return Err(not_found()),
        (Some(before), Some(relation)) if before.relation == relation.as_str() => return Ok(()),
        (None, Some(_)) if find_person(unit.connection, account)?.is_none() => {
            let detail = "There is no such account.";
            return Err(Refusal::new(ProblemCode::UnknownReference, detail).at("/account").into());
        }
        _ => {}
    }
    if relation == Some(Relation::Myself) && is_of_another(unit, (account, attendee))? {
        return Err(of_another("/relation").into());
    }
    unit.group.set_relation(attendee, account, relation);
    let told = |relation: &str| json!({ "account": account, "relation": relation });
    let before = before.map(|before| told(&before.relation));
    audit(unit, (actor, "attendee.account"), attendee, (before, relation.map(|relation| told(relation.as_str()))));
    Ok(())
}

/// The account with an address, made where there is none.
///
/// # Errors
///
/// An address that cannot be.
pub fn ensure_account_of(unit: &mut Unit<'_>, name: &str, email: &str) -> Result<AccountId, Failure> {
    let refused = || Refusal::new(ProblemCode::InvalidValue, "The address cannot receive mail.").at("/email");
    let email = normalise_email(email).ok_or_else(refused)?;
    let new = NewAccount { email: Some(email), name: name.to_owned(), language: None };
    Ok(ensure_account(unit.connection, &new, unit.group.now)?.id)
}

/// Refuses a name that cannot stand in one line.
pub fn require_name(name: &str) -> Result<(), Refusal> {
    let good = is_text(name) && name.chars().count() <= NAME_MAX_CHARS && !name.contains(['\n', '\t']);
    let detail = "A name is one line of 1 to 200 characters.";
    if good { Ok(()) } else { Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/name")) }
}

/// Whether an account is the attendee's own.
fn has_own_account(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<bool> {
    Ok(list_relations(unit, attendee)?.values().any(|relation| *relation == Relation::Myself))
}

/// Whether an account other than this one is the attendee's own, or acts for them. Which of the two it does depends
/// on who else has it, and whoever asks for somebody else must not find that out.
pub fn has_other_account(unit: &mut Unit<'_>, attendee: AttendeeId, but: Option<AccountId>) -> QueryResult<bool> {
    Ok(list_relations(unit, attendee)?.keys().any(|account| Some(*account) != but))
}

/// The attendee's accounts, as the group has them.
fn list_relations(unit: &mut Unit<'_>, attendee: AttendeeId) -> QueryResult<BTreeMap<AccountId, Relation>> {
    let stored = store::list_accounts(unit.connection, unit.group.event, &[attendee])?;
    let read = |known: store::AccountOf| (known.account, Relation::of_word(&known.relation));
    let mut relations: BTreeMap<AccountId, Relation> = stored.into_iter().map(read).collect();
    let changed = unit.group.changed_relations().iter().filter(|((of, _), _)| *of == attendee);
    for ((_, account), relation) in changed {
        match relation {
            Some(relation) => relations.insert(*account, *relation),
            None => relations.remove(account),
        };
    }
    Ok(relations)
}

/// Whether an account is another attendee of the event than this one, as the group has it.
fn is_of_another(unit: &mut Unit<'_>, (account, attendee): (AccountId, AttendeeId)) -> QueryResult<bool> {
    let mut own: BTreeSet<AttendeeId> =
        store::list_attendees_who_are(unit.connection, unit.group.event, account)?.into_iter().collect();
    let changed = unit.group.changed_relations().iter().filter(|((_, of), _)| *of == account);
    for ((of, _), relation) in changed {
        if *relation == Some(Relation::Myself) {
            own.insert(*of)
        } else {
            own.remove(of)
        };
    }
    own.remove(&attendee);
    Ok(!own.is_empty())
}

fn of_another(field: &str) -> Refusal {
    let detail = "The account is another attendee; it can act for this one as an assistant.";
    Refusal::new(ProblemCode::WrongState, detail).at(field)
}

/// Gives an attendee another account of their own. One that is another attendee acts for this one, where they have
/// none yet, and takes nobody's place.
fn give_own_account(unit: &mut Unit<'_>, attendee: &Attendee, email: &str) -> Result<(), Failure> {
    let account = ensure_account_of(unit, &attendee.name, email)?;
    if is_of_another(unit, (account, attendee.id))? {
        if has_own_account(unit, attendee.id)? {
            return Err(of_another("/email").into());
        }
        unit.group.set_relation(attendee.id, account, Some(Relation::Assistant));
        return Ok(());
    }
    for known in store::list_accounts(unit.connection, unit.group.event, &[attendee.id])? {
        if known.account != account && known.relation == Relation::Myself.as_str() {
            unit.group.set_relation(attendee.id, known.account, None);
        }
    }
    unit.group.set_relation(attendee.id, account, Some(Relation::Myself));
    Ok(())
}

fn require_valid(attendee: &Attendee) -> Result<(), Refusal> {
    require_name(&attendee.name)?;
    if attendee.language.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
        let detail = "This is not a language tag such as es or pt-BR.";
        return Err(Refusal::new(ProblemCode::InvalidValue, detail).at("/language"));
    }
    Ok(())
}

/// A person of the programme who is this attendee would point to nobody.
fn refuse_linked(unit: &Unit<'_>, id: AttendeeId) -> Result<(), Refusal> {
    let mut people = unit.group.programme().list(Collection::People);
    let linked =
        people.find(|record| matches!(&record.body, RecordBody::People(person) if person.attendee == Some(id)));
    match linked {
        None => Ok(()),
        Some(record) => {
            let detail = format!("The person {} of the programme is this attendee.", record.body.slug());
            Err(Refusal::new(ProblemCode::StillReferenced, detail))
        }
    }
}

fn load(unit: &mut Unit<'_>, id: AttendeeId) -> Result<Attendee, Failure> {
    store::find_live_attendee(unit.connection, unit.group.event, id)?.ok_or_else(not_found)
}

fn not_found() -> Failure {
    Refusal::new(ProblemCode::NotFound, "There is no such thing, or not for you.").into()
}

fn row_of(attendee: &Attendee) -> Value {
    let mut row = json!({ "name": attendee.name });
    if let Some(language) = &attendee.language {
        row["language"] = language.as_str().into();
    }
    row
}

fn write(
    unit: &mut Unit<'_>,
    who: (Actor, &str),
    (before, after): (Option<&Attendee>, &Attendee),
) -> Result<(), Failure> {
    match before {
        None => store::insert_attendee(unit.connection, unit.group.event, after)?,
        Some(_) => store::update_attendee(unit.connection, unit.group.event, after)?,
    }
    let row = row_of(after);
    let key = (RowCollection::Attendees, after.id.0);
    unit.group.put_row(Scope::Own(after.id), key, Some(&row));
    unit.group.put_row(Scope::Organiser, key, Some(&row));
    unit.group.attendee_changed(after.id);
    audit(unit, who, after.id, (before.map(row_of), Some(row)));
    Ok(())
}

fn audit(
    unit: &mut Unit<'_>,
    (actor, operation): (Actor, &str),
    id: AttendeeId,
    (before, after): (Option<Value>, Option<Value>),
) {
    let operation = operation.to_owned();
    unit.group.audit(AuditLine { actor, operation, collection: "attendees", record: id.0, before, after });
}
