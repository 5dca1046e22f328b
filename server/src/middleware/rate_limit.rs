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
use crate::problem::Problem;
use crate::telemetry;

/// The counts of recent requests by token. The key is the whole token, which nobody else knows, so
/// nobody can use up another's share; anonymous requests share addresses and are not counted.
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

    /// Counts a request of this token; the seconds to wait where it is one too many.
    pub fn refuse_after(&self, token: &[u8]) -> Option<u32> {
        let limiter = self.limiter.as_ref()?;
        let early = limiter.check_key(&self.hasher.hash_one(token)).err()?;
        let wait = early.wait_time_from(self.clock.now());
        Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Forgets tokens that have their full share again; called every minute.
    pub fn forget_idle(&self) {
        if let Some(limiter) = &self.limiter {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Answers 429 to a device that asks too often.
pub async fn limit_rate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let token = request.headers().get(header::AUTHORIZATION);
    let app = request.app_data::<web::Data<App>>();
    let refused = token.zip(app).and_then(|(token, app)| app.rate_limits.refuse_after(token.as_bytes()));
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
    use super::*;

    #[test]
    fn one_device_over_its_share_leaves_another_alone() -> Result<(), crate::config::ConfigError> {
        let config = Config::of_pairs([("requests_per_minute", "1"), ("request_burst", "2")])?;
        let limits = RateLimits::new(&config);
        assert_eq!((limits.refuse_after(b"a"), limits.refuse_after(b"a")), (None, None));
        assert!(limits.refuse_after(b"a").is_some_and(|seconds| (1..=61).contains(&seconds)));
        assert_eq!(limits.refuse_after(b"b"), None);
        Ok(())
    }
}
