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
    // Before anybody can know that the server is there: a signal that nobody awaits kills.
    let signals = Signals::listen().map_err(|error| CommandError::Machine("signals cannot be received", error))?;
    let running = app::start(app, listener).await.map_err(|error| CommandError::Machine("cannot serve", error))?;
    tracing::info!(address = %running.address, "serving");
    tokio::spawn(stop_on_signal(stop, signals));
    running.serve_until_stopped().await.map_err(|error| CommandError::Machine("the server ended", error))?;
    tracing::info!("stopped");
    Ok(())
}

/// Asks for a stop at the first signal; a second one ends the process as the system would.
async fn stop_on_signal(stop: StopSignal, mut signals: Signals) {
    signals.next().await;
    tracing::info!("told to stop");
    stop.request();
    signals.next().await;
    std::process::exit(130);
}

/// The signals that ask for a stop, from its making on.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The signal that asks for a stop, from its making on.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn next(&mut self) {
        let _ = self.0.recv().await;
    }
}
