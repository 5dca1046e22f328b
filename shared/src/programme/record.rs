//! A record's body, whatever its collection.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::{
    AccessArea, Admission, Audience, Category, Checkpoint, ChoiceGroup, Collection, Delegation, Document, Event,
    Exhibitor, Organisation, OverviewEntry, Part, Person, Room, Series, Session, Track, ValueProblem, Vehicle, Venue,
};
use crate::ids::RecordId;
use crate::reading::{Misfit, read};

/// Whether everybody who may see it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only organisers see it.
    #[default]
    Draft,
    /// It stands.
    Published,
    /// It will not take place; who saw it still sees that.
    Cancelled,
}

impl State {
    /// The state of what lies in something else: what is wrong with either is wrong with it.
    pub fn within(self, outer: Self) -> Self {
        match (self, outer) {
            (Self::Cancelled, _) | (_, Self::Cancelled) => Self::Cancelled,
            (Self::Draft, _) | (_, Self::Draft) => Self::Draft,
            (Self::Published, Self::Published) => Self::Published,
        }
    }
}

/// A body that is not of its collection's form.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("{field} {problem}")]
pub struct InvalidBody {
    /// The field at fault, as a JSON pointer; empty for the whole.
    pub field: String,
    /// What is wrong.
    pub problem: ValueProblem,
}

macro_rules! bodies {
    ($($collection:ident: $body:ident),+ $(,)?) => {
        /// The body of a record.
        #[derive(Clone, PartialEq, Debug)]
        #[allow(clippy::large_enum_variant, missing_docs)]
        pub enum RecordBody { $($collection($body),)+ }

        impl RecordBody {
            /// The collection that it is of.
            pub fn collection(&self) -> Collection {
                match self { $(Self::$collection(_) => Collection::$collection,)+ }
            }

            /// Its slug.
            pub fn slug(&self) -> &str {
                match self { $(Self::$collection(body) => &body.slug,)+ }
            }

            /// The body as JSON, fields in the order of the type.
            pub fn to_json(&self) -> Value {
                match self {
                    $(Self::$collection(body) => serde_json::to_value(body).unwrap_or(Value::Null),)+
                }
            }

            /// Reads a body of `collection`; the first thing wrong is told with its field.
            pub fn from_json(collection: Collection, value: Value) -> Result<Self, InvalidBody> {
                match collection {
                    $(Collection::$collection => Ok(Self::$collection(read::<$body>(&value)?)),)+
                }
            }
        }
    };
}

bodies! {
    Events: Event,
    Series: Series,
    Organisations: Organisation,
    Venues: Venue,
    Rooms: Room,
    Tracks: Track,
    People: Person,
    Delegations: Delegation,
    Categories: Category,
    Audiences: Audience,
    Parts: Part,
    ChoiceGroups: ChoiceGroup,
    Sessions: Session,
    Exhibitors: Exhibitor,
    Documents: Document,
    OverviewEntries: OverviewEntry,
    AccessAreas: AccessArea,
    Vehicles: Vehicle,
    Checkpoints: Checkpoint,
}

impl From<Misfit> for InvalidBody {
    fn from(Misfit { field, problem }: Misfit) -> Self {
        Self { field, problem: problem.into() }
    }
}

impl RecordBody {
    /// The state, for what has one.
    pub fn state(&self) -> Option<State> {
        match self {
            Self::Events(b) => Some(b.state),
            Self::Parts(b) => Some(b.state),
            Self::Sessions(b) => Some(b.state),
            Self::Exhibitors(b) => Some(b.state),
            Self::Documents(b) => Some(b.state),
            _ => None,
        }
    }

    /// Sets the state; false for what has none.
    pub fn set_state(&mut self, state: State) -> bool {
        let slot = match self {
            Self::Events(b) => &mut b.state,
            Self::Parts(b) => &mut b.state,
            Self::Sessions(b) => &mut b.state,
            Self::Exhibitors(b) => &mut b.state,
            Self::Documents(b) => &mut b.state,
            _ => return false,
        };
        *slot = state;
        true
    }

    /// The admission of its own, for what has one.
    pub fn admission(&self) -> Option<&Admission> {
        match self {
            Self::Parts(b) => Some(&b.admission),
            Self::Sessions(b) => b.admission.as_ref(),
            Self::Documents(b) => b.admission.as_ref(),
            _ => None,
        }
    }

    /// The part that it belongs to, if it names one.
    pub fn part(&self) -> Option<RecordId> {
        match self {
            Self::ChoiceGroups(b) => b.part,
            Self::Sessions(b) => b.part,
            Self::Documents(b) => b.part,
            Self::OverviewEntries(b) => b.part,
            _ => None,
        }
    }
}
