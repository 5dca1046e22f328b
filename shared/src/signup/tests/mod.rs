//! Seats by hand and by chance.

mod book;
mod lines;
mod of_programmes;
mod requests;
mod words;

use uuid::Uuid;

use super::{Held, SeatTerms, SignUpState};
use crate::ids::{AttendeeId, RecordId};
use crate::programme::SignUpRules;
use crate::time::Timestamp;

/// When the tests take place.
const NOW: Timestamp = Timestamp(1_543_230_000_000);

fn record(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn attendee(number: u128) -> AttendeeId {
    AttendeeId(Uuid::from_u128(0xa000 + number))
}

/// A session on the day after `NOW`, at `hour` for two hours.
fn session(number: u128, seats: u32, hour: i64) -> SeatTerms {
    let starts_at = NOW.plus_minutes((24 + hour) * 60);
    SeatTerms {
        session: record(number),
        is_on_offer: true,
        seats,
        rules: SignUpRules::default(),
        interval: Some((starts_at, starts_at.plus_minutes(120))),
        choice_group: None,
    }
}

fn held(terms: &SeatTerms, state: SignUpState) -> Held {
    Held::of(terms, state, NOW)
}
