//! Who asks for what of which event: the extractors of this domain.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;
use shared::ids::{AttendeeId, RecordId};
use shared::invitation::InvitedTo;
use shared::problem_code::ProblemCode;
use shared::programme::Programme;
use shared::roster::{RosterPart, RosterSession};
use shared::sync::Position;

use super::idempotency::IdempotencyKey;
use crate::app::App;
use crate::identity::{MaybeSignedIn, SignedIn};
use crate::problem::Problem;
use crate::programme::operations::Guard;
use crate::sync::change_log::{Actor, Role};
use crate::sync::feed::{EventCell, Rights};

/// The header that names the commit or position that an edit was made on; `?base=` says the same.
const BASE_HEADER: &str = "cumbre-base";

/// Anybody who may know of the event in the path.
pub struct Reader {
    /// What requests use.
    pub app: web::Data<App>,
    /// Who asks, if they signed in.
    pub who: Option<SignedIn>,
    /// The event.
    pub cell: Arc<EventCell>,
}

/// An organiser of the event in the path.
pub struct Organiser {
    /// What requests use.
    pub app: web::Data<App>,
    /// Who asks.
    pub who: SignedIn,
    /// The event.
    pub cell: Arc<EventCell>,
}

/// Somebody signed in who may know of the event in the path, and what they may do there.
pub struct Member {
    /// What requests use.
    pub app: web::Data<App>,
    /// Who asks.
    pub who: SignedIn,
    /// The event.
    pub cell: Arc<EventCell>,
    /// The revs of which what is written must have one (If-Match).
    pub revs: Option<Vec<u64>>,
    /// The Idempotency-Key.
    pub key: IdempotencyKey,
}

/// An organiser who edits, and under which conditions.
pub struct Editor {
    /// Who, and where.
    pub organiser: Organiser,
    /// What must still hold.
    pub guard: Guard,
    /// The Idempotency-Key.
    pub key: IdempotencyKey,
    /// Whether nothing is to be written.
    pub is_preview: bool,
}

/// Somebody who sees everything and edits what they may
/// ([`operations::may_run`](crate::programme::operations::may_run)): organisers, and the protocol officer.
pub struct Staff(pub Editor);

/// The parameters of an edit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditParameters {
    /// A position, or the rev of the editor's copy.
    base: Option<String>,
    /// Whether to tell only what would happen.
    preview: Option<bool>,
}

impl Reader {
    /// What the reader may do and hold.
    pub fn rights(&self) -> Rights {
        self.who.map(|who| self.cell.read().rights(who.account)).unwrap_or_default()
    }
}

impl Member {
    /// What the account may do and hold.
    pub fn rights(&self) -> Rights {
        self.cell.read().rights(self.who.account)
    }

    /// The same person as one who acts, for an attendee if one is named.
    pub fn actor(&self, attendee: Option<AttendeeId>) -> Actor {
        Actor { account: Some(self.who.account), device: Some(self.who.device), attendee }
    }
}

impl Organiser {
    /// The programme, as new as this node can know.
    pub async fn programme(&self) -> Result<Programme, Problem> {
        load_programme(&self.app, &self.cell).await
    }

    /// The same person as one who acts.
    pub fn actor(&self) -> Actor {
        Actor { account: Some(self.who.account), device: Some(self.who.device), attendee: None }
    }
}

/// The programme of an event; a node that did not look at the database of late does so first.
pub async fn load_programme(app: &App, cell: &Arc<EventCell>) -> Result<Programme, Problem> {
    if !app.events.is_fresh(cell) {
        app.events.refresh(cell).await?;
    }
    Ok(app.events.programme(cell).await?)
}

/// Whether staff may know of a part or session. Who works at doors and nowhere else has rosters, in which there are no
/// drafts.
pub fn is_known_to_staff(rights: &Rights, programme: &Programme, (to, id): (InvitedTo, RecordId)) -> bool {
    let sees_drafts = [Role::Organiser, Role::Protocol].iter().any(|role| rights.roles.contains(role));
    sees_drafts
        || match to {
            InvitedTo::Parts => RosterPart::of(programme, id).is_some(),
            InvitedTo::Sessions => RosterSession::of(programme, id).is_some(),
        }
}

/// The answer for what is not there and for what is not the reader's to see: the same.
pub fn not_found() -> Problem {
    Problem::new(ProblemCode::NotFound, "There is no such thing, or not for you.")
}

async fn find_cell(app: &App, request: &HttpRequest, who: Option<SignedIn>) -> Result<Arc<EventCell>, Problem> {
    let name = request.match_info().get("event").unwrap_or_default();
    match who {
        Some(who) => app.reach_event(name, who, false).await,
        None => app.find_event(name, None),
    }
}

async fn read_organiser(
    request: &HttpRequest,
    who: Result<SignedIn, Problem>,
    may: fn(&Rights) -> bool,
) -> Result<Organiser, Problem> {
    let (who, app) = (who?, find_app(request)?);
    let cell = find_cell(&app, request, Some(who)).await?;
    let rights = cell.read().rights(who.account);
    if may(&rights) { Ok(Organiser { app, who, cell }) } else { Err(organisers_only()) }
}

/// The answer to whoever edits what is the organisers' to edit.
pub fn organisers_only() -> Problem {
    Problem::new(ProblemCode::Forbidden, "Only an organiser of the event may do this.")
}

fn find_app(request: &HttpRequest) -> Result<web::Data<App>, Problem> {
    request.app_data::<web::Data<App>>().cloned().ok_or_else(|| Problem::internal("the service has no app"))
}

/// What is extracted once the event is found.
type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (who, request) = (MaybeSignedIn::from_request(request, payload).into_inner(), request.clone());
        Box::pin(async move {
            let (MaybeSignedIn(who), app) = (who?, find_app(&request)?);
            let cell = find_cell(&app, &request, who).await?;
            Ok(Self { app, who, cell })
        })
    }
}

impl FromRequest for Member {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (who, request) = (SignedIn::from_request(request, payload).into_inner(), request.clone());
        Box::pin(async move {
            let (who, app) = (who?, find_app(&request)?);
            let cell = find_cell(&app, &request, Some(who)).await?;
            let revs = read_if_match(request.headers())?;
            let key = IdempotencyKey::read(&request)?;
            Ok(Self { app, who, cell, revs, key })
        })
    }
}

impl FromRequest for Organiser {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (who, request) = (SignedIn::from_request(request, payload).into_inner(), request.clone());
        Box::pin(async move { read_organiser(&request, who, Rights::is_organiser).await })
    }
}

impl FromRequest for Editor {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (who, request) = (SignedIn::from_request(request, payload).into_inner(), request.clone());
        Box::pin(async move { read_editor(&request, read_organiser(&request, who, Rights::is_organiser).await?) })
    }
}

impl FromRequest for Staff {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (who, request) = (SignedIn::from_request(request, payload).into_inner(), request.clone());
        Box::pin(async move {
            let staff = read_organiser(&request, who, Rights::sees_everything).await?;
            read_editor(&request, staff).map(Self)
        })
    }
}

fn read_editor(request: &HttpRequest, organiser: Organiser) -> Result<Editor, Problem> {
    let parameters = web::Query::<EditParameters>::from_query(request.query_string())
        .map_err(|error| Problem::new(ProblemCode::InvalidRequest, format!("The query cannot be read: {error}.")))?
        .into_inner();
    let base = parameters.base.as_deref().or_else(|| text_of(request.headers(), BASE_HEADER));
    let base = base.map(|base| read_base(base, &organiser)).transpose()?;
    let guard = Guard { base, revs: read_if_match(request.headers())? };
    let key = IdempotencyKey::read(request)?;
    let is_preview = parameters.preview.unwrap_or(false);
    Ok(Editor { organiser, guard, key, is_preview })
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The number of the commit that the editor had seen. A position that this database does not know
/// is older than everything.
fn read_base(text: &str, organiser: &Organiser) -> Result<u64, Problem> {
    if let Ok(rev) = text.parse::<u64>() {
        return Ok(rev);
    }
    let problem = |_| Problem::new(ProblemCode::MalformedPosition, "base is neither a position nor a rev.").at("base");
    let position: Position = text.parse().map_err(problem)?;
    let is_known = position.epoch == organiser.app.epoch && organiser.cell.read().knows(position.head);
    Ok(if is_known { position.head.seq } else { 0 })
}

/// The revs that If-Match names; none where it is absent or `*`.
fn read_if_match(headers: &HeaderMap) -> Result<Option<Vec<u64>>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let malformed =
        || Problem::new(ProblemCode::InvalidRequest, "If-Match is * or a list of entity tags such as \"12\".");
    let text = value.to_str().map_err(|_| malformed())?.trim();
    if text == "*" {
        return Ok(None);
    }
    let mut revs = Vec::new();
    for tag in text.split(',').map(str::trim) {
        // A weak tag never matches strongly (RFC 9110, section 13.1.1).
        let strong = tag.strip_prefix("W/").is_none();
        let inner = tag.trim_start_matches("W/").strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let inner = inner.ok_or_else(malformed)?;
        revs.extend(inner.parse::<u64>().ok().filter(|_| strong));
    }
    Ok(Some(revs))
}
