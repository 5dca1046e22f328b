//! What waits to be handed in, and what the server refused of what was.

use super::super::error::DeviceError;
use super::station::{Asking, Station};
use super::words;

impl Station {
    /// How much the server has not heard of yet, and as of when this device has heard from it.
    pub(super) fn waiting(&mut self, asking: Asking<'_>) -> Result<String, DeviceError> {
        let count = self.replica.list_outbox()?.len();
        let now = self.now(asking)?;
        let (heard_at, _) = self.age(&now)?;
        Ok(words::waiting(count, (heard_at, now.corrected(), self.roster.zone()), asking.language))
    }

    /// What the server refused, with what it was about; it is told once.
    pub(super) fn refused(&mut self, language: &str) -> Result<String, DeviceError> {
        let results = self.replica.list_results()?;
        let told = results.iter().map(|one| words::refused(&one.mutation.op, &one.result, language));
        let told: Vec<String> = told.collect();
        for one in &results {
            self.replica.dismiss_result(one.mutation.id)?;
        }
        Ok(if told.is_empty() { words::nothing_refused(language).to_owned() } else { told.join("\n") })
    }
}
