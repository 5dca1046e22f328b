//! How many requests one signed-in device may make.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError, web};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use shared::problem_code::ProblemCode;

use crate::app::App;
use crate::config::Config;
use crate::identity::{SignedIn, find_signed_in};
use crate::problem::Problem;
use crate::telemetry;

/// The counts of recent requests, by whom [`Asker`] says. Nobody can use up another's share;
/// anonymous requests share addresses and are not counted.
pub struct RateLimits {
    hasher: RandomState,
    limiter: Option<DefaultKeyedRateLimiter<u64>>,
    clock: DefaultClock,
}

impl RateLimits {
    /// The limits that the configuration asks for.
    pub fn new(config: &Config) -> Self {
        let burst = NonZeroU32::new(config.request_burst).unwrap_or(NonZeroU32::MIN);
        let limiter = NonZeroU32::new(config.requests_per_minute)
            .map(|rate| RateLimiter::keyed(Quota::per_minute(rate).allow_burst(burst)));
        Self { hasher: RandomState::new(), limiter, clock: DefaultClock::default() }
    }

    /// Counts a request; the seconds to wait where it is one too many.
    fn refuse_after(&self, asker: &Asker<'_>) -> Option<u32> {
        let limiter = self.limiter.as_ref()?;
        let early = limiter.check_key(&self.hasher.hash_one(asker)).err()?;
        let wait = early.wait_time_from(self.clock.now());
        Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Forgets askers that have their full share again; called every minute.
    pub fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Whose share a request is taken from.
#[derive(PartialEq, Eq, Hash, Debug)]
enum Asker<'a> {
    /// An account on a device, whichever token it shows: a renewal does not begin the count anew.
    Known(SignedIn),
    /// Whoever goes on with a token that is not valid, or not any more.
    Token(&'a [u8]),
}

/// Answers 429 to a device that asks too often.
pub async fn limit_rate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let authorization = request.headers().get(header::AUTHORIZATION);
    let app = request.app_data::<web::Data<App>>();
    let refused = authorization.zip(app).and_then(|(authorization, app)| {
        let known = find_signed_in(request.request(), authorization).map(Asker::Known);
        app.rate_limits.refuse_after(&known.unwrap_or(Asker::Token(authorization.as_bytes())))
    });
    match refused {
        None => next.call(request).await.map(ServiceResponse::map_into_left_body),
        Some(seconds) => {
            telemetry::record_limited_request();
            let problem = Problem::new(ProblemCode::TooManyRequests, "This device asks too often. Wait and ask again.")
                .retry_after(seconds);
            Ok(request.into_response(problem.error_response()).map_into_right_body())
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::ids::{AccountId, DeviceId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_device_over_its_share_leaves_another_alone() -> Result<(), crate::config::ConfigError> {
        let config = Config::of_pairs([("requests_per_minute", "1"), ("request_burst", "2")])?;
        let limits = RateLimits::new(&config);
        let ask = |account, device| {
            let (account, device) = (AccountId(Uuid::from_u128(account)), DeviceId(Uuid::from_u128(device)));
            limits.refuse_after(&Asker::Known(SignedIn { account, device }))
        };
        assert_eq!((ask(1, 1), ask(1, 1)), (None, None));
        assert!(ask(1, 1).is_some_and(|seconds| (1..=61).contains(&seconds)));
        assert_eq!((ask(1, 2), ask(2, 1), limits.refuse_after(&Asker::Token(b"a"))), (None, None, None));
        Ok(())
    }
}
