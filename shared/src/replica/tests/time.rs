//! The server's time on a device.

use crate::ids::{AccountId, DeviceId};
use crate::replica::{MemoryStore, Replica, ServerTime};
use crate::sync::Clock;
use crate::time::Timestamp;

fn reading(boot: &str, monotonic_ms: u64, wall: i64) -> Clock {
    Clock { wall: Timestamp(wall), monotonic_ms, boot: boot.to_owned() }
}

fn measured(monotonic_ms: u64, trip_ms: u64, server: i64) -> ServerTime {
    let sent = reading("b1", monotonic_ms - trip_ms, 500);
    ServerTime::measure(&sent, &reading("b1", monotonic_ms, 500 + trip_ms as i64), Timestamp(server)).unwrap()
}

#[test]
fn half_the_round_trip_is_added_and_is_the_uncertainty() {
    let known = measured(1_000, 81, 1_000_000);
    assert_eq!((known.at, known.uncertainty_ms), (Timestamp(1_000_041), 41));
}

#[test]
fn a_start_in_between_or_a_clock_that_runs_backwards_says_nothing() {
    let at = Timestamp(1_000_000);
    assert_eq!(ServerTime::measure(&reading("b1", 900, 0), &reading("b2", 950, 50), at), None);
    assert_eq!(ServerTime::measure(&reading("b1", 900, 0), &reading("b1", 899, 50), at), None);
}

#[test]
fn within_a_boot_the_steady_clock_counts_whatever_the_wall_clock_shows() {
    let known = measured(1_000, 80, 1_000_000);
    let later = known.at(&reading("b1", 101_000, -77));
    assert_eq!(later, (Timestamp(1_100_040), Some(50)), "a tenth of a millisecond a second is added");
}

#[test]
fn after_a_start_the_wall_clock_is_corrected_by_what_it_was_wrong() {
    let known = measured(1_000, 80, 1_000_000);
    assert_eq!(known.at(&reading("b2", 5_000, 10_580)), (Timestamp(1_010_040), None));
}

#[test]
fn a_clock_that_was_looked_at_before_the_answer_came_shows_a_time_before_it() {
    let known = measured(1_000, 80, 1_000_000);
    assert_eq!(known.at(&reading("b1", 990, 10_580)), (Timestamp(1_000_030), Some(41)));
}

#[test]
fn a_measurement_gives_way_to_one_that_is_no_less_certain_by_then() {
    let mut replica =
        Replica::open(MemoryStore::default(), AccountId(uuid::Uuid::nil()), DeviceId(uuid::Uuid::nil())).unwrap();
    let mut keep = |measured: &ServerTime| {
        replica.keep_server_time(measured.clone()).unwrap();
        replica.server_time().unwrap().unwrap()
    };
    let (first, vague, as_good) =
        (measured(1_000, 80, 1_000_000), measured(2_000, 84, 1_001_000), measured(11_000, 82, 1_010_000));
    assert_eq!(keep(&first), first);
    assert_eq!(keep(&vague), first);
    assert_eq!(keep(&as_good), as_good);
    let of_next_boot =
        ServerTime::measure(&reading("b2", 10, 0), &reading("b2", 4_010, 4_000), Timestamp(2_000_000)).unwrap();
    assert_eq!(keep(&of_next_boot), of_next_boot);
}
