//! Jobs that are done again and again, for as long as the server lives.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::App;

/// Does a job at once, and then so often, until the server stops. One that fails is told as `failed` says, and done
/// again the next time.
pub async fn repeat<J, F, E>(app: App, (every, failed): (Duration, &str), job: J)
where
    J: Fn(App) -> F,
    F: Future<Output = Result<(), E>>,
    E: Display,
{
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stop.requested() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = job(app.clone()).await {
            tracing::warn!(%error, "{failed}");
        }
    }
}
