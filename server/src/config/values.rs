//! The types of settings that the standard library does not have.

use std::net::IpAddr;
use std::str::FromStr;

use tracing_subscriber::filter::LevelFilter;

use crate::database::DatabaseUrl;

/// Where the data lies.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseSetting(pub DatabaseUrl);

impl FromStr for DatabaseSetting {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|error: crate::database::UrlError| error.to_string())
    }
}

impl std::fmt::Debug for DatabaseSetting {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            DatabaseUrl::Sqlite(_) => "SQLite",
            DatabaseUrl::Postgres(_) => "PostgreSQL",
        })
    }
}

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl FromStr for Secret {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// A setting that may be left empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Optional<T>(pub Option<T>);

impl<T> Optional<T> {
    /// Whether it was given.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

impl<T: FromStr> FromStr for Optional<T> {
    type Err = T::Err;
    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text.is_empty() { Ok(Self(None)) } else { text.parse().map(|value| Self(Some(value))) }
    }
}

/// A list with commas between its items.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Separated<T>(pub Vec<T>);

impl<T: FromStr> FromStr for Separated<T> {
    type Err = T::Err;
    fn from_str(text: &str) -> Result<Self, T::Err> {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// A number of bytes: plain, or with KiB, MiB or GiB.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ByteCount(pub u64);

impl ByteCount {
    /// As a length in memory.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

impl FromStr for ByteCount {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
        let unit = units.iter().find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, *shift)));
        let (digits, shift) = unit.unwrap_or((text, 0));
        let number: Option<u64> = digits.trim().parse().ok();
        number
            .and_then(|number| number.checked_mul(1 << shift))
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a number of bytes such as 262144, 256KiB or 16MiB"))
    }
}

/// On or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Switch(pub bool);

impl FromStr for Switch {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "on" | "true" | "yes" | "1" => Ok(Self(true)),
            "off" | "false" | "no" | "0" => Ok(Self(false)),
            _ => Err(format!("`{text}` is neither on nor off")),
        }
    }
}

/// The form of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("`{text}` is neither text nor json")),
        }
    }
}

/// The level of the log, or a filter by module in the form of tracing's directives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLevel(pub String);

impl FromStr for LogLevel {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        // A word alone that is no level would be read as the name of a module.
        let is_known = |one: &str| one.contains('=') || one.trim().parse::<LevelFilter>().is_ok();
        match tracing_subscriber::EnvFilter::try_new(text) {
            Ok(_) if text.split(',').all(is_known) => Ok(Self(text.to_owned())),
            _ => Err(format!("`{text}` is none of error, warn, info, debug and trace")),
        }
    }
}

/// An http or https address without path, query and user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is reached by TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for PublicUrl {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let url = text.strip_suffix('/').unwrap_or(text);
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        if host.is_empty() || !host.chars().all(is_plain) {
            return Err(format!("`{text}` is not of the form https://host or http://host:port"));
        }
        Ok(Self(url.to_owned()))
    }
}

/// A sender of mails, `Name <address>` or an address alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sender(pub lettre::message::Mailbox);

impl FromStr for Sender {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let sender = text.parse().map_err(|_| format!("`{text}` is not of the form Name <address@host>"))?;
        Ok(Self(sender))
    }
}

/// Whom a push service writes to about this server (RFC 8292, 2.1): `mailto:address` or `https://page`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact(pub String);

impl FromStr for Contact {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let is_mail = text.strip_prefix("mailto:").is_some_and(|to| to.parse::<lettre::Address>().is_ok());
        let is_page = text.strip_prefix("https://").is_some_and(|page| !page.is_empty() && !page.contains(' '));
        if !is_mail && !is_page {
            return Err(format!("`{text}` is not of the form mailto:address@host or https://host"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// An origin that browsers may call from, or any.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// `*`.
    Any,
    /// `https://host` or `http://host:port`.
    One(String),
}

impl FromStr for Origin {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "*" { Ok(Self::Any) } else { text.parse::<PublicUrl>().map(|url| Self::One(url.0)) }
    }
}

/// A network of addresses: `10.0.0.0/8`, `::1`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

impl Network {
    /// Whether the network has this address. An IPv4 address inside IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let apart = u32::from(network) ^ u32::from(address);
                apart.leading_zeros() >= self.prefix_bits
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let apart = u128::from(network) ^ u128::from(address);
                apart.leading_zeros() >= self.prefix_bits
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not an address or network such as 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
        if prefix_bits > most { Err(wrong()) } else { Ok(Self { address, prefix_bits }) }
    }
}
