//! The services that pushes go to, as servers of the test's own: they check who sends and what, and can be told
//! to be difficult.

mod apns;
mod book;
mod browsers;
mod fcm;
mod http;
mod jwt;
mod webhook;

pub use apns::ApnsService;
pub use book::{Book, Whim};
pub use browsers::{PushService, Pushed};
pub use fcm::{FcmService, fcm_error};
pub use webhook::WebhookService;

use std::time::Duration;

use cumbre::clock::Clock;
use tempfile::TempDir;

/// One service of each kind, and the settings by which a server sends by them.
pub struct PushServices {
    /// Of browsers.
    pub browsers: PushService,
    /// Google's.
    pub fcm: FcmService,
    /// Apple's.
    pub apns: ApnsService,
    /// The operator's own gateway.
    pub webhook: WebhookService,
    folder: TempDir,
}

impl PushServices {
    /// Opens all of them, by a clock's time.
    pub async fn open(clock: &Clock) -> Self {
        Self {
            browsers: PushService::open(clock, "").await,
            fcm: FcmService::open(clock).await,
            apns: ApnsService::open(clock).await,
            webhook: WebhookService::open(clock).await,
            folder: TempDir::new().unwrap(),
        }
    }

    /// The settings, with the files that they name.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let write = |name: &str, text: &str| {
            let path = self.folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let mut settings = vec![
            ("fcm_service_account", write("account.json", &self.fcm.account_file())),
            ("fcm_url", self.fcm.url()),
            ("apns_key", write("key.p8", &self.apns.key_file())),
            ("apns_url", self.apns.url()),
            ("push_certificates", write("authority.pem", &self.apns.authority())),
            ("push_webhook_url", self.webhook.url()),
        ];
        let fixed = [
            ("apns_key_id", apns::KEY_ID),
            ("apns_team_id", apns::TEAM_ID),
            ("apns_topic", apns::TOPIC),
            ("push_webhook_secret", webhook::SECRET),
            ("push_timeout_s", "1"),
        ];
        settings.extend(fixed.map(|(name, value)| (name, value.to_owned())));
        settings
    }
}

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);
