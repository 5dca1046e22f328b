//! What stands between a desk and its server: errors of every kind, halves of answers, a portal that wants a
//! sign-in. The queue keeps every scan.

use cumbre::device::store::SqliteStore;
use serde_json::json;
use shared::ids::{AccountId, DeviceId};
use shared::replica::Replica;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::cast::{Desk, admitted, guest};
use crate::enrolment::cast::{area, checkpoint};
use crate::people::cast::category;

/// What is answered to every request, as it goes over the wire.
fn answers() -> Vec<(&'static str, String)> {
    let problem = |status: &str| {
        let body = json!({ "type": "about:blank", "title": "No", "status": 500, "code": "internal" }).to_string();
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let ok = |kind: &str, body: &str| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let mut answers: Vec<(&str, String)> = [
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "409 Conflict",
        "413 Content Too Large",
        "426 Upgrade Required",
        "429 Too Many Requests",
        "500 Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
    ]
    .map(|status| (status, problem(status)))
    .to_vec();
    let half = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4000\r\nconnection: close\r\n\r\n{\"results\": [{\"id\"";
    answers.push(("half a body", half.to_owned()));
    answers.push(("nothing", String::new()));
    answers.push(("a portal", ok("text/html", "<!doctype html><title>Welcome to the hotel</title><form>")));
    answers.push((
        "a portal that redirects",
        "HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
    ));
    answers.push(("another's JSON", ok("application/json", "{\"ok\": true}")));
    answers.push(("no HTTP", "220 mail.example.org ESMTP\r\n".to_owned()));
    answers
}

/// Reads a request to its end, as far as one can tell.
async fn read_request(stream: &mut TcpStream) {
    let mut seen = Vec::new();
    let mut chunk = [0; 65_536];
    loop {
        let Ok(count) = stream.read(&mut chunk).await else { return };
        seen.extend(&chunk[..count]);
        let text = String::from_utf8_lossy(&seen).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { if count == 0 { return } else { continue } };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            return;
        }
    }
}

fn setting(store: &mut SqliteStore, name: &str) -> String {
    store.find_setting(name).unwrap().unwrap()
}

fn waiting(desk: &Desk) -> usize {
    let mut store = SqliteStore::open(&desk.store()).unwrap();
    let (account, device): (AccountId, DeviceId) =
        (setting(&mut store, "account").parse().unwrap(), setting(&mut store, "device").parse().unwrap());
    let outbox = Replica::open(store, account, device).unwrap().list_outbox().unwrap();
    outbox.iter().filter(|edit| edit.mutation.op == "scan.record").count()
}

on_both! {
    async fn whatever_answers_in_place_of_the_server_the_queue_keeps_every_scan(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        let code = guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        desk.says(&[&code, &code, &code, "A MENU"]);
        let server = setting(&mut SqliteStore::open(&desk.store()).unwrap(), "server");
        for (expected, (name, answer)) in (4..).zip(answers()) {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("http://{}", listener.local_addr().unwrap());
            let trickster = tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    read_request(&mut stream).await;
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                }
            });
            SqliteStore::open(&desk.store()).unwrap().put_settings(&[("server", &address)]).unwrap();
            let exchanged = desk.try_sync().await;
            let error = exchanged.expect_err(name).to_string();
            let is_understood = !["a portal", "another's JSON"].contains(&name);
            assert_eq!(error.contains("not understood"), !is_understood, "{name}: {error}");
            assert_eq!(waiting(&desk), expected, "{name}");
            assert!(desk.says(&[&code])[0].starts_with("YES "), "{name}: the desk works on");
            trickster.abort();
        }
        SqliteStore::open(&desk.store()).unwrap().put_settings(&[("server", &server)]).unwrap();
        desk.sync().await;
        assert_eq!((waiting(&desk), admitted(site).await), (0, 3 + answers().len()));
    }
}
