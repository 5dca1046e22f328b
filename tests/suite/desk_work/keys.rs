//! The keys of desks.

use cumbre::sync::change_log::Role;
use serde_json::json;

use super::cast::{desk, keys_of, newcomer, outcome, refusal, visitors};
use crate::check_in::cast::{check, reason};
use crate::enrolment::cast::{address, area, checkpoint, door, path};
use crate::people::cast::with_role;

on_both! {
    async fn a_desks_key_has_one_number_and_lies_in_every_roster(site) {
        let (mut one, mut other) = (desk(site, 1).await, desk(site, 2).await);
        assert_eq!((one.number, other.number), (128, 129));
        let again = json!({ "public": one.signer.public() });
        assert_eq!(outcome(&mut one.device, "desk_key.register", None, again.clone()).await, "128");
        assert_eq!(refusal(&mut other.device, "desk_key.register", None, again).await.0, "wrong_state", "another's");
        let mut door = door(site).await;
        let known: Vec<(u8, bool)> = keys_of(&mut door).iter().map(|key| (key.number, key.device.is_some())).collect();
        assert!(known.contains(&(128, true)) && known.contains(&(129, true)), "{known:?}");
        for bad in ["", "AAAA", "not base64 at all"] {
            let refused = refusal(&mut one.device, "desk_key.register", None, json!({ "public": bad })).await;
            assert_eq!(refused, ("invalid_value".to_owned(), "/public".to_owned()));
        }
        let refused = refusal(&mut door, "desk_key.register", None, json!({ "public": one.signer.public() })).await;
        assert_eq!(refused.0, "forbidden", "a door issues no badges");
    }

    async fn whom_a_desk_registered_gets_paper_when_its_key_is_revoked(site) {
        let visitors = visitors(site, json!({})).await;
        let week = area(site, "week", json!({})).await;
        let entrance = checkpoint(site, "entrance", &week).await;
        let (mut one, mut other) = (desk(site, 1).await, desk(site, 2).await);
        let mut badges = Vec::new();
        for (desk, number, name) in [(&mut one, 7, "José Núñez"), (&mut other, 8, "Ana Soto")] {
            let badge = desk.print(site, (number, &visitors)).0;
            let args = json!({ "name": name, "category": visitors, "badge": badge });
            outcome(&mut desk.device, "walk_in.register", Some(newcomer(u128::from(number))), args).await;
            badges.push(badge);
        }
        let olga = site.organiser().await;
        olga.post(&path(site, "/badge-keys/128/revoke"), &json!({})).await.expect(200);
        let asked = |badge: &str| json!({ "code": badge });
        assert_eq!(reason(&check(site, &olga, &entrance, asked(&badges[0])).await), "badge_void");
        assert_eq!(reason(&check(site, &olga, &entrance, asked(&badges[1])).await), "admitted");
        let print = path(site, "/badges/print");
        let printed = olga.post(&print, &json!({ "desk_key": 128 })).await.expect(200);
        assert_eq!(printed.header("content-type"), "application/pdf");
        let paper = |who: u128| {
            let (olga, at) = (&olga, path(site, &format!("/attendees/{}/badges", newcomer(who))));
            async move {
                let badges = olga.get(&at).await.expect(200).json();
                badges["items"].as_array().unwrap().iter().find(|one| one["kind"] == "paper").cloned()
            }
        };
        let new = paper(7).await.unwrap();
        assert_eq!(paper(8).await, None, "whose badge another desk signed keeps it");
        assert_eq!(reason(&check(site, &olga, &entrance, json!({ "code": new["token"] })).await), "admitted");
        olga.post(&print, &json!({ "desk_key": 130 })).await.expect_problem(422, "invalid_value");
        olga.post(&print, &json!({ "desk_key": 300 })).await.expect(400);
        let others = json!({ "desk_key": 128, "attendees": [newcomer(8)] });
        olga.post(&print, &others).await.expect_problem(422, "unknown_reference");
    }

    async fn a_key_is_revoked_by_itself_or_with_its_device(site) {
        let (one, other) = (desk(site, 1).await, desk(site, 2).await);
        let (olga, dora) = (site.organiser().await, with_role(site, "dora", Role::Desk).await);
        let revoke = path(site, "/badge-keys/128/revoke");
        dora.post(&revoke, &json!({})).await.expect_problem(403, "forbidden");
        let keys = olga.post(&revoke, &json!({})).await.expect(200).json();
        let revoked = keys["items"].as_array().unwrap().iter().find(|key| key["number"] == 128).unwrap();
        assert!(revoked["revoked_at"].is_string(), "{revoked}");
        olga.post(&path(site, "/badge-keys/7/revoke"), &json!({})).await.expect_problem(404, "not_found");
        let mut door = door(site).await;
        olga.post(&address(site, &other.device, "/revoke"), &json!({})).await.expect(200);
        door.sync().await;
        let live = keys_of(&mut door).iter().filter(|key| key.device.is_some() && key.revoked_at.is_none()).count();
        assert_eq!(live, 0);
        drop(one);
    }

    async fn the_keys_are_listed_in_pages_by_number(site) {
        let olga = site.organiser().await;
        for seed in [1, 2, 3] {
            desk(site, seed).await;
        }
        let listed = olga.list_by_pages(&path(site, "/badge-keys"), 2).await;
        let numbers: Vec<u64> = listed.iter().map(|key| key["number"].as_u64().unwrap()).collect();
        assert_eq!(numbers, [128, 129, 130]);
    }
}
