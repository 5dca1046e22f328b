//! Why an answer or an arrangement is refused.

use crate::problem_code::ProblemCode;

/// Why somebody cannot answer so, or cannot have somebody sit in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rejection {
    /// The invitation was withdrawn.
    Withdrawn,
    /// The part or session is a draft, or cancelled.
    Closed,
    /// It is over.
    WindowOver,
    /// Only organisers and protocol officers take an answer back altogether.
    StaffOnly,
    /// Their registration was not approved, or ended.
    NotRegistered,
    /// They came by it in somebody's place, and it goes no further.
    PassedOn,
    /// Their delegation has accepted as often as it may.
    QuotaReached,
    /// Somebody sits in for the delegate then.
    StoodInFor,
    /// The one who is to sit in sits in for somebody else then.
    SitsElsewhere,
    /// Somebody would sit in for one who sits in, or is sat in for, then.
    Chain,
}

impl Rejection {
    /// Every rejection.
    pub const ALL: [Self; 10] = [
        Self::Withdrawn,
        Self::Closed,
        Self::WindowOver,
        Self::StaffOnly,
        Self::NotRegistered,
        Self::PassedOn,
        Self::QuotaReached,
        Self::StoodInFor,
        Self::SitsElsewhere,
        Self::Chain,
    ];

    /// The stable word.
    pub fn code(self) -> ProblemCode {
        match self {
            Self::Closed => ProblemCode::Closed,
            Self::WindowOver => ProblemCode::WindowOver,
            Self::NotRegistered => ProblemCode::NotRegistered,
            Self::StaffOnly => ProblemCode::Forbidden,
            Self::QuotaReached => ProblemCode::QuotaReached,
            Self::Withdrawn | Self::PassedOn | Self::StoodInFor | Self::SitsElsewhere | Self::Chain => {
                ProblemCode::WrongState
            }
        }
    }

    /// A sentence in English for developers.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Withdrawn => "The invitation was withdrawn.",
            Self::Closed => "It is not published, or was cancelled.",
            Self::WindowOver => "It is over.",
            Self::NotRegistered => "The attendee's registration was not approved, or ended: they can decline alone.",
            Self::StaffOnly => "Only organisers and protocol officers take an answer back.",
            Self::PassedOn => "The attendee came by it in somebody's place, and does not pass it on again.",
            Self::QuotaReached => "The delegation has accepted as many invitations as it may.",
            Self::StoodInFor => "Somebody sits in for the attendee at that time.",
            Self::SitsElsewhere => "The attendee who is to sit in sits in for somebody else at that time.",
            Self::Chain => "Nobody sits in for somebody who sits in, or is sat in for, at that time.",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rejection_has_its_code_and_a_sentence_of_its_own() {
        use ProblemCode as Code;
        let codes = [
            Code::WrongState,
            Code::Closed,
            Code::WindowOver,
            Code::Forbidden,
            Code::NotRegistered,
            Code::WrongState,
            Code::QuotaReached,
            Code::WrongState,
            Code::WrongState,
            Code::WrongState,
        ];
        assert_eq!(Rejection::ALL.map(Rejection::code), codes);
        let sentences: BTreeSet<_> = Rejection::ALL.map(Rejection::detail).into_iter().collect();
        assert_eq!(sentences.len(), Rejection::ALL.len());
        assert!(sentences.iter().all(|sentence| sentence.ends_with('.') && sentence.len() > 5));
    }
}
