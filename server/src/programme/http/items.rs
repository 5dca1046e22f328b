//! What readers read: organisers the records themselves, everybody else the rows of the scopes that
//! they may hold, and never anything else.

use std::sync::Arc;

use serde_json::{Map, Value};
use shared::ids::RecordId;
use shared::programme::{Collection, Record};
use shared::sync::Scope;
use uuid::Uuid;

use super::access::{Reader, load_programme, not_found};
use crate::app::App;
use crate::identity::SignedIn;
use crate::problem::Problem;
use crate::sync::feed::EventCell;
use crate::sync::projection::row_collection;
use crate::sync::row::{Row, RowCollection};

/// How often the rows are read anew when they change or are dropped meanwhile.
const ATTEMPTS: usize = 5;

/// One record, or one row, as a reader sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// Its id.
    pub id: Uuid,
    /// The commit that last changed it (for a row: in the reader's scope).
    pub rev: u64,
    /// Its fields.
    pub fields: Map<String, Value>,
}

impl Item {
    /// A record as organisers see it.
    pub fn of_record(record: &Record) -> Self {
        Self { id: record.id.0, rev: record.rev, fields: fields_of(record.body.to_json()) }
    }

    fn of_row(row: &Row) -> Option<Self> {
        let value = serde_json::from_str(row.value.as_deref()?).ok()?;
        Some(Self { id: row.key.1, rev: row.rev, fields: fields_of(value) })
    }

    /// A field that is text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str()
    }

    /// Whether a path segment names it: by its id or its slug.
    pub fn is_named(&self, name: &str) -> bool {
        self.text("slug") == Some(name) || Uuid::parse_str(name).is_ok_and(|id| id == self.id)
    }

    /// As it is answered: `id` and `rev`, then the fields.
    pub fn to_json(&self) -> Value {
        let mut whole = Map::with_capacity(self.fields.len() + 2);
        whole.insert("id".to_owned(), self.id.to_string().into());
        whole.insert("rev".to_owned(), self.rev.into());
        whole.extend(self.fields.clone());
        Value::Object(whole)
    }
}

fn fields_of(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Every item of a collection that the reader may see, in no order.
pub async fn list_items(reader: &Reader, collection: RowCollection) -> Result<Vec<Item>, Problem> {
    if reader.rights().is_organiser()
        && let Some(records) = record_collection(collection)
    {
        let programme = load_programme(&reader.app, &reader.cell).await?;
        return Ok(programme.list(records).map(|record| Item::of_record(record)).collect());
    }
    list_rows(&reader.app, &reader.cell, (reader.who, collection)).await
}

/// The item that a path segment names, by id or slug.
pub async fn load_item(reader: &Reader, collection: RowCollection, name: &str) -> Result<Item, Problem> {
    let items = list_items(reader, collection).await?;
    items.into_iter().find(|item| item.is_named(name)).ok_or_else(not_found)
}

/// The record that a path segment names, for an organiser.
pub async fn load_record(
    (app, cell): (&App, &Arc<EventCell>),
    collection: Collection,
    name: &str,
) -> Result<Arc<Record>, Problem> {
    let programme = load_programme(app, cell).await?;
    let found = match Uuid::parse_str(name) {
        Ok(id) => programme.find(collection, RecordId(id)),
        Err(_) => programme.find_by_slug(collection, name),
    };
    found.cloned().ok_or_else(not_found)
}

fn record_collection(rows: RowCollection) -> Option<Collection> {
    Collection::ALL.iter().copied().find(|collection| row_collection(*collection) == rows)
}

async fn list_rows(
    app: &App,
    cell: &Arc<EventCell>,
    (who, collection): (Option<SignedIn>, RowCollection),
) -> Result<Vec<Item>, Problem> {
    for _ in 0..ATTEMPTS {
        for scope in scopes_of(cell, (who, collection)) {
            app.events.load_scope(cell, scope).await?;
        }
        if let Some(items) = read_rows(cell, who, collection) {
            return Ok(items);
        }
    }
    Err(Problem::unavailable("rows were dropped as quickly as they were read"))
}

/// The scopes of the programme that the reader may hold.
fn scopes_of(cell: &EventCell, (who, collection): (Option<SignedIn>, RowCollection)) -> Vec<Scope> {
    let Some(who) = who else { return vec![Scope::Public] };
    let held = cell.read().scopes_of(who.account);
    held.into_iter().filter(|scope| is_of_programme(scope, collection)).collect()
}

/// What is somebody's own is no part of the programme, but for the sessions in which they sit in.
fn is_of_programme(scope: &Scope, collection: RowCollection) -> bool {
    !matches!(scope, Scope::Own(_)) || collection == RowCollection::Sessions
}

/// Rights and rows under one lock; none where a scope's rows are not in memory (any more).
fn read_rows(cell: &EventCell, who: Option<SignedIn>, collection: RowCollection) -> Option<Vec<Item>> {
    let memory = cell.read();
    let held = match who {
        Some(who) => memory.scopes_of(who.account),
        None => [Scope::Public].into(),
    };
    let mut items = Vec::new();
    // Gates come before own scopes in their order: what somebody holds by both is told once.
    for scope in held.into_iter().filter(|scope| is_of_programme(scope, collection)) {
        let kind = scope;
        let Some(scope) = memory.scope(&scope) else { continue };
        let rows = scope.log.as_ref()?.live().filter(|row| row.key.0 == collection);
        for item in rows.filter_map(|row| Item::of_row(row)) {
            if !matches!(kind, Scope::Own(_)) || items.iter().all(|known: &Item| known.id != item.id) {
                items.push(item);
            }
        }
    }
    Some(items)
}
