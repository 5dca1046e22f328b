//! No request is worked on without end. What streams afterwards is not counted.

use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};

use crate::app::App;
use crate::problem::Problem;

/// Gives a request up after the configured time.
pub async fn limit_time<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let seconds = request.app_data::<web::Data<App>>().map_or(60, |app| app.config.request_timeout_s);
    match tokio::time::timeout(Duration::from_secs(seconds), next.call(request)).await {
        Ok(answer) => answer,
        Err(_) => Err(Problem::unavailable("a request took too long").into()),
    }
}
