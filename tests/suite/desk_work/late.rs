//! What a desk did for guests, and handed in when it was not in use any more.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use shared::ids::AttendeeId;

use super::cast::{desk, outcome, refusal};
use crate::badges::cast::{confirm, paper};
use crate::check_in::cast::rows;
use crate::enrolment::cast::{address, door, enrol, path};
use crate::harness::{Actor, Device, Site};
use crate::people::cast::with_role;

/// What is kept of it, by operation.
async fn kept(site: &Site, lead: &Actor) -> Vec<Value> {
    let listed = lead.get(&path(site, "/incidents")).await.expect(200).json();
    let mut late: Vec<Value> =
        listed["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "late_work").cloned().collect();
    late.sort_by_key(|one| one["work"]["op"].to_string());
    late
}

fn work(session: &Value, carrier: &Value) -> [(&'static str, Value); 5] {
    [
        ("badge.void", json!({ "carrier": carrier, "reason": "lost" })),
        ("door_note.put", json!({ "text": "Ask for the letter." })),
        ("invitation.answer", json!({ "object": session, "answer": "declined", "word": "I am ill." })),
        ("signup.cancel", json!({ "session": session })),
        ("signup.request", json!({ "session": session })),
    ]
}

/// The only note for the doors, as a desk holds it.
async fn note(desk: &mut Device) -> Option<Value> {
    rows(desk, "desk_people").await.iter().find_map(|row| row["guest"].get("note").cloned())
}

on_both! {
    async fn what_a_desk_did_before_it_was_ended_waits_for_who_leads_and_does_nothing_before(site) {
        confirm(site, &["ana"]).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        let lea = with_role(site, "lea", Role::DeskLead).await;
        let carrier = paper(site, &olga, "ana").await["carrier"].clone();
        let mut other = desk(site, 9).await;
        let session = json!(site.week.id("visit"));
        let mut count = 0;
        for (seed, end) in [(1, "/suspend"), (2, "/revoke")] {
            let mut desk = desk(site, seed).await;
            olga.post(&address(site, &desk.device, end), &json!({})).await.expect(200);
            for (op, args) in work(&session, &carrier) {
                assert_eq!(outcome(&mut desk.device, op, Some(ana), args).await, "held", "{op} {end}");
            }
            count += 5;
            let late = kept(site, &lea).await;
            assert_eq!(late.len(), count);
            let noted = late.iter().find(|one| one["work"]["op"] == "door_note.put").unwrap();
            assert_eq!((&noted["work"]["for"], &noted["work"]["device_name"]), (&json!(ana), &json!("Desk")));
            assert_eq!(noted["work"]["args"], json!({ "text": "Ask for the letter." }));
            assert_eq!(noted["guests"].as_array().unwrap().len(), 1, "doors know her");
            assert_eq!(note(&mut other.device).await, None, "nothing was done");
        }
        let held = rows(&mut other.device, "incidents").await;
        assert_eq!(held.len(), count, "desks see it too");
        // Who leads does it in its place, and settles it.
        let late = kept(site, &lea).await;
        let noted = late.iter().find(|one| one["work"]["op"] == "door_note.put").unwrap();
        let done = outcome(&mut other.device, "door_note.put", Some(ana), noted["work"]["args"].clone()).await;
        assert_eq!(done, "");
        let resolve = path(site, &format!("/incidents/{}/resolve", noted["id"].as_str().unwrap()));
        lea.post(&resolve, &json!({})).await.expect(200);
        assert_eq!(kept(site, &lea).await.len(), count - 1);
        assert_eq!(note(&mut other.device).await, Some(json!("Ask for the letter.")));
    }

    async fn a_door_that_was_ended_still_does_nothing_of_the_kind(site) {
        confirm(site, &["ana"]).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        let mut tablet = door(site).await;
        olga.post(&address(site, &tablet, "/revoke"), &json!({})).await.expect(200);
        let note = json!({ "text": "Ask for the letter." });
        assert_eq!(refusal(&mut tablet, "door_note.put", Some(ana), note).await.0, "forbidden");
        assert_eq!(kept(site, &olga).await, Vec::<Value>::new());
    }

    async fn an_incident_that_a_leads_desk_settled_too_late_stays_open_with_what_it_noted(site) {
        let olga = site.organiser().await;
        let mut lead = enrol(site, json!({ "name": "Lead", "profile": "full", "is_lead": true })).await;
        olga.post(&address(site, &lead, "/revoke"), &json!({})).await.expect(200);
        let args = json!({ "id": uuid::Uuid::from_u128(5), "note": "Two plates." });
        assert_eq!(outcome(&mut lead, "incident.resolve", None, args.clone()).await, "held");
        assert_eq!(kept(site, &olga).await[0]["work"]["args"], args);
    }

    async fn what_waits_for_somebody_goes_with_them_when_they_are_erased(site) {
        confirm(site, &["ana"]).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        let mut other = desk(site, 9).await;
        let mut desk = desk(site, 1).await;
        olga.post(&address(site, &desk.device, "/revoke"), &json!({})).await.expect(200);
        for text in ["Ask for Zoraida.", "Zoraida has the letter."] {
            assert_eq!(outcome(&mut desk.device, "door_note.put", Some(ana), json!({ "text": text })).await, "held");
        }
        let late = kept(site, &olga).await;
        let resolve = path(site, &format!("/incidents/{}/resolve", late[0]["id"].as_str().unwrap()));
        olga.post(&resolve, &json!({ "note": "Done." })).await.expect(200);
        assert_eq!(rows(&mut other.device, "incidents").await.len(), 2);
        let data = |of: AttendeeId| path(site, &format!("/attendees/{of}/data"));
        let (mut held, mut after) = (Vec::new(), String::new());
        while let Some(next) = Some(format!("{}?limit=1{after}", data(ana))).filter(|_| held.len() < 3) {
            let page = site.sign_in("ana").await.get(&next).await.expect(200).json();
            held.extend(page["late_work"].as_array().into_iter().flatten().cloned());
            let Some(cursor) = page["next"].as_str() else { break };
            after = format!("&cursor={cursor}");
        }
        held.sort_by_key(|one| one["note"].is_null());
        let expected = late.iter().map(|one| {
            json!({ "operation": "door_note.put", "content": one["work"]["args"], "done_at": one["work"]["at"],
                "received_at": site.clock.now(), "device_name": "Desk" })
        });
        let mut expected: Vec<Value> = expected.collect();
        expected[0]["settled_at"] = json!(site.clock.now());
        expected[0]["note"] = json!("Done.");
        assert_eq!(held, expected, "the person may read what is kept");
        let page = site.sign_in("ana").await.get(&format!("{}.html", data(ana))).await.expect(200);
        assert!(page.mentions("Done for you at a desk that was not in use any more") && page.mentions("Ask for Zoraida."));
        let of_another = olga.get(&data(site.week.attendee("bruno"))).await.expect(200);
        assert_eq!(of_another.json()["late_work"], json!([]));
        olga.post(&path(site, &format!("/attendees/{ana}/erase")), &json!({ "confirm": ana })).await.expect(200);
        for state in ["open", "resolved"] {
            let left = olga.get(&path(site, &format!("/incidents?state={state}"))).await.expect(200);
            assert_eq!(left.json()["items"], json!([]), "{state}");
        }
        assert_eq!(rows(&mut other.device, "incidents").await, Vec::<Value>::new());
        assert!(!other.device.everything().contains("Zoraida"));
        let audit = olga.get(&path(site, "/audit")).await.expect(200);
        assert!(!audit.mentions("Zoraida"));
    }
}
