//! The reference: an actix-web handler that answers a constant, and a broadcast of a constant.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::ServiceFactory;
use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;
use parking_lot::RwLock;
use tokio::sync::broadcast;

use super::control;
use crate::Failure;

/// What is answered now; the benchmark sets its size.
#[derive(Clone, Default)]
pub struct Constant(Arc<RwLock<Bytes>>);

impl Constant {
    /// Answers this many bytes from now on.
    pub fn set_size(&self, size: u64) {
        *self.0.write() = vec![b'x'; size as usize].into();
    }

    fn get(&self) -> Bytes {
        self.0.read().clone()
    }
}

/// Adds the handlers of the constant, at the addresses of what they are compared with.
pub fn configure(config: &mut web::ServiceConfig) {
    let answer = |_body: Bytes, constant: web::Data<Constant>| async move {
        HttpResponse::Ok().content_type("application/json").body(constant.get())
    };
    let read = |constant: web::Data<Constant>| async move {
        HttpResponse::Ok().content_type("application/json").body(constant.get())
    };
    config.route("/v1/events/{event}/sync", web::post().to(answer));
    config.route("/v1/events/{event}/sync/public", web::get().to(read));
}

/// The event that ends what a listener gets first, and each broadcast.
const COVERS: &[u8] = b"event: covers\ndata: x\n\n";

async fn listen(_body: Bytes, sender: web::Data<broadcast::Sender<Bytes>>) -> HttpResponse {
    let first = Some(Bytes::from_static(COVERS));
    let stream = futures_util::stream::unfold((first, sender.subscribe()), |(first, mut receiver)| async move {
        match first {
            Some(bytes) => Some((Ok::<_, Infallible>(bytes), (None, receiver))),
            None => receiver.recv().await.ok().map(|bytes| (Ok(bytes), (None, receiver))),
        }
    });
    HttpResponse::Ok().content_type("text/event-stream").streaming(stream)
}

/// Serves until the benchmark lets go.
pub async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let constant = Constant::default();
    let (sender, _) = broadcast::channel::<Bytes>(16);
    let (served, broadcaster) = (constant.clone(), sender.clone());
    let server = HttpServer::new(move || app(served.clone(), broadcaster.clone()));
    tokio::spawn(server.workers(workers()).disable_signals().listen(listener)?.run());
    control::say(&address.to_string())?;
    let mut lines = control::lines();
    while let Some(line) = lines.recv().await {
        let size = control::number(&line, 1);
        match line.split_whitespace().next() {
            Some("encoded") => {
                control::say("0")?;
                continue;
            }
            Some("constant") => constant.set_size(size),
            Some("broadcast") => {
                let mut event = vec![b'x'; (size as usize).saturating_sub(COVERS.len())];
                event.extend_from_slice(COVERS);
                sender.send(event.into())?;
            }
            _ => return Err(format!("{line} is not understood").into()),
        }
        control::say("done")?;
    }
    std::process::exit(0)
}

/// As many threads as the server takes.
pub fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn app(
    constant: Constant,
    sender: broadcast::Sender<Bytes>,
) -> App<
    impl ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(web::Data::new(constant))
        .app_data(web::Data::new(sender))
        .configure(configure)
        .route("/v1/events/{event}/live", web::post().to(listen))
}
