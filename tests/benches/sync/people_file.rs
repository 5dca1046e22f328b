//! A file of 20,000 people, of whom 50 rows are faulty: its preview, its import, and how long others
//! wait meanwhile.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::child::Role;
use crate::device::Device;
use crate::load::Connection;
use crate::table::{self, Row};
use crate::{Failure, Folder, world};

/// Rows of the file.
const ROWS: usize = 20_000;

/// One row in so many names a country that there is not.
const FAULTY_EVERY: usize = 400;

/// Delegations that the people belong to.
const DELEGATIONS: usize = 26;

/// Measures it on a server of its own.
pub async fn measure(folder: &Folder) -> Result<(), Failure> {
    let mut server = Role::start(&["role", "serve", &folder.join("people"), "100", "1"])?;
    let organiser = Device::sign_in_organiser(&mut server)?;
    prepare(&server, &organiser).await?;
    let file = people();
    let before = server.resident_kib()?;
    let preview = bring_in(&server, &organiser, ("?preview=true", &file)).await?;
    let import = bring_in(&server, &organiser, ("?skip_errors=true", &file)).await?;
    let peak = server.peak_kib()?;
    let again = bring_in(&server, &organiser, ("?skip_errors=true", &file)).await?;
    let counts = |report: &Value| ["new_count", "same_count", "faulty_count"].map(|name| report[name].as_u64());
    let (good, bad) = (Some((ROWS - ROWS / FAULTY_EVERY) as u64), Some((ROWS / FAULTY_EVERY) as u64));
    if (counts(&import.report), counts(&again.report)) != ([good, Some(0), bad], [Some(0), good, bad]) {
        return Err(format!("the file was not brought in once: {} {}", import.report, again.report).into());
    }
    let whole = preview.took + import.took;
    let here = format!(
        "{:.1} s: preview {:.1} s, import {:.1} s; again, without a change, {:.1} s",
        whole.as_secs_f64(),
        preview.took.as_secs_f64(),
        import.took.as_secs_f64(),
        again.took.as_secs_f64()
    );
    table::print(&Row::plain("a file of 20,000 people, 50 of them faulty, previewed and imported", here, "15 s"));
    let here = format!("{} MiB at its peak, {} before", peak >> 10, before >> 10);
    table::print(&Row::plain("resident memory of that server", here, "250 MB"));
    let longest = preview.longest_wait.max(import.longest_wait).as_secs_f64() * 1_000.0;
    let here = format!("{longest:.0} ms");
    table::print(&Row::plain("the longest wait of another write meanwhile", here, "1 s"));
    Ok(())
}

/// What a file took.
struct Outcome {
    report: Value,
    took: Duration,
    longest_wait: Duration,
}

async fn bring_in(server: &Role, organiser: &Device, (parameters, file): (&str, &str)) -> Result<Outcome, Failure> {
    let request = organiser.post_file(&format!("registrations/import{parameters}"), ("text/csv", file));
    let began = Instant::now();
    let mut connection = Connection::open(server.address).await?;
    let importing = connection.call(&request);
    tokio::pin!(importing);
    let mut longest_wait = Duration::ZERO;
    let mut other = Connection::open(server.address).await?;
    for version in 0_u64.. {
        let asked = Instant::now();
        let body = json!({ "title": { "en": format!("Title {version} {}", asked.elapsed().as_nanos()) } });
        let patch = organiser.patch(&format!("sessions/{}", world::public_session(0)), &body);
        let write = other.call(&patch);
        tokio::select! {
            biased;
            answer = &mut importing => {
                let report = serde_json::from_slice(answer?)?;
                return Ok(Outcome { report, took: began.elapsed(), longest_wait });
            }
            written = write => drop(written?),
        }
        longest_wait = longest_wait.max(asked.elapsed());
        tokio::select! {
            biased;
            answer = &mut importing => {
                let report = serde_json::from_slice(answer?)?;
                return Ok(Outcome { report, took: began.elapsed(), longest_wait });
            }
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
    Err("the import did not end".into())
}

async fn prepare(server: &Role, organiser: &Device) -> Result<(), Failure> {
    let mut connection = Connection::open(server.address).await?;
    let category = json!({ "slug": "delegates", "title": { "en": "Delegates" }, "capacity": 50_000, "form": [
        { "key": "diet", "label": { "en": "Diet" }, "kind": "choice", "choices": [
            { "key": "vegan", "label": { "en": "Vegan" } }, { "key": "all", "label": { "en": "Everything" } }] }] });
    connection.call(&organiser.post("categories", &category)).await?;
    for number in 0..DELEGATIONS {
        let delegation =
            json!({ "slug": format!("delegation-{number}"), "name": { "en": format!("Delegation {number}") } });
        connection.call(&organiser.post("delegations", &delegation)).await?;
    }
    Ok(())
}

fn people() -> String {
    let mut file = "External id,Name,Given name,Family name,E-mail,Telephone,Position,Organisation,Country,Category,\
        Delegation,Language,Diet\r\n"
        .to_owned();
    for number in 0..ROWS {
        let country = if number % FAULTY_EVERY == FAULTY_EVERY - 1 { "Atlantis" } else { "Chile" };
        let delegation = number % DELEGATIONS;
        let diet = if number % 3 == 0 { "Vegan" } else { "Everything" };
        let _ = write!(
            file,
            "P-{number},Ana {number} Núñez,Ana {number},Núñez,ana.{number}@people.example,+56 2 2345 6789,\
             Adviser on citizen security,Ministry of the Interior {delegation},{country},Delegates,\
             Delegation {delegation},Spanish,{diet}\r\n"
        );
    }
    file
}
