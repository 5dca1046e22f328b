//! What a desk does for who stands there.

use serde_json::json;

use super::cast::{Desk, guest};
use crate::enrolment::cast::{area, checkpoint, path};
use crate::people::cast::category;

on_both! {
    async fn a_desk_lends_hands_out_answers_and_notes_with_the_cable_out(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        let ana = guest(site, "ana", &experts).await;
        guest(site, "bruno", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says(&[
            ":loans", ":find ana", ":lend 1 receiver R-231", ":find bruno", ":lend 1 receiver R-231", ":loans",
            ":return receiver R-231", ":loans", ":undo", ":loans", ":find ana", ":hand 1", ":hand 1", ":note 1 Ask for the letter.",
        ]);
        assert_eq!((said[0].as_str(), said[2].as_str()), ("Nothing is out.", "receiver R-231: ana."));
        assert_eq!(said[4], "receiver R-231: bruno. It was out, with ana.");
        assert_eq!(said[5], "receiver R-231: ana, bruno");
        assert_eq!(said[6], "receiver R-231: back (ana, bruno).");
        assert_eq!((said[7].as_str(), said[8].as_str(), said[9].as_str()), ("Nothing is out.", "Taken back.", "receiver R-231: ana, bruno"));
        assert_eq!((said[11].as_str(), said[12].as_str()), ("Badge and envelope: 1.", "Badge and envelope: 1. Already handed out: ana."));
        assert_eq!(said[13], "Noted.");
        desk.sync().await;
        let other = Desk::enrol(site, "full", &door).await;
        let said = other.says(&[":loans", &ana, ":refused"]);
        assert_eq!(said[0], "receiver R-231: ana, bruno");
        assert!(said[1].contains("Ask for the letter."), "{said:?}");
        assert_eq!(said[2], "Nothing was refused.");
    }

    async fn what_was_lent_and_handed_in_is_taken_back_with_the_cable_out(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        let said = desk.says_around_a_sync(&[":find ana", ":lend 1 receiver R-9", ":loans"], &[":loans", ":undo", ":loans"]).await;
        assert_eq!((said[2].as_str(), said[3].as_str()), ("receiver R-9: ana", "receiver R-9: ana"));
        assert_eq!((said[4].as_str(), said[5].as_str()), ("Taken back.", "Nothing is out."));
        desk.sync().await;
        assert_eq!(desk.says(&[":loans"]), ["Nothing is out."]);
        let before = [":find ana", ":lend 1 receiver R-9", ":return receiver R-9"];
        let said = desk.says_around_a_sync(&before, &[":loans", ":undo", ":loans"]).await;
        assert_eq!((said[3].as_str(), said[5].as_str()), ("Nothing is out.", "receiver R-9: ana"), "it did not come back after all");
        let said = desk.says_around_a_sync(&[":find ana", ":hand 1"], &[":undo", ":hand 1"]).await;
        assert_eq!(said[3], "Badge and envelope: 1.", "nor has she her badge");
    }

    async fn a_lost_badge_is_void_at_this_desk_at_once_and_another_one_is_printed(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let desk = Desk::enrol(site, "full", &door).await;
        desk.sync().await;
        let printed = desk.says_connected(&[":find ana", ":print 1", ":print 7"]).await;
        let carrier = printed[1].strip_prefix("New badge ").and_then(|rest| rest.strip_suffix(": ana.")).unwrap();
        let (carrier, paper) = (carrier.to_owned(), printed[2].clone());
        assert!(printed[3].contains(":print NUMBER"), "{printed:?}");
        desk.sync().await;
        let lost = format!(":void 1 {carrier} lost");
        let said = desk.says(&[&paper, ":find ana", ":badges 1", ":void 1 999999 lost", &lost, ":badges 1", &paper, ":print 1"]);
        assert!(said[0].starts_with("YES ana."), "{said:?}");
        // Carriers have random numbers, and are listed by those.
        assert!(said[2..4].iter().any(|line| line.ends_with(": phone")), "{said:?}");
        assert!(said[2..4].contains(&format!("{carrier}: paper")), "{said:?}");
        assert!(said[4].contains(":void NUMBER"), "it is not ana's: {said:?}");
        assert!(said[5] == "Noted." && said[6..8].contains(&format!("{carrier}: paper, void")), "{said:?}");
        assert!(said[8].starts_with("NO ana. This badge"), "{said:?}");
        assert!(said[9].starts_with("This needs the network"), "{said:?}");
        assert!(desk.says(&[&paper])[0].starts_with("NO "), "also when it is started again");
        desk.sync().await;
        let other = Desk::enrol(site, "full", &door).await;
        assert!(other.says(&[&paper])[0].starts_with("NO ana. This badge"));
        assert_eq!(desk.says(&[":refused"]), ["Nothing was refused."]);
    }

    async fn a_desk_puts_a_name_right_and_gives_a_code_while_it_is_connected(site) {
        let week = area(site, "week", json!({})).await;
        let door = checkpoint(site, "entrance", &week).await;
        let experts = category(site, "experts", json!({})).await;
        guest(site, "ana", &experts).await;
        let body = json!({ "name": "Jose Nunes", "category": experts });
        let olga = site.organiser().await;
        let new = olga.post(&path(site, "/registrations"), &body).await.expect(201).json();
        let desk = Desk::enrol(site, "full", &door).await;
        desk.sync().await;
        let offline = desk.says(&[":find jose nunes", ":name 1 José Núñez", ":email 1 jose@example.org", ":code 1"]);
        assert!(offline[1..].iter().all(|said| said.starts_with("This needs the network")), "{offline:?}");
        let said = desk.says_connected(&[":find jose nunes", ":name 1 José Núñez", ":email 1 jose@example.org", ":code 1", ":code 7"]).await;
        assert_eq!((said[1].as_str(), said[2].as_str()), ("Corrected: José Núñez.", "Corrected: José Núñez, jose@example.org."));
        let code = said[3].strip_prefix("Sign-in code: ").and_then(|rest| rest.split(' ').next()).unwrap();
        assert!(said[4].contains(":code NUMBER"), "{said:?}");
        let sign_in = json!({ "code": code, "device": { "name": "Phone", "kind": "phone" } });
        let signed_in = site.anonymous().post("/v1/sign-in", &sign_in).await.expect(200).json();
        assert_eq!(signed_in["attendees"][0]["id"], new["attendee"]);
        // The address is in use from now on, and the server says so.
        let refused = desk.says_connected(&[":find jose nunes", ":email 1 thief@example.org"]).await;
        assert!(refused[1].starts_with("Refused: "), "{refused:?}");
        desk.sync().await;
        assert!(desk.says(&[":find nunez jose"])[0].starts_with("1. José Núñez"));
        // A door has no business with it.
        let tablet = Desk::enrol(site, "door", &door).await;
        assert!(tablet.says_connected(&[":code 1"]).await[0].contains(":code NUMBER"));
    }
}
