//! Whether the server lives, whether it can serve, and what time it has.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::app::App;
use crate::problem::Problem;

/// How long ago the last look at what other nodes committed may be, in milliseconds.
const TAIL_LAG_MS: i64 = 5_000;

/// The process answers.
pub async fn answer_healthz() -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(json!({ "status": "alive" }))
}

/// The server can serve: it is not stopping, the database answers, and this node is not behind.
pub async fn answer_readyz(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    if app.stop.is_requested() {
        return Err(Problem::unavailable("the server is stopping"));
    }
    let now = app.clock.now();
    if app.tail.as_ref().is_some_and(|tail| now.0 - tail.completed_at() > TAIL_LAG_MS) {
        return Err(Problem::unavailable("the database's log was not read for some seconds"));
    }
    app.readers.read(|connection| connection.execute("SELECT 1")).await.map_err(Problem::unavailable)?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(json!({ "status": "ready" })))
}

/// `GET /v1/time`: the server's clock, for pages that read the public programme without a sign-in.
pub async fn answer_time(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(json!({ "server_time": app.clock.now() }))
}
