//! Coaches: who is in which, who is missing, and the way back.

use serde_json::{Value, json};

use crate::check_in::cast::{check, guests, reason};
use crate::enrolment::cast::{area, path};
use crate::harness::Site;

/// Makes a transfer; its id.
async fn transfer(site: &Site, slug: &str) -> String {
    let body = json!({ "slug": slug, "title": { "en": slug }, "kind": "transfer", "state": "published",
        "starts_at": "2018-11-26T11:00:00Z", "ends_at": "2018-11-26T12:00:00Z" });
    let made = site.organiser().await.post(&path(site, "/sessions"), &body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

/// Makes a coach of a transfer with so many seats, and its door; the door's id.
async fn coach(site: &Site, (slug, session, area): (&str, &str, &str), seats: u32) -> String {
    let olga = site.organiser().await;
    let vehicle = json!({ "slug": slug, "name": { "en": slug }, "session": session, "seats": seats });
    let vehicle = olga.post(&path(site, "/vehicles"), &vehicle).await.expect(201).json();
    let door = json!({ "slug": format!("{slug}-door"), "name": { "en": slug }, "kind": "bus", "area": area,
        "vehicle": vehicle["id"] });
    let door = olga.post(&path(site, "/checkpoints"), &door).await.expect(201).json();
    door["id"].as_str().unwrap().to_owned()
}

async fn report(site: &Site, session: &str) -> Value {
    let at = path(site, &format!("/check-in/boarding?session={session}"));
    site.organiser().await.get(&at).await.expect(200).json()
}

fn aboard(report: &Value) -> Vec<u64> {
    report["vehicles"].as_array().unwrap().iter().map(|one| one["boarded"].as_u64().unwrap()).collect()
}

on_both! {
    async fn coaches_fill_up_name_who_is_missing_and_await_the_same_people_back(site) {
        let (people, olga) = (guests(site, 3).await, site.organiser().await);
        let (out, back) = (transfer(site, "to-the-mine").await, transfer(site, "from-the-mine").await);
        let there = area(site, "there", json!({ "session": out, "rule": "once" })).await;
        let one = coach(site, ("coach-1", &out, &there), 1).await;
        let two = coach(site, ("coach-2", &out, &there), 45).await;
        let home = area(site, "home", json!({ "session": back, "rule": "once", "way_back_of": there })).await;
        let last = coach(site, ("coach-3", &back, &home), 45).await;
        let say = |door: &str, place: usize| {
            let (door, code, olga) = (door.to_owned(), people[place].code.clone(), &olga);
            async move { check(site, olga, &door, json!({ "code": code })).await }
        };
        assert_eq!(reason(&say(&one, 0).await), "admitted");
        let full = say(&one, 1).await;
        assert_eq!((reason(&full), &full["verdict"]["limit"]), ("full", &json!({ "of": "vehicle", "inside": 1, "at_most": 1 })));
        assert_eq!(reason(&say(&two, 1).await), "admitted");
        assert_eq!(reason(&say(&two, 0).await), "already_used", "they sit in the other coach");
        let told = report(site, &out).await;
        assert_eq!((aboard(&told), &told["boarded"]), (vec![1, 1], &json!(2)));
        let missing: Vec<&Value> = told["missing"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert!(missing.contains(&&json!("Guest 0002")) && !missing.contains(&&json!("Guest 0000")), "{missing:?}");
        // Only those are awaited who came.
        let told = report(site, &back).await;
        assert_eq!((&told["expected"], &told["boarded"]), (&json!(2), &json!(0)));
        assert_eq!(reason(&say(&last, 0).await), "admitted");
        let told = report(site, "from-the-mine").await;
        assert_eq!((aboard(&told), told["missing"].as_array().unwrap().len()), (vec![1], 1));
        assert_eq!(told["missing"][0]["name"], "Guest 0001");
        site.sign_in("ana").await.get(&path(site, "/check-in/boarding?session=to-the-mine")).await.expect(404);
    }
}
