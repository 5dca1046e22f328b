//! Who may come, and who may know of it.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

/// Who may enter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdmissionPolicy {
    /// Everybody.
    #[default]
    Open,
    /// Everybody with a confirmed registration.
    Registered,
    /// Those whom an audience, invitation, role or duty lets in.
    ByInvitation,
}

/// Who may read the full row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody: there is no gate.
    Public,
    /// Holders of the gate; everybody else sees a stub (time, title, "by invitation").
    Listed,
    /// Holders of the gate; for everybody else it does not exist.
    Hidden,
}

/// The admission of a part, session or document. An object whose visibility is not public is gated:
/// its rows lie in the scope `gate:<object>`, which is held by the members of its audiences.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// Who may enter.
    pub policy: AdmissionPolicy,
    /// Who may read of it; where absent, everybody, and what is by invitation is listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Whose members hold the gate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<RecordId>,
}

impl Admission {
    /// The visibility in force.
    pub fn visibility(&self) -> Visibility {
        self.visibility.unwrap_or(match self.policy {
            AdmissionPolicy::ByInvitation => Visibility::Listed,
            AdmissionPolicy::Open | AdmissionPolicy::Registered => Visibility::Public,
        })
    }

    /// Whether the object has a gate of its own.
    pub fn is_gated(&self) -> bool {
        self.visibility() != Visibility::Public
    }
}
