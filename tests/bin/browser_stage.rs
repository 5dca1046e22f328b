//! The server that pages are tested against: the demonstration, at a time that tests move.
//!
//! `cumbre-browser-stage FOLDER [crowd]` keeps everything in the folder and says in one line of JSON where
//! it is and who may sign in; with `crowd` the hundreds of others come too. Then it does what each line of its input says, and answers `done`:
//! `advance MILLISECONDS` moves its clock, `finish-mails` waits until no mail is under way. It
//! stops at the end of its input, so it does not outlive the tests. Its pages are those of the folder
//! that `CUMBRE_WEB_FOLDER` names, else the program's own.

use std::error::Error;
use std::net::TcpListener;
use std::path::Path;

use cumbre::administration::demonstration;
use cumbre::app::{App, start};
use cumbre::clock::Clock;
use cumbre::config::Config;
use serde_json::json;
use shared::time::Timestamp;

/// When every test begins: 26 November 2018, 08:00 in Santiago.
const MORNING: Timestamp = Timestamp(1_543_230_000_000);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("cumbre-browser-stage FOLDER [crowd]")?;
    let with_crowd = std::env::args().nth(2).is_some_and(|word| word == "crowd");
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    let clock = Clock::fixed(MORNING);
    let app = App::open(configure(Path::new(&folder), &address)?, clock.clone()).await?;
    let people = demonstration::prepare(&app, with_crowd).await?;
    let running = start(app, listener).await?;
    let people: Vec<_> =
        people.iter().map(|one| json!({ "name": one.name, "email": one.email, "code": one.code })).collect();
    println!("{}", json!({ "address": address, "people": people }));
    // Only this thread waits for input; the server runs on others.
    for order in std::io::stdin().lines() {
        let order = order?;
        match order.split_once(' ') {
            Some(("advance", milliseconds)) => clock.advance_ms(milliseconds.parse()?),
            None if order == "finish-mails" => running.app().identity.finish_mails().await,
            _ => return Err(format!("{order} is no order").into()),
        }
        println!("done");
    }
    running.stop().await?;
    Ok(())
}

fn configure(folder: &Path, address: &str) -> Result<Config, cumbre::config::ConfigError> {
    let in_folder = |name: &str| folder.join(name).display().to_string();
    let database = format!("sqlite:{}", in_folder("cumbre.sqlite3"));
    let web_folder = std::env::var("CUMBRE_WEB_FOLDER").unwrap_or_default();
    Config::of_pairs([
        ("web_folder", web_folder.as_str()),
        ("database_url", database.as_str()),
        ("data_folder", in_folder("data").as_str()),
        ("mail_folder", in_folder("mail").as_str()),
        ("public_url", address),
        ("workers", "2"),
        ("stop_timeout_s", "1"),
    ])
}
