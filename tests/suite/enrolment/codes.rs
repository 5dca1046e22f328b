//! Codes that enrol a device.

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::cast::{area, checkpoint, code, device_of, path, redeem};
use crate::harness::{Site, dump};
use crate::people::cast::with_role;

const DOOR: &str = "Door of the library";

fn door() -> Value {
    json!({ "name": DOOR, "profile": "door" })
}

async fn refuse(site: &Site, shown: Value) {
    redeem(site, shown).await.expect_problem(401, "credential_refused");
}

on_both! {
    async fn a_code_enrols_one_device_for_its_roster_and_nothing_else(site) {
        let told = code(site, &door()).await;
        let answer = redeem(site, json!({ "code": told["code"] })).await.expect(201);
        assert_eq!(answer.json()["event"], json!({ "id": site.week.event, "slug": site.week.slug }));
        assert_eq!((&answer.json()["enrolment"]["name"], &answer.json()["enrolment"]["state"]), (&json!(DOOR), &json!("active")));
        let mut device = device_of(site, &answer);
        device.sync().await;
        assert_eq!(device.scopes(), ["public", "roster:door"]);
        for shown in [json!({ "code": told["code"] }), json!({ "link": told["link"] })] {
            refuse(site, shown).await;
        }
        let listed = site.organiser().await.list_by_pages(&path(site, "/enrolments"), 5).await;
        assert_eq!(listed.len(), 1);
    }

    async fn a_scanned_link_enrols_like_the_code_beside_it(site) {
        let told = code(site, &door()).await;
        let link = told["link"].as_str().unwrap();
        let (page, secret) = link.split_once('#').unwrap();
        assert_eq!(page, "http://cumbre.example/desk");
        redeem(site, json!({ "link": secret })).await.expect(201);
        refuse(site, json!({ "code": told["code"] })).await;
        let scanned = code(site, &door()).await;
        redeem(site, json!({ "link": scanned["link"] })).await.expect(201);
    }

    async fn a_code_is_read_as_people_type_it(site) {
        let told = code(site, &door()).await;
        let typed = told["code"].as_str().unwrap().to_lowercase().replace('-', " ");
        redeem(site, json!({ "code": typed })).await.expect(201);
    }

    async fn a_code_is_good_for_its_minutes(site) {
        let mut body = door();
        body["valid_minutes"] = json!(1);
        let (short, usual) = (code(site, &body).await, code(site, &door()).await);
        site.clock.advance_ms(60_000);
        refuse(site, json!({ "code": short["code"] })).await;
        site.clock.advance_ms(9 * 60_000 - 1);
        redeem(site, json!({ "code": usual["code"] })).await.expect(201);
        let late = code(site, &door()).await;
        site.clock.advance_ms(10 * 60_000);
        refuse(site, json!({ "link": late["link"] })).await;
    }

    async fn what_no_code_was_ever_like_is_refused_like_a_wrong_one(site) {
        code(site, &door()).await;
        let rubbish = ["", "0000000000", "7K3FQ", "\u{1f6aa}", "' OR 1=1 --", &"7".repeat(4_096)];
        for text in rubbish {
            refuse(site, json!({ "code": text })).await;
            refuse(site, json!({ "link": text })).await;
        }
        for body in [json!({}), json!({ "code": "a", "link": "b" }), json!({ "code": 7 }), json!([])] {
            let status = redeem_raw(site, body).await;
            assert_eq!(status, 400);
        }
        let nameless = json!({ "code": "0000000000", "device": { "name": " " } });
        let answer = site.anonymous().post("/v1/enrolments/redeem", &nameless).await;
        answer.expect_problem(422, "invalid_value");
    }

    async fn neither_a_code_nor_its_link_is_in_the_database(site) {
        let told = code(site, &door()).await;
        let (code, secret) = (told["code"].as_str().unwrap().replace('-', ""), told["link"].as_str().unwrap().rsplit('#').next().unwrap().to_owned());
        let read = |connection: &mut cumbre::database::Connection| Ok(dump(connection));
        let lines = site.node.app().readers.read(read).await.unwrap();
        let codes = lines.iter().filter(|line| line.starts_with("enrolment_codes"));
        assert_eq!(codes.clone().count(), 1);
        assert!(lines.iter().all(|line| !line.contains(&code) && !line.contains(&secret)));
    }

    async fn organisers_and_desk_leads_make_codes_and_nobody_else(site) {
        let enrolments = path(site, "/enrolments");
        let lead = with_role(site, "lea", Role::DeskLead).await;
        lead.post(&enrolments, &door()).await.expect(201);
        lead.get(&enrolments).await.expect(200);
        let others = [with_role(site, "desk", Role::Desk).await, with_role(site, "pia", Role::Protocol).await, site.sign_in("ana").await, site.sign_in("otto").await];
        for other in others {
            other.post(&enrolments, &door()).await.expect_problem(403, "forbidden");
            other.get(&enrolments).await.expect_problem(403, "forbidden");
        }
        site.anonymous().post(&enrolments, &door()).await.expect_problem(401, "unauthenticated");
    }

    async fn what_a_device_cannot_be_for_is_refused_with_its_field(site) {
        let organiser = site.organiser().await;
        let library = area(site, "library-area", json!({ "room": site.week.id("library") })).await;
        let at = checkpoint(site, "library-door", &library).await;
        let never = Uuid::new_v4().to_string();
        let faults = [
            (json!({ "name": " " }), 422, "/name"),
            (json!({ "name": "x".repeat(101) }), 422, "/name"),
            (json!({ "name": "two\nlines" }), 422, "/name"),
            (json!({ "profile": "everything" }), 400, "/profile"),
            (json!({ "session": site.week.id("opening") }), 422, "/session"),
            (json!({ "profile": "protocol" }), 422, "/session"),
            (json!({ "profile": "protocol", "session": never }), 422, "/session"),
            (json!({ "profile": "protocol", "session": site.week.id("opening") }), 422, "/session"),
            (json!({ "profile": "protocol", "session": site.week.id("briefing") }), 422, "/session"),
            (json!({ "checkpoints": [never] }), 422, "/checkpoints/0"),
            (json!({ "checkpoints": [at, at] }), 422, "/checkpoints/1"),
            (json!({ "valid_minutes": 0 }), 422, "/valid_minutes"),
            (json!({ "valid_minutes": 61 }), 422, "/valid_minutes"),
            (json!({ "colour": "red" }), 400, "/colour"),
        ];
        for (fields, status, field) in faults {
            let mut body = door();
            body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            let answer = organiser.post(&path(site, "/enrolments"), &body).await.expect(status);
            assert_eq!(answer.json()["field"], field, "{}", answer.text());
        }
    }
}

async fn redeem_raw(site: &Site, mut body: Value) -> u16 {
    if let Some(fields) = body.as_object_mut() {
        fields.insert("device".to_owned(), json!({ "name": "Tablet 4" }));
    }
    site.anonymous().post("/v1/enrolments/redeem", &body).await.status
}
