//! A registration from the first request to the last change, by REST and from phones without a network.

use serde_json::{Value, json};
use shared::sync::MutationResult;
use uuid::Uuid;

use super::cast::{category, delegation, move_to, newcomer, path, put, register, registration, text};
use crate::harness::Device;

/// The kinds of the notices of an attendee, as their phone holds them, in the order in which they came.
fn notices(device: &mut Device) -> Vec<String> {
    let mut rows = device.list("notices");
    // Their ids are made in the order of time.
    rows.sort_by(|one, other| one.id.cmp(&other.id));
    let kind = |value: &str| serde_json::from_str::<Value>(value).unwrap()["kind"].as_str().unwrap().to_owned();
    rows.iter().map(|row| kind(&row.value)).collect()
}

fn outcome(result: &MutationResult) -> &str {
    match result {
        MutationResult::Applied { outcome: Some(outcome), .. } => outcome,
        other => panic!("it has no outcome: {other:?}"),
    }
}

fn rejection(result: &MutationResult) -> (&str, Option<&str>) {
    match result {
        MutationResult::Rejected { reason, field, .. } => (reason, field.as_deref()),
        other => panic!("not rejected: {other:?}"),
    }
}

on_both! {
    async fn somebody_registers_waits_and_comes_when_a_place_is_free(site) {
        let press = category(site, "press", json!({ "enrolment": "automatic", "capacity": 1 })).await;
        let (dana, emil) = (newcomer(site, "dana").await, newcomer(site, "emil").await);
        let first = register(site, &dana, &press).await.expect(201);
        assert_eq!(text(&first, "status"), "confirmed");
        let second = register(site, &emil, &press).await.expect(201);
        assert_eq!((text(&second, "status"), &second.json()["waitlist_number"]), ("waitlisted".to_owned(), &json!(1)));
        let mut phone = Device::new(emil, &site.week.slug, &site.clock);
        phone.sync().await;
        let id = text(&second, "attendee");
        assert_eq!(phone.find("registrations", &id).unwrap()["status"], "waitlisted");
        move_to(site, &dana, &text(&first, "attendee"), "cancelled").await.expect(200);
        phone.sync().await;
        let row = phone.find("registrations", &id).unwrap();
        assert_eq!((&row["status"], &row["waitlist_number"]), (&json!("confirmed"), &json!(1)));
        assert_eq!(notices(&mut phone), ["place_waitlisted", "place_confirmed"]);
    }

    async fn what_is_on_approval_waits_for_an_organiser(site) {
        let press = category(site, "press", json!({ "enrolment": "on_approval" })).await;
        let (olga, dana) = (site.organiser().await, newcomer(site, "dana").await);
        let asked = register(site, &dana, &press).await.expect(201);
        let id = text(&asked, "attendee");
        assert_eq!(text(&asked, "status"), "requested");
        move_to(site, &dana, &id, "confirmed").await.expect_problem(403, "forbidden");
        assert_eq!(text(&move_to(site, &olga, &id, "confirmed").await.expect(200), "status"), "confirmed");
        move_to(site, &olga, &id, "declined").await.expect_problem(409, "wrong_state");
        move_to(site, &dana, &id, "cancelled").await.expect(200);
        assert_eq!(text(&move_to(site, &dana, &id, "cancelled").await.expect(200), "status"), "cancelled");
        assert_eq!(text(&move_to(site, &dana, &id, "requested").await.expect(200), "status"), "requested");
        let mut phone = Device::new(dana, &site.week.slug, &site.clock);
        phone.sync().await;
        assert_eq!(notices(&mut phone), ["place_confirmed"]);
    }

    async fn who_was_asked_to_come_answers_from_a_phone_without_a_network(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let olga = site.organiser().await;
        let (ana, bruno) = (site.week.attendee("ana"), site.week.attendee("bruno"));
        for attendee in [ana, bruno] {
            let invited = put(site, &olga, attendee, json!({ "category": delegates, "status": "invited" })).await.expect(200);
            assert_eq!(text(&invited, "status"), "invited");
        }
        let (mut phone, mut office) = (site.device("ana").await, site.device("sol").await);
        phone.sync().await;
        office.sync().await;
        assert_eq!(notices(&mut phone), ["place_offered"]);
        phone.edit("registration.answer", Some(ana), json!({ "answer": "accepted" }));
        office.edit("registration.answer", Some(bruno), json!({ "answer": "declined", "reason": "Another summit" }));
        assert_eq!(outcome(&phone.sync().await[0]), "confirmed");
        assert_eq!(outcome(&office.sync().await[0]), "declined");
        assert_eq!(phone.find("registrations", ana).unwrap()["status"], "confirmed");
        let row = office.find("registrations", bruno).unwrap();
        assert_eq!((&row["status"], &row["reason"]), (&json!("declined"), &json!("Another summit")));
        let audit = olga.get(&path(site, &format!("/audit?record={bruno}"))).await.expect(200).json();
        let line = &audit["items"][0];
        assert_eq!(line["operation"], "registration.move");
        assert_eq!((line["account"].as_str(), line["attendee"].as_str()),
            (Some(site.week.account("sol").to_string().as_str()), Some(bruno.to_string().as_str())), "by whom for whom");
    }

    async fn who_registers_in_a_tunnel_is_registered_at_the_next_exchange(site) {
        let press = category(site, "press", json!({ "enrolment": "automatic",
            "form": [{ "key": "paper", "label": { "en": "Paper" }, "kind": "text", "is_required": true }],
            "consents": [{ "key": "data", "version": 2, "text": { "en": "Keep it" }, "is_required": true }] })).await;
        let mut phone = Device::new(newcomer(site, "dana").await, &site.week.slug, &site.clock);
        phone.sync().await;
        let id = shared::ids::AttendeeId(Uuid::new_v4());
        let consents = json!([{ "consent": "data", "version": 2, "language": "en", "is_given": true }]);
        let request = json!({ "name": "Dana Fields", "language": "en", "category": press,
            "details": { "email": "dana@paper.example" }, "answers": { "paper": "The Paper" }, "consents": consents });
        phone.edit("registration.request", Some(id), request.clone());
        let shown = phone.list("registrations");
        assert!(shown[0].is_pending && shown[0].value.contains("requested"), "{shown:?}");
        phone.star(id, site.week.id("visit"), true);
        phone.edit("registration.change", Some(id), json!({ "details": { "phone": "+56 2 2345 6789" } }));
        let results = phone.sync().await;
        assert_eq!((outcome(&results[0]), outcome(&results[2])), ("confirmed", "confirmed"));
        assert!(matches!(results[1], MutationResult::Applied { .. }), "what she starred in the same tunnel is kept");
        let row = phone.find("registrations", id).unwrap();
        assert_eq!(row["details"], json!({ "email": "dana@paper.example", "phone": "+56 2 2345 6789" }));
        assert_eq!(row["answers"], json!({ "paper": "The Paper" }));
        assert_eq!((&row["consents"][0]["version"], &row["consents"][0]["language"]), (&json!(2), &json!("en")));
        assert_eq!(phone.find("attendees", id).unwrap()["name"], "Dana Fields");
        assert_eq!(phone.list("favourites").len(), 1);
        phone.edit("registration.request", Some(id), request);
        phone.edit("registration.cancel", Some(id), json!({ "reason": "The paper closed" }));
        let results = phone.sync().await;
        assert_eq!(rejection(&results[0]), ("wrong_state", None));
        assert_eq!(outcome(&results[1]), "cancelled");
    }

    async fn what_does_not_fit_the_form_is_refused_with_its_field_and_changes_nothing(site) {
        let press = category(site, "press", json!({ "enrolment": "automatic",
            "form": [{ "key": "paper", "label": { "en": "Paper" }, "kind": "text", "is_required": true },
                { "key": "days", "label": { "en": "Days" }, "kind": "number" }],
            "consents": [{ "key": "data", "version": 2, "text": { "en": "Keep it" }, "is_required": true }] })).await;
        let dana = newcomer(site, "dana").await;
        let consents = json!([{ "consent": "data", "version": 2, "language": "en", "is_given": true }]);
        let good = json!({ "name": "Dana Fields", "category": press, "answers": { "paper": "The Paper" }, "consents": consents });
        let with = |field: &str, value: Value| {
            let mut body = good.clone();
            body[field] = value;
            body
        };
        let late = json!([{ "consent": "data", "version": 1, "language": "en", "is_given": true }]);
        let cases = [
            (with("answers", json!({})), "invalid_value", "/answers/paper"),
            (with("answers", json!({ "paper": "The Paper", "days": "three" })), "invalid_value", "/answers/days"),
            (with("answers", json!({ "paper": "The Paper", "shoes": 3 })), "invalid_value", "/answers/shoes"),
            (with("details", json!({ "email": "nobody" })), "invalid_value", "/details/email"),
            (with("details", json!({ "family_name": "bell \u{7}" })), "invalid_value", "/details/family_name"),
            (with("consents", json!([])), "invalid_value", "/consents"),
            (with("consents", late), "invalid_value", "/consents/0/version"),
            (with("category", json!(Uuid::new_v4())), "unknown_reference", "/category"),
            (with("name", json!("two\nlines")), "invalid_value", "/name"),
            (with("language", json!("Spanish")), "invalid_value", "/language"),
            (with("shares", json!(["name", "name"])), "invalid_value", "/shares/1"),
            (with("status", json!("confirmed")), "forbidden", "/status"),
            (with("delegation", json!(Uuid::new_v4())), "forbidden", "/delegation"),
            (with("override", json!(true)), "forbidden", "/override"),
            (with("email", json!("someone.else@example.org")), "forbidden", "/email"),
        ];
        for (body, code, field) in cases {
            let answer = dana.post(&path(site, "/registrations"), &body).await;
            assert_eq!((text(&answer, "code").as_str(), text(&answer, "field").as_str()), (code, field), "{body}");
        }
        let olga = site.organiser().await;
        assert_eq!(olga.get(&path(site, "/registrations")).await.expect(200).json()["items"], json!([]));
        assert_eq!(olga.get(&path(site, "/attendees?limit=500")).await.expect(200).json()["items"].as_array().unwrap().len(), 3);
        dana.post(&path(site, "/registrations"), &good).await.expect(201);
        dana.post(&path(site, "/registrations"), &good).await.expect_problem(409, "wrong_state");
    }

    async fn a_closed_category_and_a_category_out_of_its_time_take_nobody_who_asks_themselves(site) {
        let (closed, later) = (category(site, "delegates", json!({})).await,
            category(site, "public", json!({ "enrolment": "automatic", "opens_at": "2018-11-27T00:00:00Z" })).await);
        let dana = newcomer(site, "dana").await;
        for id in [&closed, &later] {
            register(site, &dana, id).await.expect_problem(409, "closed");
        }
        site.clock.advance_ms(24 * 3_600_000);
        register(site, &newcomer(site, "dana").await, &later).await.expect(201);
    }

    async fn a_change_is_merged_field_by_field_and_held_to_its_version(site) {
        let delegates = category(site, "delegates", json!({})).await;
        let (olga, ana) = (site.organiser().await, site.sign_in("ana").await);
        let id = site.week.attendee("ana");
        let made = put(site, &olga, id, json!({ "category": delegates, "details": { "position": "Minister", "country": "CL" } })).await.expect(200);
        let tag = made.header("etag").to_owned();
        let target = registration(site, &id.to_string());
        let patch = json!({ "details": { "country": null, "phone": "+56 2 2345 6789" }, "shares": ["name", "email"], "name": "Ana Rojas" });
        let changed = ana.patch(&target, &patch).await.expect(200).json();
        assert_eq!(changed["details"], json!({ "position": "Minister", "phone": "+56 2 2345 6789" }));
        assert_eq!((&changed["name"], &changed["shares"]), (&json!("Ana Rojas"), &json!(["name", "email"])));
        let headers = [("if-match", tag.as_str()), ("content-type", "application/merge-patch+json")];
        let stale = ana.send((reqwest::Method::PATCH, &target), &headers, &json!({ "name": "Ana" })).await;
        stale.expect_problem(412, "precondition_failed");
        for (field, value) in [("status", json!("cancelled")), ("delegation", json!(Uuid::new_v4())), ("category", json!(delegates)), ("nonsense", json!(1))] {
            let answer = ana.patch(&target, &json!({ field: value })).await;
            let is_the_same = field == "category";
            assert_eq!(answer.status < 300, is_the_same, "{field}: {}", answer.text());
        }
        olga.patch(&target, &json!({ "shares": ["phone"] })).await.expect_problem(403, "forbidden");
    }

    async fn a_placeholder_holds_a_place_until_it_has_a_name(site) {
        let delegates = category(site, "delegates", json!({ "capacity": 1 })).await;
        let chile = delegation(site, "chile", json!({ "is_listed": false })).await;
        let olga = site.organiser().await;
        let body = json!({ "name": "The Minister of Justice of Chile or representative", "category": delegates,
            "delegation": chile, "delegation_role": "head", "is_placeholder": true });
        let made = olga.post(&path(site, "/registrations"), &body).await.expect(201);
        let id = text(&made, "attendee");
        assert_eq!((&made.json()["is_placeholder"], &made.json()["delegation_name"]), (&json!(true), &json!({ "en": "chile" })));
        let accounts = path(site, &format!("/attendees/{id}/accounts"));
        olga.post(&accounts, &json!({ "email": "sol@example.org", "name": "Sol", "relation": "assistant" })).await.expect(200);
        let mut office = site.device("sol").await;
        office.sync().await;
        assert_eq!(office.find("registrations", &id).unwrap()["delegation_name"], json!({ "en": "chile" }));
        assert_eq!(office.find("delegations", &chile), None, "an unlisted delegation is named in the registration alone");
        let next = olga.post(&path(site, "/registrations"), &json!({ "name": "Somebody else", "category": delegates })).await.expect(201);
        assert_eq!(text(&next, "status"), "waitlisted", "the place is taken");
        let named = json!({ "name": "Ana Rojas", "is_placeholder": false, "details": { "position": "Minister of Justice" } });
        olga.patch(&registration(site, &id), &named).await.expect(200);
        office.sync().await;
        assert_eq!(office.find("attendees", &id).unwrap()["name"], "Ana Rojas");
        assert_eq!(office.find("registrations", &id).unwrap().get("is_placeholder"), None);
        olga.patch(&path(site, "/delegations/chile"), &json!({ "name": { "en": "Republic of Chile" } })).await.expect(200);
        office.sync().await;
        assert_eq!(office.find("registrations", &id).unwrap()["delegation_name"], json!({ "en": "Republic of Chile" }));
    }

    async fn an_attendee_who_is_taken_away_leaves_no_row_and_frees_the_place(site) {
        let press = category(site, "press", json!({ "enrolment": "automatic", "capacity": 1 })).await;
        let chile = delegation(site, "chile", json!({})).await;
        let (olga, dana) = (site.organiser().await, newcomer(site, "dana").await);
        let body = json!({ "name": "Somebody", "category": press, "delegation": chile });
        let gone = text(&olga.post(&path(site, "/registrations"), &body).await.expect(201), "attendee");
        let waiting = text(&register(site, &dana, &press).await.expect(201), "attendee");
        let mut console = site.device("olga").await;
        console.sync().await;
        assert!(console.everything().contains(&gone));
        olga.delete(&path(site, &format!("/attendees/{gone}"))).await.expect(204);
        console.sync().await;
        assert!(!console.everything().contains(&gone));
        assert_eq!(text(&olga.get(&registration(site, &waiting)).await.expect(200), "status"), "confirmed");
        olga.get(&registration(site, &gone)).await.expect_problem(404, "not_found");
    }

    async fn the_list_is_filtered_and_found_in_whatever_letters(site) {
        let (press, delegates) = (category(site, "press", json!({})).await, category(site, "delegates", json!({})).await);
        let chile = delegation(site, "chile", json!({})).await;
        let olga = site.organiser().await;
        for (name, category, extra) in [("José Núñez", &press, json!({})), ("Ana Rojas", &delegates, json!({ "delegation": chile })),
            ("Max 50% Rodante", &press, json!({ "status": "invited" }))] {
            let mut body = json!({ "name": name, "category": category });
            body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            olga.post(&path(site, "/registrations"), &body).await.expect(201);
        }
        let names = async |query: &str| {
            let answer = olga.get(&path(site, &format!("/registrations?{query}"))).await.expect(200).json();
            answer["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let found = async |search: Value| {
            let answer = olga.post(&path(site, "/registrations/search"), &search).await.expect(200).json();
            answer["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found(json!({ "text": "nunez" })).await, ["José Núñez"]);
        assert_eq!(found(json!({ "text": "NÚÑ" })).await, ["José Núñez"]);
        assert_eq!(found(json!({ "text": "50%" })).await, ["Max 50% Rodante"]);
        assert_eq!(found(json!({ "text": "50%", "status": "confirmed" })).await, [""; 0]);
        assert_eq!(names("category=press").await.len(), 2);
        assert_eq!(names("category=press&status=invited").await, ["Max 50% Rodante"]);
        assert_eq!(names("delegation=chile").await, ["Ana Rojas"]);
        assert_eq!(names("delegation=nowhere").await, [""; 0]);
        let search = path(site, "/registrations/search");
        let page = olga.post(&search, &json!({ "text": "o", "limit": 1 })).await.expect(200).json();
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        assert!(page["next"].is_string());
        for (field, value) in [("limit", json!(0)), ("cursor", json!("§")), ("q", json!("o"))] {
            let answer = olga.post(&search, &json!({ "text": "o", field: value })).await.expect_problem(400, "invalid_request");
            assert_eq!(answer.json()["field"], format!("/{field}"));
        }
        olga.post(&search, &json!({ "text": "" })).await.expect_problem(422, "invalid_value");
        site.sign_in("bruno").await.post(&search, &json!({ "text": "o" })).await.expect_problem(403, "forbidden");
    }
}
