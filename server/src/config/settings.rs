//! Every setting, once: its name, type, default, environment variable and meaning.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::layers::{ConfigError, Layer, Layers};
use super::values::{
    ByteCount, Contact, DatabaseSetting, LogFormat, LogLevel, Network, Optional, Origin, PublicUrl, Secret, Sender,
    Separated, Switch,
};

/// One setting, as documents list it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Its name in the TOML file; with hyphens, its flag.
    pub name: &'static str,
    /// Its environment variable.
    pub environment: &'static str,
    /// What holds where nobody says otherwise.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

macro_rules! settings {
    ($($(#[doc = $meaning:literal])+ $name:ident: $type:ty = $default:literal, $environment:literal;)+) => {
        /// Every setting, in the order of the documents.
        pub const SETTINGS: &[Setting] = &[
            $(Setting {
                name: stringify!($name),
                environment: $environment,
                default: $default,
                meaning: concat!($($meaning),+).trim_ascii(),
            },)+
        ];

        /// The flags and environment variables of all settings.
        #[derive(Clone, Debug, Default, clap::Args)]
        #[command(next_help_heading = "Settings (flag, environment or TOML file)")]
        pub struct SettingArguments {
            /// A TOML file with settings.
            #[arg(long, env = "CUMBRE_CONFIG", value_name = "FILE", hide_env_values = true, global = true)]
            pub config: Option<PathBuf>,
            $(
                #[arg(
                    long, env = $environment, value_name = "VALUE", hide_env_values = true, global = true,
                    help = concat!($($meaning),+, " [default: ", $default, "]").trim_ascii(),
                )]
                $name: Option<String>,
            )+
        }

        impl SettingArguments {
            fn to_layer(&self) -> Layer {
                let mut layer = Layer::named("flags or environment");
                $(if let Some(value) = &self.$name { layer.set(stringify!($name), value.clone()); })+
                layer
            }
        }

        /// A server's whole configuration, checked.
        #[derive(Clone, Debug)]
        pub struct Config {
            $($(#[doc = $meaning])+ pub $name: $type,)+
        }

        impl Config {
            fn of_layers(layers: &Layers) -> Result<Self, ConfigError> {
                let config = Self { $($name: layers.read(stringify!($name), $environment, $default)?,)+ };
                config.check()?;
                Ok(config)
            }
        }
    };
}

settings! {
    /// Where the data lies: sqlite:<path> or postgres://<host>/<database>.
    database_url: DatabaseSetting = "sqlite:data/cumbre.sqlite3", "DATABASE_URL";
    /// Folder of what lies outside the database, such as uploaded files.
    data_folder: PathBuf = "data", "CUMBRE_DATA_FOLDER";
    /// Address that the server listens on.
    listen: SocketAddr = "127.0.0.1:8080", "CUMBRE_LISTEN";
    /// Address under which people reach the server, for links in mails, and the issuer of access tokens; HTTPS here switches HSTS on. Empty: the listen address, and the issuer cumbre.
    public_url: Optional<PublicUrl> = "", "CUMBRE_PUBLIC_URL";
    /// Threads that serve requests; 0: one per core.
    workers: usize = "0", "CUMBRE_WORKERS";
    /// Connections to the database for reading.
    readers: usize = "8", "CUMBRE_READERS";
    /// Mail server: smtp://, smtps:// or smtp+starttls://user:password@host:port. Empty: mails go to the mail folder.
    smtp_url: Optional<Secret> = "", "CUMBRE_SMTP_URL";
    /// Sender of mails.
    mail_from: Sender = "Cumbre <cumbre@localhost>", "CUMBRE_MAIL_FROM";
    /// Folder that mails are written to where no mail server is set. Empty: mail under the data folder.
    mail_folder: Optional<PathBuf> = "", "CUMBRE_MAIL_FOLDER";
    /// Whom push services of browsers write to about this server: mailto:address or https://page. Empty: the public address.
    web_push_subject: Optional<Contact> = "", "CUMBRE_WEB_PUSH_SUBJECT";
    /// File of the service account that sends by Firebase Cloud Messaging. Empty: Android phones are not pushed to.
    fcm_service_account: Optional<PathBuf> = "", "CUMBRE_FCM_SERVICE_ACCOUNT";
    /// Address of Firebase Cloud Messaging.
    fcm_url: PublicUrl = "https://fcm.googleapis.com", "CUMBRE_FCM_URL";
    /// The .p8 file of the key that sends by Apple's push service. Empty: iPhones are not pushed to.
    apns_key: Optional<PathBuf> = "", "CUMBRE_APNS_KEY";
    /// Id of that key.
    apns_key_id: Optional<String> = "", "CUMBRE_APNS_KEY_ID";
    /// Id of the team that the key is of.
    apns_team_id: Optional<String> = "", "CUMBRE_APNS_TEAM_ID";
    /// Bundle id of the app that is pushed to.
    apns_topic: Optional<String> = "", "CUMBRE_APNS_TOPIC";
    /// Address of Apple's push service; https://api.sandbox.push.apple.com for apps in development.
    apns_url: PublicUrl = "https://api.push.apple.com", "CUMBRE_APNS_URL";
    /// Address that pushes by webhook are posted to, such as a gateway to text messages. Empty: none.
    push_webhook_url: Optional<String> = "", "CUMBRE_PUSH_WEBHOOK_URL";
    /// Secret that those are signed with.
    push_webhook_secret: Optional<Secret> = "", "CUMBRE_PUSH_WEBHOOK_SECRET";
    /// Private networks that endpoints of browsers and the webhook may be in, with commas between; for tests.
    push_private_networks: Separated<Network> = "", "CUMBRE_PUSH_PRIVATE_NETWORKS";
    /// PEM file with certificates that are believed when pushing, beside the system's; for tests.
    push_certificates: Optional<PathBuf> = "", "CUMBRE_PUSH_CERTIFICATES";
    /// Seconds that one attempt to push may take.
    push_timeout_s: u64 = "20", "CUMBRE_PUSH_TIMEOUT_S";
    /// Pushes are written to the log and not sent: on or off.
    push_dry_run: Switch = "off", "CUMBRE_PUSH_DRY_RUN";
    /// Folder with what badges are printed with: fonts/ for scripts that the program carries no font for, and logos/<event>.png. Empty: badges under the data folder.
    badges_folder: Optional<PathBuf> = "", "CUMBRE_BADGES_FOLDER";
    /// Folder that pages are read from at each request in place of the program's own, for those who work on them. Empty: the program's own.
    web_folder: Optional<PathBuf> = "", "CUMBRE_WEB_FOLDER";
    /// Networks of proxies whose X-Forwarded-For is believed, with commas between.
    trusted_proxies: Separated<Network> = "", "CUMBRE_TRUSTED_PROXIES";
    /// Origins that browsers may call from, with commas between; * for any.
    cors_origins: Separated<Origin> = "", "CUMBRE_CORS_ORIGINS";
    /// Largest JSON body.
    body_bytes: ByteCount = "256KiB", "CUMBRE_BODY_BYTES";
    /// Largest file to import.
    import_bytes: ByteCount = "16MiB", "CUMBRE_IMPORT_BYTES";
    /// Most changes on one page of an answer.
    exchange_changes: usize = "1000", "CUMBRE_EXCHANGE_CHANGES";
    /// Most connections open at once.
    connections: usize = "20000", "CUMBRE_CONNECTIONS";
    /// Most live streams open at once.
    live_connections: usize = "15000", "CUMBRE_LIVE_CONNECTIONS";
    /// Seconds between two comments of a quiet live stream.
    live_keep_alive_s: u64 = "20", "CUMBRE_LIVE_KEEP_ALIVE_S";
    /// Seconds after which a live stream is closed at the earliest.
    live_close_after_s: u64 = "300", "CUMBRE_LIVE_CLOSE_AFTER_S";
    /// Seconds after which a live stream is closed at the latest.
    live_close_before_s: u64 = "600", "CUMBRE_LIVE_CLOSE_BEFORE_S";
    /// Seconds that a client has to send the head of a request.
    head_timeout_s: u64 = "10", "CUMBRE_HEAD_TIMEOUT_S";
    /// Seconds after which a request is given up; a live stream's start counts, not its life.
    request_timeout_s: u64 = "60", "CUMBRE_REQUEST_TIMEOUT_S";
    /// Seconds after which the import of a file is given up; what it has written stays.
    import_timeout_s: u64 = "900", "CUMBRE_IMPORT_TIMEOUT_S";
    /// Seconds that an idle connection is kept.
    keep_alive_s: u64 = "75", "CUMBRE_KEEP_ALIVE_S";
    /// Seconds that open requests have when the server stops.
    stop_timeout_s: u64 = "10", "CUMBRE_STOP_TIMEOUT_S";
    /// Requests a minute that one signed-in device may make; 0: any number.
    requests_per_minute: u32 = "600", "CUMBRE_REQUESTS_PER_MINUTE";
    /// Requests that one signed-in device may make at once.
    request_burst: u32 = "120", "CUMBRE_REQUEST_BURST";
    /// Attempts an hour to sign in from one address; 0: any number.
    sign_ins_per_hour_and_address: u32 = "3000", "CUMBRE_SIGN_INS_PER_HOUR_AND_ADDRESS";
    /// Networks without a limit of attempts, such as a venue's, with commas between.
    sign_in_exempt_networks: Separated<Network> = "", "CUMBRE_SIGN_IN_EXEMPT_NETWORKS";
    /// Most memory that the feed of changes takes.
    feed_bytes: ByteCount = "256MiB", "CUMBRE_FEED_BYTES";
    /// Days after an event's last day that access needs are kept.
    keep_access_needs_days: u32 = "30", "CUMBRE_KEEP_ACCESS_NEEDS_DAYS";
    /// Days after an event's last day that addresses, telephone numbers and other details of registrations are kept.
    keep_details_days: u32 = "365", "CUMBRE_KEEP_DETAILS_DAYS";
    /// Days after an event's last day that personal notes are kept.
    keep_notes_days: u32 = "365", "CUMBRE_KEEP_NOTES_DAYS";
    /// Days after an event's last day that the notices to people are kept.
    keep_notices_days: u32 = "90", "CUMBRE_KEEP_NOTICES_DAYS";
    /// Days after an event's last day that the mails to people are kept.
    keep_mails_days: u32 = "90", "CUMBRE_KEEP_MAILS_DAYS";
    /// Days that commits and the answers to devices' edits are remembered: longer than a device may stay away with edits.
    history_days: u32 = "400", "CUMBRE_HISTORY_DAYS";
    /// Form of the log: text or json.
    log_format: LogFormat = "text", "CUMBRE_LOG_FORMAT";
    /// Level of the log: error, warn, info, debug or trace.
    log_level: LogLevel = "info", "CUMBRE_LOG_LEVEL";
    /// Metrics for Prometheus: on or off.
    metrics: Switch = "on", "CUMBRE_METRICS";
    /// Address of a listener for /metrics alone. Empty: /metrics is on the main listener.
    metrics_listen: Optional<SocketAddr> = "", "CUMBRE_METRICS_LISTEN";
}

impl Config {
    /// Reads the layers that a command line names: its TOML file, the environment and its flags.
    pub fn load(arguments: &SettingArguments) -> Result<Self, ConfigError> {
        let mut layers = Layers::default();
        if let Some(path) = &arguments.config {
            layers.add(Layer::of_file(path)?)?;
        }
        layers.add(arguments.to_layer())?;
        Self::of_layers(&layers)
    }

    /// Defaults with some settings changed, by name and text; the environment is not read.
    pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, ConfigError> {
        let mut layer = Layer::named("pairs");
        for (name, value) in pairs {
            layer.set(name, value.to_owned());
        }
        let mut layers = Layers::default();
        layers.add(layer)?;
        Self::of_layers(&layers)
    }

    /// The address under which people reach the server, without a slash at its end.
    pub fn public_address(&self) -> String {
        match &self.public_url.0 {
            Some(url) => url.as_str().to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// The folder with what badges are printed with.
    pub fn folder_of_badges(&self) -> PathBuf {
        self.badges_folder.0.clone().unwrap_or_else(|| self.data_folder.join("badges"))
    }

    fn check(&self) -> Result<(), ConfigError> {
        let in_range = |name: &'static str, value: u64, range: std::ops::RangeInclusive<u64>| {
            let problem = format!("is out of the range {} to {}", range.start(), range.end());
            if range.contains(&value) { Ok(()) } else { Err(ConfigError::Refused { name, problem }) }
        };
        in_range("workers", self.workers as u64, 0..=1_024)?;
        in_range("readers", self.readers as u64, 1..=1_024)?;
        in_range("body_bytes", self.body_bytes.0, 1_024..=64 << 20)?;
        in_range("import_bytes", self.import_bytes.0, 1_024..=1 << 30)?;
        in_range("exchange_changes", self.exchange_changes as u64, 1..=100_000)?;
        in_range("connections", self.connections as u64, 1..=1_000_000)?;
        in_range("live_connections", self.live_connections as u64, 0..=1_000_000)?;
        in_range("live_keep_alive_s", self.live_keep_alive_s, 1..=3_600)?;
        in_range("live_close_after_s", self.live_close_after_s, 1..=86_400)?;
        in_range("live_close_before_s", self.live_close_before_s, self.live_close_after_s..=86_400)?;
        in_range("head_timeout_s", self.head_timeout_s, 1..=600)?;
        in_range("request_timeout_s", self.request_timeout_s, 30..=3_600)?;
        in_range("import_timeout_s", self.import_timeout_s, 30..=7_200)?;
        in_range("keep_alive_s", self.keep_alive_s, 1..=3_600)?;
        in_range("stop_timeout_s", self.stop_timeout_s, 1..=3_600)?;
        // A worker's claim on a batch is to outlast it.
        in_range("push_timeout_s", self.push_timeout_s, 1..=20)?;
        for (name, days) in [
            ("keep_access_needs_days", self.keep_access_needs_days),
            ("keep_details_days", self.keep_details_days),
            ("keep_notes_days", self.keep_notes_days),
            ("keep_notices_days", self.keep_notices_days),
            ("keep_mails_days", self.keep_mails_days),
        ] {
            in_range(name, u64::from(days), 0..=36_500)?;
        }
        in_range("history_days", u64::from(self.history_days), 30..=36_500)?;
        in_range("request_burst", u64::from(self.request_burst), 1..=1_000_000)?;
        in_range("feed_bytes", self.feed_bytes.0, 1 << 20..=1 << 40)
    }
}
