//! Nothing is written into who was erased: not by staff, not by a file, not by a phone that was offline.

use cumbre::database::{Erasure, add_pending_erasures};
use reqwest::Method;
use serde_json::{Value, json};
use shared::programme::DelegationDuty;
use shared::sync::MutationResult;
use shared::time::Timestamp;
use uuid::Uuid;

use super::super::cast::{category, delegation, on_duty, text};
use super::zoraida::{WORDS, Zoraida, find_words, path};
use crate::harness::{Device, Site};

/// A member of a delegation; her id.
async fn member(site: &Site, (category, delegation): (&str, &str)) -> String {
    let body = json!({ "name": "Alba Quintanilla", "category": category, "delegation": delegation,
        "external_id": "RUN 1", "details": { "email": "alba@quintanilla.example" } });
    text(&site.organiser().await.post(&path(site, "/registrations"), &body).await.expect(201), "attendee")
}

async fn erase(site: &Site, attendee: &str) {
    let target = path(site, &format!("/attendees/{attendee}/erase"));
    site.organiser().await.post(&target, &json!({ "confirm": attendee })).await.expect(200);
}

async fn import(site: &Site, file: &[u8]) -> Value {
    let target = path(site, "/registrations/import?skip_errors=true");
    let headers = [("content-type", "text/csv")];
    site.organiser().await.send_bytes((Method::POST, &target), &headers, file.to_vec()).await.expect(200).json()
}

on_both! {
    async fn nobody_writes_into_who_was_erased(site) {
        let (olga, zoraida, delegates) = (site.organiser().await, Zoraida::come(site).await, category(site, "guests", json!({})).await);
        zoraida.actor().post(&zoraida.path(site, "/erase"), &zoraida.confirmation()).await.expect(200);
        let name = json!({ "name": "Zoraida Quintanilla" });
        let account = format!("/accounts/{}", site.week.account("sol"));
        let seat = format!("/sign-ups/{}", site.week.id("visit"));
        let writes = [
            (Method::PATCH, "", json!({ "name": "Zoraida Quintanilla", "email": "zoraida@quintanilla.example" })),
            (Method::PUT, account.as_str(), json!({ "relation": "assistant" })),
            (Method::PUT, "/registration", json!({ "category": delegates, "name": "Zoraida Quintanilla" })),
            (Method::PATCH, "/registration", json!({ "details": { "phone": "+56 9 8765 4321" } })),
            (Method::POST, "/registration/status", json!({ "status": "confirmed" })),
            (Method::POST, "/replace", name.clone()),
            (Method::PUT, "/access-needs", json!({ "needs": [], "note": "sits badly near loudspeakers" })),
            (Method::PUT, "/door-note", json!({ "text": "Zoraida" })),
            (Method::POST, "/corrections", name.clone()),
            (Method::POST, "/messages", json!({ "message": "Zoraida, please come to desk 3" })),
            (Method::POST, "/sign-in-code", json!({})),
            (Method::POST, "/badges", json!({})),
            (Method::PUT, "/consents", json!({ "consents": [] })),
            (Method::POST, "/accounts", json!({ "email": "zoraida@quintanilla.example", "name": "Zoraida", "relation": "self" })),
            (Method::PUT, seat.as_str(), json!({})),
        ];
        for (method, rest, body) in writes {
            let answer = olga.send((method, &zoraida.path(site, rest)), &[], &body).await;
            answer.expect_problem(404, "not_found");
        }
        let (who, visit) = (zoraida.attendee, site.week.id("visit"));
        let references = [
            (Method::POST, "/invitations", json!({ "attendee": who, "collection": "sessions", "object": site.week.id("briefing") })),
            (Method::POST, "/duties", json!({ "attendee": who, "kind": "usher", "collection": "sessions", "object": visit })),
            (Method::PATCH, "/people/alba", json!({ "attendee": who })),
        ];
        for (method, rest, body) in references {
            olga.send((method, &path(site, rest)), &[], &body).await.expect_problem(422, "unknown_reference");
        }
        assert_eq!(find_words(site, WORDS).await, Vec::<String>::new());
    }

    async fn an_old_file_brings_nobody_back_and_a_new_one_says_what_is_kept(site) {
        let (delegates, chile) = (category(site, "guests", json!({})).await, delegation(site, "chile", json!({})).await);
        let alba = member(site, (&delegates, &chile)).await;
        let (olga, export) = (site.organiser().await, path(site, "/registrations/export?format=csv"));
        let old = olga.get(&export).await.expect(200).body.to_vec();
        erase(site, &alba).await;
        let report = import(site, &old).await;
        assert_eq!((&report["faulty_count"], &report["new_count"], &report["changed_count"]), (&json!(1), &json!(0), &json!(0)), "{report}");
        assert!(report.to_string().contains("erased"), "{report}");
        assert_eq!(find_words(site, &["Quintanilla", "RUN 1"]).await, Vec::<String>::new());
        let new = olga.get(&export).await.expect(200).body.to_vec();
        let report = import(site, &new).await;
        assert_eq!((&report["faulty_count"], &report["same_count"]), (&json!(0), &json!(1)), "{report}");
        // Without the id the row is somebody who registers anew.
        let row = b"Name;E-mail;Category;External id\r\nAlba Quintanilla;alba@quintanilla.example;guests;RUN 1\r\n";
        let report = import(site, row).await;
        assert_eq!(report["new_count"], 1, "{report}");
        let erased = olga.get(&path(site, &format!("/attendees/{alba}/registration"))).await.expect(200).json();
        assert_eq!((&erased["name"], erased.get("external_id")), (&json!("—"), None));
    }

    async fn a_focal_point_who_was_offline_writes_into_nobody_who_was_erased_meanwhile(site) {
        let (delegates, chile) = (category(site, "guests", json!({})).await, delegation(site, "chile", json!({})).await);
        let alba = member(site, (&delegates, &chile)).await.parse().unwrap();
        let fay = on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let mut phone = Device::new(fay, &site.week.slug, &site.clock);
        phone.sync().await;
        phone.edit("registration.change", Some(alba), json!({ "name": "Alba Quintanilla", "details": { "phone": "+56 9 8765 4321" } }));
        phone.edit("registration.request", Some(alba), json!({ "name": "Alba Quintanilla", "category": delegates, "delegation": chile }));
        erase(site, &alba.to_string()).await;
        let results = phone.sync().await;
        assert_eq!(results.len(), 2);
        assert!(results.iter().all(|result| matches!(result, MutationResult::Rejected { .. })), "{results:?}");
        assert_eq!(find_words(site, &["Quintanilla", "8765 4321"]).await, Vec::<String>::new());
    }

    async fn who_is_still_to_be_erased_after_a_restore_is_written_into_by_nobody(site) {
        let (delegates, chile) = (category(site, "guests", json!({})).await, delegation(site, "chile", json!({})).await);
        let (alba, olga) = (member(site, (&delegates, &chile)).await, site.organiser().await);
        let unknown = Uuid::new_v4();
        let pending = |attendee: &str| Erasure { event: site.week.event, attendee: attendee.parse().unwrap(), at: Timestamp(7) };
        let list = [pending(&alba), pending(&unknown.to_string())];
        site.node.app().writer.system(move |connection| add_pending_erasures(connection, &list)).await.unwrap();
        let target = path(site, &format!("/attendees/{alba}/registration"));
        olga.patch(&target, &json!({ "name": "Alba Rojas" })).await.expect_problem(404, "not_found");
        let mut phone = site.device("olga").await;
        phone.edit("registration.request", Some(shared::ids::AttendeeId(unknown)), json!({ "name": "Nadie", "category": delegates }));
        let results = phone.sync().await;
        assert!(matches!(&results[0], MutationResult::Rejected { .. }), "{results:?}");
    }
}
