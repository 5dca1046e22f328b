//! How many SQL statements the measured server runs, on all its connections; and how many of them
//! an idle server does not run.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use parking_lot::Mutex;

use crate::Failure;

/// Longer than the pause of every loop that looks for something twice a minute or more often, and
/// than a change is held before people are told of it.
const IDLE: Duration = Duration::from_secs(35);

/// As long as nothing else is run, what requests left to be written down is taken to be written.
const SETTLED: Duration = Duration::from_secs(1);

/// All since the process began.
static ALL: AtomicU64 = AtomicU64::new(0);

/// What is known of the statements' texts.
static TEXTS: Mutex<Texts> = Mutex::new(Texts::Unread);

enum Texts {
    /// Nobody asked: to format a text costs more than most statements do.
    Unread,
    /// Those of an idle server are being learnt.
    Idle(HashSet<String>),
    /// They are known, and so many others were run since.
    Known(HashSet<String>, u64),
}

/// Counts on every connection that is made from now on.
pub fn install() -> Result<(), Failure> {
    Ok(set_default_instrumentation(instrument)?)
}

fn instrument() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        ALL.fetch_add(1, Ordering::Relaxed);
        let mut texts = TEXTS.lock();
        let text = || query.to_string().split(" -- binds").next().unwrap_or_default().to_owned();
        match &mut *texts {
            Texts::Unread => {}
            Texts::Idle(known) => drop(known.insert(text())),
            Texts::Known(known, others) => *others += u64::from(!known.contains(&text())),
        }
    }))
}

/// All since the process began.
pub fn all() -> u64 {
    ALL.load(Ordering::Relaxed)
}

/// Learns which statements the server's own loops run, and what follows from an edit just made,
/// while nobody asks it anything.
pub async fn learn_idle() {
    *TEXTS.lock() = Texts::Idle(HashSet::new());
    tokio::time::sleep(IDLE).await;
    let mut texts = TEXTS.lock();
    if let Texts::Idle(known) = std::mem::replace(&mut *texts, Texts::Unread) {
        *texts = Texts::Known(known, 0);
    }
}

/// Those since then that no idle server ran.
pub fn of_requests() -> u64 {
    match &*TEXTS.lock() {
        Texts::Known(_, others) => *others,
        Texts::Unread | Texts::Idle(_) => 0,
    }
}

/// The same once what earlier requests left behind is written: what devices hold, which they say in passing, is noted
/// in memory and written for many of them at once.
pub async fn of_requests_once_settled() -> u64 {
    let mut before = of_requests();
    loop {
        tokio::time::sleep(SETTLED).await;
        let now = of_requests();
        if now == before {
            return now;
        }
        before = now;
    }
}
