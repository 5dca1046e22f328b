//! The device against a real server on a real port.

use std::error::Error;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::{Value, json};
use shared::ids::{AccountId, AttendeeId, EventId, MutationId, RecordId};
use shared::programme::{Collection, RecordBody, RecordEdit};
use shared::replica::{MemoryStore, Replica};
use shared::sync::{Mutation, MutationResult};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::api::{Api, DeviceDescription, SignInRequest, SignedIn, Tokens};
use super::store::SqliteStore;
use super::{
    DeviceArguments, DeviceCommand, DeviceError, Enrolment, HttpReplica, Loss, NoteCommand, SignInArguments,
    TodayArguments, execute,
};
use crate::app::{self, App, Running};
use crate::clock::Clock;
use crate::config::Config;
use crate::database::schema::attendees;
use crate::database::{Connection, create_counter, migrate};
use crate::identity::{NewAccount, ensure_account};
use crate::on;
use crate::sync::change_log::{Actor, Relation, Unit};

type Answer<T = ()> = Result<T, Box<dyn Error>>;

const EVENT: EventId = EventId(Uuid::from_u128(7));
const GUEST: AttendeeId = AttendeeId(Uuid::from_u128(8));
const SESSION: RecordId = RecordId(Uuid::from_u128(9));
const ROOMS: [RecordId; 2] = [RecordId(Uuid::from_u128(10)), RecordId(Uuid::from_u128(11))];

/// A server with one event, and a guest who has an account.
struct Site {
    running: Running,
    guest: AccountId,
    folder: PathBuf,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn put(id: RecordId, collection: Collection, value: Value) -> Answer<RecordEdit> {
    let body = RecordBody::from_json(collection, value).map_err(|error| format!("{error:?}"))?;
    Ok(RecordEdit::Put { id, body })
}

fn session_in(room: usize) -> Answer<RecordEdit> {
    let value = json!({ "slug": "opening", "kind": "opening", "title": { "en": "Opening" }, "room": ROOMS[room],
        "starts_at": "2018-11-27T12:00:00Z", "ends_at": "2018-11-27T13:00:00Z", "state": "published" });
    put(SESSION, Collection::Sessions, value)
}

fn programme() -> Answer<Vec<RecordEdit>> {
    let venue = RecordId(Uuid::from_u128(12));
    let event = json!({ "slug": "week", "title": { "en": "The Week" }, "starts_on": "2018-11-26",
        "ends_on": "2018-11-30", "time_zone": "America/Santiago", "languages": ["en"], "fallback_language": "en",
        "state": "published" });
    let room = |name: &str| json!({ "slug": name, "venue": venue, "name": { "en": format!("Room {name}") } });
    Ok(vec![
        put(RecordId(EVENT.0), Collection::Events, event)?,
        put(venue, Collection::Venues, json!({ "slug": "hotel", "name": { "en": "Hotel" } }))?,
        put(ROOMS[0], Collection::Rooms, room("a"))?,
        put(ROOMS[1], Collection::Rooms, room("b"))?,
        session_in(0)?,
    ])
}

impl Site {
    async fn open() -> Answer<Self> {
        let folder = std::env::temp_dir().join(format!("cumbre-device-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder)?;
        let url = format!("sqlite:{}", folder.join("data.sqlite3").display());
        let mut connection = Connection::open(&url.parse()?)?;
        migrate(&mut connection)?;
        create_counter(&mut connection, EVENT, "week", Clock::system().now())?;
        drop(connection);
        let data = folder.display().to_string();
        let config = Config::of_pairs([("database_url", url.as_str()), ("data_folder", &data), ("workers", "1")])?;
        let app = App::open(config, Clock::system()).await?;
        let running = app::start(app, TcpListener::bind("127.0.0.1:0")?).await?;
        let mut site = Self { running, guest: AccountId(Uuid::nil()), folder };
        site.populate().await?;
        Ok(site)
    }

    async fn populate(&mut self) -> Answer {
        let new = NewAccount { email: None, name: "Guest".to_owned(), language: None };
        let now = self.running.app().clock.now();
        let guest = self.running.app().writer.system(move |conn| ensure_account(conn, &new, now)).await?.id;
        let edits = programme()?;
        self.guest = guest;
        self.write(move |unit| {
            use diesel::{ExpressionMethods, RunQueryDsl};
            let row = (
                attendees::event_id.eq(EVENT.to_string()),
                attendees::id.eq(GUEST.to_string()),
                attendees::name.eq("Guest"),
                attendees::created_at.eq(now.0),
            );
            on!(unit.connection, |c| diesel::insert_into(attendees::table).values(row).execute(c))?;
            unit.group.set_relation(GUEST, guest, Some(Relation::Myself));
            unit.group.edit(Actor::default(), "record.create", &edits);
            Ok(())
        })
        .await
    }

    async fn write(&self, mut run: impl FnMut(&mut Unit<'_>) -> diesel::QueryResult<()> + Send + 'static) -> Answer {
        self.running.app().writer.unit(EVENT, move |unit| Ok(run(unit)?)).await?;
        Ok(())
    }

    async fn move_session(&self, room: usize) -> Answer {
        let edits = vec![session_in(room)?];
        self.write(move |unit| {
            unit.group.edit(Actor::default(), "session.move", &edits);
            Ok(())
        })
        .await
    }

    fn url(&self) -> String {
        format!("http://{}", self.running.address)
    }

    async fn code(&self) -> Answer<String> {
        Ok(self.running.app().identity.mint_code(self.guest).await?.0)
    }

    fn arguments(&self, command: DeviceCommand) -> DeviceArguments {
        DeviceArguments { store: self.folder.join("phone/device.sqlite3"), command }
    }

    /// Runs a command of the terminal device; what it printed.
    async fn device(&self, command: DeviceCommand) -> Result<String, DeviceError> {
        let mut output = Vec::new();
        execute(self.arguments(command), &mut output).await?;
        Ok(String::from_utf8_lossy(&output).trim_end().to_owned())
    }

    async fn sign_in(&self) -> Answer {
        let how = SignInArguments {
            server: self.url(),
            code: Some(self.code().await?),
            email: None,
            event: None,
            name: "Terminal".to_owned(),
        };
        assert_eq!(
            self.device(DeviceCommand::SignIn(how)).await?,
            "Signed in for week.\nUp to date after 1 exchange(s)."
        );
        Ok(())
    }

    async fn today(&self) -> Result<String, DeviceError> {
        let now = Some("2018-11-27T23:30:00-03:00".to_owned());
        self.device(DeviceCommand::Today(TodayArguments { now, language: None })).await
    }

    /// A device in memory, of the same guest.
    async fn phone(&self) -> Answer<HttpReplica<MemoryStore>> {
        let api = Api::new(&self.url())?;
        let device = DeviceDescription { name: "Phone".to_owned(), kind: "phone" };
        let request = SignInRequest { code: self.code().await?, email: None, device };
        let SignedIn { tokens, account, device, .. } = api.sign_in(&request).await?;
        let replica = Replica::open(MemoryStore::default(), account.id, device.id)?;
        Ok(HttpReplica::new(replica, api, "week", tokens, Clock::system()))
    }
}

fn star() -> Mutation {
    Mutation {
        id: MutationId(Uuid::now_v7()),
        op: "favourite.set".to_owned(),
        for_attendee: Some(GUEST),
        args: json!({ "session": SESSION, "on": true }),
        base: None,
        at: None,
        depends_on: None,
    }
}

fn star_command(off: bool) -> DeviceCommand {
    DeviceCommand::Star { session: "opening".to_owned(), off }
}

#[tokio::test]
async fn a_device_shows_the_day_stars_and_notes_without_the_network_and_sends_later() -> Answer {
    let site = Site::open().await?;
    assert!(matches!(site.today().await, Err(DeviceError::SignedOut)));
    site.sign_in().await?;
    let heading = "The Week\nTuesday 27 November 2018 (America/Santiago)\n\n";
    let line = "09:00–10:00  Opening  Room a, Hotel";
    assert_eq!(site.today().await?, format!("{heading}{line}"));

    assert_eq!(site.device(star_command(false)).await?, "Starred: Opening");
    let text = "Ask about the way home".to_owned();
    let add = NoteCommand::Add { text, session: Some("opening".to_owned()) };
    site.device(DeviceCommand::Note { command: add }).await?;
    assert_eq!(site.today().await?, format!("{heading}{line}  ★ (waits to be sent)"));
    assert_eq!(site.device(DeviceCommand::Outbox { dismiss: None }).await?.lines().count(), 2);

    assert_eq!(site.device(DeviceCommand::Sync).await?, "Up to date after 1 exchange(s).\nSent: 2.");
    assert_eq!(site.today().await?, format!("{heading}{line}  ★"));
    let notes = site.device(DeviceCommand::Note { command: NoteCommand::List }).await?;
    assert!(notes.ends_with("Ask about the way home (Opening)"), "{notes}");

    site.device(star_command(true)).await?;
    assert_eq!(site.today().await?, format!("{heading}{line}"));
    site.device(DeviceCommand::Sync).await?;
    assert_eq!(site.device(DeviceCommand::Outbox { dismiss: None }).await?, "Nothing waits.");
    Ok(())
}

#[tokio::test]
async fn a_note_that_changed_elsewhere_is_shown_with_both_texts() -> Answer {
    let site = Site::open().await?;
    site.sign_in().await?;
    let add = NoteCommand::Add { text: "first".to_owned(), session: None };
    let said = site.device(DeviceCommand::Note { command: add }).await?;
    let id = said.trim_start_matches("Noted: ").to_owned();
    site.device(DeviceCommand::Sync).await?;

    let mut phone = site.phone().await?;
    phone.exchange_until_done().await?;
    let base = phone.replica.find_position(&format!("own:{GUEST}"))?;
    let args = json!({ "id": id, "text": "from the phone" });
    let other = Mutation { op: "note.put".to_owned(), args, base, ..star() };
    phone.replica.edit(&other)?;
    phone.exchange_until_done().await?;

    let edit = NoteCommand::Edit { id: id.clone(), text: "from the terminal".to_owned() };
    site.device(DeviceCommand::Note { command: edit }).await?;
    let synced = site.device(DeviceCommand::Sync).await?;
    assert!(synced.contains("Refused: 1"), "{synced}");
    let outbox = site.device(DeviceCommand::Outbox { dismiss: None }).await?;
    assert!(outbox.contains("from the terminal") && outbox.contains("from the phone"), "{outbox}");
    Ok(())
}

#[tokio::test]
async fn an_answer_lost_three_times_has_one_effect() -> Answer {
    let site = Site::open().await?;
    let mut phone = site.phone().await?;
    phone.replica.edit(&star())?;
    phone.lose_next(Loss::Request);
    (0..3).for_each(|_| phone.lose_next(Loss::Answer));
    let round = phone.exchange_until_done().await?;
    assert_eq!(round.exchanges, 5);
    assert!(matches!(round.results.as_slice(), [(_, MutationResult::Duplicate { .. })]), "{:?}", round.results);
    let held = phone.replica.read(&shared::replica::RowFilter::of_collection("favourites"))?;
    assert_eq!(held.iter().map(|row| row.is_pending).collect::<Vec<_>>(), [false]);
    Ok(())
}

#[tokio::test]
async fn an_access_token_that_ended_is_renewed_and_kept() -> Answer {
    let site = Site::open().await?;
    site.sign_in().await?;
    let mut store = SqliteStore::open(&site.folder.join("phone/device.sqlite3"))?;
    let refresh_token = store.find_setting("refresh_token")?;
    let mut device = Enrolment::load(&mut store)?.connect(store, Clock::system())?;
    device.set_tokens(Tokens { access_token: "ended".to_owned(), refresh_token: refresh_token.clone() });
    device.exchange_until_done().await?;
    assert_ne!(device.replica.store_mut().find_setting("refresh_token")?, refresh_token);
    drop(device);
    assert_eq!(site.device(DeviceCommand::Sync).await?, "Up to date after 1 exchange(s).");
    Ok(())
}

/// Gives each line as it is printed.
struct Lines(mpsc::UnboundedSender<String>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_device_that_watches_prints_each_change_as_it_comes() -> Answer {
    let site = Site::open().await?;
    site.sign_in().await?;
    let (sender, mut printed) = mpsc::unbounded_channel();
    let mut output = Lines(sender);
    let watch = execute(site.arguments(DeviceCommand::Watch { language: None }), &mut output);
    let story = async {
        for room in [1, 0, 1] {
            site.move_session(room).await?;
            let mut text = String::new();
            while !text.ends_with('\n') || text.lines().count() < 2 {
                text.push_str(&printed.recv().await.ok_or("the device stopped")?);
            }
            let line = |room: &str| format!("Tue 27 Nov  09:00–10:00  Opening  Room {room}, Hotel");
            let (before, after) = if room == 1 { ("a", "b") } else { ("b", "a") };
            assert_eq!(text, format!("- {}\n+ {}\n", line(before), line(after)));
        }
        Answer::Ok(())
    };
    tokio::select! {
        ended = watch => Err(format!("the device stopped: {ended:?}").into()),
        told = story => told,
    }
}

#[tokio::test]
async fn a_device_knows_the_servers_time_after_an_exchange() -> Answer {
    let site = Site::open().await?;
    let mut phone = site.phone().await?;
    assert_eq!(phone.replica.server_time()?, None);
    let before = Clock::system().now();
    phone.exchange_until_done().await?;
    let known = phone.replica.server_time()?.ok_or("the answer has the server's time")?;
    let now = known.at(&known.reading).0;
    let slack = i64::try_from(known.uncertainty_ms)? + 50;
    assert!((before.0 - slack..=Clock::system().now().0 + slack).contains(&now.0), "{known:?}");
    Ok(())
}
