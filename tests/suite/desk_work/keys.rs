//! The keys of desks.

use cumbre::sync::change_log::Role;
use serde_json::json;

use super::cast::{desk, keys_of, outcome, refusal};
use crate::enrolment::cast::{address, door, path};
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
}
