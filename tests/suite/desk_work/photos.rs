//! Photos for who holds a row that names them.

use serde_json::json;

use super::cast::desk;
use crate::badges::cast::confirm;
use crate::check_in::cast::rows;
use crate::enrolment::cast::{door, path};

/// The beginning of a PNG, which is enough to be taken for one.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nthe rest of a picture";

on_both! {
    async fn a_photo_is_for_desks_and_the_person_and_named_in_their_row(site) {
        confirm(site, &["ana", "bruno"]).await;
        let (olga, ana) = (site.organiser().await, site.week.attendee("ana"));
        let mut desk = desk(site, 1).await;
        let of = path(site, &format!("/attendees/{ana}/photo"));
        let put = olga.put_bytes(&of, "image/png", PICTURE).await.expect(200).json();
        let hash = put["photo"].as_str().unwrap().to_owned();
        let people = rows(&mut desk.device, "desk_people").await;
        let row = people.iter().find(|row| row["details"]["name"] == "ana").unwrap();
        assert_eq!(row["photo"], json!(hash));
        let at = path(site, &format!("/photos/{hash}"));
        for who in [&desk.device.actor, &site.sign_in("ana").await, &olga] {
            assert_eq!(who.get(&at).await.expect(200).body.as_ref(), PICTURE);
        }
        let tablet = door(site).await;
        for who in [&tablet.actor, &site.sign_in("bruno").await] {
            who.get(&at).await.expect_problem(404, "not_found");
        }
        site.anonymous().get(&at).await.expect(401);
        olga.put_bytes(&of, "image/png", b"<svg/>").await.expect_problem(422, "invalid_value");
        olga.put_bytes(&of, "image/jpeg", &[PICTURE, &vec![0; 400 * 1024]].concat()).await.expect(413);
        site.sign_in("bruno").await.put_bytes(&of, "image/png", PICTURE).await.expect_problem(403, "forbidden");
        site.sign_in("ana").await.delete(&of).await.expect(204);
        desk.device.sync().await;
        assert!(!desk.device.everything().contains(&hash));
        desk.device.actor.get(&at).await.expect_problem(404, "not_found");
    }
}
