//! People who go on using their phones while something happens to the server.

use std::sync::Arc;

use rand::Rng;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::phone::{Exchanged, Phone};

/// Where the server is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Place {
    /// At this URL, in this life.
    At(String, u64),
    /// Nowhere for now.
    Nowhere,
    /// The storm is over.
    Over,
}

/// What has happened so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Requests that were begun.
    pub begun: u64,
    /// Mutations that were answered with `applied`.
    pub applied: u64,
    /// Mutations that were answered with `retry`, and requests with 503.
    pub put_off: u64,
    /// Connections that broke.
    pub broken: u64,
}

/// People and their phones, each in a task of its own.
pub struct Storm {
    place: Arc<watch::Sender<Place>>,
    tally: Arc<watch::Sender<Tally>>,
    life: u64,
    tasks: Vec<JoinHandle<Phone>>,
}

impl Storm {
    /// Lets the phones wait for a server.
    pub fn gather(phones: Vec<Phone>) -> Self {
        let place = Arc::new(watch::Sender::new(Place::Nowhere));
        let tally = Arc::new(watch::Sender::new(Tally::default()));
        let people = phones.into_iter().map(|phone| tokio::spawn(live(phone, place.subscribe(), Arc::clone(&tally))));
        Self { tasks: people.collect(), place, tally, life: 0 }
    }

    /// The server is at this URL from now on.
    pub fn serve_at(&mut self, base: &str) {
        self.life += 1;
        self.place.send_replace(Place::At(base.to_owned(), self.life));
    }

    /// The server is gone.
    pub fn lose_server(&mut self) {
        self.place.send_replace(Place::Nowhere);
    }

    /// What has happened.
    pub fn tally(&self) -> Tally {
        *self.tally.borrow()
    }

    /// Waits until enough has happened.
    pub async fn until(&self, is_enough: impl FnMut(&Tally) -> bool) {
        self.tally.subscribe().wait_for(is_enough).await.unwrap();
    }

    /// Lets everybody finish what they are at.
    pub async fn end(self) -> Vec<Phone> {
        self.place.send_replace(Place::Over);
        let mut phones = Vec::new();
        for task in self.tasks {
            phones.push(task.await.unwrap());
        }
        phones
    }
}

/// One person: edits a little, exchanges, and when the connection breaks waits for the next server.
async fn live(mut phone: Phone, mut place: watch::Receiver<Place>, tally: Arc<watch::Sender<Tally>>) -> Phone {
    loop {
        let now = place.wait_for(|place| *place != Place::Nowhere).await.unwrap().clone();
        let Place::At(base, _) = &now else { return phone };
        let room = 6usize.saturating_sub(phone.waiting());
        for _ in 0..rand::rng().random_range(1..=3).min(room) {
            phone.edit();
        }
        tally.send_modify(|tally| tally.begun += 1);
        let (applied, retries) = (phone.acknowledged.len(), phone.retries);
        let exchanged = phone.exchange(base).await;
        let refusals = u64::from(exchanged == Exchanged::Refused);
        tally.send_modify(|tally| {
            tally.applied += (phone.acknowledged.len() - applied) as u64;
            tally.put_off += phone.retries - retries + refusals;
            tally.broken += u64::from(exchanged == Exchanged::Broken);
        });
        if exchanged == Exchanged::Broken {
            place.wait_for(|place| *place != now).await.unwrap();
        }
    }
}
