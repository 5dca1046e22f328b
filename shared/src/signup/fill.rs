//! How full a session is, as a word.

use serde::{Deserialize, Serialize};

/// How full a session with seats is. Nobody but organisers is told the count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillLabel {
    /// There are seats.
    Open,
    /// At most a tenth of the seats is free, or at most five.
    Few,
    /// No seat is free, and nobody waits for one.
    Full,
    /// No seat is free; one can wait for one.
    Waitlist,
}

/// Up to how many free seats are few, however many there are.
const FEW: u32 = 5;

/// The label of a session with `seats`, of which `taken` are given or offered.
pub fn fill_label(seats: u32, taken: u32, has_waitlist: bool) -> FillLabel {
    match seats.saturating_sub(taken) {
        0 if has_waitlist => FillLabel::Waitlist,
        0 => FillLabel::Full,
        free if free <= FEW.max(seats / 10) => FillLabel::Few,
        _ => FillLabel::Open,
    }
}

impl FillLabel {
    /// Every label.
    pub const ALL: [Self; 4] = [Self::Open, Self::Few, Self::Full, Self::Waitlist];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Few => "few",
            Self::Full => "full",
            Self::Waitlist => "waitlist",
        }
    }
}

impl std::str::FromStr for FillLabel {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|label| label.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_is_a_tenth_or_five() {
        let label = |seats, taken| fill_label(seats, taken, true);
        assert_eq!((label(40, 34), label(40, 35)), (FillLabel::Open, FillLabel::Few));
        assert_eq!((label(200, 179), label(200, 180)), (FillLabel::Open, FillLabel::Few));
        assert_eq!((label(5, 0), label(6, 0)), (FillLabel::Few, FillLabel::Open));
    }

    #[test]
    fn what_is_full_says_whether_one_can_wait() {
        assert_eq!(fill_label(40, 40, true), FillLabel::Waitlist);
        assert_eq!(fill_label(40, 43, false), FillLabel::Full, "an exception beyond the seats leaves none either");
        assert_eq!(fill_label(0, 0, false), FillLabel::Full);
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for label in FillLabel::ALL {
            assert_eq!(label.as_str().parse(), Ok(label));
            assert_eq!(serde_json::json!(label), label.as_str());
        }
        assert_eq!("half".parse::<FillLabel>(), Err(()));
    }
}
