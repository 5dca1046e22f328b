//! `GET …/attendees/{attendee}/data` and `/v1/account/data`: what is held about somebody.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::zoraida::{WORDS, Zoraida, path};
use crate::harness::{Actor, Site};

async fn operations(olga: &Actor, site: &Site, record: impl ToString) -> Vec<Value> {
    let audit = path(site, &format!("/audit?record={}", record.to_string()));
    let lines = olga.get(&audit).await.expect(200).json();
    lines["items"].as_array().unwrap().iter().map(|line| line["operation"].clone()).collect()
}

on_both! {
    async fn a_person_reads_everything_that_is_held_about_them(site) {
        let zoraida = Zoraida::come(site).await;
        let data = zoraida.actor().get(&zoraida.path(site, "/data")).await.expect(200);
        for word in WORDS {
            assert!(data.text().contains(word), "{word} is missing in {}", data.text());
        }
        let data = data.json();
        assert_eq!(data["attendee"]["name"], "Zoraida Quintanilla");
        assert_eq!(data["registration"]["category_title"], json!({ "en": "Delegate", "es": "Delegada" }));
        let diet = data["answers"].as_array().unwrap().iter().find(|answer| answer["key"] == "diet").unwrap();
        assert_eq!((&diet["purpose"]["en"], &diet["kept_until"]), (&json!("For the caterer"), &json!("2018-12-07")));
        assert_eq!((&data["consents"][0]["consent"], &data["consents"][0]["version"]), (&json!("photos"), &json!(2)));
        assert_eq!(data["favourites"][0]["title"]["en"], "Visit to a police station");
        assert_eq!(data["people"][0]["slug"], "alba");
        assert_eq!((&data["duties"][0]["kind"], &data["duties"][0]["title"]["en"]), (&json!("usher"), &json!("Visit to a police station")));
        let choices = json!([{ "kind": "seat", "is_off": true }, { "kind": "starred", "is_off": false, "minutes": 30 }]);
        assert_eq!(data["reminder_choices"], choices);
        let rides = json!({ "place": { "en": "Station", "es": "Comisaría" } });
        assert_eq!((&data["vehicles"][0]["name"]["en"], &data["vehicles"][0]["stop"]), (&json!("Coach 3"), &rides));
        assert!(!data["vehicles"].to_string().contains(&site.week.attendee("bruno").to_string()));
        let relations: BTreeSet<_> =
            data["accounts"].as_array().unwrap().iter().map(|account| account["relation"].as_str().unwrap()).collect();
        assert_eq!(relations, BTreeSet::from(["self", "assistant"]));
        assert!(!data.to_string().contains("hash of a secret"));
    }

    async fn only_the_person_and_organisers_read_it_and_an_organisers_reading_is_kept(site) {
        let zoraida = Zoraida::come(site).await;
        let olga = site.organiser().await;
        for rest in ["/data", "/data.html"] {
            let address = zoraida.path(site, rest);
            site.anonymous().get(&address).await.expect_problem(401, "unauthenticated");
            site.sign_in("sol").await.get(&address).await.expect_problem(403, "forbidden");
            for stranger in ["bruno", "otto"] {
                site.sign_in(stranger).await.get(&address).await.expect_problem(404, "not_found");
            }
            let nobody = path(site, &format!("/attendees/{}{rest}", uuid::Uuid::new_v4()));
            olga.get(&nobody).await.expect_problem(404, "not_found");
        }
        zoraida.actor().get(&zoraida.path(site, "/data")).await.expect(200);
        assert!(!operations(&olga, site, zoraida.attendee).await.contains(&json!("attendee.read")));
        let read = olga.get(&zoraida.path(site, "/data")).await.expect(200).json();
        assert_eq!(operations(&olga, site, zoraida.attendee).await[0], "attendee.read");
        let noted = read["audit"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&noted["operation"], &noted["account"]), (&json!("attendee.read"), &json!(olga.account())));
    }

    async fn what_an_organiser_did_to_others_is_told_to_them_without_the_others_data(site) {
        let (olga, zoraida) = (site.organiser().await, Zoraida::come(site).await);
        let body = json!({ "name": "Olga Organisadora" });
        let made = olga.post(&path(site, "/attendees"), &body).await.expect(201).json();
        let own = path(site, &format!("/attendees/{}/accounts/{}", made["id"].as_str().unwrap(), olga.account()));
        olga.send((reqwest::Method::PUT, &own), &[], &json!({ "relation": "self" })).await.expect(200);
        let data = olga.get(&path(site, &format!("/attendees/{}/data", made["id"].as_str().unwrap()))).await.expect(200);
        assert!(data.text().contains("Olga Organisadora") && !data.text().contains("Quintanilla"), "{}", data.text());
        let lines = data.json()["audit"].clone();
        let made = lines.as_array().unwrap().iter().find(|line| line["id"] == json!(zoraida.attendee)).unwrap();
        assert_eq!((&made["operation"], made.get("after")), (&json!("attendee.create"), None));
    }

    async fn long_lists_go_on_in_the_next_document_and_nothing_is_told_twice(site) {
        let zoraida = Zoraida::come(site).await;
        let (actor, address) = (zoraida.actor(), zoraida.path(site, "/data"));
        let whole = actor.get(&address).await.expect(200).json();
        let mut page = actor.get(&format!("{address}?limit=1")).await.expect(200).json();
        assert_eq!(page["attendee"], whole["attendee"]);
        let mut lines: Vec<Value> = page["audit"].as_array().unwrap().clone();
        while let Some(cursor) = page["next"].as_str() {
            page = actor.get(&format!("{address}?limit=1&cursor={cursor}")).await.expect(200).json();
            assert_eq!(page.get("attendee"), None, "facts are in the first document");
            lines.extend(page["audit"].as_array().unwrap().clone());
        }
        assert_eq!(Value::from(lines), whole["audit"]);
        actor.get(&format!("{address}?cursor=AAAA")).await.expect_problem(400, "invalid_request");
        actor.get(&format!("{address}?limit=501")).await.expect_problem(400, "invalid_request");
    }

    async fn the_page_says_the_same_in_the_persons_language_and_runs_nothing(site) {
        let mut zoraida = Zoraida::come(site).await;
        zoraida.phone.write_note(zoraida.attendee, uuid::Uuid::new_v4(), "<script>alert(1)</script><img src=x>");
        zoraida.phone.sync().await;
        let (actor, address) = (zoraida.actor(), zoraida.path(site, "/data"));
        let page = actor.get_with(&address, &[("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")]).await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("content-language"), "es", "she reads Spanish");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
        let text = page.text();
        assert!(text.contains("&lt;script&gt;alert(1)") && !text.contains("<script") && !text.contains("<img"));
        for word in WORDS {
            let escaped = word.replace('\'', "&#39;");
            assert!(text.contains(&escaped), "{word} is missing");
        }
        for (language, heading) in [("en", "Starred sessions"), ("pt-BR", "Sessões favoritas"), ("fr", "Sessions favorites"), ("es", "Viaja en"), ("fr", "Rappels")] {
            let page = actor.get(&format!("{address}.html?language={language}")).await.expect(200);
            assert!(page.text().contains(heading), "{language}");
        }
        let french = actor.get_with(&format!("{address}.html"), &[("accept-language", "de, fr-CA;q=0.8, en;q=0.1")]).await;
        assert_eq!(french.expect(200).header("content-language"), "fr");
        assert!(actor.get(&address).await.expect(200).json().is_object(), "JSON unless a page is asked for");
    }

    async fn every_name_in_the_documents_has_a_heading_in_every_language(site) {
        let zoraida = Zoraida::come(site).await;
        let mut unnamed = BTreeSet::new();
        for address in [zoraida.path(site, "/data.html"), "/v1/account/data.html".to_owned()] {
            for language in ["en", "es", "pt", "fr"] {
                let page = zoraida.actor().get(&format!("{address}?language={language}")).await.expect(200).text();
                let headings = page.split("<h2>").skip(1).chain(page.split("<dt>").skip(1));
                let headings = headings.map(|rest| rest.split('<').next().unwrap_or_default().to_owned());
                unnamed.extend(headings.filter(|heading| !heading.starts_with(char::is_uppercase)));
            }
        }
        assert_eq!(unnamed, BTreeSet::new());
    }

    async fn an_account_reads_what_is_its_own_at_whichever_event(site) {
        let zoraida = Zoraida::come(site).await;
        let data = zoraida.actor().get("/v1/account/data").await.expect(200);
        assert!(data.text().contains("zoraida@quintanilla.example") && data.text().contains("Zoraida's phone"));
        let data = data.json();
        assert_eq!(data["attendees"][0]["attendee"], json!(zoraida.attendee));
        assert_eq!(data["mails"].as_array().unwrap().len(), 1);
        assert!(!data["results"].as_array().unwrap().is_empty());
        let olga = site.organiser().await.get("/v1/account/data").await.expect(200);
        assert_eq!(olga.json()["roles"][0]["role"], "organiser");
        assert!(!olga.text().contains("Quintanilla"), "what she did is told without whom she did it to");
        assert!(olga.json()["audit"].as_array().unwrap().iter().any(|line| line["id"] == json!(zoraida.attendee)));
        for address in ["/v1/account/data", "/v1/account/data.html"] {
            site.anonymous().get(address).await.expect_problem(401, "unauthenticated");
        }
    }
}
