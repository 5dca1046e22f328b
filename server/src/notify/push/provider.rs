//! By whom devices are reached. Each has a queue of its own: what waits for one that does not answer keeps nobody
//! waiting who is reached by another.

/// By whom a device is reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Provider {
    /// The push services of browsers.
    WebPush,
    /// Google's, for Android phones.
    Fcm,
    /// Apple's, for iPhones and iPads.
    Apns,
    /// The operator's webhook.
    Webhook,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::WebPush, Self::Fcm, Self::Apns, Self::Webhook];

    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WebPush => "web_push",
            Self::Fcm => "fcm",
            Self::Apns => "apns",
            Self::Webhook => "webhook",
        }
    }

    /// Pushes that are under way at once.
    pub fn at_once(self) -> usize {
        match self {
            Self::WebPush | Self::Fcm | Self::Apns => 128,
            // A gateway of an operator's own is seldom built for more.
            Self::Webhook => 32,
        }
    }

    /// Pushes that are claimed at once: four rounds of the longest patience end before the claim does.
    pub fn batch(self) -> usize {
        4 * self.at_once()
    }
}
