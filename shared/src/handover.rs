//! What desks hand out, lend and take back: facts that nothing changes, like scans.
//!
//! What is out follows from all facts about an item, whoever hands them in and in whatever order: they count
//! in the order of their corrected times, ties by id. What is lent while it is out has two holders, until it
//! comes back; whoever stands at the desk sees both.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::admission::ScanTime;
use crate::ids::{AttendeeId, EventId, HandoverId, RecordId};
use crate::localised::{is_line, is_text};
use crate::object;
use crate::reading::{Misfit, read};
use crate::time::Timestamp;

/// The most people for whom one signature stands.
const MOST_ATTENDEES: usize = 500;
/// The longest kind or number of an item, in characters.
const ITEM_MAX_CHARS: usize = 60;
/// The most strokes of a signature, and the most numbers in all of them.
const MOST_STROKES: usize = 200;
const MOST_NUMBERS: usize = 8_000;
/// The largest coordinate of a signature.
const FARTHEST: u16 = 4_095;

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverKind {
    /// Something is the person's from now on.
    HandedOut,
    /// Something is with the person until it comes back.
    Lent,
    /// Something came back.
    TakenBack,
}

/// What is handed out for good.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandedOut {
    /// Their printed badge.
    Badge,
    /// Their envelope.
    Envelope,
}

/// Something that is lent, as its label says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What it is: `receiver` for interpretation.
    pub kind: String,
    /// Its number.
    pub number: String,
}

impl Item {
    /// The id of its row: a UUID of version 5, in the event's namespace, of its kind and number.
    pub fn row_id(&self, event: EventId) -> Uuid {
        Uuid::new_v5(&event.0, format!("{}\0{}", self.kind, self.number).as_bytes())
    }
}

/// One fact, as it travels and as it is kept. What was wrong is taken back by another one (`undoes`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// Its id, made by the device.
    pub id: HandoverId,
    /// What was done; absent where a fact is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<HandoverKind>,
    /// When.
    pub at: ScanTime,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<RecordId>,
    /// For whom: with one signature for everybody whose things one of them takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attendees: Vec<AttendeeId>,
    /// What was handed out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub what: BTreeSet<HandedOut>,
    /// What was lent or came back.
    #[serde(default, deserialize_with = "object::optional", skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// The delegation whose things they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<RecordId>,
    /// Who took them, where it was somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_by: Option<String>,
    /// The signature: strokes, each of coordinates across and down in turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signature: Vec<Vec<u16>>,
    /// What is to be known besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The fact that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<HandoverId>,
}

impl Handover {
    /// Reads one that a device hands in.
    ///
    /// # Errors
    ///
    /// The field at fault: of the wrong form, missing for what was done, or more than anybody writes.
    pub fn read(value: &Value) -> Result<Self, Misfit> {
        let fact: Self = read(value)?;
        match fact.list_faults().into_iter().next() {
            None => Ok(fact),
            Some((field, problem)) => Err(Misfit { field: field.to_owned(), problem: problem.to_owned() }),
        }
    }

    fn list_faults(&self) -> Vec<(&'static str, &'static str)> {
        let is_short = |text: &String| is_line(text) && text.chars().count() <= ITEM_MAX_CHARS;
        let (has_item, count) = (self.item.is_some(), self.attendees.len());
        let distinct: BTreeSet<&AttendeeId> = self.attendees.iter().collect();
        let fits = match self.kind {
            None => [("/kind", self.undoes.is_some()), ("/attendees", count == 0), ("/item", !has_item)],
            Some(HandoverKind::HandedOut) => {
                [("/what", !self.what.is_empty()), ("/attendees", count > 0), ("/item", !has_item)]
            }
            Some(HandoverKind::Lent) => {
                [("/what", self.what.is_empty()), ("/attendees", count == 1), ("/item", has_item)]
            }
            Some(HandoverKind::TakenBack) => {
                [("/what", self.what.is_empty()), ("/attendees", count <= 1), ("/item", has_item)]
            }
        };
        let wrong_shape =
            fits.into_iter().filter(|(_, fits)| !fits).map(|(field, _)| (field, "does not go with what was done"));
        let numbers: usize = self.signature.iter().map(Vec::len).sum();
        let is_drawn = self.signature.len() <= MOST_STROKES
            && numbers <= MOST_NUMBERS
            && self.signature.iter().all(|stroke| !stroke.is_empty() && stroke.len() % 2 == 0)
            && self.signature.iter().flatten().all(|at| *at <= FARTHEST);
        let checks = [
            ("/undoes", self.undoes.is_none() || self.kind.is_none(), "goes with nothing else that was done"),
            ("/attendees", count <= MOST_ATTENDEES, "names more than 500 people"),
            ("/attendees", distinct.len() == count, "names somebody twice"),
            (
                "/item/kind",
                self.item.as_ref().is_none_or(|item| is_short(&item.kind)),
                "is not one line of at most 60 characters",
            ),
            (
                "/item/number",
                self.item.as_ref().is_none_or(|item| is_short(&item.number)),
                "is not one line of at most 60 characters",
            ),
            ("/received_by", self.received_by.as_deref().is_none_or(is_line), "is not a line of text"),
            ("/note", self.note.as_deref().is_none_or(is_text), "is no text"),
            ("/at/boot", self.at.boot.as_deref().is_none_or(is_line), "is not a line of text"),
            ("/signature", is_drawn, "is not at most 200 strokes of pairs of numbers up to 4,095, 8,000 in all"),
        ];
        let wrong = checks.into_iter().filter(|(_, fits, _)| !fits).map(|(field, _, problem)| (field, problem));
        wrong_shape.chain(wrong).collect()
    }

    /// Under what it is kept: a UUID of version 5 of its whole content.
    pub fn fact(&self) -> Uuid {
        Uuid::new_v5(&self.id.0, &serde_json::to_vec(self).unwrap_or_default())
    }

    /// What desks see of it: everything but how the signature looks.
    pub fn row(&self) -> Option<HandoverRow> {
        Some(HandoverRow {
            kind: self.kind?,
            at: self.at.corrected(),
            attendees: self.attendees.clone(),
            what: self.what.clone(),
            item: self.item.clone(),
            delegation: self.delegation,
            received_by: self.received_by.clone(),
            is_signed: !self.signature.is_empty(),
            note: self.note.clone(),
        })
    }
}

/// A fact as desks see it (`handovers`): the row's id is the fact's. One that was taken back has none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandoverRow {
    /// What was done.
    pub kind: HandoverKind,
    /// When, by the server's clock as far as the device knew it.
    pub at: Timestamp,
    /// For whom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attendees: Vec<AttendeeId>,
    /// What was handed out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub what: BTreeSet<HandedOut>,
    /// What was lent or came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Item>,
    /// The delegation whose things they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<RecordId>,
    /// Who took them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_by: Option<String>,
    /// Whether somebody signed for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_signed: bool,
    /// What is to be known besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Something that is out (`loans`): the row's id is [`Item::row_id`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    /// What.
    pub item: Item,
    /// With whom; more than one where it was lent again before it came back.
    pub holders: Vec<Holder>,
}

/// Somebody with whom something is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// The fact that says so.
    pub handover: HandoverId,
    /// Who.
    pub attendee: AttendeeId,
    /// Since when.
    pub at: Timestamp,
}

/// The facts that nobody took back, each once, in their order.
pub fn effective(facts: &[Handover]) -> Vec<&Handover> {
    let undone: BTreeSet<HandoverId> = facts.iter().filter_map(|fact| fact.undoes).collect();
    let counts = |fact: &&Handover| fact.undoes.is_none() && !undone.contains(&fact.id);
    let in_order: BTreeMap<(Timestamp, HandoverId, Uuid), &Handover> =
        facts.iter().filter(counts).map(|fact| ((fact.at.corrected(), fact.id, fact.fact()), fact)).collect();
    in_order.into_values().collect()
}

/// With whom an item is, from all facts about it and those that take one of them back; none where it is not
/// out.
pub fn find_loan(item: &Item, facts: &[Handover]) -> Option<Loan> {
    let mut holders: Vec<Holder> = Vec::new();
    for fact in effective(facts).into_iter().filter(|fact| fact.item.as_ref() == Some(item)) {
        match (fact.kind, fact.attendees.first()) {
            (Some(HandoverKind::Lent), Some(attendee)) => {
                holders.retain(|holder| holder.attendee != *attendee);
                holders.push(Holder { handover: fact.id, attendee: *attendee, at: fact.at.corrected() });
            }
            // Who brings it back is one of those who have it, or it is nobody's any more.
            (Some(HandoverKind::TakenBack), Some(attendee)) if holders.iter().any(|one| one.attendee == *attendee) => {
                holders.retain(|holder| holder.attendee != *attendee);
            }
            (Some(HandoverKind::TakenBack), _) => holders.clear(),
            _ => {}
        }
    }
    (!holders.is_empty()).then(|| Loan { item: item.clone(), holders })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn fact(number: u128, minute: u32, more: Value) -> Handover {
        let mut value = json!({ "id": id(number), "at": { "wall": format!("2018-11-26T10:{minute:02}:00.000Z") } });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Handover::read(&value).unwrap()
    }

    fn receiver() -> Value {
        json!({ "kind": "receiver", "number": "R-231" })
    }

    fn lent(number: u128, minute: u32, to: u128) -> Handover {
        fact(number, minute, json!({ "kind": "lent", "attendees": [id(to)], "item": receiver() }))
    }

    fn back(number: u128, minute: u32) -> Handover {
        fact(number, minute, json!({ "kind": "taken_back", "item": receiver() }))
    }

    fn holders(facts: &[Handover]) -> Vec<u128> {
        let item = Item { kind: "receiver".to_owned(), number: "R-231".to_owned() };
        let loan = find_loan(&item, facts);
        loan.map(|loan| loan.holders.iter().map(|holder| holder.attendee.0.as_u128()).collect()).unwrap_or_default()
    }

    #[test]
    fn what_is_lent_is_out_until_it_comes_back() {
        assert_eq!(holders(&[lent(1, 0, 51)]), [51]);
        assert_eq!(holders(&[lent(1, 0, 51), back(2, 5)]), []);
        assert_eq!(holders(&[lent(1, 0, 51), back(2, 5), lent(3, 9, 52)]), [52]);
        let undo = fact(4, 6, json!({ "undoes": id(2) }));
        assert_eq!(holders(&[lent(1, 0, 51), back(2, 5), undo]), [51], "it did not come back after all");
    }

    #[test]
    fn what_two_desks_lend_has_two_holders_until_one_brings_it() {
        let twice = [lent(1, 0, 51), lent(2, 1, 52)];
        assert_eq!(holders(&twice), [51, 52]);
        let one = fact(3, 2, json!({ "kind": "taken_back", "attendees": [id(52)], "item": receiver() }));
        assert_eq!(holders(&[twice[0].clone(), twice[1].clone(), one]), [51]);
        assert_eq!(holders(&[twice[0].clone(), twice[1].clone(), back(3, 2)]), []);
    }

    #[test]
    fn a_fact_says_what_goes_with_what_was_done() {
        let bad = [
            (json!({ "kind": "lent", "item": receiver() }), "/attendees"),
            (json!({ "kind": "lent", "attendees": [id(51)] }), "/item"),
            (json!({ "kind": "handed_out", "attendees": [id(51)] }), "/what"),
            (json!({ "kind": "handed_out", "attendees": [id(51), id(51)], "what": ["badge"] }), "/attendees"),
            (json!({}), "/kind"),
            (json!({ "kind": "taken_back", "item": receiver(), "undoes": id(9) }), "/undoes"),
            (json!({ "kind": "taken_back", "item": { "kind": "receiver", "number": "a\nb" } }), "/item/number"),
            (json!({ "kind": "taken_back", "item": receiver(), "signature": [[1, 2, 3]] }), "/signature"),
            (json!({ "kind": "taken_back", "item": receiver(), "signature": [[1, 5000]] }), "/signature"),
        ];
        for (more, field) in bad {
            let mut value = json!({ "id": id(1), "at": { "wall": "2018-11-26T10:00:00.000Z" } });
            value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert_eq!(Handover::read(&value).map_err(|misfit| misfit.field), Err(field.to_owned()), "{more}");
        }
        let signed = fact(
            1,
            0,
            json!({ "kind": "handed_out", "attendees": [id(51)], "what": ["badge", "envelope"],
            "received_by": "Carla", "signature": [[0, 0, 40, 12]] }),
        );
        let row = signed.row().unwrap();
        assert!(row.is_signed && !json!(row).to_string().contains("signature"), "{row:?}");
    }

    proptest! {
        #[test]
        fn the_order_in_which_facts_come_does_not_matter(
            steps in prop::collection::vec((0_u32..60, 0_u128..3, any::<bool>()), 0..12),
            shuffle in any::<prop::sample::Index>(),
        ) {
            let facts: Vec<Handover> = (1..).zip(&steps).map(|(number, (minute, who, is_back))| match is_back {
                true => back(number, *minute),
                false => lent(number, *minute, 50 + who),
            }).collect();
            let mut other = facts.clone();
            if !other.is_empty() {
                other.rotate_left(shuffle.index(facts.len()));
                other.push(facts[0].clone());
                other.reverse();
            }
            prop_assert_eq!(holders(&facts), holders(&other));
        }
    }
}
