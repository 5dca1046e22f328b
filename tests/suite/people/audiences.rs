//! Audiences by rule: people come in and go out as they, the programme or the rules change.

use serde_json::json;

use super::world::World;
use crate::harness::SECRETS;

on_both! {
    async fn who_is_confirmed_in_a_category_holds_the_gates_of_its_audience_until_they_cancel(site) {
        let world = World::of(site).await;
        let experts = world.category("experts").await;
        world.patch("/audiences/advisers", json!({ "rules": [{ "categories": [experts] }] })).await;
        let mut bruno = site.device("bruno").await;
        world.register("bruno", json!({ "status": "requested", "category": experts })).await;
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("quiet-lunch")), None, "a request is no right");
        world.register("bruno", json!({ "status": "confirmed", "category": experts })).await;
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("quiet-lunch")).unwrap()["people"][0]["name"], "Dora Stillwater");
        world.register("bruno", json!({ "status": "cancelled", "category": experts })).await;
        bruno.sync().await;
        let held = bruno.everything();
        assert!(SECRETS.iter().all(|secret| !held.contains(secret)), "{held}");
    }

    async fn other_rules_move_the_gate_to_others(site) {
        let world = World::of(site).await;
        let (experts, press) = (world.category("experts").await, world.category("press").await);
        world.register("ana", json!({ "status": "confirmed", "category": experts })).await;
        world.register("bruno", json!({ "status": "confirmed", "category": press })).await;
        world.patch("/audiences/advisers", json!({ "rules": [{ "categories": [experts] }] })).await;
        let (mut ana, mut bruno) = (site.device("ana").await, site.device("bruno").await);
        ana.sync().await;
        bruno.sync().await;
        assert!(ana.find("sessions", site.week.id("quiet-lunch")).is_some());
        assert_eq!(bruno.find("sessions", site.week.id("quiet-lunch")), None);
        world.patch("/audiences/advisers", json!({ "rules": [{ "categories": [press] }] })).await;
        ana.sync().await;
        bruno.sync().await;
        assert_eq!(ana.find("sessions", site.week.id("quiet-lunch")), None);
        assert!(bruno.find("sessions", site.week.id("quiet-lunch")).is_some());
        world.patch("/audiences/advisers", json!({ "rules": null })).await;
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("quiet-lunch")), None);
    }

    async fn members_are_those_of_the_list_and_those_of_the_rules_and_each_says_why(site) {
        let world = World::of(site).await;
        let experts = world.category("experts").await;
        for name in ["ana", "carla"] {
            world.register(name, json!({ "status": "confirmed", "category": experts })).await;
        }
        world.patch("/audiences/advisers", json!({ "rules": [{ "categories": [experts] }] })).await;
        let both = vec![("ana".to_owned(), json!(["rule"])), ("carla".to_owned(), json!(["list", "rule"]))];
        assert_eq!(world.members("advisers").await, both);
        world.register("carla", json!({ "status": "cancelled", "category": experts })).await;
        world.register("ana", json!({ "status": "cancelled", "category": experts })).await;
        assert_eq!(world.members("advisers").await, [("carla".to_owned(), json!(["list"]))], "the list stands by itself");
        let mut carla = site.device("carla").await;
        carla.sync().await;
        assert_eq!(carla.find("sessions", site.week.id("quiet-lunch")), None, "and gives who does not come no gate");
    }

    async fn pages_of_members_by_list_and_rule_hold_everybody_once(site) {
        let world = World::of(site).await;
        let experts = world.category("experts").await;
        for name in ["ana", "bruno", "carla"] {
            world.register(name, json!({ "status": "confirmed", "category": experts })).await;
        }
        world.patch("/audiences/advisers", json!({ "rules": [{ "categories": [experts] }] })).await;
        let mut seen = Vec::new();
        let mut path = world.path("/audiences/advisers/members?limit=1");
        loop {
            let page = world.olga.get(&path).await.expect(200).json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|member| member["name"].clone()));
            let Some(next) = page["next"].as_str() else { break };
            path = world.path(&format!("/audiences/advisers/members?limit=1&cursor={next}"));
        }
        seen.sort_by_key(|name| name.as_str().unwrap().to_owned());
        assert_eq!(seen, [json!("ana"), json!("bruno"), json!("carla")]);
    }

    async fn heads_of_delegations_are_an_audience_and_follow_who_is_head(site) {
        let world = World::of(site).await;
        let delegates = world.category("delegates").await;
        let chile = world.create("delegations", json!({ "slug": "chile", "name": { "en": "Chile" } })).await;
        let member = |role: &str| json!({ "status": "confirmed", "category": delegates, "delegation": chile, "delegation_role": role });
        world.register("ana", member("head")).await;
        world.register("bruno", member("alternate")).await;
        let heads = world.create("audiences", json!({ "slug": "heads", "title": { "en": "Heads" },
            "rules": [{ "delegations": [chile], "delegation_roles": ["head"] }] })).await;
        assert_eq!(world.members("heads").await, [("ana".to_owned(), json!(["rule"]))]);
        world.register("ana", member("member")).await;
        world.register("bruno", member("head")).await;
        assert_eq!(world.members(&heads.to_string()).await, [("bruno".to_owned(), json!(["rule"]))]);
    }

    async fn moderators_are_an_audience_and_follow_the_programme(site) {
        let world = World::of(site).await;
        let speakers = world.category("speakers").await;
        world.register("bruno", json!({ "status": "confirmed", "category": speakers })).await;
        world.patch("/audiences/advisers", json!({ "rules": [{ "programme_roles": ["moderator"] }] })).await;
        assert_eq!(world.members("advisers").await, [("carla".to_owned(), json!(["list"]))]);
        world.patch("/people/max", json!({ "attendee": site.week.attendee("bruno") })).await;
        assert_eq!(world.members("advisers").await[0], ("bruno".to_owned(), json!(["rule"])));
        let mut bruno = site.device("bruno").await;
        bruno.sync().await;
        assert!(bruno.find("sessions", site.week.id("quiet-lunch")).is_some());
        let declined = json!([{ "person": site.week.id("max"), "role": "moderator", "state": "declined" }]);
        world.patch("/sessions/round-table", json!({ "people": declined })).await;
        bruno.sync().await;
        assert_eq!(bruno.find("sessions", site.week.id("quiet-lunch")), None);
        assert_eq!(world.members("advisers").await, [("carla".to_owned(), json!(["list"]))]);
    }
}
