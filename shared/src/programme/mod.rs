//! The programme of an event, as it is stored and as organisers edit it: one record per id and
//! collection. What of a record reaches which device is the server's projection.

mod admission;
mod category;
mod check_in;
mod collection;
mod delegation;
mod edit;
mod event;
mod organisation;
mod participation;
mod person;
mod place;
#[allow(clippy::module_inception)]
mod programme;
mod record;
mod session;
mod theme;
pub mod validation;
mod value_problem;

pub use admission::{Admission, AdmissionPolicy, Visibility};
pub use category::{Category, Consent, Enrolment, FieldChoice, FieldKind, FormField, check_versions};
pub use check_in::{AccessArea, Checkpoint, CheckpointKind, EntryRule, Passenger, Stop, Vehicle, Window};
pub use collection::Collection;
pub use delegation::{Delegation, DelegationDuty, DelegationRole, Quota};
pub use edit::RecordEdit;
pub use event::{Event, Link, OrganisationPart, OrganisationRole, Part, Series};
pub use organisation::{Exhibitor, Organisation};
pub use participation::{Participation, ParticipationState, Presence, Role};
pub use person::{Affiliation, Person};
pub use place::{Closure, Feature, Room, TravelTime, Venue};
pub use programme::{Programme, Record, RecordKey};
pub use record::{InvalidBody, RecordBody, State};
pub use session::{Needs, Openness, Progress, ProgressState, Session, SessionKind, SignUpRules, Talk, Transfer};
pub use theme::{Audience, AudienceRule, ChoiceGroup, Document, OverviewEntry, Track};
pub use value_problem::ValueProblem;
