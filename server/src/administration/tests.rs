use std::error::Error;
use std::net::TcpListener;
use std::path::PathBuf;

use super::*;
use crate::app::{self, beside};
use crate::clock::Clock;
use crate::config::Config;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn create(email: &str) -> AdministrationCommand {
    AdministrationCommand::CreateAccount { email: email.to_owned(), name: "Rosa Ferrada".to_owned(), language: None }
}

#[tokio::test]
async fn a_running_server_does_the_work_and_nobody_without_its_token_asks() -> Result<(), Box<dyn Error>> {
    let folder = Folder(std::env::temp_dir().join(format!("cumbre-door-{}", uuid::Uuid::new_v4())));
    let database = folder.0.join("data.sqlite3");
    let url = format!("sqlite:{}", database.display());
    let config = Config::of_pairs([("database_url", url.as_str()), ("workers", "1")])?;
    let running = app::start(App::open(config, Clock::system()).await?, TcpListener::bind("127.0.0.1:0")?).await?;

    let made = send(&database, create("Rosa@Example.org")).await?;
    assert!(made.starts_with("Rosa Ferrada signs in as Rosa@Example.org (account "), "{made}");
    assert_eq!(send(&database, create("rosa@example.org")).await?.split('(').nth(1), made.split('(').nth(1));
    let code = send(&database, AdministrationCommand::MintCode { email: "rosa@example.org".to_owned() }).await?;
    assert!(code.lines().next().is_some_and(|code| code.len() >= 8), "{code}");
    let unknown = send(&database, AdministrationCommand::MintCode { email: "b@example.org".to_owned() }).await;
    assert_eq!(unknown.map_err(|error| error.to_string()), Err("no account has this e-mail address".to_owned()));
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
