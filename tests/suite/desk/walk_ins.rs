//! People who walk in at a desk.

use serde_json::json;

use super::cast::{Desk, admitted};
use crate::enrolment::cast::{area, checkpoint, path};
use crate::people::cast::{category, move_to};

on_both! {
    async fn a_desk_registers_who_walks_in_with_the_cable_out_and_every_door_takes_the_badge(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "visitors", json!({ "enrolment": "automatic" })).await;
        category(site, "ministers", json!({})).await;
        let desk = Desk::enrol(site, "full", &door).await;
        // It was enrolled, and has had no network since.
        let other = Desk::enrol(site, "door", &door).await;
        let said = desk.says(&[":categories", ":walk-in Ana Soto / ministers", ":walk-in José Núñez / visitors / jose@example.org"]);
        assert_eq!(said[..2], ["Categories: visitors.".to_owned(), "Categories: visitors.".to_owned()]);
        assert_eq!(said[2], "Registered: José Núñez.");
        let here = desk.says(&[":find nunez", ":badges 1", &said[3]]);
        assert_eq!(here[0], "1. José Núñez", "the desk finds whom the server has not heard of");
        assert!(here[1].contains("provisional"), "{here:?}");
        assert!(here[2].starts_with("YES ") && here[2].contains("José Núñez"), "{here:?}");
        let let_in = other.says(&[&said[3], &said[3]]);
        assert!(let_in.iter().all(|line| line.starts_with("YES ")), "{let_in:?}");
        desk.sync().await;
        other.sync().await;
        assert_eq!(admitted(site).await, 3, "every scan is kept");
        let said = desk.says(&[":find nunez", ":take 1"]);
        assert!(said[0].contains("José Núñez") && said[1].starts_with("YES "), "{said:?}");
    }

    async fn somebody_who_walked_in_is_taken_by_name_before_the_server_has_heard_of_them(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "visitors", json!({ "enrolment": "automatic" })).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[":walk-in José Núñez / visitors", ":find jose", ":take 1", ":note 1 Ask for the letter."]);
        assert!(said[3].starts_with("YES ") && said[3].contains("José Núñez"), "{said:?}");
        desk.sync().await;
        let said = desk.says(&[":find jose", ":take 1", ":refused"]);
        assert!(said[1].contains("Ask for the letter."), "{said:?}");
        assert_eq!(said[2], "Nothing was refused.");
    }

    async fn whoever_walks_in_where_an_organiser_approves_has_a_badge_that_says_so(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "press", json!({ "enrolment": "on_approval" })).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let other = Desk::enrol(site, "door", &door).await;
        let said = desk.says(&[":walk-in Ana Soto / press", ":find soto", ":take 1"]);
        assert_eq!(said[0], "Registered: Ana Soto. The badge lets nobody in before an organiser approves.");
        assert!(said[3].starts_with("NO "), "{said:?}");
        assert!(other.says(&[&said[1]])[0].starts_with("NO "), "{said:?}");
        desk.sync().await;
        let olga = site.organiser().await;
        let found = olga.post(&path(site, "/registrations/search"), &json!({ "text": "soto" })).await.expect(200).json();
        let attendee = found["items"][0]["attendee"].as_str().unwrap();
        move_to(site, &olga, attendee, "confirmed").await.expect(200);
        other.sync().await;
        assert!(other.says(&[&said[1]])[0].starts_with("YES "), "approved meanwhile");
    }

    async fn a_desk_whose_key_was_revoked_signs_with_another_one(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        category(site, "visitors", json!({ "enrolment": "automatic" })).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let other = Desk::enrol(site, "door", &door).await;
        let before = desk.says(&[":walk-in Ana Soto / visitors"]);
        assert!(other.says(&[&before[1]])[0].starts_with("YES "));
        let olga = site.organiser().await;
        olga.post(&path(site, "/badge-keys/128/revoke"), &json!({})).await.expect(200);
        desk.sync().await;
        assert!(desk.says(&[":walk-in Eva Ruiz / visitors"])[0].starts_with("This desk has no key"));
        desk.sync().await;
        let after = desk.says(&[":find ana", ":walk-in Eva Ruiz / visitors"]);
        assert_eq!(after[..2], ["1. Ana Soto [walk-in; not confirmed yet]".to_owned(), "Registered: Eva Ruiz.".to_owned()]);
        other.sync().await;
        let told = other.says(&[&before[1], &after[2]]);
        assert!(told[0].starts_with("NO ") && told[1].starts_with("YES "), "{told:?}");
    }
}
