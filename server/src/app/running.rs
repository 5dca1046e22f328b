//! A server that listens.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Condition, from_fn};
use actix_web::{Error, HttpServer, web};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::App;
use crate::administration::{Door, open_door};
use crate::notify::{self, mail, push};
use crate::sync::feed::{self, Tail};
use crate::sync::{reprojection, upkeep};
use crate::{due, enrolment, middleware, privacy, problem, routes, telemetry};

/// How often the server tidies its memory.
const TIDY_EVERY: Duration = Duration::from_secs(30);

/// How often a node looks for what others committed.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);

/// A server that answers.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    app: App,
    handles: Vec<ServerHandle>,
    servers: Vec<JoinHandle<io::Result<()>>>,
    background: Vec<JoinHandle<()>>,
    outbox: JoinHandle<()>,
    door: Option<Door>,
}

impl Running {
    /// What its requests use.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Stops: no new connections, live streams are closed, open requests end in their time. Afterwards
    /// an SQLite file is free for another server.
    pub async fn stop(self) -> io::Result<()> {
        self.app.stop.request();
        // Sign-in codes are mailed on the servers' own threads, so they must leave before those end.
        let patience = Duration::from_secs(self.app.config.stop_timeout_s);
        let outbox_abort = self.outbox.abort_handle();
        let mails = async { tokio::join!(self.app.identity.finish_mails(), self.outbox) };
        if tokio::time::timeout(patience, mails).await.is_err() {
            tracing::warn!("some mails were not sent before the stop");
            outbox_abort.abort();
        }
        for handle in &self.handles {
            handle.stop(true).await;
        }
        self.background.iter().for_each(JoinHandle::abort);
        for server in self.servers {
            server.await.map_err(io::Error::other)??;
        }
        self.app.writer.close().await;
        drop(self.door);
        let freed = self.app.lock.as_ref().map(|lock| lock.freed());
        drop(self.app);
        // The servers' threads end a moment after the servers, and only then is the file another's to take.
        if let Some(freed) = freed
            && tokio::time::timeout(patience, freed).await.is_err()
        {
            tracing::warn!("something still uses the database after the stop");
        }
        Ok(())
    }

    /// Serves until something asks for a stop, then stops.
    pub async fn serve_until_stopped(self) -> io::Result<()> {
        let stop = self.app.stop.clone();
        stop.requested().await;
        self.stop().await
    }
}

/// Starts to answer on `listener`, with metrics on a listener of their own where configured.
pub async fn start(app: App, listener: TcpListener) -> io::Result<Running> {
    let address = listener.local_addr()?;
    app.mailer.warn_of_folder();
    privacy::apply_pending(&app).await.map_err(io::Error::other)?;
    reprojection::run_due(&app).await.map_err(io::Error::other)?;
    let heard = hear_of_commits(&app).await;
    let mut servers = vec![main_server(&app, listener)?];
    if let (true, Some(address)) = (app.config.metrics.0, app.config.metrics_listen.0) {
        servers.push(metrics_server(&app, address)?);
    }
    let handles = servers.iter().map(|server| server.handle()).collect();
    let servers = servers.into_iter().map(|server| tokio::spawn(server)).collect();
    let mut background = vec![
        tokio::spawn(tidy(app.clone())),
        tokio::spawn(due::run(app.clone())),
        tokio::spawn(enrolment::run(app.clone())),
        tokio::spawn(privacy::run(app.clone())),
        tokio::spawn(upkeep::run(app.clone())),
        tokio::spawn(notify::run_work(app.clone())),
        tokio::spawn(push::run(app.clone())),
    ];
    background.extend(app.tail.clone().map(|tail| tokio::spawn(follow(app.clone(), tail, heard.clone()))));
    let outbox = tokio::spawn(mail::run(app.clone()));
    let door = open_door(&app).await?;
    Ok(Running { address, app, handles, servers, background, outbox, door })
}

fn main_server(app: &App, listener: TcpListener) -> io::Result<actix_web::dev::Server> {
    let config = app.config.clone();
    let workers = match config.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    let shared = app.clone();
    let server = HttpServer::new(move || service(&shared))
        .workers(workers)
        .max_connections(config.connections.div_ceil(workers))
        .keep_alive(Duration::from_secs(config.keep_alive_s))
        .client_request_timeout(Duration::from_secs(config.head_timeout_s))
        .shutdown_timeout(config.stop_timeout_s)
        .disable_signals()
        .listen_auto_h2c(listener)?;
    Ok(server.run())
}

fn metrics_server(app: &App, address: SocketAddr) -> io::Result<actix_web::dev::Server> {
    let shared = app.clone();
    let server = HttpServer::new(move || {
        let app = shared.clone();
        let answer = move || std::future::ready(telemetry::render_metrics(&app));
        actix_web::App::new().route("/metrics", web::get().to(answer))
    });
    let bound = server.workers(1).disable_signals().bind(address);
    let bound = bound.map_err(|error| io::Error::new(error.kind(), format!("metrics on {address}: {error}")));
    Ok(bound?.run())
}

/// The whole service, layers and routes, for one worker.
pub fn service(
    app: &App,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl actix_web::body::MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let config = &app.config;
    let origins = &config.cors_origins.0;
    actix_web::App::new()
        .app_data(web::Data::new(app.clone()))
        .app_data(problem::json_config(config.body_bytes.as_usize()))
        .app_data(problem::path_config())
        .app_data(web::PayloadConfig::new(config.import_bytes.as_usize()))
        .configure(routes::configure)
        .wrap(from_fn(middleware::limit_time))
        .wrap(from_fn(middleware::limit_rate))
        .wrap(Condition::new(!origins.is_empty(), middleware::allow_origins(origins)))
        .wrap(from_fn(middleware::frame))
}

async fn tidy(app: App) {
    let mut ticks = tokio::time::interval(TIDY_EVERY);
    loop {
        ticks.tick().await;
        telemetry::run_upkeep();
        app.rate_limits.forget_idle();
        follow_sign_outs(&app).await;
    }
}

async fn follow_sign_outs(app: &App) {
    let identity = Arc::clone(&app.identity);
    if let Err(error) = app.readers.read(move |connection| identity.follow_sign_outs(connection)).await {
        tracing::warn!(%error, "the log of ended devices could not be read");
    }
}

/// What is woken whenever another node has committed, if this server hears of it. From here on the database knows that
/// a server runs.
async fn hear_of_commits(app: &App) -> Arc<Notify> {
    let heard = Arc::new(Notify::new());
    let (url, listener) = (app.readers.url().clone(), Arc::clone(&heard));
    let started = tokio::task::spawn_blocking(move || feed::listen(&url, listener)).await;
    if let Err(error) = started.unwrap_or_else(|panic| Err(io::Error::other(panic))) {
        tracing::warn!(%error, "commits of other nodes are only looked for, not heard of");
    }
    heard
}

/// Reads what other nodes committed, when they say so and twice a second.
async fn follow(app: App, tail: Arc<Tail>, heard: Arc<Notify>) {
    let mut ticks = tokio::time::interval(FOLLOW_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = heard.notified() => {}
        }
        let (tail, now) = (Arc::clone(&tail), app.clock.now());
        match tokio::task::spawn_blocking(move || tail.round(now.0)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the database's log could not be read"),
            Err(error) => tracing::error!(%error, "reading the database's log panicked"),
        }
        follow_sign_outs(&app).await;
    }
}
