//! How often somebody may try: by account and device, and generously by address.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use parking_lot::Mutex;
use shared::ids::DeviceId;
use shared::time::Timestamp;

use super::IdentityError;
use super::secrets::fingerprint;
use crate::clock::Clock;

/// How many wrong passwords in a row cost no waiting.
const FREE_FAILURES: u32 = 5;

/// The longest wait after a wrong password. Codes by e-mail do not wait, so that nobody is locked
/// out by a stranger who keeps trying.
const LONGEST_WAIT_MS: i64 = 5 * 60_000;

/// After this time without an attempt, failures are forgotten.
const FORGOTTEN_MS: i64 = 60 * 60_000;

/// How many addresses with failures are remembered at most.
const MOST_REMEMBERED: usize = 20_000;

/// How many codes a desk hands out one after the other; then one a minute.
const CODES_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

/// How many messages to itself a device sends one after the other; then one in five minutes. Some ways
/// of pushing cost money, and reach whatever number the device says.
const TESTS_AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// The pause between those that follow.
const BETWEEN_TESTS: Duration = Duration::from_secs(5 * 60);

/// The server's clock, as governor wants it.
#[derive(Clone)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Nanos;
    fn now(&self) -> Nanos {
        Nanos::new(u64::try_from(self.0.now().0).unwrap_or_default().saturating_mul(1_000_000))
    }
}

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, Ticks, NoOpMiddleware<Nanos>>;

fn check<K: Hash + Eq + Clone>(limiter: &Keyed<K>, ticks: &Ticks, key: &K) -> Result<(), IdentityError> {
    limiter.check_key(key).map_err(|not_until| too_many(not_until.wait_time_from(ticks.now())))
}

fn too_many(wait: Duration) -> IdentityError {
    IdentityError::TooMany { after_s: u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1) }
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last_at: Timestamp,
    wait_until: Timestamp,
}

/// Every limit of identity.
pub struct Limits {
    ticks: Ticks,
    by_address: Option<Keyed<IpAddr>>,
    mails: Keyed<String>,
    renewals: Keyed<DeviceId>,
    codes: Keyed<DeviceId>,
    tests: Keyed<DeviceId>,
    passwords: Mutex<HashMap<String, Failures>>,
}

impl Limits {
    /// Limits by this clock; `per_hour_and_address` 0 means any number.
    pub fn new(clock: Clock, per_hour_and_address: u32) -> Self {
        let ticks = Ticks(clock);
        let by_address = NonZeroU32::new(per_hour_and_address)
            .map(|most| RateLimiter::dashmap_with_clock(Quota::per_hour(most), ticks.clone()));
        let mails = Quota::per_minute(NonZeroU32::MIN).allow_burst(NonZeroU32::MIN.saturating_add(3));
        let renewals = Quota::per_minute(NonZeroU32::MIN.saturating_add(29));
        let codes = Quota::per_minute(NonZeroU32::MIN).allow_burst(CODES_AT_ONCE);
        let tests = Quota::with_period(BETWEEN_TESTS).unwrap_or(Quota::per_hour(NonZeroU32::MIN));
        let tests = tests.allow_burst(TESTS_AT_ONCE);
        Self {
            by_address,
            mails: RateLimiter::dashmap_with_clock(mails, ticks.clone()),
            renewals: RateLimiter::dashmap_with_clock(renewals, ticks.clone()),
            codes: RateLimiter::dashmap_with_clock(codes, ticks.clone()),
            tests: RateLimiter::dashmap_with_clock(tests, ticks.clone()),
            passwords: Mutex::default(),
            ticks,
        }
    }

    /// Counts an attempt from an address. IPv6 addresses of one network are one.
    pub fn count_address(&self, address: IpAddr) -> Result<(), IdentityError> {
        let network = match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
            v4 => v4,
        };
        self.by_address.as_ref().map_or(Ok(()), |limiter| check(limiter, &self.ticks, &network))
    }

    /// Whether one more mail may go to this address now.
    pub fn may_mail(&self, email: &str) -> bool {
        self.mails.check_key(&fingerprint(email)).is_ok()
    }

    /// Counts a renewal by a device.
    pub fn count_renewal(&self, device: DeviceId) -> Result<(), IdentityError> {
        check(&self.renewals, &self.ticks, &device)
    }

    /// Counts a code that a device wants to hand to a guest: more in an hour than a queue of guests needs would
    /// be a thief's.
    pub fn count_code(&self, device: DeviceId) -> Result<(), IdentityError> {
        check(&self.codes, &self.ticks, &device)
    }

    /// Counts a message that a device sends to itself, and a number that it wants to be reached at.
    pub fn count_test(&self, device: DeviceId) -> Result<(), IdentityError> {
        check(&self.tests, &self.ticks, &device)
    }

    /// Counts an attempt at a password, before it is verified, whether or not the account exists.
    pub fn count_password(&self, email: &str) -> Result<(), IdentityError> {
        let now = self.ticks.0.now();
        let mut all = self.passwords.lock();
        if all.len() >= MOST_REMEMBERED {
            all.retain(|_, failures| failures.wait_until > now);
            if all.len() >= MOST_REMEMBERED {
                all.clear();
            }
        }
        let fresh = Failures { count: 0, last_at: now, wait_until: now };
        let failures = all.entry(fingerprint(email)).or_insert(fresh);
        if now.0 - failures.last_at.0 > FORGOTTEN_MS {
            *failures = fresh;
        }
        if failures.wait_until > now {
            let wait_ms = u64::try_from(failures.wait_until.0 - now.0).unwrap_or_default();
            return Err(too_many(Duration::from_millis(wait_ms)));
        }
        failures.count = failures.count.saturating_add(1);
        failures.last_at = now;
        failures.wait_until = Timestamp(now.0 + wait_ms_after(failures.count));
        Ok(())
    }

    /// Forgets the failures at a password that was right.
    pub fn forgive_password(&self, email: &str) {
        self.passwords.lock().remove(&fingerprint(email));
    }

    /// Frees the memory of what is long past.
    pub fn tidy(&self) {
        if let Some(limiter) = &self.by_address {
            limiter.retain_recent();
        }
        self.mails.retain_recent();
        self.renewals.retain_recent();
        self.codes.retain_recent();
        self.tests.retain_recent();
        let now = self.ticks.0.now();
        self.passwords.lock().retain(|_, failures| now.0 - failures.last_at.0 <= FORGOTTEN_MS);
    }
}

/// How long to wait after so many wrong passwords in a row: nothing, then 1 s, 2 s, 4 s and so on.
fn wait_ms_after(count: u32) -> i64 {
    match count.checked_sub(FREE_FAILURES) {
        None | Some(0) => 0,
        Some(over) => 500_i64.checked_shl(over.min(20)).unwrap_or(LONGEST_WAIT_MS).min(LONGEST_WAIT_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> (Limits, Clock) {
        let clock = Clock::fixed(Timestamp(1_541_000_000_000));
        (Limits::new(clock.clone(), 2), clock)
    }

    #[test]
    fn an_address_waits_after_many_attempts_and_others_do_not() {
        let (limits, clock) = limits();
        let [one, other]: [IpAddr; 2] = ["192.0.2.1", "192.0.2.2"].map(|a| a.parse().unwrap());
        assert_eq!(limits.count_address(one), Ok(()));
        assert_eq!(limits.count_address(one), Ok(()));
        assert_eq!(limits.count_address(one), Err(IdentityError::TooMany { after_s: 1_801 }));
        assert_eq!(limits.count_address(other), Ok(()));
        clock.advance_ms(1_800_000);
        assert_eq!(limits.count_address(one), Ok(()));
    }

    #[test]
    fn the_addresses_of_one_network_count_together() {
        let (limits, _) = limits();
        let attempt = |text: &str| limits.count_address(text.parse().unwrap()).is_ok();
        assert!(attempt("2001:db8::1") && attempt("2001:db8::2"));
        assert!(!attempt("2001:db8::3"));
        assert!(attempt("2001:db8:0:1::1"));
    }

    #[test]
    fn waiting_after_wrong_passwords_grows_and_is_bounded() {
        let (limits, clock) = limits();
        for _ in 0..FREE_FAILURES {
            assert_eq!(limits.count_password("a@example.org"), Ok(()));
        }
        let mut waits = Vec::new();
        for _ in 0..12 {
            assert_eq!(limits.count_password("a@example.org"), Ok(()));
            let Err(IdentityError::TooMany { after_s }) = limits.count_password("a@example.org") else {
                panic!("no waiting");
            };
            waits.push(after_s - 1);
            clock.advance_ms(i64::from(after_s - 1) * 1000);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(limits.count_password("b@example.org"), Ok(()));
        limits.forgive_password("a@example.org");
        for _ in 0..FREE_FAILURES {
            assert_eq!(limits.count_password("a@example.org"), Ok(()));
        }
    }

    #[test]
    fn a_desk_hands_out_ten_codes_and_then_one_a_minute() {
        let (limits, clock) = limits();
        let [desk, other] = [1, 2].map(|number| DeviceId(uuid::Uuid::from_u128(number)));
        let handed = (0..20).filter(|_| limits.count_code(desk).is_ok()).count();
        assert_eq!(handed, 10);
        assert_eq!(limits.count_code(desk), Err(IdentityError::TooMany { after_s: 61 }));
        assert_eq!(limits.count_code(other), Ok(()));
        clock.advance_ms(60_000);
        assert_eq!(limits.count_code(desk), Ok(()));
        assert!(limits.count_code(desk).is_err());
    }

    #[test]
    fn nobody_is_flooded_with_mail() {
        let (limits, clock) = limits();
        let sent = (0..10).filter(|_| limits.may_mail("a@example.org")).count();
        assert_eq!(sent, 4);
        clock.advance_ms(60_000);
        assert!(limits.may_mail("a@example.org"));
    }
}
