//! Liaison officers who are no attendees: whom it concerns and who has no inbox.

use std::collections::BTreeSet;

use cumbre::database::Connection;
use cumbre::database::schema::accounts;
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::json;
use shared::programme::DelegationDuty;

use super::cast::{address, after_the_pause, move_session, newest_dispatch, path, phone_that_stars, work};
use super::pushing::{mails_settled, prefer, register, settled};
use crate::harness::{Actor, Mood, PushService, SECRETS, Site};
use crate::people::cast::{category, delegation, on_duty, put};

/// A delegation to which Carla belongs.
async fn chile_with_carla(site: &Site, olga: &Actor) -> String {
    let delegates = category(site, "delegates", json!({})).await;
    let chile = delegation(site, "chile", json!({})).await;
    let carla = json!({ "category": delegates, "delegation": chile });
    put(site, olga, site.week.attendee("carla"), carla).await.expect(200);
    chile
}

on_both! {
    async fn a_liaison_officer_who_is_no_attendee_is_told_by_mail_what_everybody_may_read(site) {
        let olga = site.organiser().await;
        let delegates = category(site, "delegates", json!({})).await;
        let (chile, peru) = (delegation(site, "chile", json!({})).await, delegation(site, "peru", json!({})).await);
        put(site, &olga, site.week.attendee("carla"), json!({ "category": delegates, "delegation": chile })).await.expect(200);
        on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        on_duty(site, "paz", (&peru, DelegationDuty::Liaison)).await;
        on_duty(site, "fay", (&chile, DelegationDuty::FocalPoint)).await;
        let mut phone = phone_that_stars(site, "carla", "reality").await;
        phone.sync().await;
        let before = site.post.letters().len();
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let letters = site.post.wait_for(before + 3).await;
        let outside: Vec<_> = letters[before..].iter().filter(|letter| letter.to != "carla@example.org").collect();
        assert_eq!(outside.len(), 1, "{outside:?}");
        assert_eq!((outside[0].to.as_str(), outside[0].subject.as_str()), ("lia@example.org", "New room: The Internal Reality"));
        assert!(!SECRETS.iter().any(|secret| outside[0].plain.contains(secret)));
        // She counts among those who are to be told, and was.
        mails_settled(site).await;
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!((&dispatch["reach"]["people"], &dispatch["reach"]["by_channel"]["mail"]), (&json!(2), &json!(2)), "{dispatch}");
        let people = olga.get(&address(site, &dispatch, "/people")).await.expect(200).json();
        let lia = people["items"].as_array().unwrap().iter().find(|one| one["name"] == "lia").unwrap_or_else(|| panic!("{people}"));
        assert_eq!((&lia["channel"], &lia["reasons"], lia.get("attendee")), (&json!("mail"), &json!(["liaison"]), None));
    }

    async fn a_liaison_officer_who_is_no_attendee_hears_of_it_on_their_phone(site) {
        let olga = site.organiser().await;
        let keys = site.anonymous().get("/v1/push/keys").await.expect(200).json();
        let service = PushService::open(&site.clock, keys["web_push"].as_str().unwrap()).await;
        let chile = chile_with_carla(site, &olga).await;
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        register(&lia, &service.subscribe("lia")).await.expect(200);
        phone_that_stars(site, "carla", "reality").await;
        move_session(site, &olga, "quiet-lunch", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        assert_eq!(settled(site).await, [], "of what carla is invited to she may not hear");
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let pushed = service.wait_for(1).await.remove(0);
        assert_eq!((&pushed.says["title"], &pushed.says["kind"]), (&json!("New room: The Internal Reality"), &json!("room")));
        assert_eq!((pushed.browser.as_str(), pushed.says.get("notice")), ("lia", None), "there is no inbox of hers");
        assert_eq!(settled(site).await, [("accepted".to_owned(), 1)]);
        mails_settled(site).await;
        let devices = &newest_dispatch(site, &olga).await["reach"]["devices"];
        let known = json!({ "concerned": 1, "sent": 1, "accepted": 1, "holding": 0, "failed": 0, "unheard": 0 });
        assert_eq!(*devices, known, "her phone holds no notice, and will never say that it does");
        prefer(&lia, json!({ "default": "off" })).await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("patio") })).await;
        after_the_pause(site).await;
        mails_settled(site).await;
        assert_eq!(settled(site).await.len(), 1, "she chose so, and has a mail");
    }

    async fn a_liaison_officer_without_an_address_is_told_by_a_human(site) {
        let olga = site.organiser().await;
        let chile = chile_with_carla(site, &olga).await;
        let lia = on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await.account();
        let id = lia.to_string();
        let write = move |c: &mut Connection| {
            on!(c, |c| diesel::update(accounts::table.find(&id)).set(accounts::email.eq(None::<String>)).execute(c))
        };
        site.node.app().writer.system(write).await.unwrap();
        phone_that_stars(site, "carla", "reality").await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        mails_settled(site).await;
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!((&dispatch["reach"]["people"], &dispatch["reach"]["not_told"]), (&json!(2), &json!(1)));
        let untold = olga.get(&address(site, &dispatch, "/people?told=false")).await.expect(200).json();
        let items = untold["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["account"]), (1, &json!(lia)), "{untold}");
        let told = address(site, &dispatch, &format!("/people/{lia}/told"));
        let person = olga.post(&told, &json!({ "note": "By telephone" })).await.expect(200).json();
        assert_eq!((&person["channel"], &person["by_hand"]["note"]), (&json!("by_hand"), &json!("By telephone")));
        let reach = newest_dispatch(site, &olga).await["reach"].clone();
        assert_eq!((&reach["not_told"], &reach["by_hand"], &reach["must_still_be_told"]), (&json!(0), &json!(1), &json!(0)));
        let nobody = address(site, &dispatch, &format!("/people/{}/told", uuid::Uuid::new_v4()));
        olga.post(&nobody, &json!({})).await.expect_problem(404, "not_found");
    }

    async fn an_officer_hears_no_message_to_those_of_what_not_everybody_may_read(site) {
        let olga = site.organiser().await;
        let chile = chile_with_carla(site, &olga).await;
        on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        phone_that_stars(site, "carla", "reality").await;
        let announce = |title: &'static str, session: &'static str, about: Option<&'static str>| {
            let texts = json!({ "en": { "title": title, "text": "Come to the door." } });
            let mut body = json!({ "texts": texts, "audience": { "sessions": [site.week.id(session)] } });
            if let Some(about) = about {
                body["session"] = json!(site.week.id(about));
            }
            body
        };
        for message in [
            announce("To those of the lunch", "quiet-lunch", None),
            announce("About the lunch", "reality", Some("quiet-lunch")),
            announce("To those of the reality", "reality", None),
            announce("About the reality", "reality", Some("reality")),
        ] {
            olga.post(&path(site, "/announcements"), &message).await.expect(201);
        }
        work(site).await;
        mails_settled(site).await;
        let hers = site.post.letters().into_iter().filter(|letter| letter.to == "lia@example.org");
        let titles: BTreeSet<String> = hers.map(|letter| letter.subject).collect();
        assert_eq!(titles, BTreeSet::from(["To those of the reality", "About the reality"].map(str::to_owned)));
    }

    async fn an_officer_who_was_not_told_is_told_when_it_is_sent_again(site) {
        let olga = site.organiser().await;
        let chile = chile_with_carla(site, &olga).await;
        on_duty(site, "lia", (&chile, DelegationDuty::Liaison)).await;
        phone_that_stars(site, "carla", "reality").await;
        mails_settled(site).await;
        site.post.expect_moods(&[Mood::Refuse("550 no"), Mood::Refuse("550 no")]);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        mails_settled(site).await;
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!(dispatch["reach"]["not_told"], 2);
        let again = olga.post(&address(site, &dispatch, "/resend"), &json!({})).await.expect(202).json();
        assert_eq!(again["count"], 2);
        work(site).await;
        mails_settled(site).await;
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["by_channel"], json!({ "mail": 2 }));
        let letters = site.post.letters();
        let hers: Vec<&str> = letters.iter().filter(|one| one.to == "lia@example.org").map(|one| one.subject.as_str()).collect();
        assert_eq!(hers, ["New room: The Internal Reality"]);
    }

    async fn whoever_looks_after_a_delegation_is_called_at_the_number_given_for_that_as_long_as_they_do(site) {
        let olga = site.organiser().await;
        let chile = chile_with_carla(site, &olga).await;
        let duties = path(site, &format!("/delegations/{chile}/duties"));
        let mut lia = json!({ "email": "lia@example.org", "name": "Lia", "duty": "liaison", "phone": "0142" });
        let problem = olga.post(&duties, &lia).await.expect_problem(422, "invalid_value").json();
        assert_eq!(problem["field"], "/phone");
        lia["phone"] = json!("+56 9 5555 0142");
        let account = olga.post(&duties, &lia).await.expect(200).json()["account"].clone();
        lia.as_object_mut().unwrap().remove("phone");
        olga.post(&duties, &lia).await.expect(200);
        assert_eq!(olga.get(&duties).await.expect(200).json()["items"][0]["phone"], "+56 9 5555 0142");
        phone_that_stars(site, "carla", "reality").await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        let dispatch = newest_dispatch(site, &olga).await;
        let people = olga.get(&address(site, &dispatch, "/people")).await.expect(200).json();
        let called = json!([{ "name": "Lia", "phone": "+56 9 5555 0142", "email": "lia@example.org" }]);
        for person in people["items"].as_array().unwrap() {
            assert_eq!(person["liaison"], called, "she is called for carla, and for herself");
        }
        let account = account.as_str().unwrap();
        olga.delete(&format!("{duties}/{account}/liaison")).await.expect(204);
        olga.post(&duties, &lia).await.expect(200);
        assert_eq!(olga.get(&duties).await.expect(200).json()["items"][0].get("phone"), None, "it went with the duty");
    }
}
