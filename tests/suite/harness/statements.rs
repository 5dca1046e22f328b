//! What something costs the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cumbre::database::Connection;
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

/// The statements of everything that a site's server writes, with what it reads to write it, from now on. What its
/// loops look for in any case, as often as they come round, is read on other connections and not counted.
pub struct Statements(Arc<AtomicU64>);

impl Statements {
    /// Begins to count.
    pub async fn count(site: &Site) -> Self {
        let count = Arc::new(AtomicU64::new(0));
        let watch = |counted: Arc<AtomicU64>| {
            move |event: InstrumentationEvent<'_>| {
                if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        let app = site.node.app();
        let counted = watch(Arc::clone(&count));
        let write = move |unit: &mut Unit<'_>| {
            on!(&mut *unit.connection, |c| c.set_instrumentation(counted.clone()));
            Ok(())
        };
        app.writer.unit(site.week.event, write).await.unwrap();
        let counted = watch(Arc::clone(&count));
        let write = move |connection: &mut Connection| {
            on!(connection, |c| c.set_instrumentation(counted.clone()));
            Ok(())
        };
        app.writer.system(write).await.unwrap();
        Self(count)
    }

    /// How many there were so far.
    pub fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
