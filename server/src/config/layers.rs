//! Layers of settings as text, the later over the earlier.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;

use super::SETTINGS;

/// Why a server does not start with its settings. A message names the setting, never a secret's value.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {problem}")]
    Unreadable {
        /// Where it should be.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// No setting has this name.
    #[error("{layer}: there is no setting `{name}`")]
    Unknown {
        /// The layer that names it.
        layer: String,
        /// The name.
        name: String,
    },
    /// A value cannot be what it is for.
    #[error("{layer}: setting `{name}` ({environment}): {problem}")]
    Malformed {
        /// The layer that gives it.
        layer: String,
        /// The setting.
        name: &'static str,
        /// Its environment variable.
        environment: &'static str,
        /// What is wrong, as a sentence of its own.
        problem: String,
    },
    /// A value is of the right form and still not acceptable.
    #[error("setting `{name}` {problem}")]
    Refused {
        /// The setting.
        name: &'static str,
        /// What is wrong.
        problem: String,
    },
}

/// Some settings, as text by name.
#[derive(Clone, Debug)]
pub struct Layer {
    name: String,
    values: BTreeMap<String, String>,
}

impl Layer {
    /// An empty layer; `name` is for messages.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), values: BTreeMap::new() }
    }

    /// Sets one value.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// The settings of a TOML file: flat, lists as arrays.
    pub fn of_file(path: &Path) -> Result<Self, ConfigError> {
        let unreadable =
            |problem: String| ConfigError::Unreadable { path: path.to_owned(), problem: problem.trim_end().to_owned() };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| unreadable(error.to_string()))?;
        let mut layer = Self::named(path.display().to_string());
        for (name, value) in table {
            let text = toml_text(&value).ok_or_else(|| unreadable(format!("`{name}` is not a plain value or list")))?;
            layer.set(&name, text);
        }
        Ok(layer)
    }
}

fn toml_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Boolean(on) => Some(if *on { "on" } else { "off" }.to_owned()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(items) => Some(items.iter().map(toml_text).collect::<Option<Vec<_>>>()?.join(",")),
        _ => None,
    }
}

/// The text of a setting, and the layer that gave it.
#[derive(Debug)]
struct Given {
    layer: String,
    text: String,
}

/// All layers together.
#[derive(Debug, Default)]
pub(super) struct Layers(BTreeMap<String, Given>);

impl Layers {
    /// Puts a layer over those before it. Every name must be a setting's.
    pub(super) fn add(&mut self, layer: Layer) -> Result<(), ConfigError> {
        for (name, text) in layer.values {
            if !SETTINGS.iter().any(|setting| setting.name == name) {
                return Err(ConfigError::Unknown { layer: layer.name, name });
            }
            self.0.insert(name, Given { layer: layer.name.clone(), text });
        }
        Ok(())
    }

    /// The value of a setting, or its default.
    pub(super) fn read<T>(&self, name: &'static str, environment: &'static str, default: &str) -> Result<T, ConfigError>
    where
        T: FromStr,
        T::Err: Display,
    {
        let (layer, text) = self.0.get(name).map_or(("default", default), |given| (&given.layer, &given.text));
        text.trim().parse().map_err(|error: T::Err| ConfigError::Malformed {
            layer: layer.to_owned(),
            name,
            environment,
            problem: error.to_string(),
        })
    }
}
