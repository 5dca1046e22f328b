//! What came in at a service, and how the next requests are treated.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;

use super::PATIENCE;
use super::http::{Reply, Turn};

/// How one message is treated.
#[derive(Clone, PartialEq, Debug)]
pub enum Whim {
    /// It is answered with this status, and `Retry-After` where there are seconds.
    Answer(u16, Option<u32>),
    /// It is answered with these headers and this body.
    Say(u16, Vec<(&'static str, String)>, String),
    /// It is taken, and answered after so long.
    Late(Duration),
    /// The line is cut before anything is answered.
    Cut,
    /// It is taken, and the line is cut before that is said.
    CutAfter,
    /// It is taken, and that is never said.
    Silent,
}

/// What a service writes down.
pub struct Book<T> {
    whims: Mutex<VecDeque<Whim>>,
    by_device: Mutex<BTreeMap<String, VecDeque<Whim>>>,
    taken: watch::Sender<Vec<T>>,
    asked: watch::Sender<Vec<String>>,
}

impl<T> Default for Book<T> {
    fn default() -> Self {
        Self {
            whims: Mutex::default(),
            by_device: Mutex::default(),
            taken: watch::Sender::new(Vec::new()),
            asked: watch::Sender::default(),
        }
    }
}

impl<T: Clone> Book<T> {
    /// Treats the messages that come next in these ways, and those after them well.
    pub fn expect_whims(&self, whims: &[Whim]) {
        self.whims.lock().extend(whims.iter().cloned());
    }

    /// The same for messages to one device.
    pub fn expect_for(&self, device: &str, whims: &[Whim]) {
        self.by_device.lock().entry(device.to_owned()).or_default().extend(whims.iter().cloned());
    }

    /// Everything that was taken so far.
    pub fn taken(&self) -> Vec<T> {
        self.taken.borrow().clone()
    }

    /// Everything that was taken, when that is at least so much.
    pub async fn wait_for(&self, count: usize) -> Vec<T> {
        self.wait_until(|taken| taken.len() >= count).await
    }

    /// Everything that was taken, when that is as it is to be.
    pub async fn wait_until(&self, is_enough: impl Fn(&[T]) -> bool) -> Vec<T> {
        let mut taken = self.taken.subscribe();
        let waiting = taken.wait_for(|taken| is_enough(taken));
        let found = tokio::time::timeout(PATIENCE, waiting).await;
        found.unwrap_or_else(|_| panic!("only {} pushes came", self.taken().len())).unwrap().clone()
    }

    /// Waits until so many messages were handed in, taken or not.
    pub async fn wait_for_attempts(&self, count: usize) {
        let mut asked = self.asked.subscribe();
        let waiting = asked.wait_for(|asked| asked.len() >= count);
        tokio::time::timeout(PATIENCE, waiting).await.unwrap().unwrap();
    }

    /// How often something was handed in for a device.
    pub fn count_attempts(&self, device: &str) -> usize {
        self.asked.borrow().iter().filter(|asked| *asked == device).count()
    }

    /// Deals with a message for a device as it is to be treated; `take` deals with it well, and says what was
    /// taken if it was.
    pub(super) fn deal(&self, device: &str, take: impl FnOnce() -> (Option<T>, Reply)) -> Turn {
        let own = self.by_device.lock().get_mut(device).and_then(VecDeque::pop_front);
        let whim = own.or_else(|| self.whims.lock().pop_front());
        let take = || {
            let (taken, reply) = take();
            self.taken.send_modify(|all| all.extend(taken));
            reply
        };
        let turn = match whim {
            None => Turn::Reply(take()),
            Some(Whim::Answer(status, seconds)) => Turn::Reply(Reply {
                status,
                headers: seconds.iter().map(|seconds| ("retry-after", seconds.to_string())).collect(),
                body: String::new(),
            }),
            Some(Whim::Say(status, headers, body)) => Turn::Reply(Reply { status, headers, body }),
            Some(Whim::Late(pause)) => Turn::Late(pause, take()),
            Some(Whim::Cut) => Turn::Cut,
            Some(Whim::CutAfter) => {
                take();
                Turn::Cut
            }
            Some(Whim::Silent) => {
                take();
                Turn::Never
            }
        };
        self.asked.send_modify(|asked| asked.push(device.to_owned()));
        turn
    }
}
