//! A cable between a device and its server that a test can cut.

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What becomes of what the server answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Everything goes through.
    Whole,
    /// No connection reaches the server.
    Unplugged,
    /// The request arrives; nothing of the answer does.
    AnswerLost,
    /// The request arrives; the cable breaks in the middle of the answer.
    AnswerHalved,
    /// The request arrives; the answer waits for [`Cable::release`].
    AnswerHeld,
}

struct State {
    fate: Mutex<Fate>,
    arrived: Notify,
    released: Notify,
}

/// A cable to one server.
pub struct Cable {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Cable {
    /// Lays a cable to the server at `address`.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State { fate: Mutex::new(Fate::Whole), arrived: Notify::new(), released: Notify::new() });
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server, Arc::clone(&shared)));
            }
        });
        Self { address, state, task }
    }

    /// Its near end, as a URL.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Decides what becomes of the next answers.
    pub fn set(&self, fate: Fate) {
        *self.state.fate.lock() = fate;
    }

    /// Waits until an answer has arrived that is held back.
    pub async fn answer_is_held(&self) {
        self.state.arrived.notified().await;
    }

    /// Lets an answer go that was held back.
    pub fn release(&self) {
        self.set(Fate::Whole);
        self.state.released.notify_one();
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, until either side or its fate ends it.
async fn carry(near: TcpStream, server: SocketAddr, state: Arc<State>) {
    if *state.fate.lock() == Fate::Unplugged {
        return;
    }
    let Ok(far) = TcpStream::connect(server).await else { return };
    let (mut from_device, mut to_device) = near.into_split();
    let (mut from_server, mut to_server) = far.into_split();
    let up = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from_device.read(&mut buffer).await {
            let is_unplugged = *state.fate.lock() == Fate::Unplugged;
            if is_unplugged || to_server.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    let down = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from_server.read(&mut buffer).await {
            let fate = *state.fate.lock();
            let passes = match fate {
                Fate::Whole => count,
                Fate::Unplugged | Fate::AnswerLost => 0,
                Fate::AnswerHalved => count / 2,
                Fate::AnswerHeld => {
                    state.arrived.notify_one();
                    state.released.notified().await;
                    count
                }
            };
            if to_device.write_all(&buffer[..passes]).await.is_err() || passes < count {
                return;
            }
        }
    };
    tokio::select! { () = up => {}, () = down => {} }
}
