//! Proof that people were told.

use cumbre::database::Connection;
use cumbre::database::schema::dispatch_people;
use cumbre::on;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use serde_json::{Value, json};
use shared::time::Timestamp;

use super::cast::{
    address, after_the_pause, move_session, newest_dispatch, nothing, notice, notices, path, phone_that_stars, work,
};
use crate::harness::{Actor, Mood, Site};

async fn reach(site: &Site, olga: &Actor) -> Value {
    newest_dispatch(site, olga).await["reach"].clone()
}

async fn untold(site: &Site, olga: &Actor, dispatch: &Value) -> Vec<String> {
    let page = olga.get(&address(site, dispatch, "/people?told=false")).await.expect(200).json();
    page["items"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn who_has_it_is_known_from_what_devices_hold_and_who_has_not_by_name(site) {
        let olga = site.organiser().await;
        let mut phones = Vec::new();
        for name in ["ana", "bruno", "carla"] {
            phones.push(phone_that_stars(site, name, "reality").await);
        }
        // Mail is refused for good, so that only devices tell.
        site.post.expect_moods(&[Mood::Refuse("550 no"); 5]);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        site.post.wait_for_attempts(5).await;
        let dispatch = newest_dispatch(site, &olga).await;
        assert_eq!((&dispatch["reach"]["people"], &dispatch["reach"]["not_told"]), (&json!(3), &json!(3)));
        assert_eq!(untold(site, &olga, &dispatch).await, ["ana", "bruno", "carla"]);
        phones[0].exchange().await;
        work(site).await;
        assert_eq!(reach(site, &olga).await["told"], 0, "an answer sent is not an answer stored");
        phones[0].exchange().await;
        work(site).await;
        let told = reach(site, &olga).await;
        assert_eq!((&told["told"], &told["by_channel"]), (&json!(1), &json!({ "device": 1 })));
        let (id, _) = notice(&mut phones[1]).await;
        phones[1].edit("notice.acknowledge", Some(site.week.attendee("bruno")), json!({ "ids": [id] }));
        phones[1].sync().await;
        work(site).await;
        let told = reach(site, &olga).await;
        assert_eq!((&told["told"], &told["seen"], &told["acknowledged"]), (&json!(2), &json!(1), &json!(1)));
        let row = phones[1].find("notices", &id).unwrap();
        assert_eq!((&row["acknowledged_by"], &row["seen_by"]), (&json!(site.week.account("bruno")), &json!(site.week.account("bruno"))));
        assert_eq!(untold(site, &olga, &dispatch).await, ["carla"]);
        let told_by_hand = address(site, &dispatch, &format!("/people/{}/told", site.week.attendee("carla")));
        let answer = olga.post(&told_by_hand, &json!({ "note": "At the coffee bar" })).await.expect(200).json();
        assert_eq!((&answer["channel"], &answer["by_hand"]["note"]), (&json!("by_hand"), &json!("At the coffee bar")));
        let told = reach(site, &olga).await;
        assert_eq!((&told["told"], &told["by_hand"], &told["must_still_be_told"]), (&json!(3), &json!(1), &json!(0)));
        assert_eq!(untold(site, &olga, &dispatch).await, [""; 0]);
        olga.post(&address(site, &dispatch, &format!("/people/{}/told", uuid::Uuid::new_v4())), &nothing()).await.expect_problem(404, "not_found");
    }

    async fn the_organisers_screens_follow_within_two_seconds(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        let mut console = site.device("olga").await;
        console.sync().await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        site.post.wait_for(2).await;
        notices(&mut phone).await;
        let id = phone.list("notices")[0].id.clone();
        phone.edit("notice.acknowledge", Some(site.week.attendee("bruno")), json!({ "ids": [id] }));
        phone.sync().await;
        site.clock.advance_ms(2_000);
        work(site).await;
        console.sync().await;
        let id = newest_dispatch(site, &olga).await["id"].as_str().unwrap().to_owned();
        let row = console.find("dispatches", &id).unwrap();
        assert_eq!((&row["state"], &row["reach"]["acknowledged"]), (&json!("sent"), &json!(1)));
        let rev = console.list("dispatches")[0].rev;
        site.clock.advance_ms(60_000);
        work(site).await;
        console.sync().await;
        assert_eq!(console.list("dispatches")[0].rev, rev, "nothing more is known, and nothing written");
    }

    async fn what_was_told_goes_with_the_attendee(site) {
        let olga = site.organiser().await;
        phone_that_stars(site, "bruno", "reality").await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        site.post.wait_for(2).await;
        let target = super::cast::path(site, &format!("/attendees/{}", site.week.attendee("bruno")));
        olga.delete(&target).await.expect(204);
        assert_eq!(reach(site, &olga).await["people"], 0);
    }

    async fn what_went_out_goes_with_the_days_that_notices_are_kept(site) {
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        let mut console = site.device("olga").await;
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        console.sync().await;
        assert_eq!((console.list("dispatches").len(), notices(&mut phone).await.len()), (1, 1));
        // The week's last day is the thirtieth of November.
        let days_after = |days: i64| Timestamp(1_543_590_000_000 + days * 86_400_000);
        let app = site.node.app();
        cumbre::privacy::run_due(app, days_after(90)).await.unwrap();
        console.sync().await;
        assert_eq!(console.list("dispatches").len(), 1);
        let swept = cumbre::privacy::run_due(app, days_after(91)).await.unwrap();
        console.sync().await;
        assert_eq!((console.list("dispatches").len(), notices(&mut phone).await.len()), (0, 0));
        assert_eq!(olga.get(&path(site, "/dispatches")).await.expect(200).json()["items"], json!([]));
        assert_eq!(swept.line_count, 5, "the notice, whom it reached, what went out, two mails");
    }

    async fn nobody_says_for_somebody_else_that_they_were_told(site) {
        let olga = site.organiser().await;
        let mut carlas = phone_that_stars(site, "carla", "reality").await;
        let mut brunos = site.device("bruno").await;
        brunos.sync().await;
        site.post.expect_moods(&[Mood::Refuse("550 no")]);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        site.post.wait_for_attempts(1).await;
        let own = format!("own:{}", site.week.attendee("carla"));
        let ask = |holds: Value| json!({ "device": brunos.actor.device(), "schema": 1, "holds": holds });
        let first = brunos.actor.post(&brunos.sync_path(), &ask(json!({}))).await.expect(200).json();
        let said = ask(json!({ own: first["covers"] }));
        brunos.actor.post(&brunos.sync_path(), &said).await.expect(200);
        work(site).await;
        assert_eq!(reach(site, &olga).await["told"], 0, "what he says of her scope says nothing of her");
        carlas.sync().await;
        carlas.exchange().await;
        assert_eq!(reach(site, &olga).await["told"], 1, "and counts as soon as she has said so herself");
    }

    async fn what_somebody_is_told_over_a_long_time_is_written_down_however_much_it_is(site) {
        const DISPATCHES: usize = 33_000;
        let olga = site.organiser().await;
        let mut phone = phone_that_stars(site, "bruno", "reality").await;
        site.post.expect_moods(&[Mood::Refuse("550 no"), Mood::Refuse("550 no")]);
        move_session(site, &olga, "reality", json!({ "room": site.week.id("cinema") })).await;
        after_the_pause(site).await;
        site.post.wait_for_attempts(2).await;
        let (event, attendee) = (site.week.event.to_string(), site.week.attendee("bruno").to_string());
        let write = move |c: &mut Connection| {
            let line = |_| (
                dispatch_people::event_id.eq(event.clone()),
                dispatch_people::dispatch_id.eq(uuid::Uuid::now_v7().to_string()),
                dispatch_people::attendee_id.eq(attendee.clone()),
                dispatch_people::notice_id.eq(uuid::Uuid::now_v7().to_string()),
                dispatch_people::seq.eq(1_i64),
                dispatch_people::reasons.eq("[]"),
                dispatch_people::must_acknowledge.eq(false),
            );
            for _ in 0..DISPATCHES / 1_000 {
                let lines: Vec<_> = (0..1_000).map(line).collect();
                on!(&mut *c, |c| diesel::insert_into(dispatch_people::table).values(lines).execute(c))?;
            }
            Ok(())
        };
        site.node.app().writer.system(write).await.unwrap();
        phone.sync().await;
        phone.exchange().await;
        assert_eq!(reach(site, &olga).await["told"], 1);
        let untold = dispatch_people::table.filter(dispatch_people::own_told_at.is_null()).count();
        let untold: i64 = site.node.app().readers.read(move |c| on!(c, |c| untold.get_result(c))).await.unwrap();
        assert_eq!(untold, 0);
    }
}
