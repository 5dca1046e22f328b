//! `/v1/events/{event}/…`: the programme as organisers write and others read it.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::badges::cast::confirm;
use crate::harness::Site;

fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

fn slugs(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

/// A list of named records in the order of their collections and slugs.
fn sorted(list: &Value) -> Value {
    let mut records = list.as_array().unwrap().clone();
    records.sort_by_key(Value::to_string);
    Value::Array(records)
}

on_both! {
    async fn a_session_is_made_read_changed_and_deleted(site) {
        let olga = site.organiser().await;
        let body = json!({ "slug": "closing", "kind": "closing", "title": { "en": "Closing", "es": "Clausura" },
            "starts_at": "2018-11-30T12:00:00-03:00", "ends_at": "2018-11-30T13:00:00-03:00",
            "room": site.week.id("library"), "state": "published" });
        let made = olga.post(&path(site, "/sessions"), &body).await.expect(201);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(made.header("location"), format!("/v1/events/{}/sessions/{id}", site.week.event));
        assert_eq!(made.json()["starts_at"], "2018-11-30T15:00:00.000Z");
        let ana = site.sign_in("ana").await;
        for name in [id.as_str(), "closing"] {
            let read = ana.get(&path(site, &format!("/sessions/{name}"))).await.expect(200).json();
            assert_eq!((&read["id"], &read["title"]["es"]), (&json!(id), &json!("Clausura")));
        }
        let patch = json!({ "title": { "es": null }, "room": null, "seats": 30 });
        let patched = olga.patch(&path(site, "/sessions/closing"), &patch).await.expect(200).json();
        assert_eq!((&patched["title"], patched.get("room"), &patched["seats"]), (&json!({ "en": "Closing" }), None, &json!(30)));
        olga.delete(&path(site, "/sessions/closing")).await.expect(204);
        ana.get(&path(site, "/sessions/closing")).await.expect_problem(404, "not_found");
    }

    async fn a_room_change_by_rest_is_on_the_phone_at_its_next_exchange(site) {
        let mut ana = site.device("ana").await;
        ana.sync().await;
        let olga = site.organiser().await;
        let move_it = json!({ "room": site.week.id("cinema") });
        olga.post(&path(site, "/sessions/reality/move"), &move_it).await.expect(200);
        ana.exchange().await;
        assert_eq!(ana.find("sessions", site.week.id("reality")).unwrap()["room"], json!(site.week.id("cinema")));
    }

    async fn edits_of_different_fields_merge_and_of_the_same_field_conflict(site) {
        let olga = site.organiser().await;
        let read = olga.get(&path(site, "/sessions/visit")).await.expect(200).json();
        let based = path(site, &format!("/sessions/visit?base={}", read["rev"]));
        let second = site.sign_in("olga").await;
        second.patch(&path(site, "/sessions/visit"), &json!({ "seats": 40 })).await.expect(200);
        let merged = olga.patch(&based, &json!({ "expected_people": 38 })).await.expect(200).json();
        assert_eq!((&merged["seats"], &merged["expected_people"]), (&json!(40), &json!(38)));
        let conflict = olga.patch(&based, &json!({ "seats": 30 })).await.expect_problem(409, "stale_base");
        let conflict = conflict.json();
        assert_eq!((&conflict["fields"], &conflict["values"]), (&json!(["seats"]), &json!({ "seats": 40 })));
        assert_eq!(conflict["rev"], merged["rev"]);
        let now = olga.get(&path(site, "/sessions/visit")).await.expect(200).json();
        assert_eq!(now["seats"], 40);
    }

    async fn if_match_is_strict(site) {
        let olga = site.organiser().await;
        let tag = olga.get(&path(site, "/sessions/visit")).await.expect(200).header("etag").to_owned();
        let target = path(site, "/sessions/visit");
        let patch = |seats: u32, tag: String| {
            let (olga, target) = (olga.clone(), target.clone());
            async move { olga.send((Method::PATCH, &target), &[("if-match", &tag)], &json!({ "seats": seats })).await }
        };
        let changed = patch(40, tag.clone()).await.expect(200);
        patch(30, tag).await.expect_problem(412, "precondition_failed");
        patch(31, changed.header("etag").to_owned()).await.expect(200);
        patch(32, "nonsense".to_owned()).await.expect_problem(400, "invalid_request");
    }

    async fn an_idempotency_key_is_used_once(site) {
        let olga = site.organiser().await;
        let key = Uuid::new_v4().to_string();
        let target = path(site, "/tracks");
        let make = |slug: &str| {
            let body = json!({ "slug": slug, "title": { "en": "Deterrence" } });
            let (olga, target, key) = (olga.clone(), target.clone(), key.clone());
            async move { olga.send((Method::POST, &target), &[("idempotency-key", &key)], &body).await }
        };
        let first = make("deterrence").await.expect(201);
        let again = make("deterrence").await.expect(201);
        assert_eq!(first.json()["id"], again.json()["id"]);
        assert_eq!(again.header("idempotency-replayed"), "true");
        make("other").await.expect_problem(422, "id_reused");
        assert_eq!(slugs(&olga.get(&target).await.json()), ["deterrence", "prevention"]);
    }

    async fn a_reader_keeps_what_has_not_changed(site) {
        let reader = site.anonymous();
        for rest in ["/sessions/visit", "/sessions"] {
            let target = path(site, rest);
            let tag = reader.get(&target).await.expect(200).header("etag").to_owned();
            assert!(reader.get_with(&target, &[("if-none-match", &tag)]).await.expect(304).body.is_empty());
        }
    }

    async fn lists_come_in_pages_and_by_filter(site) {
        let reader = site.anonymous();
        assert_eq!(slugs(&reader.get(&path(site, "/sessions")).await.expect(200).json()), ["opening", "visit", "reality"]);
        let items = reader.list_by_pages(&path(site, "/sessions"), 2).await;
        assert_eq!(slugs(&json!({ "items": items })), ["opening", "visit", "reality"]);
        for (filter, found) in [("room=library", vec!["opening", "reality"]), ("track=prevention", vec!["reality"]),
            ("kind=field_visit", vec!["visit"]), ("day=2018-11-26&part=clinic", vec!["opening", "reality"]),
            ("day=2018-11-27", vec![]), ("room=nowhere", vec![]), ("part=dialogue", vec![])]
        {
            let list = reader.get(&path(site, &format!("/sessions?{filter}"))).await.expect(200).json();
            assert_eq!(slugs(&list), found, "{filter}");
        }
    }

    async fn a_cancelled_session_is_restored_and_a_draft_is_published(site) {
        let (olga, reader) = (site.organiser().await, site.anonymous());
        let state = |answer: crate::harness::Answer| answer.expect(200).json()["state"].clone();
        assert_eq!(state(olga.post(&path(site, "/sessions/visit/cancel"), &json!({})).await), "cancelled");
        assert_eq!(state(reader.get(&path(site, "/sessions/visit")).await), "cancelled");
        assert_eq!(state(olga.post(&path(site, "/sessions/visit/restore"), &json!({})).await), "published");
        reader.get(&path(site, "/sessions/draft-idea")).await.expect_problem(404, "not_found");
        assert_eq!(state(olga.post(&path(site, "/sessions/draft-idea/publish"), &json!({})).await), "published");
        assert_eq!(state(reader.get(&path(site, "/sessions/draft-idea")).await), "published");
    }

    async fn what_is_referred_to_stays(site) {
        let olga = site.organiser().await;
        olga.delete(&path(site, "/rooms/library")).await.expect_problem(409, "still_referenced");
        olga.get(&path(site, "/rooms/library")).await.expect(200);
    }

    async fn a_slug_is_taken_once(site) {
        let olga = site.organiser().await;
        let body = json!({ "slug": "prevention", "title": { "en": "Again" } });
        olga.post(&path(site, "/tracks"), &body).await.expect_problem(409, "slug_taken");
    }

    async fn only_organisers_of_the_event_write(site) {
        let body = json!({ "slug": "x", "title": { "en": "X" } });
        site.anonymous().post(&path(site, "/tracks"), &body).await.expect_problem(401, "unauthenticated");
        for name in ["ana", "sol", "otto"] {
            let actor = site.sign_in(name).await;
            actor.post(&path(site, "/tracks"), &body).await.expect_problem(403, "forbidden");
            actor.patch(&path(site, "/sessions/visit"), &json!({ "seats": 1 })).await.expect_problem(403, "forbidden");
            actor.delete(&path(site, "/tracks/prevention")).await.expect_problem(403, "forbidden");
        }
        assert_eq!(slugs(&site.anonymous().get(&path(site, "/tracks")).await.json()), ["prevention"]);
    }

    async fn a_preview_tells_what_would_happen_and_changes_nothing(site) {
        let olga = site.organiser().await;
        let close = json!({ "from": "2018-11-26T17:00:00-03:00", "to": "2018-11-26T20:00:00-03:00" });
        let before = olga.get(&path(site, "/rooms/library")).await.expect(200);
        let preview = olga.post(&path(site, "/rooms/library/close?preview=true"), &close).await.expect(200).json();
        assert!(preview.to_string().contains(&site.week.id("reality").to_string()), "{preview}");
        assert_eq!(olga.get(&path(site, "/rooms/library")).await.body, before.body);
    }

    async fn findings_come_in_pages_in_one_order(site) {
        let (olga, target) = (site.organiser().await, path(site, "/findings"));
        let whole = olga.get(&target).await.expect(200).json();
        assert!(whole["items"].as_array().unwrap().len() > 4 && whole.get("next").is_none(), "{whole}");
        assert_eq!(json!(olga.list_by_pages(&target, 2).await), whole["items"]);
        olga.get(&format!("{target}?limit=0")).await.expect_problem(400, "invalid_request");
        site.sign_in("otto").await.get(&target).await.expect_problem(403, "forbidden");
    }

    async fn every_change_is_in_the_audit_log_with_who_before_and_after(site) {
        let olga = site.organiser().await;
        olga.patch(&path(site, "/sessions/visit"), &json!({ "seats": 40 })).await.expect(200);
        let log = olga.get(&path(site, "/audit")).await.expect(200).json();
        let line = log["items"].as_array().unwrap().iter().find(|line| line["operation"] == "record.patch").unwrap();
        let text = line.to_string();
        assert!(text.contains(&olga.account().to_string()) && text.contains(&olga.device().to_string()), "{text}");
        assert_eq!((line["before"].get("seats"), &line["after"]["seats"]), (None, &json!(40)));
        for name in ["ana", "otto"] {
            site.sign_in(name).await.get(&path(site, "/audit")).await.expect_problem(403, "forbidden");
        }
    }

    async fn a_file_that_is_no_yaml_by_its_type_is_refused(site) {
        let (olga, target) = (site.organiser().await, path(site, "/import?preview=true"));
        let file = olga.get(&path(site, "/export")).await.expect(200).text().to_owned();
        let import = async |headers: &[(&str, &str)]| {
            olga.send_bytes((Method::POST, &target), headers, file.clone().into_bytes()).await
        };
        for given in ["application/yaml; charset=utf-8", "Text/YAML", "application/x-yaml", "application/json"] {
            import(&[("content-type", given)]).await.expect(200);
        }
        for given in ["text/csv", "application/x-www-form-urlencoded", ""] {
            import(&[("content-type", given)]).await.expect_problem(415, "unsupported_media_type");
        }
    }

    async fn an_import_under_a_key_is_done_once(site) {
        let (olga, target, key) = (site.organiser().await, path(site, "/import"), Uuid::new_v4().to_string());
        let file = olga.get(&path(site, "/export")).await.expect(200).text().to_owned();
        let other = file.replace("Cinema", "Picture house");
        assert_ne!(file, other);
        let import = async |text: &str| {
            let headers = [("content-type", "application/yaml"), ("idempotency-key", key.as_str())];
            olga.send_bytes((Method::POST, &target), &headers, text.as_bytes().to_vec()).await
        };
        let first = import(&other).await.expect(200);
        assert_eq!(first.json()["changed"], json!([{ "collection": "rooms", "slug": "cinema" }]));
        olga.patch(&path(site, "/rooms/cinema"), &json!({ "name": { "en": "Theatre" } })).await.expect(200);
        let again = import(&other).await.expect(200);
        assert_eq!((again.json(), again.header("idempotency-replayed")), (first.json(), "true"));
        let cinema = olga.get(&path(site, "/rooms/cinema")).await.expect(200).json();
        assert_eq!(cinema["name"]["en"], "Theatre", "what came after the first import stays");
        import(&file).await.expect_problem(422, "id_reused");
    }

    async fn an_import_keeps_the_categories_and_delegations_that_people_are_registered_under(site) {
        let olga = site.organiser().await;
        let file = olga.get(&path(site, "/export")).await.expect(200).text().to_owned();
        let make = async |collection: &str, slug: &str, field: &str| {
            let body = json!({ "slug": slug, field: { "en": slug } });
            olga.post(&path(site, &format!("/{collection}")), &body).await.expect(201).json()["id"].clone()
        };
        let (category, delegation) = (make("categories", "delegate", "title").await, make("delegations", "peru", "name").await);
        let of_part = make("categories", "speaker", "title").await;
        make("categories", "spare", "title").await;
        make("delegations", "chile", "name").await;
        let person = json!({ "category": category, "delegation": delegation, "name": "Rosa Quispe",
            "part_categories": [{ "part": site.week.id("clinic"), "category": of_part }] });
        olga.post(&path(site, "/registrations"), &person).await.expect(201);
        let import = async |query: &str| {
            let target = path(site, &format!("/import{query}"));
            olga.send_bytes((Method::POST, &target), &[("content-type", "application/yaml")], file.clone().into_bytes()).await.expect(200).json()
        };
        let named = |categories: &[&str], delegation: &str| {
            let mut records: Vec<Value> = categories.iter().map(|slug| json!({ "collection": "categories", "slug": slug })).collect();
            records.push(json!({ "collection": "delegations", "slug": delegation }));
            Value::Array(records)
        };
        for query in ["?preview=true", ""] {
            let told = import(query).await;
            assert_eq!(sorted(&told["kept"]), named(&["delegate", "speaker"], "peru"), "{query}");
            assert_eq!(sorted(&told["removed"]), named(&["spare"], "chile"), "{query}");
        }
        olga.get(&path(site, "/delegations/chile")).await.expect_problem(404, "not_found");
        olga.get(&path(site, "/delegations/peru")).await.expect(200);
        let again = import("").await;
        assert_eq!((&again["removed"], again["kept"].as_array().map(Vec::len)), (&json!([]), Some(3)));
    }

    async fn the_preview_of_an_import_tells_the_refusal_that_the_import_would_meet(site) {
        let olga = site.organiser().await;
        let file = olga.get(&path(site, "/export")).await.expect(200).text().replace("slug: week-2018", "slug: other-2018");
        for query in ["?preview=true", ""] {
            let target = path(site, &format!("/import{query}"));
            let told = olga.send_bytes((Method::POST, &target), &[("content-type", "application/yaml")], file.clone().into_bytes()).await;
            let problem = told.expect_problem(409, "slug_taken").json();
            assert_eq!((&problem["field"], &problem["detail"]), (&json!("/slug"), &json!("The slug other-2018 is taken.")));
        }
    }

    async fn the_preview_of_an_import_tells_what_people_lose_by_what_goes(site) {
        let olga = site.organiser().await;
        let file = olga.get(&path(site, "/export")).await.expect(200).text().to_owned();
        let preview = async || {
            let target = path(site, "/import?preview=true&allow_removals=true");
            olga.send_bytes((Method::POST, &target), &[("content-type", "application/yaml")], file.clone().into_bytes()).await.expect(200).json()
        };
        assert_eq!(preview().await["ends"], json!({ "people": 0, "records": [] }));
        let make = async |slug: &str, more: Value| {
            let mut body = json!({ "slug": slug, "kind": "session", "title": { "en": slug }, "state": "published",
                "starts_at": "2018-11-28T12:00:00-03:00", "ends_at": "2018-11-28T13:00:00-03:00" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            olga.post(&path(site, "/sessions"), &body).await.expect(201).json()["id"].clone()
        };
        make("late-visit", json!({ "seats": 1 })).await;
        let dinner = make("late-dinner", json!({ "admission": { "policy": "by_invitation", "visibility": "hidden" } })).await;
        confirm(site, &["ana", "bruno"]).await;
        for who in ["ana", "bruno"] {
            let seat = path(site, &format!("/attendees/{}/sign-ups/late-visit", site.week.attendee(who)));
            olga.put(&seat, &json!({})).await.expect(200);
        }
        let invite = json!({ "attendee": site.week.attendee("ana"), "collection": "sessions", "object": dinner });
        olga.post(&path(site, "/invitations"), &invite).await.expect(201);
        let person = olga.post(&path(site, "/people"), &json!({ "slug": "a-poet", "name": "A Poet" })).await.expect(201).json()["id"].clone();
        let talk = make("late-talk", json!({ "people": [{ "person": person, "role": "moderator" }] })).await;
        let mut phone = site.device("carla").await;
        phone.sync().await;
        phone.star(site.week.attendee("carla"), talk.as_str().unwrap().parse().unwrap(), true);
        phone.sync().await;
        let duty = json!({ "attendee": site.week.attendee("bruno"), "kind": "sound", "collection": "sessions", "object": talk });
        olga.post(&path(site, "/duties"), &duty).await.expect(201);
        let told = preview().await["ends"].clone();
        assert_eq!(told["people"], 4, "ana and bruno lose two things, carla a star, and the poet is no attendee");
        assert_eq!(sorted(&told["records"]), json!([
            { "collection": "sessions", "slug": "late-dinner", "sign_ups": 0, "invitations": 1, "favourites": 0, "speakers": 0, "duties": 0 },
            { "collection": "sessions", "slug": "late-talk", "sign_ups": 0, "invitations": 0, "favourites": 1, "speakers": 1, "duties": 1 },
            { "collection": "sessions", "slug": "late-visit", "sign_ups": 2, "invitations": 0, "favourites": 0, "speakers": 0, "duties": 0 },
        ]));
        let target = path(site, "/import?allow_removals=true");
        let done = olga.send_bytes((Method::POST, &target), &[("content-type", "application/yaml")], file.clone().into_bytes()).await;
        assert_eq!(done.expect(200).json().get("ends"), None, "what is done is no preview");
    }

    async fn an_exported_programme_imports_as_no_change(site) {
        let olga = site.organiser().await;
        let file = olga.get(&path(site, "/export")).await.expect(200);
        let head = |site: &Site| site.node.app().events.find(site.week.event).unwrap().read().head;
        let before = head(site);
        let headers = [("content-type", "application/yaml")];
        let target = path(site, "/import");
        olga.send_bytes((Method::POST, &target), &headers, file.body.to_vec()).await.expect(200);
        assert_eq!(head(site), before);
        assert_eq!(olga.get(&path(site, "/export")).await.expect(200).body, file.body);
    }
}
