//! Whether somebody whom nobody knows may register.

use super::rules::takes_anybody;
use crate::app::App;
use crate::programme::http::access::load_programme;

/// Whether a published event has a category in which anybody may register now. An event that cannot be read now has
/// none: whoever asked for a code asks again.
pub async fn may_anybody_register(app: &App) -> bool {
    let now = app.clock.now();
    for cell in app.events.list() {
        let programme = load_programme(app, &cell).await;
        if programme.is_ok_and(|programme| takes_anybody(&programme, now)) {
            return true;
        }
    }
    false
}
