//! `POST …/attendees/{attendee}/erase`: personal data go, counts stay.

use cumbre::database::{add_pending_erasures, list_erasures};
use cumbre::privacy::run_due;
use cumbre::registration::store::find_registration;
use reqwest::Method;
use serde_json::{Value, json};
use shared::registration::RegistrationStatus;
use shared::time::Timestamp;

use super::super::cast::{category, registration, text};
use super::zoraida::{WORDS, Zoraida, find_words, path};
use crate::harness::{Device, Site};

async fn erase(site: &Site, zoraida: &Zoraida) {
    let erased = zoraida.actor().post(&zoraida.path(site, "/erase"), &zoraida.confirmation()).await.expect(200).json();
    assert_eq!(erased["attendee"], json!(zoraida.attendee));
}

on_both! {
    async fn an_erased_person_is_nowhere_in_the_database_and_on_no_device(site) {
        let zoraida = Zoraida::come(site).await;
        let (mut sol, mut olga) = (site.device("sol").await, site.device("olga").await);
        sol.sync().await;
        olga.sync().await;
        assert!(sol.everything().contains("Quintanilla") && olga.everything().contains("Quintanilla"));
        assert!(!find_words(site, WORDS).await.is_empty());

        erase(site, &zoraida).await;
        assert_eq!(find_words(site, WORDS).await, Vec::<String>::new());
        sol.sync().await;
        olga.sync().await;
        for device in [&mut sol, &mut olga] {
            let held = device.everything();
            assert!(WORDS.iter().all(|word| !held.contains(word)), "{held}");
        }
        assert!(!sol.scopes().contains(&format!("own:{}", zoraida.attendee)));
        let row = olga.find("attendees", zoraida.attendee).unwrap();
        assert_eq!((&row["name"], row["erased_at"].is_string()), (&json!("—"), true));
        let path = zoraida.phone.sync_path();
        let body = json!({ "device": zoraida.actor().device(), "schema": 1 });
        zoraida.actor().post(&path, &body).await.expect_problem(401, "unauthenticated");
        let renewal = json!({ "refresh_token": zoraida.actor().signed_in.as_ref().unwrap().refresh_token });
        zoraida.actor().post("/v1/tokens/refresh", &renewal).await.expect_problem(401, "credential_refused");
    }

    async fn who_is_erased_after_the_event_is_counted_as_before(site) {
        let zoraida = Zoraida::come(site).await;
        site.clock.advance_ms(6 * 86_400_000);
        let olga = site.organiser().await;
        olga.post(&zoraida.path(site, "/erase"), &zoraida.confirmation()).await.expect(200);
        assert_eq!(find_words(site, WORDS).await, Vec::<String>::new());
        let (event, attendee) = (site.week.event, zoraida.attendee);
        let find = move |connection: &mut _| find_registration(connection, event, attendee);
        let kept = site.node.app().readers.read(find).await.unwrap().unwrap();
        assert_eq!(kept.status, RegistrationStatus::Confirmed);
        let data = olga.get(&zoraida.path(site, "/data")).await.expect(200).json();
        assert_eq!((&data["sign_ups"][0]["state"], &data["invitations"][0]["answer"]), (&json!("confirmed"), &json!("declined")));
        assert_eq!((&data["consents"][0]["is_given"], data["consents"][0].get("account")), (&json!(true), None));
        assert!(data["attendee"]["erased_at"].is_string());
    }

    async fn who_is_erased_before_the_end_of_the_event_keeps_no_place(site) {
        let zoraida = Zoraida::come(site).await;
        erase(site, &zoraida).await;
        let (event, attendee) = (site.week.event, zoraida.attendee);
        let find = move |connection: &mut _| find_registration(connection, event, attendee);
        let kept = site.node.app().readers.read(find).await.unwrap().unwrap();
        assert_eq!(kept.status, RegistrationStatus::Cancelled);
    }

    async fn the_place_of_who_is_erased_goes_to_who_waits_and_nobody_comes_along_with_them(site) {
        let press = category(site, "press", json!({ "capacity": 1 })).await;
        let olga = site.organiser().await;
        let enter = async |body: Value| {
            let made = olga.post(&path(site, "/registrations"), &body).await.expect(201).json();
            made["attendee"].as_str().unwrap().to_owned()
        };
        let first = enter(json!({ "name": "First", "category": press })).await;
        let companion = enter(json!({ "name": "Along", "category": press, "companion_of": first })).await;
        let second = enter(json!({ "name": "Second", "category": press })).await;
        let status = async |attendee: &str| text(&olga.get(&registration(site, attendee)).await.expect(200), "status");
        assert_eq!((status(&companion).await, status(&second).await), ("confirmed".to_owned(), "waitlisted".to_owned()));
        let target = path(site, &format!("/attendees/{first}/erase"));
        olga.post(&target, &json!({ "confirm": first })).await.expect(200);
        assert_eq!((status(&companion).await, status(&second).await), ("cancelled".to_owned(), "confirmed".to_owned()));
    }

    async fn who_was_to_come_in_anothers_place_is_not_named_there_any_more(site) {
        let (olga, zoraida, bruno) = (site.organiser().await, Zoraida::come(site).await, site.sign_in("bruno").await);
        let invite = json!({ "attendee": site.week.attendee("bruno"), "collection": "sessions", "object": site.week.id("briefing") });
        let id = text(&olga.post(&path(site, "/invitations"), &invite).await.expect(201), "id");
        let (target, mut phone) = (path(site, &format!("/invitations/{id}")), site.device("bruno").await);
        let delegate = json!({ "name": "Zoraida Quintanilla", "email": "Zoraida@Quintanilla.example" });
        bruno.post(&format!("{target}/answer"), &json!({ "answer": "delegated", "delegate": delegate })).await.expect(200);
        phone.sync().await;
        assert!(phone.everything().contains("Quintanilla"));
        erase(site, &zoraida).await;
        let held = find_words(site, &["Quintanilla", "quintanilla", "Quintanilla.example"]).await;
        assert_eq!(held, Vec::<String>::new());
        phone.sync().await;
        let row = phone.find("invitations", &id).unwrap();
        assert_eq!((&row["answer"], &row["delegated_to"]), (&json!("delegated"), &json!({ "name": "—" })));
        bruno.get(&target).await.expect(200);
    }

    async fn only_the_person_and_organisers_erase_and_they_say_whom_once_more(site) {
        let zoraida = Zoraida::come(site).await;
        let (address, confirmed) = (zoraida.path(site, "/erase"), zoraida.confirmation());
        site.anonymous().post(&address, &confirmed).await.expect_problem(401, "unauthenticated");
        site.sign_in("sol").await.post(&address, &confirmed).await.expect_problem(403, "forbidden");
        for stranger in ["bruno", "otto"] {
            site.sign_in(stranger).await.post(&address, &confirmed).await.expect_problem(404, "not_found");
        }
        let other = json!({ "confirm": site.week.attendee("bruno") });
        zoraida.actor().post(&address, &other).await.expect_problem(422, "invalid_value");
        zoraida.actor().post(&address, &json!({})).await.expect_problem(400, "invalid_request");
        assert!(!find_words(site, WORDS).await.is_empty(), "nothing was erased");
        let olga = site.organiser().await;
        let first = olga.post(&address, &confirmed).await.expect(200).json();
        site.clock.advance_ms(60_000);
        assert_eq!(olga.post(&address, &confirmed).await.expect(200).json(), first, "twice is once");
    }

    async fn the_log_keeps_who_did_what_and_when_and_the_programme_its_people(site) {
        let (olga, zoraida) = (site.organiser().await, Zoraida::come(site).await);
        let audit = path(site, &format!("/audit?record={}", zoraida.attendee));
        let before = olga.get(&audit).await.expect(200).json();
        erase(site, &zoraida).await;
        let after = olga.get(&audit).await.expect(200).json();
        let (before, after) = (before["items"].as_array().unwrap(), after["items"].as_array().unwrap());
        assert_eq!((&after[0]["operation"], &after[0]["account"]), (&json!("attendee.erase"), &json!(zoraida.account)));
        assert_eq!(after.len(), before.len() + 1);
        for (was, is) in before.iter().zip(&after[1..]) {
            for kept in ["seq", "at", "account", "device", "operation", "id"] {
                assert_eq!(was[kept], is[kept]);
            }
            assert!(is["before"].is_null() && is["after"].is_null());
        }
        let alba = olga.get(&path(site, "/people/alba")).await.expect(200).json();
        assert_eq!((&alba["name"], alba.get("attendee")), (&json!("Alba Openshaw"), None));
    }

    async fn an_account_with_something_else_stays_with_its_devices(site) {
        let zoraida = Zoraida::come(site).await;
        let olga = site.organiser().await;
        let desk = path(site, &format!("/roles/{}/desk", zoraida.account));
        olga.send((Method::PUT, &desk), &[], &json!({})).await.expect(204);
        erase(site, &zoraida).await;
        let account = zoraida.actor().get("/v1/account").await.expect(200).json();
        assert_eq!((&account["attendees"], &account["roles"][0]["role"]), (&json!([]), &json!("desk")));
        let held: Vec<String> = find_words(site, WORDS).await;
        let tables = ["accounts", "devices"];
        assert!(held.iter().all(|line| tables.iter().any(|table| line.starts_with(table))), "{held:#?}");
        // The link between the account and who is anonymous now is forgotten when every node knows.
        let (app, attendee) = (site.node.app(), zoraida.attendee.to_string());
        run_due(app, Timestamp(app.clock.now().0 + 2 * 86_400_000)).await.unwrap();
        let lines = app.readers.read(|connection| Ok(crate::harness::dump(connection))).await.unwrap();
        let linked = lines.iter().any(|line| line.starts_with("attendee_accounts") && line.contains(&attendee));
        assert!(!linked);
    }

    async fn an_edit_that_was_on_its_way_finds_nobody(site) {
        let zoraida = Zoraida::come(site).await;
        let mut sol = site.device("sol").await;
        sol.sync().await;
        sol.write_note(zoraida.attendee, uuid::Uuid::new_v4(), "her brother drives after all");
        erase(site, &zoraida).await;
        let results = sol.sync().await;
        assert!(matches!(&results[0], shared::sync::MutationResult::Rejected { reason, .. } if reason == "forbidden"), "{results:?}");
        assert_eq!(find_words(site, WORDS).await, Vec::<String>::new());
    }

    async fn erasures_that_a_restored_database_lacks_are_applied_before_anything_else(site) {
        let zoraida = Zoraida::come(site).await;
        let app = site.node.app();
        let erasure = cumbre::database::Erasure { event: site.week.event, attendee: zoraida.attendee, at: Timestamp(7) };
        let unknown = cumbre::database::Erasure { attendee: shared::ids::AttendeeId(uuid::Uuid::new_v4()), ..erasure };
        let elsewhere = cumbre::database::Erasure { event: shared::ids::EventId(uuid::Uuid::new_v4()), ..erasure };
        let list = [erasure, unknown, elsewhere];
        app.writer.system(move |connection| add_pending_erasures(connection, &list)).await.unwrap();
        assert_eq!(cumbre::privacy::apply_pending(app).await.unwrap(), 2);
        assert_eq!(find_words(site, WORDS).await, Vec::<String>::new());
        let left = app.readers.read(|connection| list_erasures(connection, true)).await.unwrap();
        assert_eq!(left, [elsewhere], "an event that is not there may come back by another copy");
        assert_eq!(cumbre::privacy::apply_pending(app).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn who_was_erased_since_the_copy_does_not_come_back_with_it() {
    let site = Site::on_sqlite().await;
    let zoraida = Zoraida::come(&site).await;
    let copy = site.back_up();
    erase(&site, &zoraida).await;
    let site = site.restore(&copy).await;
    assert_eq!(find_words(&site, WORDS).await, Vec::<String>::new());
    let mut olga = Device::new(site.organiser().await, &site.week.slug, &site.clock);
    olga.sync().await;
    assert!(!olga.everything().contains("Quintanilla"));
    let second = site.back_up_to("second.sqlite3");
    let bytes = std::fs::read(second).unwrap();
    for word in WORDS {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} is in the next copy");
    }
    site.close().await;
}
