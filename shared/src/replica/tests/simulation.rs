//! A small server, a device, and chance: lost answers, deaths between and inside steps, pages, a
//! live stream that overtakes exchanges, rights that come and go, restores.

use std::collections::BTreeMap;

use super::server::{Server, own_scope};
use super::*;
use crate::replica::LiveEvent;

/// A generator whose runs can be repeated (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

struct World {
    chance: Chance,
    server: Server,
    phone: Phone,
    under_way: Option<(RequestToken, ExchangeResponse)>,
    wishes: BTreeMap<String, bool>,
    edits: u128,
    is_listening: bool,
}

const SCOPES: [&str; 3] = ["public", "gate:a", "gate:b"];

impl World {
    fn new(seed: u64) -> Self {
        let chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let (server, phone) = (Server::new(), Phone::new());
        Self { chance, server, phone, under_way: None, wishes: BTreeMap::new(), edits: 0, is_listening: false }
    }

    fn step(&mut self) {
        match self.chance.below(20) {
            0..=3 => self.change_programme(),
            4..=5 => self.change_rights(),
            6..=8 => self.star(),
            9..=11 => self.send(),
            12..=14 => self.receive(),
            15 => self.under_way = None,
            16 => self.die(),
            17 => self.server.page = 1 + self.chance.below(4) as usize,
            18 => self.restore_or_back_up(),
            _ => self.is_listening = !self.is_listening && self.under_way.is_none() && self.catch_up(),
        }
        self.check_stars();
    }

    /// Puts, deletes or moves rows, and tells the live stream.
    fn change_programme(&mut self) {
        let before = self.server.clone();
        let id = format!("s{}", self.chance.below(6));
        let (from, to) = (SCOPES[self.chance.below(3) as usize], SCOPES[self.chance.below(3) as usize]);
        let title = format!("{{\"title\":\"{}\"}}", self.chance.below(1000));
        let mut changes = vec![(from, "sessions", id.as_str(), None)];
        if from != to || self.chance.below(3) > 0 {
            changes.push((to, "sessions", id.as_str(), Some(title)));
        }
        self.server.commit(&changes);
        self.tell_live(&[from, to], &before);
    }

    fn tell_live(&mut self, scopes: &[&str], before: &Server) {
        if !self.is_listening {
            return;
        }
        for entry in self.server.live_entries(scopes, before) {
            self.phone.replica.apply_live(LiveEvent::Changes(entry)).unwrap();
        }
        self.phone.replica.apply_live(LiveEvent::Covers(self.server.covers())).unwrap();
    }

    fn change_rights(&mut self) {
        let gate = SCOPES[1 + self.chance.below(2) as usize].to_owned();
        if !self.server.allowed.remove(&gate) {
            self.server.allowed.insert(gate);
        }
        if self.is_listening {
            self.phone.replica.apply_live(LiveEvent::Scopes).unwrap();
        }
    }

    fn star(&mut self) {
        self.edits += 1;
        let session = format!("s{}", self.chance.below(3));
        let on = self.chance.below(2) == 0;
        self.phone.replica.edit(&favourite(self.edits, &session, on)).unwrap();
        self.wishes.insert(session, on);
    }

    /// Sends a request; an older one that is still under way is lost by this.
    fn send(&mut self) {
        let (token, sent) = self.phone.send();
        let before = self.server.clone();
        let answer = self.server.answer(&sent.request);
        self.tell_live(&[&own_scope()], &before);
        self.under_way = Some((token, answer));
    }

    fn receive(&mut self) {
        if let Some((token, answer)) = self.under_way.take() {
            self.phone.replica.apply_answer(token, &answer, NOW).unwrap();
        }
    }

    /// The device dies, perhaps in the middle of storing an answer, and starts again.
    fn die(&mut self) {
        if let Some((token, answer)) = self.under_way.clone() {
            let writes = self.chance.below(8) as usize;
            self.phone.replica.store_mut().die_after(writes);
            let _ = self.phone.replica.apply_answer(token, &answer, NOW);
        }
        let last_token = self.phone.last_token;
        let former = std::mem::replace(&mut self.phone, Phone::new());
        let mut store = former.replica.into_store();
        store.live_on();
        self.phone = Phone { last_token, ..Phone::with(store) };
        self.is_listening = false;
    }

    fn restore_or_back_up(&mut self) {
        if self.chance.below(3) > 0 {
            return self.server.back_up();
        }
        self.server.restore();
        self.is_listening = false;
        self.phone.replica.close_live();
    }

    /// Exchanges until the server has nothing more.
    fn catch_up(&mut self) -> bool {
        for _ in 0..200 {
            let (token, sent) = self.phone.send();
            let answer = self.server.answer(&sent.request);
            let stored = self.phone.replica.apply_answer(token, &answer, NOW).unwrap().stored().unwrap();
            assert_eq!(stored.diverged, [""; 0]);
            let is_done = !stored.more && !stored.resend && !stored.live_needs_exchange;
            if is_done && !self.phone.replica.has_waiting_edits().unwrap() {
                return true;
            }
        }
        panic!("the device never has everything");
    }

    /// What the person did last is what is shown, at every moment.
    fn check_stars(&mut self) {
        let wished: Vec<String> = self.wishes.iter().filter(|(_, on)| **on).map(|(id, _)| id.clone()).collect();
        let mut shown: Vec<String> = self.phone.stars().into_iter().map(|(session, _)| session).collect();
        shown.sort();
        assert_eq!(shown, wished);
    }

    /// In the end the device holds what the server says that it may, and nothing waits.
    fn check_end(&mut self) {
        self.catch_up();
        assert_eq!(self.phone.rows(), self.server.view());
        self.check_stars();
        assert!(self.phone.stars().iter().all(|(_, is_pending)| !is_pending));
    }
}

#[test]
fn whatever_happens_a_device_ends_with_what_the_server_shows_it() {
    for seed in 0..400 {
        let run = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            (0..60).for_each(|_| world.step());
            world.check_end();
        });
        assert!(run.is_ok(), "seed {seed}");
    }
}
