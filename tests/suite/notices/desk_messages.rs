//! "Please come to desk 3."

use cumbre::sync::change_log::Role;
use serde_json::{Value, json};

use super::cast::{notice, notices, path};
use crate::enrolment::cast::door;
use crate::harness::{Actor, Answer, Site};
use crate::people::cast::with_role;

async fn send(site: &Site, by: &Actor, who: &str, message: Value) -> Answer {
    let target = path(site, &format!("/attendees/{}/messages", site.week.attendee(who)));
    by.post(&target, &json!({ "message": message })).await
}

on_both! {
    async fn a_desk_tells_one_person_something_and_nobody_else(site) {
        let lead = with_role(site, "lee", Role::DeskLead).await;
        let (mut brunos, mut carlas) = (site.device("bruno").await, site.device("carla").await);
        let sent = send(site, &lead, "bruno", json!(" Please come to desk 3. ")).await.expect(201).json();
        let (id, told) = notice(&mut brunos).await;
        assert_eq!((&sent["notice"], &told["kind"], &told["urgency"]), (&json!(id), &json!("desk_message"), &json!("urgent")));
        assert_eq!((&told["details"], notices(&mut carlas).await), (&json!({ "message": "Please come to desk 3." }), vec![]));
        let letters = site.post.wait_for(2).await;
        let own = letters.iter().find(|letter| letter.to == "bruno@example.org").unwrap();
        assert_eq!(own.subject, "Mensaje de la mesa de registro");
        assert!(own.plain.contains("Please come to desk 3."), "{}", own.plain);
        let audit = site.organiser().await.get(&path(site, "/audit?limit=1")).await.expect(200);
        assert_eq!(audit.json()["items"][0]["operation"], "desk_message.send");
        assert!(!audit.mentions("desk 3"));
    }

    async fn only_desks_do_so_and_only_with_a_message(site) {
        let (olga, bruno, door) = (site.organiser().await, site.sign_in("bruno").await, door(site).await);
        for nobody in [&bruno, &door.actor] {
            send(site, nobody, "ana", json!("Hello")).await.expect_problem(403, "forbidden");
        }
        for wrong in [json!(""), json!("  "), json!("x".repeat(501))] {
            send(site, &olga, "ana", wrong).await.expect_problem(422, "invalid_value");
        }
        send(site, &olga, "ana", json!(7)).await.expect_problem(400, "invalid_request");
        let nobody = path(site, "/attendees/0192f1aa-0000-7000-8000-00000000dead/messages");
        olga.post(&nobody, &json!({ "message": "Hello" })).await.expect_problem(404, "not_found");
    }
}
