//! The exchange, the live stream and the public scope over HTTP.

use std::collections::BTreeMap;
use std::future::pending;
use std::io::Write;
use std::sync::Arc;

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::ids::DeviceId;
use shared::localised::is_line;
use shared::object::Object;
use shared::problem_code::ProblemCode;
use shared::reading::json_pointer;
use shared::sync::{
    APP_VERSION_MAX_CHARS, DeskState, ExchangeRequest, MAX_BODY_BYTES, MAX_MUTATIONS, Position, SCHEMA, Scope,
};
use tokio::sync::broadcast::{self, error::RecvError};

use super::desks::DeskReport;
use super::exchange::Exchanges;
use super::feed::EventCell;
use super::live::{self, Ending};
use super::mutations::Sender;
use super::public::PublicQuery;
use crate::app::{App, StopSignal};
use crate::content_coding::Coding;
use crate::identity::{Identity, SignedIn};
use crate::negotiation::{holds_version, wanted_coding};
use crate::problem::{Problem, Query};

/// Answers smaller than this are not worth compressing, in bytes.
const COMPRESS_FROM: usize = 8 * 1024;

impl App {
    /// What exchanges need.
    pub fn exchanges(&self) -> Exchanges {
        Exchanges {
            events: Arc::clone(&self.events),
            writer: self.writer.clone(),
            clock: self.clock.clone(),
            settings: Arc::clone(&self.sync_settings),
            pace: Arc::clone(&self.pace),
        }
    }

    /// The event that a path names by slug or id, if this reader may know of it: everybody a
    /// published one, who has to do with it also a draft.
    pub fn find_event(&self, name: &str, reader: Option<SignedIn>) -> Result<Arc<EventCell>, Problem> {
        let found = match name.parse() {
            Ok(id) => self.events.find(id),
            Err(_) => self.events.find_by_slug(name),
        };
        let is_known = |cell: &Arc<EventCell>| {
            let memory = cell.read();
            let has_rights = |account| memory.find_rights(account).is_some_and(|rights| !rights.is_empty());
            memory.is_published() || reader.is_some_and(|reader| has_rights(reader.account))
        };
        found
            .filter(is_known)
            .ok_or_else(|| Problem::new(ProblemCode::NotFound, "There is no such event, or not for you."))
    }

    /// The same for somebody signed in. Another node may have made the event, or let them in, a moment ago: what this
    /// one does not know of is looked for in the database, and of who `is_new` here what they may do.
    pub async fn reach_event(&self, name: &str, reader: SignedIn, is_new: bool) -> Result<Arc<EventCell>, Problem> {
        let found = self.find_event(name, Some(reader));
        let is_known = |cell: &Arc<EventCell>| !is_new || cell.read().find_rights(reader.account).is_some();
        if found.as_ref().is_ok_and(is_known) {
            return found;
        }
        self.events.learn(name).await?;
        self.find_event(name, Some(reader))
    }
}

/// `POST /v1/events/{event}/sync`: one exchange.
pub async fn exchange(
    app: web::Data<App>,
    reader: SignedIn,
    event: web::Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let exchange: ExchangeRequest = read_body(&request, &body)?;
    let sender = check_sender(reader, exchange.device, exchange.schema)?;
    if exchange.mutations.len() > MAX_MUTATIONS {
        let detail = format!("An exchange has at most {MAX_MUTATIONS} mutations; send the rest in the next one.");
        return Err(Problem::new(ProblemCode::TooLarge, detail).at("/mutations"));
    }
    require_limit(exchange.limit, "/limit")?;
    require_desk_fits(exchange.desk.as_ref())?;
    let cell = app.reach_event(&event, reader, exchange.holds.is_empty()).await?;
    note_desk(&app, &cell, sender, &exchange);
    note_holdings(&app, &cell, sender, &exchange);
    let answer = app.exchanges().answer(&cell, sender, exchange).await?;
    Ok(json_answer(request.headers(), answer))
}

/// A page has at least one row.
fn require_limit(limit: Option<u32>, field: &str) -> Result<(), Problem> {
    match limit {
        Some(0) => Err(Problem::new(ProblemCode::InvalidRequest, "limit is at least 1.").at(field)),
        _ => Ok(()),
    }
}

fn require_desk_fits(desk: Option<&DeskState>) -> Result<(), Problem> {
    let version = desk.and_then(|desk| desk.app_version.as_deref());
    if version.is_none_or(|version| is_line(version) && version.chars().count() <= APP_VERSION_MAX_CHARS) {
        return Ok(());
    }
    let detail = format!("/desk/app_version is not one line of text of 1 to {APP_VERSION_MAX_CHARS} characters.");
    Err(Problem::new(ProblemCode::InvalidRequest, detail).at("/desk/app_version"))
}

/// Takes note of what the device says it holds of inboxes that it may hold: nobody says for others that these were told. A
/// position inside a page is not yet held, and one of another epoch says nothing of this one.
fn note_holdings(app: &App, cell: &EventCell, sender: Sender, request: &ExchangeRequest) {
    let memory = cell.read();
    let held = |(scope, position): (&String, &Option<Position>)| {
        let scope: Scope = scope.parse().ok()?;
        let Scope::Own(attendee) = scope else { return None };
        let position = position.as_ref().filter(|at| at.place.is_none() && at.epoch == app.epoch)?;
        memory.may_hold(sender.account, &scope).then_some((attendee, position.head.seq))
    };
    app.holdings.note((cell.id, sender.device), request.holds.iter().filter_map(held));
}

/// Takes note of how an enrolled device stands, whatever becomes of the exchange.
fn note_desk(app: &App, cell: &EventCell, sender: Sender, request: &ExchangeRequest) {
    let profile = {
        let memory = cell.read();
        memory.find_rights(sender.account).and_then(|rights| Some(rights.enrolment.as_ref()?.profile))
    };
    let Some(profile) = profile else { return };
    let held = request.holds.get(&Scope::Roster(profile).to_string());
    let desk = request.desk.clone().unwrap_or_default();
    let report = DeskReport {
        seen_at: app.clock.now(),
        app_version: desk.app_version,
        unsent_scans: desk.unsent_scans,
        clock_skew_ms: desk.clock_skew_ms,
        roster_position: held.and_then(Option::as_ref).map(ToString::to_string),
    };
    app.desks.note(cell.id, sender.device, report);
}

/// The body of `POST /v1/events/{event}/live`.
#[derive(Debug, Deserialize)]
pub struct LiveRequest {
    device: DeviceId,
    schema: u32,
    #[serde(default)]
    at_least: Option<Position>,
    #[serde(default)]
    holds: BTreeMap<String, Option<Position>>,
}

/// `POST /v1/events/{event}/live`: the stream of what commits.
pub async fn listen(
    app: web::Data<App>,
    reader: SignedIn,
    event: web::Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let asked: LiveRequest = read_body(&request, &body)?;
    let sender = check_sender(reader, asked.device, asked.schema)?;
    let cell = app.reach_event(&event, reader, asked.holds.is_empty()).await?;
    let exchanges = app.exchanges();
    let place = app.live_count.take_place(exchanges.settings.live_connections).ok_or_else(|| {
        Problem::new(ProblemCode::Unavailable, "Too many live streams are open; exchange for now.").retry_after(30)
    })?;
    exchanges.reach(&cell, asked.at_least.as_ref()).await?;
    let ending = SignedOutOrStopped::new(&app, sender.device);
    let stream = live::listen(exchanges, cell, sender, (asked.holds, ending, place)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream))
}

/// The parameters of `GET /v1/events/{event}/sync/public`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicParameters {
    since: Option<String>,
    min: Option<String>,
    limit: Option<u32>,
}

/// `GET /v1/events/{event}/sync/public`: the public scope alone, for anonymous apps and caches.
pub async fn read_public(
    app: web::Data<App>,
    event: web::Path<String>,
    parameters: Query<PublicParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let since = parameters.since.as_deref().map(|text| read_position(text, "since")).transpose()?;
    let min = parameters.min.as_deref().map(|text| read_position(text, "min")).transpose()?;
    require_limit(parameters.limit, "limit")?;
    let cell = app.find_event(&event, None)?;
    let exchanges = app.exchanges();
    exchanges.reach(&cell, min.as_ref()).await?;
    // What is answered is of this commit or a later one, whichever of them touched the scope.
    let reached = cell.read().head.seq;
    let coding = wanted_coding(request.headers());
    let query = PublicQuery { since, limit: parameters.limit };
    let answer = app.public_answers.answer(&exchanges, &cell, (&query, coding)).await?;
    let tag = format!("W/\"{}\"", answer.to);
    // With `min`, the address names a content that will always do: it can be kept for a day.
    let is_settled = min.is_some_and(|min| min.epoch == app.epoch && reached >= min.head.seq);
    let cache =
        if is_settled { "public, max-age=86400, immutable" } else { "public, max-age=5, stale-while-revalidate=30" };
    let has_it = holds_version(request.headers(), &tag);
    let mut response = if has_it { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::VARY, "Accept-Encoding"));
    if has_it {
        return Ok(response.finish());
    }
    if let Some(word) = coding.word() {
        response.insert_header((header::CONTENT_ENCODING, word));
    }
    Ok(response.content_type("application/json").body(answer.body))
}

fn check_sender(reader: SignedIn, device: DeviceId, schema: u32) -> Result<Sender, Problem> {
    if schema < SCHEMA {
        let detail = format!("This server writes rows of schema {SCHEMA}; update the app.");
        return Err(Problem::new(ProblemCode::UpgradeRequired, detail).at("/schema"));
    }
    if device != reader.device {
        return Err(Problem::new(ProblemCode::Forbidden, "The token is another device's.").at("/device"));
    }
    Ok(Sender { account: reader.account, device })
}

fn read_body<T: DeserializeOwned>(request: &HttpRequest, body: &Bytes) -> Result<T, Problem> {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !media.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json")) {
        return Err(Problem::new(ProblemCode::UnsupportedMediaType, "The body is to be application/json."));
    }
    if body.len() > MAX_BODY_BYTES {
        let detail = format!("The body has at most {MAX_BODY_BYTES} bytes; send the rest in the next exchange.");
        return Err(Problem::new(ProblemCode::TooLarge, detail));
    }
    if let Ok(Object(value)) = serde_json::from_slice(body) {
        return Ok(value);
    }
    // Only what is at fault is read a second time, to find where: keeping track costs as much as reading.
    let mut reader = serde_json::Deserializer::from_slice(body);
    let Object(value) = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (field, problem) = (json_pointer(error.path()), body_problem(error.inner()));
        // What is no JSON has no fields.
        let has_field = !field.is_empty() && problem.code != ProblemCode::MalformedJson;
        if has_field { problem.at(field) } else { problem }
    })?;
    reader.end().map_err(|error| body_problem(&error))?;
    Ok(value)
}

fn body_problem(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let code = match error.classify() {
        serde_json::error::Category::Data if text.starts_with("is not a position") => ProblemCode::MalformedPosition,
        serde_json::error::Category::Data => ProblemCode::InvalidRequest,
        _ => ProblemCode::MalformedJson,
    };
    Problem::new(code, text)
}

fn read_position(text: &str, name: &str) -> Result<Position, Problem> {
    text.parse().map_err(|_| {
        Problem::new(ProblemCode::MalformedPosition, format!("{name} is not a position.")).at(name.to_owned())
    })
}

fn json_answer(headers: &HeaderMap, body: Bytes) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type("application/json");
    let is_worth_it = body.len() >= COMPRESS_FROM && wanted_coding(headers) != Coding::Identity;
    let accepts_gzip =
        headers.get_all(header::ACCEPT_ENCODING).any(|value| value.to_str().is_ok_and(|value| value.contains("gzip")));
    if !(is_worth_it && accepts_gzip) {
        return response.body(body);
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(body.len() / 4), flate2::Compression::fast());
    match encoder.write_all(&body).and_then(|()| encoder.finish()) {
        Ok(compressed) => response.insert_header((header::CONTENT_ENCODING, "gzip")).body(compressed),
        Err(_) => response.body(body),
    }
}

/// Ends a stream when its device is signed out, or the server stops.
struct SignedOutOrStopped {
    identity: Arc<Identity>,
    device: DeviceId,
    endings: broadcast::Receiver<DeviceId>,
    stop: StopSignal,
}

impl SignedOutOrStopped {
    fn new(app: &App, device: DeviceId) -> Self {
        let identity = Arc::clone(&app.identity);
        Self { endings: identity.listen_to_endings(), identity, device, stop: app.stop.clone() }
    }
}

impl Ending for SignedOutOrStopped {
    async fn ended(&mut self) {
        if self.identity.has_ended(self.device) {
            return;
        }
        let Self { identity, device, endings, stop } = self;
        let signed_out = async {
            loop {
                match endings.recv().await {
                    Ok(ended) if ended == *device => return,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) if identity.has_ended(*device) => return,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => pending::<()>().await,
                }
            }
        };
        tokio::select! {
            () = signed_out => {}
            _ = stop.requested() => {}
        }
    }
}
