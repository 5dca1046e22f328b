//! `cumbre serve`.

use std::net::TcpListener;

use super::{CommandError, run_to_end};
use crate::app::{self, App, StopSignal};
use crate::clock::Clock;
use crate::config::Config;

/// Opens the database, serves, and stops gracefully on SIGINT or SIGTERM.
pub(super) fn run(config: Config) -> Result<(), CommandError> {
    run_to_end(async {
        let app = App::open(config, Clock::system()).await?;
        let listener = listen(&app.config)?;
        serve(app, listener).await
    })
}

/// The listener that the settings ask for.
pub(super) fn listen(config: &Config) -> Result<TcpListener, CommandError> {
    TcpListener::bind(config.listen)
        .map_err(|error| CommandError::Refused(format!("cannot listen on {}: {error}", config.listen)))
}

/// Serves until a signal asks for a stop.
pub(super) async fn serve(app: App, listener: TcpListener) -> Result<(), CommandError> {
    let stop = app.stop.clone();
    let running = app::start(app, listener).await.map_err(|error| CommandError::Machine("cannot serve", error))?;
    tracing::info!(address = %running.address, "serving");
    tokio::spawn(stop_on_signal(stop));
    running.serve_until_stopped().await.map_err(|error| CommandError::Machine("the server ended", error))?;
    tracing::info!("stopped");
    Ok(())
}

/// Asks for a stop at the first signal; a second one ends the process as the system would.
async fn stop_on_signal(stop: StopSignal) {
    match wait_for_signal().await {
        Ok(()) => tracing::info!("told to stop"),
        Err(error) => tracing::error!(%error, "signals cannot be received"),
    }
    stop.request();
    if wait_for_signal().await.is_ok() {
        std::process::exit(130);
    }
}

#[cfg(unix)]
async fn wait_for_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
