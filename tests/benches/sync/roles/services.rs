//! The services that pushes go to, as far as a benchmark needs them: they take everything and count it. What they
//! are sent is checked in the suite.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;
use serde_json::json;

use super::control;
use crate::Failure;

/// What was taken: how many, and when the last came, in milliseconds since 1970.
#[derive(Default)]
struct Taken {
    count: AtomicU64,
    last_ms: AtomicU64,
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_millis() as u64)
}

fn note(taken: &Taken) {
    taken.count.fetch_add(1, Ordering::Relaxed);
    taken.last_ms.store(now_ms(), Ordering::Relaxed);
}

/// Serves until the benchmark lets go.
pub async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let taken = web::Data::from(Arc::new(Taken::default()));
    let served = taken.clone();
    let server = HttpServer::new(move || App::new().app_data(served.clone()).configure(configure));
    tokio::spawn(server.workers(1).disable_signals().listen(listener)?.run());
    control::say(&address.to_string())?;
    let mut lines = control::lines();
    while let Some(line) = lines.recv().await {
        if line != "taken" {
            return Err(format!("{line} is not understood").into());
        }
        let [count, last] = [&taken.count, &taken.last_ms].map(|number| number.load(Ordering::Relaxed));
        control::say(&format!("{count} {last}"))?;
    }
    std::process::exit(0)
}

fn configure(config: &mut web::ServiceConfig) {
    let browser = |_body: Bytes, taken: web::Data<Taken>| async move {
        note(&taken);
        HttpResponse::Created().finish()
    };
    let token = || async { HttpResponse::Ok().json(json!({ "access_token": "bench", "expires_in": 3_599 })) };
    let android = |_body: Bytes, taken: web::Data<Taken>| async move {
        note(&taken);
        HttpResponse::Ok().json(json!({ "name": "projects/bench/messages/1" }))
    };
    config.route("/push/{browser}", web::post().to(browser));
    config.route("/token", web::post().to(token));
    config.route("/v1/projects/bench/{send}", web::post().to(android));
}
