use std::error::Error;
use std::net::TcpListener;
use std::path::PathBuf;

use shared::programme::DelegationDuty;

use super::*;
use crate::app::{self, beside};
use crate::clock::Clock;
use crate::config::Config;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("cumbre-administration-{}", uuid::Uuid::new_v4())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn create(email: &str) -> AdministrationCommand {
    AdministrationCommand::CreateAccount { email: email.to_owned(), name: "Rosa Ferrada".to_owned(), language: None }
}

async fn open_in(folder: &Folder) -> Result<App, Box<dyn Error>> {
    let url = format!("sqlite:{}", folder.0.join("data.sqlite3").display());
    Ok(App::open(Config::of_pairs([("database_url", url.as_str()), ("workers", "1")])?, Clock::system()).await?)
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[tokio::test]
async fn a_file_is_imported_once_and_comes_back_the_same() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let app = open_in(&folder).await?;
    let import = |text: &str, allow_removals| {
        let command = AdministrationCommand::Import { text: text.to_owned(), allow_removals };
        execute(&app, command)
    };
    let sample = include_str!("../../samples/santiago-2018.yaml");
    let first = import(sample, false).await?;
    assert!(last_line(&first).ends_with(" added, 0 changed, 0 cancelled, 0 removed, 0 as before."), "{first}");
    let again = import(sample, false).await?;
    assert!(again.starts_with("csw-2018: 0 added, 0 changed, 0 cancelled, 0 removed, "), "{again}");

    let exported = execute(&app, AdministrationCommand::Export { event: "csw-2018".to_owned() }).await?;
    assert_eq!(import(&exported, false).await?, again);
    let findings = execute(&app, AdministrationCommand::Check { event: "csw-2018".to_owned() }).await?;
    assert!(last_line(&findings).starts_with("csw-2018: "), "{findings}");

    let faulty = import("cumbre: 1\nevent: {slug: csw-2018}\n", false).await.map_err(|error| error.to_string());
    assert!(faulty.is_err_and(|message| message.starts_with("the file has faults; nothing was changed\nline 2, ")));
    let event: String =
        exported.lines().take_while(|line| !line.starts_with("series:")).fold(String::new(), |all, line| {
            let is_reference =
                line.starts_with("  series:") || line.starts_with("  organisations:") || line.starts_with("    -");
            if is_reference { all } else { format!("{all}{line}\n") }
        });
    let emptied = import(&event, false).await.map_err(|error| error.to_string());
    assert!(emptied.is_err_and(|message| message.contains("published sessions away, more than a fifth")));
    Ok(())
}

#[tokio::test]
async fn people_come_in_by_file_once_and_a_faulty_file_names_its_cells() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let app = open_in(&folder).await?;
    let programme = include_str!("../../samples/santiago-2018.yaml").replacen(
        "\nvenues:",
        "\ncategories:\n  - {slug: delegates, title: Delegates}\n\nvenues:",
        1,
    );
    execute(&app, AdministrationCommand::Import { text: programme, allow_removals: false }).await?;
    let bring = |file: &str, mode| {
        let (event, file) = ("csw-2018".to_owned(), STANDARD.encode(file));
        execute(&app, AdministrationCommand::ImportPeople { event, file, mode })
    };
    let good = "Name,Category,Hobby\nAna Soto,Delegates,Chess\n";
    let preview = bring(good, Mode::Preview).await?;
    assert_eq!(
        preview,
        "C1: \"Hobby\" is not read\n1 rows: 1 would be new, 0 would be changed, 0 as before, 0 with faults."
    );
    assert!(bring(good, Mode::AllOrNothing).await?.ends_with("1 rows: 1 new, 0 changed, 0 as before, 0 with faults."));
    assert!(bring(good, Mode::AllOrNothing).await?.ends_with("1 rows: 0 new, 0 changed, 1 as before, 0 with faults."));
    let faulty = "Name,Category\nBruno,Kings\nCarla,Delegates\n";
    let refused = bring(faulty, Mode::AllOrNothing).await.map_err(|error| error.to_string());
    let expected = "the file has faults; nothing was changed\nB2 (Category): \"Kings\" names none of the categories\n\
        2 rows: 1 would be new, 0 would be changed, 0 as before, 1 with faults.";
    assert_eq!(refused, Err(expected.to_owned()));
    assert!(bring(faulty, Mode::SkipFaulty).await?.ends_with("2 rows: 1 new, 0 changed, 0 as before, 1 with faults."));
    Ok(())
}

#[tokio::test]
async fn the_demonstration_is_made_once() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let app = open_in(&folder).await?;
    let people = demonstration::prepare(&app, false).await?;
    let head = accounts::load_event(&app, demonstration::EVENT)?.read().head.seq;
    let again = demonstration::prepare(&app, false).await?;
    let emails = |people: &[demonstration::DemonstrationPerson]| people.iter().map(|p| p.email).collect::<Vec<_>>();
    assert_eq!(emails(&people), emails(&again));
    assert_eq!(accounts::load_event(&app, demonstration::EVENT)?.read().head.seq, head);

    let cell = accounts::load_event(&app, demonstration::EVENT)?;
    let assistant = accounts::load_account(&app, "assistant@demo.example").await?;
    let participant = accounts::load_account(&app, "participant@demo.example").await?;
    let scopes = |account| cell.read().scopes_of(account).len();
    assert!(scopes(assistant) > scopes(participant), "{} {}", scopes(assistant), scopes(participant));
    let organiser = accounts::load_account(&app, "organiser@demo.example").await?;
    assert!(cell.read().rights(organiser).is_organiser());
    Ok(())
}

#[tokio::test]
async fn a_focal_point_and_a_liaison_officer_look_after_the_delegation_of_the_demonstration()
-> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let app = open_in(&folder).await?;
    let people = demonstration::prepare(&app, true).await?;
    assert_eq!(demonstration::prepare(&app, true).await?.len(), people.len());
    let cell = accounts::load_event(&app, demonstration::EVENT)?;
    for (email, duty) in
        [("focal-point@demo.example", DelegationDuty::FocalPoint), ("liaison@demo.example", DelegationDuty::Liaison)]
    {
        let account = accounts::load_account(&app, email).await?;
        let rights = cell.read().rights(account);
        assert!(rights.delegations.keys().any(|delegation| rights.has_duty(*delegation, duty)), "{email}");
    }
    Ok(())
}

#[tokio::test]
async fn a_running_server_does_the_work_and_nobody_without_its_token_asks() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let database = folder.0.join("data.sqlite3");
    let running = app::start(open_in(&folder).await?, TcpListener::bind("127.0.0.1:0")?).await?;

    let made = send(&database, create("Rosa@Example.org")).await?;
    assert!(made.starts_with("Rosa Ferrada signs in as Rosa@Example.org (account "), "{made}");
    let (_, account) = made.trim_end_matches(").").rsplit_once(' ').ok_or("no account")?;
    let told = format!("rosa@example.org has an account already (account {account}); nothing was changed.");
    assert_eq!(send(&database, create("rosa@example.org")).await?, told);
    let code = send(&database, AdministrationCommand::MintCode { email: "rosa@example.org".to_owned() }).await?;
    assert!(code.lines().next().is_some_and(|code| code.len() >= 8), "{code}");
    let unknown = send(&database, AdministrationCommand::MintCode { email: "b@example.org".to_owned() }).await;
    assert_eq!(unknown.map_err(|error| error.to_string()), Err("no account has this e-mail address".to_owned()));
    let rotated = send(&database, AdministrationCommand::RotateKeys).await?;
    assert_eq!(rotated, "A new key signs in a moment; 2 keys verify.");
    let role = AdministrationCommand::SetRole {
        email: "rosa@example.org".to_owned(),
        event: "csw-2018".to_owned(),
        role: Role::Organiser,
        is_held: true,
    };
    let no_event = send(&database, role).await;
    assert_eq!(no_event.map_err(|error| error.to_string()), Err("there is no event `csw-2018`".to_owned()));

    let door = beside(&database, "door");
    let text = std::fs::read_to_string(&door)?;
    let mut forged: serde_json::Value = serde_json::from_str(&text)?;
    forged["token"] = "0".repeat(64).into();
    std::fs::write(&door, forged.to_string())?;
    let refused = send(&database, create("eve@example.org")).await.map_err(|error| error.to_string());
    assert_eq!(refused, Err("the token is not this server's".to_owned()));

    running.stop().await?;
    assert!(!door.exists());
    assert!(matches!(send(&database, create("late@example.org")).await, Err(DoorError::Closed(_))));
    Ok(())
}
