//! Whether the server lives, and whether it can serve.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::app::App;
use crate::problem::Problem;

/// The process answers.
pub async fn answer_healthz() -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(json!({ "status": "alive" }))
}

/// The server can serve: it is not stopping, and the database answers.
pub async fn answer_readyz(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    if app.stop.is_requested() {
        return Err(Problem::unavailable("the server is stopping"));
    }
    app.readers.read(|connection| connection.execute("SELECT 1")).await.map_err(Problem::unavailable)?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(json!({ "status": "ready" })))
}
