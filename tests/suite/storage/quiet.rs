//! What a server says of its work, in logs, in metrics and in the addresses that it makes, names
//! nobody: neither who people are nor what they said, also where something is wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cumbre::identity::{NewAccount, ensure_account};
use cumbre::sync::change_log::{Role, Unit};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::database::Database;
use super::process::Process;
use super::stage::{SLUG, Stage, open};
use crate::harness::{Actor, Answer, Mood, PostOffice};

/// What is written nowhere but in what people are and say. Small letters.
const WORDS: &[&str] = &[
    "zoraida",
    "quillfeather",
    "secret.example",
    "7654 3210",
    "76543210",
    "lantern",
    "moonmilk",
    "thistledown",
    "p-777",
];

const NAME: &str = "Zoraida Quillfeather";
const EMAIL: &str = "zoraida.quillfeather@secret.example";

fn path(rest: &str) -> String {
    format!("/v1/events/{SLUG}{rest}")
}

#[track_caller]
fn expect_none(what: &str, text: &str) {
    let text = text.to_lowercase();
    for word in WORDS {
        assert!(!text.contains(word), "{what} tells {word}: {text}");
    }
}

/// The addresses that an answer makes hold no words, and neither do cursors that go into addresses.
#[track_caller]
fn expect_quiet_addresses(answer: &Answer) {
    expect_none(&format!("the Location of {}", answer.request), answer.header("location"));
    let next =
        serde_json::from_slice::<Value>(&answer.body).ok().and_then(|body| body["next"].as_str().map(str::to_owned));
    if let Some(next) = next.filter(|_| answer.request.starts_with("GET ")) {
        let place = URL_SAFE_NO_PAD.decode(&next).unwrap();
        expect_none(&format!("the cursor of {}", answer.request), &String::from_utf8_lossy(&place));
    }
}

/// Somebody with an address, and with a code to sign in.
async fn account_of(app: &cumbre::app::App, email: &str, name: &str) -> (shared::ids::AccountId, String) {
    let new = NewAccount { email: Some(email.to_owned()), name: name.to_owned(), language: None };
    let now = app.clock.now();
    let account = app.writer.system(move |connection| ensure_account(connection, &new, now)).await.unwrap().id;
    (account, app.identity.mint_code(account).await.unwrap().0)
}

async fn sign_in(base: &str, code: &str) -> Actor {
    let mut actor = Actor::anonymous(base);
    let body = json!({ "code": code, "device": { "name": "The lantern's phone", "kind": "phone" } });
    actor.take_tokens(&actor.post("/v1/sign-in", &body).await.expect(200).json());
    actor
}

async fn put(actor: &Actor, path: &str, body: Value) -> Answer {
    actor.send((Method::PUT, path), &[], &body).await
}

/// Everything that people do, and several things that cannot be done.
async fn walk(olga: &Actor, zoraida: &Actor) -> Vec<Answer> {
    let form = json!([{ "key": "drink", "label": { "en": "Drink" }, "kind": "text" }, { "key": "day", "label": { "en": "Day" }, "kind": "date" }]);
    let texts = json!([{ "key": "data", "version": 1, "text": { "en": "Keep it" }, "is_required": true }]);
    let category = json!({ "slug": "press", "title": { "en": "Press" }, "enrolment": "automatic", "form": form, "consents": texts });
    // A device that reads the whole programme is held to the document, in which no room is without a seat.
    olga.patch(&path("/rooms/hall"), &json!({ "capacity": 80 })).await.expect(200);
    let press = olga.post(&path("/categories"), &category).await.expect(201).json()["id"].clone();
    let delegation = json!({ "slug": "chile", "name": { "en": "Chile" } });
    let chile = olga.post(&path("/delegations"), &delegation).await.expect(201).json()["id"].clone();
    let yes = json!([{ "consent": "data", "version": 1, "language": "en", "is_given": true }]);
    let details = json!({ "position": "Keeper of the Lantern", "organisation": "Thistledown", "email": EMAIL, "phone": "+56 9 7654 3210" });
    let whole = json!({ "name": NAME, "relation": "self", "category": press, "details": details, "consents": yes,
        "answers": { "drink": "Moonmilk" }, "shares": ["name", "affiliation", "email"] });
    let made = zoraida.post(&path("/registrations"), &whole).await.expect(201);
    let id = made.json()["attendee"].as_str().unwrap().to_owned();
    let own = |rest: &str| path(&format!("/attendees/{id}{rest}"));
    let mut answers = vec![made];
    let faulty = [
        json!({ "answers": { "day": "Moonmilk" } }),
        json!({ "details": { "phone": "7654 3210 lantern" } }),
        json!({ "details": { "email": "zoraida quillfeather" } }),
        json!({ "zoraida": "quillfeather" }),
        json!({ "category": "Thistledown" }),
    ];
    for patch in &faulty {
        answers.push(zoraida.patch(&own("/registration"), patch).await);
    }
    answers.push(put(zoraida, &own("/access-needs"), json!({ "note": "A lantern by the bed." })).await.expect(200));
    answers.push(put(zoraida, &own("/access-needs"), json!({ "needs": ["a lantern"] })).await.expect(400));
    answers.push(olga.get(&own("/access-needs")).await.expect(200));
    answers.push(olga.get(&path("/access-needs?limit=1")).await.expect(200));
    answers.push(
        put(
            zoraida,
            &own("/consents"),
            json!({ "consents": [{ "consent": "data", "version": 1, "language": "en", "is_given": false }] }),
        )
        .await
        .expect(200),
    );
    answers.push(
        zoraida.post(&path("/directory/search"), &json!({ "text": "Quillfeather", "limit": 1 })).await.expect(200),
    );
    answers.push(zoraida.post(&path("/directory/search"), &json!({ "text": "lantern\nlantern" })).await.expect(422));
    let duty = json!({ "email": EMAIL, "name": NAME, "duty": "liaison" });
    answers.push(olga.post(&path("/delegations/chile/duties"), &duty).await.expect(200));
    answers.push(
        olga.patch(&own("/registration"), &json!({ "delegation": chile, "external_id": "P-777" })).await.expect(200),
    );
    let file = format!(
        "Name,E-mail,Category,Day\r\n{NAME} II,second.{EMAIL},press,Moonmilk\r\n{NAME} III,nowhere,Thistledown,\r\n"
    );
    let csv = [("content-type", "text/csv")];
    for target in
        ["/registrations/import?preview=true", "/registrations/import", "/registrations/import?skip_errors=true"]
    {
        answers.push(olga.send_bytes((Method::POST, &path(target)), &csv, file.clone().into_bytes()).await);
    }
    answers.push(
        olga.post(&path("/registrations/search"), &json!({ "text": "Quillfeather", "limit": 1 })).await.expect(200),
    );
    answers.push(olga.post(&path("/registrations/search"), &json!({ "text": "lantern\nlantern" })).await.expect(422));
    let second = json!({ "name": format!("{NAME} IV"), "category": press, "external_id": "P-777" });
    answers.push(olga.post(&path("/registrations"), &second).await.expect(201));
    for list in [
        "/registrations?limit=1",
        "/registrations/duplicates?limit=1",
        "/attendees?limit=1",
        "/delegations/chile/members?limit=1",
        "/delegations/chile/duties?limit=1",
        "/people/links?limit=1",
        "/audit?limit=1",
        "/registrations/export?format=csv",
        "/sign-ups/export?format=csv",
    ] {
        answers.push(olga.get(&path(list)).await.expect(200));
    }
    answers.push(zoraida.get(&format!("{}?limit=1", own("/data"))).await.expect(200));
    let instead = json!({ "name": "Thistledown Lantern", "email": "thistledown@secret.example", "reason": "Moonmilk" });
    answers.push(olga.post(&own("/replace"), &instead).await.expect(201));
    answers.push(olga.post(&own("/replace"), &instead).await.expect(409));
    answers.push(zoraida.post("/v1/sign-in/codes", &json!({ "email": EMAIL })).await);
    answers.push(zoraida.post("/v1/sign-in/codes", &json!({ "email": "zoraida" })).await);
    answers.push(
        zoraida
            .post("/v1/sign-in", &json!({ "code": "quillfeather", "device": { "name": "Lantern", "kind": "phone" } }))
            .await,
    );
    let edit = json!({ "id": Uuid::new_v4(), "op": "note.put", "for": id, "args": { "id": Uuid::new_v4(), "text": "Moonmilk" } });
    let wrong = json!({ "id": Uuid::new_v4(), "op": "lantern.zoraida", "for": id, "args": { "quillfeather": 1 } });
    let device = zoraida.device();
    let exchange = json!({ "device": device, "schema": shared::sync::SCHEMA, "mutations": [edit, wrong] });
    answers.push(zoraida.post(&path("/sync"), &exchange).await);
    answers
}

#[tokio::test]
async fn logs_metrics_and_addresses_name_nobody() {
    let (post, mut database) = (PostOffice::open().await, Database::sqlite());
    database.send_mail_by(post.url());
    // What a mail server answers is in the words of others, the address among them.
    post.expect_moods(&[
        Mood::Refuse("550 5.1.1 <zoraida.quillfeather@secret.example> Lantern? No such user here"),
        Mood::Refuse("450 4.2.1 <zoraida.quillfeather@secret.example> Zoraida is busy"),
    ]);
    let stage = Stage::set(database, 1).await;
    let app = open(&stage.database).await;
    let (olga, olgas_code) = account_of(&app, "olga@example.org", "Olga").await;
    let (_, code) = account_of(&app, EMAIL, NAME).await;
    let make = move |unit: &mut Unit<'_>| {
        unit.group.set_role(olga, Role::Organiser, true);
        Ok(())
    };
    app.writer.unit(stage.event, make).await.unwrap();
    app.writer.close().await;
    drop(app);

    let process = Process::serve(&stage.database).await;
    let (olga, zoraida) = (sign_in(&process.base, &olgas_code).await, sign_in(&process.base, &code).await);
    for answer in walk(&olga, &zoraida).await {
        expect_quiet_addresses(&answer);
    }
    post.wait_for_attempts(2).await;
    let metrics = Actor::anonymous(&process.base).get("/metrics").await.expect(200);
    expect_none("a metric", &metrics.text());
    process.ask_to_stop();
    let (code, log) = process.wait().await;
    assert_eq!(code, Some(0), "{log:#?}");
    assert!(log.iter().any(|line| line.contains("/access-needs")), "requests are logged, by their patterns: {log:#?}");
    log.iter().for_each(|line| expect_none("the log", line));
}
