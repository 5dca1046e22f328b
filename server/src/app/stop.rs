//! The wish that the server stops, known to whatever runs long.

use std::sync::Arc;

use tokio::sync::watch;

/// Whether the server is to stop. Clones share it.
#[derive(Clone, Debug)]
pub struct StopSignal(Arc<watch::Sender<bool>>);

impl Default for StopSignal {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl StopSignal {
    /// Asks everything to stop.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when it is asked.
    pub async fn requested(&self) {
        let mut receiver = self.0.subscribe();
        // The sender lives in self, so that waiting cannot fail.
        let _ = receiver.wait_for(|asked| *asked).await;
    }
}
