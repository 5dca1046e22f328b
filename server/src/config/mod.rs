//! How a server is configured: defaults, then a TOML file, then the environment, then flags.

mod layers;
mod settings;
mod values;

pub use layers::{ConfigError, Layer};
pub use settings::{Config, SETTINGS, Setting, SettingArguments};
pub use values::{
    ByteCount, DatabaseSetting, LogFormat, LogLevel, Network, Optional, Origin, PublicUrl, Secret, Separated, Switch,
};

#[cfg(test)]
mod tests;
