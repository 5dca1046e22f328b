//! "The President is late: the whole morning plus 25 minutes, buses and reminders included."

use cumbre::due::run_due;
use serde_json::{Value, json};
use shared::time::Timestamp;

use super::cast::{after_the_pause, notice, path, phone_that_stars};

on_both! {
    async fn a_morning_that_shifts_takes_its_buses_and_reminders_along_in_one_notice_each(site) {
        let olga = site.organiser().await;
        let bus = json!({ "slug": "bus", "kind": "transfer", "state": "published", "title": { "en": "Bus to the visit" },
            "starts_at": "2018-11-26T13:15:00-03:00", "ends_at": "2018-11-26T13:50:00-03:00",
            "transfer": { "to": site.week.id("club"), "before": site.week.id("visit") } });
        let bus = olga.post(&path(site, "/sessions"), &bus).await.expect(201).json()["id"].clone();
        after_the_pause(site).await;
        run_due(site.node.app()).await.unwrap();
        let mut brunos = phone_that_stars(site, "bruno", "visit").await;
        let mut carlas = phone_that_stars(site, "carla", "reality").await;
        brunos.star(site.week.attendee("bruno"), site.week.id("reality"), true);
        brunos.sync().await;
        let times = |device: &mut crate::harness::Device, now: Timestamp| -> Vec<(Value, String)> {
            let known = device.replica.list_reminders(now).unwrap();
            known.into_iter().map(|one| (json!(one.session), one.at.to_string())).collect()
        };
        let now = site.clock.now();
        let (visit, reality) = (json!(site.week.id("visit")), json!(site.week.id("reality")));
        let before: Vec<_> = times(&mut brunos, now);
        assert_eq!(before, [
            (bus.clone(), "2018-11-26T16:00:00.000Z".to_owned()),
            (visit.clone(), "2018-11-26T16:45:00.000Z".to_owned()),
            (reality.clone(), "2018-11-26T20:45:00.000Z".to_owned()),
        ]);
        let shift = json!({ "day": "2018-11-26", "from": "2018-11-26T13:45:00-03:00", "until": "2018-11-26T17:00:00-03:00", "minutes": 25 });
        olga.post(&path(site, "/sessions/shift"), &shift).await.expect(200);
        after_the_pause(site).await;
        let (_, told) = notice(&mut brunos).await;
        let moved: Vec<_> = told["changes"].as_array().unwrap().iter().map(|change| (&change["session"], &change["kinds"])).collect();
        assert_eq!(moved, [(&bus, &json!(["transfer"])), (&visit, &json!(["time"]))]);
        assert_eq!(told["changes"][0]["after"]["starts_at"], "2018-11-26T16:40:00.000Z");
        let after: Vec<_> = times(&mut brunos, now);
        assert_eq!(after, [
            (bus, "2018-11-26T16:25:00.000Z".to_owned()),
            (visit, "2018-11-26T17:10:00.000Z".to_owned()),
            (reality, "2018-11-26T20:45:00.000Z".to_owned()),
        ]);
        assert_eq!(super::cast::notices(&mut carlas).await, [], "nothing of hers has moved");
    }

    async fn who_rides_is_told_of_a_coach_that_stops_elsewhere(site) {
        let olga = site.organiser().await;
        let bus = json!({ "slug": "bus", "kind": "transfer", "state": "published", "title": { "en": "Bus to the visit" },
            "starts_at": "2018-11-26T13:15:00-03:00", "ends_at": "2018-11-26T13:50:00-03:00",
            "transfer": { "to": site.week.id("club"), "before": site.week.id("visit") } });
        let bus = olga.post(&path(site, "/sessions"), &bus).await.expect(201).json()["id"].clone();
        let coach = json!({ "slug": "coach-1", "name": { "en": "Coach 1" }, "session": bus, "plate": "XY-12",
            "stops": [{ "place": { "en": "Hotel Plaza" }, "at": "2018-11-26T13:15:00-03:00" }] });
        let coach = olga.post(&path(site, "/vehicles"), &coach).await.expect(201).json()["id"].as_str().unwrap().to_owned();
        after_the_pause(site).await;
        let mut brunos = phone_that_stars(site, "bruno", "visit").await;
        let mut carlas = phone_that_stars(site, "carla", "reality").await;
        let before = super::cast::notices(&mut brunos).await.len();
        let headers = [("content-type", "application/merge-patch+json")];
        let patch = async |body: Value| {
            olga.send((reqwest::Method::PATCH, &path(site, &format!("/vehicles/{coach}"))), &headers, &body).await.expect(200);
        };
        patch(json!({ "plate": "XY-13" })).await;
        after_the_pause(site).await;
        assert_eq!(super::cast::notices(&mut brunos).await.len(), before, "nobody looks for a plate");
        patch(json!({ "stops": [{ "place": { "en": "Hotel Sur" }, "at": "2018-11-26T13:05:00-03:00" }] })).await;
        let held = olga.get(&path(site, "/notices/held")).await.expect(200).json();
        let told = &held["texts"]["en"];
        assert_eq!(told["title"], "Transfer changed: Bus to the visit");
        assert_eq!(told["text"], "Bus to the visit: Monday 26 November, 13:15–13:50. Coach 1 stops: 13:05 Hotel Sur.");
        after_the_pause(site).await;
        let notices = super::cast::notices(&mut brunos).await;
        let (_, told) = notices.last().unwrap();
        assert_eq!((notices.len(), &told["kind"], &told["changes"][0]["vehicles"][0]["name"]), (before + 1, &json!("transfer"), &json!({ "en": "Coach 1" })));
        assert_eq!((told.get("is_correction"), super::cast::notices(&mut carlas).await), (None, vec![]));
        olga.delete(&path(site, &format!("/vehicles/{coach}"))).await.expect(204);
        after_the_pause(site).await;
        let dispatch = super::cast::newest_dispatch(site, &olga).await;
        assert_eq!(dispatch["texts"]["es"]["text"].as_str().unwrap().split(". ").last(), Some("Coach 1 no circula."));
    }
}
