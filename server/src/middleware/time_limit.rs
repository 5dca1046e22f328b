//! No request is worked on without end. What streams afterwards is not counted.

use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use crate::app::App;
use crate::config::Config;
use crate::problem::Problem;

/// Gives a request up after the configured time. Bringing in a file, which is written in chunks
/// between which others write, has longer.
pub async fn limit_time<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let app = request.app_data::<web::Data<App>>();
    let limit = app.map(|app| limit_of(&app.config, request.path()));
    match tokio::time::timeout(limit.unwrap_or(Duration::from_secs(60)), next.call(request)).await {
        Ok(answer) => answer,
        Err(_) => Err(Problem::unavailable("a request took too long").into()),
    }
}

/// The time that a request has, by its path: to look for its place in the URL table costs more than
/// all else that is done with an exchange, and the router does it anyway.
fn limit_of(config: &Config, path: &str) -> Duration {
    let is_import = path.ends_with("/import");
    Duration::from_secs(if is_import { config.import_timeout_s } else { config.request_timeout_s })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_has_longer_than_other_requests() {
        let config = Config::of_pairs([("request_timeout_s", "30"), ("import_timeout_s", "40")]).unwrap();
        let limit = |path| limit_of(&config, path).as_secs();
        assert_eq!(limit("/v1/events/csw-2018/registrations/import"), 40);
        assert_eq!(limit("/v1/events/csw-2018/registrations"), 30);
    }
}
