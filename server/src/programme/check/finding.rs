//! One thing that is wrong with a programme.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::ids::RecordId;
use shared::programme::{Collection, Record};

/// What is wrong, as a stable word for programs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// Two sessions are in one room at the same time.
    RoomTakenTwice,
    /// A session is in a room that is closed.
    RoomClosed,
    /// A room does not offer a feature that its session needs.
    RoomLacksFeature,
    /// A room cannot be set up in the layout that its session needs.
    RoomLacksLayout,
    /// A room holds fewer people than are expected, or than there are seats.
    RoomTooSmall,
    /// A person is in two sessions at the same time.
    PersonInTwoPlaces,
    /// The way takes longer than the time for it: a person's, a part's or a transfer's.
    WayLongerThanGap,
    /// A transfer departs before the end of the session that it leaves from.
    TransferBeforeEnd,
    /// A transfer arrives after the beginning of the session that it leads to.
    TransferAfterStart,
    /// A transfer leaves from elsewhere than where its session was held.
    TransferFromElsewhere,
    /// A transfer leads elsewhere than where its session is held.
    TransferToElsewhere,
    /// Two transfers are at the same time, and one continues the other.
    TransferRepeated,
    /// A session is on a day that its part does not have.
    SessionOutsidePart,
    /// A session is on a day that the event does not have.
    SessionOutsideEvent,
    /// Two sessions of a part overlap, and nothing says that they are parallel.
    SessionsOverlapInPart,
    /// A session has no title.
    TitleMissing,
    /// The week's overview shows what the detail lacks.
    OverviewWithoutDetail,
    /// A part has a session number twice.
    PartNumberRepeated,
    /// Two names are so alike that they may mean one organisation.
    OrganisationNamesNearlyEqual,
    /// A text lacks a language that the event declares.
    MissingTranslation,
    /// The vehicles of a session seat fewer people than it has seats, or than are expected.
    VehiclesTooSmall,
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot take place so.
    Error,
    /// Somebody should look at it.
    Warning,
    /// It could be better.
    Hint,
}

impl FindingCode {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::RoomTakenTwice
            | Self::RoomClosed
            | Self::RoomLacksFeature
            | Self::PersonInTwoPlaces
            | Self::TransferBeforeEnd
            | Self::TransferAfterStart
            | Self::TransferFromElsewhere
            | Self::TransferToElsewhere
            | Self::TransferRepeated
            | Self::SessionOutsideEvent
            | Self::SessionsOverlapInPart => Severity::Error,
            Self::RoomLacksLayout
            | Self::RoomTooSmall
            | Self::WayLongerThanGap
            | Self::SessionOutsidePart
            | Self::TitleMissing
            | Self::OverviewWithoutDetail
            | Self::PartNumberRepeated
            | Self::VehiclesTooSmall => Severity::Warning,
            Self::OrganisationNamesNearlyEqual | Self::MissingTranslation => Severity::Hint,
        }
    }
}

/// One record that a finding is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordName {
    /// Its collection.
    pub collection: Collection,
    /// Its id.
    pub id: RecordId,
    /// Its slug.
    pub slug: String,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of fault it is.
    pub code: FindingCode,
    /// How bad it is.
    pub severity: Severity,
    /// The records that it is about, the one to change first.
    pub records: Vec<RecordName>,
    /// The fault as an English sentence with names and local times.
    pub message: String,
    /// Figures and names behind the sentence, for programs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Value>,
}

impl Finding {
    /// A finding about `records`, in this order.
    pub(super) fn new(code: FindingCode, records: &[&Record], message: String) -> Self {
        let name = |record: &&Record| RecordName {
            collection: record.body.collection(),
            id: record.id,
            slug: record.body.slug().to_owned(),
        };
        let records = records.iter().map(name).collect();
        Self { code, severity: code.severity(), records, message, details: BTreeMap::new() }
    }

    /// With one detail more.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// Whether the other one reports the same fault of the same records, be it with other times.
    pub fn is_same_fault(&self, other: &Self) -> bool {
        let keys = |finding: &Self| {
            let mut keys: Vec<_> = finding.records.iter().map(|record| (record.collection, record.id)).collect();
            keys.sort_unstable();
            keys
        };
        self.code == other.code && keys(self) == keys(other)
    }

    /// Text that sorts findings by code, then by slugs, and tells any two apart.
    pub fn key(&self) -> String {
        let slugs: Vec<&str> = self.records.iter().map(|record| record.slug.as_str()).collect();
        format!("{:02} {} {}", self.code as u8, slugs.join(" "), self.message)
    }
}
