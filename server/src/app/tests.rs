use std::error::Error;
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::json;
use shared::time::Timestamp;

use super::*;
use crate::identity::{NewAccount, create_account};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("cumbre-app-{}", uuid::Uuid::new_v4())))
    }

    fn config(&self, more: &[(&str, &str)]) -> Result<Config, Box<dyn Error>> {
        let url = format!("sqlite:{}", self.0.join("data.sqlite3").display());
        Ok(Config::of_pairs(
            [("database_url", url.as_str()), ("workers", "1")].into_iter().chain(more.iter().copied()),
        )?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn start_in(folder: &Folder, more: &[(&str, &str)]) -> Result<Running, Box<dyn Error>> {
    let app = App::open(folder.config(more)?, Clock::system()).await?;
    Ok(start(app, TcpListener::bind("127.0.0.1:0")?).await?)
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let first = App::open(folder.config(&[])?, Clock::system()).await?;
    let refused = App::open(folder.config(&[])?, Clock::system()).await.map(|_| ()).map_err(|error| error.to_string());
    assert!(refused.is_err_and(|message| message.starts_with("another server is running on ")));
    drop(first);
    assert!(App::open(folder.config(&[])?, Clock::system()).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_server_that_has_stopped_leaves_its_file_to_the_next() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let file = folder.0.join("data.sqlite3");
    let client = reqwest::Client::new();
    for _ in 0..10 {
        let running = start_in(&folder, &[("workers", "2")]).await?;
        let alive = client.get(format!("http://{}/healthz", running.address)).send().await?;
        assert_eq!((alive.status().as_u16(), DatabaseLock::take(&file).is_err()), (200, true));
        running.stop().await?;
        assert!(DatabaseLock::take(&file).is_ok());
        assert!(!beside(&file, "door").exists());
    }
    Ok(())
}

#[tokio::test]
async fn the_epoch_stays_from_start_to_start() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let first = App::open(folder.config(&[])?, Clock::system()).await?.epoch;
    assert_eq!(App::open(folder.config(&[])?, Clock::system()).await?.epoch, first);
    Ok(())
}

#[tokio::test]
async fn a_server_answers_refuses_and_stops() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let running = start_in(&folder, &[]).await?;
    let base = format!("http://{}", running.address);
    let client = reqwest::Client::new();

    let ready = client.get(format!("{base}/readyz")).header("x-request-id", "probe-0001").send().await?;
    assert_eq!((ready.status().as_u16(), &ready.headers()["x-request-id"]), (200, &"probe-0001".parse()?));
    assert_eq!(ready.headers()["x-content-type-options"], "nosniff");

    let wrong_method = client.delete(format!("{base}/healthz")).send().await?;
    assert_eq!((wrong_method.status().as_u16(), &wrong_method.headers()["allow"]), (405, &"GET, HEAD".parse()?));
    let unknown = client.get(format!("{base}/nothing?token=secret")).send().await?;
    assert_eq!(unknown.headers()["content-type"], "application/problem+json");
    let id = unknown.headers()["x-request-id"].to_str()?.to_owned();
    let body: serde_json::Value = unknown.json().await?;
    assert_eq!((&body["code"], &body["request_id"]), (&"not_found".into(), &id.into()));
    assert_eq!(client.head(format!("{base}/healthz")).send().await?.status(), 200);

    let metrics = client.get(format!("{base}/metrics")).send().await?.text().await?;
    assert!(metrics.contains("cumbre_http_request_seconds_count{route=\"/readyz\",method=\"GET\",status=\"200\"}"));
    assert!(!metrics.contains("secret") && !metrics.contains("/nothing"), "{metrics}");

    running.stop().await?;
    assert!(client.get(format!("{base}/healthz")).send().await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_huge_body_and_a_broken_one_are_refused_in_our_form() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let running = start_in(&folder, &[("body_bytes", "1KiB"), ("import_bytes", "2KiB")]).await?;
    let send = |body: String| {
        let post = reqwest::Client::new().post(format!("http://{}/v1/sign-in", running.address));
        post.header("content-type", "application/json").body(body).send()
    };
    for (body, status, code) in [
        (format!("{{\"code\": \"{}\"}}", "1".repeat(5_000)), 413, "too_large"),
        ("{".to_owned(), 400, "malformed_json"),
        ("{\"device\": 7}".to_owned(), 400, "invalid_request"),
    ] {
        let answer = send(body).await?;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        assert_eq!(answer.json::<serde_json::Value>().await?["code"], code);
    }
    running.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_told_when_to_come_back() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let running = start_in(&folder, &[("requests_per_minute", "1"), ("request_burst", "1")]).await?;
    let ask = || reqwest::Client::new().get(format!("http://{}/healthz", running.address)).bearer_auth("a").send();
    assert_eq!(ask().await?.status(), 200);
    let refused = ask().await?;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    running.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_renewal_does_not_begin_the_count_anew() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let running = start_in(&folder, &[("requests_per_minute", "1"), ("request_burst", "2")]).await?;
    let new = NewAccount { email: None, name: "Ana".to_owned(), language: None };
    let make = move |connection: &mut Connection| create_account(connection, &new, Timestamp(0));
    let account = running.app().writer.system(make).await?.ok_or("the address is taken")?;
    let (code, _) = running.app().identity.mint_code(account.id).await?;
    let client = reqwest::Client::new();
    let send = |path: &str, body: serde_json::Value| {
        client.post(format!("http://{}{path}", running.address)).json(&body).send()
    };
    let ask = |token: &serde_json::Value| {
        let token = token.as_str().unwrap_or_default();
        client.get(format!("http://{}/v1/account", running.address)).bearer_auth(token).send()
    };
    let device = json!({ "name": "A phone", "kind": "phone" });
    let first: serde_json::Value = send("/v1/sign-in", json!({ "code": code, "device": device })).await?.json().await?;
    assert_eq!(ask(&first["access_token"]).await?.status(), 200);
    let renewal = json!({ "refresh_token": first["refresh_token"] });
    let second: serde_json::Value = send("/v1/tokens/refresh", renewal).await?.json().await?;
    assert_eq!(ask(&second["access_token"]).await?.status(), 200);
    assert_eq!(ask(&second["access_token"]).await?.status(), 429);
    running.stop().await?;
    Ok(())
}

#[tokio::test]
async fn only_configured_origins_may_call() -> Result<(), Box<dyn Error>> {
    let folder = Folder::new();
    let running = start_in(&folder, &[("cors_origins", "https://app.example")]).await?;
    let ask = |origin: &'static str| {
        reqwest::Client::new().get(format!("http://{}/healthz", running.address)).header("origin", origin).send()
    };
    let known = ask("https://app.example").await?;
    assert_eq!(known.headers()["access-control-allow-origin"], "https://app.example");
    assert!(!ask("https://other.example").await?.headers().contains_key("access-control-allow-origin"));
    running.stop().await?;
    Ok(())
}
