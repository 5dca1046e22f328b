//! What a person sees: the rows held, with overlays, and stubs only where the row itself is not held.

use std::collections::{BTreeMap, BTreeSet};

use super::edits::decode;
use super::{HeldRow, Replica, ReplicaError, ReplicaStore, ReplicaTransaction, RowFilter, effect_of};
use crate::ids::AccountId;

/// The collections that this version shows. Others are stored and counted.
pub const KNOWN_COLLECTIONS: &[&str] = &[
    "events",
    "series",
    "organisations",
    "venues",
    "rooms",
    "tracks",
    "people",
    "attendees",
    "delegations",
    "delegation_details",
    "delegation_members",
    "categories",
    "audiences",
    "parts",
    "part_stubs",
    "choice_groups",
    "sessions",
    "session_stubs",
    "exhibitors",
    "documents",
    "document_stubs",
    "overview_entries",
    "access_areas",
    "checkpoints",
    "vehicles",
    "roster_sessions",
    "roster_parts",
    "roster_devices",
    "badges",
    "badge_keys",
    "void_badges",
    "door_guests",
    "desk_people",
    "protocol_guests",
    "passengers",
    "admissions",
    "incidents",
    "moved_sessions",
    "handovers",
    "loans",
    "roster_categories",
    "roster_delegations",
    "favourites",
    "notes",
    "registrations",
    "access_needs",
    "invitations",
    "stand_ins",
    "sign_ups",
    "session_fills",
    "notices",
    "dispatches",
    "reminder_choices",
    "duties",
];

/// A collection of stubs, and the one that they stand in for.
const STUBS: &[(&str, &str)] =
    &[("session_stubs", "sessions"), ("part_stubs", "parts"), ("document_stubs", "documents")];

/// One row as it is shown.
#[derive(Clone, PartialEq, Debug)]
pub struct ShownRow {
    /// The scope that it is from.
    pub scope: String,
    /// The collection.
    pub collection: String,
    /// The id within the collection.
    pub id: String,
    /// The commit that last changed it; absent where only an overlay stands.
    pub rev: Option<u64>,
    /// The row as JSON.
    pub value: String,
    /// Whether an edit shows in it that the server has not confirmed, or whose effect has not
    /// arrived.
    pub is_pending: bool,
}

impl<S: ReplicaStore> Replica<S> {
    /// The rows to show, by (scope, collection, id).
    pub fn read(&mut self, filter: &RowFilter) -> Result<Vec<ShownRow>, ReplicaError> {
        let account = self.account;
        self.store.transact(|tx| {
            let held = tx.list_rows(filter)?;
            let covered = list_covered(tx, &held)?;
            let mut shown: BTreeMap<_, _> = held
                .into_iter()
                .filter(|row| KNOWN_COLLECTIONS.contains(&row.collection.as_str()))
                .filter(|row| !covered.contains(&(row.collection.clone(), row.id.clone())))
                .map(|row| ((row.scope.clone(), row.collection.clone(), row.id.clone()), ShownRow::from(row)))
                .collect();
            lay_over(tx, account, filter, &mut shown)?;
            Ok(shown.into_values().collect())
        })
    }

    /// The rows held, as the server sent them, by (scope, collection, id): no overlays, and all
    /// collections.
    pub fn list_held(&mut self, filter: &RowFilter) -> Result<Vec<HeldRow>, ReplicaError> {
        self.store.transact(|tx| tx.list_rows(filter))
    }

    /// How many rows are held of collections that this version does not show, by collection.
    pub fn count_unknown(&mut self) -> Result<Vec<(String, u64)>, ReplicaError> {
        let counts = self.store.transact(|tx| tx.count_collections())?;
        Ok(counts.into_iter().filter(|(name, _)| !KNOWN_COLLECTIONS.contains(&name.as_str())).collect())
    }
}

impl From<HeldRow> for ShownRow {
    fn from(row: HeldRow) -> Self {
        let HeldRow { scope, collection, id, rev, value, .. } = row;
        Self { scope, collection, id, rev: Some(rev), value, is_pending: false }
    }
}

/// The stubs among `held` whose row is held itself, in whatever scope, as (collection, id).
fn list_covered(tx: &mut dyn ReplicaTransaction, held: &[HeldRow]) -> Result<BTreeSet<(String, String)>, ReplicaError> {
    let mut covered = BTreeSet::new();
    for (stubs, whole) in STUBS {
        if held.iter().any(|row| row.collection == *stubs) {
            let rows = tx.list_rows(&RowFilter::of_collection(whole))?;
            covered.extend(rows.into_iter().map(|row| ((*stubs).to_owned(), row.id)));
        }
    }
    Ok(covered)
}

fn lay_over(
    tx: &mut dyn ReplicaTransaction,
    account: AccountId,
    filter: &RowFilter,
    shown: &mut BTreeMap<(String, String, String), ShownRow>,
) -> Result<(), ReplicaError> {
    for edit in tx.list_edits(account, None, usize::MAX)? {
        let Some(effect) = effect_of(&decode(&edit)?).filter(|_| edit.is_shown) else { continue };
        let is_wanted = filter.scope.as_ref().is_none_or(|scope| *scope == effect.scope)
            && filter.collection.as_ref().is_none_or(|collection| collection == effect.collection);
        if !is_wanted {
            continue;
        }
        let key = (effect.scope, effect.collection.to_owned(), effect.id);
        let former = shown.remove(&key);
        if let Some(value) = effect.value {
            let (scope, collection, id) = key.clone();
            let rev = former.and_then(|row| row.rev);
            shown.insert(key, ShownRow { scope, collection, id, rev, value: value.to_string(), is_pending: true });
        }
    }
    Ok(())
}
