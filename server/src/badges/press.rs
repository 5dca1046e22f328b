//! What prints badges, once for the whole server.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::print::Fonts;
use crate::config::Config;

/// The fonts, and whose turn it is.
pub struct PrintingPress {
    /// The fonts.
    pub fonts: Fonts,
    /// Held while a document is made: one at a time.
    pub turn: Arc<Semaphore>,
}

impl PrintingPress {
    /// A press with the fonts of the configured folder.
    pub fn of_config(config: &Config) -> Self {
        Self { fonts: Fonts::new(&config.folder_of_badges().join("fonts")), turn: Arc::new(Semaphore::new(1)) }
    }
}
