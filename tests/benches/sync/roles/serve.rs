//! The server that is measured: the real one, with a database of its own.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::middleware::from_fn;
use actix_web::{HttpServer, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cumbre::administration::demonstration;
use cumbre::app::{App, Running};
use cumbre::clock::Clock;
use cumbre::config::Config;
use cumbre::database::schema::signing_keys;
use cumbre::identity::IdentitySettings;
use cumbre::sync::change_log::Unit;
use cumbre::{middleware, on, telemetry};
use diesel::{QueryDsl, RunQueryDsl};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use shared::ids::{AccountId, DeviceId};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::bare::{self, Constant};
use super::{control, phones, pushing, statements};
use crate::Failure;
use crate::world::{self, Size};

/// What the event is: the sample week, or one of a size.
#[derive(Clone, Copy, Debug)]
pub enum Scene {
    /// The demonstration's week and people.
    SampleWeek,
    /// An event made for the purpose.
    Event(Size),
}

impl Scene {
    /// Reads the words of the role's arguments: `week`, or rows and attendees.
    pub fn read(words: &[&str]) -> Result<Self, Failure> {
        match words {
            ["week"] => Ok(Self::SampleWeek),
            [rows, attendees] => Ok(Self::Event(Size { rows: rows.parse()?, attendees: attendees.parse()? })),
            _ => Err("the scene is `week`, or rows and attendees".into()),
        }
    }
}

/// The variable that names another database than one in the folder.
pub const DATABASE: &str = "CUMBRE_BENCH_DATABASE";

/// Opens the app on a database in `folder`, or on that of [`DATABASE`]; it is made and filled where
/// the folder is new.
pub async fn open(folder: &Path, scene: Scene) -> Result<App, Failure> {
    statements::install()?;
    let url = std::env::var(DATABASE).unwrap_or_else(|_| format!("sqlite:{}", folder.join("data.sqlite3").display()));
    let (rate, data) = (u32::MAX.to_string(), folder.display().to_string());
    let pushing = pushing::settings(folder)?;
    // No device of the benchmark is to be told to wait; the limits are counted all the same.
    let usual = [
        ("database_url", url.as_str()),
        ("data_folder", data.as_str()),
        ("requests_per_minute", rate.as_str()),
        ("request_burst", "1000000"),
    ];
    let pushing = pushing.iter().map(|(name, value)| (*name, value.as_str()));
    let config = Config::of_pairs(usual.into_iter().chain(pushing))?;
    let is_new = !folder.exists();
    if is_new && matches!(scene, Scene::Event(_)) {
        std::fs::create_dir_all(folder)?;
        world::create_database(&config.database_url.0)?;
    }
    let app = App::open(config, Clock::system()).await?;
    match scene {
        Scene::SampleWeek => drop(demonstration::prepare(&app, false).await?),
        Scene::Event(size) if is_new => world::populate(&app, size).await?,
        Scene::Event(_) => {}
    }
    Ok(app)
}

/// Serves until the benchmark lets go.
pub async fn run(folder: &Path, scene: Scene) -> Result<(), Failure> {
    let app = open(folder, scene).await?;
    let running = cumbre::app::start(app, TcpListener::bind("127.0.0.1:0")?).await?;
    let constant = Constant::default();
    let framed = serve_framed(running.app(), constant.clone())?;
    control::say(&format!("{} {framed}", running.address))?;
    let mut lines = control::lines();
    let mut version = std::process::id().into();
    while let Some(line) = lines.recv().await {
        version += 1;
        let answer = obey(&running, &constant, &line, version).await?;
        control::say(&answer)?;
    }
    std::process::exit(0)
}

/// The constant behind the server's own middleware, to tell its cost from the protocol's.
fn serve_framed(app: &App, constant: Constant) -> Result<std::net::SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let app = app.clone();
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(web::Data::new(app.clone()))
            .app_data(web::Data::new(constant.clone()))
            .configure(bare::configure)
            .wrap(from_fn(middleware::limit_time))
            .wrap(from_fn(middleware::limit_rate))
            .wrap(from_fn(middleware::frame))
    });
    tokio::spawn(server.workers(1).disable_signals().listen(listener)?.run());
    Ok(address)
}

async fn obey(running: &Running, constant: &Constant, line: &str, version: u64) -> Result<String, Failure> {
    let app = running.app();
    match line.split_whitespace().next() {
        Some("statements") => return Ok(statements::all().to_string()),
        Some("learn-idle") => statements::learn_idle().await,
        Some("statements-of-requests") => return Ok(statements::of_requests().to_string()),
        Some("statements-once-settled") => return Ok(statements::of_requests_once_settled().await.to_string()),
        Some("encoded") => return Ok(read_metric(app, telemetry::ENTRIES_ENCODED).to_string()),
        Some("tokens") => {
            return sign_tokens(app, control::number(line, 1), |_| (world::account(0), new_device())).await;
        }
        Some("crowd") => {
            return sign_tokens(app, control::number(line, 1), |n| (world::account(n), new_device())).await;
        }
        Some("phones") => {
            return sign_tokens(app, control::number(line, 1), |n| (world::account(n), world::device(n))).await;
        }
        Some("organiser") => return sign_tokens(app, 1, |_| (world::organiser(), new_device())).await,
        Some("tell") => return pushing::tell(app, version).await,
        Some("pushes") => return Ok(pushing::count(app).await?.to_string()),
        Some("let-go") => pushing::let_go(app).await?,
        Some("reach") => {
            let provider = line.split_whitespace().nth(1).ok_or("no provider")?;
            pushing::reach(app, (provider, control::number(line, 2)), line.ends_with("quiet")).await?;
        }
        Some("write") => return write_durably(app, control::number(line, 1), control::number(line, 2)).await,
        Some("sign-in-phones") => phones::sign_in(app, control::number(line, 1)).await?,
        Some("constant") => constant.set_size(control::number(line, 1)),
        Some("edit-public") => world::edit_public(app, control::number(line, 1), version).await?,
        Some("edit-own-and-gates") => world::edit_own_and_gates(app, version).await?,
        Some("edit-week") => world::edit_any_session(app, demonstration::EVENT, version).await?,
        _ => return Err(format!("{line} is not understood").into()),
    }
    Ok("done".to_owned())
}

fn read_metric(app: &App, name: &str) -> u64 {
    let text = telemetry::render_metrics(app);
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    line.unwrap_or(0)
}

fn new_device() -> DeviceId {
    DeviceId(uuid::Uuid::now_v7())
}

/// Access tokens for devices, as the server signs them, with their devices. `who` tells which each is, and whose.
async fn sign_tokens(app: &App, count: u64, who: impl Fn(u64) -> (AccountId, DeviceId)) -> Result<String, Failure> {
    let load = |c: &mut cumbre::database::Connection| {
        on!(c, |c| signing_keys::table.select((signing_keys::kid, signing_keys::private_key)).first(c))
    };
    let (kid, document): (String, String) = app.readers.read(load).await?;
    let key = EncodingKey::from_ed_der(&STANDARD.decode(document)?);
    let header = Header { kid: Some(kid), ..Header::new(Algorithm::EdDSA) };
    let (issued_s, issuer) = (app.clock.now().0 / 1_000, IdentitySettings::of_config(&app.config).issuer);
    let sign = |n| -> Result<Value, Failure> {
        let (account, device) = who(n);
        let claims = json!({ "sub": account, "dev": device, "iss": issuer, "aud": "cumbre",
                             "iat": issued_s, "exp": issued_s + 600 });
        Ok(json!([device, jsonwebtoken::encode(&header, &claims, &key)?]))
    };
    let pairs: Vec<Value> = (0..count).map(sign).collect::<Result<_, _>>()?;
    Ok(Value::from(pairs).to_string())
}

/// Callers of durable writes.
const CALLERS: u64 = 128;

/// Writes a row for each of the callers again and again, `rounds` times each, with at most
/// `at_once` of them in the writer: with one, each write is a transaction of its own. Answers the
/// writes a second, and the longest wait in milliseconds.
async fn write_durably(app: &App, rounds: u64, at_once: u64) -> Result<String, Failure> {
    let gate = Arc::new(Semaphore::new(at_once as usize));
    let began = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let (app, gate) = (app.clone(), Arc::clone(&gate));
        callers.spawn(async move {
            let mut longest = Duration::ZERO;
            for round in 0..rounds {
                let _turn = gate.acquire().await?;
                let asked = Instant::now();
                let write = move |unit: &mut Unit<'_>| {
                    world::put_own_row(unit, caller, asked.elapsed().as_nanos() as u64 + round);
                    Ok(())
                };
                app.writer.unit(world::event(), write).await?;
                longest = longest.max(asked.elapsed());
            }
            Ok::<_, Failure>(longest)
        });
    }
    let mut longest = Duration::ZERO;
    while let Some(done) = callers.join_next().await {
        longest = longest.max(done??);
    }
    let a_second = (CALLERS * rounds) as f64 / began.elapsed().as_secs_f64();
    Ok(format!("{a_second} {}", longest.as_secs_f64() * 1_000.0))
}
