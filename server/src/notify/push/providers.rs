//! The ways by which devices are reached, as configured. Each is asked over connections that are kept.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::time::Timestamp;
use thiserror::Error;

use super::answers::{ASKED_TO_WAIT, Outcome, UNREACHED};
use super::apns::{Apns, ApnsTeam};
use super::fcm::Fcm;
use super::guard::Guard;
use super::message::Message;
use super::provider::Provider;
use super::rests::{Pause, Rests};
use super::web_push::{self, Subscription, Vapid};
use super::webhook::Webhook;
use crate::config::Config;

/// The longest token or address of a device, in bytes.
const TOKEN_MAX_BYTES: usize = 4_096;

/// Settings by which nothing can be pushed.
#[derive(Debug, Error)]
pub enum PushSettingsError {
    /// A file cannot be read.
    #[error("{name}: {path} cannot be read: {error}")]
    File {
        /// The setting.
        name: &'static str,
        /// The path.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A setting, or the file that it names, is not what it is to be.
    #[error("{name} {problem}")]
    Refused {
        /// The setting.
        name: &'static str,
        /// What is wrong, as the rest of a sentence.
        problem: &'static str,
    },
    /// No client can be made.
    #[error("no connections for pushes can be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// By which provider a device is reached, and how it is called there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "snake_case", deny_unknown_fields)]
pub enum Address {
    /// A browser.
    WebPush(Subscription),
    /// An Android phone.
    Fcm {
        /// Its registration token.
        token: String,
    },
    /// An iPhone or iPad.
    Apns {
        /// Its device token, in hex.
        token: String,
    },
    /// Whatever the operator's webhook reaches, such as a telephone number.
    Webhook {
        /// How it is called there.
        to: String,
    },
}

impl Address {
    /// The provider.
    pub fn provider(&self) -> Provider {
        match self {
            Self::WebPush(_) => Provider::WebPush,
            Self::Fcm { .. } => Provider::Fcm,
            Self::Apns { .. } => Provider::Apns,
            Self::Webhook { .. } => Provider::Webhook,
        }
    }

    /// Whether the provider made it for this one device, so that nobody else can know it. What a webhook
    /// reaches, such as a number, is whatever somebody says.
    pub fn is_made_for_device(&self) -> bool {
        !matches!(self, Self::Webhook { .. })
    }

    /// Who is asked: the provider or, where there are many, the origin of the endpoint.
    fn origin(&self) -> String {
        match self {
            Self::WebPush(subscription) => reqwest::Url::parse(&subscription.endpoint)
                .map_or_else(|_| String::new(), |url| url.origin().ascii_serialization()),
            other => other.provider().as_str().to_owned(),
        }
    }
}

/// Every way that is configured.
pub struct Providers {
    guarded: reqwest::Client,
    google: reqwest::Client,
    apple: reqwest::Client,
    rests: Rests,
    guard: Guard,
    vapid: Vapid,
    fcm: Option<Fcm>,
    apns: Option<Apns>,
    webhook: Option<Webhook>,
    is_dry: bool,
    wakes: AtomicU64,
}

impl Providers {
    /// As configured, with the stored key of Web Push.
    ///
    /// # Errors
    ///
    /// A file or setting that cannot be used.
    pub fn open(config: &Config, vapid_key: &str) -> Result<Self, PushSettingsError> {
        let guard = Guard::new(&config.push_private_networks.0);
        let client = || {
            let builder = reqwest::Client::builder()
                .timeout(Duration::from_secs(config.push_timeout_s))
                .redirect(reqwest::redirect::Policy::none())
                .http2_keep_alive_interval(Duration::from_secs(30))
                .http2_keep_alive_while_idle(true)
                .pool_idle_timeout(Duration::from_secs(600))
                .tls_certs_merge(extra_certificates(config)?);
            Ok::<_, PushSettingsError>(builder)
        };
        let refused = |name, problem| PushSettingsError::Refused { name, problem };
        let subject = config.web_push_subject.0.clone().map(|contact| contact.0);
        let subject = subject.unwrap_or_else(|| config.public_address());
        let vapid =
            Vapid::read(vapid_key, &subject).ok_or_else(|| refused("the stored key of Web Push", "cannot be read"))?;
        let fcm = match &config.fcm_service_account.0 {
            None => None,
            Some(path) => {
                let file = read_file("fcm_service_account", path)?;
                Some(
                    Fcm::read(&file, config.fcm_url.as_str())
                        .map_err(|problem| refused("fcm_service_account", problem))?,
                )
            }
        };
        let apns = match (&config.apns_key.0, &config.apns_key_id.0, &config.apns_team_id.0, &config.apns_topic.0) {
            (None, ..) => None,
            (Some(path), Some(key_id), Some(team_id), Some(topic)) => {
                let team = ApnsTeam { key_id: key_id.clone(), team_id: team_id.clone(), topic: topic.clone() };
                let file = read_file("apns_key", path)?;
                Some(
                    Apns::read(&file, team, config.apns_url.as_str())
                        .map_err(|problem| refused("apns_key", problem))?,
                )
            }
            _ => return Err(refused("apns_key", "needs apns_key_id, apns_team_id and apns_topic beside it")),
        };
        let webhook = match (&config.push_webhook_url.0, &config.push_webhook_secret.0) {
            (None, _) => None,
            (Some(_), None) => return Err(refused("push_webhook_url", "needs push_webhook_secret beside it")),
            (Some(url), Some(secret)) => {
                let is_reached = reqwest::Url::parse(url).is_ok_and(|url| guard.may_reach(&url));
                if !is_reached {
                    return Err(refused("push_webhook_url", "is no https address outside private networks"));
                }
                Some(Webhook::new(url, &secret.0))
            }
        };
        Ok(Self {
            // A proxy would look names up by itself, and go wherever they lead.
            guarded: client()?.no_proxy().dns_resolver(guard.clone()).build()?,
            google: client()?.build()?,
            // It speaks nothing else; and who knows that opens one connection where many pushes begin at once.
            apple: client()?.http2_prior_knowledge().build()?,
            rests: Rests::default(),
            guard,
            vapid,
            fcm,
            apns,
            webhook,
            is_dry: config.push_dry_run.0,
            wakes: AtomicU64::new(0),
        })
    }

    /// Says that there is a push of no event, which no commit tells of.
    pub fn wake(&self) {
        self.wakes.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was said.
    pub fn woken(&self) -> u64 {
        self.wakes.load(Ordering::Relaxed)
    }

    /// The key with which browsers subscribe.
    pub fn web_push_key(&self) -> &str {
        self.vapid.public_key()
    }

    /// The words of the providers that are configured.
    pub fn list(&self) -> Vec<&'static str> {
        let configured = [
            (Provider::WebPush, true),
            (Provider::Fcm, self.fcm.is_some() || self.is_dry),
            (Provider::Apns, self.apns.is_some() || self.is_dry),
            (Provider::Webhook, self.webhook.is_some() || self.is_dry),
        ];
        configured.into_iter().filter(|(_, is_there)| *is_there).map(|(provider, _)| provider.as_str()).collect()
    }

    /// What is wrong with an address: the field, and the rest of a sentence.
    pub fn fault(&self, address: &Address) -> Option<(&'static str, &'static str)> {
        if !self.list().contains(&address.provider().as_str()) {
            return Some(("/provider", "is not configured on this server"));
        }
        let is_plain = |text: &str| {
            !text.is_empty() && text.len() <= TOKEN_MAX_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        match address {
            Address::WebPush(subscription) => subscription.fault(&self.guard),
            Address::Fcm { token } => (!is_plain(token)).then_some(("/token", "is no token of a device")),
            Address::Apns { token } => {
                let is_hex = token.bytes().all(|byte| byte.is_ascii_hexdigit());
                (!is_plain(token) || !is_hex || token.len() > 200).then_some(("/token", "is no token of a device"))
            }
            Address::Webhook { to } => (!is_plain(to)).then_some(("/to", "is no address")),
        }
    }

    /// Sends a message. `now` is the time that the provider's clock shows too: by it we sign who we are.
    pub async fn send(&self, address: &Address, message: &Message, now: Timestamp) -> Outcome {
        if self.is_dry {
            tracing::info!(push = %message.id, provider = address.provider().as_str(), tag = message.tag, "a push that is not sent");
            return Outcome::Accepted;
        }
        let origin = address.origin();
        match self.rests.pause(&origin, now) {
            Some(Pause::Silent) => return Outcome::later(UNREACHED),
            Some(Pause::Asked { after_ms }) => {
                return Outcome::Later { reason: ASKED_TO_WAIT.to_owned(), after_ms: Some(after_ms) };
            }
            None => {}
        }
        let outcome = self.ask(address, message, now).await;
        self.rests.note(&origin, &outcome, now);
        outcome
    }

    async fn ask(&self, address: &Address, message: &Message, now: Timestamp) -> Outcome {
        let missing = || Outcome::Refused(format!("{} is not configured on this server", address.provider().as_str()));
        match address {
            Address::WebPush(subscription) => {
                web_push::send(&self.guarded, (&self.vapid, &self.guard), subscription, message, now).await
            }
            Address::Fcm { token } => match &self.fcm {
                Some(fcm) => fcm.send(&self.google, token, message, now).await,
                None => missing(),
            },
            Address::Apns { token } => match &self.apns {
                Some(apns) => apns.send(&self.apple, token, message, now).await,
                None => missing(),
            },
            Address::Webhook { to } => match &self.webhook {
                Some(webhook) => webhook.send(&self.guarded, to, message, now).await,
                None => missing(),
            },
        }
    }
}

fn read_file(name: &'static str, path: &Path) -> Result<String, PushSettingsError> {
    let told = |error| PushSettingsError::File { name, path: path.display().to_string(), error };
    std::fs::read_to_string(path).map_err(told)
}

/// Certificates that are believed beside those of the system.
fn extra_certificates(config: &Config) -> Result<Vec<reqwest::Certificate>, PushSettingsError> {
    let Some(path) = &config.push_certificates.0 else { return Ok(Vec::new()) };
    let file = read_file("push_certificates", path)?;
    reqwest::Certificate::from_pem_bundle(file.as_bytes())
        .map_err(|_| PushSettingsError::Refused { name: "push_certificates", problem: "holds no certificates" })
}
