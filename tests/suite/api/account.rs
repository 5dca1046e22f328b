//! `/v1/account`: one's own devices, ended at once everywhere.

use serde_json::json;

on_both! {
    async fn a_lost_phone_is_signed_out_from_another_device_at_once(site) {
        let (phone, laptop) = (site.sign_in("ana").await, site.sign_in("ana").await);
        let listed = laptop.get("/v1/account/devices").await.expect(200).json();
        let ids: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
        assert_eq!(ids.len(), 2);
        assert!(ids.contains(&json!(phone.device())) && ids.contains(&json!(laptop.device())));
        laptop.delete(&format!("/v1/account/devices/{}", phone.device())).await.expect(204);
        phone.get("/v1/account").await.expect_problem(401, "unauthenticated");
        let body = json!({ "device": phone.device(), "schema": 1 });
        phone.post(&format!("/v1/events/{}/sync", site.week.slug), &body).await.expect_problem(401, "unauthenticated");
        laptop.get("/v1/account").await.expect(200);
    }

    async fn nobody_ends_somebody_elses_device(site) {
        let (ana, bruno) = (site.sign_in("ana").await, site.sign_in("bruno").await);
        bruno.delete(&format!("/v1/account/devices/{}", ana.device())).await.expect_problem(404, "not_found");
        ana.get("/v1/account").await.expect(200);
    }

    async fn a_token_exchanges_for_its_own_device_only(site) {
        let (phone, laptop) = (site.sign_in("ana").await, site.sign_in("ana").await);
        let body = json!({ "device": laptop.device(), "schema": 1 });
        phone.post(&format!("/v1/events/{}/sync", site.week.slug), &body).await.expect_problem(403, "forbidden");
    }

    async fn an_account_shows_whom_it_acts_for_and_what_it_may(site) {
        let sol = site.sign_in("sol").await.get("/v1/account").await.expect(200).json();
        let mut names: Vec<_> = sol["attendees"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        assert_eq!((names, &sol["roles"]), (vec!["ana".to_owned(), "bruno".to_owned()], &json!([])));
        let olga = site.organiser().await.get("/v1/account").await.expect(200).json();
        assert_eq!((&olga["roles"][0]["role"], &olga["roles"][0]["event"]["slug"]), (&json!("organiser"), &json!("week-2018")));
    }
}
