//! Devices that ended, in memory: asked at each request, told by the log that every node follows.

use std::collections::HashMap;

use parking_lot::{Mutex, RwLock};
use shared::ids::DeviceId;
use shared::time::Timestamp;
use tokio::sync::broadcast;

use super::tokens::{ACCESS_TOKEN_MS, LEEWAY_MS};
use crate::database::Connection;

/// How long an ended device is remembered: until no access token of its is valid, and a while more.
const KEPT_MS: i64 = 2 * (ACCESS_TOKEN_MS + LEEWAY_MS);

/// The devices that ended a short while ago.
pub struct SignOuts {
    ended: RwLock<HashMap<DeviceId, Timestamp>>,
    followed_to: Mutex<i64>,
    listeners: broadcast::Sender<DeviceId>,
}

impl Default for SignOuts {
    fn default() -> Self {
        let (listeners, _) = broadcast::channel(1_024);
        Self { ended: RwLock::default(), followed_to: Mutex::default(), listeners }
    }
}

impl SignOuts {
    /// Whether a device ended while a token of its may still be valid.
    pub fn has_ended(&self, device: DeviceId) -> bool {
        self.ended.read().contains_key(&device)
    }

    /// Takes note that a device ended, and tells listeners once.
    pub fn note(&self, device: DeviceId, at: Timestamp) {
        if self.ended.write().insert(device, at).is_none() {
            // Nobody listening is no fault.
            let _ = self.listeners.send(device);
        }
    }

    /// Devices as they end. A listener that lags must look at [`Self::has_ended`].
    pub fn listen(&self) -> broadcast::Receiver<DeviceId> {
        self.listeners.subscribe()
    }

    /// Reads what the log has beyond what was read before: the devices that ended.
    pub fn follow(&self, conn: &mut Connection, now: Timestamp) -> diesel::QueryResult<Vec<DeviceId>> {
        let mut followed_to = self.followed_to.lock();
        let since = Timestamp(now.0 - KEPT_MS);
        let news = super::store::list_ended_since(conn, *followed_to, since)?;
        for entry in &news {
            *followed_to = entry.seq;
            self.note(entry.device, entry.at);
        }
        self.ended.write().retain(|_, at| *at >= since);
        Ok(news.iter().map(|entry| entry.device).collect())
    }
}
