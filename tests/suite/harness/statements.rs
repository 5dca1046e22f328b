//! What something costs the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cumbre::on;
use cumbre::refusal::Failure;
use cumbre::sync::change_log::Unit;
use diesel::Connection as _;
use diesel::connection::InstrumentationEvent;

use super::Site;

/// The statements of a commit group with this work alone, with everything that follows until it is
/// committed.
pub async fn statements(site: &Site, work: impl Fn(&mut Unit<'_>) -> Result<(), Failure> + Send + 'static) -> u64 {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    let run = move |unit: &mut Unit<'_>| {
        let counted = Arc::clone(&counted);
        let mut is_over = false;
        let count = move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                // What the connection writes after this group is others' business.
                is_over |= query.to_string().starts_with("COMMIT");
                counted.fetch_add(u64::from(!is_over), Ordering::Relaxed);
            }
        };
        on!(&mut *unit.connection, |c| c.set_instrumentation(count));
        work(unit)
    };
    site.node.app().writer.unit(site.week.event, run).await.unwrap();
    count.load(Ordering::Relaxed)
}
