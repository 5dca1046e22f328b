//! `/v1/events/{event}/attendees`, `…/audiences/{id}/members`, `…/roles`: who comes, and who is let in.

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::harness::Site;

fn path(site: &Site, rest: &str) -> String {
    format!("/v1/events/{}{rest}", site.week.slug)
}

on_both! {
    async fn an_attendee_taken_into_an_audience_has_its_gate_and_taken_out_loses_it(site) {
        let (olga, mut bruno) = (site.organiser().await, site.device("bruno").await);
        bruno.sync().await;
        let member = path(site, &format!("/audiences/advisers/members/{}", site.week.attendee("bruno")));
        olga.post(&member, &json!({})).await.expect(204);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("quiet-lunch")).unwrap()["slug"], "quiet-lunch");
        olga.delete(&member).await.expect(204);
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("quiet-lunch")), None);
        assert!(!bruno.everything().contains("Dora Stillwater"));
    }

    async fn an_audience_set_as_a_whole_moves_the_gate_from_one_to_another(site) {
        let (olga, mut bruno, mut carla) = (site.organiser().await, site.device("bruno").await, site.device("carla").await);
        bruno.sync().await;
        carla.sync().await;
        let members = json!({ "members": [site.week.attendee("bruno")] });
        let target = path(site, "/audiences/advisers/members");
        olga.send((Method::PUT, &target), &[], &members).await.expect(200);
        bruno.sync().await;
        carla.sync().await;
        assert!(bruno.find("sessions", site.week.id("quiet-lunch")).is_some());
        assert_eq!(carla.find("sessions", site.week.id("quiet-lunch")), None);
        let listed = olga.get(&target).await.expect(200).json();
        assert_eq!(listed["items"], json!([{ "id": site.week.attendee("bruno"), "name": "bruno", "by": ["list"] }]));
        let unknown = json!({ "members": [site.week.attendee("ana"), Uuid::new_v4()] });
        olga.send((Method::PUT, &target), &[], &unknown).await.expect_problem(422, "unknown_reference");
        assert_eq!(olga.get(&target).await.expect(200).json(), listed, "nothing changed");
    }

    async fn nobody_but_organisers_sees_attendees_members_and_roles(site) {
        for rest in ["/attendees", "/audiences/advisers/members", "/roles"] {
            site.anonymous().get(&path(site, rest)).await.expect_problem(401, "unauthenticated");
            for name in ["ana", "sol", "otto"] {
                site.sign_in(name).await.get(&path(site, rest)).await.expect_problem(403, "forbidden");
            }
            site.organiser().await.get(&path(site, rest)).await.expect(200);
        }
    }

    async fn roles_come_in_pages_by_account(site) {
        let olga = site.organiser().await;
        for (name, role) in [("ana", "desk"), ("bruno", "desk_lead"), ("ana", "protocol"), ("carla", "desk")] {
            let target = path(site, &format!("/roles/{}/{role}", site.week.account(name)));
            olga.send((Method::PUT, &target), &[], &json!({})).await.expect(204);
        }
        let whole = olga.get(&path(site, "/roles")).await.expect(200).json();
        let accounts: Vec<_> = whole["items"].as_array().unwrap().iter().map(|item| item["account"].clone()).collect();
        assert_eq!(accounts, ["olga", "ana", "bruno", "carla"].map(|name| json!(site.week.account(name))));
        assert_eq!(whole["items"][1]["roles"], json!(["protocol", "desk"]));
        assert_eq!(json!(olga.list_by_pages(&path(site, "/roles"), 3).await), whole["items"]);
        olga.get(&path(site, "/roles?cursor=*")).await.expect_problem(400, "invalid_request");
    }

    async fn who_is_given_the_role_of_organiser_holds_its_scope_until_it_is_taken(site) {
        let (olga, mut ana) = (site.organiser().await, site.device("ana").await);
        ana.sync().await;
        let role = path(site, &format!("/roles/{}/organiser", site.week.account("ana")));
        assert!(olga.send((Method::PUT, &role), &[], &json!({})).await.status < 300);
        ana.sync().await;
        assert!(ana.find("sessions", site.week.id("draft-idea")).is_some());
        assert!(olga.delete(&role).await.status < 300);
        ana.sync().await;
        assert_eq!(ana.find("sessions", site.week.id("draft-idea")), None);
        assert!(!ana.scopes().contains(&"organiser".to_owned()));
    }
}
