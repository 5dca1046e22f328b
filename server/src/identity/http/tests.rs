use std::error::Error;
use std::net::TcpListener;
use std::path::PathBuf;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use shared::ids::{AccountId, EventId};

use crate::app::{self, App, Running};
use crate::clock::Clock;
use crate::config::Config;
use crate::database::create_counter;
use crate::database::schema::{attendee_accounts, attendees, roles};
use crate::identity::{NewAccount, ensure_account};
use crate::on;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A server on a port of its own.
struct Site {
    running: Running,
    folder: PathBuf,
    client: Client,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const EVENT: EventId = EventId(uuid::Uuid::from_u128(7));

impl Site {
    async fn open(more: &[(&str, &str)]) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("cumbre-identity-http-{}", uuid::Uuid::now_v7()));
        let url = format!("sqlite:{}", folder.join("data.sqlite3").display());
        let data = folder.display().to_string();
        let settings = [("database_url", url.as_str()), ("data_folder", &data), ("workers", "1")];
        let config = Config::of_pairs(settings.into_iter().chain(more.iter().copied()))?;
        let app = App::open(config, Clock::system()).await?;
        let running = app::start(app, TcpListener::bind("127.0.0.1:0")?).await?;
        Ok(Self { running, folder, client: Client::new() })
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.running.address))
    }

    async fn post(&self, path: &str, body: Value) -> Outcome<Response> {
        Ok(self.ask(Method::POST, path).json(&body).send().await?)
    }

    async fn somebody(&self, email: &str, name: &str) -> Outcome<AccountId> {
        let app = self.running.app();
        let new = NewAccount { email: Some(email.to_owned()), name: name.to_owned(), language: None };
        let now = app.clock.now();
        Ok(app.writer.system(move |conn| ensure_account(conn, &new, now)).await?.id)
    }

    /// Makes the event, `organiser` its organiser and `guest` its attendee.
    async fn hold_event(&self, organiser: AccountId, guest: AccountId) -> Outcome {
        let now = self.running.app().clock.now();
        let write = move |conn: &mut crate::database::Connection| {
            create_counter(conn, EVENT, "csw-2018", now)?;
            let (event, attendee) = (EVENT.to_string(), uuid::Uuid::from_u128(8).to_string());
            on!(conn, |c| {
                use diesel::{ExpressionMethods, RunQueryDsl};
                diesel::insert_into(roles::table)
                    .values((
                        roles::event_id.eq(&event),
                        roles::account_id.eq(organiser.to_string()),
                        roles::role.eq("organiser"),
                        roles::active.eq(true),
                        roles::seq.eq(1),
                    ))
                    .execute(c)?;
                diesel::insert_into(attendees::table)
                    .values((
                        attendees::event_id.eq(&event),
                        attendees::id.eq(&attendee),
                        attendees::name.eq("Guest"),
                        attendees::created_at.eq(now.0),
                    ))
                    .execute(c)?;
                diesel::insert_into(attendee_accounts::table)
                    .values((
                        attendee_accounts::event_id.eq(&event),
                        attendee_accounts::attendee_id.eq(&attendee),
                        attendee_accounts::account_id.eq(guest.to_string()),
                        attendee_accounts::relation.eq("self"),
                        attendee_accounts::active.eq(true),
                        attendee_accounts::seq.eq(1),
                    ))
                    .execute(c)?;
                Ok(())
            })
        };
        Ok(self.running.app().writer.system(write).await?)
    }

    async fn sign_in(&self, account: AccountId) -> Outcome<Value> {
        let (code, _) = self.running.app().identity.mint_code(account).await?;
        let answer = self.post("/v1/sign-in", json!({ "code": code, "device": phone() })).await?;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        Ok(answer.json().await?)
    }
}

fn phone() -> Value {
    json!({ "name": "My phone", "kind": "phone" })
}

fn token(answer: &Value) -> &str {
    answer["access_token"].as_str().unwrap_or_default()
}

async fn code_of(answer: Response) -> Outcome<(u16, Value)> {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await?;
    Ok((status, body["code"].clone()))
}

#[tokio::test]
async fn a_person_signs_in_with_a_code_that_the_desk_hands_out() -> Outcome {
    let site = Site::open(&[]).await?;
    let organiser = site.somebody("organiser@example.org", "Organiser").await?;
    let guest = site.somebody("guest@example.org", "Guest").await?;
    site.hold_event(organiser, guest).await?;
    let staff = site.sign_in(organiser).await?;
    assert_eq!(staff["roles"][0]["role"], "organiser");
    assert_eq!(staff["roles"][0]["event"]["slug"], "csw-2018");

    let path = format!("/v1/events/csw-2018/accounts/{guest}/sign-in-codes");
    let handed = site.ask(Method::POST, &path).bearer_auth(token(&staff)).send().await?;
    assert_eq!(handed.status(), StatusCode::CREATED);
    let handed: Value = handed.json().await?;
    let body = json!({ "code": handed["code"], "device": phone() });
    let signed_in: Value = site.post("/v1/sign-in", body).await?.json().await?;
    assert_eq!(signed_in["account"]["id"], json!(guest));
    assert_eq!(signed_in["attendees"][0]["relation"], "self");

    let refused = site.ask(Method::POST, &path).bearer_auth(token(&signed_in)).send().await?;
    assert_eq!(code_of(refused).await?, (403, "forbidden".into()));
    let stranger = site.somebody("stranger@example.org", "Stranger").await?;
    for unknown in [stranger.to_string(), EVENT.to_string(), "nonsense".to_owned()] {
        let path = format!("/v1/events/csw-2018/accounts/{unknown}/sign-in-codes");
        let refused = site.ask(Method::POST, &path).bearer_auth(token(&staff)).send().await?;
        assert_eq!(code_of(refused).await?, (404, "not_found".into()));
    }
    Ok(())
}

#[tokio::test]
async fn asking_for_a_code_tells_nothing_of_accounts() -> Outcome {
    let site = Site::open(&[]).await?;
    site.somebody("ana@example.org", "Ana").await?;
    let mut answers = Vec::new();
    for email in ["ana@example.org", "nobody@example.org"] {
        let answer = site.post("/v1/sign-in/codes", json!({ "email": email, "language": "fr" })).await?;
        answers.push((answer.status(), answer.text().await?));
    }
    assert_eq!(answers[0], (StatusCode::ACCEPTED, "{}".to_owned()));
    assert_eq!(answers[0], answers[1]);
    let malformed = site.post("/v1/sign-in/codes", json!({ "email": "nonsense" })).await?;
    assert_eq!(code_of(malformed).await?, (422, "invalid_value".into()));

    site.running.app().identity.finish_mails().await;
    let mails: Vec<_> = std::fs::read_dir(site.folder.join("mail"))?.collect::<Result<_, _>>()?;
    assert_eq!(mails.len(), 1);
    let text = std::fs::read_to_string(mails[0].path())?;
    assert!(text.starts_with("To: ana@example.org\nSubject: Votre code"), "{text}");
    let link = text.split_once("/sign-in#").and_then(|(_, rest)| rest.lines().next()).unwrap_or_default();
    let signed_in = site.post("/v1/sign-in", json!({ "link": link, "device": phone() })).await?;
    assert_eq!(signed_in.status(), StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn exactly_one_credential_is_accepted() -> Outcome {
    let site = Site::open(&[]).await?;
    for body in [
        json!({ "device": phone() }),
        json!({ "email": "a@example.org", "device": phone() }),
        json!({ "code": "a", "link": "b", "device": phone() }),
        json!({ "code": "a", "password": "b", "email": "a@example.org", "device": phone() }),
        json!({ "code": "a", "device": { "name": "x", "kind": "toaster" } }),
        json!({ "code": "a" }),
        json!({ "code": 5, "device": phone() }),
    ] {
        let refused = site.post("/v1/sign-in", body.clone()).await?;
        assert_eq!(code_of(refused).await?, (400, "invalid_request".into()), "{body}");
    }
    for name in ["", " ", "a\u{0}b"] {
        let body = json!({ "code": "a", "device": { "name": name, "kind": "phone" } });
        assert_eq!(code_of(site.post("/v1/sign-in", body).await?).await?, (422, "invalid_value".into()));
    }
    let wrong = site.post("/v1/sign-in", json!({ "code": "0000-00000-0", "device": phone() })).await?;
    assert_eq!(code_of(wrong).await?, (401, "credential_refused".into()));
    Ok(())
}

#[tokio::test]
async fn a_device_renews_is_listed_and_signs_out() -> Outcome {
    let site = Site::open(&[]).await?;
    let account = site.somebody("ana@example.org", "Ana").await?;
    let first = site.sign_in(account).await?;
    let second = site.sign_in(account).await?;
    let renewed = site.post("/v1/tokens/refresh", json!({ "refresh_token": first["refresh_token"] })).await?;
    let renewed: Value = renewed.json().await?;
    let listed = site.ask(Method::GET, "/v1/account/devices").bearer_auth(token(&renewed)).send().await?;
    let listed: Value = listed.json().await?;
    let current = |id: &Value| {
        let items = listed["items"].as_array().into_iter().flatten();
        items.filter(|item| item["id"] == *id).map(|item| item["is_current"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(current(&first["device"]["id"]), [true]);
    assert_eq!(current(&second["device"]["id"]), [false]);

    let path = format!("/v1/account/devices/{}", second["device"]["id"].as_str().unwrap_or_default());
    let ended = site.ask(Method::DELETE, &path).bearer_auth(token(&renewed)).send().await?;
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    let gone = site.ask(Method::GET, "/v1/account").bearer_auth(token(&second)).send().await?;
    assert_eq!(gone.headers()["www-authenticate"], "Bearer");
    assert_eq!(code_of(gone).await?, (401, "unauthenticated".into()));
    let again = site.ask(Method::DELETE, &path).bearer_auth(token(&renewed)).send().await?;
    assert_eq!(code_of(again).await?, (404, "not_found".into()));

    let out = site.ask(Method::POST, "/v1/sign-out").bearer_auth(token(&renewed)).send().await?;
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    let refused = site.post("/v1/tokens/refresh", json!({ "refresh_token": renewed["refresh_token"] })).await?;
    assert_eq!(code_of(refused).await?, (401, "credential_refused".into()));
    Ok(())
}

#[tokio::test]
async fn people_change_their_name_and_language_and_nothing_else() -> Outcome {
    let site = Site::open(&[]).await?;
    let account = site.somebody("ana@example.org", "Ana").await?;
    let signed_in = site.sign_in(account).await?;
    let patch = |body: Value| site.ask(Method::PATCH, "/v1/account").bearer_auth(token(&signed_in)).json(&body).send();
    let changed: Value = patch(json!({ "name": " Ana Díaz ", "language": "pt-BR" })).await?.json().await?;
    assert_eq!(changed["account"]["name"], "Ana Díaz");
    assert_eq!(changed["account"]["language"], "pt-BR");
    let removed: Value = patch(json!({ "language": null })).await?.json().await?;
    assert_eq!(removed["account"].get("language"), None);
    for (body, status) in [
        (json!({ "name": null }), 422),
        (json!({ "name": "\u{7}" }), 422),
        (json!({ "language": "not a language" }), 422),
        (json!({ "email": "other@example.org" }), 400),
    ] {
        assert_eq!(patch(body.clone()).await?.status().as_u16(), status, "{body}");
    }
    let now = site.ask(Method::GET, "/v1/account").bearer_auth(token(&signed_in)).send().await?;
    let now: Value = now.json().await?;
    assert_eq!((&now["account"]["name"], &now["account"]["email"]), (&"Ana Díaz".into(), &"ana@example.org".into()));
    Ok(())
}

#[tokio::test]
async fn nobody_without_a_valid_token_is_served() -> Outcome {
    let site = Site::open(&[]).await?;
    let paths = [
        (Method::GET, "/v1/account"),
        (Method::PATCH, "/v1/account"),
        (Method::PUT, "/v1/account/password"),
        (Method::GET, "/v1/account/devices"),
        (Method::POST, "/v1/sign-out"),
    ];
    for (method, path) in paths {
        for header in ["", "Bearer", "Bearer ", "Bearer a.b.c", "Basic YTpi"] {
            let refused =
                site.ask(method.clone(), path).header("authorization", header).json(&json!({})).send().await?;
            assert_eq!(code_of(refused).await?, (401, "unauthenticated".into()), "{method} {path} {header}");
        }
        let refused = site.ask(method, path).json(&json!({})).send().await?;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }
    let keys: Value = site.ask(Method::GET, "/.well-known/jwks.json").send().await?.json().await?;
    assert_eq!((&keys["keys"][0]["crv"], &keys["keys"][0]["alg"]), (&"Ed25519".into(), &"EdDSA".into()));
    Ok(())
}

#[tokio::test]
async fn a_hall_behind_one_address_is_not_counted_where_it_is_exempt() -> Outcome {
    let attempt = json!({ "link": "wrong", "device": phone() });
    let strict = Site::open(&[("sign_ins_per_hour_and_address", "1")]).await?;
    assert_eq!(strict.post("/v1/sign-in", attempt.clone()).await?.status().as_u16(), 401);
    let waits = strict.post("/v1/sign-in", attempt.clone()).await?;
    assert!(waits.headers().contains_key("retry-after"));
    assert_eq!(code_of(waits).await?, (429, "too_many_requests".into()));
    let exempt = [("sign_ins_per_hour_and_address", "1"), ("sign_in_exempt_networks", "127.0.0.0/8")];
    let hall = Site::open(&exempt).await?;
    for _ in 0..3 {
        assert_eq!(hall.post("/v1/sign-in", attempt.clone()).await?.status().as_u16(), 401);
    }
    Ok(())
}
