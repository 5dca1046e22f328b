//! Messages of the organisers.

use cumbre::sync::change_log::{Role, Unit};
use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{newest_dispatch, nothing, notice, notices, path, work};
use super::pushing::{mails_settled, register, settled};
use crate::harness::{Actor, Mood, PushService, Site};

fn words(text: &str) -> Value {
    json!({ "en": { "title": "Lunch", "text": text }, "es": { "title": "Almuerzo", "text": text } })
}

async fn announce(site: &Site, olga: &Actor, fields: Value) -> Value {
    let mut body =
        json!({ "texts": words("On the terrace."), "audience": { "attendees": [site.week.attendee("bruno")] } });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    olga.post(&path(site, "/announcements"), &body).await.expect(201).json()
}

fn address(site: &Site, announcement: &Value, rest: &str) -> String {
    path(site, &format!("/announcements/{}{rest}", announcement["id"].as_str().unwrap()))
}

on_both! {
    async fn an_announcement_reaches_its_audience_at_its_time(site) {
        let olga = site.organiser().await;
        let (mut brunos, mut carlas) = (site.device("bruno").await, site.device("carla").await);
        let later = announce(site, &olga, json!({ "send_at": "2018-11-26T08:05:00-03:00", "asks_acknowledgement": true })).await;
        assert_eq!(later["state"], "scheduled");
        work(site).await;
        assert_eq!(notices(&mut brunos).await, []);
        site.clock.advance_ms(300_000);
        work(site).await;
        let (_, told) = notice(&mut brunos).await;
        assert_eq!((&told["kind"], &told["texts"], &told["asks_acknowledgement"]), (&json!("announcement"), &words("On the terrace."), &json!(true)));
        assert_eq!((&told["reasons"], notices(&mut carlas).await), (&json!(["audience"]), vec![]));
        let letters = site.post.wait_for(2).await;
        assert_eq!(letters[0].subject, "Almuerzo");
        let reach = newest_dispatch(site, &olga).await["reach"].clone();
        assert_eq!((&reach["people"], &reach["must_still_be_told"]), (&json!(1), &json!(1)), "who is asked stays on the list");
        for wrong in [json!({ "texts": {}, "audience": { "everybody": true } }), json!({ "texts": words("x"), "audience": {} })] {
            olga.post(&path(site, "/announcements"), &wrong).await.expect_problem(422, "invalid_value");
        }
        site.sign_in("bruno").await.post(&path(site, "/announcements"), &nothing()).await.expect_problem(403, "forbidden");
    }

    async fn what_is_out_is_corrected_and_withdrawn_in_every_inbox(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        let sent = announce(site, &olga, json!({})).await;
        work(site).await;
        let (id, _) = notice(&mut phone).await;
        phone.edit("notice.seen", Some(site.week.attendee("bruno")), json!({ "ids": [id] }));
        phone.sync().await;
        let patch = json!({ "texts": { "en": { "text": "In the patio." } } });
        let headers = [("content-type", "application/merge-patch+json")];
        olga.send((Method::PATCH, &address(site, &sent, "")), &headers, &patch).await.expect(200);
        let (_, told) = notice(&mut phone).await;
        assert_eq!((&told["texts"]["en"]["text"], &told["is_correction"]), (&json!("In the patio."), &json!(true)));
        assert_eq!(told.get("seen_at"), None);
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["seen"], 0);
        olga.post(&address(site, &sent, "/withdraw"), &nothing()).await.expect(200);
        let (_, told) = notice(&mut phone).await;
        let said = json!({ "en": { "title": "Withdrawn: Lunch", "text": "The organisers have withdrawn this message. What it said does not hold any more." },
            "es": { "title": "Retirado: Almuerzo", "text": "Los organizadores han retirado este mensaje. Lo que decía ya no es válido." } });
        assert_eq!((&told["is_withdrawn"], &told["texts"], told.get("seen_at")), (&json!(true), &said, None));
        olga.post(&address(site, &sent, "/withdraw"), &nothing()).await.expect_problem(409, "wrong_state");
    }

    async fn a_message_about_a_session_is_for_those_who_see_it(site) {
        let olga = site.organiser().await;
        let (mut brunos, mut carlas) = (site.device("bruno").await, site.device("carla").await);
        let audience = json!({ "attendees": [site.week.attendee("bruno"), site.week.attendee("carla")] });
        announce(site, &olga, json!({ "audience": audience, "session": site.week.id("quiet-lunch") })).await;
        work(site).await;
        let (_, told) = notice(&mut carlas).await;
        assert_eq!((&told["collection"], &told["id"]), (&json!("sessions"), &json!(site.week.id("quiet-lunch"))));
        assert_eq!(notices(&mut brunos).await, []);
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["people"], 1);
        mails_settled(site).await;
        let letters = site.post.letters();
        assert!(letters.len() == 1 && letters[0].to == "carla@example.org", "{letters:?}");
    }

    async fn what_was_known_of_the_words_before_says_nothing_of_a_correction(site) {
        let olga = site.organiser().await;
        let phone = site.device("bruno").await;
        let sent = announce(site, &olga, json!({ "asks_acknowledgement": true })).await;
        work(site).await;
        let bruno = site.week.attendee("bruno");
        let told = path(site, &format!("/dispatches/{}/people/{bruno}/told", sent["id"].as_str().unwrap()));
        olga.post(&told, &json!({ "note": "On the terrace" })).await.expect(200);
        mails_settled(site).await;
        let before = site.post.letters().len();
        assert_eq!(newest_dispatch(site, &olga).await["reach"]["by_hand"], 1);
        let patch = json!({ "texts": { "es": { "text": "En el patio." } } });
        let headers = [("content-type", "application/merge-patch+json")];
        olga.send((Method::PATCH, &address(site, &sent, "")), &headers, &patch).await.expect(200);
        let reach = newest_dispatch(site, &olga).await["reach"].clone();
        assert_eq!((&reach["by_hand"], &reach["told"], &reach["must_still_be_told"]), (&json!(0), &json!(0), &json!(1)));
        // Twice, before the first mail left.
        let resend = path(site, &format!("/dispatches/{}/resend", sent["id"].as_str().unwrap()));
        olga.post(&resend, &nothing()).await.expect(202);
        work(site).await;
        mails_settled(site).await;
        let letters = site.post.letters();
        assert!(letters[before..].iter().all(|letter| letter.plain.contains("En el patio.")), "{letters:?}");
        drop(phone);
    }

    async fn whoever_was_told_is_told_that_it_was_withdrawn_and_nobody_else(site) {
        let olga = site.organiser().await;
        let keys = site.anonymous().get("/v1/push/keys").await.expect(200).json();
        let service = PushService::open(&site.clock, keys["web_push"].as_str().unwrap()).await;
        register(&site.sign_in("bruno").await, &service.subscribe("bruno")).await.expect(200);
        site.post.expect_moods(&[Mood::Refuse("550 no"); 4]);
        let people: Vec<_> = ["ana", "bruno", "carla"].iter().map(|name| site.week.attendee(name)).collect();
        let sent = announce(site, &olga, json!({ "audience": { "attendees": people } })).await;
        work(site).await;
        settled(site).await;
        mails_settled(site).await;
        let by_hand = path(site, &format!("/dispatches/{}/people/{}/told", sent["id"].as_str().unwrap(), site.week.attendee("carla")));
        olga.post(&by_hand, &nothing()).await.expect(200);
        let before = site.post.letters().len();
        olga.post(&address(site, &sent, "/withdraw"), &nothing()).await.expect(200);
        let pushed = service.wait_for(2).await;
        assert_eq!((&pushed[1].says["title"], &pushed[1].says["tag"]), (&json!("Retirado: Almuerzo"), &pushed[0].says["tag"]), "in place of what it said");
        mails_settled(site).await;
        // Bruno's follows unless his phone has it; ana was never told, by mail nor by a device.
        let mut letters: Vec<_> = site.post.letters()[before..].iter().map(|letter| (letter.to.clone(), letter.subject.clone())).collect();
        let word = "Retirado: Almuerzo".to_owned();
        letters.sort();
        assert_eq!(letters, [("carla@example.org".to_owned(), word.clone()), ("sol@example.org".to_owned(), word)]);
        let reach = newest_dispatch(site, &olga).await["reach"].clone();
        assert_eq!((&reach["people"], &reach["by_channel"]), (&json!(2), &json!({ "mail": 2 })), "whether they know of that is what counts");
    }

    async fn what_is_sent_again_under_one_key_is_sent_once(site) {
        let olga = site.organiser().await;
        site.post.expect_moods(&[Mood::Refuse("550 no"); 2]);
        let sent = announce(site, &olga, json!({})).await;
        work(site).await;
        mails_settled(site).await;
        let resend = path(site, &format!("/dispatches/{}/resend", sent["id"].as_str().unwrap()));
        let key = [("idempotency-key", "0192f1aa-0000-7000-8000-000000000001")];
        for is_replayed in [false, true] {
            let answer = olga.send((Method::POST, &resend), &key, &nothing()).await.expect(202);
            assert_eq!((answer.json(), answer.header("idempotency-replayed") == "true"), (json!({ "count": 1 }), is_replayed));
            work(site).await;
            mails_settled(site).await;
            assert_eq!(site.post.letters().len(), 2, "to bruno, and to whoever acts for him");
        }
    }

    async fn an_announcement_to_somebody_who_is_no_attendee_is_refused_by_its_field(site) {
        let olga = site.organiser().await;
        let nobody = json!({ "texts": words("x"), "audience": { "attendees": [site.week.attendee("bruno"), uuid::Uuid::new_v4()] } });
        let problem = olga.post(&path(site, "/announcements"), &nobody).await.expect_problem(422, "unknown_reference").json();
        assert_eq!(problem["field"], "/audience/attendees");
        let many: Vec<_> = (0..501).map(|_| uuid::Uuid::new_v4()).collect();
        let body = json!({ "texts": words("x"), "audience": { "attendees": many } });
        let problem = olga.post(&path(site, "/announcements"), &body).await.expect_problem(413, "too_large").json();
        assert_eq!(problem["field"], "/audience/attendees");
        // Who was named before and is gone since keeps nobody from mending the words.
        let draft = announce(site, &olga, json!({ "is_draft": true })).await;
        olga.delete(&path(site, &format!("/attendees/{}", site.week.attendee("bruno")))).await.expect(204);
        let headers = [("content-type", "application/merge-patch+json")];
        let patch = json!({ "texts": { "en": { "text": "In the patio." } } });
        olga.send((Method::PATCH, &address(site, &draft, "")), &headers, &patch).await.expect(200);
    }

    async fn a_correction_of_what_is_quiet_is_mailed_to_nobody(site) {
        let olga = site.organiser().await;
        let sent = announce(site, &olga, json!({ "urgency": "quiet" })).await;
        work(site).await;
        let patch = json!({ "texts": { "en": { "text": "In the patio." } } });
        let headers = [("content-type", "application/merge-patch+json")];
        olga.send((Method::PATCH, &address(site, &sent, "")), &headers, &patch).await.expect(200);
        mails_settled(site).await;
        assert!(site.post.letters().is_empty(), "{:?}", site.post.letters());
    }

    async fn a_second_person_approves_what_needs_it(site) {
        let olga = site.organiser().await;
        let mut phone = site.device("bruno").await;
        let waiting = announce(site, &olga, json!({ "needs_approval": true })).await;
        assert_eq!(waiting["state"], "to_approve");
        work(site).await;
        assert_eq!(notices(&mut phone).await, []);
        let approve = address(site, &waiting, "/approve");
        olga.post(&approve, &nothing()).await.expect_problem(403, "forbidden");
        let (event, account) = (site.week.event, site.week.account("sol"));
        let give = move |unit: &mut Unit<'_>| {
            unit.group.set_role(account, Role::Protocol, true);
            Ok(())
        };
        site.node.app().writer.unit(event, give).await.unwrap();
        site.sign_in("ana").await.post(&approve, &nothing()).await.expect_problem(403, "forbidden");
        let approved = site.sign_in("sol").await.post(&approve, &nothing()).await.expect(200).json();
        assert_eq!(approved["approved_by"], json!(account));
        work(site).await;
        assert_eq!(notices(&mut phone).await.len(), 1);
    }
}
