//! What each subcommand of `cumbre device` does; each answers with the text to print.

use std::path::Path;

use serde_json::{Value, json};
use shared::ids::MutationId;
use shared::replica::{Replica, RowFilter};
use shared::sync::{Mutation, MutationResult, Profile, Scope};
use shared::time::{Day, Timestamp};
use uuid::Uuid;

use super::api::{Api, DeviceDescription, DeviceName, Redemption, SignInRequest};
use super::desk::key::DeskKey;
use super::driver::Round;
use super::enrolment::Enrolment;
use super::error::DeviceError;
use super::programme::Programme;
use super::store::SqliteStore;
use super::timepiece::Timepiece;
use super::{EnrolArguments, NoteCommand, SignInArguments, TodayArguments};
use crate::clock::Clock;

/// Opens the local database, and makes it and its folder where there are none.
pub fn open_store(path: &Path) -> Result<SqliteStore, DeviceError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| DeviceError::Folder(folder.to_owned(), error))?;
    }
    Ok(SqliteStore::open(path)?)
}

/// Signs in and fetches the programme, or asks for a code.
pub async fn sign_in(mut store: SqliteStore, how: SignInArguments) -> Result<String, DeviceError> {
    let api = Api::new(&how.server)?;
    let Some(code) = how.code else {
        let email = how.email.unwrap_or_default();
        api.request_code(&email).await?;
        return Ok(format!("If the server knows {email}, a code is on its way. Run this again with --code."));
    };
    let device = DeviceDescription { name: how.name, kind: "terminal" };
    let signed_in = api.sign_in(&SignInRequest { code, email: how.email, device }).await?;
    let enrolment = Enrolment::new(&how.server, how.event, &signed_in)?;
    enrolment.store(&mut store)?;
    let round = enrolment.connect(store, Clock::system())?.exchange_until_done().await?;
    Ok(format!("Signed in for {}.\n{}", enrolment.event, summary(&round)))
}

/// Enrols this device by the code that an organiser shows, and fetches its roster.
pub async fn enrol(mut store: SqliteStore, how: EnrolArguments) -> Result<String, DeviceError> {
    let (code, link) = if how.code.contains('#') { (None, Some(how.code)) } else { (Some(how.code), None) };
    let redemption = Redemption { code, link, device: DeviceName { name: how.name } };
    let enrolled = Api::new(&how.server)?.redeem(&redemption).await?;
    let enrolment = Enrolment::of_desk(&how.server, &enrolled);
    enrolment.store(&mut store)?;
    let mut device = enrolment.connect(store, Clock::system())?;
    // A desk's key goes with its first exchange: it registers who walks in from then on, whatever the network does.
    if enrolled.enrolment.profile == Profile::Full.to_string() {
        DeskKey::ensure(&mut device.replica, |_| false)?;
    }
    let round = device.exchange_until_done().await?;
    let as_what = format!("{} ({})", enrolled.enrolment.name, enrolled.enrolment.profile);
    Ok(format!("Enrolled for {} as {as_what}.\n{}", enrolment.event, summary(&round)))
}

/// Exchanges until nothing is left.
pub async fn sync(mut store: SqliteStore) -> Result<String, DeviceError> {
    let enrolment = Enrolment::load(&mut store)?;
    let mut device = enrolment.connect(store, Clock::system())?;
    let round = device.exchange_until_done().await?;
    Ok(summary(&round))
}

/// A day's programme from the local database.
pub fn show_day(mut store: SqliteStore, which: &TodayArguments) -> Result<String, DeviceError> {
    let enrolment = Enrolment::load(&mut store)?;
    let mut replica = enrolment.open(store)?;
    let programme = read_programme(&mut replica, which.language.as_deref())?;
    let day = match &which.now {
        Some(text) => parse_day(text, &programme)?,
        None => Day(find_now(&mut replica)?.day_in(programme.zone)),
    };
    let heading = format!("{}\n{} ({})", programme.title, day.0.format("%A %-d %B %Y"), programme.zone);
    let lines: Vec<String> = programme.list_day(day).iter().map(|(id, session)| programme.line(id, session)).collect();
    if lines.is_empty() {
        return Ok(format!("{heading}\n\nNothing on this day."));
    }
    Ok(format!("{heading}\n\n{}", lines.join("\n")))
}

/// The server's time as far as the device knows it: its own clock may be wrong.
fn find_now(replica: &mut Replica<SqliteStore>) -> Result<Timestamp, DeviceError> {
    let reading = Timepiece::default().read(Clock::system().now());
    Ok(replica.server_time()?.map_or(reading.wall, |known| known.at(&reading).0))
}

/// Stars a session, or takes the star away.
pub fn star(mut store: SqliteStore, name: &str, on: bool) -> Result<String, DeviceError> {
    let enrolment = Enrolment::load(&mut store)?;
    let mut replica = enrolment.open(store)?;
    let programme = read_programme(&mut replica, None)?;
    let unknown = || DeviceError::UnknownSession(name.to_owned());
    let (id, session) = programme.find_session(name).ok_or_else(unknown)?;
    edit(&enrolment, &mut replica, "favourite.set", json!({ "session": id, "on": on }))?;
    let title = programme.title_of(session);
    Ok(if on { format!("Starred: {title}") } else { format!("Star taken away: {title}") })
}

/// Lists, writes or deletes notes.
pub fn note(mut store: SqliteStore, command: NoteCommand) -> Result<String, DeviceError> {
    let enrolment = Enrolment::load(&mut store)?;
    let mut replica = enrolment.open(store)?;
    let programme = read_programme(&mut replica, None)?;
    let former = |id: &str| {
        let found = programme.notes().find(|(known, _, _)| *known == id).map(|(_, note, _)| note.clone());
        found.ok_or_else(|| DeviceError::UnknownNote(id.to_owned()))
    };
    match command {
        NoteCommand::List => Ok(list_notes(&programme)),
        NoteCommand::Add { text, session } => {
            let unknown = |name: &String| DeviceError::UnknownSession(name.clone());
            let session = match &session {
                Some(name) => Some(programme.find_session(name).ok_or_else(|| unknown(name))?.0.to_owned()),
                None => None,
            };
            let id = Uuid::now_v7().to_string();
            edit(&enrolment, &mut replica, "note.put", note_arguments(&id, session, &text))?;
            Ok(format!("Noted: {id}"))
        }
        NoteCommand::Edit { id, text } => {
            let session = former(&id)?.session;
            edit(&enrolment, &mut replica, "note.put", note_arguments(&id, session, &text))?;
            Ok("Noted.".to_owned())
        }
        NoteCommand::Delete { id } => {
            former(&id)?;
            edit(&enrolment, &mut replica, "note.delete", json!({ "id": id }))?;
            Ok("Deleted.".to_owned())
        }
    }
}

/// What waits to be sent, and what was refused.
pub fn show_outbox(mut store: SqliteStore, dismiss: Option<MutationId>) -> Result<String, DeviceError> {
    let enrolment = Enrolment::load(&mut store)?;
    let mut replica = enrolment.open(store)?;
    if let Some(id) = dismiss {
        replica.dismiss_result(id)?;
    }
    let mut lines = Vec::new();
    for edit in replica.list_outbox()? {
        lines.push(format!("waits     {}  {}", edit.mutation.id, describe(&edit.mutation)));
    }
    for refused in replica.list_results()? {
        let Mutation { id, .. } = refused.mutation;
        lines.push(format!("refused   {id}  {}\n          {}", describe(&refused.mutation), reason(&refused.result)));
    }
    Ok(if lines.is_empty() { "Nothing waits.".to_owned() } else { lines.join("\n") })
}

/// The programme of all rows that are shown.
pub fn read_programme(replica: &mut Replica<SqliteStore>, language: Option<&str>) -> Result<Programme, DeviceError> {
    Programme::read(&replica.read(&RowFilter::default())?, language)
}

fn edit(enrolment: &Enrolment, replica: &mut Replica<SqliteStore>, op: &str, args: Value) -> Result<(), DeviceError> {
    let attendee = enrolment.attendee.ok_or(DeviceError::NoAttendee)?;
    // A star follows the server's order and needs no base; a note that changed elsewhere is a conflict.
    let base = match op {
        "favourite.set" => None,
        _ => replica.find_position(&Scope::Own(attendee).to_string())?,
    };
    let mutation = Mutation {
        id: MutationId(Uuid::now_v7()),
        op: op.to_owned(),
        for_attendee: Some(attendee),
        args,
        base,
        at: Some(Clock::system().now()),
        depends_on: None,
    };
    Ok(replica.edit(&mutation)?)
}

fn note_arguments(id: &str, session: Option<String>, text: &str) -> Value {
    match session {
        Some(session) => json!({ "id": id, "session": session, "text": text }),
        None => json!({ "id": id, "text": text }),
    }
}

fn list_notes(programme: &Programme) -> String {
    let mut lines = Vec::new();
    for (id, note, is_pending) in programme.notes() {
        let about = note.session.as_deref().and_then(|session| programme.find_session(session));
        let about = about.map(|(_, session)| format!(" ({})", programme.title_of(session))).unwrap_or_default();
        let waits = if is_pending { "  (waits to be sent)" } else { "" };
        lines.push(format!("{id}  {}{about}{waits}", note.text));
    }
    if lines.is_empty() { "No notes.".to_owned() } else { lines.join("\n") }
}

fn parse_day(text: &str, programme: &Programme) -> Result<Day, DeviceError> {
    let text_value = Value::String(text.to_owned());
    if let Ok(day) = serde_json::from_value::<Day>(text_value.clone()) {
        return Ok(day);
    }
    let at = serde_json::from_value::<Timestamp>(text_value).map_err(|_| DeviceError::NotATime(text.to_owned()))?;
    Ok(Day(at.day_in(programme.zone)))
}

fn describe(mutation: &Mutation) -> String {
    format!("{} {}", mutation.op, mutation.args)
}

fn reason(result: &MutationResult) -> String {
    match result {
        MutationResult::Rejected { reason, detail, .. } => {
            format!("rejected: {reason}{}", detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default())
        }
        MutationResult::Conflict { server: Some(row), .. } => {
            format!("it was changed elsewhere meanwhile, to {}", row.value)
        }
        MutationResult::Conflict { reason, .. } => format!("it was changed elsewhere meanwhile: {reason}"),
        MutationResult::Applied { .. } | MutationResult::Duplicate { .. } | MutationResult::Retry { .. } => {
            String::new()
        }
    }
}

/// What a round of exchanges brought, in a line or two.
fn summary(round: &Round) -> String {
    let count = |wanted: fn(&MutationResult) -> bool| round.results.iter().filter(|(_, result)| wanted(result)).count();
    let sent = count(|result| matches!(result, MutationResult::Applied { .. } | MutationResult::Duplicate { .. }));
    let refused = count(|result| matches!(result, MutationResult::Rejected { .. } | MutationResult::Conflict { .. }));
    let mut lines = vec![format!("Up to date after {} exchange(s).", round.exchanges)];
    if sent > 0 {
        lines.push(format!("Sent: {sent}."));
    }
    if refused > 0 {
        lines.push(format!("Refused: {refused}; see `cumbre device outbox`."));
    }
    if !round.diverged_twice.is_empty() {
        lines.push(format!("Differs from the server even after a reset: {}.", round.diverged_twice.join(", ")));
    }
    lines.join("\n")
}
